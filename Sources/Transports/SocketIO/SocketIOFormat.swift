import Foundation
import JSONText
import NIOCore
import RoomEngine

/// The rooms' messages as Socket.IO events of the namespaces `/room` (the lobby) and `/chat`, as WebSocket frames.
///
/// Names and payloads are those of the textbook's chat: `user` is the person's colour, `chat` the text, `createdAt` a date. What
/// the textbook has no event for has the native protocol's name and payload. Somebody who polls is sent the same bytes,
/// without the frames' headers.
struct SocketIOFormat: MessageFormat {
    /// Events of a room end with an argument by which a client that was cut off gets what it missed (connection state
    /// recovery). Only for clients that ask for it: to others it would be an argument too many.
    let hasOffsets: Bool

    func append(_ message: Message, to bytes: inout ByteBuffer) {
        for text in Self.packets(message, hasOffsets: hasOffsets) { FrameWriter.append(.text, text, to: &bytes) }
    }

    static func packets(_ message: Message, hasOffsets: Bool) -> [[UInt8]] {
        switch message {
        case .event(let event, let epoch):
            // What the plugin `notices` says of joins and exits, the events `join` and `exit` say here.
            if case .system(_, let key?, "notices") = event.body, key.hasPrefix("join") || key.hasPrefix("exit") { return [] }
            return [self.event(event, offset: hasOffsets ? "\(event.room) \(epoch):\(event.seq)" : nil)]
        case .joined(let joined):
            // Who was here before is sent what was missed as it would have been sent; others have it in the answer.
            let shown = joined.isResumed && !joined.reset ? joined.events : joined.events.suffix(1).filter { $0.isJoin(of: joined.you) }
            var told = joined
            told.reference = nil
            return [answer(joined.reference, "joined") { $0.message(.joined(told)) }]
                + shown.flatMap { packets(.event($0, epoch: joined.epoch), hasOffsets: hasOffsets) }
        case .ok(let reference, _), .held(let reference, _), .history(let reference, _, _, _, _), .created(let reference, _),
            .restrictions(let reference, _, _):
            guard case .number(let id)? = reference else { return [] }
            return [acknowledgement(id) { $0.message(message.unreferenced) }]
        case .refused(let reference, _): return [answer(reference, "refused") { $0.message(message.unreferenced) }]
        case .roomAdded(let room): return [packet("/room", "newRoom") { $0.document(room) }]
        case .roomRemoved(let room): return [packet("/room", "removeRoom") { $0.string(room.text) }]
        case .roomChanged(let room): return [packet("/room", "updateRoom") { $0.document(room) }]
        case .rooms(_, let rooms): return [packet("/room", "rooms") { json in json.array { for room in rooms { $0.document(room) } } }]
        case .whisper(let whisper): return [packet("/chat", "dm") { $0.whisper(whisper) }]
        case .notice: return [packet("/chat", "notice") { $0.message(message) }]
        case .settings: return [packet("/chat", "room") { $0.message(message) }]
        case .review: return [packet("/chat", "review") { $0.message(message) }]
        case .reviewed: return [packet("/chat", "reviewed") { $0.message(message) }]
        case .checking: return [packet("/chat", "checking") { $0.message(message) }]
        case .typing: return [packet("/chat", "typing") { $0.message(message) }]
        case .bye(let closing):
            let bye = packet("/chat", "bye") { $0.message(message) }
            guard closing.code == .kicked || closing.code == .banned else { return [bye] }
            let told = packet("/chat", "ban") { json in
                json.object {
                    $0.field("user", "system")
                    $0.field("chat", "강퇴되었습니다.")
                }
            }
            return [told, bye]
        case .welcome, .pong: return []
        }
    }

    // MARK: Packets

    /// Source: Socket.IO protocol v5, "Packet encoding": `4` for an Engine.IO message, `2` for an event.
    static func packet(_ namespace: String, _ name: StaticString, offset: String? = nil, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.array { json in
            json.string(name.description)
            body(&json)
            if let offset { json.string(offset) }
        }
        return Array("42\(namespace),".utf8) + json.bytes
    }

    /// What a client gets that waits for the answer with that id.
    private static func acknowledgement(_ id: Int64, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.array { body(&$0) }
        return Array("43/chat,\(id)".utf8) + json.bytes
    }

    private static func answer(_ reference: Reference?, _ name: StaticString, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        if case .number(let id)? = reference { acknowledgement(id, body) } else { packet("/chat", name, body) }
    }

    private static func event(_ event: Event, offset: String?) -> [UInt8] {
        let name: StaticString =
            switch event.body {
            case .chat, .gif, .system: "chat"
            case .join: "join"
            case .exit: "exit"
            case .owner: "owner"
            case .name: "name"
            case .topic: "topic"
            case .role: "role"
            case .deleted: "deleted"
            case .edit: "edit"
            case .delete: "delete"
            case .react: "react"
            }
        return packet("/chat", name, offset: offset) { $0.document(event) }
    }
}

extension Message {
    /// The answer without what it refers to: the acknowledgement says that.
    fileprivate var unreferenced: Message {
        switch self {
        case .ok(_, let seq): .ok(nil, seq: seq)
        case .refused(_, let refusal): .refused(nil, refusal)
        case .held(_, let id): .held(nil, id: id)
        case .history(_, let room, let events, let first, let more): .history(nil, room: room, events: events, first: first, more: more)
        case .created(_, let room): .created(nil, room)
        case .restrictions(_, let room, let restrictions): .restrictions(nil, room: room, restrictions)
        default: self
        }
    }
}

extension Event {
    fileprivate func isJoin(of person: MemberInfo) -> Bool {
        if case .join(let member, _) = body { member.id == person.id } else { false }
    }
}

extension JSONWriter {
    /// A message as the textbook stores it, with what Roost adds beside it.
    fileprivate mutating func document(_ event: Event) {
        object { json in
            json.field("_id", "\(event.room):\(event.seq)")
            json.field("room", event.room.text)
            json.field("seq", event.seq)
            switch event.body {
            case .chat(let from, let text, let replyTo):
                json.author(from)
                json.field("chat", text)
                json.field("reply_to", replyTo)
            case .gif(let from, let gif, let caption):
                json.author(from)
                json.field("gif", "\(gif.digest).gif")
                json.field("caption", caption)
            case .system(let text, let key, _):
                json.field("user", "system")
                json.field("chat", text.texts["ko"] ?? text.text)
                json.field("key", key)
            case .join(let member, let count):
                json.announcement("\(member.color)님이 입장하셨습니다.", member)
                json.field("number", count)
            case .exit(let member, let count, let reason):
                json.announcement("\(member.color)님이 퇴장하셨습니다.", member)
                json.field("number", count)
                json.field("reason", reason.rawValue)
            case .owner(let member):
                if let member {
                    json.announcement("\(member.color)님이 새로운 방장이 되셨습니다.", member)
                } else {
                    json.field("user", "system")
                }
            case .name(let member, let before):
                json.author(member)
                json.field("before", before)
            case .topic(let topic, let by):
                json.field("topic", topic)
                if let by { json.author(by) }
            case .role(let member, let before):
                json.author(member)
                json.field("role", member.role.rawValue)
                json.field("before", before.rawValue)
            case .deleted(let from, _, _): json.author(from)
            case .edit(let of, let by, let content):
                json.change(of, in: event.room, by)
                switch content {
                case .text(let text)?: json.field("chat", text)
                case .gif(let gif, let caption)?:
                    json.field("gif", "\(gif.digest).gif")
                    json.field("caption", caption)
                case nil: break
                }
            case .delete(let of, let by, let why):
                json.change(of, in: event.room, by)
                json.field("why", why)
            case .react(let of, let by, let emoji, let on):
                json.change(of, in: event.room, by)
                json.field("emoji", emoji)
                json.field("on", on)
            }
            json.field("createdAt", isoDate(event.at))
            json.field("editedAt", event.aftermath?.editedAt.map(isoDate))
            json.field("cid", event.cid)
        }
    }

    private mutating func author(_ member: MemberInfo) {
        field("user", member.color)
        field("name", member.name)
        field("id", member.id)
    }

    /// What message a change is about, and whose change it is.
    private mutating func change(_ of: Int64, in room: RoomID, _ by: MemberInfo?) {
        field("of", "\(room):\(of)")
        if let by { author(by) } else { field("user", "system") }
    }

    private mutating func announcement(_ text: String, _ member: MemberInfo) {
        field("user", "system")
        field("chat", text)
        field("color", member.color)
        field("name", member.name)
        field("id", member.id)
    }

    /// A room as the textbook stores it; of the password only whether there is one.
    fileprivate mutating func document(_ room: RoomInfo) {
        object { json in
            json.field("_id", room.id.text)
            json.field("title", room.title)
            json.field("max", room.max)
            json.field("owner", room.owner?.color ?? "system")
            json.field("password", room.hasPassword)
            json.field("number", room.count)
            json.field("createdAt", isoDate(room.createdAt))
        }
    }

    fileprivate mutating func whisper(_ whisper: Whisper) {
        object { json in
            json.field("room", whisper.room.text)
            json.field("target", whisper.to.id)
            json.field("from", whisper.from.color)
            json.field("name", whisper.from.name)
            json.field("id", whisper.from.id)
            json.field("msg", whisper.text)
            json.field("createdAt", isoDate(whisper.at))
        }
    }
}

/// Milliseconds since 1970 as JavaScript writes dates down.
private func isoDate(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}
