import GRDB
import RoomEngine

/// Who did what: console commands, and what moderators and plugins did to others.
extension SQLiteJournal {
    /// Notes what an operator did.
    package func audit(_ line: AuditLine) {
        pool.asyncWriteWithoutTransaction { db in
            // An audit line that cannot be stored is in the log all the same.
            try? Self.store(line, db)
        }
    }

    static func store(_ line: AuditLine, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO audit (at, by, what) VALUES (?, ?, ?)")
        try statement.execute(arguments: [line.at, line.by, line.what])
    }

    /// The last lines that fit, oldest first.
    /// - Parameters:
    ///   - by: part of who did it, in any case; nil for everyone
    ///   - what: part of what they did
    ///   - since: milliseconds since 1970
    package func audit(by: String?, what: String?, since: Int64, limit: Int) async throws -> [AuditLine] {
        // instr, since % and _ in what is looked for mean themselves.
        let sql = """
            SELECT at, by, what FROM audit
            WHERE at >= ?1 AND (?2 IS NULL OR instr(lower(by), lower(?2)) > 0) AND (?3 IS NULL OR instr(lower(what), lower(?3)) > 0)
            ORDER BY id DESC LIMIT ?4
            """
        return try await pool.read { db in
            try Row.fetchAll(db, sql: sql, arguments: [since, by, what, limit]).reversed().map {
                AuditLine(at: $0["at"], by: $0["by"], what: $0["what"])
            }
        }
    }
}
