import RoomEngine

/// What must hold in a simulation, judged by what the journal has, what the hooks decided and what was said to clients.
final class Ledger {
    static let seats: [(room: RoomID, max: Int)] = [("a", 3), ("b", 2)]

    private struct Course {
        var checked = 0
        var inside: Set<String> = []
        var numbers: [String: Int64] = [:]
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

    // MARK: What is stored

    /// Checks what has come into the journal.
    func checkStored() {
        var hasMoved = false
        for (room, max) in Self.seats {
            let events = events(room)
            var course = courses[room] ?? Course()
            require(events.count >= course.checked, "room \(room) has lost stored events")
            while course.checked < events.count {
                let event = events[course.checked]
                course.checked += 1
                require(event.seq == course.checked, "room \(room): number \(event.seq) where \(course.checked) should be")
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
                require(course.numbers[key] == nil, "the message \(key) is stored twice")
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
        case .gif, .system, .name, .owner, .topic, .role: break
        }
        return false
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
        require(events[Int(event.seq) - 1] == event, "event \(event.seq) of \(event.room) is shown in another form than stored")
    }

    func acknowledge(_ key: String, _ room: RoomID, _ seq: Int64?) {
        guard let seq else { return fail("\(key) is acknowledged without a number") }
        acknowledged.append((room, key, seq))
        let stored = number(of: key, in: room)
        require(stored == seq, "\(key) is acknowledged as \(seq) and stored as \(stored.map(String.init) ?? "nothing")")
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
