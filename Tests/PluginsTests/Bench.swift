import Foundation
import Journal
import RoomEngine
import Testing

@testable import Plugins

/// A folder of plugins for one test, and what can be done with them.
final class PluginFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "roost-plugins-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file; `name` may have folders in it.
    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func files(_ id: String) throws -> PluginFiles { try #require(PluginFiles.named(id, in: path)) }

    func world(order: [String] = [], kept: Kept? = nil) -> TestWorld {
        TestWorld(journal: MemoryJournal(), seed: 1) { log in
            var surroundings = PluginHost.Surroundings(
                folder: path, log: { plugin, level, line in log("\(plugin) \(level): \(line)") },
                order: { _ in order.map { PluginID($0) } })
            surroundings.audit = { plugin, what in log("audit: \(plugin) \(what)") }
            if let kept {
                surroundings.choices = kept.choices
                surroundings.keep = kept.keep
                surroundings.sources = kept
            }
            return surroundings
        }
    }
}

/// What operators have decided, as it lies in a data folder: the next world begins with it.
final class Kept: GrantedSources {
    struct Broken: Error {}

    private(set) var choices = OperatorChoices()
    var isBroken = false
    private(set) var sources: [PluginID: Data] = [:]

    func keep(_ archive: Data, of id: PluginID) { sources[id] = archive }
    func archive(of id: PluginID) -> Data? { sources[id] }
    func keepOnly(_ ids: Set<PluginID>) { sources = sources.filter { ids.contains($0.key) } }

    func keep(_ new: OperatorChoices) throws {
        if isBroken { throw Broken() }
        // By way of the text that is stored.
        choices = try OperatorChoices(data: new.data)
    }
}

/// Everything a plugin may be granted, for tests that are about something else.
let everything = """
    "permissions": {
      "chat": ["drop", "drop_silently", "hold", "modify", "accept", "send"], "gif": ["drop", "hold", "modify", "bytes"], "join": ["deny"],
      "user": ["tell", "color", "mute", "kick", "ban", "name"], "room": ["set", "transfer", "create", "remove"],
      "whisper": ["read", "send"], "ip": ["read"], "history": ["read", "redact"], "plugins": ["see"],
      "http": ["api.example.com", "*.example.org"], "console": true, "alert": true, "store": "1MiB" }
    """

/// Runs a plugin's tests, written in Lua, and expects all of them to pass.
func expectTests(
    of code: String, manifest: String = "{ \(everything) }", _ tests: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = try PluginFolder()
    try folder.write("subject/plugin.json", manifest)
    try folder.write("subject/init.lua", code)
    try folder.write("subject/test.lua", tests)
    let outcomes = try PluginTester(files: folder.files("subject"), journal: { MemoryJournal() }).run()
    #expect(!outcomes.isEmpty, sourceLocation: sourceLocation)
    for outcome in outcomes {
        #expect(outcome.failure == nil, "\(outcome.name): \(outcome.failure ?? "")", sourceLocation: sourceLocation)
    }
}

/// The problem that loading a plugin ends with.
func problem(loading code: String, manifest: String? = nil) throws -> PluginProblem {
    let folder = try PluginFolder()
    if let manifest { try folder.write("subject/plugin.json", manifest) }
    try folder.write("subject/init.lua", code)
    let world = folder.world()
    switch world.host.load(try folder.files("subject")) {
    case .success: throw Unexpected("it loaded")
    case .failure(let problem): return problem
    }
}

extension MemoryJournal: TestJournal {}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}
