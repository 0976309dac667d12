import ArgumentParser
import Foundation
import Journal
import RoomEngine

extension Bench {
    /// `roost bench journal`
    struct JournalBench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "journal", abstract: "What it costs to store messages: a batch, as a busy server commits it.",
            discussion: "Times are medians over rounds, on the disk of the temporary folder (TMPDIR).")

        @Option(help: "Messages in a batch.")
        var batch = 1_000

        @Option(help: "Rounds.")
        var rounds = 50

        func run() async throws {
            for durability in SQLiteJournal.Durability.allCases {
                for size in [1, batch] {
                    let times = try await measure(durability, size)
                    let median = times[times.count / 2]
                    let name = "\(durability.rawValue), \(size == 1 ? "one message" : "\(size) messages")"
                    print("  \(name.padding(toLength: 30, withPad: " ", startingAt: 0)) \(format(median)) ms, at most \(format(times.last ?? 0)) ms: \(Int(Double(size) / median * 1_000)) a second")
                }
            }
        }

        private func format(_ milliseconds: Double) -> String { String(format: "%.3f", milliseconds) }

        /// Milliseconds of each round, in ascending order.
        private func measure(_ durability: SQLiteJournal.Durability, _ size: Int) async throws -> [Double] {
            let folder = NSTemporaryDirectory() + "roost-bench-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (answers, sink) = AsyncStream.makeStream(of: Void.self)
            let journal = try SQLiteJournal(path: folder + "/roost.sqlite", durability: durability) { answer in
                if case .committed = answer { sink.yield() }
            }
            var next = answers.makeAsyncIterator()
            let ann = MemberInfo(id: "u_5mq0c2vd9x", name: "Ann", color: "#7984d2")
            var times: [Double] = []
            for round in 0..<rounds {
                let units: [JournalUnit] = (0..<size).map { number in
                    let room = RoomID("room\(number % 20)")
                    return [.event(Event(room: room, at: 1_790_000_000_000, body: .chat(from: ann, text: "message \(number) of an ordinary length, more or less", replyTo: nil), cid: "\(round)-\(number)"))]
                }
                let start = ContinuousClock.now
                journal.commit(UInt64(round), units)
                await next.next()
                times.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            try journal.close()
            return times.sorted()
        }
    }
}
