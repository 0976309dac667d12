import RoomEngine

/// A small model of a good client: it numbers what it shows, resumes with epoch and seq, and keeps what is unanswered to send
/// it again under the same `cid`.
final class SimulatedClient {
    enum Asked {
        /// With what had been seen.
        case join(Position?)
        case exit
        /// The author and the `cid`.
        case message(String)
        case change(String)
        case history(before: Int64)
        /// A decision of a moderator's, by its name.
        case restriction(String)
        case settings(String)
        case role(String, Role, PersonID)
        /// Its id.
        case review(String)
        case report(Int64)
        case other
    }

    enum Place { case offline, outside, joining, inside }

    let number: Int
    let record: PersonRecord
    let room: RoomID
    var link: Link?
    private(set) var place = Place.offline
    private(set) var position: Position?
    /// What was not answered yet.
    private(set) var outbox: [(cid: String, text: String)] = []
    private var asked: [Int64: Asked] = [:]
    private var numbers: [String: Int64] = [:]
    /// The messages that it shows, each as it is after everything that it has heard.
    private(set) var view: [Int64: Event] = [:]
    private var lastReference: Int64 = 0
    private var messages = 0
    /// What waits for a moderator, so far as it has been shown.
    private var reviews: [String] = []
    /// It never comes back.
    var isErased = false
    private let ledger: Ledger
    private let limits: Limits

    init(_ number: Int, _ record: PersonRecord, room: RoomID, ledger: Ledger, limits: Limits) {
        self.number = number
        self.record = record
        self.room = room
        self.ledger = ledger
        self.limits = limits
    }

    func asked(_ reference: Reference?) -> Asked? {
        if case .number(let number)? = reference { asked[number] } else { nil }
    }

    private func ask(_ command: Command, _ what: Asked) {
        guard let link else { return }
        lastReference += 1
        asked[lastReference] = what
        link.toServer.append(Request(connection: link.id, reference: .number(lastReference), command: command))
    }

    // MARK: Doing

    func connected(by link: Link, forgetful isForgetful: Bool) {
        self.link = link
        place = .outside
        join(forgetful: isForgetful)
    }

    func disconnected() {
        link?.isOpen = false
        link = nil
        place = .offline
    }

    /// - Parameter isForgetful: without the password, as who has a seat may
    func join(forgetful isForgetful: Bool = false) {
        place = .joining
        let password = isForgetful ? nil : Ledger.passwords[room].map { record.id == Simulation.plain ? "not \($0)" : $0 }
        ask(.join(.init(room: room, password: password, seen: position)), .join(position))
    }

    func exit() { ask(.exit(room), .exit) }

    func say() {
        messages += 1
        let cid = "\(number).\(messages)"
        outbox.append((cid, "text \(cid)"))
        sendAgain(outbox.count - 1)
    }

    /// Sends something unanswered, whether it was sent before or not.
    func sendAgain(_ index: Int) {
        let (cid, text) = outbox[index]
        ask(.chat(.init(room: room, text: text, cid: cid)), .message("\(record.id) \(cid)"))
    }

    func lookBack(_ limit: Int) {
        guard let seq = position?.seq else { return }
        ask(.history(room: room, before: seq, limit: limit), .history(before: seq))
    }

    // MARK: Changing

    /// Its messages that it shows, and those of others.
    private func shown(_ isMine: Bool) -> [Int64] {
        view.values.filter { $0.content != nil && ($0.author?.id == record.id.text) == isMine }.map(\.seq).sorted()
    }

    /// Changes, deletes or reacts to something it shows, perhaps twice under one `cid`; not everything is allowed.
    func change(_ chance: Chance) {
        let candidates = shown(chance.happens(3, of: 4))
        guard !candidates.isEmpty else { return }
        let seq = candidates[candidates.count - 1 - chance.number(min(8, candidates.count))]
        messages += 1
        let cid = "\(number).\(messages)"
        let mine = view.values.filter { $0.reactions.count(of: record.id.text) > 0 }.map(\.seq).sorted()
        let command: Command
        // A reaction that is there is often taken back: few are made.
        if let seq = mine.last, chance.happens(2, of: 3), let reaction = view[seq]?.reactions.first(where: { $0.people.contains(record.id.text) }) {
            command = .react(.init(room: room, of: seq, emoji: reaction.emoji, on: false, cid: cid))
        } else {
            switch chance.number(6) {
            case 0..<2: command = .edit(.init(room: room, of: seq, text: "edit \(cid)", cid: cid))
            case 2: command = .delete(.init(room: room, of: seq, cid: cid))
            default: command = .react(.init(room: room, of: seq, emoji: ["👍", "🎉"][chance.number(2)], cid: cid))
            }
        }
        for _ in 0..<(chance.happens(1, of: 4) ? 2 : 1) { ask(command, .change("\(record.id) \(cid)")) }
    }

    private func show(_ event: Event) {
        if event.isMessage { view[event.seq] = event }
        if let target = event.target { view[target]?.take(event) }
    }

    func rename() { ask(.name("p\(number) \(lastReference)"), .other) }
    func whisper(to person: PersonID, times: Int) {
        messages += 1
        let cid = "\(number).\(messages)"
        for _ in 0..<times { ask(.whisper(room: room, to: person, text: "psst \(cid)", cid: cid), .other) }
    }
    func report(_ chance: Chance) {
        let candidates = shown(false)
        guard !candidates.isEmpty else { return }
        let seq = candidates[candidates.count - 1 - chance.number(min(8, candidates.count))]
        ask(.report(.init(room: room, of: seq, why: "rude")), .report(seq))
    }
    func type() { ask(.typing(room: room, on: true), .other) }

    // MARK: Moderating

    /// Does something that takes a role, whether it has that or not.
    func moderate(_ people: [PersonID], _ info: RoomInfo, _ chance: Chance) {
        messages += 1
        let name = "\(number).\(messages)"
        let person = people[chance.number(people.count)]
        switch chance.number(16) {
        case 0...2: ask(.moderate(.mute, room: room, person: person, seconds: Double(1 + chance.number(6)), reason: name), .restriction(name))
        case 3...4: ask(.moderate(.kick, room: room, person: person, seconds: nil, reason: name), .restriction(name))
        case 5: ask(.moderate(.ban, room: room, person: person, seconds: Double(1 + chance.number(6)), reason: name), .restriction(name))
        case 6...7:
            let kind = chance.happens(1, of: 2) ? Restriction.Kind.mute : .ban
            ask(.pardon(kind, room: room, person: person), .restriction(name))
        case 8:
            let role: Role = [.owner, .moderator, .member][chance.number(3)]
            if person != Simulation.plain { ask(.role(role, room: room, person: person), .role(name, role, person)) }
        case 9...11: ask(.set(room, RoomChange(topic: "topic \(name)")), .other)
        case 12...13: ask(.set(room, Simulation.change(of: info, chance)), .settings(name))
        default:
            guard let id = reviews.popLast() else { return }
            ask(.review(room: room, id: id, isApproved: chance.happens(2, of: 3), why: ""), .review(id))
        }
    }

    // MARK: Hearing

    func receive(_ message: Message) {
        switch message {
        case .joined(let joined): take(joined)
        case .event(let event, let epoch): take(event, epoch)
        case .ok(let reference, let seq): answered(reference, seq)
        case .refused(let reference, let refusal): refused(reference, refusal)
        // Who knocks waits on; of a message that waits nobody sends another one.
        case .held(let reference, _): if case .message? = asked(reference) { refused(reference, Refusal(.refused, "held")) }
        case .history(let reference, _, let events, _, let more): take(events, more: more, reference)
        case .review(let review): reviews.append(review.id)
        case .reviewed(_, let id, _): reviews.removeAll { $0 == id }
        case .whisper(let whisper):
            if let link { ledger.hears(whisper, link.id) }
            ledger.require(whisper.room == room, "client \(number) hears a whisper of room \(whisper.room)")
            ledger.require([whisper.from.id, whisper.to.id].contains(record.id.text), "client \(number) hears a whisper of others")
        case .typing(let room, _, _): ledger.require(room == self.room, "client \(number) hears of room \(room)")
        case .bye: disconnected()
        default: break
        }
    }

    private func take(_ joined: Joined) {
        let first = joined.events.first?.seq ?? joined.seq + 1
        for (index, event) in joined.events.enumerated() {
            ledger.require(event.seq == first + Int64(index), "client \(number): a hole in what joined shows")
        }
        ledger.require(first + Int64(joined.events.count) - 1 == joined.seq, "client \(number): joined does not go on to the room's head")
        if case .join(let seen?)? = asked(joined.reference), seen.epoch == joined.epoch {
            let gap = joined.seq - seen.seq
            if joined.reset {
                ledger.require(gap > limits.resumeEvents || seen.seq < ledger.horizon(room), "client \(number): a reset for a gap of \(gap)")
            } else {
                ledger.require(first == seen.seq + 1, "client \(number): resumed from \(seen.seq) with \(first)")
            }
        }
        if place == .inside, let position {
            ledger.require(joined.seq == position.seq, "client \(number): joined at \(joined.seq) and has seen \(position.seq)")
        }
        if joined.reset || position?.epoch != joined.epoch { view = [:] }
        for event in joined.events { show(event) }
        position = Position(epoch: joined.epoch, seq: joined.seq)
        place = .inside
        for index in outbox.indices { sendAgain(index) }
    }

    private func take(_ events: [Event], more: Bool, _ reference: Reference?) {
        guard case .history(let before)? = asked(reference) else { return ledger.fail("client \(number) gets history it did not ask for") }
        for (index, event) in events.enumerated() {
            ledger.checkShown(event, isLate: true)
            ledger.require(event.seq == before - Int64(events.count - index), "client \(number): a hole in the history before \(before)")
        }
        for event in events where event.isMessage { view[event.seq] = event }
        guard let first = events.first?.seq else { return }
        ledger.require(more || first <= ledger.horizon(room) + 1, "client \(number): there is nothing before \(first), it is told")
    }

    private func take(_ event: Event, _ epoch: String) {
        ledger.checkShown(event, isLate: true)
        ledger.require(event.room == room, "client \(number) hears of room \(event.room)")
        guard let position else { return ledger.fail("client \(number) hears of a room that it has not joined") }
        ledger.require(epoch == position.epoch, "client \(number) hears of another epoch")
        ledger.require(event.seq == position.seq + 1, "client \(number): after \(position.seq) comes \(event.seq)")
        self.position?.seq = event.seq
        show(event)
        if case .exit(let member, _, _) = event.body, member.id == record.id.text { place = .outside }
    }

    private func answered(_ reference: Reference?, _ seq: Int64?) {
        switch asked(reference) {
        case .message(let key):
            let before = numbers.updateValue(seq ?? 0, forKey: key)
            ledger.require(before == nil || before == seq || before! <= ledger.horizon(room), "\(key) is acknowledged as \(before ?? 0) and then as \(seq ?? 0)")
            outbox.removeAll { "\(record.id) \($0.cid)" == key }
        case .change: break
        case .exit: place = .outside
        case .join, .history, .restriction, .settings, .role, .review, .report, .other, nil: break
        }
    }

    private func refused(_ reference: Reference?, _ refusal: Refusal) {
        switch asked(reference) {
        case .message(let key):
            if refusal.code == .notMember {
                place = .outside
                return
            }
            if refusal.code != .unavailable { outbox.removeAll { "\(record.id) \($0.cid)" == key } }
        case .change: if refusal.code == .notMember { place = .outside }
        case .join: if place == .joining { place = .outside }
        case .exit: if refusal.code == .notMember { place = .outside }
        case .history, .restriction, .settings, .role, .review, .report, .other, nil: break
        }
    }
}
