import LuaHost
import RoomEngine

extension APITable {
    static let registering: [APIFunction] = [
        APIFunction("roost.on", ["event string", "handler function", "options table?"], returns: "hook", "Calls the handler for an event.") {
            try register($0, phase: nil)
        },
        APIFunction(
            "roost.before", ["event string", "handler function", "options table?"], returns: "hook",
            "Like on, for an event that handlers decide about."
        ) { call in
            let row = try eventRow(call)
            guard EventTable.rows[row].canBeVetoed else {
                throw LuaHostError("'\(EventTable.rows[row].kind.name)' cannot be vetoed: use roost.after")
            }
            return try register(call, phase: EventTable.rows[row].phaseBefore)
        },
        APIFunction(
            "roost.after", ["event string", "handler function", "options table?"], returns: "hook",
            "Calls the handler when it has happened; it may take its time."
        ) {
            try register($0, phase: .after)
        },
        APIFunction(
            "roost.observe", ["event string", "handler function", "options table?"], returns: "hook",
            "Shows every event and its verdict, dropped ones too; the handler may log, count and store."
        ) {
            try register($0, phase: .observe)
        },
        APIFunction("hook:off", "Stops calling the handler, from the next event on.") { call in
            if let hook = call.plugin.hooks.first(where: { $0.number == call.object?.a }) {
                call.plugin.hooks.removeAll { $0 === hook }
                call.host.sortHooks()
            }
            for name in Array(call.plugin.listeners.keys) { call.plugin.listeners[name]?.removeAll { $0.number == call.object?.a } }
            return .nothing
        },
        APIFunction("hook:stats", returns: "hook_stats", "How often it was called, with how many errors, and its milliseconds.") { call in
            guard let hook = call.plugin.hooks.first(where: { $0.number == call.object?.a }) else { return .values(LuaValue.gone) }
            return .values([
                .table(
                    LuaTable([
                        "calls": .int(Int64(hook.account.calls)), "errors": .int(Int64(hook.account.errors)),
                        "milliseconds": .number(Double(hook.account.nanoseconds) / 1e6),
                    ]))
            ])
        },
    ]

    private static func eventRow(_ call: APICall) throws(LuaHostError) -> Int {
        let name = try call.string(0)
        guard let row = EventTable.index(named: name) else {
            let hint = nearest(name, in: EventTable.names).map { "; did you mean '\($0)'?" } ?? ""
            throw LuaHostError("there is no event '\(name)'\(hint)")
        }
        if let allowed = call.plugin.manifest.hooks, !allowed.contains(name), !EventTable.rows[row].isOwn {
            throw LuaHostError("the manifest does not name the event '\(name)': add it to \"hooks\" in plugin.json")
        }
        return row
    }

    /// A handler of another plugin's event, if the name is one of those: it has happened, so there is nothing to decide.
    private static func listener(_ call: APICall, phase: Phase?) throws(LuaHostError) -> LuaAnswer? {
        let name = try call.string(0)
        guard EventTable.index(named: name) == nil, PluginEvents.isName(name) else { return nil }
        let plugin = call.plugin
        guard phase == nil || phase == .after else { throw LuaHostError("'\(name)' has happened when plugins hear of it: use roost.on") }
        if let allowed = plugin.manifest.hooks, !allowed.contains(name) {
            throw LuaHostError("the manifest does not name the event '\(name)': add it to \"hooks\" in plugin.json")
        }
        guard call[2] == .nil else { throw LuaHostError("a handler of another plugin's event has no options") }
        if plugin.listeners.values.reduce(0, { $0 + $1.count }) >= 1_000 { throw LuaHostError("too many handlers (1000)") }
        let number = plugin.nextNumber()
        plugin.listeners[name, default: []].append(PluginListener(number: number, function: call.function(1)))
        return .values([Kind.hook.handle(number)])
    }

    private static func register(_ call: APICall, phase forced: Phase?) throws -> LuaAnswer {
        let plugin = call.plugin
        if let listener = try listener(call, phase: forced) { return listener }
        let row = try eventRow(call)
        let definition = EventTable.rows[row]
        let options = try call.options(2)

        var phase = forced ?? definition.defaultPhase
        if let name = try options.string("phase") {
            guard let named = Phase(rawValue: name), definition.phases.contains(named) else {
                let known = definition.phases.map(\.rawValue).joined(separator: ", ")
                throw LuaHostError("'\(definition.kind.name)' has no phase '\(name)'; there are: \(known)")
            }
            phase = named
        }
        guard definition.phases.contains(phase) else { throw LuaHostError("'\(definition.kind.name)' has no phase '\(phase)'") }
        let priority = try options.integer("priority") ?? 0
        guard (-100...100).contains(priority) else { throw LuaHostError("'priority' is from -100 to 100") }
        let fail = try options.string("fail")
        guard fail == nil || fail == "open" || fail == "closed" else { throw LuaHostError("'fail' is \"open\" or \"closed\"") }
        let deadline = try options.number("deadline")
        guard deadline.map({ $0 > 0 && $0 <= 10 }) ?? true else { throw LuaHostError("'deadline' is in seconds, up to 10") }
        let seesPlugins = try options.bool("plugins") ?? false

        let hook = Hook(
            plugin: plugin, number: plugin.nextNumber(), row: row, topic: EventTable.topic(of: try call.string(0)), phase: phase, priority: Int(priority),
            rooms: try options.string("room"), id: try options.string("id"), failsClosed: fail.map { $0 == "closed" } ?? plugin.manifest.isSafety,
            deadline: deadline.map { .milliseconds(Int64($0 * 1_000)) } ?? plugin.manifest.deadline, seesPlugins: seesPlugins,
            function: call.function(1))
        try plugin.describe(event: row)
        // The same id twice replaces.
        if let id = hook.id { plugin.hooks.removeAll { $0.id == id && $0.row == row && $0.topic == hook.topic } }
        plugin.hooks.append(hook)
        if call.host.isLive(plugin) { call.host.sortHooks() }
        return .values([Kind.hook.handle(hook.number)])
    }
}

extension APIFunction {
    /// A function without arguments or results.
    init(_ path: String, _ summary: String, call: @escaping @Sendable (APICall) throws -> LuaAnswer) {
        self.init(path, [], summary, call: call)
    }
}
