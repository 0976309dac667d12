import ArgumentParser
import Foundation
import Plugins

/// `roost bench hostile`: handlers that try to run for ever, or to take all memory, and how long after their deadline each of
/// them has ended.
struct HostileBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile", abstract: "How long after its deadline each of many hostile handlers has ended.",
        discussion: """
            What is measured is how long the room waits: the call, its error with its traceback, and its verdict. Beside the clock's \
            time stands the CPU time of the thread, which is the smaller one on a machine with other things to do; handlers may use \
            their deadline's worth of it then.
            """)

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
        /// Milliseconds after the deadline, of each round: of the thread's CPU time, and of the clock. Negative for a handler
        /// that has ended by itself.
        var after: [(cpu: Double, clock: Double)]

        var median: Double { after.map(\.cpu).sorted()[after.count / 2] }
        var most: Double { after.map(\.cpu).max() ?? 0 }
        var clock: Double { after.map(\.clock).sorted()[after.count / 2] }
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
        print("\(results.count) hostile handlers with a deadline of \(Int(Self.deadline)) ms, \(rounds) times each; milliseconds after it:")
        print("  CPU time: median  most; clock: median")
        for result in results.prefix(worst) {
            print("  \(String(format: "%16.2f %5.2f %14.2f", result.median, result.most, result.clock))  \(result.name)")
        }
        print("\(late == 0 ? "None" : "\(late)") ended more than 10 ms after the deadline.")
    }

    /// One handler, called once in a room of its own.
    private static func measure(_ snippet: String) throws -> (cpu: Double, clock: Double) {
        let bench = try HookBench(plugin: "roost.on('chat', function(e)\n\(snippet)\nend)")
        let began = cpuMilliseconds
        let clock = bench.microsecondsPerCall(1) / 1_000
        return (cpuMilliseconds - began - deadline, clock - deadline)
    }

    /// CPU time of this thread.
    private static var cpuMilliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    private static func name(_ snippet: String) -> String {
        let line = snippet.replacingOccurrences(of: "\n", with: " ").trimmingCharacters(in: .whitespaces)
        return line.count > 100 ? line.prefix(99) + "…" : line
    }
}
