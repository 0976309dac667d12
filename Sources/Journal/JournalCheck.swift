import Foundation
import GRDB
import RoomEngine

/// What a look at a whole database has found. A server may be using it meanwhile: it is seen as it is at one moment.
package struct JournalCheck: Sendable {
    package private(set) var rooms = 0
    package private(set) var events = 0
    package private(set) var people = 0
    /// What must not be.
    package private(set) var problems: [String] = []

    /// - Parameters:
    ///   - path: the database; a ``JournalProblem`` says why it cannot be read
    ///   - files: the folder of GIFs
    package init(path: String, files: String) throws {
        try DatabaseFile(path: path).inspect()
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: path, configuration: configuration)
        let db = database
        self = try db.read { db in
            var check = JournalCheck()
            try check.look(db, files: files)
            return check
        }
        try database.close()
    }

    private init() {}

    private mutating func look(_ db: Database, files: String) throws {
        let found = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
        if found != ["ok"] { problems += found.flatMap { $0.split(separator: "\n").map(String.init) } }
        rooms = try Int.fetchOne(db, sql: "SELECT count(*) FROM rooms") ?? 0
        people = try Int.fetchOne(db, sql: "SELECT count(*) FROM people") ?? 0
        try lookAtNumbers(db)
        try lookAtPresence(db)
        try lookAtRooms(db)
        try lookAtFiles(db, files)
    }

    /// Numbers run without holes, from the first that is kept to the last.
    private mutating func lookAtNumbers(_ db: Database) throws {
        let keeping = try SQLiteJournal.keeping(db)
        for row in try Row.fetchAll(db, sql: "SELECT room, count(*) AS count, min(seq) AS first, max(seq) AS last FROM events GROUP BY room") {
            let (room, count, first, last): (String, Int64, Int64, Int64) = (row["room"], row["count"], row["first"], row["last"])
            events += Int(count)
            if last - first + 1 != count { problems.append("room \(room): \(last - first + 1 - count) of the numbers \(first) to \(last) are missing") }
            let expected = (keeping[RoomID(room)]?.horizon ?? 0) + 1
            if first != expected { problems.append("room \(room): the first number is \(first), where \(expected) should be") }
        }
    }

    /// Who is noted as present has joined and not left, and the other way round.
    private mutating func lookAtPresence(_ db: Database) throws {
        var movements: [[String]: String] = [:]
        let last = "SELECT room, author, kind, max(seq) FROM events WHERE kind IN ('join', 'exit') AND author <> ? GROUP BY room, author"
        // Of people who have been erased nobody can tell who was who.
        for row in try Row.fetchAll(db, sql: last, arguments: [Erased.id]) { movements[[row["room"], row["author"]]] = row["kind"] }
        var present: Set<[String]> = []
        for row in try Row.fetchAll(db, sql: "SELECT room, person FROM presence") { present.insert([row["room"], row["person"]]) }
        let keeping = try SQLiteJournal.keeping(db)
        for place in present.sorted(by: { $0.lexicographicallyPrecedes($1) }) where movements[place] != "join" {
            // Their join may be so long ago that it is not kept.
            if movements[place] == nil, keeping[RoomID(place[0])].map({ $0.horizon > 0 }) ?? false { continue }
            problems.append("room \(place[0]): \(place[1]) is noted as present and has \(movements[place] == nil ? "never joined" : "left")")
        }
        for (place, kind) in movements.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where kind == "join" && !present.contains(place) {
            problems.append("room \(place[0]): \(place[1]) has joined, has not left, and is not noted as present")
        }
    }

    /// Nothing is kept of rooms that are not there.
    private mutating func lookAtRooms(_ db: Database) throws {
        for table in ["events", "presence", "restrictions", "moderators", "held", "keeping"] {
            for row in try Row.fetchAll(db, sql: "SELECT room, count(*) AS count FROM \(table) WHERE room NOT IN (SELECT id FROM rooms) GROUP BY room") {
                problems.append("room \(row["room"] as String) is not there and has \(row["count"] as Int) rows in \(table)")
            }
        }
    }

    private mutating func lookAtFiles(_ db: Database, _ folder: String) throws {
        for digest in try String.fetchAll(db, sql: SQLiteJournal.shownFiles + " ORDER BY 1") where access("\(folder)/\(digest).gif", F_OK) != 0 {
            problems.append("the GIF \(digest) is shown and its file is not in \(folder)")
        }
    }
}
