import RoomEngine

/// What must hold in a simulation, judged by what the journal has, what the hooks decided and what was said to clients.
final class Ledger {
    static let seats: [(room: RoomID, max: Int)] = [("a", 3), ("b", 2)]
    static let passwords: [RoomID: String] = ["b": "sesame"]
    /// How many events a room keeps that does not keep all.
    static let kept: [RoomID: Int64] = ["b": 8]

    struct Course {
        var checked = 0
        var inside: Set<String> = []
        var numbers: [String: Int64] = [:]
        /// Numbers of messages that are deleted.
        var deleted: Set<Int64> = []
        /// The number up to which events were gone at the last look.
        var horizon: Int64 = 0
        /// When people's last messages passed, by uptime, so far as they were stored while they are in the room.
        var sent: [String: Int64] = [:]
        /// Messages of people, and what a plugin that counts them has kept.
        var chats = 0
        var counted = 0
    }

    let journal: TestJournal
    let clock: VirtualClock
    let limits: Limits
    let rules: Rules
    /// The first promise that was broken.
    private(set) var violation: String?
    var courses: [RoomID: Course] = [:]
    /// What the hooks let pass of people who were allowed to speak: room, author and text.
    var passed: Set<String> = []
    /// When it did, by uptime.
    var passedAt: [String: Int64] = [:]
    /// What moderators have let pass.
    var approved: Set<String> = []
    /// Why people who wanted to join must not have been let in.
    var mustNotJoin: [String: String] = [:]
    /// Whom a hook or a moderator has let in, and to how many seats at most.
    var mayJoin: [String: Int] = [:]
    var letIn: Set<String> = []
    /// Joins with the room's password that are not answered.
    var opened: [(key: String, connection: ConnectionID, reference: Reference?)] = []
    /// Who has come to a room without its password.
    var withoutPassword: Set<String> = []
    var shownReviews: [String: Review] = [:]
    /// Whispers that each connection has heard.
    var heard: Set<String> = []
    /// Those who were kicked and have not been seen to leave.
    var kicked: Set<String> = []
    /// What moderators have decided about, and reports that are closed.
    var dealtWith: Set<String> = []
    var acknowledged: [(room: RoomID, key: String, seq: Int64)] = []
    /// The events as they were before somebody was erased.
    var unerased: [RoomID: [Event]] = [:]
    /// Whether rooms may still show them so.
    var isErasing = false
    var isErased = false

    init(journal: TestJournal, clock: VirtualClock, limits: Limits) {
        self.journal = journal
        self.clock = clock
        self.limits = limits
        var report: (String) -> Void = { _ in }
        rules = Rules(journal: journal, clock: clock, seats: Self.seats) { report($0) }
        report = { [unowned self] in fail($0) }
    }

    func fail(_ text: @autoclosure () -> String) {
        if violation == nil { violation = text() }
    }

    func require(_ condition: Bool, _ text: @autoclosure () -> String) {
        if !condition { fail(text()) }
    }

    func events(_ room: RoomID) -> [Event] { journal.contents.rooms[room]?.events ?? [] }
    /// The events as they were stored.
    func said(_ room: RoomID) -> [Event] { journal.contents.rooms[room]?.said ?? [] }

    /// The number up to which a room's events are gone.
    func horizon(_ room: RoomID) -> Int64 { journal.contents.rooms[room]?.keeping.horizon ?? 0 }

    // MARK: What is stored

    /// Checks what has come into the journal.
    func checkStored() {
        var hasMoved = false
        for (room, _) in Self.seats {
            let events = events(room)
            var course = courses[room] ?? Course()
            require(events.count >= course.checked, "room \(room) has lost stored events")
            let gone = horizon(room)
            require(gone <= max(0, Int64(events.count) - (Self.kept[room] ?? .max)), "room \(room) has forgotten \(gone) of \(events.count) events")
            require(gone >= course.horizon, "what room \(room) has forgotten is back")
            course.horizon = gone
            while course.checked < events.count {
                let number = events[course.checked].seq
                let event = said(room)[course.checked]
                course.checked += 1
                require(number == course.checked, "room \(room): number \(number) where \(course.checked) should be")
                hasMoved = check(event, &course) || hasMoved
            }
            // What a plugin notes about a message is stored with it, and in the order in which it notes it.
            let counted = journal.contents.stores.values.first { $0.key == room.text }.flatMap { $0.value.flatMap(Int.init) } ?? 0
            require(counted >= course.chats, "a plugin has counted \(counted) of \(course.chats) messages in room \(room)")
            require(counted >= course.counted, "a plugin's count in room \(room) has gone back from \(course.counted) to \(counted)")
            course.counted = counted
            courses[room] = course
        }
        if hasMoved { checkPresence() }
    }

    /// Whether somebody came or went.
    private func check(_ event: Event, _ course: inout Course) -> Bool {
        switch event.body {
        case .chat(let from, let text, _):
            require(passed.contains("\(event.room) \(from.id) \(text)"), "'\(text)' of \(from.id) was stored and has not passed in this form")
            if !from.isBot { course.chats += 1 }
            let isApproved = approved.contains("\(event.room) \(from.id) \(text)")
            require(from.isBot || isApproved || course.inside.contains(from.id), "\(from.id) spoke and is not in \(event.room)")
            if !isApproved { course.sent[from.id] = passedAt["\(event.room) \(from.id) \(text)"] }
            if let cid = event.cid {
                let key = "\(from.id) \(cid)"
                // One that is gone is not known any more.
                require(course.numbers[key].map { $0 <= horizon(event.room) } ?? true, "the message \(key) is stored twice")
                course.numbers[key] = event.seq
            }
        case .join(let member, _):
            let key = "\(event.room) \(member.id)"
            require(course.inside.insert(member.id).inserted, "\(member.id) joined \(event.room) twice")
            let seats = mayJoin.removeValue(forKey: key)
            require(seats != nil, "\(member.id) joined \(event.room) and was not let in")
            require(course.inside.count <= seats ?? 0, "\(course.inside.count) people are on \(seats ?? 0) seats of \(event.room)")
            if let why = mustNotJoin[key] { fail("\(member.id) joined \(event.room), \(why)") }
            require(!withoutPassword.contains(key), "\(member.id) joined \(event.room) without its password")
            letIn.remove(key)
            return true
        case .exit(let member, _, _):
            require(course.inside.remove(member.id) != nil, "\(member.id) left \(event.room) and was not in it")
            course.sent[member.id] = nil
            kicked.remove("\(event.room) \(member.id)")
            return true
        case .edit(let of, let by, let content):
            checkTarget(of, event, course)
            guard let by else {
                require(course.deleted.remove(of) != nil, "\(of) of \(event.room) is put back and was not deleted")
                let author = said(event.room)[Int(of) - 1].author?.id ?? ""
                let isTheirs = passed.contains("\(event.room) \(author) \(content?.text ?? "")")
                require(isTheirs, "\(of) of \(event.room) is put back with words that are not its author's")
                break
            }
            let text = content?.text ?? ""
            require(passed.contains("\(event.room) \(by.id) \(text)"), "the edit '\(text)' of \(by.id) was stored and has not passed in this form")
            require(said(event.room)[Int(of) - 1].author?.id == by.id, "\(by.id) changed what somebody else wrote")
            require(!course.deleted.contains(of), "\(of) of \(event.room) was changed after it was deleted")
            note(event.cid, of: by, event.seq, &course)
        case .delete(let of, let by, _):
            checkTarget(of, event, course)
            require(course.deleted.insert(of).inserted, "\(of) of \(event.room) was deleted twice")
            let isOthers = by?.id == Simulation.plain.text && said(event.room)[Int(of) - 1].author?.id != by?.id
            require(!isOthers, "\(of) of \(event.room) was deleted by somebody who may not do that")
            if let by { note(event.cid, of: by, event.seq, &course) }
        case .react(let of, let by, _, _):
            checkTarget(of, event, course)
            note(event.cid, of: by, event.seq, &course)
        case .gif, .system, .name, .owner, .topic, .role, .deleted: break
        }
        return false
    }

    private func note(_ cid: String?, of author: MemberInfo, _ seq: Int64, _ course: inout Course) {
        guard let cid else { return }
        require(course.numbers["\(author.id) \(cid)"] == nil, "the change \(author.id) \(cid) is stored twice")
        course.numbers["\(author.id) \(cid)"] = seq
    }

    private func checkTarget(_ of: Int64, _ event: Event, _ course: Course) {
        let isThere = of >= 1 && of < event.seq && said(event.room)[Int(of) - 1].isMessage
        require(isThere, "event \(event.seq) of \(event.room) changes \(of), which is no message before it")
    }

    private func checkPresence() {
        let present = journal.contents.present
        var count = 0
        for (room, _) in Self.seats {
            for id in courses[room]?.inside ?? [] {
                count += 1
                require(present["\(room) \(id)"] != nil, "\(id) is in \(room) and the journal has no presence")
            }
        }
        require(count == present.count, "the journal has \(present.count) people present, and \(count) are")
    }

    /// The number under which a person's message is stored.
    func number(of key: String, in room: RoomID) -> Int64? {
        checkStored()
        return courses[room]?.numbers[key]
    }

    func checkEmpty() {
        for (room, _) in Self.seats { require(courses[room]?.inside.isEmpty ?? true, "somebody never left \(room)") }
    }

    /// What was not stored is forgotten in a crash; what was acknowledged is not.
    func crash() {
        checkStored()
        checkAcknowledged()
        checkDealtWith()
        rules.crash()
        for room in courses.keys { courses[room]?.sent = [:] }
        (mayJoin, mustNotJoin, letIn, shownReviews, kicked) = ([:], [:], [], [:], [])
        (opened, withoutPassword) = ([], [])
        checkErased()
    }

    // MARK: What is said

    /// An event on its way to people must be what the journal has.
    /// - Parameter isLate: it was sent before, and what has been erased meanwhile is in it as it was
    func checkShown(_ event: Event, isLate: Bool = false) {
        let events = events(event.room)
        guard event.seq >= 1, event.seq <= events.count else { return fail("event \(event.seq) of \(event.room) is shown and not stored") }
        if isForm(event, in: said(event.room)) { return }
        let before = isErasing || isLate ? unerased[event.room] : nil
        require(before.map { isForm(event, in: $0 + said(event.room).dropFirst($0.count)) } ?? false, "event \(event.seq) of \(event.room) is shown in a form that it never had")
    }

    // MARK: What messages are

    /// Whether the event had this form at some time.
    private func isForm(_ event: Event, in said: [Event]) -> Bool {
        let stored = said[Int(event.seq) - 1]
        if event.isMessage {
            let last = event.aftermath?.last ?? 0
            return last <= said.count && event == form(of: stored, upTo: last, in: said)
        }
        guard case .edit(let of, _, let content) = event.body, event != stored else { return event == stored }
        return said[Int(event.seq)...].contains { later in
            switch later.body {
            case .edit(of, _, let newer): newer == content
            case .delete(of, _, _): content == nil
            default: false
            }
        }
    }

    /// What somebody gets who comes in must be what it is then, or by what the journal already knows.
    func checkCurrent(_ event: Event, at seq: Int64) {
        guard event.isMessage, event.author?.id != Erased.id, !isErasing else { return }
        let said = said(event.room)
        let isCurrent = (min(seq, Int64(said.count))...Int64(said.count)).contains { last in
            let form = form(of: said[Int(event.seq) - 1], upTo: last, in: said)
            return event.body == form.body && event.reactions == form.reactions
        }
        require(isCurrent, "event \(event.seq) of \(event.room) is shown as it was before \(seq)")
    }

    /// What a message is after the events up to `last`, put together from what was stored.
    private func form(of message: Event, upTo last: Int64, in said: [Event]) -> Event {
        var form = message
        var after = Aftermath()
        for change in said[Int(message.seq)..<max(Int(message.seq), Int(last))] where change.target == message.seq {
            // A reaction under a deleted message changes nothing.
            if case .react = change.body, case .deleted = form.body { continue }
            after.last = change.seq
            switch (change.body, form.body) {
            case (.edit(_, nil, let content?), .deleted): if case .text(let text) = content { form.body = message.withText(text) }
            case (.edit(_, _, let content?), .chat):
                form.body = message.withText(content.text ?? "")
                after.editedAt = change.at
            case (.delete(_, let by, _), .chat(let from, _, let replyTo)):
                form.body = .deleted(from: from, by: by, replyTo: replyTo)
                (after.editedAt, after.reactions) = (nil, [])
            // Of somebody who is erased: who had deleted it is still told.
            case (.delete(_, let by, _), .deleted(let from, nil, let replyTo)) where from.id == Erased.id:
                form.body = .deleted(from: from, by: by, replyTo: replyTo)
            case (.react(_, let by, let emoji, let on), .chat):
                let index = after.reactions.firstIndex { $0.emoji == emoji }
                switch (index, on) {
                case (let index?, true): if !after.reactions[index].people.contains(by.id) { after.reactions[index].people.append(by.id) }
                case (nil, true): after.reactions.append(Reaction(emoji: emoji, people: [by.id]))
                case (let index?, false):
                    after.reactions[index].people.removeAll { $0 == by.id }
                    if after.reactions[index].people.isEmpty { after.reactions.remove(at: index) }
                case (nil, false): break
                }
            default: break
            }
        }
        if after.last > 0 { form.aftermath = after }
        return form
    }

    /// What the journal has of messages must be what their changes make of them; of a deleted one nothing is left.
    func checkMessages() {
        checkStored()
        for (room, _) in Self.seats {
            let said = said(room)
            var last: [Int64: Int64] = [:]
            for change in said { if let target = change.target { last[target] = change.seq } }
            for event in events(room) where event.isMessage && event.author?.id != Erased.id {
                require(event == form(of: said[Int(event.seq) - 1], upTo: last[event.seq] ?? 0, in: said), "message \(event.seq) of \(room) is not what its changes make of it")
            }
            for seq in courses[room]?.deleted ?? [] {
                for event in events(room) where event.seq == seq || event.target == seq {
                    let isEmpty = if case .edit(_, _, let content) = event.body { content == nil } else { event.content == nil }
                    require(isEmpty, "message \(seq) of \(room) was deleted, and event \(event.seq) still says what it said")
                }
            }
        }
    }

    /// Everyone must see the same of a message.
    func checkView(_ view: [Int64: Event], _ room: RoomID, of client: Int) {
        let events = events(room)
        for (seq, event) in view {
            guard events.indices.contains(Int(seq) - 1) else { return fail("client \(client) shows message \(seq) of \(room), which is not there") }
            let stored = events[Int(seq) - 1]
            let isSame = event.body == stored.body && event.reactions == stored.reactions && event.aftermath?.editedAt == stored.aftermath?.editedAt
            require(isSame, "client \(client) shows message \(seq) of \(room) otherwise than it is")
        }
    }

    func acknowledge(_ key: String, _ room: RoomID, _ seq: Int64?) {
        guard let seq else { return fail("\(key) is acknowledged without a number") }
        acknowledged.append((room, key, seq))
        let stored = number(of: key, in: room)
        require(stored == seq || seq <= horizon(room), "\(key) is acknowledged as \(seq) and stored as \(stored.map(String.init) ?? "nothing")")
    }

    /// A refused message is not in the room. Somebody outside has to join to hear about theirs, and one that left the room's
    /// memory long ago may be refused by its newer rules; one that the room has forgotten is not known any more.
    func refuse(_ key: String, _ room: RoomID, _ refusal: Refusal) {
        // Nor can it be looked up while the history cannot be read.
        guard refusal.code != .notMember, refusal.text != "The room's history cannot be read now.", let seq = number(of: key, in: room), seq > max(Int64(events(room).count - limits.recentEvents), horizon(room)) else { return }
        fail("\(key) is refused (\(refusal.code)) and stored as \(seq)")
    }

    func checkAcknowledged() {
        for (room, key, seq) in acknowledged {
            let events = events(room)
            guard seq <= events.count, TestJournal.Contents.key(events[Int(seq) - 1]) == key else {
                return fail("\(key) was acknowledged as \(seq) of \(room) and is lost")
            }
        }
    }
}

extension Event {
    /// The message with another text; the simulation has no GIFs.
    fileprivate func withText(_ text: String) -> Body {
        if case .chat(let from, _, let replyTo) = body { .chat(from: from, text: text, replyTo: replyTo) } else { body }
    }
}
