import Journal
import JSONText
import LuaHost
import RoomEngine
import Testing

@testable import Plugins

@Suite("Settings of plugins")
struct SettingTests {
    private let manifest = """
        { "permissions": { "user": ["tell"], "chat": ["send"] },
          "config": { "greeting": { "type": "string", "default": "Hello" }, "patience": { "type": "int", "default": 3, "min": 1, "max": 9 },
                      "wait": { "type": "duration", "default": "10m" }, "words": { "type": "list<string>", "default": [] } } }
        """
    private let code = """
        roost.command("ask", { help = "" }, function(c)
          local s = roost.config
          c:reply(("%s %d %d %s"):format(s.greeting, s.patience, s.wait, table.concat(s.words, "+")))
        end)
        roost.on("config_changed", function(e)
          local names = {}
          for name, before in pairs(e.changed) do names[#names + 1] = name .. " was " .. tostring(before) end
          table.sort(names)
          print(table.concat(names, ", "))
        end)
        """

    @Test("an operator's change counts at once, and the plugin hears what was before") func live() throws {
        try expectTests(of: code, manifest: manifest, """
            test("", { config = { patience = 5 } }, function(t)
              local room = t:room()
              local ann = t:user("ann"):join(room)
              ann:say("/ask")
              t:expect(ann):received(1, "notice", "Hello 5 600 ")
              t:configure("patience", 7)
              t:configure("words", { "a", "b" })
              t:configure("wait", "1m")
              ann:say("/ask")
              t:expect(ann):received(1, "notice", "Hello 7 60 a+b")
              assert(t:log():find("patience was 5", 1, true) and t:log():find("wait was 600", 1, true), t:log())
              local log = t:log()
              t:configure("patience", 7)
              assert(t:log() == log, "nothing has changed, so nothing is said")
              t:restart()
              ann:join(room)
              ann:say("/ask")
              t:expect(ann):received(2, "notice", "Hello 7 60 a+b")
            end)
            """)
    }

    @Test("what the console has set counts before the configuration, and can be taken back") func order() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", code)
        var file: [String: JSONValue] = ["patience": .integer(4)]
        let world = TestWorld(journal: MemoryJournal(), seed: 1) { _ in .init(folder: folder.path, log: { _, _, _ in }, configuration: { _ in file }) }
        _ = try world.host.load(folder.files("subject")).get()
        func now() throws -> String? {
            try world.host.settings(of: "subject")?.first { $0.name == "patience" }.map { "\($0.value.text) by \($0.source)" }
        }
        #expect(try now() == "4 by configuration")
        try world.host.configure("subject", "patience", .integer(8))
        #expect(try now() == "8 by console")
        file = [:]
        #expect(world.host.configurationChanged() == [])
        #expect(try now() == "8 by console")
        try world.host.configure("subject", "patience", nil)
        #expect(try now() == "3 by manifest")
        #expect(world.host.plugins["subject"]?.configuration["patience"] == .int(3))
    }

    @Test("what does not fit is refused, and what runs goes on with what it has", arguments: [
        ("patience", JSONValue.integer(10), "'patience' must be at most 9"), ("patience", .string("x"), "'patience' must be of type int, not a string"),
        ("patiense", .integer(1), "subject has no setting 'patiense'; did you mean 'patience'?"), ("wait", .string("soon"), "must be of type duration"),
    ])
    func refused(name: String, value: JSONValue, problem: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let before = plugin.configuration
        do throws(LuaHostError) {
            try world.host.configure("subject", name, value)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains(problem), "\(error.message)")
        }
        #expect(plugin.configuration == before)
    }

    @Test("a version that does not know what the console has set runs without it") func otherVersion() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", "")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        try world.host.configure("subject", "patience", .integer(8))
        try folder.write("subject/plugin.json", #"{ "permissions": {}, "config": { "patience": { "type": "string", "default": "much" } } }"#)
        let plugin = try world.host.load(folder.files("subject")).get()
        #expect(plugin.configuration == ["patience": .string("much")])
    }

    @Test("values are typed as their kind needs it", arguments: [
        (Manifest.Setting.Kind.string, ["a", "b"], JSONValue.string("a b")), (.int, ["5"], .integer(5)), (.duration, ["10m"], .string("10m")),
        (.list, ["a", "b"], .array([.string("a"), .string("b")])), (.list, [#"["a b"]"#], .array([.string("a b")])), (.bool, ["on"], .bool(true)),
        (.bool, ["false"], .bool(false)), (.int, ["many"], .string("many")),
    ])
    func typed(kind: Manifest.Setting.Kind, words: [String], expected: JSONValue) {
        #expect(kind.value(typed: words) == expected)
    }

    @Test("a configuration is compared with the manifests before a server runs with it") func check() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", manifest)
        try folder.write("subject/init.lua", code)
        let problems = PluginHost.problems(
            withSettings: ["subject": ["patience": .integer(0), "greeting": .string("Hi")], "subjekt": [:]],
            order: ["chat": ["subject"], "caht": ["subject"], "join": ["nobody"]], folder: folder.path)
        #expect(problems.count == 4, "\(problems)")
        #expect(problems.contains { $0.hasPrefix("[plugin.subject] sets 'patience', which must be at least 1") })
        #expect(problems.contains { $0.contains("names the plugin 'subjekt', which is not in") && $0.hasSuffix("did you mean 'subject'?") })
        #expect(problems.contains { $0 == "[hooks.order] names the event 'caht', which does not exist; did you mean 'chat'?" })
        #expect(problems.contains { $0.contains("'join' names the plugin 'nobody'") })
    }
}
