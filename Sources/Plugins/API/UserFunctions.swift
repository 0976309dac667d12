import LuaHost
import RoomEngine

extension APITable {
    static let users: [APIFunction] = [
        APIFunction("user:has", ["role string"], returns: "boolean", "Whether they have at least that role in the room at hand.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            let name = try call.string(0)
            guard let role = Role(rawValue: name) else {
                throw LuaHostError("there is no role '\(name)'; there are: member, moderator, owner, admin")
            }
            let room = call.plugin.run?.event?.room
            let has = room?.role(of: person) ?? (person.isAdmin ? .admin : .member)
            return .values([.bool(has >= role)])
        },
        APIFunction("user:tell", ["text string"], permission: .userTell, "Tells them something that nobody else sees.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            let room = call.plugin.run?.event?.room.id
            try effect(call, .tell(person.id, room: room, LocalizedText(try message(call, 0)), by: call.plugin.id))
            return .nothing
        },
        APIFunction("user:mute", ["options table?"], permission: .userMute, "Mutes them in a room, for seconds or for good.") { call in
            try restrict(call) { .mute($0, $1, seconds: $2, reason: $3, by: call.plugin.id.text) }
        },
        APIFunction("user:unmute", ["options table?"], permission: .userMute, "Lets them speak again.") { call in
            try restrict(call) { room, person, _, _ in .unmute(room, person) }
        },
        APIFunction("user:kick", ["options table?"], permission: .userKick, "Asks them to leave a room.") { call in
            try restrict(call) { room, person, _, reason in .kick(room, person, reason: reason, by: call.plugin.id.text) }
        },
        APIFunction("user:ban", ["options table?"], permission: .userBan, "Keeps them out of a room, for seconds or for good.") { call in
            try restrict(call) { .ban($0, $1, seconds: $2, reason: $3, by: call.plugin.id.text) }
        },
        APIFunction("user:data", returns: "store", "This plugin's store for that person.") { call in
            guard let object = call.object else { return .nothing }
            return .values([Kind.store.handle(1, object.a)])
        },
    ]

    static let userAttributes: [APIAttribute] = [
        APIAttribute(.user, "id", "string", "The public id.") { plugin, object in person(plugin, object).map { .string($0.id.text) } ?? .nil },
        APIAttribute(.user, "name", "string", "What they are called.") { plugin, object in person(plugin, object).map { .string($0.name) } ?? .nil },
        APIAttribute(.user, "color", "string?", "Their colour in the room at hand.") { plugin, object in
            LuaValue(member(plugin, object)?.color)
        },
        APIAttribute(.user, "role", "string", "member, moderator, owner or admin.") { plugin, object in
            guard let person = person(plugin, object) else { return .nil }
            return .string((plugin.run?.event?.room.role(of: person) ?? (person.isAdmin ? .admin : .member)).rawValue)
        },
        APIAttribute(.user, "locale", "string", "The language of their browser.") { plugin, object in
            person(plugin, object).map { .string($0.locale) } ?? .nil
        },
        APIAttribute(.user, "is_bot", "boolean", "Whether a program speaks.") { plugin, object in
            person(plugin, object) == nil ? .nil : .bool(false)
        },
        APIAttribute(.user, "joined_at", "integer?", "When they entered the room at hand, in milliseconds since 1970.") { plugin, object in
            member(plugin, object).map { .int($0.joinedAt) } ?? .nil
        },
        APIAttribute(.user, "seconds_here", "number?", "How long they have been in the room at hand.") { plugin, object in
            member(plugin, object).map { .number(Double(plugin.host.engine.clock.now.wall - $0.joinedAt) / 1_000) } ?? .nil
        },
        APIAttribute(.user, "color_seed", "string", "What colours are made from: random, and telling nothing else.") { plugin, object in
            person(plugin, object).map { .string($0.colorSeed) } ?? .nil
        },
    ]

    /// The person a handle is for. A person who has just left is still known by the event of their exit.
    static func person(_ plugin: Plugin, _ object: LuaObject) -> Person? {
        if let person = plugin.host.engine.person(number: object.a) { return person }
        return plugin.run?.event?.person.flatMap { $0.number == object.a ? $0 : nil }
    }

    private static func member(_ plugin: Plugin, _ object: LuaObject) -> Member? {
        person(plugin, object).flatMap { plugin.run?.event?.room.members[$0.id] }
    }

    /// The room that `options` name, or that of the event at hand.
    private static func restrict(
        _ call: APICall, _ make: (RoomID, PersonID, _ seconds: Double?, _ reason: String) -> Effect
    ) throws(LuaHostError) -> LuaAnswer {
        guard let person = call.person else { return .values(LuaValue.gone) }
        let options = try call.options(0)
        guard let room = try options.room("room", call.engine) ?? call.plugin.run?.event?.room else {
            throw LuaHostError("'\(call.function.shortName)' needs a room here: \(call.function.shortName){ room = … }")
        }
        let seconds = try options.number("seconds")
        if let seconds, !(seconds > 0 && seconds < 1e10) { throw LuaHostError("'seconds' must be above 0") }
        try effect(call, make(room.id, person.id, seconds, try options.string("reason") ?? ""))
        return .nothing
    }
}
