import GRDB
import RoomEngine

/// Where a database keeps what about a person, beside events: what is exported of it, and what is done to it when they are
/// erased. `?1` is their id.
struct PersonalData {
    let table: String
    /// What is exported; everything if nothing is said.
    var columns = "*"
    let condition: String
    /// Statements; the rows that fit are removed if nothing is said.
    var erasure: [String]?

    var statements: [String] { erasure ?? ["DELETE FROM \(table) WHERE \(condition)"] }

    static let all = [
        PersonalData(table: "people", condition: "id = ?1"),
        PersonalData(
            table: "rooms", columns: "id, title, created_at", condition: "owner_id = ?1",
            erasure: ["UPDATE rooms SET owner_id = NULL, owner_name = NULL, owner_color = NULL WHERE owner_id = ?1"]),
        PersonalData(table: "presence", condition: "person = ?1"),
        PersonalData(
            table: "restrictions", condition: "person = ?1",
            erasure: ["DELETE FROM restrictions WHERE person = ?1", "UPDATE restrictions SET by = '\(Erased.id)' WHERE by = ?1"]),
        PersonalData(table: "moderators", condition: "person = ?1"),
        PersonalData(table: "held", condition: "author = ?1"),
        PersonalData(table: "reactions", condition: "person = ?1"),
        PersonalData(table: "reports", condition: "author = ?1 OR person = ?1"),
        PersonalData(table: "stores", condition: "scope = 'user ' || ?1 OR instr(key, ?1) > 0"),
        // What is planned under their id is theirs; where a plan only names them, it names somebody who was erased.
        PersonalData(
            table: "schedules", condition: "instr(key, ?1) > 0 OR instr(data, '\"' || ?1 || '\"') > 0",
            erasure: [
                "DELETE FROM schedules WHERE instr(key, ?1) > 0",
                "UPDATE schedules SET data = replace(data, '\"' || ?1 || '\"', '\"\(Erased.id)\"') WHERE instr(data, '\"' || ?1 || '\"') > 0",
            ]),
        PersonalData(
            table: "audit", condition: "by = ?1 OR instr(what, ?1) > 0",
            erasure: [
                "UPDATE audit SET by = replace(by, ?1, '\(Erased.id)'), what = replace(what, ?1, '\(Erased.id)') WHERE by = ?1 OR instr(what, ?1) > 0"
            ]),
        PersonalData(table: "traces", condition: "person = ?1"),
    ]

    /// Tables in which there is nothing about a person, or only what ``SQLiteJournal/erase(_:)`` sees to itself.
    static let others: Set<String> = ["events", "keeping", "erased", "grdb_migrations"]
}

extension SQLiteJournal {
    /// What is kept of a person beside events.
    package func personalRows(of person: PersonID) async throws -> [PersonalRow] {
        try await pool.read { db in
            var rows: [PersonalRow] = []
            for data in PersonalData.all {
                let sql = "SELECT \(data.columns) FROM \(data.table) WHERE \(data.condition)"
                for row in try Row.fetchAll(db, sql: sql, arguments: [person.text]) {
                    rows.append(PersonalRow(table: data.table, columns: row.columnNames.map { String($0) }, values: row.databaseValues.map { RowValue($0) }))
                }
            }
            return rows
        }
    }

    /// The next events that a person has made, by room and number, after a place.
    package func events(by person: PersonID, after place: (room: RoomID, seq: Int64)?, limit: Int) async throws -> [Event] {
        try await pool.read { db in
            let sql = "SELECT * FROM events WHERE author = ?1 AND (room, seq) > (?2, ?3) ORDER BY room, seq LIMIT ?4"
            return try Row.fetchAll(db, sql: sql, arguments: [person.text, place?.room.text ?? "", place?.seq ?? 0, limit]).compactMap(EventRow.event)
        }
    }

    /// The next events of a room, after a number.
    package func events(of room: RoomID, after seq: Int64, limit: Int) async throws -> [Event] {
        try await pool.read { try $0.events(EventQuery(room: room, range: .after(seq), limit: limit)) }
    }
}

/// A row of a table.
package struct PersonalRow: Sendable, Equatable {
    package var table: String
    package var columns: [String]
    package var values: [RowValue]
}

/// A value of a row.
package enum RowValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null, .blob: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        }
    }
}
