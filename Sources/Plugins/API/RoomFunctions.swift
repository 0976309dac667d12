import LuaHost
import RoomEngine

extension APITable {
    static let rooms: [APIFunction] = [
        APIFunction("roost.room", ["id string"], returns: "room?", "The room with that id.") { call in
            .values([.room(call.engine.rooms[RoomID(try call.string(0))])])
        },
        APIFunction(
            "roost.room.create", ["options table"], returns: "room?, string?", permission: .roomCreate,
            "Makes a room. Waits; nil and the reason if it cannot be."
        ) { try create($0) },
        APIFunction("room:remove", ["why string?"], permission: .roomRemove, "Removes the room with everything in it; everyone has to leave.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            try effect(call, .remove(room.id, reason: call[0] == .nil ? call.plugin.id.text : try call.string(0)))
            return .nothing
        },
        APIFunction(
            "room:users", returns: "users", "The people in the room, those who came first in front: `for user in room:users() do … end`."
        ) { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            var people = room.ordered.filter(\.isPresent).map(\.person)[...]
            let engine = call.engine
            let next = { () -> [LuaValue]? in
                while let person = people.popFirst() {
                    if engine.person(number: person.number) === person { return [.user(person)] }
                }
                return nil
            }
            return .values([try call.plugin.iterator(.users, next)])
        },
        APIFunction("users:__call", ["state any", "last any"], returns: "user?", "The next one; nil at the end. Whoever has gone meanwhile is left out.") { call in
            .values(call.object.flatMap { call.plugin.iterators[$0.a]?() } ?? [.nil])
        },
        APIFunction("users:list", returns: "user[]", "Those who have not been gone through yet, as a list.") { call in
            guard let next = call.object.flatMap({ call.plugin.iterators[$0.a] }) else { return .values(LuaValue.gone) }
            var people: [LuaValue] = []
            while let person = next()?.first { people.append(person) }
            return .values([.table(LuaTable(array: people))])
        },
        APIFunction("room:user", ["id string"], returns: "user?", "The person with that id, if they are in the room.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let member = room.members[PersonID(try call.string(0))]
            return .values([.user(member.flatMap { $0.isPresent ? $0.person : nil })])
        },
        APIFunction("room:say", ["text string", "options table?"], permission: .chatSend, "Says something in the room.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let name = try call.options(1).string("id")
            if let name, name.isEmpty || name.utf8.count > 64 { throw LuaHostError("'id' is 1 to 64 bytes") }
            try effect(call, .say(room.id, text: try message(call, 0), by: call.plugin.id, hops: hops(call), name: name))
            return .nothing
        },
        APIFunction(
            "room:edit", ["what integer|string", "text string"], permission: .chatSend,
            "Changes a message that this plugin has said: by its number, or by the id that it was said with. What is no message of its own stays as it is."
        ) { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let name: MessageName = if let seq = call[0].integer { .number(seq) } else { .own(try call.string(0)) }
            try effect(call, .edit(room.id, name, text: try message(call, 1), by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction(
            "room:redact", ["seq integer", "why string?"], permission: .historyRedact,
            "Deletes a message, whoever wrote it. What is deleted already, or no message, stays as it is."
        ) { call in
            guard let room = call.room, let seq = call[0].integer else { return .values(LuaValue.gone) }
            let why: String? = call[1] == .nil ? nil : try message(call, 1)
            try effect(call, .redact(room.id, seq, why: why, by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction(
            "room:system", ["key string", "args table?"], permission: .chatSend,
            "Writes a system message: a key of the plugin's translations, or a text as it is."
        ) { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let key = try call.string(0)
            let values = try textArguments(call[1])
            let text = call.plugin.texts.all(key, values)
            try effect(call, .system(room.id, text, key: key, values: values, by: call.plugin.id, hops: hops(call)))
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
        APIFunction("room:set", ["changes table"], permission: .roomSet, "Changes the room's title, max, topic, slow mode, lock or tags.") { call in
            guard let room = call.room else { return .values(LuaValue.gone) }
            let options = try call.options(0)
            let change = RoomChange(
                title: try options.string("title"), max: try options.integer("max").map { Int(clamping: $0) }, topic: try options.string("topic"),
                slow: try options.integer("slow").map { Int(clamping: $0) }, locked: try options.bool("locked"), tags: try options.strings("tags"))
            if let problem = call.engine.problem(with: change) { throw LuaHostError(problem.text) }
            try effect(call, .change(room.id, change, by: .plugin(call.plugin.id, hops: hops(call))))
            return .nothing
        },
        APIFunction("room:transfer", ["user user"], permission: .roomTransfer, "Makes somebody in the room its owner.") { call in
            guard let room = call.room, let person = call[0].handle(.user).flatMap({ call.engine.person(number: $0.a) }) else {
                return .values(LuaValue.gone)
            }
            try effect(call, .transfer(room.id, person.id, by: .plugin(call.plugin.id, hops: hops(call))))
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
        APIAttribute(.room, "locked", "boolean", "Whether nobody more gets in.") { room($0, $1).map { .bool($0.record.locked) } ?? .nil },
        APIAttribute(.room, "tags", "string[]", "Words by which kinds of rooms are known.") {
            room($0, $1).map { .table(LuaTable(array: $0.record.tags.map { .string($0) })) } ?? .nil
        },
    ]

    private static func create(_ call: APICall) throws(LuaHostError) -> LuaAnswer {
        guard let run = call.plugin.run, !run.isBefore else {
            throw LuaHostError("a room cannot be made while something is decided: use roost.after, a timer or a command")
        }
        if case .load = run.purpose { throw LuaHostError("a plugin cannot wait while it is loaded: use roost.timer") }
        let options = try call.options(0)
        guard let title = try options.string("title") else { throw LuaHostError("a room needs a 'title'") }
        let wanted = NewRoom(
            title: title, max: try options.integer("max").map { Int(clamping: $0) } ?? 10, password: try options.string("password"),
            topic: try options.string("topic") ?? "", permanent: try options.bool("permanent") ?? false, tags: try options.strings("tags") ?? [])
        let owner = try options.person("owner", call.engine)
        let engine = call.engine
        let actor = Actor.plugin(call.plugin.id, hops: hops(call))
        run.wait = { resume in
            engine.create(wanted, owner: owner, by: actor) { result in
                switch result {
                case .success(let room): resume(.success([.room(room)]))
                case .failure(let refusal): resume(.success([.nil, .string(refusal.text)]))
                }
            }
        }
        return .wait
    }

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
        var replyTo: Int64?
        switch event.body {
        case .chat(_, let words, let answered): (text, replyTo) = (words, answered)
        case .gif(_, let file, let caption): (gif, text) = (file.digest, caption)
        default: return nil
        }
        self = .table(
            LuaTable([
                "seq": .int(event.seq), "at": .int(event.at), "user_id": LuaValue(event.author?.id), "name": LuaValue(event.author?.name),
                "text": LuaValue(text), "gif": LuaValue(gif), "bot": event.author?.isBot == true ? .bool(true) : .nil,
                "reply_to": replyTo.map(LuaValue.int) ?? .nil, "edited_at": event.aftermath?.editedAt.map(LuaValue.int) ?? .nil,
                "reactions": .table(
                    LuaTable(pairs: event.reactions.map { .init(key: .string($0.emoji), value: .int(Int64($0.people.count))) })),
            ]))
    }
}
