import Journal
import RoomEngine
import Testing

@testable import Plugins

@Suite("Plugins in trouble")
struct TroubleTests {
    private func world(_ code: String, manifest: String = "{ \(everything) }") throws -> (PluginFolder, TestWorld) {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        return (folder, world)
    }

    @Test("after a pause one event is the trial: others are not let in before it has gone well") func probe() throws {
        let (_, world) = try world("""
            local calls = 0
            roost.on("chat", function(e)
              calls = calls + 1
              if calls <= 5 then error("broken") end
              roost.log.info("call %d %s", calls, e.text)
              roost.sleep(0.02)
            end)
            """)
        let (ann, _) = try world.couple()
        guard case .success(let second)? = world.room(NewRoom(title: "Second"), owner: nil) else { throw Unexpected("no room") }
        let eve = world.visitor(named: "Eve", seed: nil, isAdmin: false)
        world.join(second, eve)
        for n in 1...5 { world.say("\(n)", ann) }
        world.advance(milliseconds: 31_000)
        world.say("trial", ann)
        world.say("meanwhile", eve)
        world.advance(milliseconds: 100)
        world.say("afterwards", eve)
        world.advance(milliseconds: 100)
        #expect(world.log.filter { $0.contains("info: call") } == ["subject@g1 info: call 6 trial", "subject@g1 info: call 7 afterwards"])
    }

    @Test("while a handler for safety is paused nothing passes unchecked") func paused() throws {
        let (_, world) = try world("roost.on('chat', function(e) error('broken') end)", manifest: "{ \"safety\": true }")
        let (ann, bob) = try world.couple()
        for n in 1...8 { world.say("\(n)", ann) }
        #expect(world.host.plugins["subject"]?.problemCount == 5)
        #expect(bob.chats.isEmpty)
        #expect(ann.lastRefusal?.text == "The message could not be checked.")
    }

    @Test("a plugin that is over its limits again and again is paused as a whole, and the room is not") func overruns() throws {
        let (_, world) = try world("""
            for n = 1, 3 do roost.on("chat", function(e) while e.text == "loop" do end end, { deadline = 0.01 }) end
            roost.after("chat", function() roost.log.info("after") end)
            roost.command("ask", {}, function(c) c:reply("here") end)
            """)
        let (ann, bob) = try world.couple()
        world.say("loop", ann)
        world.say("loop", ann)
        #expect(bob.chats == ["loop", "loop"])
        let before = world.log.filter { $0.hasSuffix("after") }.count
        world.say("fine", ann)
        world.say("/ask", ann)
        #expect(bob.chats.count == 3)
        #expect(ann.notices.isEmpty)
        #expect(ann.lastRefusal?.text == "/ask is paused for now.")
        #expect(world.log.filter { $0.hasSuffix("after") }.count == before)
        world.advance(milliseconds: 31_000)
        world.say("/ask", ann)
        #expect(ann.notices == ["here"])
    }

    @Test("an operator's pause stops handlers, timers and commands until it is ended") func pause() throws {
        let (_, world) = try world("""
            roost.on("chat", function(e) e:reply("here") end)
            roost.timer{ every = 1 }(function() roost.log.info("tick") end)
            """)
        let (ann, _) = try world.couple()
        let plugin = try #require(world.host.plugins["subject"])
        plugin.pause(true)
        world.say("a", ann)
        world.advance(milliseconds: 5_500)
        #expect(ann.notices.isEmpty)
        #expect(!world.log.contains { $0.contains("tick") })
        #expect(plugin.trouble(at: world.clock.now.uptime) == "paused")
        plugin.pause(false)
        world.say("b", ann)
        world.advance(milliseconds: 1_500)
        #expect(ann.notices == ["here"])
        #expect(world.log.contains { $0.contains("tick") })
    }

    @Test("a message that is dropped silently is in the audit log") func audit() throws {
        let (_, world) = try world("roost.on('chat', function(e) if e.text == 'spam' then return roost.drop{ reason = 'advertising', silent = true } end end)")
        let (ann, bob) = try world.couple()
        world.say("spam", ann)
        #expect(bob.chats.isEmpty)
        #expect(world.log.contains { $0.hasPrefix("audit: subject subject@g1 dropped silently") && $0.contains("from Ann (advertising): spam") })
    }

    @Test("the operators' order counts, over restarts, and over the configuration's") func order() throws {
        let folder = try PluginFolder()
        for id in ["a", "b", "c"] { try folder.write("\(id).lua", "roost.on('chat', function(e) e:reply('\(id)') end)") }
        let kept = Kept()
        let world = folder.world(order: ["c"], kept: kept)
        try world.host.loadAll()
        #expect(try world.host.move("a", before: false, "b", of: .chat) == ["c", "b", "a"])
        #expect(try world.host.move("a", before: true, "c", of: .chat) == ["a", "c", "b"])
        #expect(throws: OperatorProblem.self) { try world.host.move("d", before: true, "c", of: .chat) }
        let again = folder.world(order: ["c"], kept: kept)
        try again.host.loadAll()
        let (ann, _) = try again.couple()
        again.say("hi", ann)
        #expect(ann.notices == ["a", "c", "b"])
    }

    @Test("registering and taking off within a handler count from the next event on") func registering() throws {
        let (_, world) = try world("""
            local second
            roost.on("chat", function(e)
              if e.text == "off" then second:off() end
              if e.text == "on" then roost.on("chat", function(e) e:reply("new") end, { priority = -2 }) end
            end, { priority = 1 })
            second = roost.on("chat", function(e) e:reply("second") end)
            """)
        let (ann, _) = try world.couple()
        for text in ["off", "on", "x"] { world.say(text, ann) }
        #expect(ann.notices == ["second", "new"])
    }

    // MARK: Errors

    @Test("an error says what event it was about, and the console knows it by a name") func cause() throws {
        let (_, world) = try world("roost.on('chat', function(e)\n  local w = coroutine.wrap(function() return e.usr.name end)\n  w()\nend)")
        let (ann, _) = try world.couple()
        world.say("hello there", ann)
        let problem = try #require(world.host.problems().last)
        #expect(problem.id == "x1")
        #expect(world.host.problem("x1")?.text == problem.text)
        #expect(world.host.problems(of: "other").isEmpty)
        #expect(problem.text.contains("in a handler of 'chat': Ann said “hello there” in "))
        #expect(problem.text.contains("did you mean 'user'?"))
        #expect(problem.text.contains("init.lua:3:"), "the traceback goes through the coroutine: \(problem.text)")
    }

    @Test("a test made of an error fails as the plugin did, and passes when that is mended") func testFrom() throws {
        let (folder, world) = try world("roost.on('chat', function(e) if e.text:find('\"quoted\\\\\"') then error('oh no') end end)")
        let (ann, _) = try world.couple()
        world.say("say \"quoted\\\" now", ann)
        let problem = try #require(world.host.problems().last)
        let test = try ProblemTest(problem)
        try test.append(to: folder.files("subject"))
        let tester = { try PluginTester(files: folder.files("subject"), journal: { MemoryJournal() }).run() }
        #expect(try tester().first { $0.name == test.name }?.failure?.contains("oh no") == true)
        try folder.write("subject/init.lua", "roost.on('chat', function(e) end)")
        #expect(try tester().map(\.failure) == [nil])
    }

    @Test("an error in a timer cannot be made a test of, and says so") func timer() throws {
        let (_, world) = try world("roost.timer{ after = 1 }(function() error('late') end)")
        world.advance(milliseconds: 2_000)
        let problem = try #require(world.host.problems().last)
        #expect(throws: ProblemTest.Impossible.self) { try ProblemTest(problem) }
    }

    // MARK: Accounts

    @Test("calls, verdicts, errors and steps are counted, for each handler and the whole plugin") func account() throws {
        let (_, world) = try world("""
            roost.on("chat", function(e)
              for i = 1, 1000 do end
              if e.text == "drop" then return roost.drop("no") end
              if e.text == "fail" then error("no") end
            end)
            roost.after("chat", function() end)
            """)
        let (ann, _) = try world.couple()
        for _ in 1...97 { world.say("fine", ann) }
        for text in ["drop", "drop", "fail"] { world.say(text, ann) }
        let plugin = try #require(world.host.plugins["subject"])
        let (first, second) = (plugin.hooks[0].account, plugin.hooks[1].account)
        #expect(first.calls == 100 && second.calls == 98 && plugin.account.calls == 198)
        #expect(first.errors == 1 && plugin.account.errors == 1)
        #expect(first.verdicts.map(\.name) == ["drop"] && first.verdicts.map(\.count) == [2])
        #expect(first.nanoseconds > 0 && first.longest <= first.nanoseconds)
        // A loop of 1,000 turns is 1,000 instructions and a few, and one call of so many is counted.
        #expect(plugin.account.steps > 198 * 300 && plugin.account.steps < 198 * 2_000, "\(plugin.account.steps)")
    }

    @Test("a profile has the stacks that were met at work") func profile() throws {
        let (_, world) = try world("""
            local function busy() local n = 0 while n < 2e5 do n = n + 1 end return n end
            local function outer() local n = busy() return n end
            roost.on("chat", function(e) local n = outer() end)
            """)
        let (ann, _) = try world.couple()
        let plugin = try #require(world.host.plugins["subject"])
        #expect(plugin.beginProfile())
        #expect(!plugin.beginProfile())
        var folded = ""
        // As long as it takes: how fast the machine is is not what this is about.
        for n in 1...2_000 where !folded.contains("busy") {
            world.say("\(n)", ann)
            if n % 20 == 0 {
                folded = plugin.endProfile()
                _ = plugin.beginProfile()
            }
        }
        _ = plugin.endProfile()
        let line = try #require(folded.split(separator: "\n").first { $0.contains("busy") })
        #expect(line.contains("init.lua:3;init.lua:2 outer;init.lua:1 busy "), "\(line)")
    }

    // MARK: The operator's Lua

    @Test("code that an operator types runs in the plugin's state, or in a copy of it") func evaluate() throws {
        let (_, world) = try world("count = 1 roost.store:set('k', 'v')")
        var answers: [String] = []
        let evaluate = { (code: String, copied: Bool) in
            world.host.evaluate(code, in: "subject", copied: copied) { result in
                switch result {
                case .success(let text): answers.append(text)
                case .failure(let problem): answers.append(problem.message)
                }
            }
        }
        evaluate("count + 1, { 1, 'two', k = { n = 3 } }", false)
        evaluate("count = 5", false)
        evaluate("count", false)
        evaluate("count", true)
        evaluate("roost.store:set('k', 'other')", true)
        evaluate("roost.store:get('k')", false)
        evaluate("nothing.x", false)
        evaluate("while true do end", false)
        #expect(answers == [
            "2  { 1, \"two\", k = { n = 3 } }", "", "5", "1", "", "v", "console:1: attempt to index a nil value (global 'nothing')", "ran longer than its 50 ms",
        ])
        #expect(world.host.plugins["subject"]?.generation == 1)
    }
}
