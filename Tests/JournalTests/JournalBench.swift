import Foundation
import RoomEngine
import Synchronization

@testable import Journal

/// A database in a folder of its own, and a way to wait for its answers.
final class JournalBench: Sendable {
    let folder: String
    private let answers = Mutex<[UInt64: CheckedContinuation<SQLiteJournal.Answer, Never>]>([:])
    private let early = Mutex<[UInt64: SQLiteJournal.Answer]>([:])
    private let last = Mutex<UInt64>(0)
    let unused = Mutex<[String]>([])

    init() throws {
        folder = NSTemporaryDirectory() + "roost-journal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/roost.sqlite" }

    func open(_ durability: SQLiteJournal.Durability = .normal) throws -> SQLiteJournal {
        try SQLiteJournal(path: path, durability: durability) { [self] answer in
            switch answer {
            case .committed(let number, _), .found(let number, _): deliver(number, answer)
            case .unused(let files): unused.withLock { $0 += files }
            }
        }
    }

    private func deliver(_ number: UInt64, _ answer: SQLiteJournal.Answer) {
        guard let waiting = answers.withLock({ $0.removeValue(forKey: number) }) else {
            return early.withLock { $0[number] = answer }
        }
        waiting.resume(returning: answer)
    }

    private func next() -> UInt64 {
        last.withLock {
            $0 += 1
            return $0
        }
    }

    private func answer(to number: UInt64) async -> SQLiteJournal.Answer {
        await withCheckedContinuation { continuation in
            if let answer = early.withLock({ $0.removeValue(forKey: number) }) { return continuation.resume(returning: answer) }
            answers.withLock { $0[number] = continuation }
            // It may have come in between.
            if let answer = early.withLock({ $0.removeValue(forKey: number) }) {
                answers.withLock { $0.removeValue(forKey: number) }?.resume(returning: answer)
            }
        }
    }

    func commit(_ journal: SQLiteJournal, _ units: JournalUnit...) async -> [CommitResult] {
        let number = next()
        journal.commit(number, units)
        guard case .committed(_, let results) = await answer(to: number) else { return [] }
        return results
    }

    func find(_ journal: SQLiteJournal, _ query: EventQuery) async -> [Event]? {
        let number = next()
        journal.find(number, query)
        guard case .found(_, let events) = await answer(to: number) else { return nil }
        return events
    }
}

let room = RoomID("tea")
let ann = MemberInfo(id: "u_ann", name: "Ann", color: "#112233", role: .owner)

func record(_ id: RoomID = room) -> RoomRecord {
    RoomRecord(
        id: id, title: "Tea", max: 7, passwordHash: "hash", topic: "leaves", slow: 3, owner: ann, permanent: true, locked: true,
        createdAt: 5, epoch: "e1")
}

func chat(_ text: String, cid: String? = nil, in room: RoomID = room) -> JournalWrite {
    .event(Event(room: room, at: 1_790_000_000_000, body: .chat(from: ann, text: text, replyTo: nil), cid: cid))
}
