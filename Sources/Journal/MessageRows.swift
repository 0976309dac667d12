import GRDB
import RoomEngine

/// What became of messages: the rows that an edit, a deletion or a reaction changes.
extension Database {
    /// Does what a stored event says to the message that it is about. Returns files that may not be shown any more.
    func changeMessage(by change: Event) throws -> [String] {
        guard let target = change.target else { return [] }
        let find = try cachedStatement(sql: "SELECT * FROM events WHERE room = ? AND seq = ?")
        guard let row = try Row.fetchOne(find, arguments: [change.room.text, target]), var message = try EventRow.event(row), message.isMessage
        else { return [] }
        let file: String? = row["gif"]
        message.take(change)
        if case .react(_, let by, let emoji, let on) = change.body {
            if message.content != nil { try react(change, target, by.id, emoji, on) }
        } else {
            try say(message, by: change)
        }
        if case .delete = change.body { return file.map { [$0] } ?? [] }
        return []
    }

    /// The message says what it says now, and so do its earlier edits; of a deleted one nothing is left.
    private func say(_ message: Event, by change: Event) throws {
        let now = try EventRow.Content(message)
        let update = """
            UPDATE events SET kind = ?, text = ?, gif = ?, detail = ?, look = ?, edited_at = ?, changed = ? WHERE room = ? AND seq = ?
            """
        try cachedStatement(sql: update).execute(arguments: [
            now.kind, now.text, now.gif, now.detail, try EventRow.json(message.look), message.aftermath?.editedAt, message.aftermath?.last,
            message.room.text, message.seq,
        ])
        let isDeleted = message.content == nil
        try cachedStatement(sql: "UPDATE events SET text = ?, gif = ?, detail = ? WHERE room = ? AND target = ? AND kind = 'edit' AND seq < ?").execute(
            arguments: [
                now.text, now.gif, isDeleted ? nil : now.detail, message.room.text, message.seq, change.seq,
            ])
        if isDeleted {
            try cachedStatement(sql: "DELETE FROM reactions WHERE room = ? AND seq = ?").execute(arguments: [message.room.text, message.seq])
        }
    }

    private func react(_ change: Event, _ target: Int64, _ person: String, _ emoji: String, _ on: Bool) throws {
        if on {
            let insert = """
                INSERT OR IGNORE INTO reactions (room, seq, emoji, person, place, since) VALUES (?, ?, ?, ?,
                  coalesce((SELECT place FROM reactions WHERE room = ? AND seq = ? AND emoji = ? LIMIT 1), ?), ?)
                """
            let room = change.room.text
            try cachedStatement(sql: insert).execute(
                arguments: [room, target, emoji, person, room, target, emoji, change.seq, change.seq])
        } else {
            try cachedStatement(sql: "DELETE FROM reactions WHERE room = ? AND seq = ? AND emoji = ? AND person = ?").execute(
                arguments: [change.room.text, target, emoji, person])
        }
        try cachedStatement(sql: "UPDATE events SET changed = ? WHERE room = ? AND seq = ?").execute(
            arguments: [change.seq, change.room.text, target])
    }

    /// The events of rows, with the reactions under those that have some.
    func events(of rows: [Row], in room: RoomID) throws -> [Event] {
        var events = try rows.compactMap(EventRow.event)
        let changed = events.filter { $0.aftermath != nil && $0.content != nil }
        guard let first = changed.first, let last = changed.last else { return events }
        var reactions: [Int64: [Reaction]] = [:]
        let find = try cachedStatement(
            sql: "SELECT seq, emoji, person FROM reactions WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq, place, emoji, since")
        for row in try Row.fetchAll(find, arguments: [room.text, first.seq, last.seq]) {
            let (seq, emoji, person): (Int64, String, String) = (row["seq"], row["emoji"], row["person"])
            if reactions[seq]?.last?.emoji == emoji, let end = reactions[seq]?.indices.last {
                reactions[seq]?[end].people.append(person)
            } else {
                reactions[seq, default: []].append(Reaction(emoji: emoji, people: [person]))
            }
        }
        for index in events.indices { if let list = reactions[events[index].seq] { events[index].aftermath?.reactions = list } }
        return events
    }

    func isShown(_ file: String) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE gif = ?) OR EXISTS (SELECT 1 FROM held WHERE gif = ?)"
        return try Bool.fetchOne(cachedStatement(sql: sql), arguments: [file, file]) ?? true
    }

    func store(_ report: Report) throws {
        let sql = """
            INSERT OR REPLACE INTO reports (id, room, seq, at, author, author_name, color, bot, text, person, name, why)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try cachedStatement(sql: sql).execute(arguments: [
            report.id, report.room.text, report.seq, report.at, report.author.id, report.author.name, report.author.color, report.author.isBot,
            report.text, report.by.text, report.name, report.why,
        ])
    }

    func reports() throws -> [Report] {
        try Row.fetchAll(self, sql: "SELECT * FROM reports").map { row in
            let author = MemberInfo(id: row["author"], name: row["author_name"], color: row["color"], isBot: row["bot"])
            return Report(
                id: row["id"], room: RoomID(row["room"]), seq: row["seq"], author: author, text: row["text"], by: PersonID(row["person"]),
                name: row["name"], why: row["why"], at: row["at"])
        }
    }
}
