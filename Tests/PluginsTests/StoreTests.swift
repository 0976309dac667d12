import Foundation
import Journal
import JSONText
import RoomEngine
import Testing

@testable import Plugins

@Suite("What plugins keep")
struct StoreTests {
    /// Commands that say what a function returns: `/run`.
    private func expect(_ code: String, says expected: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = expected.map { "t:expect(ann):received(1, 'notice', [[\($0)]])" }
        try expectTests(
            of: "local store = roost.store\nroost.command('run', { help = '' }, function(c)\n\(code)\nend)",
            "test('', function(t) local ann = t:user('ann'):join(t:room()) ann:say('/run') \(lines.joined(separator: " ")) end)",
            sourceLocation: sourceLocation)
    }

    @Test("values come back as they were put in") func values() throws {
        try expect(
            """
            store:set("t", { list = { 1, 2.5, "three" }, yes = true, name = "김" })
            local t = store:get("t")
            c:reply(("%d %.1f %s %s %s"):format(t.list[1], t.list[2], t.list[3], tostring(t.yes), t.name))
            c:reply("nothing: " .. tostring(store:get("other")))
            c:reply("gone: " .. tostring(store:delete("t")) .. " " .. tostring(store:delete("t")) .. " " .. tostring(store:get("t")))
            """, says: "1 2.5 three true 김", "nothing: nil", "gone: true false nil")
    }

    @Test("scan goes through the keys of a prefix in order, with what this run has written") func scan() throws {
        try expect(
            """
            for _, key in ipairs { "b:2", "a:3", "b:1", "c" } do store:set(key, key:upper()) end
            store:delete("b:2")
            store:set("b:9", "nine")
            local found = {}
            for key, value in store:scan("b:") do found[#found + 1] = key .. "=" .. value end
            c:reply("b: " .. table.concat(found, " "))
            found = {}
            for key in store:scan() do
              found[#found + 1] = key
              store:delete("c")
            end
            c:reply("all: " .. table.concat(found, " "))
            """, says: "b: b:1=B:1 b:9=nine", "all: a:3 b:1 b:9")
    }

    @Test("update gives the value to a function and keeps what it returns") func update() throws {
        try expect(
            """
            local function add(name) return function(list) list = list or {} list[#list + 1] = name return list end end
            store:update("list", add("a"))
            c:reply(table.concat(store:update("list", add("b")), "+"))
            c:reply("gone: " .. tostring(store:update("list", function() return nil end)) .. " " .. tostring(store:get("list")))
            local sum = store:update("n", function() return store:incr("other") + #c.user.name + roost.now() * 0 end)
            c:reply(("%d after %d"):format(sum, select("#", store:update("n", function() return c.user.id and nil end))))
            """, says: "a+b", "gone: nil nil", "4 after 1")
    }

    @Test("an error in update's function leaves the key as it was") func updateFails() throws {
        try expect(
            """
            store:set("n", 1)
            local ok, why = pcall(store.update, store, "n", function(n) error("no " .. n) end)
            c:reply(tostring(ok) .. " " .. why:match("no 1") .. " " .. store:get("n"))
            ok, why = pcall(store.update, store, "n", function(n) roost.sleep(1) return 2 end)
            c:reply(tostring(ok) .. " " .. why:match("cannot wait") .. " " .. store:get("n"))
            """, says: "false no 1 1", "false cannot wait 1")
    }

    @Test("two handlers that wait lose nothing of each other's sums and updates") func atomic() throws {
        // Both rooms' handlers read before either has written.
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  roost.store:incr("n")
                  roost.store:update("who", function(list) list = list or {} list[#list + 1] = e.user.name return list end)
                  roost.sleep(0.02)
                end)
                roost.command("count", { help = "" }, function(c)
                  c:reply(("%d: %s"):format(roost.store:get("n"), table.concat(roost.store:get("who"), " ")))
                end)
                """,
            """
            test("", function(t)
              local ann, bob = t:user("ann"):join(t:room()), t:user("bob"):join(t:room())
              ann:say("one")
              bob:say("two")
              t:advance(1)
              ann:say("/count")
              t:expect(ann):received(1, "notice", "2: ann bob")
            end)
            """)
    }

    @Test("what is kept for a time goes, from the database too") func expires() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", """
            roost.command("keep", { help = "" }, function(c)
              roost.store:set("short", 1, { ttl = 60 })
              roost.store:incr("hits", 1, { ttl = 60 })
              roost.store:set("long", 1)
            end)
            roost.command("hit", { help = "" }, function(c) c:reply("hits: " .. roost.store:incr("hits")) end)
            """)
        let journal = MemoryJournal()
        let world = TestWorld(journal: journal, seed: 1) { _ in .init(folder: folder.path, log: { _, _, _ in }) }
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/keep", ann)
        #expect(Set(journal.store(of: "subject").map(\.key)) == ["short", "hits", "long"])
        world.advance(milliseconds: 50_000)
        // Without a ttl of its own a sum keeps the one it has.
        world.say("/hit", ann)
        world.advance(milliseconds: 11_000)
        world.say("/hit", ann)
        #expect(ann.notices == ["hits: 2", "hits: 1"])
        world.advance(milliseconds: 30_000)
        #expect(Set(journal.store(of: "subject").map(\.key)) == ["hits", "long"])
    }

    @Test("past its quota a store says so, and nothing is lost") func quota() throws {
        try expectTests(
            of: """
                local store = roost.store
                roost.command("run", { help = "" }, function(c)
                  store:set("a", ("x"):rep(500))
                  store:set("a", "kept")
                  local ok, why = pcall(store.set, store, "a", ("x"):rep(2000))
                  c:reply(tostring(ok) .. " " .. why:match("the store is full: this would make it %d+ bytes of 1024"))
                  c:reply("a: " .. store:get("a"))
                end)
                """, manifest: #"{ "permissions": { "user": ["tell"], "store": "1KiB" } }"#,
            """
            test("", function(t)
              local ann = t:user("ann"):join(t:room())
              ann:say("/run")
              t:expect(ann):received(1, "notice", "a: kept")
              ann:say("/run")
              t:expect(ann):received(2, "notice", "false the store is full")
            end)
            """)
    }

    @Test("what has expired makes room for what is new") func quotaSweeps() throws {
        try expectTests(
            of: """
                roost.command("run", { help = "" }, function(c) roost.store:set(c.args.key, ("x"):rep(700), { ttl = 5 }) c:reply("fits") end)
                """.replacing("{ help", with: "{ args = '<key>', help"),
            manifest: #"{ "permissions": { "user": ["tell"], "store": "1KiB" } }"#,
            """
            test("", function(t)
              local ann = t:user("ann"):join(t:room())
              ann:say("/run a")
              t:advance(6)
              ann:say("/run b")
              t:expect(ann):received(2, "notice", "fits")
            end)
            """)
    }

    @Test("people and rooms have stores of their own, which survive a restart") func scopes() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  e.user:data():incr("n")
                  e.room:data():incr("n")
                  roost.store:incr("n")
                end)
                roost.command("n", { help = "" }, function(c)
                  c:reply(("n: %d %d %d"):format(c.user:data():get("n") or 0, c.room:data():get("n") or 0, roost.store:get("n") or 0))
                end)
                """,
            """
            test("", function(t)
              local room = t:room()
              local ann, bob = t:user("ann"):join(room), t:user("bob"):join(room)
              ann:say("1") ann:say("2") bob:say("3")
              t:restart(5)
              ann:join(room)
              ann:say("/n")
              t:expect(ann):received(1, "notice", "n: 2 3 3")
            end)
            """)
    }

    @Test("a room that is removed takes its data with it, from the database too") func removedRoom() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", """
            roost.on("chat", function(e)
              e.room:data():set("n", 1)
              roost.store:set("n", 1)
            end)
            roost.after("room_remove", function(e) print("still there: " .. tostring(e.room:data():get("n"))) end)
            """)
        let journal = MemoryJournal()
        var log: [String] = []
        let world = TestWorld(journal: journal, seed: 1) { _ in .init(folder: folder.path, log: { _, _, line in log.append(line) }) }
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        let room = try #require(ann.rooms.last)
        #expect(Set(journal.store(of: "subject").map(\.scope)) == ["", "room \(room)"])
        world.engine.remove(try #require(world.engine.rooms[room]), reason: "test")
        world.settle()
        #expect(log.contains("still there: 1"), "\(log)")
        #expect(journal.store(of: "subject").map(\.scope) == [""])
        #expect(world.host.store(of: "subject").count == 1)
    }

    @Test("what a handler writes is stored with the message, and in the order in which it was written") func together() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", """
            roost.on("chat", function(e)
              roost.store:incr("seen")
              if e.text == "no" then return roost.drop("no") end
            end)
            """)
        let journal = MemoryJournal()
        let world = TestWorld(journal: journal, seed: 1) { _ in .init(folder: folder.path, log: { _, _, _ in }) }
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        let room = try #require(ann.rooms.last)
        let send = { (text: String) in
            world.engine.handle(Request(connection: ann.connection, command: .chat(.init(room: room, text: text))))
            world.engine.finishTurn()
        }
        var seen: [String?] { journal.store(of: "subject").map(\.value) }

        send("yes")
        #expect(seen == [])
        journal.deliver(to: world.engine)
        #expect(journal.rooms[room]?.events.last?.content?.text == "yes" && seen == ["1"])
        // The second is decided while the first is being stored.
        send("yes again")
        send("no")
        world.settle()
        #expect(seen == ["3"])
    }

    @Test("everybody is greeted, also when the store has no room to note who was") func fullStore() throws {
        let folder = try PluginFolder()
        let source = repository.appending(path: "Plugins/greet")
        for name in ["init.lua", "plugin.json", "locales/en.json"] {
            let text = try String(contentsOf: source.appending(path: name), encoding: .utf8)
            try folder.write("greet/\(name)", text.replacing("\"1MiB\"", with: "\"1KiB\""))
        }
        let world = folder.world()
        _ = try world.host.load(folder.files("greet")).get()
        guard case .success(let room)? = world.room(NewRoom(title: "Tea", max: 50), owner: nil) else { throw Unexpected("no room") }
        let people = (1...40).map { world.visitor(named: "p\($0)", seed: nil, isAdmin: false) }
        for person in people { world.join(room, person) }
        let noted = world.host.store(of: "greet").count
        #expect(noted > 0 && noted < people.count)
        #expect(people.allSatisfy { $0.notices.count == 1 })
        #expect(!world.log.contains { $0.contains("error") }, "\(world.log)")
    }

    @Test("what a handler writes and then fails is not kept") func buffered() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  roost.store:set("n", e.text)
                  if roost.store:get("n") == "no" then return roost.drop("seen by the same run") end
                end)
                roost.command("n", { help = "" }, function(c) c:reply("n: " .. tostring(roost.store:get("n"))) end)
                """,
            "test('', function(t) local ann = t:user('ann'):join(t:room()) ann:say('no') t:expect(ann):refused('same run') ann:say('/n') t:expect(ann):received(1, 'notice', 'n: no') end)")
    }

    @Test("a limit lets through so many and says how long to wait") func limit() throws {
        try expectTests(
            of: """
                roost.on("chat", function(e)
                  local ok, wait = roost.limit(e.user.id, 3, 60)
                  if not ok then return roost.drop(("wait %.0f"):format(wait)) end
                end)
                """,
            """
            test("", function(t)
              local room = t:room()
              local ann, bob = t:user("ann"):join(room), t:user("bob"):join(room)
              for i = 1, 3 do ann:say("a" .. i) end
              ann:say("more")
              t:expect(ann):refused("wait 20")
              t:reload()
              ann:say("more")
              t:expect(ann):refused("wait 20")
              bob:say("b")
              t:expect(bob):accepted()
              t:advance(20)
              ann:say("again")
              t:expect(ann):accepted()
              ann:say("again")
              t:expect(ann):refused("wait")
            end)
            """)
    }

    @Test("a key is a short text, and handles cannot be kept") func wrong() throws {
        #expect(try problem(loading: "roost.store:set('', 1)").message.contains("a key is 1 to 200 bytes"))
        #expect(try problem(loading: "roost.store:set('k', print)").message.contains("functions cannot be kept"))
        #expect(try problem(loading: "roost.store:set('k', roost.store)").message.contains("objects cannot be kept"))
        #expect(try problem(loading: "roost.store:set('k', 1, { ttl = 0 })").message.contains("'ttl' is in seconds, above 0"))
        #expect(try problem(loading: "roost.store:set('k', 'x') roost.store:incr('k')").message.contains("the key holds a string"))
    }
}
