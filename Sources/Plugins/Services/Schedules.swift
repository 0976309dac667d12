import JSONText
import LuaHost
import RoomEngine

/// What plugins want to be told at a time, over reloads and restarts. Confined to the room loop.
///
/// A schedule is removed in the turn in which its handler is called, so that its removal is stored in one transaction with
/// what the handler asks for before it waits for anything: a server that is killed has done both, or calls the handler again
/// when it is back. A schedule of a plugin that is not there, or has no handler for it, waits for one.
package final class Schedules {
    private struct Entry {
        var schedule: Schedule
        var timer: TimerID?
        /// Nobody could be told when it was due.
        var isWaiting = false
    }

    /// A schedule as lists show it.
    package struct Row: Sendable, Equatable {
        package let plugin: PluginID
        package let key: String
        package let schedule: Schedule
        /// It is due, and no handler can be called.
        package let isWaiting: Bool
    }

    /// Of one plugin.
    static let most = 1_000
    /// Bytes of the data as JSON.
    static let mostData = 4_096

    private unowned let host: PluginHost
    private var entries: [PluginID: [String: Entry]] = [:]

    init(host: PluginHost) { self.host = host }

    private var engine: Engine { host.engine }

    /// All of them, or those of one plugin: those that are due first in front.
    package func rows(of plugin: PluginID? = nil) -> [Row] {
        if let plugin { restore(plugin) }
        let chosen = plugin.map { id in entries[id].map { [(id, $0)] } ?? [] } ?? entries.map { ($0.key, $0.value) }
        return chosen.flatMap { id, entries in
            entries.map { Row(plugin: id, key: $0.key, schedule: $0.value.schedule, isWaiting: $0.value.isWaiting) }
        }.sorted { ($0.schedule.at, $0.plugin.text, $0.key) < ($1.schedule.at, $1.plugin.text, $1.key) }
    }

    func schedule(_ plugin: PluginID, _ key: String) -> Schedule? {
        restore(plugin)
        return entries[plugin]?[key]?.schedule
    }

    func count(of plugin: PluginID) -> Int {
        restore(plugin)
        return entries[plugin]?.count ?? 0
    }

    /// What the journal has of a plugin is there from the first question on: it may come while the plugin is loaded.
    private func restore(_ plugin: PluginID) {
        guard entries[plugin] == nil else { return }
        entries[plugin] = [:]
        for change in host.surroundings.scheduled(plugin) {
            if let schedule = change.schedule { entries[plugin]?[change.key] = Entry(schedule: schedule) }
        }
    }

    /// A version of the plugin has taken over. What has become due meanwhile happens when this turn's other work is done.
    func wake(_ plugin: PluginID) {
        restore(plugin)
        for key in entries[plugin]?.keys.sorted() ?? [] { wait(plugin, key) }
    }

    /// Takes over what a run has asked for, and returns it for the journal.
    func apply(_ changes: [ScheduleChange]) -> [Effect] {
        for change in changes {
            restore(change.plugin)
            let before = entries[change.plugin]?.removeValue(forKey: change.key)
            if let timer = before?.timer { engine.cancel(timer) }
            guard let schedule = change.schedule else { continue }
            entries[change.plugin, default: [:]][change.key] = Entry(schedule: schedule)
            wait(change.plugin, change.key)
        }
        return changes.map(Effect.schedule)
    }

    /// Forgets a schedule at an operator's word. False if there is none.
    package func cancel(_ plugin: PluginID, _ key: String) -> Bool {
        guard schedule(plugin, key) != nil else { return false }
        engine.perform(apply([ScheduleChange(plugin: plugin, key: key, schedule: nil)]))
        return true
    }

    /// Somebody has been erased: what has their id in its key goes, and elsewhere it is the id of nobody.
    func forget(_ person: PersonID) {
        let quoted = "\"\(person)\""
        for (plugin, planned) in entries {
            for (key, entry) in planned {
                if key.contains(person.text) {
                    if let timer = entry.timer { engine.cancel(timer) }
                    entries[plugin]?[key] = nil
                } else if entry.schedule.data.contains(quoted) {
                    entries[plugin]?[key]?.schedule.data = entry.schedule.data.replacing(quoted, with: "\"\(Erased.id)\"")
                }
            }
        }
    }

    // MARK: Time

    private func wait(_ plugin: PluginID, _ key: String, atLeast least: Int64 = 0) {
        guard let entry = entries[plugin]?[key] else { return }
        if let timer = entry.timer { engine.cancel(timer) }
        // Looks at the clock now and then: it may have been set.
        let left = min(max(entry.schedule.at - engine.clock.now.wall, least), PluginTimer.longestWait)
        entries[plugin]?[key]?.timer = engine.after(left) { [self] in
            guard let entry = entries[plugin]?[key] else { return }
            entries[plugin]?[key]?.timer = nil
            if entry.schedule.at > engine.clock.now.wall { wait(plugin, key) } else { fire(plugin, key, entry.schedule) }
        }
    }

    private func fire(_ id: PluginID, _ key: String, _ schedule: Schedule) {
        let plugin = host.plugins[id]
        switch plugin.map({ host.readiness(of: $0, .schedule, topic: schedule.event) }) ?? .none {
        case .ready: break
        case .paused:
            return wait(id, key, atLeast: Breaker.pause)
        case .none:
            entries[id]?[key]?.isWaiting = true
            if plugin != nil { host.log(id, .warn, "'\(key)' is due, but nothing handles schedule:\(schedule.event); it waits for a version that does") }
            return
        }
        guard let plugin else { return }
        entries[id]?[key] = nil
        engine.perform([.schedule(ScheduleChange(plugin: id, key: key, schedule: nil))])
        let late = max(0, engine.clock.now.wall - schedule.at) / 1_000
        let data = (try? JSONValue(parsing: schedule.data.utf8)) ?? .null
        host.tell(plugin, .schedule, topic: schedule.event, [LuaValue(data), .int(late), .string(key)])
    }
}
