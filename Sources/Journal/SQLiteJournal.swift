import Foundation
import GRDB
import RoomEngine

/// The journal in a SQLite database (WAL): one writer with group commit, readers that never wait for it.
///
/// Commits run one after another on the writer's queue, each batch in one transaction. Checkpoints, which wait for the disk,
/// are made on a queue of their own so that no message waits for them.
///
/// `@unchecked Sendable`: `heads` is used on the writer's queue alone; everything else is constant and thread-safe.
package final class SQLiteJournal: Journal, @unchecked Sendable {
    /// What an acknowledged message survives. In WAL mode, SQLite's `synchronous` decides whether a commit waits for the disk
    /// (https://www.sqlite.org/pragma.html#pragma_synchronous).
    package enum Durability: String, Sendable, CaseIterable {
        /// The death of the process: the commit is with the operating system. When the machine dies the database stays sound,
        /// and the last messages may be missing, up to a second of them or so: the log is synced at each checkpoint.
        case normal
        /// The death of the machine too: each commit waits until the disk says that it has it.
        case full
    }

    package enum Answer: Sendable {
        case committed(UInt64, [CommitResult])
        case found(UInt64, [Event]?)
        /// Nothing shows these files any more.
        case unused([String])
    }

    let path: String
    let pool: DatabasePool
    private let checkpointer: DatabaseQueue
    private let checkpoints: any DispatchSourceTimer
    private let upkeep: any DispatchSourceTimer
    private let upkeepPlan: Upkeep
    let traces = TraceBuffer()
    let answer: @Sendable (Answer) -> Void
    private let measured: @Sendable (Double) -> Void
    /// The number of each room's last event.
    private var heads: [RoomID: Int64] = [:]

    /// Opens or makes the database at `path`. One that is damaged, somebody else's or a newer version's is left as it is
    /// (``JournalProblem``).
    /// - Parameters:
    ///   - measured: gets the seconds that each commit has taken, waiting included
    ///   - answer: gets the answers, on a thread of the journal's
    package init(
        path: String, durability: Durability = .normal, upkeep plan: Upkeep = Upkeep(),
        measured: @escaping @Sendable (Double) -> Void = { _ in },
        answer: @escaping @Sendable (Answer) -> Void
    ) throws {
        let file = DatabaseFile(path: path)
        if file.exists { try file.inspect() } else { try file.create() }
        var configuration = Configuration()
        configuration.label = "roost.journal"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
        pool = try DatabasePool(path: path, configuration: configuration)
        // After the pool has set up the WAL mode: GRDB sets this to NORMAL with it, after anything that prepares a connection.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
            // What is removed is overwritten (https://www.sqlite.org/pragma.html#pragma_secure_delete).
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        try migrator().migrate(pool)
        try pool.write { try Self.renewEpochs($0) }
        self.path = path
        checkpointer = try DatabaseQueue(path: path)
        self.answer = answer
        self.measured = measured
        upkeepPlan = plan
        let queue = checkpointer
        // Made last: one that was never activated must not be let go of.
        checkpoints = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "roost.checkpoint"))
        upkeep = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "roost.upkeep"))
        checkpoints.schedule(deadline: .now() + 1, repeating: 1, leeway: .milliseconds(200))
        checkpoints.setEventHandler {
            // A checkpoint that fails (the disk is full, say) is tried again; nothing is lost meanwhile.
            _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
        checkpoints.activate()
        upkeep.schedule(deadline: .now() + 30, repeating: 30, leeway: .seconds(5))
        upkeep.setEventHandler { [weak self] in self?.tidy() }
        upkeep.activate()
    }

    /// Ends when everything asked for is stored.
    package func close() throws {
        checkpoints.cancel()
        upkeep.cancel()
        pool.writeWithoutTransaction { storeTraces($0) }
        try checkpointer.close()
        try pool.close()
    }

    // MARK: Writing

    package func commit(_ batch: UInt64, _ units: [JournalUnit]) {
        let start = DispatchTime.now().uptimeNanoseconds
        pool.asyncWriteWithoutTransaction { [self] db in
            var unused: [String] = []
            let results = store(units, db, &unused)
            measured(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
            answer(.committed(batch, results))
            if !unused.isEmpty { answer(.unused(unused)) }
        }
    }

    /// All of it in one transaction; if that fails, each unit in one of its own, so that one bad unit harms no other room's.
    private func store(_ units: [JournalUnit], _ db: Database, _ unused: inout [String]) -> [CommitResult] {
        let before = heads
        do {
            var results: [CommitResult] = []
            var files: [String] = []
            try db.inTransaction {
                for unit in units { results.append(try store(unit, db, &files)) }
                return .commit
            }
            unused += files
            return results
        } catch {
            heads = before
            if units.count == 1 { return [.failed("\(error)")] }
            var failed: Set<RoomID?> = []
            return units.map { unit in
                if unit.follows(failed) { return .failed("an earlier change could not be stored") }
                let result = store([unit], db, &unused)[0]
                if case .failed = result { failed.formUnion(unit.order) }
                return result
            }
        }
    }

    private func store(_ unit: JournalUnit, _ db: Database, _ unused: inout [String]) throws -> CommitResult {
        var numbers: [Int64] = []
        for write in unit {
            switch write {
            case .event(let event):
                let head = heads[event.room] ?? 0
                let statement = try db.cachedStatement(sql: EventRow.insert)
                try statement.execute(arguments: EventRow.arguments(event, seq: head + 1))
                if db.changesCount == 0 {
                    return .duplicate(try number(of: event, db))
                }
                if event.target != nil {
                    var numbered = event
                    numbered.seq = head + 1
                    unused += try db.changeMessage(by: numbered).filter { try !db.isShown($0) }
                }
                heads[event.room] = head + 1
                numbers.append(head + 1)
            case .roomRemoved(let room):
                unused += try remove(room, db)
                heads[room] = nil
            case .forget(let room, let seq): unused += try Self.forget(room, through: seq, db)
            case .keep(let room, let retention): try Self.keep(retention, of: room, db)
            default:
                try storeState(write, db)
            }
        }
        return .stored(numbers)
    }

    private func number(of event: Event, _ db: Database) throws -> Int64 {
        let sql = "SELECT seq FROM events WHERE room = ? AND author = ? AND cid = ?"
        guard let seq = try Int64.fetchOne(db, sql: sql, arguments: [event.room.text, event.author?.id, event.cid]) else {
            throw DatabaseError(message: "event \((heads[event.room] ?? 0) + 1) of room \(event.room) is there already")
        }
        return seq
    }

    /// Removes a room and returns the files that nothing shows any more.
    private func remove(_ room: RoomID, _ db: Database) throws -> [String] {
        let shown = try String.fetchAll(
            db, sql: "SELECT DISTINCT gif FROM events WHERE room = ? AND gif IS NOT NULL", arguments: [room.text])
        for table in ["events", "presence", "restrictions", "moderators", "held", "reactions", "reports", "keeping"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE room = ?", arguments: [room.text])
        }
        try db.execute(sql: "DELETE FROM rooms WHERE id = ?", arguments: [room.text])
        return try shown.filter { try !db.isShown($0) }
    }

    private func storeState(_ write: JournalWrite, _ db: Database) throws {
        switch write {
        case .event, .roomRemoved, .keep, .forget: break
        case .room(let r):
            try run(
                db, """
                INSERT OR REPLACE INTO rooms (id, title, max, password, topic, slow, owner_id, owner_name, owner_color, permanent,
                  locked, created_at, epoch, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [r.id.text, r.title, r.max, r.passwordHash, r.topic, r.slow, r.owner?.id, r.owner?.name, r.owner?.color, r.permanent,
                 r.locked, r.createdAt, r.epoch, r.tags.joined(separator: " ")])
        case .present(let p):
            try run(
                db, "INSERT OR REPLACE INTO presence (room, person, name, color, role, joined_at) VALUES (?, ?, ?, ?, ?, ?)",
                [p.room.text, p.member.id, p.member.name, p.member.color, p.member.role.rawValue, p.joinedAt])
        case .absent(let room, let person):
            try run(db, "DELETE FROM presence WHERE room = ? AND person = ?", [room.text, person.text])
        case .person(let p):
            try run(
                db, "INSERT OR REPLACE INTO people (id, name, color_seed, admin, created_at) VALUES (?, ?, ?, ?, ?)",
                [p.id.text, p.name, p.colorSeed, p.isAdmin, p.createdAt])
        case .restrict(let r):
            try run(
                db, "INSERT OR REPLACE INTO restrictions (room, person, kind, name, until, reason, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [r.room.text, r.person.text, r.kind.rawValue, r.name, r.until, r.reason, r.by, r.at])
        case .lift(let kind, let room, let person):
            try run(db, "DELETE FROM restrictions WHERE room = ? AND person = ? AND kind = ?", [room.text, person.text, kind.rawValue])
        case .appoint(let a):
            try run(db, "INSERT OR REPLACE INTO moderators (room, person, name) VALUES (?, ?, ?)", [a.room.text, a.person.text, a.name])
        case .dismiss(let room, let person):
            try run(db, "DELETE FROM moderators WHERE room = ? AND person = ?", [room.text, person.text])
        case .hold(let message):
            let head: StatementArguments = [message.id, message.reason, message.by, message.until]
            try run(db, EventRow.hold, head + EventRow.arguments(message.event, seq: 0))
        case .audit(let line): try Self.store(line, db)
        case .unhold(let id): try run(db, "DELETE FROM held WHERE id = ?", [id])
        case .schedule(let change): try store(change, db)
        case .report(let report): try db.store(report)
        case .closeReport(let id, _): try run(db, "DELETE FROM reports WHERE id = ?", [id])
        case .store(let change):
            if let value = change.value {
                try run(
                    db, "INSERT OR REPLACE INTO stores (plugin, scope, key, value, expires) VALUES (?, ?, ?, ?, ?)",
                    [change.plugin.text, change.scope, change.key, value, change.expires])
            } else {
                try run(
                    db, "DELETE FROM stores WHERE plugin = ? AND scope = ? AND key = ?", [change.plugin.text, change.scope, change.key])
            }
        }
    }

    private func store(_ change: ScheduleChange, _ db: Database) throws {
        guard let schedule = change.schedule else {
            return try run(db, "DELETE FROM schedules WHERE plugin = ? AND key = ?", [change.plugin.text, change.key])
        }
        try run(
            db, "INSERT OR REPLACE INTO schedules (plugin, key, event, at, data) VALUES (?, ?, ?, ?, ?)",
            [change.plugin.text, change.key, schedule.event, schedule.at, schedule.data])
    }

    private func run(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Does what is to be done now and then, a piece per transaction: commits go in between.
    private func tidy() {
        pool.asyncWriteWithoutTransaction { [weak self, upkeepPlan] db in
            if (try? upkeepPlan.tidy(db, now: Int64(Date().timeIntervalSince1970 * 1_000))) == true { self?.tidy() }
        }
    }

    // MARK: Reading

    package func find(_ query: UInt64, _ wanted: EventQuery) {
        pool.asyncRead { [answer] result in
            let events = try? result.get().events(wanted)
            answer(.found(query, events))
        }
    }

    /// What is needed at a start. To be called before the first commit.
    package func snapshot() throws -> Snapshot {
        let snapshot = try pool.read { try $0.snapshot() }
        // The writer's queue is where the heads are used.
        pool.writeWithoutTransaction { _ in
            for (record, head) in snapshot.rooms { heads[record.id] = head }
        }
        return snapshot
    }

    /// What is kept of a person.
    package func person(_ id: PersonID) async throws -> PersonRecord? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM people WHERE id = ?", arguments: [id.text]).map { row in
                PersonRecord(
                    id: id, name: row["name"], colorSeed: row["color_seed"], isAdmin: row["admin"], createdAt: row["created_at"])
            }
        }
    }

    /// Everything in a plugin's store.
    package func store(of plugin: PluginID) throws -> [StoreChange] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT scope, key, value, expires FROM stores WHERE plugin = ?", arguments: [plugin.text]).map {
                StoreChange(plugin: plugin, scope: $0["scope"], key: $0["key"], value: $0["value"], expires: $0["expires"])
            }
        }
    }

    /// Everything that a plugin has scheduled.
    package func schedules(of plugin: PluginID) throws -> [ScheduleChange] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT key, event, at, data FROM schedules WHERE plugin = ?", arguments: [plugin.text]).map {
                ScheduleChange(plugin: plugin, key: $0["key"], schedule: Schedule(event: $0["event"], at: $0["at"], data: $0["data"]))
            }
        }
    }

    static let shownFiles = "SELECT gif FROM events WHERE gif IS NOT NULL UNION SELECT gif FROM held WHERE gif IS NOT NULL"

    /// The files that events show.
    package func files() throws -> Set<String> { try pool.read { try Set(String.fetchAll($0, sql: Self.shownFiles)) } }

    /// The files that events of a database nobody has open show.
    package static func files(of path: String) throws -> Set<String> {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try database.read { try Set(String.fetchAll($0, sql: shownFiles)) }
    }

    /// The rooms in which a file is shown.
    package func rooms(showing file: String) async throws -> [RoomID] {
        try await pool.read { db in
            try String.fetchAll(db, sql: "SELECT room FROM events WHERE gif = ? UNION SELECT room FROM held WHERE gif = ?", arguments: [file, file]).map { RoomID($0) }
        }
    }
}

extension Database {
    func events(_ wanted: EventQuery) throws -> [Event] {
        let room = wanted.room.text
        let (sql, arguments): (String, StatementArguments) =
            switch wanted.range {
            case .after(let seq): ("room = ? AND seq > ? ORDER BY seq LIMIT ?", [room, seq, wanted.limit])
            case .before(let seq): ("room = ? AND seq < ? ORDER BY seq DESC LIMIT ?", [room, seq, wanted.limit])
            case .by(let author, let since):
                ("room = ? AND author = ? AND (at >= ? OR edited_at >= ?) ORDER BY seq LIMIT ?", [room, author, since, since, wanted.limit])
            case .sent(let author, let cid): ("room = ? AND author = ? AND cid = ?", [room, author.text, cid])
            case .topic(let seq): ("room = ? AND seq < ? AND kind = 'topic' ORDER BY seq DESC LIMIT 1", [room, seq])
            }
        var rows = try Row.fetchAll(cachedStatement(sql: "SELECT * FROM events WHERE " + sql), arguments: arguments)
        if case .before = wanted.range { rows.reverse() }
        return try events(of: rows, in: wanted.room)
    }

    fileprivate func snapshot() throws -> Snapshot {
        var snapshot = Snapshot()
        snapshot.keeping = try SQLiteJournal.keeping(self)
        let rooms = "SELECT *, (SELECT max(seq) FROM events WHERE room = rooms.id) AS head FROM rooms"
        for row in try Row.fetchAll(self, sql: rooms) {
            let owner = (row["owner_id"] as String?).map {
                MemberInfo(id: $0, name: row["owner_name"], color: row["owner_color"], role: .owner)
            }
            let record = RoomRecord(
                id: RoomID(row["id"]), title: row["title"], max: row["max"], passwordHash: row["password"], topic: row["topic"],
                slow: row["slow"], owner: owner, permanent: row["permanent"], locked: row["locked"],
                tags: (row["tags"] as String).split(separator: " ").map(String.init), createdAt: row["created_at"], epoch: row["epoch"])
            let horizon = snapshot.keeping[record.id]?.horizon ?? 0
            snapshot.rooms.append((record, max(row["head"] ?? 0, horizon)))
        }
        snapshot.present = try Row.fetchAll(self, sql: "SELECT * FROM presence").map { row in
            let role = Role(rawValue: row["role"]) ?? .member
            let member = MemberInfo(id: row["person"], name: row["name"], color: row["color"], role: role)
            return Presence(room: RoomID(row["room"]), member: member, joinedAt: row["joined_at"])
        }
        snapshot.restrictions = try Row.fetchAll(self, sql: "SELECT * FROM restrictions").compactMap { row in
            Restriction.Kind(rawValue: row["kind"]).map {
                Restriction(
                    kind: $0, room: RoomID(row["room"]), person: PersonID(row["person"]), name: row["name"], until: row["until"],
                    reason: row["reason"], by: row["by"], at: row["at"])
            }
        }
        snapshot.moderators = try Row.fetchAll(self, sql: "SELECT * FROM moderators").map { row in
            Appointment(room: RoomID(row["room"]), person: PersonID(row["person"]), name: row["name"])
        }
        snapshot.held = try Row.fetchAll(self, sql: "SELECT * FROM held").compactMap { row in
            try EventRow.event(row).map { HeldMessage(id: row["id"], event: $0, reason: row["reason"], by: row["by"], until: row["until"]) }
        }
        snapshot.reports = try reports()
        return snapshot
    }
}
