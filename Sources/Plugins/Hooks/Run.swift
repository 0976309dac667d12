import LuaHost
import RoomEngine

/// A plugin's function while it runs or waits: what it is about, and what it has asked for.
///
/// A class because host functions find it by their plugin, and because it outlives the call when it waits. Confined to the
/// room loop.
final class Run {
    enum Purpose {
        case load
        case handler(Hook)
        case timer
        case command(String)
        /// Of another plugin's event.
        case listener(String)
        /// What another plugin has called.
        case service(String)
        case console(String)
    }

    let plugin: Plugin
    let purpose: Purpose
    let event: HookEvent?
    /// The event as Lua sees it; its serial names this run to handles of the event.
    let frame: LuaEvent?
    /// How many plugins have caused one another up to here.
    let hops: Int
    /// Effects wait for the end of the run, and are dropped if it fails.
    let isBuffered: Bool

    /// Values of the event's fields that are this run's alone, by slot: of an event that is for this plugin, and what a command
    /// was given.
    var fields: [Int: LuaValue] = [:]
    /// It answers in the stead of a handler that has asked for time.
    var isDeferred = false
    var effects: [Effect] = []
    /// Changes of the plugin's store that this run has made and nobody else sees yet.
    var writes: [PluginStore.Key: PluginStore.Write] = [:]
    /// Changes of what the plugin has scheduled, by key.
    var schedules: [String: ScheduleChange] = [:]
    /// When it began, in nanoseconds of the monotonic clock.
    var began: Int64 = 0
    /// How long Lua has worked on it, without waiting.
    var worked: Int64 = 0
    /// The instructions of its last stretch, if they were counted.
    var steps: UInt64?
    var verdicts: [Verdict] = []
    var notes: [String] = []
    /// Events for other plugins, and alarms; they go out with the effects.
    var emitted: [(name: String, data: LuaValue)] = []
    var alerts: [Alert] = []
    /// What it waits for; set by the host function that makes it wait.
    var wait: ((@escaping (Result<[LuaValue], LuaHostError>) -> Void) -> Void)?
    /// The run of the same plugin that led to this one, while it is under way.
    var outer: Run?
    var isOver = false
    /// When its time before the decision is over, it is dropped.
    var limit: TimerID?

    init(plugin: Plugin, purpose: Purpose, event: HookEvent? = nil, frame: LuaEvent? = nil, hops: Int, isBuffered: Bool) {
        self.plugin = plugin
        self.purpose = purpose
        self.event = event
        self.frame = frame
        self.hops = hops
        self.isBuffered = isBuffered
    }

    /// Whether it wants anything done.
    var hasAsked: Bool { !(effects.isEmpty && writes.isEmpty && schedules.isEmpty && emitted.isEmpty && alerts.isEmpty) }

    /// Whether it decides something that has not happened yet.
    var isBefore: Bool {
        if case .handler(let hook) = purpose { hook.phase.isBefore } else { false }
    }

    /// What error messages say it was doing.
    var description: String {
        switch purpose {
        case .load: "while loading"
        case .handler(let hook):
            "in \(isDeferred ? "what was deferred in a handler" : "a handler") of '\(EventTable.rows[hook.row].kind.name)\(hook.topic.map { ":\($0)" } ?? "")'"
        case .timer: "in a timer"
        case .command(let name): "in the command /\(name)"
        case .listener(let name): "in a handler of '\(name)'"
        case .service(let name): "in \(name), which another plugin has called"
        case .console(let name): "in the console command '\(name)'"
        }
    }
}
