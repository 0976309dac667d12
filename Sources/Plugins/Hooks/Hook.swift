import LuaHost
import RoomEngine

/// A handler that a plugin has registered.
///
/// A class because dispatches that are under way and the plugin's handle mean the same one. Confined to the room loop.
package final class Hook {
    let plugin: Plugin
    /// Names it in the plugin's handle.
    let number: UInt64
    package let row: Int
    /// Of an event with topics, the one that it is for.
    let topic: String?
    package let phase: Phase
    package let priority: Int
    /// A pattern for rooms' ids or tags; nil for every room.
    let rooms: String?
    let id: String?
    let failsClosed: Bool
    let deadline: LuaBudget
    /// How long it may run without a pause.
    let slice: LuaBudget
    /// Sees what other plugins write.
    let seesPlugins: Bool
    let function: LuaFunction
    /// What traces and lists call it.
    package let name: String
    package internal(set) var account = Account()
    private var breaker = Breaker()

    init(
        plugin: Plugin, number: UInt64, row: Int, topic: String? = nil, phase: Phase, priority: Int, rooms: String?, id: String?, failsClosed: Bool,
        deadline: LuaBudget, seesPlugins: Bool, function: LuaFunction
    ) {
        self.plugin = plugin
        self.number = number
        self.row = row
        self.topic = topic
        self.phase = phase
        self.priority = priority
        self.rooms = rooms
        self.id = id
        self.failsClosed = failsClosed
        self.deadline = deadline
        slice = min(deadline, Plugin.longestSlice)
        self.seesPlugins = seesPlugins
        self.function = function
        name = id.map { "\(plugin.version) \($0)" } ?? plugin.version
    }

    deinit { plugin.release(function) }

    /// Whether it is for this event at all.
    func concerns(_ event: HookEvent) -> Bool {
        if case .plugin(let author, _) = event.origin, author == plugin.id || !seesPlugins { return false }
        if let rooms { return event.room.map { isFor($0, rooms) } ?? false }
        return true
    }

    func isPaused(at uptime: Int64) -> Bool { breaker.blocks(at: uptime) || plugin.isBlocked(at: uptime) }

    /// Whether a room is meant: by its id or by one of its tags.
    private func isFor(_ room: Room, _ pattern: String) -> Bool {
        matches(room.id.text, pattern: pattern) || room.record.tags.contains { matches($0, pattern: pattern) }
    }

    /// Whether it may be called now. Whoever is told yes calls it. Most of the time nothing is wrong, and the clock is not asked.
    func begins(at uptime: @autoclosure () -> Int64) -> Bool {
        if breaker.isClosed, plugin.isUntroubled { return true }
        let uptime = uptime()
        if breaker.blocks(at: uptime) || !plugin.begins(at: uptime) { return false }
        breaker.begins()
        return true
    }

    /// Its answers are noted and do not count.
    package var isShadow: Bool { plugin.shadow != nil }

    /// What lists show instead of `live`; nil while nothing is wrong.
    package func trouble(at uptime: Int64) -> String? { breaker.word(at: uptime) ?? plugin.trouble(at: uptime) }

    func returned(_ run: Run, _ verdict: VerdictKind?) {
        account.add(run)
        if let verdict {
            account.add(verdict)
            plugin.account.add(verdict)
        }
        if !breaker.isClosed { breaker.succeeded() }
        plugin.succeeded()
    }

    /// Counts an error, and says so if it is one too many.
    func failed(_ run: Run, _ failure: LuaFailure, at uptime: Int64) {
        account.add(run)
        account.add(failure.kind)
        if breaker.failed(at: uptime) {
            plugin.host.log(plugin, .warn, "\(name): too many errors; paused for \(Breaker.pause / 1_000) s, then tried again with one event")
        }
    }
}

/// Whether a text matches a pattern in which `*` stands for any letters and `?` for one.
package func matches(_ text: String, pattern: String) -> Bool {
    let text = Array(text.unicodeScalars), pattern = Array(pattern.unicodeScalars)
    var (t, p) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
        if p < pattern.count, pattern[p] == "*" {
            star = (p, t)
            p += 1
        } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
            p += 1
            t += 1
        } else if let last = star {
            p = last.pattern + 1
            t = last.text + 1
            star = (last.pattern, last.text + 1)
        } else {
            return false
        }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
}
