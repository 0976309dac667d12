import Dispatch
import GRDB
import RoomEngine
import Synchronization

/// How something was decided, as it is kept: what it is found by, and the rest as JSON of whoever made it.
package struct TraceRecord: Sendable, Equatable {
    package var serial: UInt64
    package var at: Int64
    package var room: RoomID?
    /// The number of the message it was about, if it was stored.
    package var seq: Int64?
    package var person: PersonID?
    package var document: String

    package init(serial: UInt64, at: Int64, room: RoomID?, seq: Int64?, person: PersonID?, document: String) {
        self.serial = serial
        self.at = at
        self.room = room
        self.seq = seq
        self.person = person
        self.document = document
    }
}

/// Traces on their way to the database. They are stored together, a second after the first of them, so that a message that
/// is refused costs the writer next to nothing; a server that is killed may lose those of its last second. Safe from every
/// thread.
final class TraceBuffer: Sendable {
    /// Traces that are kept of one second. Of a flood the rest is let go of.
    static let most = 1_000

    private let waiting = Mutex<[@Sendable () -> TraceRecord]>([])

    /// True for the first after the buffer was emptied.
    func add(_ make: @escaping @Sendable () -> TraceRecord) -> Bool {
        waiting.withLock { waiting in
            if waiting.count < Self.most { waiting.append(make) }
            return waiting.count == 1
        }
    }

    func take() -> [@Sendable () -> TraceRecord] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

extension SQLiteJournal {
    /// Keeps a trace for a while.
    /// - Parameter make: called on a thread of the journal
    package func keep(trace make: @escaping @Sendable () -> TraceRecord) {
        guard traces.add(make) else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + 1) { [weak self] in
            guard let self else { return }
            pool.asyncWriteWithoutTransaction { [self] db in storeTraces(db) }
        }
    }

    /// What could not be stored (the disk is full, say) is let go of.
    func storeTraces(_ db: Database) {
        let records = traces.take().map { $0() }
        if records.isEmpty { return }
        try? db.inTransaction {
            let statement = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO traces (serial, at, room, seq, person, document) VALUES (?, ?, ?, ?, ?, ?)")
            for record in records {
                try statement.execute(
                    arguments: [Int64(record.serial), record.at, record.room?.text, record.seq, record.person?.text, record.document])
            }
            return .commit
        }
    }

    /// The number of the last trace that is kept; 0 if none is. To be called at the start.
    package func lastTrace() throws -> UInt64 { try pool.read { UInt64(try Int64.fetchOne($0, sql: "SELECT max(serial) FROM traces") ?? 0) } }

    /// The document of a kept trace, by its number.
    package func trace(serial: UInt64) async throws -> String? {
        try await pool.read { try String.fetchOne($0, sql: "SELECT document FROM traces WHERE serial = ?", arguments: [Int64(clamping: serial)]) }
    }

    /// The document of a kept trace, by the message it was about.
    package func trace(of seq: Int64, in room: RoomID) async throws -> String? {
        try await pool.read {
            try String.fetchOne(
                $0, sql: "SELECT document FROM traces WHERE room = ? AND seq = ? ORDER BY serial DESC LIMIT 1", arguments: [room.text, seq])
        }
    }
}
