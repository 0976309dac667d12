import RoomEngine

/// A journal that keeps everything in memory, for tests and for a server that keeps no history.
///
/// It answers when ``deliver()`` is called, never within a call: as a real one does. Confined to the room loop.
package final class MemoryJournal: Journal {
    package struct Room {
        package var record: RoomRecord?
        package var events: [Event] = []
        package var numbers: [String: Int64] = [:]
        package var keeping = Keeping()

        var head: Int64 { max(events.last?.seq ?? 0, keeping.horizon) }

        mutating func forget(through seq: Int64) {
            keeping.horizon = seq
            events.removeAll { $0.seq <= seq }
            numbers = numbers.filter { $0.value > seq }
        }
    }

    package private(set) var rooms: [RoomID: Room] = [:]
    package private(set) var present: [String: Presence] = [:]
    package private(set) var restrictions: [String: Restriction] = [:]
    package private(set) var moderators: [String: Appointment] = [:]
    package private(set) var people: [PersonID: PersonRecord] = [:]
    package private(set) var held: [String: HeldMessage] = [:]
    package private(set) var reports: [String: Report] = [:]
    package private(set) var stores: [String: StoreChange] = [:]
    package private(set) var schedules: [String: ScheduleChange] = [:]
    /// When set, commits fail with this reason, as on a full disk.
    package var failure: String?
    /// Called with files that nothing shows any more.
    package var unused: ([String]) -> Void = { _ in }
    /// Called when there is something to deliver.
    package var wake: () -> Void = {}

    private enum Asked {
        case commit(UInt64, [JournalUnit])
        case find(UInt64, EventQuery)
    }

    private var asked: [Asked] = []

    package init() {}

    package func commit(_ batch: UInt64, _ units: [JournalUnit]) {
        asked.append(.commit(batch, units))
        wake()
    }

    package func find(_ query: UInt64, _ wanted: EventQuery) {
        asked.append(.find(query, wanted))
        wake()
    }

    /// Whether something has been asked that has not been answered.
    package var isIdle: Bool { asked.isEmpty }

    /// Stores and answers what was asked for so far.
    package func deliver(to engine: Engine) {
        let now = asked
        asked = []
        for question in now {
            switch question {
            case .commit(let batch, let units): engine.committed(batch, units.map { failure.map(CommitResult.failed) ?? store($0) })
            case .find(let query, let wanted): engine.found(query, events(wanted))
            }
        }
    }

    package func events(_ wanted: EventQuery) -> [Event] {
        let events = rooms[wanted.room]?.events ?? []
        switch wanted.range {
        case .after(let seq): return Array(events.filter { $0.seq > seq }.prefix(wanted.limit))
        case .before(let seq): return Array(events.filter { $0.seq < seq }.suffix(wanted.limit))
        case .sent(let author, let cid): return events.filter { $0.cid == cid && $0.author?.id == author.text }
        case .by(let author, let since): return Array(events.of(author, since: since).prefix(wanted.limit))
        case .topic(let seq):
            return Array(events.filter { if case .topic = $0.body { $0.seq < seq } else { false } }.suffix(1))
        }
    }

    /// What a server that starts with this journal finds.
    package var snapshot: Snapshot {
        var snapshot = Snapshot(
            rooms: rooms.values.compactMap { room in room.record.map { ($0, room.head) } },
            present: Array(present.values), restrictions: Array(restrictions.values), held: Array(held.values),
            moderators: Array(moderators.values), reports: Array(reports.values))
        snapshot.keeping = rooms.mapValues(\.keeping).filter { $0.value != Keeping() }
        return snapshot
    }

    package func store(of plugin: PluginID) -> [StoreChange] { stores.values.filter { $0.plugin == plugin } }

    package func schedules(of plugin: PluginID) -> [ScheduleChange] { schedules.values.filter { $0.plugin == plugin } }

    private func store(_ unit: JournalUnit) -> CommitResult {
        var numbers: [Int64] = []
        for write in unit {
            switch write {
            case .event(var event):
                let key = event.cid.map { "\(event.author?.id ?? "") \($0)" }
                if let key, let seq = rooms[event.room]?.numbers[key] { return .duplicate(seq) }
                event.seq = (rooms[event.room]?.head ?? 0) + 1
                changeMessage(by: event)
                rooms[event.room, default: Room()].events.append(event)
                if let key { rooms[event.room]?.numbers[key] = event.seq }
                numbers.append(event.seq)
            case .room(let record): rooms[record.id, default: Room()].record = record
            case .roomRemoved(let id):
                let files = Set(rooms[id]?.events.compactMap(\.file) ?? [])
                rooms[id] = nil
                forget(files)
                reports = reports.filter { $0.value.room != id }
                present = present.filter { $0.value.room != id }
                restrictions = restrictions.filter { $0.value.room != id }
                moderators = moderators.filter { $0.value.room != id }
            case .present(let presence): present["\(presence.room) \(presence.member.id)"] = presence
            case .absent(let room, let person): present["\(room) \(person)"] = nil
            case .person(let record): people[record.id] = record
            case .restrict(let r): restrictions["\(r.kind) \(r.room) \(r.person)"] = r
            case .lift(let kind, let room, let person): restrictions["\(kind) \(room) \(person)"] = nil
            case .appoint(let a): moderators["\(a.room) \(a.person)"] = a
            case .dismiss(let room, let person): moderators["\(room) \(person)"] = nil
            case .hold(let message): held[message.id] = message
            case .unhold(let id): held[id] = nil
            case .report(let report): reports[report.id] = report
            case .closeReport(let id, _): reports[id] = nil
            // Nobody can ask for it where nothing is kept.
            case .audit: break
            case .keep(let room, let retention): rooms[room, default: Room()].keeping.retention = retention
            case .forget(let room, let seq): rooms[room]?.forget(through: seq)
            case .store(let change):
                stores["\(change.plugin)\0\(change.scope)\0\(change.key)"] = change.value == nil ? nil : change
            case .schedule(let change): schedules["\(change.plugin)\0\(change.key)"] = change.schedule == nil ? nil : change
            }
        }
        return .stored(numbers)
    }

    private func changeMessage(by event: Event) {
        guard let target = event.target, let events = rooms[event.room]?.events, events.indices.contains(Int(target) - 1) else { return }
        let file = events[Int(target) - 1].file
        rooms[event.room]?.events.changeMessage(by: event)
        if case .delete = event.body, let file { forget([file]) }
    }

    /// Lets go of files that no message shows.
    private func forget(_ files: Set<String>) {
        let shown = Set(rooms.values.flatMap { $0.events.compactMap(\.file) } + held.values.compactMap(\.event.file))
        let gone = files.subtracting(shown)
        if !gone.isEmpty { unused(gone.sorted()) }
    }
}

extension Event {
    /// The GIF that it shows, by its digest.
    fileprivate var file: String? { if case .gif(let gif, _)? = content { gif.digest } else { nil } }
}
