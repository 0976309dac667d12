import Plugins
import RoomEngine

extension PluginVerb {
    /// One plugin with everything.
    static func show(_ id: PluginID, _ call: Invocation) async throws {
        let found: (fields: [(String, String)], problems: [String])? = try await call.host { host in
            let refused = host.refused[id]
            guard let plugin = host.plugins[id] else {
                return refused.map { ([("Plugin", id.text), ("State", $0.ungranted.isEmpty ? "refused" : "waits for a grant")], [$0.text]) }
            }
            return (fields(of: plugin, host), plugin.problems.suffix(1).map(\.text) + (refused.map { [$0.text] } ?? []))
        }
        guard let found else {
            let known = await Complete.plugins(call.server) + all.map(\.name)
            let hint = nearest(id.text, in: known).map { " Did you mean '\($0)'?" } ?? ""
            throw ConsoleError.failed("There is no plugin '\(id)'.\(hint)")
        }
        call.output.fields(found.fields)
        for problem in found.problems { call.output.line(problem) }
    }

    private static func fields(of plugin: Plugin, _ host: PluginHost) -> [(String, String)] {
        let account = plugin.account
        let revoked = host.choices[plugin.id].revoked.sorted()
        let earlier = host.history[plugin.id]?.dropLast().map { "g\($0.number)\($0.source == $0.number ? "" : " (g\($0.source))")" } ?? []
        var fields = [
            ("Plugin", plugin.id.text), ("State", host.state(of: plugin, at: host.engine.clock.now.uptime)),
            ("Version", "\(plugin.manifest.version), generation \(plugin.generation)"), ("Kept", earlier.isEmpty ? "-" : earlier.joined(separator: ", ")),
            ("Hooks", plugin.hooks.isEmpty ? "-" : plugin.hooks.map { "\(EventName.of($0)) (\($0.phase.rawValue))" }.joined(separator: ", ")),
            ("Commands", plugin.commands.values.map(\.usage).sorted().joined(separator: ", ")), ("May", plugin.powers),
        ]
        if !revoked.isEmpty { fields.append(("Taken", revoked.joined(separator: ", "))) }
        fields += [
            ("Memory", "\(plugin.memory.used >> 10) KiB of \(plugin.manifest.memory >> 10), at most \(plugin.memory.peak >> 10)"),
            ("Calls", "\(account.calls) in \(account.nanoseconds / 1_000_000) ms, the longest \(Measure.microseconds(account.longest)), \(account.steps) steps"),
            ("Verdicts", account.verdicts.isEmpty ? "-" : account.verdicts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")),
            ("Errors", "\(plugin.problemCount), \(account.stalls) of them over a limit"),
        ]
        if let shadow = plugin.shadow { fields.append(("Would have done", "\(shadow.count): 'plugin diff \(plugin.id)'")) }
        return fields
    }
}
