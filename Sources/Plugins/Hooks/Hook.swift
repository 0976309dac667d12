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
    /// Sees what other plugins write.
    let seesPlugins: Bool
    let function: LuaFunction
    /// What traces and lists call it.
    package let name: String
    var isOff = false

    package private(set) var calls = 0
    package private(set) var errors = 0
    package private(set) var nanoseconds: Int64 = 0
    /// Uptimes of errors within the last minute.
    private var recentErrors: [Int64] = []
    /// Until this uptime it is not called: it failed too often.
    package private(set) var pausedUntil: Int64?

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
        self.seesPlugins = seesPlugins
        self.function = function
        name = id.map { "\(plugin.version) \($0)" } ?? plugin.version
    }

    /// Whether it is to be called for this event.
    func wants(_ event: HookEvent, _ clock: any Clock) -> Bool {
        if isOff { return false }
        if let pausedUntil, clock.now.uptime < pausedUntil { return false }
        if case .plugin(let author, _) = event.origin, author == plugin.id || !seesPlugins { return false }
        if let rooms { return event.room.map { isFor($0, rooms) } ?? false }
        return true
    }

    func isPaused(at uptime: Int64) -> Bool { pausedUntil.map { uptime < $0 } ?? false }

    /// Whether a room is meant: by its id or by one of its tags.
    private func isFor(_ room: Room, _ pattern: String) -> Bool {
        matches(room.id.text, pattern: pattern) || room.record.tags.contains { matches($0, pattern: pattern) }
    }

    func returned(after nanoseconds: Int64) {
        calls += 1
        self.nanoseconds += nanoseconds
        pausedUntil = nil
    }

    /// Counts an error. True if it is one too many, and the hook is paused.
    func failed(after nanoseconds: Int64, at uptime: Int64) -> Bool {
        calls += 1
        errors += 1
        self.nanoseconds += nanoseconds
        // A hook that is tried again after a pause and fails is paused again at once.
        if pausedUntil != nil {
            pausedUntil = uptime + Self.pause
            return true
        }
        recentErrors = recentErrors.filter { $0 > uptime - 60_000 } + [uptime]
        guard recentErrors.count >= Self.mostErrors else { return false }
        recentErrors = []
        pausedUntil = uptime + Self.pause
        return true
    }

    static let mostErrors = 5
    /// Milliseconds until a paused hook is tried again.
    static let pause: Int64 = 30_000

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
