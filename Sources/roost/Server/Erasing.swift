import Foundation
import Journal
import Plugins
import RoomEngine
import Transports

extension DataArchive {
    func person(_ id: PersonID) async throws -> PersonRecord? { try await journal.person(id) }

    /// Everything about a person goes: first from the rooms, then from the database, then from what members have on their screens.
    func erase(_ person: PersonID) async throws -> String {
        erasedPeople.insert(person)
        await rooms.await { engine, answer in engine.beginErasing(person) { answer(()) } }
        // What plugins say about somebody's exit is stored after it.
        for _ in 0..<100 {
            if await rooms.ask(\.isSettled) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        // What could not be stored yet may name them: stored later, it would bring them back.
        if await rooms.ask(\.isLate) {
            throw Problem("\(person) is out, and is not erased yet: the server cannot store what came before. It goes on when you say it again.")
        }
        let erasure: Erasure
        do {
            erasure = try await journal.erase(person, at: Int64(Date().timeIntervalSince1970 * 1_000))
        } catch {
            throw Problem("\(person) is out, and is not erased yet: \(Self.describe(error)). It goes on at the next start, or when you say it again.")
        }
        await rooms.ask { engine in
            engine.endErasing(person, erasure.rooms)
            engine.plugins?.forget(person)
        }
        return "Erased \(person): \(erasure.events) events in \(erasure.rooms.count) rooms, and everything else. Their cookie makes somebody new."
    }
}
