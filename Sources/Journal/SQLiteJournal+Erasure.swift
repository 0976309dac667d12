import Foundation
import GRDB
import RoomEngine

/// What erasing somebody has changed.
package struct Erasure: Sendable, Equatable {
    package var events = 0
    /// Rooms whose events are not what members may have seen of them.
    package var rooms: [RoomID] = []
}

/// Everything about a person goes; their events keep their numbers, as what stands where a message was or as somebody's coming
/// and going. Done in pieces, so that no message waits for it. That somebody is being erased is stored first: a server that
/// dies meanwhile finishes it at its next start.
extension SQLiteJournal {
    private static let piece = 200

    /// - Parameter person: somebody who is in no room, and whom nobody lets in again
    package func erase(_ person: PersonID, at now: Int64) async throws -> Erasure {
        // Those that still wait would be stored after everything else is gone.
        try await pool.writeWithoutTransaction { [self] db in storeTraces(db) }
        try await pool.write { db in
            try db.execute(sql: "INSERT OR IGNORE INTO erased (person, at, done) VALUES (?, ?, 0)", arguments: [person.text, now])
        }
        let names = try await pool.read { try Self.names(of: person, $0) }
        let places = try await pool.read { try Self.places(of: person, $0) }
        let rooms = Set(places.map(\.room))
        let files = try await pool.read { try Self.files(of: person, $0) }
        var rest = places[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Self.piece))
            rest = rest.dropFirst(part.count)
            try await pool.write { db in
                for place in part { try Self.clear(place, of: person, db) }
                // A server that dies before its members are told to forget them finds rooms that begin anew.
                try Self.renewEpochs(of: Set(part.map(\.room.text)), db)
            }
        }
        for room in rooms.sorted(by: { $0.text < $1.text }) {
            let spoken = try await pool.read { try Self.systemEvents(naming: names, in: room, $0) }
            try await pool.write { db in for event in spoken { try Self.rewrite(event, without: names, db) } }
        }
        try await pool.write { db in
            for statement in PersonalData.all.flatMap(\.statements) { try db.execute(sql: statement, arguments: [person.text]) }
            try db.execute(sql: "UPDATE erased SET done = 1 WHERE person = ?", arguments: [person.text])
        }
        let unused = try await pool.read { db in try files.filter { try !db.isShown($0) } }
        if !unused.isEmpty { answer(.unused(unused)) }
        // The log still has what was there before. Readers may hold this up; then it goes with a later checkpoint.
        try? await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        return Erasure(events: places.count, rooms: rooms.sorted { $0.text < $1.text })
    }

    /// Everyone who has been erased, and those with whom a server has not come to the end.
    package func erased() throws -> (all: Set<PersonID>, unfinished: [PersonID]) {
        try pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT person, done FROM erased")
            return (Set(rows.map { PersonID($0["person"]) }), rows.filter { !($0["done"] as Bool) }.map { PersonID($0["person"]) })
        }
    }

    private struct Place: Sendable {
        let room: RoomID
        let seq: Int64
    }

    /// What they were ever called.
    private static func names(of person: PersonID, _ db: Database) throws -> [String] {
        let sql = """
            SELECT name FROM people WHERE id = ?1 UNION SELECT name FROM events WHERE author = ?1 AND name IS NOT NULL
            UNION SELECT detail ->> 'before' FROM events WHERE author = ?1 AND kind = 'name' AND detail IS NOT NULL
            """
        return try String.fetchAll(db, sql: sql, arguments: [person.text]).filter { !$0.isEmpty && $0 != Erased.name }.sorted { $0.count > $1.count }
    }

    private static func places(of person: PersonID, _ db: Database) throws -> [Place] {
        let sql = "SELECT room, seq FROM events WHERE author = ?1 OR instr(detail, '\"' || ?1 || '\"') > 0 ORDER BY room, seq"
        return try Row.fetchAll(db, sql: sql, arguments: [person.text]).map { Place(room: RoomID($0["room"]), seq: $0["seq"]) }
    }

    private static func files(of person: PersonID, _ db: Database) throws -> [String] {
        let sql = "SELECT gif FROM events WHERE author = ?1 AND gif IS NOT NULL UNION SELECT gif FROM held WHERE author = ?1 AND gif IS NOT NULL"
        return try String.fetchAll(db, sql: sql, arguments: [person.text])
    }

    private static func clear(_ place: Place, of person: PersonID, _ db: Database) throws {
        let at: StatementArguments = [place.room.text, place.seq, person.text]
        // Where the server put back what they had written: that event is nobody's, and has their words.
        try db.execute(
            sql: """
                UPDATE events SET text = NULL, gif = NULL, detail = NULL WHERE room = ?1 AND target = ?2 AND kind = 'edit'
                  AND EXISTS (SELECT 1 FROM events WHERE room = ?1 AND seq = ?2 AND author = ?3)
                """, arguments: at)
        // Messages become what stands where a message was; of an edit, a deletion or a topic the words go; a reaction is none.
        try db.execute(
            sql: """
                UPDATE events SET author = '\(Erased.id)', name = '\(Erased.name)', color = '\(Erased.color)', role = 'member', cid = NULL,
                  gif = NULL, look = NULL, edited_at = NULL,
                  text = CASE WHEN kind = 'topic' THEN '' ELSE NULL END,
                  detail = CASE WHEN kind IN ('join', 'exit', 'role') THEN detail ELSE NULL END,
                  kind = CASE WHEN kind IN ('chat', 'gif') THEN 'deleted' WHEN kind = 'react' THEN 'unreact' ELSE kind END
                WHERE room = ?1 AND seq = ?2 AND author = ?3
                """, arguments: at)
        // Where they deleted what another one has written.
        try db.execute(
            sql: "UPDATE events SET detail = NULL WHERE room = ?1 AND seq = ?2 AND kind = 'deleted' AND instr(detail, '\"' || ?3 || '\"') > 0", arguments: at)
    }

    /// Notices of the server and of plugins that name them.
    private static func systemEvents(naming names: [String], in room: RoomID, _ db: Database) throws -> [Event] {
        try Row.fetchAll(db, sql: "SELECT * FROM events WHERE room = ? AND kind = 'system'", arguments: [room.text]).filter { row in
            let text = (row["text"] as String? ?? "") + (row["detail"] as String? ?? "")
            return names.contains { text.contains($0) }
        }.compactMap(EventRow.event)
    }

    private static func rewrite(_ event: Event, without names: [String], _ db: Database) throws {
        guard case .system(let words, let key, let by) = event.body else { return }
        var event = event
        event.body = .system(
            LocalizedText(words.text.erasing(names), texts: words.texts.mapValues { $0.erasing(names) }), key: key, by: by)
        let all = try EventRow.arguments(event, seq: event.seq)
        try db.execute(sql: "DELETE FROM events WHERE room = ? AND seq = ?", arguments: [event.room.text, event.seq])
        try db.execute(sql: EventRow.insert, arguments: all)
    }
}

extension String {
    /// With names where they stand as words of their own. Endings of other scripts may follow: `Ann님이` names Ann.
    func erasing(_ names: [String]) -> String {
        names.reduce(self) { text, name in
            var result = ""
            var rest = text[...]
            while let range = rest.range(of: name) {
                let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
                let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
                result += rest[..<range.lowerBound]
                result += before.isPartOfWord(like: name.first) || after.isPartOfWord(like: name.last) ? name : Erased.name
                rest = rest[range.upperBound...]
            }
            return result + rest
        }
    }
}

extension Character {
    /// Whether it goes on with a word that has `other` in it: a letter or digit of the same kind, ASCII or not.
    fileprivate func isPartOfWord(like other: Character?) -> Bool {
        (isLetter || isNumber) && isASCII == (other?.isASCII ?? isASCII)
    }
}
