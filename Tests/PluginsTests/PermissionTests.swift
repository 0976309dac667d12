import RoomEngine
import Testing

@testable import LuaHost
@testable import Plugins

@Suite("Permissions")
struct PermissionTests {
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
