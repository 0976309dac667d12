import JSONText
import LuaHost
import RoomEngine

/// The plugins' settings: what an operator has said in the console counts before the server's configuration, and that before
/// what the manifest says.
extension PluginHost {
    /// A setting as the console shows it.
    package struct SettingRow: Sendable {
        package let name: String
        package let value: JSONValue
        /// `manifest`, `configuration` or `console`.
        package let source: String
        package let kind: String
        package let help: String
    }

    /// A plugin's settings, or nil if there is no such plugin.
    package func settings(of id: PluginID) throws(LuaHostError) -> [SettingRow]? {
        guard let manifest = try manifest(of: id) else { return nil }
        let (given, kept) = (surroundings.configuration(id), usable(manifest))
        return manifest.settings.sorted { $0.key < $1.key }.map { name, setting in
            SettingRow(
                name: name, value: kept[name] ?? given[name] ?? setting.standard,
                source: kept[name] != nil ? "console" : given[name] != nil ? "configuration" : "manifest", kind: setting.kind.rawValue,
                help: setting.help)
        }
    }

    /// Changes a setting for good, and tells the plugin if it runs. Nil: it is again what the configuration or the manifest say.
    package func configure(_ id: PluginID, _ name: String, _ value: JSONValue?) throws(LuaHostError) {
        guard let manifest = try manifest(of: id) else { throw LuaHostError("there is no plugin '\(id)'") }
        guard let setting = manifest.settings[name] else {
            let hint = nearest(name, in: manifest.settings.keys).map { "; did you mean '\($0)'?" } ?? ""
            throw LuaHostError("\(id) has no setting '\(name)'\(hint)")
        }
        if let value, let problem = setting.problem(with: value) { throw LuaHostError("'\(name)' \(problem)") }
        do {
            try surroundings.keepSetting(id, name, value)
        } catch {
            throw LuaHostError("the setting could not be kept: \(error)")
        }
        if let plugin = plugins[id] { try refresh(plugin) }
    }

    /// The server's configuration has been read anew: running plugins get what has changed for them. What is wrong with it for
    /// a plugin is returned; that one's settings stay.
    package func configurationChanged() -> [String] {
        sortHooks()
        return plugins.values.sorted { $0.id.text < $1.id.text }.compactMap { plugin in
            do throws(LuaHostError) {
                try refresh(plugin)
                return nil
            } catch {
                return "\(plugin.id): \(error.message)"
            }
        }
    }

    /// The values that a plugin with that manifest runs with.
    func configuration(_ manifest: Manifest) throws(LuaHostError) -> [String: LuaValue] {
        let given = surroundings.configuration(manifest.id)
        if let problem = manifest.problem(with: given) { throw LuaHostError("the configuration \(problem)") }
        let kept = usable(manifest)
        var values: [String: LuaValue] = [:]
        for (name, setting) in manifest.settings {
            var value = LuaValue(kept[name] ?? given[name] ?? setting.standard)
            if setting.kind == .duration, let text = value.string, let seconds = seconds(in: text) { value = .number(seconds) }
            values[name] = value
        }
        return values
    }

    /// What the console has set, as far as this version of the plugin knows it: another one may have.
    private func usable(_ manifest: Manifest) -> [String: JSONValue] {
        surroundings.keptSettings(manifest.id).filter { name, value in manifest.settings[name].map { $0.problem(with: value) == nil } ?? false }
    }

    private func manifest(of id: PluginID) throws(LuaHostError) -> Manifest? {
        if let plugin = plugins[id] { return plugin.manifest }
        do throws(Manifest.Problem) {
            return try PluginFiles.named(id.text, in: surroundings.folder)?.manifest()
        } catch {
            throw LuaHostError("\(id)'s plugin.json: \(error.description)")
        }
    }

    private func refresh(_ plugin: Plugin) throws(LuaHostError) {
        let values = try configuration(plugin.manifest)
        let changed = plugin.configuration.filter { values[$0.key] != $0.value }
        guard !changed.isEmpty else { return }
        plugin.configuration = values
        log(plugin.id, .info, "\(plugin.version): changed settings: \(changed.keys.sorted().joined(separator: ", "))")
        let before = changed.sorted { $0.key < $1.key }.map { LuaTable.Pair(key: .string($0.key), value: $0.value) }
        tell(plugin, .configChanged, [.table(LuaTable(pairs: before))])
    }
}

extension Manifest {
    /// What is wrong with values for the settings, as the end of a sentence, or nil.
    package func problem(with values: [String: JSONValue]) -> String? {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let setting = settings[name] else {
                let hint = nearest(name, in: settings.keys).map { "; did you mean '\($0)'?" } ?? ""
                return "sets '\(name)', which the plugin does not have\(hint)"
            }
            if let problem = setting.problem(with: value) { return "sets '\(name)', which \(problem)" }
        }
        return nil
    }
}

extension Manifest.Setting.Kind {
    /// A value as it is typed: text, numbers, yes and no, and lists as several words or in JSON.
    package func value(typed words: [String]) -> JSONValue {
        let text = words.joined(separator: " ")
        let json = try? JSONValue(parsing: text.utf8)
        switch self {
        case .string: return .string(text)
        case .list: return json?.array != nil ? json ?? .null : .array(words.map(JSONValue.string))
        case .bool: return ["yes": .bool(true), "on": .bool(true), "no": .bool(false), "off": .bool(false)][text] ?? json ?? .string(text)
        case .int, .number, .duration: return json ?? .string(text)
        }
    }
}

extension PluginHost {
    /// What is wrong with a configuration's sections about plugins, one sentence each; they are compared with the manifests in
    /// a folder.
    package static func problems(
        withSettings settings: [PluginID: [String: JSONValue]], order: [String: [PluginID]], folder: String
    ) -> [String] {
        let files = (try? PluginFiles.all(in: folder)) ?? []
        let known = Dictionary(files.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        func missing(_ id: PluginID, _ place: String) -> String {
            let hint = nearest(id.text, in: known.keys.map(\.text)).map { "; did you mean '\($0)'?" } ?? ""
            return "\(place) names the plugin '\(id)', which is not in \(folder)\(hint)"
        }
        var problems: [String] = []
        for (id, values) in settings.sorted(by: { $0.key.text < $1.key.text }) {
            guard let files = known[id] else {
                problems.append(missing(id, "[plugin.\(id)]"))
                continue
            }
            do throws(Manifest.Problem) {
                if let problem = try files.manifest().problem(with: values) { problems.append("[plugin.\(id)] \(problem)") }
            } catch {
                problems.append("\(id)'s plugin.json: \(error.description)")
            }
        }
        for (event, ids) in order.sorted(by: { $0.key < $1.key }) {
            if EventTable.index(named: event) == nil {
                let hint = nearest(event, in: EventTable.names).map { "; did you mean '\($0)'?" } ?? ""
                problems.append("[hooks.order] names the event '\(event)', which does not exist\(hint)")
            }
            for id in ids where known[id] == nil { problems.append(missing(id, "[hooks.order] '\(event)'")) }
        }
        return problems
    }
}
