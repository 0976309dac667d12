import RoomEngine
import SocketIO

/// Events of clients in the namespace `/chat` as commands. Names and payloads are the textbook's, those of its exercises, and for the
/// rest the native protocol's.
enum SocketIOCommands {
    /// - Parameter current: the room that the client joined last, for events that name none
    static func command(_ name: String, _ arguments: [SocketIOValue], current: RoomID?) throws(Refusal) -> Command {
        let first = arguments.first ?? .null
        switch name {
        case "join":
            let position = first["epoch"]?.string.flatMap { epoch in first["seq"]?.integer.map { Position(epoch: epoch, seq: $0) } }
            return .join(.init(room: try room(first, nil), password: first["password"]?.string, seen: position))
        case "exit", "leave": return .exit(try room(first, current))
        case "chat":
            let room = first.string == nil ? try room(first, current) : try need(current, "room")
            let text = try need(first.string ?? first["chat"]?.string ?? first["text"]?.string, "chat")
            return .chat(.init(room: room, text: text, cid: try checked(first["cid"]?.string), replyTo: first["reply_to"]?.integer))
        case "dm", "whisper":
            let to = try need(first["target"]?.string ?? first["to"]?.string, "target")
            let text = try need(first["msg"]?.string ?? first["text"]?.string, "msg")
            return .whisper(room: try room(first, current), to: PersonID(to), text: text, cid: try checked(first["cid"]?.string))
        // The textbook's `ban` lets whoever is put out come back another day.
        case "ban", "kick":
            return .moderate(
                .kick, room: try room(first["room"] ?? .null, current), person: try person(first), seconds: nil,
                reason: try checkedReason(first["reason"]?.string))
        case "delegate", "dele_user": return .role(.owner, room: try room(first["room"] ?? .null, current), person: try person(first))
        case "edit":
            let text = try need(first["chat"]?.string ?? first["text"]?.string, "chat")
            return .edit(.init(room: try room(first, current), of: try message(first), text: text, cid: try checked(first["cid"]?.string)))
        case "delete":
            return .delete(
                .init(room: try room(first, current), of: try message(first), why: first["why"]?.string, cid: try checked(first["cid"]?.string)))
        case "react":
            let emoji = try need(first["emoji"]?.string, "emoji")
            return .react(
                .init(
                    room: try room(first, current), of: try message(first), emoji: emoji, on: first["on"] != .bool(false),
                    cid: try checked(first["cid"]?.string)))
        case "report": return .report(.init(room: try room(first, current), of: try message(first), why: first["why"]?.string ?? ""))
        case "typing": return .typing(room: try room(first, current), on: first["on"] != .bool(false))
        case "name": return .name(try need(first.string ?? first["name"]?.string, "name"))
        case "history":
            let limit = first["limit"]?.integer ?? 50
            guard (1...200).contains(limit) else { throw Refusal(.badRequest, "'limit' is 1 to 200.", field: "limit") }
            return .history(room: try room(first, current), before: try need(first["before"]?.integer, "before"), limit: Int(limit))
        default: throw Refusal(.badRequest, "There is no event '\(name.prefix(40))' in /chat.")
        }
    }

    private static func room(_ value: SocketIOValue, _ current: RoomID?) throws(Refusal) -> RoomID {
        if let id = value.string ?? value["room"]?.string { return RoomID(id) }
        return try need(current, "room")
    }

    /// A message by its number, or by the `_id` that it was sent with.
    private static func message(_ value: SocketIOValue) throws(Refusal) -> Int64 {
        try need(value["of"]?.integer ?? value["of"]?.string.flatMap { $0.split(separator: ":").last }.flatMap { Int64($0) }, "of")
    }

    private static func person(_ value: SocketIOValue) throws(Refusal) -> PersonID {
        PersonID(try need(value.string ?? value["id"]?.string ?? value["userid"]?.string, "id"))
    }

    private static func need<Value>(_ value: Value?, _ field: String) throws(Refusal) -> Value {
        guard let value else { throw Refusal(.badRequest, "The field '\(field)' is missing.", field: field) }
        return value
    }

    private static func checked(_ cid: String?) throws(Refusal) -> String? {
        if let cid, cid.isEmpty || cid.utf8.count > 64 { throw Refusal(.badRequest, "'cid' is 1 to 64 bytes.", field: "cid") }
        return cid
    }
}

extension SocketIOValue {
    var integer: Int64? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }
}
