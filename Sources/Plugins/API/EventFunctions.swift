import ChatText
import LuaHost
import RoomEngine

extension APITable {
    static let events: [APIFunction] = [
        APIFunction(
            "event:reply", ["text string", "options table?"], permission: .userTell, "Tells the author something; with public = true, the room."
        ) { call in
            guard let event = try event(call), let person = event.person else { return .values(LuaValue.gone) }
            let text = try message(call, 0)
            if try call.options(1).bool("public") ?? false {
                guard let room = event.room else { throw LuaHostError("this event is in no room") }
                try effect(call, .say(room.id, text: text, by: call.plugin.id, hops: hops(call)))
            } else {
                try effect(call, .tell(person.id, room: event.room?.id, LocalizedText(text), by: call.plugin.id))
            }
            return .nothing
        },
        APIFunction("event:say", ["text string"], permission: .chatSend, "Says something in the event's room.") { call in
            guard let event = try event(call) else { return .values(LuaValue.gone) }
            guard let room = event.room else { throw LuaHostError("this event is in no room") }
            try effect(call, .say(room.id, text: try message(call, 0), by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction("event:react", ["emoji string"], permission: .chatSend, "Puts an emoji under the event's message.") { call in
            guard let event = try event(call) else { return .values(LuaValue.gone) }
            guard let emoji = ChatText.emoji(try call.string(0)) else { throw LuaHostError("bad argument #1 to 'react' (one emoji expected)") }
            let seq = event.message?.seq ?? event.seq
            guard let room = event.room, event.kind == .chat || event.kind == .gif || event.message != nil else {
                throw LuaHostError("there is no message here to react to: '\(event.kind.name)' is about none")
            }
            try effect(call, .react(room.id, seq, emoji: emoji, by: call.plugin.id, hops: hops(call)))
            return .nothing
        },
        APIFunction(
            "event:bytes", ["first integer?", "count integer?"], returns: "string?, string?", permission: .gifBytes,
            "The file of the event's GIF, or a part of it: so many bytes from the first on, which is 1. At most 524,288 at once; fewer at the end. Waits. Nil and why if it is gone."
        ) { try bytes($0) },
        APIFunction("roost.approve", ["id string"], permission: .chatHold, "Lets through what waits for a moderator.") { call in
            try effect(call, .approve(try call.string(0), by: call.plugin.id.text))
            return .nothing
        },
        APIFunction("roost.refuse", ["id string", "why string?"], permission: .chatHold, "Drops what waits; whoever it is from is told.") { call in
            try effect(call, .refuse(try call.string(0), why: call[1] == .nil ? "" : try call.string(1), by: call.plugin.id.text))
            return .nothing
        },
        APIFunction("event:note", ["key string", "value any"], "Leaves a note that 'why' shows.") { call in
            guard let run = call.object.flatMap({ call.plugin.run(ofEvent: $0.a) }) else { return .values(LuaValue.gone) }
            if run.notes.count < 20 { run.notes.append("\(try call.string(0)) = \(call[1].display)") }
            return .nothing
        },
    ]

    /// Bytes of a GIF that are read at once. They are held as a value for the plugin, and again in its own memory.
    private static let mostBytes: Int64 = 512 << 10

    private static func bytes(_ call: APICall) throws(LuaHostError) -> LuaAnswer {
        guard let event = try event(call), let run = call.plugin.run else { return .values(LuaValue.gone) }
        guard case .gif(let gif, _) = event.payload else { throw LuaHostError("there is no GIF here: '\(event.kind.name)' is about none") }
        let first = call[0] == .nil ? 1 : call[0].integer ?? 0, count = call[1] == .nil ? mostBytes : call[1].integer ?? 0
        guard first >= 1, (1...mostBytes).contains(count) else {
            throw LuaHostError("'first' is from 1, and 'count' from 1 to \(mostBytes)")
        }
        let start = Int(min(first - 1, Int64(gif.bytes)))
        let range = start..<min(start + Int(count), gif.bytes)
        let gifs = call.host.surroundings.gifs
        run.wait = { resume in
            gifs.read(gif.digest, range) { bytes in
                resume(.success(bytes.map { [.bytes($0)] } ?? LuaValue.gone))
            }
        }
        return .wait
    }

    private static func event(_ call: APICall) throws(LuaHostError) -> HookEvent? {
        call.object.flatMap { call.plugin.run(ofEvent: $0.a) }?.event
    }

    // MARK: For all functions with effects

    /// A text that may be shown to people.
    static func message(_ call: APICall, _ index: Int) throws(LuaHostError) -> String {
        let text = try call.string(index)
        let limit = call.engine.limits.text
        if let problem = ChatText.problem(inMessage: text, maxCharacters: limit) { throw LuaHostError(problem.sentence(limit: limit)) }
        return text
    }

    /// How many plugins have caused one another, this one included.
    static func hops(_ call: APICall) -> Int { call.plugin.run?.hops ?? 1 }

    /// Notes something to be done with the run's end.
    static func effect(_ call: APICall, _ effect: Effect) throws(LuaHostError) {
        guard let run = call.plugin.run else { return }
        if case .handler(let hook) = run.purpose, hook.phase == .observe {
            throw LuaHostError("an observer may only log, count and store")
        }
        if run.effects.count >= 1_000 { throw LuaHostError("too many effects at once (1000)") }
        run.effects.append(effect)
    }

    // MARK: Lazy fields

    /// The value of a field that is worked out when a plugin reads it.
    static func lazyField(_ name: String, of event: HookEvent, serial: UInt64, for plugin: Plugin) -> LuaValue {
        switch (name, event.payload) {
        case ("id", _): .string("e\(serial)")
        case ("origin", _):
            switch event.origin {
            case .person: .string("person")
            case .plugin(let id, _): .string("plugin:\(id)")
            case .console: .string("console")
            case .server: .string("server")
            }
        case ("mentions", .chat(let text, _)): .table(LuaTable(array: mentions(text)))
        case ("links", .chat(let text, _)): .table(LuaTable(array: links(text)))
        case ("gif", .gif(let gif, _)):
            .table(
                LuaTable([
                    "bytes": .int(Int64(gif.bytes)), "width": .int(Int64(gif.width)), "height": .int(Int64(gif.height)),
                    "frames": .int(Int64(gif.frames)), "seconds": .number(gif.seconds), "sha256": .string(gif.digest),
                    "flashes_per_second": .number(gif.flashesPerSecond),
                ]))
        case ("text", .whisper(_, let text)): plugin.may(.whisperRead) ? .string(text) : .nil
        case ("args", .system(_, _, let values)):
            .table(LuaTable(pairs: values.sorted { $0.key < $1.key }.map { .init(key: .string($0.key), value: .string($0.value)) }))
        case ("mentions", .edit(_, let text)): .table(LuaTable(array: mentions(text)))
        case ("links", .edit(_, let text)): .table(LuaTable(array: links(text)))
        case ("message", _): event.message.flatMap(LuaValue.init(message:)) ?? .nil
        case ("messages", .history(let messages)): .table(LuaTable(array: messages.compactMap(LuaValue.init(message:))))
        case ("candidates", .owner(let people)): .table(LuaTable(array: people.map { LuaValue.user($0) }))
        default: .nil
        }
    }
}

extension LuaValue {
    /// For people to read.
    var display: String {
        switch self {
        case .nil: "nil"
        case .bool(let flag): "\(flag)"
        case .int(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): "(\(bytes.count) bytes)"
        case .table(let table): "(a table of \(table.array.count + table.pairs.count))"
        case .function: "(a function)"
        case .object(let object): "(a \(Kind(rawValue: object.kind)?.name ?? "handle"))"
        }
    }
}
