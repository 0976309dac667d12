import GRDB
import RoomEngine

/// How much of each room's past is kept.
extension SQLiteJournal {
    static func keep(_ retention: Retention?, of room: RoomID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO keeping (room, age, count) VALUES (?1, ?2, ?3)
                ON CONFLICT (room) DO UPDATE SET age = ?2, count = ?3
                """, arguments: [room.text, retention?.age, retention?.count])
    }

    /// Removes a room's events up to that number. Returns the files that nothing shows any more.
    static func forget(_ room: RoomID, through seq: Int64, _ db: Database) throws -> [String] {
        let shown = try String.fetchAll(
            db, sql: "SELECT DISTINCT gif FROM events WHERE room = ? AND seq <= ? AND gif IS NOT NULL", arguments: [room.text, seq])
        try db.execute(sql: "DELETE FROM events WHERE room = ? AND seq <= ?", arguments: [room.text, seq])
        try db.execute(
            sql: "INSERT INTO keeping (room, horizon) VALUES (?1, ?2) ON CONFLICT (room) DO UPDATE SET horizon = max(horizon, ?2)",
            arguments: [room.text, seq])
        try db.execute(sql: "DELETE FROM reactions WHERE room = ? AND seq <= ?", arguments: [room.text, seq])
        return try shown.filter { try !db.isShown($0) }
    }

    static func keeping(_ db: Database) throws -> [RoomID: Keeping] {
        var keeping: [RoomID: Keeping] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM keeping") {
            let age: Int64? = row["age"], count: Int64? = row["count"]
            let retention = age == nil && count == nil ? nil : Retention(age: age ?? 0, count: count ?? 0)
            keeping[RoomID(row["room"])] = Keeping(retention: retention, horizon: row["horizon"])
        }
        return keeping
    }
}
