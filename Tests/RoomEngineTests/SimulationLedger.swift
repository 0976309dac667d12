import RoomEngine

/// What must hold in a simulation, judged by what the journal has, what the hooks decided and what was said to clients.
final class Ledger {
    static let seats: [(room: RoomID, max: Int)] = [("a", 3), ("b", 2)]

    private struct Course {
        var checked = 0
        var inside: Set<String> = []
        var numbers: [String: Int64] = [:]
        /// Numbers of messages that are deleted.
        var deleted: Set<Int64> = []
    }

    private let journal: TestJournal
    private let clock: VirtualClock
    private let limits: Limits
    /// The first promise that was broken.
    private(set) var violation: String?
    private var courses: [RoomID: Course] = [:]
    /// What the hooks let pass of people who were allowed to speak: room, author and text.
    private var passed: Set<String> = []
    /// People whose join was let pass although they were banned.
    private var bannedJoins: Set<String> = []
    private var acknowledged: [(room: RoomID, key: String, seq: Int64)] = []
    private var restrictions: [String: Int64] = [:]

    init(journal: TestJournal, clock: VirtualClock, limits: Limits) {
        self.journal = journal
        self.clock = clock
        self.limits = limits
    }

    func fail(_ text: @autoclosure () -> String) {
        if violation == nil { violation = text() }
    }

    func require(_ condition: Bool, _ text: @autoclosure () -> String) {
        if !condition { fail(text()) }
    }

    func events(_ room: RoomID) -> [Event] { journal.contents.rooms[room]?.events ?? [] }
    /// The events as they were stored.
    private func said(_ room: RoomID) -> [Event] { journal.contents.rooms[room]?.said ?? [] }

    /// The number up to which a room's events are gone.
    func horizon(_ room: RoomID) -> Int64 { journal.contents.rooms[room]?.keeping.horizon ?? 0 }

    // MARK: What is stored

    /// Checks what has come into the journal.
    func checkStored() {
        var hasMoved = false
        for (room, max) in Self.seats {
            let events = events(room)
            var course = courses[room] ?? Course()
            require(events.count >= course.checked, "room \(room) has lost stored events")
            while course.checked < events.count {
                let number = events[course.checked].seq
                let event = said(room)[course.checked]
                course.checked += 1
                require(number == course.checked, "room \(room): number \(number) where \(course.checked) should be")
                hasMoved = check(event, &course, max) || hasMoved
            }
            courses[room] = course
        }
        if hasMoved { checkPresence() }
    }

    /// Whether somebody came or went.
    private func check(_ event: Event, _ course: inout Course, _ max: Int) -> Bool {
        switch event.body {
        case .chat(let from, let text, _):
            require(passed.contains("\(event.room) \(from.id) \(text)"), "'\(text)' of \(from.id) was stored and has not passed in this form")
            require(from.isBot || course.inside.contains(from.id), "\(from.id) spoke and is not in \(event.room)")
            if let cid = event.cid {
                let key = "\(from.id) \(cid)"
                // One that is gone is not known any more.
                require(course.numbers[key].map { $0 <= horizon(event.room) } ?? true, "the message \(key) is stored twice")
                course.numbers[key] = event.seq
            }
        case .join(let member, _):
            require(course.inside.insert(member.id).inserted, "\(member.id) joined \(event.room) twice")
            require(course.inside.count <= max, "\(course.inside.count) people are on \(max) seats of \(event.room)")
            require(!bannedJoins.contains("\(event.room) \(member.id)"), "\(member.id) is banned from \(event.room) and joined")
            return true
        case .exit(let member, _, _):
            require(course.inside.remove(member.id) != nil, "\(member.id) left \(event.room) and was not in it")
            return true
        case .edit(let of, let by, let content):
            checkTarget(of, event, course)
            guard let by else {
                require(course.deleted.remove(of) != nil, "\(of) of \(event.room) is put back and was not deleted")
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

    // MARK: What is decided

    private func isRestricted(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID) -> Bool {
        restrictions["\(kind) \(room) \(person)"].map { $0 > clock.now.wall } ?? false
    }

    func letPass(_ event: HookEvent) {
        guard let room = event.room?.id else { return }
        switch event.payload {
        case .chat(let text, _):
            guard let person = event.person else {
                passed.insert("\(room) plugin:bot \(text)")
                return
            }
            if isRestricted(.mute, room, person.id) || isRestricted(.ban, room, person.id) { return }
            passed.insert("\(room) \(person.id) \(text)")
        case .edit(_, let text):
            guard let person = event.person else { return }
            if isRestricted(.mute, room, person.id) || isRestricted(.ban, room, person.id) { return }
            passed.insert("\(room) \(person.id) \(text)")
        case .join:
            guard let person = event.person else { return }
            let key = "\(room) \(person.id)"
            if isRestricted(.ban, room, person.id) { bannedJoins.insert(key) } else { bannedJoins.remove(key) }
        default: break
        }
    }

    func restrict(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID, until: Int64) {
        restrictions["\(kind) \(room) \(person)"] = until
    }

    func kick(_ room: RoomID, _ person: PersonID) {
        let until = clock.now.wall + limits.kickedFor
        restrictions["ban \(room) \(person)"] = max(restrictions["ban \(room) \(person)"] ?? 0, until)
    }

    func lift(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID) {
        restrictions["\(kind) \(room) \(person)"] = nil
    }

    /// What was not stored of restrictions is forgotten in a crash; what was, is not.
    func crash() {
        checkStored()
        checkAcknowledged()
        restrictions = journal.contents.restrictions.mapValues { $0.until ?? .max }
    }

    // MARK: What is said

    /// An event on its way to people must be what the journal has.
    func checkShown(_ event: Event) {
        let events = events(event.room)
        guard event.seq >= 1, event.seq <= events.count else { return fail("event \(event.seq) of \(event.room) is shown and not stored") }
        require(isForm(event), "event \(event.seq) of \(event.room) is shown in a form that it never had")
    }

    // MARK: What messages are

    /// Whether the event had this form at some time.
    private func isForm(_ event: Event) -> Bool {
        let said = said(event.room)
        let stored = said[Int(event.seq) - 1]
        if event.isMessage {
            let last = event.aftermath?.last ?? 0
            return last <= said.count && event == form(of: stored, upTo: last)
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

    /// What a message is after the events up to `last`, put together from what was stored.
    private func form(of message: Event, upTo last: Int64) -> Event {
        var form = message
        guard last > 0 else { return form }
        var after = Aftermath(last: last)
        for change in said(message.room)[Int(message.seq)..<Int(last)] where change.target == message.seq {
            switch (change.body, form.body) {
            case (.edit(_, nil, let content?), .deleted): if case .text(let text) = content { form.body = message.withText(text) }
            case (.edit(_, _, let content?), .chat):
                form.body = message.withText(content.text ?? "")
                after.editedAt = change.at
            case (.delete(_, let by, _), .chat(let from, _, let replyTo)):
                form.body = .deleted(from: from, by: by, replyTo: replyTo)
                (after.editedAt, after.reactions) = (nil, [])
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
        form.aftermath = after
        return form
    }

    /// What the journal has of messages must be what their changes make of them; of a deleted one nothing is left.
    func checkMessages() {
        checkStored()
        for (room, _) in Self.seats {
            let said = said(room)
            var last: [Int64: Int64] = [:]
            for change in said { if let target = change.target { last[target] = change.seq } }
            for event in events(room) where event.isMessage {
                require(event == form(of: said[Int(event.seq) - 1], upTo: last[event.seq] ?? 0), "message \(event.seq) of \(room) is not what its changes make of it")
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
    /// memory long ago may be refused by its newer rules.
    func refuse(_ key: String, _ room: RoomID, _ refusal: Refusal) {
        guard refusal.code != .notMember, let seq = number(of: key, in: room), seq > events(room).count - limits.recentEvents else { return }
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
