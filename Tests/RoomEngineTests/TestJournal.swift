import RoomEngine

/// A journal in memory that stores and answers when the test wants it to, fails, and survives the death of the engine.
///
/// A class that can be inherited from, so that simulations can plant bugs in it.
class TestJournal: Journal {
    struct StoredRoom {
        var record: RoomRecord?
        var events: [Event] = []
        /// The events as they were when they were stored, whatever has changed them since.
        var said: [Event] = []
        /// Numbers by author and `cid`.
        var numbers: [String: Int64] = [:]
        /// Events up to its horizon cannot be found any more. They stay above, for tests to look at.
        var keeping = Keeping()
    }

    /// What is on the disk.
    struct Contents {
        var rooms: [RoomID: StoredRoom] = [:]
        var present: [String: Presence] = [:]
        var restrictions: [String: Restriction] = [:]
        var held: [String: HeldMessage] = [:]
        var moderators: [String: Appointment] = [:]
        var reports: [String: Report] = [:]
        var people: [PersonID: PersonRecord] = [:]
        var stores: [String: StoreChange] = [:]
        var audit: [AuditLine] = []
        var schedules: [String: ScheduleChange] = [:]
    }

    var contents = Contents()
    /// While set, nothing is answered unless the test says so itself.
    var isHeld = false
    /// While set, commits fail with this reason, as on a full disk.
    var failure: String?
    /// While set, history cannot be read.
    var isUnreadable = false
    /// Units that cannot be stored, as if they alone were too big for what is left of the disk.
    var isBad: (JournalUnit) -> Bool = { _ in false }
    /// Commits that have been asked for in all.
    private(set) var commits = 0

    var unstored: [(batch: UInt64, units: [JournalUnit])] = []
    var unanswered: [(batch: UInt64, results: [CommitResult])] = []
    private(set) var finds: [(query: UInt64, wanted: EventQuery)] = []
    /// How many there have been in all.
    private(set) var findCount = 0

    func commit(_ batch: UInt64, _ units: [JournalUnit]) {
        commits += 1
        unstored.append((batch, units))
    }

    func find(_ query: UInt64, _ wanted: EventQuery) {
        finds.append((query, wanted))
        findCount += 1
    }

    var isIdle: Bool { unstored.isEmpty && unanswered.isEmpty && finds.isEmpty }

    // MARK: Steps

    /// Stores and answers all there is, unless held.
    func deliver(to engine: Engine) {
        if isHeld { return }
        while !unstored.isEmpty || !unanswered.isEmpty {
            storeNext()
            answerNext(to: engine)
        }
        answerFinds(to: engine)
    }

    /// Writes the oldest batch to the disk, or fails to. The engine does not hear of it yet.
    func storeNext() {
        guard !unstored.isEmpty else { return }
        let (batch, units) = unstored.removeFirst()
        var failed: Set<RoomID?> = []
        let results = units.map { unit in
            // What comes after a failure of a room fails with it, so that the room's order is kept.
            if let failure { return CommitResult.failed(failure) }
            if unit.follows(failed) || isBad(unit) {
                failed.formUnion(unit.order)
                return .failed("no room for it")
            }
            return store(unit)
        }
        unanswered.append((batch, results))
    }

    func store(_ unit: JournalUnit) -> CommitResult { contents.store(unit) }

    /// Tells the engine of the oldest batch that has been written.
    func answerNext(to engine: Engine) {
        guard !unanswered.isEmpty else { return }
        let (batch, results) = unanswered.removeFirst()
        engine.committed(batch, results)
    }

    /// Answers what was looked up, with what is on the disk now.
    func answerFinds(to engine: Engine) {
        let questions = finds
        finds = []
        for (query, wanted) in questions { engine.found(query, isUnreadable ? nil : contents.events(wanted)) }
    }

    /// What was not stored never will be.
    func crash() {
        unstored = []
        unanswered = []
        finds = []
    }

    /// Everything about a person goes, as ``SQLiteJournal`` has it: their events keep their numbers and say nothing any more.
    /// - Returns: the rooms that showed them
    func erase(_ person: PersonID) -> [RoomID] { contents.erase(person) }

    /// What a server that starts now finds.
    var snapshot: Snapshot {
        let rooms = contents.rooms.values.compactMap { room in room.record.map { ($0, room.events.last?.seq ?? 0) } }
        var snapshot = Snapshot(
            rooms: rooms.sorted { $0.0.id.text < $1.0.id.text },
            present: contents.present.sorted { $0.key < $1.key }.map(\.value),
            restrictions: contents.restrictions.sorted { $0.key < $1.key }.map(\.value),
            held: contents.held.sorted { $0.key < $1.key }.map(\.value),
            moderators: contents.moderators.sorted { $0.key < $1.key }.map(\.value),
            reports: contents.reports.sorted { $0.key < $1.key }.map(\.value))
        snapshot.keeping = contents.rooms.mapValues(\.keeping)
        return snapshot
    }
}

extension TestJournal.Contents {
    static func key(_ event: Event) -> String? { event.cid.map { "\(event.author?.id ?? "") \($0)" } }

    func events(_ wanted: EventQuery) -> [Event] {
        let events = rooms[wanted.room].map { room in room.events.filter { $0.seq > room.keeping.horizon } } ?? []
        switch wanted.range {
        case .after(let seq): return Array(events.filter { $0.seq > seq }.prefix(wanted.limit))
        case .before(let seq): return Array(events.filter { $0.seq < seq }.suffix(wanted.limit))
        case .sent(let author, let cid): return events.filter { $0.cid == cid && $0.author?.id == author.text }
        case .by(let author, let since): return Array(events.of(author, since: since).prefix(wanted.limit))
        case .topic(let seq): return Array(events.filter { if case .topic = $0.body { $0.seq < seq } else { false } }.suffix(1))
        }
    }

    mutating func store(_ unit: JournalUnit) -> CommitResult {
        var numbers: [Int64] = []
        for write in unit {
            switch write {
            case .event(var event):
                let key = Self.key(event)
                if let key, let seq = rooms[event.room]?.numbers[key] { return .duplicate(seq) }
                event.seq = (rooms[event.room]?.events.last?.seq ?? 0) + 1
                rooms[event.room, default: .init()].said.append(event)
                rooms[event.room]?.events.changeMessage(by: event)
                rooms[event.room]?.events.append(event)
                if let key { rooms[event.room]?.numbers[key] = event.seq }
                numbers.append(event.seq)
            case .room(let record): rooms[record.id, default: .init()].record = record
            case .roomRemoved(let id):
                rooms[id] = nil
                present = present.filter { $0.value.room != id }
                restrictions = restrictions.filter { $0.value.room != id }
                held = held.filter { $0.value.event.room != id }
                reports = reports.filter { $0.value.room != id }
                moderators = moderators.filter { $0.value.room != id }
            case .appoint(let a): moderators["\(a.room) \(a.person)"] = a
            case .dismiss(let room, let person): moderators["\(room) \(person)"] = nil
            case .report(let report): reports[report.id] = report
            case .closeReport(let id, _): reports[id] = nil
            case .hold(let message): held[message.id] = message
            case .unhold(let id): held[id] = nil
            case .audit(let line): audit.append(line)
            case .keep(let room, let retention): rooms[room, default: .init()].keeping.retention = retention
            case .forget(let room, let seq):
                var forgetful = rooms[room] ?? .init()
                forgetful.keeping.horizon = seq
                forgetful.numbers = forgetful.numbers.filter { $0.value > seq }
                rooms[room] = forgetful
            case .present(let presence): present["\(presence.room) \(presence.member.id)"] = presence
            case .absent(let room, let person): present["\(room) \(person)"] = nil
            case .person(let record): people[record.id] = record
            case .restrict(let r): restrictions["\(r.kind) \(r.room) \(r.person)"] = r
            case .lift(let kind, let room, let person): restrictions["\(kind) \(room) \(person)"] = nil
            case .store(let change):
                stores["\(change.plugin) \(change.scope) \(change.key)"] = change.value == nil ? nil : change
            case .schedule(let change): schedules["\(change.plugin) \(change.key)"] = change.schedule == nil ? nil : change
            }
        }
        return .stored(numbers)
    }
}
