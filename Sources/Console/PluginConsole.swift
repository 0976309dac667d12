import Plugins
import RoomEngine

/// The console commands of plugins: `guard shield on` is the command `shield` of the plugin `guard`. A command of the console's
/// own wins over a plugin of that name.
enum PluginConsole {
    struct Row: Sendable {
        let plugin: String
        let name: String
        let usage: String
        let help: String

        var fullUsage: String { usage.isEmpty ? "\(plugin) \(name)" : "\(plugin) \(name) \(usage)" }
    }

    /// Every command of every plugin, by plugin.
    static func rows(_ server: any ConsoleServer) async -> [Row] {
        await server.ask { engine in
            let plugins = (engine.hooks as? PluginHost)?.plugins.values.sorted { $0.id.text < $1.id.text } ?? []
            return plugins.flatMap { plugin in
                plugin.consoleCommands.values.sorted { $0.name < $1.name }.map { Row(plugin: plugin.id.text, name: $0.name, usage: $0.usage, help: $0.help) }
            }
        }
    }

    /// The console's command that a plugin's id is, if that plugin has any.
    static func command(_ plugin: String, _ server: any ConsoleServer) async -> ConsoleCommand? {
        let rows = await rows(server).filter { $0.plugin == plugin }
        guard !rows.isEmpty else { return nil }
        return ConsoleCommand(
            plugin, rows.map(\.name).joined(separator: "|") + " …", "Commands of the plugin \(plugin).", examples: rows.map(\.fullUsage),
            complete: { words, server in await complete(plugin, words, server) }, run: { call in try await run(plugin, rows, call) })
    }

    private static func run(_ plugin: String, _ rows: [Row], _ call: Invocation) async throws {
        guard let name = call.words.first else {
            return call.output.table(["Command", "Does"], rows.map { [$0.fullUsage, $0.help] })
        }
        guard rows.contains(where: { $0.name == name }) else {
            let hint = nearest(name, in: rows.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
            throw ConsoleError.failed("'\(plugin)' has no command '\(name)'.\(hint)")
        }
        let arguments = call.words.dropFirst().map { $0.contains(where: \.isWhitespace) || $0.isEmpty ? "\"\($0)\"" : $0 }.joined(separator: " ")
        let by = call.by
        let (output, problem): ([ConsoleOutput], String?) = await call.server.await { engine, answer in
            guard let host = engine.hooks as? PluginHost, let plugin = host.plugins[PluginID(plugin)], let command = plugin.consoleCommands[name] else {
                return answer(([], "The plugin is gone."))
            }
            host.runConsole(plugin, command, arguments, by: by) { answer(($0, $1)) }
        }
        for each in output {
            switch each {
            case .line(let text): call.output.line(text)
            case .table(let columns, let rows): call.output.table(columns, rows)
            }
        }
        if let problem { throw ConsoleError.failed(problem) }
    }

    private static func complete(_ plugin: String, _ words: [String], _ server: any ConsoleServer) async -> [String] {
        await server.ask { engine in
            guard let plugin = (engine.hooks as? PluginHost)?.plugins[PluginID(plugin)] else { return [] }
            guard let name = words.first else { return Array(plugin.consoleCommands.keys) }
            return plugin.consoleCommands[name]?.candidates(at: words.count - 1, engine) ?? []
        }
    }
}
