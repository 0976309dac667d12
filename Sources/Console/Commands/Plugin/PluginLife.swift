import Plugins
import RoomEngine

/// Loading and unloading, pausing, and going back.
extension PluginVerb {
    static let load = PluginVerb("load", "ID", "Loads it.") { try await put(try $0.plugin(), mustRun: false, $0) }
    static let reload = PluginVerb("reload", "ID", "Puts a new version in use, between two messages.") { try await put(try $0.plugin(), mustRun: true, $0) }

    static let enable = PluginVerb("enable", "ID", "Loads what was disabled.") { call in
        let id = try call.plugin()
        try call.server.setDisabled(id, false)
        try await call.host { _ = $0.disabled.remove(id) }
        try await put(id, mustRun: false, call)
    }

    static let unload = PluginVerb("unload", "ID", "Ends it until the next start.") { call in
        let id = try call.plugin()
        try await checkKnown(id, call)
        guard try await call.host({ $0.unload(id) }) else { throw ConsoleError.failed("'\(id)' is not loaded.") }
        call.output.line("\(id) is unloaded until the next start.")
    }

    static let disable = PluginVerb("disable", "ID", "Ends it, over restarts too.") { call in
        let id = try call.plugin()
        try await checkKnown(id, call)
        try call.server.setDisabled(id, true)
        try await call.host { host in
            host.disabled.insert(id)
            _ = host.unload(id, reason: "disable")
        }
        call.output.line("\(id) is disabled, over restarts too.")
    }

    static let pause = PluginVerb("pause", "ID", "Has it do nothing, until 'resume', a new version or the next start.") { call in
        let id = try call.plugin()
        try await call.loaded(id) { plugin, _ in plugin.pause(true) }
        call.output.line("\(id) is paused: its handlers, timers and commands are not called. What it is to check for safety does not pass.")
    }

    static let resume = PluginVerb("resume", "ID", "Ends a pause.") { call in
        let id = try call.plugin()
        let wasPaused = try await call.loaded(id) { plugin, _ in
            defer { plugin.pause(false) }
            return plugin.isPaused
        }
        if !wasPaused { throw ConsoleError.failed("'\(id)' is not paused.") }
        call.output.line("\(id) goes on.")
    }

    static let rollback = PluginVerb(
        "rollback", "ID [gN]", "Puts the version before, or generation N, in use again.",
        complete: { words, server in
            if words.count == 1 { return await Complete.plugins(server) }
            guard words.count == 2 else { return [] }
            let id = PluginID(words[1])
            return await server.ask { ($0.hooks as? PluginHost)?.history[id]?.dropLast().map { "g\($0.number)" } ?? [] }
        }
    ) { call in
        let id = try call.plugin()
        var generation: Int?
        if call.words.count > 2 {
            let word = call.words[2]
            guard let number = Int(word.hasPrefix("g") ? String(word.dropFirst()) : word) else {
                throw ConsoleError.usage("'\(word)' is no generation such as g3")
            }
            generation = number
        }
        let wanted = generation
        let loaded = try await call.host { LoadedPlugin(try $0.rollBack(id, to: wanted).get()) }
        call.output.line("\(loaded.version) is \(wanted.map { "g\($0)" } ?? "the version from before") again, until its files are changed or the server starts anew.")
    }

    // MARK: Parts

    private static func checkKnown(_ id: PluginID, _ call: Invocation) async throws {
        let isKnown = try await call.host { $0.plugins[id] != nil || PluginFiles.named(id.text, in: $0.surroundings.folder) != nil }
        if !isKnown { throw ConsoleError.failed("There is no plugin '\(id)'.") }
    }

    static func put(_ id: PluginID, mustRun: Bool, _ call: Invocation) async throws {
        let (files, running): (PluginFiles, String?) = try await call.host { host in
            let running = host.plugins[id]
            if mustRun, running == nil { throw PluginFailure(text: "'\(id)' is not loaded: 'plugin load \(id)'.") }
            guard let files = PluginFiles.named(id.text, in: host.surroundings.folder) else {
                throw PluginFailure(text: "There is no plugin '\(id)' in \(host.surroundings.folder).")
            }
            return (files, running?.version)
        }
        switch await call.server.load(files) {
        case .success(let plugin):
            call.output.line("\(plugin.version) is \(plugin.isShadow ? "looking on only" : "live"): \(plugin.hooks) hooks. It may \(plugin.powers).")
        case .failure(let problem): throw ConsoleError.failed(problem.text + (running.map { "\n\($0) keeps running." } ?? ""))
        }
    }
}
