import Foundation
import LuaHost
import RoomEngine

/// Measures what it costs to ask plugins about a message.
package final class HookBench {
    private let world: TestWorld
    private let event: () -> HookEvent
    private let source: [(PluginFiles, String)]
    private let folder: String

    package convenience init(plugin: String) throws { try self.init(plugins: [plugin]) }

    /// - Parameter plugins: the sources of single-file plugins
    package init(plugins: [String]) throws {
        let folder = NSTemporaryDirectory() + "roost-bench-\(UUID().uuidString)"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (index, text) in plugins.enumerated() {
            try text.write(toFile: "\(folder)/bench\(index).lua", atomically: true, encoding: .utf8)
        }
        world = TestWorld(journal: SilentJournal(), seed: 1) { _ in .init(folder: folder, log: { _, _, _ in }) }
        source = try PluginFiles.all(in: folder).map { ($0, $0.path) }
        try world.host.loadAll()
        let ann = world.visitor(named: "Ann", seed: nil, isAdmin: false)
        guard case .success(let id)? = world.room(NewRoom(title: "Bench"), owner: ann), let room = world.engine.rooms[id],
            let person = world.engine.people[ann.record.id]
        else { throw LuaHostError("the bench has no room") }
        event = { HookEvent(chat: "This is a message of about a hundred characters, as people write them in chat rooms all day long.", room, person) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// One event made, asked about and decided, over and over.
    package func microsecondsPerCall(_ calls: Int) -> Double {
        let start = nanoseconds()
        for _ in 0..<calls { world.host.decide(event()) { _ in } }
        return Double(nanoseconds() - start) / Double(calls) / 1_000
    }

    /// Bytes of the first plugin's state.
    package var memory: Int { world.host.plugins.values.first?.memory.used ?? 0 }

    /// The first plugin loaded anew.
    package func millisecondsToLoad() -> Double {
        let start = nanoseconds()
        _ = world.host.load(source[0].0)
        return Double(nanoseconds() - start) / 1e6
    }

    /// Stores nothing and answers at once.
    private final class SilentJournal: TestJournal {
        private var asked: [(UInt64, Int)] = []
        private var queries: [UInt64] = []
        let snapshot = Snapshot()
        func store(of plugin: PluginID) -> [StoreChange] { [] }
        func schedules(of plugin: PluginID) -> [ScheduleChange] { [] }
        var isIdle: Bool { asked.isEmpty && queries.isEmpty }
        func commit(_ batch: UInt64, _ units: [JournalUnit]) { asked.append((batch, units.count)) }
        func find(_ query: UInt64, _ wanted: EventQuery) { queries.append(query) }
        func deliver(to engine: Engine) {
            let (commits, finds) = (asked, queries)
            (asked, queries) = ([], [])
            for (batch, count) in commits { engine.committed(batch, Array(repeating: .stored([1]), count: count)) }
            for query in finds { engine.found(query, []) }
        }
    }
}
