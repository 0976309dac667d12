import ChatText
import Foundation
import JSONText
import LuaHost
import RoomEngine

/// All the plugins: their hooks in order, their commands, and their life.
///
/// Confined to the room loop.
package final class PluginHost {
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case debug, info, warn, error
        package static func < (a: Self, b: Self) -> Bool { allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)! }
    }

    /// What the host needs from the program around it.
    package struct Surroundings {
        /// The folder plugins are loaded from by name.
        package var folder: String
        /// Takes plugins' log lines.
        package var log: (PluginVersion, Level, String) -> Void
        /// What operators had decided about plugins when the server started, and how to keep what they decide.
        package var choices = OperatorChoices()
        package var keep: (OperatorChoices) throws -> Void = { _ in }
        /// Nobody is asked before a new version may do more: for authors at work.
        package var grantsEverything = false
        /// Where the files of versions that were granted what they ask for are kept over restarts.
        package var sources: (any GrantedSources)?
        /// What a plugin's store holds when it is first loaded.
        package var stored: (PluginID) -> [StoreChange]
        /// Values of a plugin's settings, of the server's configuration.
        package var configuration: (PluginID) -> [String: JSONValue]
        /// Values of a plugin's settings that an operator has set in the console.
        package var keptSettings: (PluginID) -> [String: JSONValue] = { _ in [:] }
        /// Keeps such a value over restarts; nil forgets it.
        package var keepSetting: (PluginID, String, JSONValue?) throws -> Void = { _, _, _ in }
        /// The admin's order of plugins for an event; those not named come after.
        package var order: (HookKind) -> [PluginID]
        /// The server's language.
        package var language: String
        /// Keeps a trace over a restart.
        package var keepTrace: (Trace) -> Void = { _ in }
        /// The number of the last trace that was kept before the start: new ones follow.
        package var lastTrace: UInt64 = 0
        /// What a plugin had scheduled when it is first loaded.
        package var scheduled: (PluginID) -> [ScheduleChange]
        /// The server's time zone, for times of day.
        package var timeZone: TimeZone
        /// Sends plugins' requests.
        package var requests: any OutgoingRequests
        /// Reads what was uploaded.
        package var gifs: any UploadedGIFs = NoGIFs()
        /// Notes in the audit log what a plugin did.
        package var audit: (PluginID, String) -> Void

        package init(
            folder: String, log: @escaping (PluginVersion, Level, String) -> Void, stored: @escaping (PluginID) -> [StoreChange] = { _ in [] },
            configuration: @escaping (PluginID) -> [String: JSONValue] = { _ in [:] },
            order: @escaping (HookKind) -> [PluginID] = { _ in [] }, language: String = "en",
            scheduled: @escaping (PluginID) -> [ScheduleChange] = { _ in [] }, timeZone: TimeZone = .gmt,
            requests: any OutgoingRequests = NoRequests(), audit: @escaping (PluginID, String) -> Void = { _, _ in }
        ) {
            self.folder = folder
            self.log = log
            self.stored = stored
            self.configuration = configuration
            self.order = order
            self.language = language
            self.scheduled = scheduled
            self.timeZone = timeZone
            self.requests = requests
            self.audit = audit
        }
    }

    package let surroundings: Surroundings
    package unowned let engine: Engine
    package internal(set) var plugins: [PluginID: Plugin] = [:]
    /// Problems that kept plugins from being loaded.
    package internal(set) var refused: [PluginID: PluginProblem] = [:]
    package var disabled: Set<PluginID> = []
    /// Flags of a message add up; from this score on it is held.
    package var flagThreshold = 1.0
    package private(set) var choices: OperatorChoices
    var generations: [PluginID: Int] = [:]
    /// The versions that were in use, newest last; each plugin's last is the one in use.
    package internal(set) var history: [PluginID: [Generation]] = [:]
    var stores: [PluginID: PluginStore] = [:]
    package private(set) lazy var schedules = Schedules(host: self)
    /// Operators who look on, by number.
    var watchers: [UInt64: (Sight) -> Void] = [:]
    var lastWatcher: UInt64 = 0
    /// What plugins measure, kept over their reloads.
    package internal(set) var measures: [PluginID: PluginMeasures] = [:]
    var problems = Problems()
    /// Uptimes at which plugins' states were given up.
    var lost: [PluginID: [Int64]] = [:]
    private var traces = Traces()
    private var lastSerial: UInt64 = 0
    private(set) var table = HookTable()

    package init(engine: Engine, surroundings: Surroundings) {
        self.engine = engine
        self.surroundings = surroundings
        lastSerial = surroundings.lastTrace
        choices = surroundings.choices
        ChatText.prepare()
    }

    func log(_ plugin: PluginID, _ level: Level, _ line: String) { surroundings.log(PluginVersion(id: plugin, generation: nil), level, line) }
    func log(_ plugin: Plugin, _ level: Level, _ line: String) {
        surroundings.log(PluginVersion(id: plugin.id, generation: plugin.generation), level, line)
    }

    /// Keeps what an operator has decided. Throws when it cannot be stored, and then nothing has changed.
    package func choose(_ change: (inout OperatorChoices) -> Void) throws {
        var changed = choices
        change(&changed)
        if changed == choices { return }
        try surroundings.keep(changed)
        choices = changed
    }

    func random(_ low: Int64, _ high: Int64) -> Int64 { engine.random(in: low...high) }
    func randomSeed() -> UInt64 { UInt64(bitPattern: engine.random(in: .min ... .max)) }

    // MARK: Order

    /// The handlers of an event in the exact order in which they are called.
    package func hooks(of kind: HookKind) -> [Hook] {
        let row = EventTable.index(of: kind)
        return table.before[row] + table.after[row] + table.observers[row]
    }

    /// Puts the handlers in order anew. Events that are under way go on with the old order.
    package func sortHooks() { table = HookTable(plugins.values, order: order(of:)) }

    /// The operators' order of plugins for an event; those not named come after.
    package func order(of kind: HookKind) -> [PluginID] { choices.order[kind.name] ?? surroundings.order(kind) }

    // MARK: Events

    func nextSerial() -> UInt64 {
        lastSerial += 1
        return lastSerial
    }

    /// The event as Lua sees it.
    func frame(_ event: HookEvent, row: Int) -> LuaEvent {
        let definition = EventTable.rows[row]
        let frame = LuaEvent(type: UInt32(row), serial: nextSerial(), slots: EventRow.firstField + definition.fields.count)
        frame.setLazy(0)
        if let room = event.room { frame.set(1, LuaObject(kind: Kind.room.rawValue, a: room.number)) }
        if let person = event.person { frame.set(2, LuaObject(kind: Kind.user.rawValue, a: person.number)) }
        frame.set(3, event.at)
        frame.setLazy(4)
        if let seq = event.seq { frame.set(5, seq) }
        definition.fill(event, frame)
        return frame
    }

    /// Makes the frame of a command's call.
    func commandFrame(_ event: HookEvent) -> LuaEvent { frame(event, row: EventTable.callRow) }

    func add(_ trace: consuming Trace) {
        if trace.isKept { surroundings.keepTrace(copy trace) }
        traces.add(trace)
    }

    /// Somebody has been erased: what plugins keep of them, and how things of theirs were decided, is forgotten.
    package func forget(_ person: PersonID) {
        // The journal has removed it already.
        for store in stores.values { store.forget(person) }
        schedules.forget(person)
        traces.forget(person)
    }

    /// How something was decided, by the id of a refusal or by `room:seq`.
    package func trace(_ id: String) -> Trace? { traces.find(id) }

    /// Lets the observers see what was decided. They may log, count and store.
    func observe(_ event: HookEvent, _ outcome: Decision.Outcome, _ table: HookTable) {
        let row = EventTable.index(of: event.kind)
        guard !table.observers[row].isEmpty else { return }
        let frame = frame(event, row: row)
        frame.set(EventRow.verdictSlot, outcome.word)
        run(table.observers[row], event, frame)
    }

    /// Calls handlers of something that has been decided, each for itself.
    private func run(_ hooks: [Hook], _ event: HookEvent, _ frame: LuaEvent) {
        for hook in hooks where hook.concerns(event) && hook.begins(at: engine.clock.now.uptime) {
            if let shadow = hook.plugin.shadow, shadow.hasStopped(event) { continue }
            let run = Run(plugin: hook.plugin, purpose: .handler(hook), event: event, frame: frame, hops: event.hops + 1, isBuffered: false)
            start(run, of: hook, frame)
        }
    }

    /// Calls a handler that decides nothing.
    func start(_ run: Run, of hook: Hook, _ frame: LuaEvent) {
        let outcome = hook.plugin.begin(run, hook.function, frame, budget: Plugin.longestSlice)
        hook.plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            finish(run, outcome)
            if case .failed(let failure) = outcome {
                hook.failed(run, failure, at: engine.clock.now.uptime)
            } else {
                hook.returned(run, nil)
            }
        }
    }

    // MARK: Runs

    /// What a run that has returned normally has asked for. Its changes of the store and of schedules are done by this, and go
    /// to the journal in the order in which they were done: with what this turn stores, such as the message that was decided
    /// about. Of a plugin that only looks on, everything is noted and nothing is to be done.
    func effects(of run: Run, _ view: ShadowView? = nil) -> [Effect] {
        if !run.hasAsked { return [] }
        var effects = run.effects
        run.effects = []
        if let shadow = run.plugin.shadow {
            note(effects, of: run, in: shadow, view)
            return []
        }
        if !run.writes.isEmpty { engine.perform(apply(run)) }
        if !run.schedules.isEmpty { engine.perform(schedules.apply(run.schedules.sorted { $0.key < $1.key }.map(\.value))) }
        run.schedules = [:]
        if !run.emitted.isEmpty {
            let emitted = run.emitted
            run.emitted = []
            // In a turn of its own: whoever hears of it must not be called in the middle of what is under way.
            engine.after(0) { [self] in deliver(emitted, from: run) }
        }
        for alert in run.alerts { effects += raise(alert, by: run.plugin) }
        run.alerts = []
        return effects
    }

    private func note(_ effects: [Effect], of run: Run, in shadow: Shadow, _ view: ShadowView?) {
        let now = engine.clock.now.wall
        let planned = run.schedules.sorted { $0.key < $1.key }.map { Effect.schedule($0.value) }
        run.schedules = [:]
        if !run.writes.isEmpty { _ = apply(run) }
        let told = run.emitted.map { "emit '\($0.name)'" } + run.alerts.map { "alert \($0.kind): \($0.text)" }
        (run.emitted, run.alerts) = ([], [])
        for words in shadow.take(effects + planned, at: now, kickedFor: engine.limits.kickedFor) + told {
            shadow.note(run.event, run.event?.kind.name ?? "timer", at: now, would: words, view)
        }
    }

    /// Does what an unbuffered run has asked for so far.
    func flush(_ run: Run) { engine.perform(effects(of: run)) }

    /// Calls a function of a plugin's that is no handler. A plugin that is paused misses it.
    func call(
        _ function: LuaFunction, of plugin: Plugin, purpose: Run.Purpose = .timer, hops: Int = 1, arguments: [LuaValue],
        then: @escaping () -> Void = {}
    ) {
        guard plugin.begins(at: engine.clock.now.uptime) else { return then() }
        let run = Run(plugin: plugin, purpose: purpose, hops: hops, isBuffered: false)
        let outcome = plugin.begin(run, function, arguments, budget: Plugin.longestSlice)
        plugin.goOn(run, outcome, budget: Plugin.longestSlice) { [self] outcome in
            finish(run, outcome)
            then()
        }
    }

    /// The end of an unbuffered run: what it asked for happens even if it failed later.
    func finish(_ run: Run, _ outcome: LuaOutcome) {
        if case .failed(let failure) = outcome { run.plugin.report(failure, run) }
        flush(run)
    }
}

extension PluginHost: Hooks {
    package func decide(_ event: HookEvent, then: @escaping (Decision) -> Void) {
        let table = table
        // Whoever decides about it also hears that it happened: no event is handled by two versions of a plugin.
        event.passage = table
        let row = EventTable.index(of: event.kind)
        guard !table.before[row].isEmpty || !table.observers[row].isEmpty, event.hops < HookEvent.mostHops else { return then(Decision(.pass)) }
        let then = watchers.isEmpty ? then : watched(event, then)
        Dispatch(event, frame: frame(event, row: row), table: table, host: self, hops: event.hops + 1, then: then).proceed()
    }

    package func happened(_ event: HookEvent) {
        if let serial = event.trace, let seq = event.seq, let trace = traces.number(serial, seq), trace.isChanged { surroundings.keepTrace(trace) }
        if !watchers.isEmpty { show(Sight(event, .pass)) }
        let table = event.passage as? HookTable ?? table
        let row = EventTable.index(of: event.kind)
        if !table.after[row].isEmpty, event.hops < HookEvent.mostHops { run(table.after[row], event, frame(event, row: row)) }
        if event.kind == .roomRemove, let room = event.room { forget(StoreChange.scope(of: room.id)) }
    }
}

extension HookEvent {
    /// Plugins that may cause one another in a row.
    static let mostHops = 8

    var hops: Int { if case .plugin(_, let hops) = origin { hops } else { 0 } }
}
