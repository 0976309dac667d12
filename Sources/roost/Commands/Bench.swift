import ArgumentParser
import Foundation
import Journal
import LuaHost
import Plugins

/// `roost bench …`
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure parts of the server.", subcommands: [Hooks.self, HostileBench.self, JournalBench.self, EchoCommand.self])

    /// `roost bench hooks`
    struct Hooks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a hook call costs: Swift → Lua → verdict.",
            discussion: "Times are medians over rounds, in microseconds of one thread.")

        @Option(help: "Calls in a round.")
        var calls = 100_000

        @Option(help: "Rounds.")
        var rounds = 7

        func run() async throws {
            print("A chat event through one plugin's handler, with its event, its decision and its trace:")
            for (name, handler) in handlers {
                let bench = try HookBench(plugin: "roost.on('chat', \(handler))")
                report(name, microseconds: median { bench.microsecondsPerCall(calls) })
            }
            print("Ten plugins, each with a handler that compares the text:")
            let ten = try HookBench(plugins: (0..<10).map { "roost.on('chat', function(e) if e.text == 'w\($0)' then return roost.drop('no') end end)" })
            report("all ten", microseconds: median { ten.microsecondsPerCall(calls / 10) })
            print("A handler that never ends, with a deadline of 50 ms:")
            let endless = try HookBench(plugin: "roost.on('chat', function() while true do end end)")
            let over = (0..<rounds).map { _ in endless.microsecondsPerCall(1) / 1_000 - 50 }.sorted()
            print("  ended \(String(format: "%.2f ms after its deadline, at most %.2f ms", over[over.count / 2], over.last!))")
            let size = try HookBench(plugin: "")
            print("A fresh plugin state: \(size.memory >> 10) KiB, loaded in \(String(format: "%.2f", median { size.millisecondsToLoad() })) ms")
        }

        private var handlers: [(String, String)] {
            [
                ("does nothing", "function(e) end"),
                ("compares the text", "function(e) if e.text == 'ping' then return roost.drop('no') end end"),
                ("searches the text", "function(e) if e.text:find('forbidden', 1, true) then return roost.drop('no') end end"),
                ("reads the author's name", "function(e) if e.user.name == 'Nobody' then return roost.drop('no') end end"),
                ("changes the text", "function(e) return roost.modify{ text = e.text } end"),
                ("drops the message", "function(e) return roost.drop('no') end"),
            ]
        }

        private func median(_ measure: () -> Double) -> Double { (0..<rounds).map { _ in measure() }.sorted()[rounds / 2] }

        private func report(_ name: String, microseconds: Double) {
            print("  \(name.padding(toLength: 44, withPad: " ", startingAt: 0)) \(String(format: "%8.3f", microseconds)) µs")
        }
    }
}
