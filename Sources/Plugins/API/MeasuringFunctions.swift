import JSONText
import LuaHost
import RoomEngine

/// Something that those who look after the server should know of at once.
struct Alert {
    let kind: String
    let text: String
    /// Whose moderators are told; every room's, if nil.
    let room: RoomID?
}

extension APITable {
    static let measuring: [APIFunction] = [
        APIFunction("roost.metric.count", ["name string", "by number?", "labels table?"], "Counts something: /metrics and the console's metrics show it.") { call in
            let value = call[1].double ?? 1
            guard value >= 0 else { throw LuaHostError("a count only grows: use roost.metric.gauge") }
            return try measure(call, .count, value)
        },
        APIFunction("roost.metric.gauge", ["name string", "value number", "labels table?"], "Sets a value that goes up and down.") { call in
            try measure(call, .gauge, call[1].double ?? 0)
        },
        APIFunction("roost.metric.time", ["name string", "seconds number", "labels table?"], "Adds a time to those measured.") { call in
            let value = call[1].double ?? 0
            guard value >= 0 else { throw LuaHostError("a time is 0 seconds or more") }
            return try measure(call, .time, value)
        },
        APIFunction(
            "roost.alert", ["kind string", "data table?"], returns: "boolean", permission: .alert,
            "Raises an alarm: in the console, the audit log and moderators' browsers. `text` of the data is what people read, `room` where. False if there were too many."
        ) { call in
            let kind = try call.string(0)
            guard PluginEvents.isWord(kind) else { throw LuaHostError("a kind of alarm is small letters, digits and '_', not '\(kind.prefix(40))'") }
            guard let run = call.plugin.run else { return .nothing }
            if case .load = run.purpose { throw LuaHostError("a plugin raises no alarm while it is loaded: use roost.timer") }
            let now = call.engine.clock.now.uptime
            guard call.plugin.alarms.take(burst: 10, rate: 1.0 / 6, at: now) == nil else { return .values([.bool(false)]) }
            run.alerts.append(try alert(kind, call, run))
            return .values([.bool(true)])
        },
    ]

    private static func measure(_ call: APICall, _ kind: PluginMeasures.Kind, _ value: Double) throws -> LuaAnswer {
        let name = try call.string(0)
        guard PluginEvents.isWord(name), name.first?.isLetter == true else {
            throw LuaHostError("a measure's name is small letters, digits and '_', not '\(name.prefix(40))'")
        }
        guard value.isFinite else { throw LuaHostError("a measure is a number that is finite") }
        var labels: [PluginMeasures.Label] = []
        for pair in call[2].table?.pairs ?? [] {
            guard let label = pair.key.string, PluginEvents.isWord(label), label.first?.isLetter == true, label != "le" else {
                throw LuaHostError("a label's name is small letters, digits and '_'")
            }
            labels.append(.init(name: label, value: String(pair.value.display.prefix(PluginMeasures.longestValue))))
        }
        guard labels.count <= PluginMeasures.mostLabels else { throw LuaHostError("a measure has at most \(PluginMeasures.mostLabels) labels") }
        do throws(PluginMeasures.Mistake) {
            let isTaken = try call.host.measures[call.plugin.id, default: PluginMeasures()].add(kind, name, value, labels.sorted { $0.name < $1.name })
            if !isTaken, call.host.measures[call.plugin.id]?.dropped == 1 {
                call.host.log(call.plugin.id, .warn, "measures more than \(PluginMeasures.mostSeries) things, labels counted: '\(name)' and others are not taken any more")
            }
            return .nothing
        } catch {
            throw LuaHostError(error.message)
        }
    }

    private static func alert(_ kind: String, _ call: APICall, _ run: Run) throws(LuaHostError) -> Alert {
        var room = run.event?.room?.id
        var text = kind
        var others: [String] = []
        for pair in (call[1].table?.pairs ?? []).sorted(by: { ($0.key.string ?? "") < ($1.key.string ?? "") }) {
            guard let name = pair.key.string else { throw LuaHostError("an alarm's data has names") }
            switch (name, pair.value) {
            case ("text", .string(let words)): text = words
            case ("room", let value):
                guard let found = value.handle(.room).flatMap({ call.engine.room(number: $0.a) }) ?? value.string.flatMap({ call.engine.rooms[RoomID($0)] }) else {
                    throw LuaHostError("'room' is no room")
                }
                room = found.id
            case (_, let value):
                let person = value.handle(.user).flatMap { call.engine.person(number: $0.a) }
                others.append("\(name)=\(person.map { "\($0.name) (\($0.id))" } ?? value.display)")
            }
        }
        let whole = others.isEmpty ? text : "\(text) (\(others.joined(separator: ", ")))"
        return Alert(kind: kind, text: String(whole.prefix(1_000)), room: room)
    }
}

extension PluginHost {
    /// Tells the console and the audit log, and returns what tells the moderators.
    func raise(_ alert: Alert, by plugin: Plugin) -> [Effect] {
        let place = alert.room.map { " in \($0)" } ?? ""
        log(plugin.id, .warn, "ALERT \(alert.kind)\(place): \(alert.text)")
        surroundings.audit(plugin.id, "alert \(alert.kind)\(place): \(alert.text)")
        let rooms = alert.room.map { [$0] } ?? engine.rooms.keys.sorted { $0.text < $1.text }
        return rooms.compactMap { engine.rooms[$0] }.flatMap { room in
            room.ordered.filter { $0.isPresent && room.role(of: $0.person) >= .moderator }.map { member in
                .tell(member.person.id, room: room.id, LocalizedText("⚠ \(alert.text)"), by: plugin.id)
            }
        }
    }
}
