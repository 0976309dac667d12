import LuaHost
import RoomEngine

/// The life of plugins: read the manifest, make a state, compile, run with registrations captured, swap in, retire.
extension PluginHost {
    /// Whether the plugin's handlers are called.
    func isLive(_ plugin: Plugin) -> Bool { plugins[plugin.id] === plugin }

    /// Loads every plugin of the folder, in order. A broken one is reported and left out.
    package func loadAll() throws {
        for files in try PluginFiles.all(in: surroundings.folder) where plugins[files.id] == nil && !disabled.contains(files.id) {
            _ = load(files)
        }
    }

    /// Loads a plugin, or a new version of it beside the one that runs. If anything fails, that one goes on running.
    @discardableResult
    package func load(_ files: PluginFiles) -> Result<Plugin, PluginProblem> {
        let old = plugins[files.id]
        let generation = generations[files.id, default: 0] + 1
        generations[files.id] = generation
        do throws(PluginProblem) {
            let plugin = try stage(files, generation, after: old)
            try checkNames(plugin)
            plugins[plugin.id] = plugin
            refused[plugin.id] = nil
            old?.retire()
            sortHooks()
            schedules.wake(plugin.id)
            log(plugin.id, .info, "\(plugin.version) loaded: \(plugin.hooks.count) hooks, \(plugin.commands.count) commands; may \(plugin.powers)")
            return .success(plugin)
        } catch {
            refused[files.id] = error
            log(files.id, .error, error.text + (old.map { "\n  \($0.version) keeps running" } ?? ""))
            return .failure(error)
        }
    }

    /// Ends a plugin. Everything it registered goes with it.
    package func unload(_ id: PluginID) -> Bool {
        guard let plugin = plugins.removeValue(forKey: id) else { return false }
        plugin.retire()
        sortHooks()
        return true
    }

    /// Reads, compiles and runs a plugin without letting it do anything yet.
    private func stage(_ files: PluginFiles, _ generation: Int, after old: Plugin?) throws(PluginProblem) -> Plugin {
        let manifest: Manifest
        let locales: [String: [String: String]]
        do throws(Manifest.Problem) {
            manifest = try files.manifest()
            locales = try files.locales()
        } catch {
            let file = "\(files.root)/\(files.id)/plugin.json"
            throw PluginProblem(plugin: files.id, generation: generation, message: error.description, file: file)
        }
        let plugin: Plugin
        let source: (text: String, chunkName: String)
        do throws(LuaHostError) {
            plugin = try Plugin(
                files: files, manifest: manifest, generation: generation, host: self, store: store(of: files.id),
                texts: Translations(tables: locales, standard: surroundings.language), configuration: try configuration(manifest))
            if let kept = old?.state.read("roost.keep") { try plugin.state.define("roost.keep", value: kept) }
            source = try files.entry(manifest)
        } catch {
            throw PluginProblem(plugin: files.id, generation: generation, message: error.message)
        }
        switch plugin.load(source.text, name: source.chunkName) {
        case .returned: return plugin
        case .failed(let failure):
            plugin.retire()
            throw PluginProblem(failure, of: plugin, context: "while loading", budget: Plugin.loadTime)
        case .waiting:
            plugin.retire()
            throw PluginProblem(plugin: files.id, generation: generation, message: "a plugin cannot wait while it is loaded: use roost.timer")
        }
    }

    /// Two plugins with a command of the same name would leave it to chance which one is meant.
    private func checkNames(_ plugin: Plugin) throws(PluginProblem) {
        for other in plugins.values where other.id != plugin.id {
            guard let name = plugin.plainCommands.sorted().first(where: { other.plainCommands.contains($0) }) else { continue }
            plugin.retire()
            throw PluginProblem(
                plugin: plugin.id, generation: plugin.generation,
                message: "the command /\(name) belongs to the plugin \(other.id) already")
        }
    }
}

extension Plugin {
    /// What it may do, in words.
    package var powers: String {
        let words = manifest.permissions.sorted { $0.rawValue < $1.rawValue }.map { permission in
            permission == .http ? "\(permission.inWords) (\(manifest.hosts.map(\.description).joined(separator: ", ")))" : permission.inWords
        }
        let store = manifest.store > 0 ? ["keep \(manifest.store >> 10) KiB"] : []
        return words.isEmpty && store.isEmpty ? "do nothing but look" : (words + store).joined(separator: ", ")
    }
}
