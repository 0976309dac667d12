import DequeModule

/// A room: its settings, who is in it, what was said last, and the line of what is still to be decided.
///
/// A class because it is one thing that many point to. Confined to the room loop.
package final class Room {
    package let id: RoomID
    /// Names the room in plugins' handles. Never used twice while the server runs.
    package let number: UInt64
    package internal(set) var record: RoomRecord
    /// By person. A seat is taken from the join verdict on.
    package private(set) var members: [PersonID: Member] = [:]
    /// The same by when they came: the order of a dictionary is another one in each process.
    package private(set) var ordered: [Member] = []
    package internal(set) var bans: [PersonID: Restriction] = [:]
    package internal(set) var mutes: [PersonID: Restriction] = [:]
    /// The names of the people whom the owner has made moderators. The owner is not among them.
    package internal(set) var moderators: [PersonID: String] = [:]
    /// Until then newcomers have to knock; nil if they need not.
    package internal(set) var shieldedUntil: Int64?
    /// Whom a moderator has let in, until when they may come.
    var admitted: [PersonID: Int64] = [:]
    /// Who was turned away while they were between two requests, until when they are to hear of it.
    var turnedAway: [PersonID: (refusal: Refusal, until: Int64)] = [:]
    /// The numbers of the exits of those who left last by their own will, and have not come back.
    private(set) var leavers: [PersonID: Int64] = [:]
    /// The number of the last event stored.
    package internal(set) var head: Int64
    /// How much of its past is kept; nil for what the server keeps of every room.
    package internal(set) var retention: Retention?
    /// The number of the last event that has been removed for its age; 0 if none has.
    package private(set) var horizon: Int64
    /// An event is being removed.
    var isForgetting = false
    /// The first event that was kept when that was looked up last, and its time.
    var firstKept: (seq: Int64, at: Int64)?

    /// The last events, ending with `head`.
    package private(set) var recent: Deque<Event> = []
    /// Whether what was stored before somebody came has been read back into `recent`.
    private(set) var isLoaded: Bool
    /// What is to be done when it has.
    var whenLoaded: [() -> Void] = []
    /// Numbers of recent messages by author and `cid`.
    private var known: [MessageKey: Int64] = [:]
    /// Messages whose number is not known yet, and who wants to know it.
    var unnumbered: [MessageKey: [(Connection, Reference?)]] = [:]

    /// Messages with changes that are decided and not stored yet: what they will be then, and how many changes those are.
    private var changing: [Int64: (message: Event, changes: Int)] = [:]

    /// What was carried out lately and has no number, slash commands and whispers: repeating one must not do it twice.
    private var done: Set<MessageKey> = []
    private var doneInOrder: Deque<MessageKey> = []

    private var line: Deque<Step> = []
    private var isBusy = false
    var removal: TimerID?
    /// Set when the room is being removed: nothing more happens in it.
    package internal(set) var isGone = false

    /// Something to be done in order; it calls `done` when the next may begin.
    typealias Step = (_ done: @escaping () -> Void) -> Void

    struct MessageKey: Hashable {
        let author: String
        let cid: String
    }

    init(_ record: RoomRecord, number: UInt64, head: Int64, keeping: Keeping = Keeping()) {
        id = record.id
        self.number = number
        self.record = record
        self.head = head
        retention = keeping.retention
        horizon = keeping.horizon
        isLoaded = head == horizon
    }

    /// People who are in the room, as others see it.
    package internal(set) var count = 0

    /// Whether somebody is there who can decide about what waits.
    package var hasModerator: Bool { ordered.contains { $0.isPresent && role(of: $0.person) >= .moderator } }

    func add(_ member: Member) {
        leavers[member.person.id] = nil
        admitted[member.person.id] = nil
        members[member.person.id] = member
        ordered.append(member)
    }

    func remove(_ member: Member) {
        members[member.person.id] = nil
        ordered.removeAll { $0 === member }
    }

    /// Remembers who left by their own will.
    /// - Parameter seq: of their exit; the highest there is while that is being stored
    func noteLeaving(of person: PersonID, at seq: Int64) {
        if members[person] != nil { return }
        if leavers.count >= 1_000 { leavers = [:] }
        leavers[person] = seq
    }

    package var info: RoomInfo {
        RoomInfo(
            id: id, title: record.title, max: record.max, count: count, hasPassword: record.passwordHash != nil,
            owner: record.owner, topic: record.topic, slow: record.slow, locked: record.locked, tags: record.tags,
            createdAt: record.createdAt)
    }

    package func role(of person: Person) -> Role {
        if person.isAdmin { return .admin }
        if record.owner?.id == person.id.text { return .owner }
        return moderators.isEmpty || moderators[person.id] == nil ? .member : .moderator
    }

    package func info(of member: Member) -> MemberInfo {
        MemberInfo(
            id: member.person.id.text, name: member.person.name, color: member.color, role: role(of: member.person),
            isBot: member.person.isBot)
    }

    // MARK: The line

    /// Does `step` when everything before it has been decided.
    func enqueue(_ step: @escaping Step) {
        line.append(step)
        advance()
    }

    /// Does `step` in the room's order, when the journal has the member's `join` or could not store it.
    func enqueue(for member: Member, _ step: @escaping Step) {
        enqueue { [self] done in
            if member.isPresent || members[member.person.id] !== member { return step(done) }
            member.afterJoin.append { step(done) }
        }
    }

    private func advance() {
        while !isBusy, let step = line.popFirst() {
            isBusy = true
            var isWithin = true
            step { [self] in
                isBusy = false
                if !isWithin { advance() }
            }
            isWithin = false
        }
    }

    /// Steps that wait for their turn.
    package var waiting: Int { line.count }

    // MARK: Recent events

    /// Takes an event in that has just been stored.
    func append(_ event: Event, keeping limit: Int) {
        head = event.seq
        update(by: event)
        recent.append(event)
        if let key = MessageKey(event) { known[key] = event.seq }
        while recent.count > limit {
            if let key = MessageKey(recent.removeFirst()) { known[key] = nil }
        }
    }

    /// The number of the first event in memory, or the next one's.
    var firstRecent: Int64 { head - Int64(recent.count) + 1 }

    /// Takes in what was stored before the events that are here.
    func load(_ events: [Event]) {
        isLoaded = true
        guard let last = events.last, last.seq == firstRecent - 1 else { return }
        recent.prepend(contentsOf: events.updated(by: recent))
        for event in events {
            if let key = MessageKey(event) { known[key] = event.seq }
        }
    }

    /// Gives the memory back when nobody is there.
    func unload() {
        recent = []
        known = [:]
        done = []
        doneInOrder = []
        isLoaded = head == horizon
    }

    /// Has what is in memory say what the event has changed.
    private func update(by change: Event) {
        guard let target = change.target, let first = recent.first?.seq else { return }
        if case .react = change.body {
            let index = Int(target - first)
            if recent.indices.contains(index) { recent[index].take(change) }
        } else {
            for index in recent.indices { recent[index].take(change) }
        }
    }

    /// The event with that number as it is or, with changes on their way to the journal, will be; nil if it is not in memory.
    func event(_ seq: Int64) -> Event? {
        if let expected = changing[seq] { return expected.message }
        let index = Int(clamping: seq - firstRecent)
        return recent.indices.contains(index) ? recent[index] : nil
    }

    /// A change of a message is decided and goes to the journal.
    func willChange(_ message: Event, by change: Event) {
        var expected = message
        expected.apply(change)
        changing[message.seq] = (expected, (changing[message.seq]?.changes ?? 0) + 1)
    }

    /// The journal has stored a change or could not.
    func hasChanged(_ seq: Int64) {
        guard let expected = changing[seq] else { return }
        changing[seq] = expected.changes > 1 ? (expected.message, expected.changes - 1) : nil
    }

    /// Events up to that number are gone.
    func forget(through seq: Int64) {
        horizon = seq
        while let first = recent.first, first.seq <= seq {
            if let key = MessageKey(recent.removeFirst()) { known[key] = nil }
        }
    }

    /// Whether there is something before that number that can be asked for.
    func keepsEvents(before seq: Int64) -> Bool { seq > horizon + 1 }

    /// The number of a message that this author sent under this `cid`, if it is a recent one.
    func number(of key: MessageKey) -> Int64? { known[key] }

    func wasDone(_ key: MessageKey) -> Bool { done.contains(key) }

    func remember(_ key: MessageKey) {
        guard done.insert(key).inserted else { return }
        doneInOrder.append(key)
        if doneInOrder.count > 500 { done.remove(doneInOrder.removeFirst()) }
    }

    /// Everything after `seq`, if it is all in memory.
    func recent(after seq: Int64) -> [Event]? {
        seq >= firstRecent - 1 ? Array(recent.suffix(Int(head - seq))) : nil
    }

    /// The last events, at most `limit` of them.
    func page(_ limit: Int) -> [Event] { Array(recent.suffix(limit)) }
}

extension Room.MessageKey {
    init?(_ event: Event) {
        guard let cid = event.cid, let author = event.author else { return nil }
        self.init(author: author.id, cid: cid)
    }
}
