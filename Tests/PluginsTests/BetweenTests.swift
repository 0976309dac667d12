import RoomEngine
import Testing

@testable import Plugins

@Suite("Between plugins")
struct BetweenTests {
    /// A world with these plugins, by id.
    private func world(_ plugins: KeyValuePairs<String, String>) throws -> TestWorld {
        let folder = try PluginFolder()
        for (id, code) in plugins { try folder.write("\(id).lua", code) }
        let world = folder.world()
        try world.host.loadAll()
        #expect(world.host.refused.isEmpty, "\(world.host.refused.values.map(\.text))")
        return world
    }

    private func problems(_ world: TestWorld) -> [String] { world.host.plugins.values.flatMap(\.problems).map(\.message) }

    @Test("an event goes to the others that listen, as a copy, and not to whoever emitted it") func emit() throws {
        let world = try world([
            "a": "roost.on('chat', function(e) roost.emit('a:seen', { text = e.text, user = e.user, list = { 1, 2 } }) end) roost.on('a:seen', function() error('mine') end)",
            "b": "roost.on('a:seen', function(e) e.data.user:tell(e.name .. ' by ' .. e.by .. ': ' .. e.data.text .. #e.data.list) e.data.list[3] = 3 end)",
            "c": "roost.on('a:seen', function(e) e.data.user:tell('c ' .. #e.data.list) end)",
        ])
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(ann.notices == ["a:seen by a: hi2", "c 2"])
        #expect(problems(world).isEmpty)
    }

    @Test("what a failed handler emitted is not heard") func failed() throws {
        let world = try world([
            "a": "roost.on('chat', function(e) roost.emit('a:seen', {}) error('late') end)", "b": "roost.on('a:seen', function(e) print('heard') end)",
        ])
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(!world.log.contains { $0.contains("heard") })
    }

    @Test("two plugins that answer each other come to an end") func hops() throws {
        let world = try world([
            "a": "roost.on('chat', function(e) roost.emit('a:ping', { n = 1 }) end) roost.on('b:pong', function(e) roost.emit('a:ping', { n = e.data.n + 1 }) end)",
            "b": "roost.on('a:ping', function(e) print('ping ' .. e.data.n) roost.emit('b:pong', e.data) end)",
        ])
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        #expect(world.log.filter { $0.contains("ping") && !$0.contains("not delivered") }.count == 4)
        #expect(world.log.contains { $0.contains("was not delivered: plugins have caused one another 8 times in a row") })
    }

    @Test("only a plugin's own events can be emitted, and only data goes out", arguments: [
        ("roost.emit('b:x', {})", "a plugin's events are named after it"), ("roost.emit('x', {})", "a plugin's events are named after it"),
        ("roost.emit('subject:x', { f = print })", "a function does not go to other plugins"),
        ("roost.emit('subject:x', { s = roost.store })", "a store does not go to other plugins"),
    ])
    func wrong(code: String, message: String) throws {
        #expect(try problem(loading: code).message.contains(message))
    }

    @Test("a manifest that names its hooks names those of plugins too") func hooksKey() throws {
        #expect(try problem(loading: "roost.on('a:x', print)", manifest: #"{ "hooks": ["chat"] }"#).message.contains("the manifest does not name the event 'a:x'"))
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", #"{ "hooks": ["a:x"] }"#)
        try folder.write("subject/init.lua", "roost.on('a:x', print)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        #expect(world.host.plugins["subject"] != nil)
    }

    private static let scores = """
        local points = {}
        roost.provide("scores", 2, {
          add = function(id, n) points[id] = (points[id] or 0) + n return points[id] end,
          all = function() return points end,
          slow = function() roost.sleep(1) return "slept" end,
          bad = function() error("broken") end,
          leak = function() return print end,
        })
        """

    @Test("what one plugin provides another calls; data is copied, and waiting is possible") func provide() throws {
        let world = try world([
            "a": Self.scores,
            "b": """
                roost.after("chat", function(e)
                  local scores = roost.use("scores", 2)
                  scores.add(e.user.id, 2)
                  scores.all()[e.user.id] = 100
                  e:reply(scores.add(e.user.id, 3) .. " " .. scores.slow())
                end)
                """,
        ])
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        world.advance(milliseconds: 1_500)
        #expect(ann.notices == ["5 slept"])
        #expect(problems(world).isEmpty)
    }

    @Test("errors of a provider are the caller's, and a provider that is missing is nil and why") func missing() throws {
        let world = try world([
            "a": Self.scores,
            "b": """
                local kept = roost.use("scores", 2)
                roost.command("ask", { args = "<what:word>", help = "x" }, function(c)
                  if c.args.what == "version" then return c:reply(select(2, roost.use("scores", 1))) end
                  if c.args.what == "none" then return c:reply(select(2, roost.use("weather", 1))) end
                  if c.args.what == "gone" then return c:reply(tostring(kept.add)) end
                  local ok, err = pcall(function() return kept[c.args.what]() end)
                  c:reply(tostring(err))
                end)
                """,
        ])
        let (ann, _) = try world.couple()
        for what in ["version", "none", "bad", "leak", "nothing"] { world.say("/ask \(what)", ann) }
        #expect(ann.notices[0] == "'scores' is provided in version 2")
        #expect(ann.notices[1] == "nobody provides 'weather'")
        #expect(ann.notices[2].contains("a failed: ") && ann.notices[2].contains("broken"))
        #expect(ann.notices[3].contains("a function does not go to other plugins"))
        #expect(ann.notices[4].contains("nil value"))
        #expect(world.host.unload("a"))
        world.say("/ask gone", ann)
        #expect(ann.notices.last == "nil")
    }

    @Test("a provider that is reloaded goes on being used") func reloaded() throws {
        let folder = try PluginFolder()
        try folder.write("a.lua", "roost.provide('n', 1, { get = function() return 1 end })")
        try folder.write("b.lua", "local n = roost.use('n', 1) roost.on('chat', function(e) e:reply('n is ' .. n.get()) end)")
        let world = folder.world()
        try world.host.loadAll()
        let (ann, _) = try world.couple()
        world.say("hi", ann)
        try folder.write("a.lua", "roost.provide('n', 1, { get = function() return 2 end })")
        _ = try world.host.load(folder.files("a")).get()
        world.say("hi", ann)
        #expect(ann.notices == ["n is 1", "n is 2"])
    }

    @Test("a name is provided by one plugin") func claimed() throws {
        let folder = try PluginFolder()
        for id in ["a", "b"] { try folder.write("\(id).lua", "roost.provide('n', 1, { get = function() end })") }
        let world = folder.world()
        try world.host.loadAll()
        #expect(world.host.refused["b"]?.message.contains("the plugin a provides 'n' already") == true)
    }
}
