import Foundation
import GRDB
import RoomEngine

/// An event as a row of `events`. What every message has is in columns; what is particular to a kind is JSON in `detail`,
/// so that the common case, a text message, needs neither encoding nor decoding.
struct EventRow {
    static let insert = """
        INSERT OR IGNORE INTO events (room, seq, at, kind, author, name, color, role, bot, text, cid, reply_to, gif, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let hold = """
        INSERT INTO held (id, reason, by, until, room, seq, at, kind, author, name, color, role, bot, text, cid, reply_to, gif, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
    }

    private static let encoder = JSONEncoder()
    private static let decoder = JSONDecoder()

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
            (kind, author, text, gif) = ("gif", from, caption, file.digest)
            detail = Detail(
                bytes: file.bytes, width: file.width, height: file.height, frames: file.frames, seconds: file.seconds,
                flashes: file.flashesPerSecond)
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
        }
        let json = try detail.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return [
            event.room.text, seq, event.at, kind, author?.id, author?.name, author?.color, author?.role.rawValue,
            author?.isBot ?? false, text, event.cid, replyTo, gif, json,
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
            let gif = GIF(
                digest: row["gif"] ?? "", bytes: detail.bytes ?? 0, width: detail.width ?? 0, height: detail.height ?? 0,
                frames: detail.frames ?? 0, seconds: detail.seconds ?? 0, flashesPerSecond: detail.flashes ?? 0)
            body = .gif(from: from, gif: gif, caption: text)
        case ("system", _): body = .system(LocalizedText(text ?? "", texts: detail.texts ?? [:]), key: detail.key, by: detail.by ?? "server")
        case ("join", let member?): body = .join(member, count: detail.count ?? 0)
        case ("exit", let member?):
            body = .exit(member, count: detail.count ?? 0, reason: ExitReason(rawValue: detail.reason ?? "") ?? .left)
        case ("name", let member?): body = .name(member, before: detail.before ?? "")
        case ("owner", let member): body = .owner(member)
        case ("topic", let by): body = .topic(text ?? "", by: by)
        case ("role", let member?): body = .role(member, before: Role(rawValue: detail.before ?? "") ?? .member)
        default: return nil
        }
        return Event(room: RoomID(row["room"]), seq: row["seq"], at: row["at"], body: body, cid: row["cid"])
    }
}
