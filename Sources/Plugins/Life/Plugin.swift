import ChatText
import LinearRegex
import LuaHost
import RoomEngine

/// One version of a plugin: its manifest, its Lua state, and everything it has registered. All of it goes with it.
///
/// A class because it is what its Lua state calls. Confined to the room loop.
package final class Plugin {
    package let id: PluginID
    package let manifest: Manifest
    /// Counts the versions of this plugin that were loaded since the start.
    package let generation: Int
    /// The generation whose files it was made of: its own, unless it is a way back.
    let source: Int
    let reason: LoadReason
    /// The files as they were when it was loaded.
    package let files: PluginFiles
    unowned let host: PluginHost
    private(set) var state: LuaState!
    let store: PluginStore
    let texts: Translations

    package internal(set) var hooks: [Hook] = []
    package internal(set) var commands: [String: SlashCommandEntry] = [:]
    package internal(set) var timers: [UInt64: PluginTimer] = [:]
    package internal(set) var consoleCommands: [String: ConsoleCommandEntry] = [:]
    var matchers: [UInt64: (matcher: Matcher, bytes: Int)] = [:]
    /// What gives the next values of a loop, by the loop's number.
    var iterators: [UInt64: () -> [LuaValue]?] = [:]
    var regexes: [UInt64: LinearPattern] = [:]
    /// Responses to its requests, and how many requests are under way.
    var responses = KeptResponses()
    var requests = 0
    var listeners: [String: [PluginListener]] = [:]
    /// What it offers to other plugins, by name and version.
    var services: [ServiceName: [String: LuaFunction]] = [:]
    /// What its handles of others' services stand for, and those of single functions.
    var usedServices: [UInt64: ServiceName] = [:]
    var usedFunctions: [UInt64: ServiceFunctionName] = [:]
    /// Calls of console commands that are under way.
    var consoleCalls: [UInt64: ConsoleCall] = [:]
    /// Alarms it may raise now.
    var alarms: TokenBucket
    package internal(set) var configuration: [String: LuaValue]
    /// What all its calls have cost.
    package internal(set) var account = Account()
    /// The last errors, newest last.
    package private(set) var problems: [PluginProblem] = []
    package private(set) var problemCount = 0
    /// Milliseconds since 1970.
    package let loadedAt: Int64
    /// Uptime at which it was put in use.
    var liveSince: Int64 = 0
    /// Timers of the version before that go on in this one.
    package internal(set) var movedTimers = 0
    /// The version before it is about to be in use again.
    var isGivenUp = false
    /// An operator has told it to do nothing for now.
    package private(set) var isPaused = false
    /// Trips when it was over its limits too often.
    private var overruns = Breaker()
    /// What it may do: what its manifest asks for without what operators have taken.
    private var allowed: Set<Permission>
    /// The servers that it may send requests to.
    private(set) var hosts: [AllowedHost]
    /// It looks on only: what it would have done.
    package let shadow: Shadow?
    /// What runs now; a plugin that another one's run calls has one of its own.
    private(set) var run: Run?
    /// What was asked for while it was loaded and by handlers of life events, to be done once it is in use.
    private var staged: Run?
    /// Runs that wait, by the serial number of their event.
    private var waiting: [UInt64: Run] = [:]
    var suspended: Dictionary<UInt64, Run>.Values { waiting.values }
    private var lastNumber: UInt64 = 0
    private var definedEvents: Set<Int> = []

    /// The longest that Lua runs without a pause; others wait meanwhile.
    static let longestSlice = LuaBudget.milliseconds(50)
    /// Requests that may be under way at once.
    static let mostRequests = 8
    static let mostPatterns = 64
    static let mostMatchers = 1_000
    /// UTF-8 bytes of the words of all matchers.
    static let mostMatcherBytes = 1 << 20
    static let loadTime = LuaBudget.milliseconds(500)
    static let afterTime: Int64 = 30_000

    init(
        files: PluginFiles, manifest: Manifest, generation: Int, reason: LoadReason, host: PluginHost, store: PluginStore, isShadow: Bool,
        texts: Translations, configuration: [String: LuaValue]
    ) throws(LuaHostError) {
        id = files.id
        version = "\(files.id)@g\(generation)"
        self.files = files
        self.manifest = manifest
        self.generation = generation
        self.reason = reason
        source = if case .rollback(let earlier) = reason { earlier.source } else { generation }
        shadow = isShadow ? Shadow() : nil
        allowed = manifest.permissions
        hosts = manifest.hosts
        self.host = host
        self.store = store
        self.texts = texts
        self.configuration = configuration
        loadedAt = host.engine.clock.now.wall
        alarms = TokenBucket(burst: 10, at: host.engine.clock.now.uptime)
        guard let state = LuaState(limits: .init(memory: manifest.memory), seed: host.randomSeed(), host: self) else {
            throw LuaHostError("\(manifest.memory >> 10) KiB of memory are too little for a Lua state")
        }
        self.state = state
        for kind in Kind.allCases { try state.define(kind: kind.rawValue, name: kind.name, released: kind.isReleased) }
        for (index, path) in APITable.places.enumerated() { try state.define(path, function: Int32(index)) }
        try state.define("roost.store", value: Kind.store.handle(0))
        try state.define("roost.config", value: Kind.config.handle(0))
        try state.define("roost.keep", value: .table(LuaTable()))
    }

    /// `guard@g9`
    package let version: String
    package var memory: (used: Int, peak: Int) { state.memory }

    /// Whether the run that is under way has used its time up.
    var isOutOfTime: Bool { state.isOutOfTime }

    // MARK: What it may

    func may(_ permission: Permission) -> Bool { allowed.contains(permission) }

    /// Takes away what operators have taken, whatever the manifest says.
    func obey(_ choice: OperatorChoices.Choice) {
        allowed = manifest.permissions.filter { !choice.revoked.contains($0.rawValue) }
        hosts = manifest.hosts.filter { !choice.revoked.contains("http:\($0)") }
    }

    /// What an error says of a permission that it does not have.
    func missing(_ permission: Permission, for what: String) -> LuaHostError {
        guard manifest.permissions.contains(permission) else { return LuaHostError(permission.missing(for: what)) }
        let name = permission.rawValue
        return LuaHostError(
            "'\(what)' needs the permission \(name), which an operator has taken from this plugin: 'plugin grant \(id) \(name)' gives it back")
    }

    // MARK: Whether it is called

    func isBlocked(at uptime: Int64) -> Bool { isPaused || overruns.blocks(at: uptime) }

    /// Nothing keeps it from being called.
    var isUntroubled: Bool { !isPaused && overruns.isClosed }

    /// Whether it may be called now. Whoever is told yes calls it.
    func begins(at uptime: Int64) -> Bool {
        if isPaused || overruns.blocks(at: uptime) { return false }
        overruns.begins()
        return true
    }

    func succeeded() {
        if !overruns.isClosed { overruns.succeeded() }
    }

    /// What lists show instead of `live`; nil while nothing is wrong.
    package func trouble(at uptime: Int64) -> String? { isPaused ? "paused" : overruns.word(at: uptime) }

    package func pause(_ isPaused: Bool) { self.isPaused = isPaused }

    // MARK: Its state

    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Sees to it that the state knows the fields of an event before a handler gets one.
    func describe(event row: Int) throws(LuaHostError) {
        guard definedEvents.insert(row).inserted else { return }
        let event = EventTable.rows[row]
        try state.define(event: UInt32(row), name: event.kind.name, kind: Kind.event.rawValue, fields: event.allFields)
    }

    // MARK: Runs

    /// Runs the plugin's main file.
    func load(_ source: String, name: String) -> LuaOutcome {
        let run = Run(plugin: self, purpose: .load, hops: 0, isBuffered: false)
        let outcome = within(run) { state.load(source, name: name, budget: Self.loadTime) }
        if case .returned = outcome { stage(run) }
        return outcome
    }

    /// Runs code that an operator has typed.
    func run(_ code: String) -> (Run, LuaOutcome) {
        let run = Run(plugin: self, purpose: .console("plugin repl"), hops: 1, isBuffered: false)
        return (run, within(run) { state.load(code, name: "console", budget: Self.longestSlice) })
    }

    /// Takes the Lua stack at every millisecond from now on. False if that is going on already.
    package func beginProfile() -> Bool { state.beginProfile() }
    /// The stacks since then, folded.
    package func endProfile() -> String { state.endProfile() }

    /// Calls a handler with the event of `run`, which may come back waiting: then ``goOn(_:_:budget:then:)`` with it.
    func begin(_ run: Run, _ function: LuaFunction, _ frame: LuaEvent, budget: LuaBudget) -> LuaOutcome {
        let outcome = within(run) { state.call(function, frame, budget: budget) }
        if case .waiting = outcome { return outcome }
        close(run)
        return outcome
    }

    /// Calls a function with values as part of `run`.
    func begin(_ run: Run, _ function: LuaFunction, _ arguments: [LuaValue], budget: LuaBudget) -> LuaOutcome {
        let outcome = within(run) { state.call(function, arguments, budget: budget) }
        if case .waiting = outcome { return outcome }
        close(run)
        return outcome
    }

    private func within(_ run: Run, _ body: () -> LuaOutcome) -> LuaOutcome {
        run.outer = self.run
        self.run = run
        let outcome = body()
        let cost = state.takeCost()
        if run.worked == 0 { run.began = cost.began }
        run.worked += cost.took
        run.steps = cost.steps
        self.run = run.outer
        run.outer = nil
        return outcome
    }

    /// What comes of a run that has begun: `then` gets its outcome, at once unless it waits.
    func goOn(_ run: Run, _ outcome: LuaOutcome, budget: LuaBudget, then: @escaping (LuaOutcome) -> Void) {
        guard case .waiting(let reference) = outcome else {
            end(run)
            if case .returned = outcome { succeeded() }
            return then(outcome)
        }
        if let frame = run.frame { waiting[frame.serial] = run }
        if run.limit == nil {
            let longest = run.isBefore ? max(1, budget.milliseconds) : Self.afterTime
            run.limit = host.engine.after(longest) { [self] in
                guard !run.isOver else { return }
                abandon(reference, run)
                then(.failed(LuaFailure(kind: .time)))
            }
        }
        if !run.isBuffered { host.flush(run) }
        let wait = run.wait
        run.wait = nil
        wait? { [self] result in
            guard !run.isOver else { return }
            let outcome = within(run) {
                switch result {
                case .success(let values): state.resume(reference, with: values, budget: min(budget, Self.longestSlice))
                case .failure(let error): state.resume(reference, raising: error, budget: min(budget, Self.longestSlice))
                }
            }
            goOn(run, outcome, budget: budget, then: then)
        }
    }

    /// The run calls no Lua any more.
    private func close(_ run: Run) {
        if run.isOver { return }
        run.isOver = true
        account.add(run)
    }

    private func end(_ run: Run) {
        close(run)
        guard let limit = run.limit else { return }
        host.engine.cancel(limit)
        if let frame = run.frame { waiting[frame.serial] = nil }
    }

    /// Drops a run that waits.
    func abandon(_ reference: LuaRun, _ run: Run) {
        state.abandon(reference)
        end(run)
    }

    /// The run that an event's handle belongs to, or nil when it is over.
    func run(ofEvent serial: UInt64) -> Run? {
        var run = run
        while let candidate = run {
            if candidate.frame?.serial == serial { return candidate }
            run = candidate.outer
        }
        return waiting[serial]
    }

    func release(_ function: LuaFunction) { state.release(function) }
    func place(of function: LuaFunction) -> (source: String, line: Int)? { state.place(of: function) }

    // MARK: From version to version

    /// What `roost.keep` holds and can be carried over.
    var kept: LuaValue? { state.read("roost.keep")?.carried }

    func keep(_ value: LuaValue) throws(LuaHostError) { try state.define("roost.keep", value: value) }

    /// A run before the plugin is in use goes on from what those before it have asked for and written.
    func proceed(with run: Run) {
        guard let staged else { return }
        (run.effects, run.writes, run.schedules) = (staged.effects, staged.writes, staged.schedules)
    }

    /// What the run has asked for is to be done once the plugin is in use.
    func stage(_ run: Run) { staged = run }

    /// What was asked for before the plugin was in use. Its changes of the store are done by this.
    func takeStaged() -> [Effect] {
        defer { staged = nil }
        return staged.map { host.effects(of: $0) } ?? []
    }

    // MARK: Problems

    /// Keeps an error, tells the console, and returns it as it was told.
    func report(_ failure: LuaFailure, _ run: Run) {
        let problem = PluginProblem(failure, of: self, run, id: host.problems.nextID(), budget: manifest.deadline)
        problems.append(problem)
        if problems.count > 50 { problems.removeFirst() }
        problemCount += 1
        host.problems.add(problem)
        host.log(self, .error, problem.text)
        account.add(failure.kind)
        if failure.kind != .error, overruns.failed(at: host.engine.clock.now.uptime) {
            host.log(self, .warn, "\(version) was over its limits too often: paused for \(Breaker.pause / 1_000) s, then tried again with one event")
        }
        if failure.kind == .lost { host.replace(self) } else { host.reconsider(self) }
    }

    // MARK: The end

    /// Nothing of this plugin is called any more. What is under way comes to its end.
    func retire() {
        for timer in Array(timers.values) { timer.cancel(host.engine) }
        hooks = []
        commands = [:]
        iterators = [:]
        consoleCommands = [:]
        listeners = [:]
        services = [:]
    }
}

extension Plugin: LuaHost {
    package func call(_ function: Int32, _ arguments: [LuaValue]) throws(LuaHostError) -> LuaAnswer {
        try APITable.functions[Int(function)].invoke(self, arguments)
    }

    package func attribute(_ name: String, of object: LuaObject) -> LuaValue? {
        guard let kind = Kind(rawValue: object.kind) else { return nil }
        if kind == .config { return configuration[name] }
        if kind == .service { return function(name, ofService: object.a) }
        return APITable.attributes[kind]?[name]?.get(self, object)
    }

    package func field(_ slot: Int, ofEvent serial: UInt64) -> LuaValue {
        guard let run = run(ofEvent: serial) else { return .nil }
        if let value = run.fields[slot] { return value }
        guard let event = run.event else { return .nil }
        return APITable.lazyField(EventTable.rows[EventTable.index(of: event.kind)].allFields[slot], of: event, serial: serial, for: self)
    }

    package func released(_ object: LuaObject) {
        switch Kind(rawValue: object.kind) {
        case .matcher?: matchers[object.a] = nil
        case .iterator?, .users?: iterators[object.a] = nil
        case .regex?: regexes[object.a] = nil
        case .response?: responses.release(object.a)
        default: break
        }
    }

    package func source(ofModule name: String) throws(LuaHostError) -> (text: String, chunkName: String) {
        try files.module(name)
    }

    package func print(_ line: String) { host.log(self, .info, line) }

    package var time: (wall: Double, running: Double) {
        let now = host.engine.clock.now
        return (Double(now.wall) / 1_000, Double(now.uptime) / 1_000)
    }
}
