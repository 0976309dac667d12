import Plugins
import RoomEngine

extension ConsoleCommands {
    static let plugins = ConsoleCommand("plugins", "The plugins: their version, hooks, memory and errors.") { call in
        let rows: [[String]] = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return [] }
            let uptime = engine.clock.now.uptime
            let loaded = host.plugins.values.map { plugin in
                [
                    plugin.id.text, host.state(of: plugin, at: uptime), "g\(plugin.generation)", plugin.manifest.version,
                    "\(plugin.hooks.count)", "\(plugin.commands.count)", "\(plugin.memory.used >> 10) KiB", "\(plugin.problemCount)",
                ]
            }
            let refused = host.refused.values.filter { host.plugins[$0.plugin] == nil }.map { [$0.plugin.text, $0.ungranted.isEmpty ? "refused" : "waits for a grant", "g\($0.generation)", "-", "-", "-", "-", "1"] }
            let disabled = host.disabled.filter { host.plugins[$0] == nil }.map { [$0.text, "disabled", "-", "-", "-", "-", "-", "-"] }
            return (loaded + refused + disabled).sorted { $0[0] < $1[0] }
        }
        if rows.isEmpty { return call.output.line("There are no plugins.") }
        call.output.table(["Plugin", "State", "Gen", "Version", "Hooks", "Commands", "Memory", "Errors"], rows)
    }
}

extension PluginHost {
    /// How a plugin that is in use is, in words.
    func state(of plugin: Plugin, at uptime: Int64) -> String {
        var words = [plugin.shadow == nil ? "live" : "shadow"]
        if let trouble = plugin.trouble(at: uptime) { words.append(trouble) }
        if let problem = refused[plugin.id] { words.append(problem.ungranted.isEmpty ? "new version refused" : "new version waits for a grant") }
        return words.joined(separator: ", ")
    }
}

/// The name of the event that a hook is for.
enum EventName {
    static func of(_ hook: Hook) -> String { HookKind.allCases[hook.row].name }
}
