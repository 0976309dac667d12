import Foundation
import RoomEngine

/// Reads the native protocol's messages (docs/protocol.md, "From the client").
struct NativeDecoder {
    /// Why a message cannot be understood, and what its answer refers to if that much can.
    struct Misunderstanding: Error, Equatable {
        let reference: Reference?
        let refusal: Refusal
    }

    /// One for all: it keeps nothing between messages.
    private static let decoder = JSONDecoder()

    func decode(_ text: Data) throws(Misunderstanding) -> (Reference?, Command) {
        let fields: Fields
        do {
            fields = try Self.decoder.decode(Fields.self, from: text)
        } catch {
            let reference = try? Self.decoder.decode(ReferenceOnly.self, from: text).ref
            throw Misunderstanding(reference: reference, refusal: (error as? DecodingError).map(Refusal.init(decoding:)) ?? Refusal(.badRequest, "The message cannot be read."))
        }
        do {
            return (fields.ref, try fields.command())
        } catch {
            throw Misunderstanding(reference: fields.ref, refusal: error)
        }
    }
}

private struct ReferenceOnly: Decodable {
    var ref: Reference?
}

extension Reference: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int64.self) {
            self = .number(number)
            return
        }
        if let fraction = try? value.decode(Double.self) {
            self = .fraction(fraction)
            return
        }
        let text = try value.decode(String.self)
        guard text.utf8.count <= 64 else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "at most 64 bytes")
        }
        self = .text(text)
    }
}

/// Every field a message may have.
private struct Fields: Decodable {
    var type: String
    var ref: Reference?
    var room: String?
    var password: String?
    var epoch: String?
    var seq: Int64?
    var text: String?
    var cid: String?
    var replyTo: Int64?
    var to: String?
    var before: Int64?
    var limit: Int?
    var name: String?
    var on: Bool?
    var watch: Bool?

    enum CodingKeys: String, CodingKey {
        case type, ref, room, password, epoch, seq, text, cid, to, before, limit, name, on, watch
        case replyTo = "reply_to"
    }

    func command() throws(Refusal) -> Command {
        switch type {
        case "join":
            let seen = epoch.flatMap { epoch in seq.map { Position(epoch: epoch, seq: $0) } }
            return .join(.init(room: try roomID(), password: password, seen: seen))
        case "exit": return .exit(try roomID())
        case "chat": return .chat(.init(room: try roomID(), text: try need(text, "text"), cid: try checkedCID(), replyTo: replyTo))
        case "whisper":
            return .whisper(room: try roomID(), to: PersonID(try need(to, "to")), text: try need(text, "text"), cid: try checkedCID())
        case "history":
            let limit = limit ?? 50
            guard (1...200).contains(limit) else { throw Refusal(.badRequest, "'limit' is 1 to 200.", field: "limit") }
            return .history(room: try roomID(), before: try need(before, "before"), limit: limit)
        case "name": return .name(try need(name, "name"))
        case "typing": return .typing(room: try roomID(), on: on ?? true)
        case "lobby": return .lobby(watch: watch ?? true)
        case "ping": return .ping
        default: throw Refusal(.badRequest, "There is no message type '\(type.prefix(40))'.", field: "type")
        }
    }

    private func roomID() throws(Refusal) -> RoomID { RoomID(try need(room, "room")) }

    private func need<Value>(_ value: Value?, _ field: String) throws(Refusal) -> Value {
        guard let value else { throw Refusal(.badRequest, "The field '\(field)' is missing.", field: field) }
        return value
    }

    private func checkedCID() throws(Refusal) -> String? {
        if let cid, cid.isEmpty || cid.utf8.count > 64 { throw Refusal(.badRequest, "'cid' is 1 to 64 bytes.", field: "cid") }
        return cid
    }
}
