import GRDB

/// What a database needs now and then: old lines of the audit log and old traces go, in small pieces, so that no message waits
/// for it.
package struct Upkeep: Sendable {
    /// Rows that go at a time.
    static let piece = 200

    /// How long audit lines and traces are kept, in milliseconds.
    package var audit: Int64 = 90 * 86_400_000
    package var traces: Int64 = 7 * 86_400_000
    /// How many of them at most.
    package var auditLines = 100_000
    package var traceRows = 200_000

    package init() {}

    /// Does a piece of it. True if there may be more to do.
    /// - Parameter now: milliseconds since 1970
    func tidy(_ db: Database, now: Int64) throws -> Bool {
        let lines = try remove(from: "audit", key: "id", before: now - audit, keeping: auditLines, db)
        let rows = try remove(from: "traces", key: "serial", before: now - traces, keeping: traceRows, db)
        return lines == Self.piece || rows == Self.piece
    }

    private func remove(from table: String, key: String, before: Int64, keeping count: Int, _ db: Database) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM \(table) WHERE \(key) IN (
                  SELECT \(key) FROM \(table) WHERE at < ?1 OR \(key) <= (SELECT max(\(key)) FROM \(table)) - ?2 ORDER BY \(key) LIMIT ?3)
                """, arguments: [before, count, Self.piece])
        return db.changesCount
    }
}
