import RoomEngine
import Testing

@testable import Plugins

@Suite("Plugins and messages after they were sent")
struct MessageHookTests {
    private let party = """
        local function party(t)
          local room = t:room()
          return t:user("ann"):join(room), t:user("bob"):join(room), room
        end

        """

    @Test("a handler of edit changes and stops edits, and sees what was there before") func edit() throws {
        try expectTests(
            of: """
                roost.on("edit", function(e)
                  if e.after:find("bad") then return roost.drop("no " .. e.before .. " to " .. e.text) end
                  if e.message.text ~= e.before or e.message.user_id ~= e.user.id then error("another message") end
                  return roost.modify{ text = e.after:upper() }
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("good")
                  local it = ann:last_sent()
                  ann:edit(it, "bad")
                  t:expect(ann):refused("no good to bad")
                  ann:edit(it, "better")
                  t:expect(bob):received(1, "edit", "BETTER")
                end)
                """)
    }

    @Test("what is shown of an edit was passed by every filter in exactly that form") func finalForm() throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "roost.on('edit', function(e) if e.text:find('duck') then return roost.drop('no ducks') end end, { priority = 10 })")
        try folder.write("b.lua", "roost.on('edit', function(e) if e.text:find('dog') then return roost.modify{ text = e.text:gsub('dog', 'duck') } end end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, _) = try world.couple()
        world.say("cat", ann)
        guard case .ok(_, let seq?)? = ann.lastAnswer else { throw Unexpected("not sent") }
        world.perform(.edit(.init(room: ann.rooms[0], of: seq, text: "dog")), by: ann)
        #expect(ann.lastRefusal?.text == "no ducks")
    }

    @Test("a handler of chat can be one of edit too") func bothEvents() throws {
        try expectTests(
            of: """
                local function check(e)
                  if #e.links > 0 then return roost.drop("no links") end
                  if e.text == "no" then return roost.drop("not that") end
                end
                roost.on("chat", check)
                roost.on("edit", check)
                """,
            party + """
                test("", function(t)
                  local ann = party(t)
                  ann:say("hello")
                  local it = ann:last_sent()
                  ann:edit(it, "see https://example.com")
                  t:expect(ann):refused("no links")
                  ann:edit(it, "no")
                  t:expect(ann):refused("not that")
                  ann:edit(it, "fine"):edit(it, "fine!")
                  t:expect(ann):received(2, "edit")
                end)
                """)
    }

    @Test("deletions and reactions can be stopped, changed and held") func deleteAndReact() throws {
        try expectTests(
            of: """
                roost.before("delete", function(e)
                  if e.before == "evidence" then return roost.drop("this stays") end
                  if e.after ~= nil then error("something is left") end
                  return roost.modify{ why = "tidied up" }
                end)
                roost.before("react", function(e)
                  if e.after == "💩" then return roost.modify{ emoji = "🌸" } end
                  if e.before == "🌸" then return roost.drop("flowers stay") end
                end)
                roost.after("react", function(e) roost.log.info("%s has %d", e.after, e.message.reactions[e.after] or 0) end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("evidence")
                  local it = ann:last_sent()
                  ann:delete(it)
                  t:expect(ann):refused("this stays")
                  bob:react(it, "💩")
                  t:expect(ann):received(1, "react", "🌸")
                  bob:react(it, "🌸", false)
                  t:expect(bob):refused("flowers stay")
                  ann:react(it, "🌸")
                  ann:say("rubbish"):delete(ann:last_sent())
                  t:expect(bob):received(1, "delete", "tidied up")
                  if not t:log():find("🌸 has 1") then error(t:log()) end
                end)
                """)
    }

    @Test("a report reaches plugins with the message, who reports it, and why") func report() throws {
        try expectTests(
            of: """
                roost.on("report", function(e)
                  roost.log.info("%s (%s) about %s: %s, %s", e.by, e.user.name, e.message.name, e.message.text, e.why)
                  e.room:redact(e.message.seq, "reported")
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("rude")
                  bob:report(ann:last_sent(), "it is rude")
                  if not t:log():find("bob %(bob%) about ann: rude, it is rude") then error(t:log()) end
                  t:expect(ann):received(1, "delete", "reported")
                end)
                """)
    }

    @Test("of the history, newcomers see what a plugin leaves, in the words that it leaves") func history() throws {
        try expectTests(
            of: """
                roost.on("history", function(e)
                  local shown = {}
                  for _, m in ipairs(e.messages) do
                    if m.text == "phone 1234" then m.text = "phone ****" end
                    if m.text ~= "private" then shown[#shown + 1] = m end
                  end
                  return roost.modify{ messages = shown }
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob, room = party(t)
                  ann:say("private"):say("phone 1234"):say("public")
                  t:expect(bob):received(1, "chat", "private")
                  local carol = t:user("carol"):join(room)
                  t:expect(carol):found(0, "chat", "private")
                  t:expect(carol):found(1, "chat", "phone ****")
                  t:expect(carol):found(1, "chat", "public")
                end)
                """)
    }

    @Test("a plugin edits what it has said, by name or number, and nothing of others") func ownMessages() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  if e.text == "start" then e.room:say("0 votes", { id = "poll" }) end
                  if e.text == "vote" then e.room:edit("poll", "1 vote") end
                  if e.text == "again" then e.room:say("0 votes", { id = "poll" }) end
                end)
                roost.after("chat", function(e)
                  if e.text == "mine" then e.room:edit(e.seq, "yours") end
                end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("start"):say("vote"):say("again"):say("mine")
                  t:expect(bob):received(1, "chat", "0 votes")
                  t:expect(bob):received(1, "edit")
                  t:expect(bob):received(1, "edit", "1 vote")
                end)
                """)
    }

    @Test("a plugin reacts to a message while it decides about it, or after") func reacts() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e) if e.text == "tea" then e:react("🍵") end end)
                roost.after("chat", function(e) if e.text == "cake" then e:react("🍰") end end)
                """,
            party + """
                test("", function(t)
                  local ann, bob = party(t)
                  ann:say("tea"):say("cake")
                  t:expect(bob):received(1, "react", "🍵")
                  t:expect(bob):received(1, "react", "🍰")
                end)
                """)
    }

    @Test("how a message is shown is a plugin's to say; what several say about it is put together") func looks() throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "roost.on('gif', function(e) return roost.modify{ still = true, meta = { by = 'a', n = 1 } } end)")
        try folder.write("b.lua", "roost.on('chat', function(e) return roost.modify{ spoiler = true, meta = { lang = 'en' } } end, { phase = 'transform' })")
        try folder.write("c.lua", "roost.on('chat', function(e) return roost.modify{ meta = { score = 0.5, lang = 'ko' } } end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        let gif = GIF(digest: "d", bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        world.perform(.gif(.init(room: ann.rooms[0], gif: gif)), by: ann)
        let looks = bob.messages.compactMap { message -> Look? in if case .event(let event, _) = message { event.look } else { nil } }
        #expect(looks == [Look(spoiler: true, meta: #"{"lang":"ko","score":0.5}"#), Look(still: true, meta: #"{"by":"a","n":1}"#)])
    }

    @Test("wrong changes are errors that say what there is", arguments: [
        ("roost.on('chat', function(e) return roost.modify{ still = true } end)", "a chat has no 'still' that can be changed"),
        ("roost.on('chat', function(e) return roost.modify{ spoiler = 'yes' } end)", "'spoiler' must be a boolean, not a string"),
        ("roost.on('chat', function(e) return roost.modify{ meta = { 1, 2 } } end)", "'meta' must be a table with names"),
        ("roost.on('chat', function(e) return roost.modify{ meta = { a = ('x'):rep(2000) } } end)", "'meta' has more than 1024 bytes"),
        ("roost.on('chat', function(e) e:react('tea') end)", "one emoji expected"),
        ("roost.on('join', function(e) e:react('🍵') end)", "there is no message here to react to"),
        ("roost.on('history', function(e) return roost.modify{ messages = { { seq = 99 } } } end)", "'messages' must be some of e.messages"),
        ("roost.on('history', function(e) return roost.drop('no') end)", "roost.drop does not fit 'history'"),
    ])
    func mistakes(code: String, expected: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \(everything) }")
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        world.join(ann.rooms[0], world.visitor(named: "Carol", seed: nil, isAdmin: false))
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.message.contains(expected), "\(problem.message)")
    }
}
