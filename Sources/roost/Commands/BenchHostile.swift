import ArgumentParser
import Foundation
import Plugins

/// `roost bench hostile`: handlers that try to run for ever, or to take all memory, and how long after their deadline each of
/// them has ended.
struct HostileBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile", abstract: "How long after its deadline each of many hostile handlers has ended.",
        discussion: "What is measured is how long the room waits: the call, its error with its traceback, and its verdict.")

    @Argument(help: "Snippets of Lua, with lines of '----' between them.")
    var file = "Tests/Fixtures/lua/hostile.txt"

    @Option(help: "How often each is run; the median of its times counts.")
    var rounds = 3

    @Option(help: "How many of the worst are named.")
    var worst = 10

    /// Milliseconds that a handler has if its manifest names no others.
    private static let deadline = 50.0

    private struct Result {
        var name: String
        /// Milliseconds after the deadline, of each round; negative for a handler that has ended by itself.
        var after: [Double]

        var median: Double { after.sorted()[after.count / 2] }
        var most: Double { after.max() ?? 0 }
    }

    func validate() throws {
        guard rounds > 0, worst > 0 else { throw ValidationError("Rounds and worst are at least 1.") }
    }

    func run() async throws {
        let snippets = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n----\n")
        let results = try snippets.map { snippet in
            Result(name: Self.name(snippet), after: try (0..<rounds).map { _ in try Self.measure(snippet) })
        }.sorted { $0.median > $1.median }
        let late = results.count { $0.median > 10 }
        print("\(results.count) hostile handlers with a deadline of \(Int(Self.deadline)) ms; milliseconds after it, median and most of \(rounds):")
        for result in results.prefix(worst) {
            print("  \(String(format: "%7.2f %7.2f", result.median, result.most))  \(result.name)")
        }
        print("\(late == 0 ? "None" : "\(late)") ended more than 10 ms after the deadline.")
    }

    /// One handler, called once in a room of its own.
    private static func measure(_ snippet: String) throws -> Double {
        let bench = try HookBench(plugin: "roost.on('chat', function(e)\n\(snippet)\nend)")
        return bench.microsecondsPerCall(1) / 1_000 - deadline
    }

    private static func name(_ snippet: String) -> String {
        let line = snippet.replacingOccurrences(of: "\n", with: " ").trimmingCharacters(in: .whitespaces)
        return line.count > 100 ? line.prefix(99) + "…" : line
    }
}
