import ChatText
import LuaHost
import RoomEngine

extension APITable {
    static let rooms: [APIFunction] = [
        APIFunction("roost.room", ["id string"], returns: "room?", "The room with that id.") { call in
            .values([.room(call.engine.rooms[RoomID(try call.string(0))])])
        },
        APIFunction("room:users", returns: "user[]", "The people in the room, those who came first in front.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            return .values([.table(LuaTable(array: room.ordered.filter(\.isPresent).map { .user($0.person) }))])
        },
        APIFunction("room:user", ["id string"], returns: "user?", "The person with that id, if they are in the room.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            return .values([.user(room.members[PersonID(try call.string(0))]?.person)])
        },
        APIFunction("room:say", ["text string"], permission: .chatSend, "Says something in the room.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            try effect(call, .say(room.id, text: try message(call, 0), by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction(
            "room:system", ["key string", "args table?"], permission: .chatSend,
            "Writes a system message: a key of the plugin's translations, or a text as it is."
        ) { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let key = try call.string(0)
            let text = call.plugin.texts.all(key, try textArguments(call[1]))
            try effect(call, .system(room.id, text, key: key, by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction(
            "room:history", ["options table?"], returns: "message[]", permission: .historyRead,
            "The last messages, or those before a number. Waits."
        ) { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let options = try call.options(0)
            let limit = try options.integer("limit") ?? 50
            guard (1...200).contains(limit) else { throw LuaHostError("'limit' is from 1 to 200") }
            let author = try options.string("by")
            let query = EventQuery(room: room.id, range: .before(try options.integer("before") ?? .max), limit: Int(limit))
            let engine = call.engine
            call.plugin.run?.wait = { resume in
                engine.find(query) { result in
                    switch result {
                    case .success(let events):
                        let messages = events.filter { author == nil || $0.author?.id == author }.compactMap(LuaValue.init(message:))
                        resume(.success([.table(LuaTable(array: messages))]))
                    case .failure(let refusal): resume(.failure(LuaHostError(refusal.text)))
                    }
                }
            }
            return .wait
        },
        APIFunction("room:set", ["changes table"], permission: .roomSet, "Changes the room's title, max, topic, slow mode or lock.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let options = try call.options(0)
            let limits = call.engine.limits
            var change = RoomChange()
            if let title = try options.string("title") {
                guard let clean = ChatText.normalizedName(title, maxCharacters: limits.title) else { throw LuaHostError("'title' is 1 to \(limits.title) characters") }
                change.title = clean
            }
            if let max = try options.integer("max") {
                guard (Int64(limits.smallestRoom)...Int64(limits.largestRoom)).contains(max) else {
                    throw LuaHostError("'max' is from \(limits.smallestRoom) to \(limits.largestRoom)")
                }
                change.max = Int(max)
            }
            if let slow = try options.integer("slow") {
                guard (0...86_400).contains(slow) else { throw LuaHostError("'slow' is in seconds, up to a day") }
                change.slow = Int(slow)
            }
            if let topic = try options.string("topic") {
                guard topic.unicodeScalars.count <= limits.topic else { throw LuaHostError("'topic' is up to \(limits.topic) characters") }
                change.topic = topic
            }
            change.locked = try options.bool("locked")
            try effect(call, .change(room.id, change, by: call.plugin.id.text))
            return .nothing
        },
        APIFunction("room:transfer", ["user user"], permission: .roomTransfer, "Makes somebody in the room its owner.") { call in
            guard let room = call.room, let person = call[0].handle(.user).flatMap({ call.engine.person(number: $0.a) }) else {
                return .values(LuaValue.gone)
            }
            try effect(call, .transfer(room.id, person.id))
            return .nothing
        },
        APIFunction("room:data", returns: "store", "This plugin's store for that room.") { call in
            guard let object = call.object else { return .nothing }
            return .values([Kind.store.handle(2, object.a)])
        },
    ]

    static let roomAttributes: [APIAttribute] = [
        APIAttribute(.room, "id", "string", "The id in its address.") { room($0, $1).map { .string($0.id.text) } ?? .nil },
        APIAttribute(.room, "title", "string", "The title.") { room($0, $1).map { .string($0.record.title) } ?? .nil },
        APIAttribute(.room, "max", "integer", "How many people fit in.") { room($0, $1).map { .int(Int64($0.record.max)) } ?? .nil },
        APIAttribute(.room, "count", "integer", "How many people are in it.") { room($0, $1).map { .int(Int64($0.count)) } ?? .nil },
        APIAttribute(.room, "owner", "user?", "Who owns it, if they are on the server.") { plugin, object in
            room(plugin, object).map { .user($0.record.owner.flatMap { plugin.host.engine.people[PersonID($0.id)] }) } ?? .nil
        },
        APIAttribute(.room, "has_password", "boolean", "Whether a password is needed.") {
            room($0, $1).map { .bool($0.record.passwordHash != nil) } ?? .nil
        },
        APIAttribute(.room, "created_at", "integer", "When it was made, in milliseconds since 1970.") {
            room($0, $1).map { .int($0.record.createdAt) } ?? .nil
        },
        APIAttribute(.room, "slow", "integer", "Seconds between two messages of one person; 0 for none.") {
            room($0, $1).map { .int(Int64($0.record.slow)) } ?? .nil
        },
        APIAttribute(.room, "topic", "string", "The topic.") { room($0, $1).map { .string($0.record.topic) } ?? .nil },
    ]

    private static func room(_ plugin: Plugin, _ object: LuaObject) -> Room? { plugin.host.engine.room(number: object.a) }

    /// Values for the places in a text.
    static func textArguments(_ value: LuaValue) throws(LuaHostError) -> [String: String] {
        var arguments: [String: String] = [:]
        for pair in value.table?.pairs ?? [] {
            guard let name = pair.key.string else { throw LuaHostError("a text's arguments have names") }
            // For people 3.0 is 3, whatever Lua calls it.
            if case .number(let number) = pair.value, let whole = Int64(exactly: number) {
                arguments[name] = "\(whole)"
            } else {
                arguments[name] = pair.value.display
            }
        }
        return arguments
    }
}

extension LuaValue {
    /// A message of the history, as a table. Nil for what is no message.
    init?(message event: Event) {
        var text: String?
        var gif: String?
        switch event.body {
        case .chat(_, let words, _): text = words
        case .gif(_, let file, let caption): (gif, text) = (file.digest, caption)
        default: return nil
        }
        self = .table(
            LuaTable([
                "seq": .int(event.seq), "at": .int(event.at), "user_id": LuaValue(event.author?.id), "name": LuaValue(event.author?.name),
                "text": LuaValue(text), "gif": LuaValue(gif),
            ]))
    }
}
