import LuaHost
import RoomEngine

/// The life of plugins: read the manifest, make a state, compile, run with registrations captured, swap in, retire.
extension PluginHost {
    /// Whether the plugin's handlers are called.
    func isLive(_ plugin: Plugin) -> Bool { plugins[plugin.id] === plugin }

    /// Loads every plugin of the folder, in order. A broken one is reported and left out.
    package func loadAll() throws {
        let all = try PluginFiles.all(in: surroundings.folder)
        surroundings.sources?.keepOnly(Set(all.map(\.id)))
        for files in all where plugins[files.id] == nil && !disabled.contains(files.id) { _ = load(files) }
    }

    /// Loads a plugin, or a new version of it beside the one that runs. If anything fails, that one goes on running.
    @discardableResult
    package func load(_ files: PluginFiles) -> Result<Plugin, PluginProblem> {
        load(files, plugins[files.id].map { .reload($0.account) } ?? .start)
    }

    func load(_ files: PluginFiles, _ reason: LoadReason) -> Result<Plugin, PluginProblem> {
        let old = plugins[files.id]
        let generation = generations[files.id, default: 0] + 1
        generations[files.id] = generation
        do throws(PluginProblem) {
            let plugin = try stage(files.snapshot(), generation, reason, after: old)
            do throws(PluginProblem) {
                try checkNames(plugin)
                try takeOver(plugin, from: old)
            } catch {
                plugin.retire()
                throw error
            }
            return .success(plugin)
        } catch {
            refuse(error, old)
            if old == nil, case .start = reason, !error.ungranted.isEmpty { runGranted(files, until: error) }
            return .failure(error)
        }
    }

    /// Says why a version is not taken.
    package func refuse(_ problem: PluginProblem) { refuse(problem, plugins[problem.plugin]) }

    private func refuse(_ problem: PluginProblem, _ old: Plugin?) {
        refused[problem.plugin] = problem
        surroundings.log(
            PluginVersion(id: problem.plugin, generation: problem.generation > 0 ? problem.generation : nil), .error,
            problem.text + (old.map { "\n  \($0.version) keeps running" } ?? ""))
    }

    /// Ends a plugin. Everything it registered goes with it.
    package func unload(_ id: PluginID, reason: String = "unload") -> Bool {
        guard let plugin = plugins.removeValue(forKey: id) else { return false }
        tell(plugin, .unload, [.string(reason)])
        plugin.retire()
        history[id] = nil
        sortHooks()
        return true
    }

    // MARK: Before the swap

    /// The version in use once more, with a copy of its store, looking on only.
    func copy(of plugin: Plugin) throws(PluginProblem) -> Plugin {
        try stage(plugin.files, plugin.generation, .copy, after: plugin)
    }

    /// Reads, compiles and runs a plugin without letting it do anything yet.
    private func stage(_ files: PluginFiles, _ generation: Int, _ reason: LoadReason, after old: Plugin?) throws(PluginProblem) -> Plugin {
        let manifest: Manifest
        let locales: [String: [String: String]]
        do throws(Manifest.Problem) {
            manifest = try files.manifest()
            locales = try files.locales()
        } catch {
            let file = "\(files.root)/\(files.id)/plugin.json"
            throw PluginProblem(plugin: files.id, generation: generation, message: error.description, file: file)
        }
        try checkGrants(manifest, generation, reason)
        let plugin: Plugin
        let source: (text: String, chunkName: String)
        do throws(LuaHostError) {
            let isShadow = reason.isCopy || (choices[files.id].mode ?? manifest.mode) == .shadow
            plugin = try Plugin(
                files: files, manifest: manifest, generation: generation, reason: reason, host: self, store: store(of: files.id, isShadow, old),
                isShadow: isShadow, texts: Translations(tables: locales, standard: surroundings.language), configuration: try configuration(manifest))
            plugin.obey(choices[files.id])
            if let kept = old?.kept { try plugin.keep(kept) }
            source = try files.entry(manifest)
        } catch {
            throw PluginProblem(plugin: files.id, generation: generation, message: error.message)
        }
        switch plugin.load(source.text, name: source.chunkName) {
        case .returned: break
        case .failed(let failure):
            plugin.retire()
            throw PluginProblem(failure, of: plugin, context: "while loading", budget: Plugin.loadTime)
        case .waiting:
            plugin.retire()
            throw PluginProblem(plugin: files.id, generation: generation, message: "a plugin cannot wait while it is loaded: use roost.timer")
        }
        return plugin
    }

    /// A version that asks for more than the plugin was granted is not taken until an operator has said so. What is in the
    /// folder for the first time was put there by whoever may.
    private func checkGrants(_ manifest: Manifest, _ generation: Int, _ reason: LoadReason) throws(PluginProblem) {
        if reason.wasGranted { return }
        guard !surroundings.grantsEverything, let granted = choices[manifest.id].granted else { return }
        let missing = manifest.powers.subtracting(granted)
        if missing.isEmpty { return }
        throw PluginProblem(plugin: manifest.id, generation: generation, ungranted: missing, words: manifest.words(missing))
    }

    /// The plugin's store: one for all its versions. Those that only look on have a copy, which they hand on.
    private func store(of id: PluginID, _ isShadow: Bool, _ old: Plugin?) -> PluginStore {
        if isShadow, let old, old.shadow != nil { return old.store }
        return isShadow ? PluginStore(copying: store(of: id)) : store(of: id)
    }

    /// Two plugins with a command of the same name would leave it to chance which one is meant.
    private func checkNames(_ plugin: Plugin) throws(PluginProblem) {
        if plugin.shadow != nil { return }
        for other in plugins.values where other.id != plugin.id && other.shadow == nil {
            guard let name = plugin.plainCommands.sorted().first(where: { other.plainCommands.contains($0) }) else { continue }
            throw PluginProblem(
                plugin: plugin.id, generation: plugin.generation,
                message: "the command /\(name) belongs to the plugin \(other.id) already")
        }
    }

    // MARK: The swap

    /// Puts a staged version in use in place of the one that runs. Nothing else happens meanwhile: it is between two messages.
    private func takeOver(_ plugin: Plugin, from old: Plugin?) throws(PluginProblem) {
        let before: [LuaValue] = [.string(plugin.reason.name), old.map { .int(Int64($0.generation)) } ?? .nil]
        _ = try plugin.live(through: .load, before)
        if let old, let saved = save(old) {
            _ = try plugin.live(through: .restore, [saved, .int(Int64(old.generation))])
        }
        let granted = plugin.manifest.powers.union(choices[plugin.id].revoked.intersection(choices[plugin.id].granted ?? []))
        do {
            try choose { $0[plugin.id].granted = granted }
        } catch {
            throw PluginProblem(plugin: plugin.id, generation: plugin.generation, message: "what it may do cannot be kept: \(error)")
        }

        if let old { plugin.inherit(from: old) }
        plugins[plugin.id] = plugin
        refused[plugin.id] = nil
        plugin.liveSince = engine.clock.now.uptime
        remember(plugin)
        keepSources(of: plugin)
        if let old {
            tell(old, .unload, [.string(plugin.reason.name)])
            old.retire()
        }
        sortHooks()
        engine.perform(plugin.takeStaged())
        announce(plugin, old)
        schedules.wake(plugin.id)
        tell(plugin, .ready, before)
    }

    /// What the version in use hands on. If that fails, nothing is: a mistake there must not keep every later version away.
    private func save(_ old: Plugin) -> LuaValue? {
        defer { engine.perform(old.takeStaged()) }
        do throws(PluginProblem) {
            return try old.live(through: .save)
        } catch {
            log(old, .error, error.text)
            return nil
        }
    }

    private func announce(_ plugin: Plugin, _ old: Plugin?) {
        let (hooks, commands) = (plugin.hooks.count, plugin.commands.count)
        var first = "\(plugin.version) loaded: \(hooks) hook\(hooks == 1 ? "" : "s"), \(commands) command\(commands == 1 ? "" : "s")"
        if case .rollback(let earlier) = plugin.reason { first += "; it is g\(earlier.source) again, until the files are changed" }
        if plugin.shadow != nil { first += "; it looks on only" }
        if let old { first += "; g\(old.generation) retired\(plugin.movedWords)" }
        if old == nil { first += "; may \(plugin.powers)" }
        let report = PowerReport(manifest: plugin.manifest, before: old?.manifest.powers, revoked: choices[plugin.id].revoked)
        log(plugin, .info, ([first] + report.lines).joined(separator: "\n  "))
    }
}

extension Plugin {
    /// Takes over from the version before what its author need not think of: timers that the new one has too,
    /// and the waits between two uses of a command.
    func inherit(from old: Plugin) {
        for (name, command) in commands { command.waits = old.commands[name]?.waits ?? [:] }
        let due = Dictionary(old.timers.values.compactMap { timer in timer.key.map { ($0, timer) } }, uniquingKeysWith: { first, _ in first })
        movedTimers = timers.values.count { timer in
            guard let key = timer.key, let before = due[key] else { return false }
            return timer.takeOver(from: before)
        }
    }

    /// What is said of the timers that have moved, after "g7 retired".
    package var movedWords: String { movedTimers == 0 ? "" : movedTimers == 1 ? ", its 1 timer moved" : ", its \(movedTimers) timers moved" }

    /// What it may do, in words.
    package var powers: String {
        let words = manifest.words(manifest.powers.subtracting(host.choices[id].revoked))
        let store = manifest.store > 0 ? ["keep \(manifest.store >> 10) KiB"] : []
        return words.isEmpty && store.isEmpty ? "do nothing but look" : (words + store).joined(separator: ", ")
    }
}
