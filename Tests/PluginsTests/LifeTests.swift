import RoomEngine
import Testing

@testable import Plugins

@Suite("A plugin's life")
struct LifeTests {
    @Test("a syntax error names file, line and source, and the others are loaded") func syntaxError() throws {
        let folder = try PluginFolder()
        try folder.write("broken.lua", "local x = 1\nif x then\n  x = = 2\nend")
        try folder.write("fine.lua", "roost.on('chat', function(e) e:reply('here') end)")
        let world = folder.world()
        try world.host.loadAll()
        #expect(world.host.plugins.keys.sorted { $0.text < $1.text } == ["fine"])
        let problem = try #require(world.host.refused["broken"])
        #expect(problem.line == 3)
        #expect(problem.text.contains("broken.lua:3:"))
        #expect(problem.text.contains("3 |   x = = 2"))
    }

    @Test("an error while loading has a traceback") func loadError() throws {
        let problem = try problem(loading: "local function inner() error('oh no') end\nlocal function outer() inner() end\nouter()")
        #expect(problem.message.contains("oh no"))
        #expect(problem.line == 1)
        #expect(problem.text.contains("stack traceback:"))
        #expect(problem.text.contains("init.lua:2: in"))
    }

    @Test("a field that does not exist is pointed at, with the one that was meant") func suggestion() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e)\n  return e.usr.name\nend)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.text.contains("2 |   return e.usr.name"))
        #expect(problem.text.contains("^ a chat has no 'usr'; did you mean 'user'?"))
    }

    @Test("a reload changes what happens with the next message") func reload() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e) e:reply('one') end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        try folder.write("subject.lua", "roost.on('chat', function(e) e:reply('two') end)")
        let plugin = try world.host.load(folder.files("subject")).get()
        world.say("hi", ann)
        #expect(ann.notices == ["one", "two"])
        #expect(plugin.generation == 2)
    }

    @Test("a reload that fails leaves the old version running", arguments: ["if", "error('no')", "while true do end", "roost.on('caht', print)"])
    func failingReload(code: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e) e:reply('one') end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        try folder.write("subject.lua", code)
        #expect(throws: PluginProblem.self) { try world.host.load(folder.files("subject")).get() }
        world.say("hi", ann)
        #expect(ann.notices == ["one"])
        #expect(world.log.contains { $0.contains("subject@g1 keeps running") })
    }

    @Test("roost.keep is carried over a reload") func keep() throws {
        let folder = try PluginFolder()
        let code = "roost.keep.count = (roost.keep.count or 0) + 1\nlocal n = roost.keep.count\nroost.on('chat', function(e) e:reply('load ' .. n) end)"
        try folder.write("subject.lua", code)
        let world = folder.world()
        for _ in 1...3 { _ = try world.host.load(folder.files("subject")).get() }
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(ann.notices == ["load 3"])
    }

    @Test("what a plugin registered goes with it") func unload() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject.lua",
            """
            roost.on("chat", function(e) e:reply("hook") end)
            roost.command("hello", { help = "Says hello." }, function(c) c:reply("command") end)
            roost.timer{ every = 1 }(function() print("tick") end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, _) = try world.couple()
        world.say("/hello", ann)
        world.advance(milliseconds: 1_500)
        let ticks = world.log.filter { $0.contains("tick") }.count
        #expect(ticks == 1)
        #expect(ann.notices == ["command"])

        #expect(world.host.unload("subject"))
        world.say("hi", ann)
        world.say("/hello", ann)
        world.advance(milliseconds: 10_000)
        #expect(ann.notices == ["command"])
        #expect(ann.lastRefusal?.code == .notFound)
        #expect(world.log.filter { $0.contains("tick") }.count == ticks)
    }

    @Test("the order is phase, the admin's order, priority, id") func order() throws {
        let folder = try PluginFolder()
        let handler = { (id: String, options: String) in "roost.on('chat', function(e) e:reply('\(id)') end\(options))" }
        try folder.write("a.lua", handler("a", ""))
        try folder.write("b.lua", handler("b", ", { priority = 5 }"))
        try folder.write("c.lua", handler("c", ", { phase = 'transform', priority = -100 }"))
        try folder.write("d.lua", handler("d", ", { phase = 'decorate', priority = 100 }"))
        try folder.write("e.lua", handler("e", ", { priority = -50 }"))
        for (order, expected) in [([], ["c", "b", "a", "e", "d"]), (["e", "a"], ["c", "e", "a", "b", "d"])] {
            let world = folder.world(order: order)
            try world.host.loadAll()
            let (ann, _) = try world.couple()
            world.say("hi", ann)
            #expect(ann.notices == expected)
            #expect(world.host.hooks(of: .chat).map { "\($0.name.prefix(1))" } == expected)
        }
    }

    @Test("after five errors in a minute a handler is paused, and tried again later") func breaker() throws {
        let folder = try PluginFolder()
        try folder.write("subject.lua", "roost.on('chat', function(e) e.user.name.x.y = 1 end)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        for n in 1...8 { world.say("\(n)", ann) }
        #expect(bob.chats.count == 8)
        #expect(world.host.plugins["subject"]?.problemCount == 5)
        #expect(world.log.contains { $0.contains("paused") })
        world.advance(milliseconds: 31_000)
        world.say("again", ann)
        #expect(world.host.plugins["subject"]?.problemCount == 6)
        world.say("and again", ann)
        #expect(world.host.plugins["subject"]?.problemCount == 6)
    }

    @Test("one plugin's endless loop or hunger leaves the room and the other plugins alone", arguments: [
        "while true do end", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end", "error('no')", "return 42",
    ])
    func isolation(code: String) throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "roost.on('chat', function(e) \(code) end)")
        try folder.write("b.lua", "roost.on('chat', function(e) e:reply('b') end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        world.say("ho", ann)
        #expect(bob.chats == ["hi", "ho"])
        #expect(ann.notices == ["b", "b"])
        #expect(world.host.plugins["a"]?.problemCount == 2)
    }
}
