import LuaHost
import RoomEngine
import Testing

@testable import Plugins

@Suite("Hooks about people and rooms")
struct PeopleHookTests {
    private let party = """
        local function party(t)
          local ann = t:user("Ann")
          local room = t:room{ owner = ann }
          return ann:join(room), t:user("Bob"):join(room), room
        end

        """

    @Test("whoever is denied at the door of the server does nothing there") func connect() throws {
        try expectTests(
            of: """
                roost.before("connect", function(e)
                  assert(e.room == nil and e.locale == "en" and e.resumed == false)
                  if e.user.name == "Eve" then return roost.deny("Not today.") end
                end)
                """,
            """
            test("", function(t)
              local room = t:room()
              t:user("Ann"):join(room)
              local eve = t:user("Eve"):join(room)
              t:expect(eve):refused("Not today.")
              assert(room.count == 1)
            end)
            """)
    }

    @Test("whispers are stopped and changed, and who they are to is known") func whisper() throws {
        try expectTests(
            of: """
                roost.on("whisper", function(e)
                  if e.text:find("spam") then return roost.drop("No spam to " .. e.to.name) end
                  return roost.modify{ text = e.text:upper() }
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:whisper(bob, "spam")
                  t:expect(ann):refused("No spam to Bob")
                  ann:whisper(bob, "psst")
                  t:expect(bob):received(1, "whisper", "PSST")
                end)
                """)
    }

    @Test("without whisper.read a plugin sees that there is a whisper, and not its text") func whisperUnread() throws {
        try expectTests(
            of: """
                roost.on("whisper", function(e)
                  assert(e.text == nil and e.to.name == "Bob")
                  return roost.drop("no whispers here")
                end)
                """,
            manifest: #"{ "permissions": { "chat": ["drop", "hold", "modify"] } }"#,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:whisper(bob, "psst")
                  t:expect(ann):refused("no whispers here")
                end)
                """)
        for verdict in ["hold{}", "modify{ text = 'x' }"] {
            let folder = try PluginFolder()
            try folder.write("subject/plugin.json", #"{ "permissions": { "chat": ["drop", "hold", "modify"] } }"#)
            try folder.write("subject/init.lua", "roost.on('whisper', function(e) return roost.\(verdict) end)")
            let world = folder.world()
            _ = try world.host.load(folder.files("subject")).get()
            let (ann, bob) = try world.couple()
            world.perform(.whisper(room: ann.rooms[0], to: bob.record.id, text: "psst", cid: nil), by: ann)
            #expect(world.host.plugins["subject"]?.problems.first?.message.contains("whisper.read") == true)
        }
    }

    @Test("names are denied and mended") func name() throws {
        try expectTests(
            of: """
                roost.on("name", function(e)
                  if e.to:lower():find("admin") then return roost.deny("That name is taken.") end
                  if e.to:find("!") then return roost.modify{ to = e.to:gsub("!", "") } end
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  bob:rename("Admin")
                  t:expect(bob):refused("taken")
                  bob:rename("Bob!!")
                  assert(bob.name == "Bob", bob.name)
                  bob:rename("Robert!")
                  t:expect(ann):received(1, "name", "Robert")
                end)
                """)
    }

    @Test("topics, kicks, mutes and bans are asked about") func acts() throws {
        try expectTests(
            of: """
                roost.before("topic", function(e) if e.to == "bad" then return roost.deny("no") end return roost.modify{ to = e.to .. "!" } end)
                roost.before("kick", function(e)
                  assert(e.user.name == "Ann" and e.target.name == "Bob" and e.by == e.user.id and e.reason == "loud")
                  return roost.deny("Talk to each other.")
                end)
                roost.before("mute", function(e) if e.seconds > 60 then return roost.modify{ seconds = 60 } end end)
                local banned = 0
                roost.after("ban", function(e) banned = banned + 1; e.room:say(e.target.name .. " was banned by " .. e.user.name) end)
                """,
            party + """
                test("", function(t)
                  local ann, bob, room = party(t)
                  ann:set{ topic = "bad" }
                  t:expect(ann):refused("no")
                  ann:set{ topic = "tea" }
                  assert(room.topic == "tea!")
                  ann:moderate("kick", bob, { reason = "loud" })
                  t:expect(ann):refused("Talk to each other.")
                  t:expect(bob):present()
                  ann:moderate("mute", bob, { seconds = 3600 })
                  t:advance(61)
                  bob:say("hello")
                  t:expect(ann):received(1, "chat", "hello")
                  ann:moderate("ban", bob)
                  t:expect(bob):present(false)
                  t:expect(ann):received(1, "chat", "Bob was banned by Ann")
                end)
                """)
    }

    @Test("rooms are asked about before there is one, and seen off") func rooms() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write(
            "subject/init.lua",
            """
            roost.before("room_create", function(e)
              assert(e.room == nil and e.user.name == "Ann" and e.max == 10 and e.has_password == false)
              if e.title:find("bad") then return roost.deny("not that") end
              return roost.modify{ title = e.title .. " (" .. e.user.name .. ")", max = 5 }
            end)
            roost.after("room_remove", function(e) roost.log.info("gone: %s, %s", e.room.title, e.reason) end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let ann = world.visitor(named: "Ann", seed: nil, isAdmin: false)
        guard case .failure(let refusal)? = world.room(NewRoom(title: "bad room"), owner: ann) else { throw Unexpected("a room") }
        #expect(refusal.text == "not that" && refusal.by == "subject")
        guard case .success(let id)? = world.room(NewRoom(title: "Tea"), owner: ann) else { throw Unexpected("no room") }
        #expect(world.engine.rooms[id]?.record.title == "Tea (Ann)" && world.engine.rooms[id]?.record.max == 5)
        world.perform(.remove(id), by: ann)
        #expect(world.log.contains { $0.contains("gone: Tea (Ann), owner") })
    }

    @Test("system messages are stopped and changed, with the values of their text known") func system() throws {
        let folder = try PluginFolder()
        try folder.write("a/plugin.json", "{ \(everything) }")
        try folder.write(
            "a/init.lua",
            """
            roost.before("system", function(e)
              if e.key == "secret" then return roost.drop("no") end
              if e.args.name then return roost.modify{ text = "for " .. e.args.name } end
            end, { plugins = true })
            """)
        try folder.write("b/plugin.json", "{ \(everything) }")
        try folder.write(
            "b/init.lua",
            """
            roost.after("chat", function(e)
              e.room:system("secret")
              e.room:system("greeting", { name = e.user.name })
            end)
            """)
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        let texts = bob.messages.compactMap { message -> String? in
            if case .event(let event, _) = message, case .system(let text, _, _) = event.body { text.text } else { nil }
        }
        #expect(texts == ["for Ann"])
    }

    @Test("a redirect names another room, and the person is told which") func redirect() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write(
            "subject/init.lua",
            """
            roost.on("join", function(e)
              if e.room.title == "Old" then return roost.redirect{ room = roost.keep.new } end
              if e.room.title == "Loop" then return roost.redirect{ room = e.room } end
            end)
            roost.after("room_create", function(e) end)
            """)
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        func room(_ title: String) throws -> RoomID {
            guard case .success(let id)? = world.room(NewRoom(title: title), owner: nil) else { throw Unexpected("no room") }
            return id
        }
        let (new, old, loop) = (try room("New"), try room("Old"), try room("Loop"))
        try plugin.state.define("roost.keep.new", value: .string(new.text))
        let ann = world.visitor(named: "Ann", seed: nil, isAdmin: false)
        world.join(old, ann)
        #expect(ann.lastRefusal?.code == .redirect && ann.lastRefusal?.room == new)
        world.join(loop, ann)
        #expect(plugin.problems.last?.message.contains("another room") == true)
    }

    @Test("a verdict that does not fit the event is an error at its line", arguments: [
        ("join", "modify{ text = 'x' }"), ("whisper", "accept{}"), ("name", "drop('x')"), ("kick", "hold{}"), ("room_create", "redirect{ room = 'x' }"),
    ])
    func unfitting(event: String, verdict: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", "\nroost.before('\(event)', function(e)\n  return roost.\(verdict)\nend)")
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        let room = ann.rooms[0]
        world.perform(.whisper(room: room, to: bob.record.id, text: "psst", cid: nil), by: ann)
        world.perform(.name("Anna"), by: ann)
        world.perform(.create(NewRoom(title: "x")), by: ann)
        world.engine.moderate(Moderation(.kick, room: room, person: bob.record.id, by: .plugin("other", hops: 1)))
        world.settle()
        if event == "kick" { return #expect(plugin.problems.isEmpty, "what plugins do is for those that ask for it") }
        let problem = try #require(plugin.problems.first)
        #expect(problem.message.contains("does not fit '\(event)'"), "\(problem.message)")
        #expect(problem.line == 3)
    }

    @Test("a handler for a tag is called in the rooms that have it") func tags() throws {
        try expectTests(
            of: "roost.on('chat', function(e) return roost.drop('quiet here') end, { room = 'quiet*' })",
            """
            test("", function(t)
              local library, pub = t:room{ tags = { "books", "quiet-zone" } }, t:room()
              local ann, bob = t:user("Ann"):join(library), t:user("Bob"):join(pub)
              ann:say("hi")
              t:expect(ann):refused("quiet here")
              bob:say("hi")
              t:expect(bob):accepted()
            end)
            """)
    }
}

@Suite("Users and rooms")
struct ObjectTests {
    @Test("people are gone through one by one, and listed") func users() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  local names = {}
                  for user in e.room:users() do names[#names + 1] = user.name end
                  e:reply(table.concat(names, " ") .. " " .. #e.room:users():list())
                end)
                """,
            """
            test("", function(t)
              local room = t:room()
              local ann = t:user("Ann"):join(room)
              t:user("Bob"):join(room)
              ann:say("hi")
              t:expect(ann):received(1, "notice", "Ann Bob 2")
            end)
            """)
    }

    @Test("everything that can be known of people and rooms is there") func attributes() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  local u, r = e.user, e.room
                  assert(u.id and u.name == "Ann" and u.color and u.role == "owner" and u.locale == "en" and u.is_bot == false)
                  assert(u.joined_at > 0 and u.seconds_here >= 0 and u.color_seed and u:has("moderator") and u:address() == "127.0.0.1")
                  assert(r.id and r.title == "Tea" and r.max == 4 and r.count == 1 and r.owner == u and not r.has_password and r.created_at > 0)
                  assert(r.tags[1] == "cosy" and r.slow == 0 and r.topic == "" and r.locked == false and r:user(u.id) == u)
                  assert(roost.room(r.id) == r and r:user("nobody") == nil)
                  e:reply("all is there")
                end)
                """,
            """
            test("", function(t)
              local ann = t:user("Ann")
              ann:join(t:room{ title = "Tea", max = 4, owner = ann, tags = { "cosy" } }):say("hi")
              t:expect(ann):received(1, "notice", "all is there")
            end)
            """)
    }

    @Test("a handle of somebody who has gone, or of a room that is, answers nil and gone") func gone() throws {
        try expectTests(
            of: """
                local user, room
                roost.after("join", function(e)
                  if e.user.name == "Bob" then user, room = e.user, e.room end
                end)
                roost.command("check", { help = "." }, function(c)
                  local nothing, why = user:tell("x")
                  local none, because = room:say("x")
                  c:reply(("%s %s %s, %s %s %s"):format(nothing, why, user.name, none, because, room.title))
                end)
                """,
            """
            test("", function(t)
              local bob = t:user("Bob")
              local room = t:room{ owner = bob }
              bob:join(room):exit()
              bob:disconnect()
              t:advance(1000)
              local ann = t:user("Ann"):join(t:room())
              ann:say("/check")
              t:expect(ann):received(1, "notice", "nil gone nil, nil gone nil")
            end)
            """)
    }

    @Test("plugins make rooms, change them and remove them") func rooms() throws {
        try expectTests(
            of: """
                roost.command("make", { args = "<title:text>", help = "." }, function(c)
                  local room, why = roost.room.create{ title = c.args.title, max = 3, topic = "new", owner = c.user, tags = { "made" } }
                  if not room then return c:reply("no: " .. why) end
                  c:reply(room.title .. " " .. room.topic .. " " .. room.tags[1] .. " " .. room.owner.name)
                  room:set{ title = "Better", tags = {} }
                end)
                roost.command("end", { help = "." }, function(c) c.room:remove("over") end)
                roost.after("room_remove", function(e) roost.log.info("removed: %s", e.reason) end)
                roost.before("chat", function(e) roost.room.create{ title = "x" } end)
                """,
            """
            test("", function(t)
              local room = t:room()
              local ann = t:user("Ann"):join(room)
              ann:say("/make Tea house")
              t:expect(ann):received(1, "notice", "Tea house new made Ann")
              ann:say("/make " .. ("x"):rep(100))
              t:expect(ann):received(1, "notice", "no: A title has")
              ann:say("/end")
              t:expect(ann):present(false)
              assert(t:log():find("removed: over"))
            end)
            """)
    }

    @Test("a room is not made while something is decided") func createBefore() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", "roost.on('chat', function(e)\n  roost.room.create{ title = 'x' }\nend)")
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(plugin.problems.first?.message.contains("while something is decided") == true)
        #expect(plugin.problems.first?.line == 2)
    }

    @Test("plugins whisper, and give names") func whisper() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  e.user:tell("between us", { whisper = true })
                  e.user:rename("Anna")
                end)
                """,
            """
            test("", function(t)
              local room = t:room()
              local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
              ann:say("hi")
              t:expect(ann):received(1, "whisper", "between us")
              t:expect(bob):received(0, "whisper")
              t:expect(bob):received(1, "name", "Anna")
            end)
            """)
    }

    @Test("what a plugin does in somebody's name is theirs, and only what they may") func by() throws {
        try expectTests(
            of: """
                roost.command("out", { args = "<who:user>", help = "." }, function(c) c.args.who:kick{ by = c.user } end)
                roost.command("forge", { args = "<who:user>", help = "." }, function(c) c.user:kick{ by = c.args.who } end)
                roost.before("kick", function(e) e.room:say(e.user.name .. " kicks " .. e.target.name) end, { plugins = false })
                """,
            """
            test("", function(t)
              local ann = t:user("Ann")
              local room = t:room{ owner = ann }
              ann:join(room)
              local bob = t:user("Bob"):join(room)
              bob:say("/out ann")
              t:expect(ann):present()
              t:expect(bob):received(1, "notice", "moderators")
              ann:say("/out bob")
              t:expect(bob):present(false)
              t:expect(ann):present()
            end)
            """)
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", "roost.command('forge', { args = '<who:user>', help = '.' }, function(c) c.user:kick{ by = c.args.who } end)")
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/forge bob", ann)
        #expect(plugin.problems.first?.message.contains("whoever has given the command") == true)
    }
}
