import Foundation
import GRDB
import RoomEngine

/// Copies of the database, made while it is in use and put back later.
///
/// A copy is marked (SQLite's `user_version`). When a server first opens it, every room gets a new epoch: members may have
/// seen numbers that the copy does not have, and that it will give to other messages.
extension SQLiteJournal {
    private static let copyMark = 1

    /// Writes a copy to `path`, which must not be there: everything that was acknowledged before the call is in it. Readers
    /// and the writer go on meanwhile. Blocks its thread. If it fails, nothing is left at `path`.
    ///
    /// `VACUUM INTO` reads in one transaction and leaves out pages that are free, so that what was erased is not in a copy
    /// (https://www.sqlite.org/lang_vacuum.html#vacuuminto). It does not wait for the disk; this does.
    package func copy(to path: String) throws {
        if access(path, F_OK) == 0 { throw JournalProblem.closed("\(path) is there already") }
        do {
            let source = try DatabaseQueue(path: self.path)
            try source.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
            try source.close()
            try Self.mark(path)
            try DiskSync.file(path)
        } catch {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
            throw error
        }
    }

    /// Marks a database that nobody has open as a copy.
    package static func mark(_ path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(copyMark)") }
        try copy.close()
    }

    /// If the database is a copy that nobody has used: its rooms get new epochs.
    static func renewEpochs(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") == copyMark else { return }
        try renewEpochs(of: try String.fetchAll(db, sql: "SELECT id FROM rooms"), db)
        try db.execute(sql: "PRAGMA user_version = 0")
    }

    /// Has the rooms begin anew for whoever has seen them.
    static func renewEpochs(of rooms: some Sequence<String>, _ db: Database) throws {
        var random = SystemRandomNumberGenerator()
        for room in rooms {
            try db.execute(sql: "UPDATE rooms SET epoch = ? WHERE id = ?", arguments: [randomID(length: 8, using: &random), room])
        }
    }
}
