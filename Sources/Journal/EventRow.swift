import Foundation
import GRDB
import RoomEngine

/// An event as a row of `events`. What every message has is in columns; what is particular to a kind is JSON in `detail`,
/// so that the common case, a text message, needs neither encoding nor decoding.
struct EventRow {
    static let insert = """
        INSERT OR IGNORE INTO events (room, seq, at, kind, author, name, color, role, bot, text, cid, reply_to, gif, detail, target, look)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let hold = """
        INSERT INTO held (id, reason, by, until, room, seq, at, kind, author, name, color, role, bot, text, cid, reply_to, gif, detail,
          target, look)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private struct Detail: Codable {
        var bytes: Int?
        var width: Int?
        var height: Int?
        var frames: Int?
        var seconds: Double?
        var flashes: Double?
        var texts: [String: String]?
        var key: String?
        var by: String?
        var count: Int?
        var reason: String?
        var before: String?
        /// Of what stands where a message was: who deleted it.
        var deleter: Member?

        init(
            texts: [String: String]? = nil, key: String? = nil, by: String? = nil, count: Int? = nil, reason: String? = nil, before: String? = nil,
            deleter: MemberInfo? = nil
        ) {
            self.texts = texts
            self.key = key
            self.by = by
            self.count = count
            self.reason = reason
            self.before = before
            self.deleter = deleter.map { Member(id: $0.id, name: $0.name, color: $0.color, role: $0.role.rawValue, bot: $0.isBot ? true : nil) }
        }

        init(_ file: GIF) {
            (bytes, width, height, frames) = (file.bytes, file.width, file.height, file.frames)
            (seconds, flashes) = (file.seconds, file.flashesPerSecond)
        }

        func gif(_ digest: String) -> GIF {
            GIF(
                digest: digest, bytes: bytes ?? 0, width: width ?? 0, height: height ?? 0, frames: frames ?? 0, seconds: seconds ?? 0,
                flashesPerSecond: flashes ?? 0)
        }
    }

    private struct Member: Codable {
        var id: String
        var name: String
        var color: String
        var role: String
        var bot: Bool?

        var info: MemberInfo { MemberInfo(id: id, name: name, color: color, role: Role(rawValue: role) ?? .member, isBot: bot ?? false) }
    }

    /// How a message is shown, as JSON.
    private struct LookDetail: Codable {
        var spoiler: Bool?
        var still: Bool?
        var meta: String?
    }

    private static let encoder = JSONEncoder()
    private static let decoder = JSONDecoder()

    private static func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }

    static func json(_ look: Look?) throws -> String? {
        try look.map { try json(LookDetail(spoiler: $0.spoiler ? true : nil, still: $0.still ? true : nil, meta: $0.meta)) }
    }

    static func arguments(_ event: Event, seq: Int64) throws -> StatementArguments {
        var kind: String
        var author: MemberInfo?
        var text: String?
        var replyTo: Int64?
        var gif: String?
        var detail: Detail?
        switch event.body {
        case .chat(let from, let message, let reply): (kind, author, text, replyTo) = ("chat", from, message, reply)
        case .gif(let from, let file, let caption):
            (kind, author, text, gif, detail) = ("gif", from, caption, file.digest, Detail(file))
        case .system(let words, let key, let by):
            (kind, text) = ("system", words.text)
            detail = Detail(texts: words.texts.isEmpty ? nil : words.texts, key: key, by: by)
        case .join(let member, let count): (kind, author, detail) = ("join", member, Detail(count: count))
        case .exit(let member, let count, let reason):
            (kind, author, detail) = ("exit", member, Detail(count: count, reason: reason.rawValue))
        case .name(let member, let before): (kind, author, detail) = ("name", member, Detail(before: before))
        case .owner(let member): (kind, author) = ("owner", member)
        case .topic(let topic, let by): (kind, author, text) = ("topic", by, topic)
        case .role(let member, let before): (kind, author, detail) = ("role", member, Detail(before: before.rawValue))
        case .deleted(let from, let by, let reply): (kind, author, replyTo, detail) = ("deleted", from, reply, Detail(deleter: by))
        case .edit(_, let by, let content):
            (kind, author, text) = ("edit", by, content?.text)
            if case .gif(let file, _)? = content { (gif, detail) = (file.digest, Detail(file)) }
        case .delete(_, let by, let why): (kind, author, text) = ("delete", by, why)
        case .react(_, let by, let emoji, let on): (kind, author, text) = (on ? "react" : "unreact", by, emoji)
        }
        return [
            event.room.text, seq, event.at, kind, author?.id, author?.name, author?.color, author?.role.rawValue,
            author?.isBot ?? false, text, event.cid, replyTo, gif, try detail.map(json), event.target,
            try json(event.look),
        ]
    }

    /// The event of a row, or nil if it is of a kind that this version does not know.
    static func event(_ row: Row) throws -> Event? {
        let detail = try (row["detail"] as String?).map { try decoder.decode(Detail.self, from: Data($0.utf8)) } ?? Detail()
        let text: String? = row["text"]
        let author = (row["author"] as String?).map {
            MemberInfo(
                id: $0, name: row["name"] ?? "", color: row["color"] ?? "", role: Role(rawValue: row["role"] ?? "") ?? .member,
                isBot: row["bot"])
        }
        let body: Event.Body
        switch (row["kind"] as String, author) {
        case ("chat", let from?): body = .chat(from: from, text: text ?? "", replyTo: row["reply_to"])
        case ("gif", let from?):
            body = .gif(from: from, gif: detail.gif(row["gif"] ?? ""), caption: text)
        case ("system", _): body = .system(LocalizedText(text ?? "", texts: detail.texts ?? [:]), key: detail.key, by: detail.by ?? "server")
        case ("join", let member?): body = .join(member, count: detail.count ?? 0)
        case ("exit", let member?):
            body = .exit(member, count: detail.count ?? 0, reason: ExitReason(rawValue: detail.reason ?? "") ?? .left)
        case ("name", let member?): body = .name(member, before: detail.before ?? "")
        case ("owner", let member): body = .owner(member)
        case ("topic", let by): body = .topic(text ?? "", by: by)
        case ("role", let member?): body = .role(member, before: Role(rawValue: detail.before ?? "") ?? .member)
        case ("deleted", let from?): body = .deleted(from: from, by: detail.deleter?.info, replyTo: row["reply_to"])
        case ("edit", let by):
            let content: RoomEngine.Content? = if let digest: String = row["gif"] { .gif(detail.gif(digest), caption: text) } else { text.map(RoomEngine.Content.text) }
            body = .edit(of: row["target"], by: by, content)
        case ("delete", let by): body = .delete(of: row["target"], by: by, why: text)
        case ("react", let by?): body = .react(of: row["target"], by: by, emoji: text ?? "", on: true)
        case ("unreact", let by?): body = .react(of: row["target"], by: by, emoji: text ?? "", on: false)
        default: return nil
        }
        var event = Event(room: RoomID(row["room"]), seq: row["seq"], at: row["at"], body: body, cid: row["cid"])
        if let look: String = row["look"] {
            let detail = try decoder.decode(LookDetail.self, from: Data(look.utf8))
            event.look = Look(spoiler: detail.spoiler ?? false, still: detail.still ?? false, meta: detail.meta)
        }
        if let last: Int64 = row["changed"] { event.aftermath = Aftermath(last: last, editedAt: row["edited_at"]) }
        return event
    }

    /// What of a message's row can change.
    struct Content {
        let kind: String
        let text: String?
        let gif: String?
        let detail: String?

        init(_ message: Event) throws {
            switch message.body {
            case .chat(_, let text, _): (kind, self.text, gif, detail) = ("chat", text, nil, nil)
            case .gif(_, let file, let caption): (kind, text, gif, detail) = ("gif", caption, file.digest, try json(Detail(file)))
            case .deleted(_, let by, _): (kind, text, gif, detail) = ("deleted", nil, nil, try json(Detail(deleter: by)))
            default: throw DatabaseError(message: "event \(message.seq) of room \(message.room) is no message")
            }
        }
    }
}
