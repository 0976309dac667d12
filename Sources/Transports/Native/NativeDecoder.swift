import JSONText
import RoomEngine

/// Reads the native protocol's messages (docs/protocol.md, "From the client").
struct NativeDecoder {
    /// Why a message cannot be understood, and what its answer refers to if that much can.
    struct Misunderstanding: Error, Equatable {
        let reference: Reference?
        let refusal: Refusal
    }

    /// - Parameter text: UTF-8
    func decode(_ text: ArraySlice<UInt8>) throws(Misunderstanding) -> (Reference?, Command) {
        let value: JSONValue
        do {
            value = try JSONValue(parsingUTF8: text)
        } catch {
            throw Misunderstanding(
                reference: nil, refusal: Refusal(.badRequest, "The message is not valid JSON, at byte \(error.offset - text.startIndex)."))
        }
        guard let object = value.object else {
            throw Misunderstanding(reference: nil, refusal: Refusal(.badRequest, "A message is a JSON object, not \(value.typeName)."))
        }
        let fields = Fields(object: object)
        let reference: Reference?
        do {
            reference = try fields.reference()
        } catch {
            throw Misunderstanding(reference: nil, refusal: error)
        }
        do {
            return (reference, try fields.command())
        } catch {
            throw Misunderstanding(reference: reference, refusal: error)
        }
    }
}

/// The fields of a message, with mistakes that say where they are. A null is no field.
private struct Fields {
    let object: [String: JSONValue]

    func command() throws(Refusal) -> Command {
        let type = try need("type", string)
        switch type {
        case "join":
            let (epoch, seq) = (try string("epoch"), try integer("seq"))
            let seen = epoch.flatMap { epoch in seq.map { Position(epoch: epoch, seq: $0) } }
            return .join(.init(room: try room(), password: try string("password"), seen: seen))
        case "exit": return .exit(try room())
        case "chat":
            return .chat(.init(room: try room(), text: try need("text", string), cid: try cid(), replyTo: try integer("reply_to")))
        case "whisper":
            return .whisper(room: try room(), to: PersonID(try need("to", string)), text: try need("text", string), cid: try cid())
        case "edit":
            return .edit(.init(room: try room(), of: try need("of", integer), text: try need("text", string), cid: try cid()))
        case "delete": return .delete(.init(room: try room(), of: try need("of", integer), why: try string("why"), cid: try cid()))
        case "react":
            let (of, emoji, on) = (try need("of", integer), try need("emoji", string), try bool("on") ?? true)
            return .react(.init(room: try room(), of: of, emoji: emoji, on: on, cid: try cid()))
        case "report": return .report(.init(room: try room(), of: try need("of", integer), why: try string("why") ?? ""))
        case "history":
            let limit = try integer("limit") ?? 50
            guard (1...200).contains(limit) else { throw Refusal(.badRequest, "'limit' is 1 to 200.", field: "limit") }
            return .history(room: try room(), before: try need("before", integer), limit: Int(limit))
        case "name": return .name(try need("name", string))
        case "typing": return .typing(room: try room(), on: try bool("on") ?? true)
        case "lobby": return .lobby(watch: try bool("watch") ?? true)
        case "ping": return .ping
        case "kick", "mute", "ban", "unmute", "unban", "role", "set", "restrictions", "approve", "refuse": return try ruling(type)
        default: throw Refusal(.badRequest, "There is no message type '\(type.prefix(40))'.", field: "type")
        }
    }

    /// What moderators and owners do.
    private func ruling(_ type: String) throws(Refusal) -> Command {
        let room = try room()
        switch type {
        case "unmute": return .pardon(.mute, room: room, person: try person())
        case "unban": return .pardon(.ban, room: room, person: try person())
        case "restrictions": return .restrictions(room)
        case "role": return .role(try checkedRole(try need("role", string)), room: room, person: try person())
        case "set":
            return .set(
                room,
                RoomChange(
                    title: try string("title"), max: try integer("max").map { Int(clamping: $0) }, topic: try string("topic"),
                    slow: try integer("slow").map { Int(clamping: $0) }, locked: try bool("locked")))
        case "approve", "refuse":
            return .review(room: room, id: try need("id", string), isApproved: type == "approve", why: try string("reason") ?? "")
        default:
            let kind = Moderation.Kind(rawValue: type) ?? .kick
            let reason = try checkedReason(try string("reason"))
            return .moderate(kind, room: room, person: try person(), seconds: try checkedSeconds(try number("seconds")), reason: reason)
        }
    }

    private func person() throws(Refusal) -> PersonID { PersonID(try need("member", string)) }

    func reference() throws(Refusal) -> Reference? {
        switch object["ref"] {
        case nil, .null?: return nil
        case .integer(let number)?: return .number(number)
        case .number(let number)?: return .fraction(number)
        case .string(let text)? where text.utf8.count <= 64: return .text(text)
        default: throw Refusal(.badRequest, "'ref' is a number or a text of at most 64 bytes.", field: "ref")
        }
    }

    private func room() throws(Refusal) -> RoomID { RoomID(try need("room", string)) }

    private func cid() throws(Refusal) -> String? {
        let cid = try string("cid")
        if let cid, cid.isEmpty || cid.utf8.count > 64 { throw Refusal(.badRequest, "'cid' is 1 to 64 bytes.", field: "cid") }
        return cid
    }

    // MARK: Types

    private func string(_ name: String) throws(Refusal) -> String? { try read(name, "a text", \.string) }
    private func integer(_ name: String) throws(Refusal) -> Int64? { try read(name, "a whole number", \.integer) }
    private func number(_ name: String) throws(Refusal) -> Double? { try read(name, "a number", \.double) }
    private func bool(_ name: String) throws(Refusal) -> Bool? { try read(name, "true or false", \.bool) }

    private func need<Value>(_ name: String, _ read: (String) throws(Refusal) -> Value?) throws(Refusal) -> Value {
        guard let value = try read(name) else { throw Refusal(.badRequest, "The field '\(name)' is missing.", field: name) }
        return value
    }

    private func read<Value>(_ name: String, _ expected: String, _ get: (JSONValue) -> Value?) throws(Refusal) -> Value? {
        guard let value = object[name], value != .null else { return nil }
        guard let result = get(value) else {
            throw Refusal(.badRequest, "The field '\(name)' has the wrong type: it must be \(expected), not \(value.typeName).", field: name)
        }
        return result
    }
}
