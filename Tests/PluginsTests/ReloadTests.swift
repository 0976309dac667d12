import RoomEngine
import Testing

@testable import Plugins

@Suite("Reloading")
struct ReloadTests {
    @Test("life events come in their order, with what led to them") func order() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject.lua",
            """
            for _, name in ipairs{ "load", "ready", "unload", "save", "restore", "shutdown" } do
              roost.on(name, function(e) roost.log.info("%s %s %s", name, e.reason or "-", e.before or "-") end)
            end
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        _ = try world.host.load(folder.files("subject")).get()
        world.host.shutDown(reason: "The server restarts.")
        #expect(world.host.unload("subject"))
        let told = world.log.filter { !$0.contains("loaded") }
        #expect(told == [
            "subject@g1 info: load load -", "subject@g1 info: ready load -",
            "subject@g2 info: load reload 1", "subject@g1 info: save - -", "subject@g1 info: unload reload -", "subject@g2 info: ready reload 1",
            "subject@g2 info: shutdown The server restarts. -", "subject@g2 info: unload unload -",
        ])
    }

    @Test("what 'save' answers, 'restore' gets: data, people and rooms, but no functions") func saveAndRestore() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject.lua",
            """
            local state = { count = 0 }
            roost.on("chat", function(e)
              state.count = state.count + 1
              state.last, state.f = e.user, print
              e:reply(("%d %s"):format(state.count, state.f and "f" or "-"))
            end)
            roost.on("save", function() return roost.value(state) end)
            roost.on("restore", function(e)
              state = e.data
              roost.log.info("%s %s %s", state.last.name, state.f == nil, e.before)
            end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("a", ann)
        _ = try world.host.load(folder.files("subject")).get()
        world.say("b", ann)
        #expect(ann.notices == ["1 f", "2 f"])
        #expect(world.log.contains("subject@g2 info: Ann true 1"))
    }

    @Test("functions in roost.keep are not carried into another state") func keptFunctions() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.log.info(type(roost.keep.f) .. type(roost.keep.n)); roost.keep = { f = print, n = 1 }")
        let world = folder.world()
        for _ in 1...2 { _ = try world.host.load(folder.files("subject")).get() }
        #expect(world.log.contains("subject info: nilnil") || world.log.contains("subject@g1 info: nilnil"))
        #expect(world.log.contains("subject@g2 info: nilnumber"))
    }

    @Test("an error in 'load' or 'restore', or waiting there, keeps the old version", arguments: [
        "roost.on('load', function() error('no') end)", "roost.on('restore', function() error('no') end)",
        "roost.on('load', function() roost.sleep(1) end)",
    ])
    func refused(code: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('save', function() return roost.value{} end) roost.on('chat', function(e) e:reply('one') end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        try folder.write("subject.lua", code)
        #expect(throws: PluginProblem.self) { try world.host.load(folder.files("subject")).get() }
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(ann.notices == ["one"])
    }

    @Test("an error in 'save' loses what it would have saved and no more") func failingSave() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('save', function() error('oh') end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        #expect(try world.host.load(folder.files("subject")).get().generation == 2)
        #expect(world.log.contains { $0.contains("oh") })
    }

    @Test("what life handlers ask for happens, and not if the version is refused") func effects() throws {
        let folder = try PluginFolder()
        let world = folder.world()
        let (ann, _) = try world.couple()
        let room = try #require(ann.rooms.last)
        try folder.write("subject.lua", "roost.on('load', function() roost.room('\(room)'):say('loaded') error('no') end)")
        #expect(throws: PluginProblem.self) { try world.host.load(folder.files("subject")).get() }
        world.settle()
        #expect(ann.chats.isEmpty)
        try folder.write(
            "subject.lua",
            """
            roost.on("load", function() roost.room("\(room)"):say("load") end)
            roost.on("ready", function() roost.sleep(1) roost.room("\(room)"):say("ready") end)
            roost.on("unload", function() roost.room("\(room)"):say("unload") end)
            """)
        _ = try world.host.load(folder.files("subject")).get()
        world.advance(milliseconds: 2_000)
        #expect(world.host.unload("subject"))
        world.settle()
        #expect(ann.chats == ["load", "ready", "unload"])
    }

    @Test("timers that the new version has too go on where they were, by id or by their times") func timers() throws {
        let folder = try PluginFolder()
        let code = { (version: Int) in
            """
            roost.timer{ every = 60 }(function() roost.log.info("tick \(version)") end)
            roost.timer{ after = \(version == 1 ? 100 : 1_000), id = "once" }(function() roost.log.info("once \(version)") end)
            """
        }
        try folder.write("subject.lua", code(1))
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        world.advance(milliseconds: 50_000)
        try folder.write("subject.lua", code(2))
        _ = try world.host.load(folder.files("subject")).get()
        #expect(world.log.last?.contains("g1 retired, its 2 timers moved") == true)
        world.advance(milliseconds: 11_000)
        #expect(world.log.last == "subject@g2 info: tick 2")
        world.advance(milliseconds: 40_000)
        #expect(world.log.last == "subject@g2 info: once 2")
        world.advance(milliseconds: 20_000)
        #expect(world.log.filter { $0.contains("tick") }.count == 2)
    }

    @Test("a person's wait between two uses of a command outlasts a reload") func cooldown() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.command('roll', { cooldown = 60 }, function(c) c:reply('rolled') end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/roll", ann)
        _ = try world.host.load(folder.files("subject")).get()
        world.say("/roll", ann)
        #expect(ann.lastRefusal?.code == .rate)
    }

    @Test("errors show the source that runs, not what has become of the file since") func snapshot() throws {
        let folder = try PluginFolder()
        try folder.write("subject/init.lua", "roost.on('chat', function(e)\n  error(require('words').what)\nend)")
        try folder.write("subject/words.lua", "return { what = 'old' }")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        try folder.write("subject/init.lua", "-- another line\n-- and another")
        try folder.write("subject/words.lua", "return { what = 'new' }")
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.text.contains("2 |   error(require('words').what)"))
        #expect(problem.message.hasSuffix("old"))
    }

    // MARK: Going back

    private func generations(_ count: Int) throws -> (PluginFolder, TestWorld) {
        let folder = try PluginFolder()
        let world = folder.world()
        for generation in 1...count {
            try folder.write("subject.lua", "roost.on('chat', function(e) e:reply('\(generation)') end)")
            _ = try world.host.load(folder.files("subject")).get()
        }
        return (folder, world)
    }

    @Test("a rollback puts the version before in use again, and another one the version before that") func rollback() throws {
        let (_, world) = try generations(3)
        let (ann, _) = try world.couple()
        #expect(try world.host.rollBack("subject").get().generation == 4)
        world.say("a", ann)
        #expect(try world.host.rollBack("subject").get().generation == 5)
        world.say("b", ann)
        #expect(ann.notices == ["2", "1"])
    }

    @Test("the last three generations can be named, older ones are forgotten") func named() throws {
        let (_, world) = try generations(6)
        let (ann, _) = try world.couple()
        guard case .failure(let problem) = world.host.rollBack("subject", to: 2) else { throw Unexpected("g2 is kept") }
        #expect(problem.message == "generation g2 is not kept; there are: g3, g4, g5")
        _ = try world.host.rollBack("subject", to: 3).get()
        world.say("a", ann)
        #expect(ann.notices == ["3"])
    }

    @Test("when errors come with a reload the version before is in use again by itself") func automatic() throws {
        let (folder, world) = try generations(1)
        let (ann, bob) = try world.couple()
        world.say("0", ann)
        try folder.write("subject.lua", "roost.on('chat', function(e) e.user.nobody.x = 1 end)")
        _ = try world.host.load(folder.files("subject")).get()
        for text in ["1", "2", "3", "4", "5", "6"] { world.say(text, ann) }
        #expect(world.host.plugins["subject"]?.generation == 3)
        #expect(world.host.plugins["subject"]?.source == 1)
        #expect(ann.notices == ["1", "1"])
        #expect(bob.chats == ["0", "1", "2", "3", "4", "5", "6"])
        #expect(world.log.contains { $0.contains("5 of 5 calls have failed since the reload: going back") })
    }

    @Test("errors long after a reload, or no more than before, lead nowhere back") func stays() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "local n = 0 roost.on('chat', function(e) n = n + 1 if n % 2 == 0 then error('half') end end)")
        let world = folder.world()
        let (ann, _) = try world.couple()
        _ = try world.host.load(folder.files("subject")).get()
        for n in 1...4 { world.say("\(n)", ann) }
        _ = try world.host.load(folder.files("subject")).get()
        for n in 1...10 { world.say("\(n)", ann) }
        #expect(world.host.plugins["subject"]?.generation == 2, "half of the calls failed before too")

        let (other, quiet) = try generations(1)
        let (bob, _) = try quiet.couple()
        try other.write("subject.lua", "roost.on('chat', function(e) error('always') end)")
        _ = try quiet.host.load(other.files("subject")).get()
        quiet.advance(milliseconds: 61_000)
        for n in 1...6 { quiet.say("\(n)", bob) }
        #expect(quiet.host.plugins["subject"]?.generation == 2, "its first minute is over")
    }

    // MARK: Under load

    @Test("1,000 reloads under 2,000 messages a second: each message is handled by one generation, none is lost or doubled, nobody leaves")
    func storm() throws {
        let folder = try PluginFolder()
        let world = folder.world()
        // Some handlers wait, so that reloads happen in the middle of messages; 'after' says which generation it was.
        try folder.write(
            "subject.lua",
            """
            local before = {}
            roost.on("chat", function(e)
              before[e.text] = true
              if #e.text % 3 == 0 then roost.sleep(0.002) end
              return roost.modify{ text = e.text .. "!" }
            end, { phase = "transform" })
            roost.after("chat", function(e)
              local text = e.text:gsub("!$", "")
              if not before[text] then roost.log.error("another generation decided about %s", e.text) end
              before[text] = nil
            end)
            """)
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        let files = try folder.files("subject").snapshot()
        let room = try #require(ann.rooms.last)
        var sent: [String] = []
        // Two messages a millisecond, a reload every three of them: 6,000 messages in 3 s.
        for reload in 1...1_000 {
            for tick in 0..<3 {
                for _ in 0..<2 {
                    let text = "m\(sent.count)"
                    sent.append(text)
                    world.engine.handle(
                        Request(connection: ann.connection, reference: .number(Int64(sent.count)), command: .chat(.init(room: room, text: text, cid: text))))
                }
                if tick == reload % 3 { _ = try world.host.load(files, .reload(Account())).get() }
                world.advance(milliseconds: 1)
            }
        }
        world.advance(milliseconds: 60_000)
        #expect(world.host.plugins["subject"]?.generation == 1_001)
        #expect(ann.chats.map { String($0.prefix { $0 != "!" }) } == sent)
        #expect(bob.chats == ann.chats)
        // On a busy machine a handler may be taken for one that is too slow; its message passes as it was written.
        let late = world.host.problems()
        #expect(late.allSatisfy { $0.message.contains("ran longer than") })
        #expect(ann.chats.count { !$0.hasSuffix("!") } <= late.count)
        #expect(world.log.count { $0.contains("another generation") } <= late.count)
        #expect(world.engine.rooms[room]?.count == 2)
        #expect(!ann.messages.contains { if case .bye = $0 { true } else { false } })
    }
}
