import RoomEngine
import Testing

@testable import LuaHost
@testable import Plugins

@Suite("Permissions")
final class PermissionTests {
    /// Keeps the hosts of the plugins that a test asks for.
    private var worlds: [TestWorld] = []

    /// The functions that need one, by what the API table says.
    static let guarded = APITable.functions.filter { $0.permission != nil }.map(\.path)

    @Test("every guarded function of the API fails without its permission", arguments: guarded)
    func fails(path: String) throws {
        let function = try #require(APITable.functions.first { $0.path == path })
        let permission = try #require(function.permission)
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \"permissions\": { \"store\": \"1MiB\" } }")
        try folder.write("subject/init.lua", "")
        let world = folder.world()
        let plugin = try world.host.load(folder.files("subject")).get()
        let receiver = function.receiver.map { [$0.handle(1)] } ?? []
        do {
            _ = try function.invoke(plugin, receiver)
            Issue.record("\(path) did not fail")
        } catch {
            #expect(error.message == permission.missing(for: path))
            #expect(error.message.contains(permission.rawValue.split(separator: ".").last.map(String.init) ?? "?"))
        }
    }

    @Test("with its permission it gets past that check", arguments: guarded) func passes(path: String) throws {
        let function = try #require(APITable.functions.first { $0.path == path })
        let permission = try #require(function.permission)
        let plugin = try plugin(with: [permission])
        do {
            _ = try function.invoke(plugin, function.receiver.map { [$0.handle(1)] } ?? [])
        } catch {
            #expect(!error.message.contains("needs the permission"), "\(error.message)")
        }
    }

    /// The options that need one: `roost.drop silent`.
    static let options = APITable.options.flatMap { path, options in options.filter { $0.permission != nil }.map { "\(path) \($0.name)" } }.sorted()

    @Test("every guarded option fails without its permission, and with it gets past that check", arguments: options) func option(name: String) throws {
        let parts = name.split(separator: " ").map(String.init)
        let function = try #require(APITable.functions.first { $0.path == parts[0] })
        let permission = try #require(APITable.options[parts[0]]?.first { $0.name == parts[1] }?.permission)
        for isGranted in [false, true] {
            let plugin = try plugin(with: isGranted ? [permission] : [])
            let call = APICall(plugin: plugin, function: function, object: nil, arguments: [.table(LuaTable([:])), .table(LuaTable(pairs: [.init(key: .string(parts[1]), value: .bool(true))]))])
            if isGranted {
                _ = try call.options(1)
            } else {
                #expect { try call.options(1) } throws: { ($0 as? LuaHostError)?.message.contains(permission.missing(for: "\(parts[1]) = true")) == true }
            }
        }
    }

    /// Each verdict of each event that needs a permission: `chat drop`.
    static let verdicts = EventTable.rows.flatMap { row in
        VerdictKind.allCases.filter { row.verdicts.contains($0) && !APITable.permissions(for: $0, of: row.kind).isEmpty }.map { "\(row.kind.name) \($0)" }
    }

    @Test("every guarded verdict fails without its permission, and with it gets past that check", arguments: verdicts) func guardedVerdict(name: String) throws {
        let parts = name.split(separator: " ").map(String.init)
        let row = try #require(EventTable.rows.firstIndex { $0.kind.name == parts[0] && !$0.phases.isEmpty })
        let definition = EventTable.rows[row]
        let needed = VerdictKind(rawValue: parts[1]).map { APITable.permissions(for: $0, of: definition.kind) } ?? []
        let arguments = ["modify": "{}", "flag": "{}", "redirect": "{}", "hold": "{}", "accept": "{}"][parts[1]] ?? "'x'"
        let phase = try #require(definition.phases.first { $0.isBefore })
        let code = "roost.on('\(parts[0])', function(e) return roost.\(parts[1])(\(arguments)) end, { phase = '\(phase)' })"
        for missing in needed.map(Optional.some) + [nil] {
            let plugin = try plugin(with: Set(needed).subtracting(missing.map { [$0] } ?? []), code: code)
            let hook = try #require(plugin.hooks.first)
            let (run, frame) = plugin.host.run(of: hook, [], isBuffered: true)
            let outcome = plugin.begin(run, hook.function, frame, budget: .seconds(1))
            let message = if case .failed(let failure) = outcome { failure.message } else { "" }
            if let missing {
                #expect(message.contains(missing.missing(for: "roost.\(parts[1])")), "\(message)")
            } else {
                #expect(!message.contains("needs the permission"), "\(message)")
            }
        }
    }

    private func plugin(with permissions: Set<Permission>, code: String = "") throws -> Plugin {
        let folder = try PluginFolder()
        let groups = Dictionary(grouping: permissions.map { $0.rawValue.split(separator: ".").map(String.init) }, by: { $0[0] })
        let asked = groups.map { group, names in
            // Those without a group are true, but for the hosts.
            if group == "http" { return "\"http\": [\"example.com\"]" }
            let words = names.filter { $0.count == 2 }.map { "\"\($0[1])\"" }
            return words.isEmpty ? "\"\(group)\": true" : "\"\(group)\": [\(words.joined(separator: ", "))]"
        }
        try folder.write("subject/plugin.json", "{ \"permissions\": { \((asked + ["\"store\": \"1MiB\""]).joined(separator: ", ")) } }")
        try folder.write("subject/init.lua", code)
        let world = folder.world()
        worlds.append(world)
        return try world.host.load(folder.files("subject")).get()
    }

    @Test("a verdict without its permission is an error where it is made") func verdict() throws {
        let folder = try PluginFolder()
        try folder.write("subject/plugin.json", "{ \"permissions\": {} }")
        try folder.write("subject/init.lua", "roost.on('chat', function(e)\n  return roost.drop('no')\nend)")
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        #expect(bob.chats == ["hi"])
        let problem = try #require(world.host.plugins["subject"]?.problems.first)
        #expect(problem.line == 2)
        #expect(problem.message.contains("drop"))
    }

    @Test("a single file may do the everyday things") func everyday() throws {
        let folder = try PluginFolder()
        try folder.write(
            "subject.lua",
            """
            roost.on("chat", function(e)
              if e.text == "no" then return roost.drop("dropped") end
              e:reply("for you")
              e:say("for all")
              e.user:data():set("k", 1)
            end)
            """)
        let world = folder.world()
        _ = try world.host.load(folder.files("subject")).get()
        let (ann, bob) = try world.couple()
        world.say("hi", ann)
        world.say("no", ann)
        #expect(bob.chats == ["hi", "for all"])
        #expect(ann.notices == ["for you"])
        #expect(world.host.plugins["subject"]?.problems.isEmpty == true)
    }

    @Test("mistakes in a manifest name the key and what was expected", arguments: [
        (#"{ "hooks": ["caht"] }"#, "\"hooks\" names the event \"caht\", which does not exist; did you mean \"chat\"?"),
        (#"{ "permissions": { "chat": ["dorp"] } }"#, "\"permissions.chat\" names \"dorp\""),
        (#"{ "permissions": { "caht": ["drop"] } }"#, "\"permissions.caht\" is not a permission; did you mean \"chat\"?"),
        (#"{ "permissions": { "store": 5 } }"#, "\"permissions.store\" must be a size"),
        (#"{ "limits": { "memory": "lots" } }"#, "\"limits.memory\" must be a size"),
        (#"{ "limits": { "deadline_ms": 0 } }"#, "\"limits.deadline_ms\" must be a whole number from 1"),
        (#"{ "api": 2 }"#, "this server speaks version 1"),
        (#"{ "nmae": 1 }"#, "unknown key \"nmae\""),
        (#"{ "id": "other" }"#, "the folder is named \"subject\""),
        (#"{ "config": { "n": { "type": "int", "default": 0, "min": 1 } } }"#, "\"config.n.default\" must be at least 1"),
        ("{", "not valid JSON"),
    ])
    func manifest(json: String, expected: String) throws {
        let problem = try problem(loading: "", manifest: json)
        #expect(problem.text.contains(expected), "\(problem.text)")
    }
}
