import Foundation
import LuaHost
import RoomEngine

/// A timer that a plugin has set: once, every so often, or by the clock. Confined to the room loop.
package final class PluginTimer {
    /// When it calls. Times are milliseconds.
    enum Rhythm {
        case after(Int64)
        /// Counted from the end of a call, so that no two overlap.
        case every(Int64)
        case cron(CronZone)
    }

    let plugin: Plugin
    package let number: UInt64
    let rhythm: Rhythm
    let jitter: Int64
    private(set) var function: LuaFunction?
    /// What a new version knows it by as the same timer: its id, or that it is the n-th of its kind. Nil for one that was not
    /// set while the plugin was loaded, and has no id.
    private(set) var key: String?
    private var timer: TimerID?
    /// When it is due, before jitter, in milliseconds since 1970.
    package private(set) var due: Int64?

    /// Whoever waits for a time of day looks at the clock at least so often: it may have been set.
    static let longestWait: Int64 = 3_600_000

    init(plugin: Plugin, number: UInt64, id: String?, rhythm: Rhythm, jitter: Int64) {
        self.plugin = plugin
        self.number = number
        self.rhythm = rhythm
        self.jitter = jitter
        if let id {
            key = "id \(id)"
        } else if !plugin.host.isLive(plugin) {
            let kind = description
            key = "\(kind) #\(plugin.timers.values.count { $0.description == kind })"
        }
    }

    /// For people to read: `every 1m`.
    package var description: String {
        let when =
            switch rhythm {
            case .after(let wait): "after \(words(forSeconds: Double(wait) / 1_000))"
            case .every(let wait): "every \(words(forSeconds: Double(wait) / 1_000))"
            case .cron(let pattern): "at \(pattern.cron.text) (\(pattern.zone.identifier))"
            }
        return jitter > 0 ? "\(when), up to \(words(forSeconds: Double(jitter) / 1_000)) later" : when
    }

    func start(_ function: LuaFunction) {
        self.function = function
        plugin.timers[number] = self
        schedule()
    }

    private var repeats: Bool {
        if case .after = rhythm { false } else { true }
    }

    private func schedule() {
        let host = plugin.host
        let late = jitter > 0 ? host.random(0, jitter) : 0
        let now = host.engine.clock.now.wall
        switch rhythm {
        case .after(let wait), .every(let wait): call(in: wait, jitter: late)
        case .cron(let pattern):
            // A clock that is put back a little makes nothing happen twice.
            let since = due.map { $0 - now <= Self.longestWait ? max($0, now) : now } ?? now
            guard let next = pattern.next(after: since / 1_000) else { return cancel(host.engine) }
            due = next * 1_000
            wait(until: next * 1_000 + late)
        }
    }

    private func call(in wait: Int64, jitter late: Int64) {
        let engine = plugin.host.engine
        due = engine.clock.now.wall + wait
        timer = engine.after(wait + late) { [self] in fire() }
    }

    private func wait(until time: Int64) {
        let engine = plugin.host.engine
        let left = time - engine.clock.now.wall
        timer = engine.after(min(max(left, 0), Self.longestWait)) { [self] in
            if engine.clock.now.wall >= time { fire() } else { wait(until: time) }
        }
    }

    private func fire() {
        guard let function, plugin.timers[number] === self else { return }
        if !repeats { plugin.timers[number] = nil }
        plugin.host.call(function, of: plugin, arguments: []) { [self] in
            if !repeats {
                plugin.release(function)
            } else if plugin.timers[number] === self {
                schedule()
            }
        }
    }

    /// Calls when the timer of the version before would have called. False if one of them is not set.
    func takeOver(from old: PluginTimer) -> Bool {
        guard let due = old.due, old.timer != nil, let timer else { return false }
        // A time of day is the same one anyway.
        if case .cron = rhythm { return true }
        let engine = plugin.host.engine
        engine.cancel(timer)
        call(in: max(0, due - engine.clock.now.wall), jitter: 0)
        return true
    }

    func cancel(_ engine: Engine) {
        if let timer { engine.cancel(timer) }
        timer = nil
        plugin.timers[number] = nil
    }
}
