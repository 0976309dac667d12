import Plugins
import RoomEngine

extension ConsoleCommands {
    static let plugins = ConsoleCommand("plugins", "The plugins: their version, hooks, memory and errors.") { call in
        let rows: [[String]] = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return [] }
            let loaded = host.plugins.values.map { plugin in
                [
                    plugin.id.text, host.refused[plugin.id] == nil ? "live" : "live, new version refused", "g\(plugin.generation)", plugin.manifest.version,
                    "\(plugin.hooks.count)", "\(plugin.commands.count)", "\(plugin.memory.used >> 10) KiB", "\(plugin.problemCount)",
                ]
            }
            let refused = host.refused.values.filter { host.plugins[$0.plugin] == nil }.map { [$0.plugin.text, "refused", "g\($0.generation)", "-", "-", "-", "-", "1"] }
            let disabled = host.disabled.filter { host.plugins[$0] == nil }.map { [$0.text, "disabled", "-", "-", "-", "-", "-", "-"] }
            return (loaded + refused + disabled).sorted { $0[0] < $1[0] }
        }
        if rows.isEmpty { return call.output.line("There are no plugins.") }
        call.output.table(["Plugin", "State", "Gen", "Version", "Hooks", "Commands", "Memory", "Errors"], rows)
    }

    static let plugin = ConsoleCommand(
        "plugin", "ID | load|unload|reload|enable|disable ID | config ID [KEY [VALUE… | --reset]]", "One plugin with everything, or a change of it.",
        examples: ["plugin guard", "plugin reload guard", "plugin disable greet", "plugin config guard", "plugin config guard mute_after 5"],
        complete: { words, server in
            let verbs = ["load", "unload", "reload", "enable", "disable", "config"]
            if words.first == "config" { return await PluginConfigCommand.complete(words, server) }
            if words.isEmpty { return verbs + (await Complete.plugins(server)) }
            return words.count == 1 && verbs.contains(words[0]) ? await Complete.plugins(server) : []
        }
    ) { call in
        let verb = try call.word(0, "a plugin")
        switch verb {
        case "config": try await PluginConfigCommand.run(call)
        case "load", "reload":
            try await load(try call.word(1, "a plugin"), mustRun: verb == "reload", call)
        case "enable":
            let id = try call.word(1, "a plugin")
            try call.server.setDisabled(PluginID(id), false)
            await call.server.ask { _ = ($0.hooks as? PluginHost)?.disabled.remove(PluginID(id)) }
            try await load(id, mustRun: false, call)
        case "unload", "disable":
            let id = PluginID(try call.word(1, "a plugin"))
            let isKnown = await call.server.ask { engine in
                (engine.hooks as? PluginHost).map { $0.plugins[id] != nil || PluginFiles.named(id.text, in: $0.surroundings.folder) != nil } ?? false
            }
            guard isKnown else { throw ConsoleError.failed("There is no plugin '\(id)'.") }
            if verb == "disable" { try call.server.setDisabled(id, true) }
            let wasLoaded = await call.server.ask { engine in
                guard let host = engine.hooks as? PluginHost else { return false }
                if verb == "disable" { host.disabled.insert(id) }
                return host.unload(id)
            }
            if !wasLoaded, verb == "unload" { throw ConsoleError.failed("'\(id)' is not loaded.") }
            call.output.line(verb == "disable" ? "\(id) is disabled, over restarts too." : "\(id) is unloaded until the next start.")
        default: try await show(PluginID(verb), call)
        }
    }

    private static func load(_ id: String, mustRun: Bool, _ call: Invocation) async throws {
        let result: Result<String, ConsoleFailure> = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return .failure(ConsoleFailure(text: "This server has no plugins.")) }
            let running = host.plugins[PluginID(id)]
            if mustRun, running == nil { return .failure(ConsoleFailure(text: "'\(id)' is not loaded: 'plugin load \(id)'.")) }
            guard let files = PluginFiles.named(id, in: host.surroundings.folder) else {
                return .failure(ConsoleFailure(text: "There is no plugin '\(id)' in \(host.surroundings.folder)."))
            }
            switch host.load(files) {
            case .success(let plugin): return .success("\(plugin.version) is live: \(plugin.hooks.count) hooks. It may \(plugin.powers).")
            case .failure(let problem):
                return .failure(ConsoleFailure(text: problem.text + (running.map { "\n\($0.version) keeps running." } ?? "")))
            }
        }
        switch result {
        case .success(let text): call.output.line(text)
        case .failure(let failure): throw ConsoleError.failed(failure.text)
        }
    }

    private struct ConsoleFailure: Error {
        let text: String
    }

    private static func show(_ id: PluginID, _ call: Invocation) async throws {
        let found: (fields: [(String, String)], problems: [String])? = await call.server.ask { engine in
            guard let host = engine.hooks as? PluginHost else { return nil }
            guard let plugin = host.plugins[id] else {
                return host.refused[id].map { ([("Plugin", id.text), ("State", "refused")], [$0.text]) }
            }
            let hooks = plugin.hooks.map { "\(EventName.of($0)) (\($0.phase.rawValue))" }.joined(separator: ", ")
            return (
                [
                    ("Plugin", id.text), ("State", "live"), ("Version", "\(plugin.manifest.version), generation \(plugin.generation)"), ("Hooks", hooks.isEmpty ? "-" : hooks),
                    ("Commands", plugin.commands.values.map(\.usage).sorted().joined(separator: ", ")), ("May", plugin.powers),
                    ("Memory", "\(plugin.memory.used >> 10) KiB of \(plugin.manifest.memory >> 10), at most \(plugin.memory.peak >> 10)"),
                    ("Calls", "\(plugin.hooks.reduce(0) { $0 + $1.calls }) in \(plugin.hooks.reduce(0) { $0 + $1.nanoseconds } / 1_000_000) ms"),
                    ("Errors", "\(plugin.problemCount)"),
                ], plugin.problems.suffix(1).map(\.text) + (host.refused[id].map { [$0.text] } ?? [])
            )
        }
        guard let found else { throw ConsoleError.failed("There is no plugin '\(id)'.") }
        call.output.fields(found.fields)
        for problem in found.problems { call.output.line(problem) }
    }
}

/// The name of the event that a hook is for.
enum EventName {
    static func of(_ hook: Hook) -> String { HookKind.allCases[hook.row].name }
}
