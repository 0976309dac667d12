import Crypto
import Foundation
import JSONText
import LuaHost
import RoomEngine

/// What a plugin's tests can do: rows of path and implementation.
enum TestFunctions {
    struct Row: Sendable {
        let path: String
        let call: @Sendable (TestScript, [LuaValue]) throws -> [LuaValue]
    }

    static let all: [Row] = people + services

    private static let people: [Row] = [
        // test(name, [{ config = {…} },] function(t) … end)
        Row(path: "test") { script, arguments in
            guard let name = arguments.first?.string, let function = arguments.last?.function else {
                throw LuaHostError("test(name, function(t) … end)")
            }
            var configuration: [String: JSONValue] = [:]
            if let options = arguments.dropFirst().first?.table, let given = options["config"].table {
                for pair in given.pairs { configuration[pair.key.string ?? ""] = try JSONValue(pair.value) }
            }
            script.add(name, configuration, function)
            return []
        },
        // t:room{ title =, max =, password =, owner =, tags = }
        Row(path: "t:room") { script, arguments in
            let options = arguments.count > 1 ? arguments[1].table ?? LuaTable() : LuaTable()
            let world = try script.running()
            let wanted = NewRoom(
                title: options["title"].string ?? "Test", max: options["max"].integer.map(Int.init) ?? 10, password: options["password"].string,
                tags: options["tags"].table?.array.compactMap(\.string) ?? [])
            let owner = try options["owner"] == .nil ? nil : script.visitor(options["owner"])
            switch world.room(wanted, owner: owner) {
            case .success(let id)?:
                script.rooms.append(id)
                return [.object(LuaObject(kind: TestScript.Kind.room.rawValue, a: UInt64(script.rooms.count - 1)))]
            case .failure(let refusal)?: throw LuaHostError("the room was refused: \(refusal.text)")
            case nil: throw LuaHostError("the room was not made")
            }
        },
        // t:user(name, { admin =, seed =, locale = })
        Row(path: "t:user") { script, arguments in
            let options = arguments.count > 2 ? arguments[2].table ?? LuaTable() : LuaTable()
            let name = arguments.count > 1 ? arguments[1].string ?? "ann" : "ann"
            let visitor = try script.running().visitor(named: name, seed: options["seed"].string, isAdmin: options["admin"].bool ?? false, locale: options["locale"].string ?? "en")
            script.visitors.append(visitor)
            return [.object(LuaObject(kind: TestScript.Kind.visitor.rawValue, a: UInt64(script.visitors.count - 1)))]
        },
        // t:advance(seconds)
        Row(path: "t:advance") { script, arguments in
            guard let seconds = arguments.last?.double, seconds >= 0 else { throw LuaHostError("t:advance(seconds)") }
            try script.running().advance(milliseconds: Int64(seconds * 1_000))
            return []
        },
        // t:reload(): the plugin's files are read again
        Row(path: "t:reload") { script, _ in
            guard case .failure(let problem)? = try script.running().reload(script.files.id) else { return [] }
            throw LuaHostError("the reload was refused: \(problem.text)")
        },
        // t:restart(seconds): killed, and started again after so long
        Row(path: "t:restart") { script, arguments in
            let seconds = arguments.count > 1 ? arguments[1].double ?? 0 : 0
            guard seconds >= 0 else { throw LuaHostError("t:restart(seconds)") }
            try script.running().restart(after: Int64(seconds * 1_000))
            return []
        },
        // t:configure(name, value): as an operator does it
        Row(path: "t:configure") { script, arguments in
            guard arguments.count > 2, let name = arguments[1].string else { throw LuaHostError("t:configure(name, value)") }
            let world = try script.running()
            try world.host.configure(script.files.id, name, try JSONValue(arguments[2]))
            world.settle()
            return []
        },
        // t:expect(visitor)
        Row(path: "t:expect") { script, arguments in
            guard let index = arguments.last?.object, index.kind == TestScript.Kind.visitor.rawValue else { throw LuaHostError("t:expect(visitor)") }
            return [.object(LuaObject(kind: TestScript.Kind.expectation.rawValue, a: index.a))]
        },
        // t:why(id) → a line per handler: "guard@g1 filter: drop …"
        Row(path: "t:why") { script, arguments in
            guard let id = arguments.last?.string, let trace = try script.running().host.trace(id) else { return [.nil] }
            return [.string(trace.steps.map { "\($0.hook) \($0.phase.rawValue): \($0.outcome)" }.joined(separator: "\n"))]
        },
        // t:sha256(text) → hexadecimal
        Row(path: "t:sha256") { _, arguments in
            guard let text = arguments.last?.string else { throw LuaHostError("t:sha256(text)") }
            return [.string(hexadecimal(SHA256.hash(data: Data(text.utf8))))]
        },
        // t:log() → what was logged
        Row(path: "t:log") { script, _ in [.string(try script.running().log.joined(separator: "\n"))] },

        // visitor:join(room, password)
        Row(path: "visitor:join") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            let room = try script.room(arguments, 1)
            try script.running().perform(.join(.init(room: room.id, password: arguments.count > 2 ? arguments[2].string : nil)), by: visitor)
            if case .joined? = visitor.lastAnswer { visitor.rooms.append(room.id) }
            return [arguments[0]]
        },
        Row(path: "visitor:exit") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            guard let room = visitor.rooms.popLast() else { throw LuaHostError("\(visitor.record.name) is in no room") }
            try script.running().perform(.exit(room), by: visitor)
            return [arguments[0]]
        },
        // visitor:say(text)
        Row(path: "visitor:say") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            guard arguments.count > 1, let text = arguments[1].string else { throw LuaHostError("visitor:say(text)") }
            try script.running().perform(.chat(.init(room: try visitor.currentRoom(), text: text)), by: visitor)
            return [arguments[0]]
        },
        // visitor:whisper(who, text)
        Row(path: "visitor:whisper") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            guard arguments.count > 2, let text = arguments[2].string else { throw LuaHostError("visitor:whisper(who, text)") }
            let to = try script.visitor(arguments[1]).record.id
            try script.running().perform(.whisper(room: try visitor.currentRoom(), to: to, text: text, cid: nil), by: visitor)
            return [arguments[0]]
        },
        // visitor:moderate(what, who, { seconds =, reason = })
        Row(path: "visitor:moderate") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            guard arguments.count > 2, let what = arguments[1].string else { throw LuaHostError("visitor:moderate(what, who, options)") }
            let who = try script.visitor(arguments[2]).record.id
            let options = arguments.count > 3 ? arguments[3].table ?? LuaTable() : LuaTable()
            let room = try visitor.currentRoom()
            let command: Command
            switch what {
            case "unmute": command = .pardon(.mute, room: room, person: who)
            case "unban": command = .pardon(.ban, room: room, person: who)
            default:
                guard let kind = Moderation.Kind(rawValue: what) else { throw LuaHostError("there are: kick, mute, ban, unmute and unban") }
                command = .moderate(kind, room: room, person: who, seconds: options["seconds"].double, reason: options["reason"].string ?? "")
            }
            try script.running().perform(command, by: visitor)
            return [arguments[0]]
        },
        // visitor:give(role, who)
        Row(path: "visitor:give") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            guard arguments.count > 2, let role = arguments[1].string.flatMap(Role.init) else { throw LuaHostError("visitor:give(role, who)") }
            let who = try script.visitor(arguments[2]).record.id
            try script.running().perform(.role(role, room: try visitor.currentRoom(), person: who), by: visitor)
            return [arguments[0]]
        },
        // visitor:set{ title =, topic =, max =, slow =, locked =, tags = }
        Row(path: "visitor:set") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            let options = arguments.count > 1 ? arguments[1].table ?? LuaTable() : LuaTable()
            let change = RoomChange(
                title: options["title"].string, max: options["max"].integer.map { Int($0) }, topic: options["topic"].string,
                slow: options["slow"].integer.map { Int($0) }, locked: options["locked"].bool,
                tags: options["tags"].table?.array.compactMap(\.string))
            try script.running().perform(.set(try visitor.currentRoom(), change), by: visitor)
            return [arguments[0]]
        },
        // visitor:gif{ width =, height =, frames =, seconds =, flashes =, caption =, content = }
        Row(path: "visitor:gif") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            let options = arguments.count > 1 ? arguments[1].table ?? LuaTable() : LuaTable()
            let number = { (name: String, standard: Double) in options[name].double ?? standard }
            let content: [UInt8]? =
                switch options["content"] {
                case .string(let text): Array(text.utf8)
                case .bytes(let bytes): bytes
                default: nil
                }
            let gif = GIF(
                digest: try script.running().gifs.add(content), bytes: content?.count ?? Int(number("bytes", 1_000)), width: Int(number("width", 100)),
                height: Int(number("height", 100)), frames: Int(number("frames", 1)), seconds: number("seconds", 0),
                flashesPerSecond: number("flashes", 0))
            try script.running().perform(.gif(.init(room: try visitor.currentRoom(), gif: gif, caption: options["caption"].string)), by: visitor)
            return [arguments[0]]
        },
        // visitor:edit(message, text), visitor:delete(message, why), visitor:react(message, emoji, on), visitor:report(message, why)
        Row(path: "visitor:edit") { script, arguments in
            try script.act(arguments) { room, seq in .edit(.init(room: room, of: seq, text: arguments.last?.string ?? "")) }
        },
        Row(path: "visitor:delete") { script, arguments in
            try script.act(arguments) { room, seq in .delete(.init(room: room, of: seq, why: arguments.count > 2 ? arguments[2].string : nil)) }
        },
        Row(path: "visitor:react") { script, arguments in
            try script.act(arguments) { room, seq in
                let emoji = arguments.count > 2 ? arguments[2].string ?? "" : ""
                return .react(.init(room: room, of: seq, emoji: emoji, on: arguments.count > 3 ? arguments[3].bool ?? true : true))
            }
        },
        Row(path: "visitor:report") { script, arguments in
            try script.act(arguments) { room, seq in
                .report(.init(room: room, of: seq, why: arguments.count > 2 ? arguments[2].string ?? "" : ""))
            }
        },
        Row(path: "visitor:rename") { script, arguments in
            try script.running().perform(.name(arguments.last?.string ?? ""), by: try script.visitor(arguments[0]))
            return [arguments[0]]
        },
        // visitor:disconnect() closes their only connection
        Row(path: "visitor:disconnect") { script, arguments in
            try script.running().disconnect(try script.visitor(arguments[0]))
            return [arguments[0]]
        },
        // visitor:last_sent() → what t:why knows their last message by
        Row(path: "visitor:last_sent") { script, arguments in
            let visitor = try script.visitor(arguments[0])
            switch visitor.lastAnswer {
            case .ok(_, let seq?)?: return [.string("\(try visitor.currentRoom()):\(seq)")]
            case .refused(_, let refusal)?: return [LuaValue(refusal.trace)]
            default: return [.nil]
            }
        },

        // expectation:received(n, kind, text)
        Row(path: "expectation:received") { script, arguments in
            let visitor = script.visitors[Int(arguments[0].object!.a)]
            guard arguments.count > 2, let count = arguments[1].integer, let kind = arguments[2].string else {
                throw LuaHostError("t:expect(visitor):received(n, kind, text)")
            }
            let text = arguments.count > 3 ? arguments[3].string : nil
            try compare(visitor.messages.compactMap(\.shown), count, kind, text) { "\(visitor.record.name) should have received \($0), but received: \($1)" }
            return []
        },
        // expectation:found(n, kind, text): what was there when they came in
        Row(path: "expectation:found") { script, arguments in
            let visitor = script.visitors[Int(arguments[0].object!.a)]
            guard arguments.count > 2, let count = arguments[1].integer, let kind = arguments[2].string else {
                throw LuaHostError("t:expect(visitor):found(n, kind, text)")
            }
            let text = arguments.count > 3 ? arguments[3].string : nil
            let joined = visitor.messages.compactMap { message -> [Event]? in
                if case .joined(let joined) = message { joined.events } else { nil }
            }
            let events = joined.last ?? []
            try compare(events.map { $0.shown }, count, kind, text) { "\(visitor.record.name) should have found \($0), but found: \($1)" }
            return []
        },
        // expectation:refused(text): what they did last was
        Row(path: "expectation:refused") { script, arguments in
            let visitor = script.visitors[Int(arguments[0].object!.a)]
            let text = arguments.count > 1 ? arguments[1].string : nil
            guard case .refused(_, let refusal)? = visitor.lastAnswer else {
                throw LuaHostError("\(visitor.record.name) should have been refused, but was not")
            }
            if let text, !refusal.text.contains(text) { throw LuaHostError("the refusal should say “\(text)”, but says “\(refusal.text)”") }
            return []
        },
        // expectation:accepted(): what they did last was
        Row(path: "expectation:accepted") { script, arguments in
            let visitor = script.visitors[Int(arguments[0].object!.a)]
            if case .refused(_, let refusal)? = visitor.lastAnswer {
                throw LuaHostError("\(visitor.record.name) was refused: \(refusal.text)")
            }
            return []
        },
        // expectation:present(bool): they are in the room they joined last
        Row(path: "expectation:present") { script, arguments in
            let visitor = script.visitors[Int(arguments[0].object!.a)]
            let expected = arguments.count > 1 ? arguments[1].bool ?? true : true
            let isThere = try script.running().engine.rooms[visitor.currentRoom()]?.members[visitor.record.id] != nil
            if isThere == expected { return [] }
            throw LuaHostError("\(visitor.record.name) should\(expected ? "" : " not") be in the room")
        },
    ]
}

/// Whether there are so many of a kind with that text among what somebody was shown.
private func compare(
    _ shown: [(kind: String, text: String)], _ count: Int64, _ kind: String, _ text: String?, _ sentence: (String, String) -> String
) throws(LuaHostError) {
    let found = shown.filter { $0.kind == kind && (text.map($0.text.contains) ?? true) }
    if found.count == Int(count) { return }
    let all = shown.map { "\($0.kind) “\($0.text)”" }.joined(separator: ", ")
    let what = text.map { " with “\($0)”" } ?? ""
    throw LuaHostError(sentence("\(count) \(kind)\(what)", all.isEmpty ? "nothing" : all))
}

extension TestScript {
    /// Has a visitor do something to a message of the room entered last: by its number, or as `last_sent` names it.
    fileprivate func act(_ arguments: [LuaValue], _ command: (RoomID, Int64) -> Command) throws(LuaHostError) -> [LuaValue] {
        let visitor = try visitor(arguments[0])
        let what = arguments.count > 1 ? arguments[1] : .nil
        guard let seq = what.integer ?? what.string.flatMap({ $0.split(separator: ":").last }).flatMap({ Int64($0) }) else {
            throw LuaHostError("the message is a number, or what visitor:last_sent() says")
        }
        try running().perform(command(try visitor.currentRoom(), seq), by: visitor)
        return [arguments[0]]
    }

    func running() throws(LuaHostError) -> TestWorld {
        guard let world else { throw LuaHostError("this is for the inside of a test") }
        return world
    }

    func visitor(_ value: LuaValue) throws(LuaHostError) -> TestWorld.Visitor {
        guard let object = value.object, object.kind == Kind.visitor.rawValue else { throw LuaHostError("a visitor expected, got \(value.typeName)") }
        return visitors[Int(object.a)]
    }

    func room(_ arguments: [LuaValue], _ index: Int) throws(LuaHostError) -> Room {
        guard arguments.indices.contains(index), let object = arguments[index].object, object.kind == Kind.room.rawValue,
            let room = try running().engine.rooms[rooms[Int(object.a)]]
        else { throw LuaHostError("a room expected") }
        return room
    }
}

extension TestWorld.Visitor {
    func currentRoom() throws(LuaHostError) -> RoomID {
        guard let room = rooms.last else { throw LuaHostError("\(record.name) is in no room") }
        return room
    }
}

extension Message {
    /// What a person sees of it: the kind, and the words.
    fileprivate var shown: (kind: String, text: String)? {
        switch self {
        case .event(let event, _): event.shown
        case .notice(let notice): ("notice", notice.text.text)
        case .whisper(let whisper): ("whisper", whisper.text)
        case .refused(_, let refusal): ("refused", refusal.text)
        case .bye(let closing): ("bye", closing.reason)
        default: nil
        }
    }
}

extension Event {
    fileprivate var shown: (kind: String, text: String) {
        switch body {
        case .chat(_, let text, _): ("chat", text)
        case .gif(_, _, let caption): ("gif", caption ?? "")
        case .system(let text, _, _): ("system", text.text)
        case .join(let member, _): ("join", member.name)
        case .exit(let member, _, let reason): ("exit", "\(member.name) \(reason.rawValue)")
        case .name(let member, _): ("name", member.name)
        case .owner(let member): ("owner", member?.name ?? "")
        case .topic(let topic, _): ("topic", topic)
        case .role(let member, _): ("role", "\(member.name) \(member.role.rawValue)")
        case .deleted(let from, _, _): ("deleted", from.name)
        case .edit(_, _, let content): ("edit", content?.text ?? "")
        case .delete(_, _, let why): ("delete", why ?? "")
        case .react(_, _, let emoji, let on): (on ? "react" : "unreact", emoji)
        }
    }
}
