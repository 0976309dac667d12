import Foundation
import RoomEngine
import Testing

/// `ROOST_SEED=n` runs one seed; `ROOST_SEEDS=n` sets how many are run; `ROOST_TRACE=n` how many of a failure's last steps are shown.
@Suite struct SimulationTests {
    static let steps = 200
    static let parts = 2
    private static let environment = ProcessInfo.processInfo.environment

    static func seeds(of part: Int) -> [UInt64] {
        if let seed = environment["ROOST_SEED"].flatMap(UInt64.init) { return part == 0 ? [seed] : [] }
        let count = environment["ROOST_SEEDS"].flatMap(Int.init) ?? 2_000
        return (1...UInt64(count)).filter { Int($0) % parts == part }
    }

    @Test("whatever fails, every promise is kept", arguments: 0..<parts)
    func promises(part: Int) {
        for seed in Self.seeds(of: part) {
            guard let violation = Simulation(seed: seed).run(steps: Self.steps) else { continue }
            Issue.record(Comment(rawValue: Self.report(seed, violation)))
            return
        }
    }

    /// The same seed once more, with the last steps written down.
    static func report(_ seed: UInt64, _ violation: String) -> String {
        let again = Simulation(seed: seed, isTracing: true)
        let second = again.run(steps: steps)
        let replays = second == violation ? "" : "\nIT DOES NOT REPLAY: \(second ?? "nothing broken")"
        return """
            \(violation)
            ROOST_SEED=\(seed) runs this seed alone. Its last steps:
            \(again.trace.suffix(environment["ROOST_TRACE"].flatMap(Int.init) ?? 40).joined(separator: "\n"))\(replays)
            """
    }

    @Test("a seed does the same each time")
    func replays() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let runs = (1...2).map { _ in
                let simulation = Simulation(seed: seed, isTracing: true)
                _ = simulation.run(steps: Self.steps)
                return simulation.trace
            }
            #expect(runs[0] == runs[1])
        }
    }

    @Test("the simulation does what it is for: people talk, change what they said, moderate and are erased; crashes and failures happen")
    func coverage() {
        var chats = 0
        var changes: [String: Int] = [:]
        var crashes = 0
        var movements = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            let simulation = Simulation(seed: seed)
            _ = simulation.run(steps: Self.steps)
            crashes += simulation.crashes
            for (room, _) in Ledger.seats {
                let events = simulation.ledger.events(room)
                for event in events {
                    switch event.body {
                    case .edit(_, let by, _): changes[by == nil ? "restore" : "edit", default: 0] += 1
                    case .delete(_, let by, _): changes[by == nil ? "redaction" : "deletion", default: 0] += 1
                    case .react(_, _, _, let on): changes[on ? "reaction" : "taken back", default: 0] += 1
                    case .exit(_, _, let reason): changes[reason.rawValue, default: 0] += 1
                    case .role(_, let before): changes[before == .member ? "appointed" : "dismissed", default: 0] += 1
                    case .owner: changes["owner", default: 0] += 1
                    case .topic(_, let by): changes[by == nil ? "topic of the console" : "topic", default: 0] += 1
                    case .deleted(let from, _, _): if from.id == Erased.id { changes["erased", default: 0] += 1 }
                    default: break
                    }
                }
                changes["report closed", default: 0] += simulation.ledger.dealtWith.count { $0.hasPrefix("r_") }
                changes["decided about", default: 0] += simulation.ledger.dealtWith.count { $0.hasPrefix("h_") }
                changes["approved", default: 0] += simulation.ledger.approved.count
                changes["whisper", default: 0] += simulation.ledger.heard.count
                chats += events.filter { $0.text != nil }.count
                movements += events.filter { $0.movement != nil }.count
            }
        }
        let wanted = [
            "restore", "edit", "redaction", "deletion", "reaction", "taken back", "left", "timeout", "kicked", "banned", "crash", "appointed",
            "dismissed", "owner", "topic", "topic of the console", "erased", "approved", "decided about", "report closed", "whisper",
        ]
        for kind in wanted { #expect(changes[kind] ?? 0 > 0, "\(kind) never happens: \(changes)") }
        #expect(chats > 500 && crashes > 50 && movements > 500, "\(chats) messages, \(crashes) crashes, \(movements) joins and exits")
    }
}
