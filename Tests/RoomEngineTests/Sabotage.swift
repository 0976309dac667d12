import RoomEngine

/// Ways to break a promise, planted around the engine: the simulation has to find each.
enum PlantedBug: String, CaseIterable, Sendable {
    case journalAnswersBeforeItStores, journalAnswersAndNeverStores, journalStoresWhatItRefuses, journalForgetsCids
    case journalStoresExitTwice, journalSkipsNumber, journalForgetsBans, journalForgetsWhoWasThere, journalAddsSeats
    case networkLosesEvent, networkDoublesEvent, networkSwapsEvents, networkAnswersWithAnotherNumber, networkCutsResumedEvents
    case networkMixesRooms, networkChangesEvent
    case journalKeepsWhatWasDeleted, journalForgetsEdits, journalForgetsReactions, journalReadsOldForms
    case hooksDropIsIgnored, hooksChangeIsForgotten, consoleMuteIsLost
}

/// Breaks the promise that it was told to, now and then, and nothing else.
final class Sabotage {
    let bug: PlantedBug?
    private let chance: Chance
    private var heldBack: [(link: Link, message: Message)] = []

    init(_ bug: PlantedBug?, seed: UInt64) {
        self.bug = bug
        chance = Chance(seed: seed ^ 0xB06)
    }

    func strikes(_ bug: PlantedBug, _ times: Int = 10) -> Bool { self.bug == bug && chance.happens(times, of: 100) }

    // MARK: The network

    func sent(_ message: Message) -> Message {
        switch message {
        case .ok(let reference, let seq?) where strikes(.networkAnswersWithAnotherNumber): return .ok(reference, seq: seq + 1)
        case .joined(var joined) where strikes(.networkCutsResumedEvents, 50) && !joined.events.isEmpty:
            joined.events.removeLast()
            return .joined(joined)
        default: return message
        }
    }

    func deliver(_ message: Message, to link: Link) {
        guard bug != nil, case .event(var event, let epoch) = message else { return link.toClient.append(message) }
        if strikes(.networkLosesEvent, 2) { return }
        if strikes(.networkSwapsEvents, 5) { return heldBack.append((link, message)) }
        if strikes(.networkChangesEvent, 2) { event.at += 1 }
        link.toClient.append(.event(event, epoch: epoch))
        if strikes(.networkDoublesEvent, 2) { link.toClient.append(message) }
        for (other, late) in heldBack where other === link { link.toClient.append(late) }
        heldBack.removeAll { $0.link === link }
    }

    func goesAstray() -> Bool { strikes(.networkMixesRooms, 5) }

    // MARK: Hooks and console

    func decided(_ decision: Decision) -> Decision { strikes(.hooksDropIsIgnored) ? Decision(.pass) : decision }
    func forgetsChange() -> Bool { strikes(.hooksChangeIsForgotten) }
    func losesMute() -> Bool { strikes(.consoleMuteIsLost, 50) }
}

/// A journal into which a bug can be planted.
final class SabotagedJournal: TestJournal {
    private let sabotage: Sabotage
    /// What is really on the disk, where that is behind what the journal says.
    private var written: Contents?
    private var batches = 0

    init(_ sabotage: Sabotage) { self.sabotage = sabotage }

    override func storeNext() {
        let units = unstored.first?.units ?? []
        let answers = unanswered.count
        super.storeNext()
        batches += 1
        if sabotage.bug == .journalAnswersBeforeItStores, batches % 4 == 0 { written = contents }
        guard unanswered.count > answers, sabotage.strikes(.journalStoresWhatItRefuses, 50) else { return }
        for (unit, result) in zip(units, unanswered[answers].results) {
            if case .failed = result { _ = contents.store(unit) }
        }
    }

    override func store(_ unit: JournalUnit) -> CommitResult {
        guard sabotage.bug != nil, case .event(let event)? = unit.first else { return super.store(unit) }
        let head = contents.rooms[event.room]?.events.last?.seq ?? 0
        if case .exit = event.body, sabotage.strikes(.journalStoresExitTwice) { _ = super.store([.event(event)]) }
        if case .chat = event.body, sabotage.strikes(.journalAnswersAndNeverStores, 5) { return .stored([head + 1]) }
        let before = event.target.flatMap { contents.rooms[event.room]?.events[Int($0) - 1] }
        let result = super.store(unit)
        if let before, forgets(event) { contents.rooms[event.room]?.events[Int(before.seq) - 1] = before }
        if sabotage.strikes(.journalSkipsNumber, 2), case .stored = result {
            contents.rooms[event.room]?.events[Int(head)].seq += 1
            return .stored([head + 2])
        }
        return result
    }

    /// Whether the change that an event is about does not reach its message.
    private func forgets(_ event: Event) -> Bool {
        switch event.body {
        case .delete: sabotage.strikes(.journalKeepsWhatWasDeleted)
        case .edit: sabotage.strikes(.journalForgetsEdits)
        case .react: sabotage.strikes(.journalForgetsReactions)
        default: false
        }
    }

    override func answerFinds(to engine: Engine) {
        guard sabotage.bug == .journalReadsOldForms else { return super.answerFinds(to: engine) }
        let now = contents
        for (room, stored) in now.rooms { contents.rooms[room]?.events = stored.said }
        super.answerFinds(to: engine)
        contents = now
    }

    override func crash() {
        super.crash()
        if let written, sabotage.bug == .journalAnswersBeforeItStores { contents = written }
        if sabotage.bug == .journalForgetsCids {
            for room in contents.rooms.keys { contents.rooms[room]?.numbers = [:] }
        }
    }

    override var snapshot: Snapshot {
        var snapshot = super.snapshot
        if sabotage.bug == .journalForgetsBans { snapshot.restrictions = [] }
        if sabotage.bug == .journalForgetsWhoWasThere { snapshot.present = [] }
        if sabotage.bug == .journalAddsSeats {
            for index in snapshot.rooms.indices { snapshot.rooms[index].record.max += 5 }
        }
        return snapshot
    }
}
