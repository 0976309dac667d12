import Console
import JSONText
import Plugins
import RoomEngine
import Synchronization

/// The configuration that counts now, and the plugins' settings that operators have set.
///
/// A class because the running server reads it while the console changes it.
final class LiveConfiguration: Sendable {
    private let current: Mutex<Configuration>
    private let kept: Mutex<[PluginID: [String: JSONValue]]>
    private let folder: DataFolder

    init(_ configuration: Configuration, _ folder: DataFolder) throws {
        current = Mutex(configuration)
        kept = Mutex(try folder.pluginSettings())
        self.folder = folder
    }

    var now: Configuration { current.withLock { $0 } }

    func keptSettings(_ plugin: PluginID) -> [String: JSONValue] { kept.withLock { $0[plugin] ?? [:] } }

    /// Keeps an operator's value over restarts; nil forgets it. If it cannot be written nothing has changed.
    func keep(_ plugin: PluginID, _ name: String, _ value: JSONValue?) throws {
        try kept.withLock { kept in
            var changed = kept
            changed[plugin, default: [:]][name] = value
            try folder.keep(changed)
            kept = changed
        }
    }

    /// Reads the file, the environment and the flags anew.
    /// - Returns: the configuration, with what would change; nil if it cannot be read
    func read() -> (configuration: Configuration?, reading: ConfigurationReading) {
        let before = now
        do throws(Configuration.Problem) {
            let after = try before.readAgain()
            let problems = after.pluginProblems
            return (problems.isEmpty ? after : nil, .init(changes: after.changes(since: before), problems: problems, isApplied: false))
        } catch {
            return (nil, .init(changes: [], problems: [error.description], isApplied: false))
        }
    }

    /// From now on it counts, as far as it can while the server runs. The rest keeps its value until the next start.
    func replace(_ configuration: Configuration) { current.withLock { $0.takeLive(from: configuration) } }
}

extension Configuration {
    /// What is wrong with the sections about plugins.
    var pluginProblems: [String] { PluginHost.problems(withSettings: plugins, order: hookOrder, folder: text("plugins")) }

    /// How this one differs from another.
    func changes(since before: Configuration) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = SettingsTable.rows.compactMap { setting in
            let (old, new) = (before.text(setting.name), text(setting.name))
            return old == new ? nil : .init(name: setting.name, before: old, after: new, isLive: setting.isLive)
        }
        for id in Set(plugins.keys).union(before.plugins.keys).sorted(by: { $0.text < $1.text }) {
            let (old, new) = (before.plugins[id] ?? [:], plugins[id] ?? [:])
            for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
                changes.append(.init(name: "plugin.\(id).\(name)", before: old[name]?.text ?? "-", after: new[name]?.text ?? "-", isLive: true))
            }
        }
        for event in Set(hookOrder.keys).union(before.hookOrder.keys).sorted() where hookOrder[event] != before.hookOrder[event] {
            let words = { (order: [PluginID]?) in order.map { $0.map(\.text).joined(separator: ", ") } ?? "-" }
            changes.append(
                .init(name: "hooks.order.\(event)", before: words(before.hookOrder[event]), after: words(hookOrder[event]), isLive: true))
        }
        for id in Set(rooms.keys).union(before.rooms.keys).sorted() where rooms[id] != before.rooms[id] {
            // A password is not for the screen.
            let isNew = before.rooms[id] == nil
            changes.append(.init(name: "rooms.\(id)", before: isNew ? "-" : "(as it was)", after: rooms[id] == nil ? "-" : "(changed)", isLive: isNew))
        }
        return changes
    }
}
