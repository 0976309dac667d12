import ChatText
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
        APIFunction("user:tell", ["text string", "options table?"], permission: .userTell, "Tells them something that nobody else sees.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            let options = try call.options(1)
            let text = try message(call, 0)
            let room = try options.room("room", call.engine) ?? call.plugin.run?.event?.room
            guard try options.bool("whisper") ?? false else {
                try effect(call, .tell(person.id, room: room?.id, LocalizedText(text), by: call.plugin.id))
                return .nothing
            }
            guard let room else { throw LuaHostError("a whisper is said in a room: user:tell(text, { whisper = true, room = … })") }
            try effect(call, .whisper(person.id, room: room.id, text: text, by: call.plugin.id))
            return .nothing
        },
        APIFunction("user:mute", ["options table?"], permission: .userMute, "Mutes them in a room, for seconds or for good.") {
            try moderate($0, .mute)
        },
        APIFunction("user:unmute", ["options table?"], permission: .userMute, "Lets them speak again.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            try effect(call, .unmute(try room(call, try call.options(0)), person.id, by: .plugin(call.plugin.id, hops: hops(call))))
            return .nothing
        },
        APIFunction("user:kick", ["options table?"], permission: .userKick, "Asks them to leave a room.") { try moderate($0, .kick) },
        APIFunction("user:ban", ["options table?"], permission: .userBan, "Keeps them out of a room, for seconds or for good.") {
            try moderate($0, .ban)
        },
        APIFunction("user:rename", ["name string"], permission: .userName, "Gives them another name, everywhere.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            let limit = call.engine.limits.name
            guard let name = ChatText.normalizedName(try call.string(0), maxCharacters: limit) else {
                throw LuaHostError("a name has 1 to \(limit) visible characters")
            }
            try effect(call, .rename(person.id, name, by: .plugin(call.plugin.id, hops: hops(call))))
            return .nothing
        },
        APIFunction("user:address", returns: "string?", permission: .addressRead, "The network address of their latest connection.") { call in
            guard let person = call.person else { return .values(LuaValue.gone) }
            return .values([LuaValue(person.connections.last?.address)])
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
            return .string((plugin.run?.event?.room?.role(of: person) ?? (person.isAdmin ? .admin : .member)).rawValue)
        },
        APIAttribute(.user, "locale", "string", "The language of their browser.") { plugin, object in
            person(plugin, object).map { .string($0.locale) } ?? .nil
        },
        APIAttribute(.user, "is_bot", "boolean", "Whether a program speaks.") { plugin, object in
            person(plugin, object).map { .bool($0.isBot) } ?? .nil
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
        person(plugin, object).flatMap { plugin.run?.event?.room?.members[$0.id] }
    }

    /// The room that `options` name, or that of the event at hand.
    private static func room(_ call: APICall, _ options: Options) throws(LuaHostError) -> RoomID {
        if let room = try options.room("room", call.engine) ?? call.plugin.run?.event?.room { return room.id }
        throw LuaHostError("'\(call.function.shortName)' needs a room here: \(call.function.shortName){ room = … }")
    }

    private static func moderate(_ call: APICall, _ kind: Moderation.Kind) throws(LuaHostError) -> LuaAnswer {
        guard let person = call.person else { return .values(LuaValue.gone) }
        let options = try call.options(0)
        let room = try room(call, options)
        let seconds = kind == .kick ? nil : try options.number("seconds")
        if let seconds, !(seconds > 0 && seconds < 1e10) { throw LuaHostError("'seconds' must be above 0") }
        let reason = try options.string("reason") ?? ""
        try effect(call, .moderate(Moderation(kind, room: room, person: person.id, seconds: seconds, reason: reason, by: try actor(call, options))))
        return .nothing
    }

    /// Who wants it: the plugin, or with `by` the person whose command it carries out, if they may.
    private static func actor(_ call: APICall, _ options: Options) throws(LuaHostError) -> Actor {
        guard let person = try options.person("by", call.engine) else { return .plugin(call.plugin.id, hops: hops(call)) }
        guard let run = call.plugin.run, case .command = run.purpose, run.event?.person === person else {
            throw LuaHostError("'by' is whoever has given the command: by = c.user")
        }
        return .person(person.id)
    }
}
