import Foundation
import GRDB

/// The file of a database, before it is opened for writing.
///
/// SQLite takes an empty file for a new database and opens a file that it may not write for reading; whoever keeps people's
/// messages has to look first.
struct DatabaseFile {
    /// Bytes up to which a start reads the whole database to see whether it is sound: half a second or so. Larger ones are
    /// read by `roost journal check`.
    static let checkedAtStart = 256 << 20

    let path: String

    var exists: Bool { access(path, F_OK) == 0 }

    /// Makes a new database, whole or not at all: one that is there has its tables.
    func create() throws {
        if DatabaseFile(path: path + "-wal").size > 0 { throw JournalProblem.missing }
        let unfinished = path + ".new"
        // Of a start that was killed while it did this.
        for suffix in ["", "-wal", "-shm"] { unlink(unfinished + suffix) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        let database = try DatabaseQueue(path: unfinished, configuration: configuration)
        try migrator().migrate(database)
        try database.close()
        chmod(unfinished, 0o600)
        try DiskSync.file(unfinished)
        guard rename(unfinished, path) == 0 else { throw JournalProblem.closed("it cannot be made: \(String(cString: strerror(errno)))") }
        try DiskSync.file(folder)
    }

    /// Finds out whether it is a database that this version can use. Changes nothing.
    func inspect() throws {
        try checkRights()
        try checkHeader()
        do {
            try checkContents()
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            throw JournalProblem.damaged([error.message ?? "\(error.resultCode)"])
        }
    }

    private var folder: String { (path as NSString).deletingLastPathComponent }

    private var size: Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    private func checkRights() throws(JournalProblem) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw .closed("it cannot be read: \(String(cString: strerror(errno)))") }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .closed("it is no file") }
        for (file, what) in [(path, "it"), (folder, "its folder")] where access(file, R_OK | W_OK) != 0 {
            let why = String(cString: strerror(errno))
            throw .closed("\(what) cannot be written by this user (\(why)); give them the right to, or start the server as its owner")
        }
    }

    /// By the file format's first page (https://www.sqlite.org/fileformat2.html#the_database_header).
    private func checkHeader() throws(JournalProblem) {
        if size == 0 { throw .empty }
        guard let handle = FileHandle(forReadingAtPath: path), let read = try? handle.read(upToCount: 100) else {
            throw .closed("it cannot be read")
        }
        let header = [UInt8](read)
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else { throw .noDatabase }
        func number(_ place: Int, _ bytes: Int) -> Int { header[place..<place + bytes].reduce(0) { $0 << 8 | Int($1) } }
        // What the log still has to add may well be the end of it.
        guard DatabaseFile(path: path + "-wal").size == 0, number(24, 4) == number(92, 4) else { return }
        let page = number(16, 2) == 1 ? 65_536 : number(16, 2)
        let wanted = number(28, 4) * page
        if size < wanted { throw .damaged(["it was cut off: \(size) of \(wanted) bytes are there"]) }
    }

    private func checkContents() throws {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.read { db in
            guard try db.tableExists("grdb_migrations") else { throw JournalProblem.foreign }
            let known = migrator().migrations
            let applied = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
            guard let first = known.first, applied.contains(first) else { throw JournalProblem.foreign }
            let unknown = applied.filter { !known.contains($0) }
            if !unknown.isEmpty { throw JournalProblem.newer(unknown) }
            guard size <= Self.checkedAtStart else { return }
            let found = try String.fetchAll(db, sql: "PRAGMA quick_check(3)")
            if found != ["ok"] { throw JournalProblem.damaged(found.flatMap { $0.split(separator: "\n").map(String.init) }) }
        }
        try database.close()
    }
}

/// Waits until what was written is on the disk.
package enum DiskSync {
    /// - Parameter path: a file, or a folder whose names are to last
    package static func file(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw JournalProblem.closed("\(path) cannot be written out: \(String(cString: strerror(errno)))")
        }
    }
}
