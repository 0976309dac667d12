import Foundation
import RoomEngine

extension Trace {
    /// Whether it is kept over a restart: somebody may ask for long why a message was stopped, held or changed, or what went
    /// wrong about it. Most messages pass untouched, and of those nothing is kept.
    ///
    /// What passed with a change is kept once its number is known.
    var isKept: Bool { isStopped || isChanged && outcome != "pass" }

    /// It as JSON, for whatever keeps it.
    package var document: String {
        let steps = steps.map { Document.Step(hook: $0.hook, phase: $0.phase.rawValue, outcome: $0.outcome, notes: $0.notes, ns: $0.nanoseconds) }
        let document = Document(
            serial: serial, event: event.name, room: room?.text, person: person, personID: personID, at: at, text: text, steps: steps,
            outcome: outcome, seq: seq)
        // Texts and whole numbers can always be written.
        return (try? JSONEncoder().encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// - Parameter document: of ``document``; nil if it is of a kind that this version does not know
    package init?(document: String) {
        guard let read = try? JSONDecoder().decode(Document.self, from: Data(document.utf8)),
            let event = HookKind.allCases.first(where: { $0.name == read.event })
        else { return nil }
        self.init(
            serial: read.serial, event: event, room: read.room.map { RoomID($0) }, person: read.person, personID: read.personID, at: read.at, text: read.text)
        steps = read.steps.map {
            Step(hook: $0.hook, phase: Phase(rawValue: $0.phase) ?? .observe, outcome: $0.outcome, notes: $0.notes, nanoseconds: $0.ns)
        }
        outcome = read.outcome
        seq = read.seq
    }

    private struct Document: Codable {
        struct Step: Codable {
            let hook: String
            let phase: String
            let outcome: String
            let notes: [String]
            let ns: Int64
        }

        let serial: UInt64
        let event: String
        let room: String?
        let person: String?
        let personID: String?
        let at: Int64
        let text: String
        let steps: [Step]
        let outcome: String
        let seq: Int64?
    }
}
