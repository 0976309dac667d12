import JSONText
import LuaHost
import RoomEngine

extension APITable {
    static let scheduling: [APIFunction] = [
        APIFunction(
            "roost.schedule", ["options table"],
            "Has the handlers of `schedule:<event>` called once, at a time, even if the server is started again meanwhile."
        ) { call in
            guard let run = call.plugin.run else { return .nothing }
            let options = try call.options(0)
            guard let key = try options.string("key"), (1...200).contains(key.utf8.count) else { throw LuaHostError("'key' is 1 to 200 bytes") }
            guard let event = try options.string("event"), EventTable.index(named: "schedule:\(event)") != nil, event.utf8.count <= 100 else {
                throw LuaHostError("'event' names the handlers: those of schedule:<event>")
            }
            let now = call.engine.clock.now.wall
            let at: Double
            switch (try options.number("at"), try options.number("after")) {
            case (let seconds?, nil): at = seconds * 1_000
            case (nil, let seconds?) where seconds >= 0: at = Double(now) + seconds * 1_000
            default: throw LuaHostError("a schedule has either 'at', in seconds since 1970, or 'after', in seconds from now")
            }
            guard at >= 0, at <= Double(now) + 100 * 366 * 86_400_000 else { throw LuaHostError("a schedule's time is within a hundred years") }
            let data = try JSONValue(options.table["data"]).text
            guard data.utf8.count <= Schedules.mostData else {
                throw LuaHostError("'data' is up to \(Schedules.mostData) bytes: keep it in roost.store, and its key here")
            }
            if scheduled(call, key) == nil, isFull(call, run) { throw LuaHostError("too many schedules (\(Schedules.most))") }
            run.schedules[key] = ScheduleChange(plugin: call.plugin.id, key: key, schedule: Schedule(event: event, at: Int64(at), data: data))
            return .nothing
        },
        APIFunction("roost.unschedule", ["key string"], returns: "boolean", "Cancels a schedule. Whether there was one.") { call in
            let key = try call.string(0)
            let before = scheduled(call, key)
            if before != nil { call.plugin.run?.schedules[key] = ScheduleChange(plugin: call.plugin.id, key: key, schedule: nil) }
            return .values([.bool(before != nil)])
        },
        APIFunction(
            "roost.scheduled", ["prefix string?"], returns: "schedule[]", "What is scheduled, of the keys that begin with the prefix: what is due first in front."
        ) { call in
            let prefix = call[0] == .nil ? "" : try call.string(0)
            var found: [String: Schedule] = [:]
            for row in call.host.schedules.rows(of: call.plugin.id) { found[row.key] = row.schedule }
            for (key, change) in call.plugin.run?.schedules ?? [:] { found[key] = change.schedule }
            let chosen = found.filter { $0.key.hasPrefix(prefix) }.sorted { ($0.value.at, $0.key) < ($1.value.at, $1.key) }
            return .values([.table(LuaTable(array: chosen.map { LuaValue(schedule: $0.value, key: $0.key) }))])
        },
    ]

    private static func isFull(_ call: APICall, _ run: Run) -> Bool {
        let schedules = call.host.schedules, known = schedules.count(of: call.plugin.id)
        // Counting exactly takes its time, so it is left for when it may matter.
        if known + run.schedules.count < Schedules.most { return false }
        let change = run.schedules.reduce(0) { sum, change in
            let before = schedules.schedule(call.plugin.id, change.key) == nil ? 0 : 1
            return sum + (change.value.schedule == nil ? 0 : 1) - before
        }
        return known + change >= Schedules.most
    }

    /// What is scheduled by that key, as this run sees it.
    private static func scheduled(_ call: APICall, _ key: String) -> Schedule? {
        if let change = call.plugin.run?.schedules[key] { return change.schedule }
        return call.host.schedules.schedule(call.plugin.id, key)
    }
}

extension LuaValue {
    fileprivate init(schedule: Schedule, key: String) {
        let data = (try? JSONValue(parsing: schedule.data.utf8)) ?? .null
        self = .table(
            LuaTable([
                "key": .string(key), "event": .string(schedule.event), "at": .number(Double(schedule.at) / 1_000), "data": LuaValue(data),
            ]))
    }
}
