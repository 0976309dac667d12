import Foundation
import Plugins
import RoomEngine

/// What plugins cost, and where.
extension PluginVerb {
    static let top = PluginVerb("top", "[TIME]", "What each costs: since it was loaded, or within the next TIME.", complete: { _, _ in [] }) { call in
        let before: [PluginID: Row]
        let elapsed: Double?
        if call.words.count > 1 {
            guard let time = seconds(in: call.words[1]), (0.1...600).contains(time) else { throw ConsoleError.usage("'\(call.words[1])' is no time up to 10m") }
            before = try await rows(call)
            try await Task.sleep(for: .seconds(time))
            elapsed = time
        } else {
            (before, elapsed) = ([:], nil)
        }
        let now = try await rows(call).sorted { ($0.value.busy, $1.key.text) > ($1.value.busy, $0.key.text) }
        if now.isEmpty { return call.output.line("There are no plugins.") }
        call.output.table(
            ["Plugin", "Calls", "Busy", "Share", "Average", "Longest", "Steps", "Memory", "Verdicts", "Errors", "Stalls"],
            now.map { id, row in row.since(before[id]).cells(id, elapsed ?? row.age) })
    }

    static let profile = PluginVerb("profile", "ID [TIME] [FILE]", "Where its time goes: stacks, folded as flame graph programs read them.") { call in
        let id = try call.plugin()
        let time = call.words.count > 2 ? seconds(in: call.words[2]) : 10
        guard let time, (0.1...600).contains(time) else { throw ConsoleError.usage("'\(call.words[2])' is no time up to 10m") }
        let generation = try await call.loaded(id) { plugin, _ in
            guard plugin.beginProfile() else { throw PluginFailure(text: "A profile of '\(id)' is being taken already.") }
            return plugin.generation
        }
        let wasCancelled = await (try? Task.sleep(for: .seconds(time))) == nil
        let folded = try await call.loaded(id) { plugin, _ in
            guard plugin.generation == generation else { throw PluginFailure(text: "'\(id)' was reloaded meanwhile: the profile went with the old version.") }
            return plugin.endProfile()
        }
        if wasCancelled { throw CancellationError() }
        let lines = folded.split(separator: "\n").sorted { count($0) > count($1) }
        if lines.isEmpty { return call.output.line("It was never met at work: it took less than a millisecond at a time, or was not called.") }
        guard call.words.count > 3 else {
            for line in lines { call.output.line(String(line)) }
            return
        }
        let file = call.words[3]
        do {
            try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw ConsoleError.failed("\(file) could not be written: \(error.localizedDescription)")
        }
        call.output.line("\(lines.reduce(0) { $0 + count($1) }) samples in \(lines.count) stacks are in \(file) (a path of the server's).")
    }

    private static func count(_ line: Substring) -> Int { line.split(separator: " ").last.flatMap { Int($0) } ?? 0 }

    // MARK: Rows

    private struct Row: Sendable {
        var calls: Int
        var errors: Int
        var stalls: Int
        /// Nanoseconds.
        var busy: Int64
        var longest: Int64
        var steps: UInt64
        var memory: (used: Int, peak: Int)
        var verdicts: [(name: String, count: Int)]
        /// Seconds since it was loaded.
        var age: Double

        /// What has come since; another version has nothing in common with it.
        func since(_ before: Row?) -> Row {
            guard let before, before.calls <= calls, before.age <= age else { return self }
            var row = self
            row.calls -= before.calls
            row.errors -= before.errors
            row.stalls -= before.stalls
            row.busy -= before.busy
            row.steps -= min(row.steps, before.steps)
            row.verdicts = verdicts.map { verdict in (verdict.name, verdict.count - (before.verdicts.first { $0.name == verdict.name }?.count ?? 0)) }
            return row
        }

        func cells(_ id: PluginID, _ elapsed: Double) -> [String] {
            let share = elapsed > 0 ? Double(busy) / 1e7 / elapsed : 0
            let given = verdicts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }.joined(separator: " ")
            return [
                id.text, "\(calls)", "\(busy / 1_000_000) ms", String(format: "%.2f %%", share), calls == 0 ? "-" : Measure.microseconds(busy / Int64(calls)),
                Measure.microseconds(longest), "\(steps)", "\(memory.used >> 10) KiB", given.isEmpty ? "-" : given, "\(errors)", "\(stalls)",
            ]
        }
    }

    private static func rows(_ call: Invocation) async throws -> [PluginID: Row] {
        try await call.host { host in
            let now = host.engine.clock.now.wall
            return host.plugins.mapValues { plugin in
                let account = plugin.account
                return Row(
                    calls: account.calls, errors: account.errors, stalls: account.stalls, busy: account.nanoseconds, longest: account.longest,
                    steps: account.steps, memory: plugin.memory, verdicts: account.verdicts, age: Double(now - plugin.loadedAt) / 1_000)
            }
        }
    }
}

enum Measure {
    /// Nanoseconds as microseconds, for people.
    static func microseconds(_ nanoseconds: Int64) -> String { String(format: "%.1f µs", Double(nanoseconds) / 1_000) }
}
