import RoomEngine

/// Ways to break a promise, planted around the engine: the simulation has to find each.
enum PlantedBug: String, CaseIterable, Sendable {
    case journalAnswersBeforeItStores, journalAnswersAndNeverStores, journalStoresWhatItRefuses, journalForgetsCids
    case journalStoresExitTwice, journalSkipsNumber, journalForgetsBans, journalForgetsWhoWasThere, journalAddsSeats
    case networkLosesEvent, networkDoublesEvent, networkSwapsEvents, networkAnswersWithAnotherNumber, networkCutsResumedEvents
    case networkMixesRooms, networkChangesEvent
    case journalKeepsWhatWasDeleted, journalForgetsEdits, journalForgetsReactions, journalReadsOldForms
    case hooksDropIsIgnored, hooksChangeIsForgotten, consoleMuteIsLost
    // Roles and moderation.
    case journalLosesRestrictions, journalLosesSettings, journalForgetsMutesAtStart, journalForgetsModeratorsAtStart, journalLosesReports
    case journalLosesDecisions, journalLosesClosings, journalLosesValues
    case journalDoublesExitOfKicked, journalKeepsSeatOfKicked, journalLosesExitOfKicked, journalRestoresOtherWords
    case networkLetsThoseOutsideListen, networkTakesOneForAnother, networkTellsWhisperToOthers, networkBringsDeletedBack
    case hooksDropOfEditIsIgnored, hooksDropOfWhisperIsIgnored, hooksDenialOfJoinIsIgnored, consoleBanIsLost, consoleLockIsLost
    case passwordsAcceptAnything
    // What is to be forgotten, and what is not.
    case journalForgetsTooMuch, journalBringsForgottenBack, journalBringsErasedBack
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

    func sent(_ message: Message, _ ledger: Ledger) -> Message {
        switch message {
        case .joined(var joined) where bug == .networkBringsDeletedBack:
            joined.events = joined.events.map { if case .deleted = $0.body { ledger.said($0.room)[Int($0.seq) - 1] } else { $0 } }
            return .joined(joined)
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
    private var unerased: Contents?
    /// Is called when something has been stored, before the engine hears of it.
    var hasStored: () -> Void = {}
    private var batches = 0

    init(_ sabotage: Sabotage) { self.sabotage = sabotage }

    override func storeNext() {
        defer { hasStored() }
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
        guard sabotage.bug != nil else { return super.store(unit) }
        let unit = sabotage.strikes(.journalLosesValues) ? unit.filter { if case .store = $0 { false } else { true } } : unit
        guard var event = unit.lazy.compactMap({ if case .event(let event) = $0 { event } else { nil } }).first else {
            return super.store(unit.map(spoilt))
        }
        let head = contents.rooms[event.room]?.events.last?.seq ?? 0
        if case .exit(_, _, .kicked) = event.body {
            if sabotage.strikes(.journalDoublesExitOfKicked, 50) { _ = super.store([.event(event)]) }
            if sabotage.strikes(.journalKeepsSeatOfKicked, 50) { return super.store([.event(event)]) }
            if sabotage.strikes(.journalLosesExitOfKicked, 50) { return .stored([head + 1]) }
        }
        if case .edit(let of, nil, _) = event.body, sabotage.strikes(.journalRestoresOtherWords, 50) {
            event.body = .edit(of: of, by: nil, .text("something else"))
            return super.store([.event(event)] + unit.dropFirst())
        }
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

    /// What is stored instead.
    private func spoilt(_ write: JournalWrite) -> JournalWrite {
        switch write {
        case .restrict(let r) where sabotage.strikes(.journalLosesRestrictions, 50): .lift(r.kind, room: r.room, person: r.person)
        case .report(let report) where sabotage.strikes(.journalLosesReports, 50): .closeReport(report.id, room: report.room)
        case .unhold where sabotage.strikes(.journalLosesDecisions, 50): .unhold("another")
        case .closeReport(_, let room) where sabotage.strikes(.journalLosesClosings, 50): .closeReport("another", room: room)
        case .room(let room) where sabotage.strikes(.journalLosesSettings, 50): .room(contents.rooms[room.id]?.record ?? room)
        case .forget(let room, let seq) where sabotage.bug == .journalForgetsTooMuch: .forget(room, through: seq + 3)
        default: write
        }
    }

    override func erase(_ person: PersonID) -> [RoomID] {
        if sabotage.bug == .journalBringsErasedBack { unerased = contents }
        return super.erase(person)
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
        if sabotage.bug == .journalBringsForgottenBack {
            for room in contents.rooms.keys { contents.rooms[room]?.keeping.horizon = 0 }
        }
        if let unerased {
            for (room, before) in unerased.rooms {
                contents.rooms[room]?.said.replaceSubrange(0..<before.said.count, with: before.said)
                contents.rooms[room]?.events.replaceSubrange(0..<before.events.count, with: before.events)
            }
        }
        if let written, sabotage.bug == .journalAnswersBeforeItStores { contents = written }
        if sabotage.bug == .journalForgetsCids {
            for room in contents.rooms.keys { contents.rooms[room]?.numbers = [:] }
        }
    }

    override var snapshot: Snapshot {
        var snapshot = super.snapshot
        if sabotage.bug == .journalForgetsBans { snapshot.restrictions = [] }
        if sabotage.bug == .journalForgetsMutesAtStart { snapshot.restrictions.removeAll { $0.kind == .mute } }
        if sabotage.bug == .journalForgetsModeratorsAtStart { snapshot.moderators = [] }
        if sabotage.bug == .journalForgetsWhoWasThere { snapshot.present = [] }
        if sabotage.bug == .journalAddsSeats {
            for index in snapshot.rooms.indices { snapshot.rooms[index].record.max += 5 }
        }
        return snapshot
    }
}
