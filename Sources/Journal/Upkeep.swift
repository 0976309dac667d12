import Dispatch
import GRDB

/// What a database needs now and then: old lines of the audit log go, in small pieces, so that no message waits for it.
struct Upkeep {
    /// How long an audit line is kept, and how many at most.
    static let auditKept: Int64 = 90 * 86_400_000
    static let auditLines = 100_000
    /// Rows that go at a time.
    static let piece = 200

    /// Does a piece of it. True if there may be more to do.
    /// - Parameter now: milliseconds since 1970
    static func tidy(_ db: Database, now: Int64) throws -> Bool {
        try db.execute(
            sql: """
                DELETE FROM audit WHERE id IN (
                  SELECT id FROM audit WHERE at < ?1 OR id <= (SELECT max(id) FROM audit) - ?2 ORDER BY id LIMIT ?3)
                """, arguments: [now - auditKept, auditLines, piece])
        return db.changesCount == piece
    }
}
