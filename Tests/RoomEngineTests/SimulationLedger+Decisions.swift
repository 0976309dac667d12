import RoomEngine

/// What hooks and moderators decide, and what people are told of it.
extension Ledger {
    func letPass(_ event: HookEvent) {
        guard let room = event.room else { return }
        switch event.payload {
        case .chat(let text, _):
            guard let person = event.person else {
                passed.insert("\(room.id) plugin:bot \(text)")
                return
            }
            if rules.isSilenced(room.id, person.id) || isTooSoon(person, room) { return }
            passed.insert("\(room.id) \(person.id) \(text)")
            passedAt["\(room.id) \(person.id) \(text)"] = clock.now.uptime
        case .edit(_, let text):
            guard let person = event.person, !rules.isSilenced(room.id, person.id) else { return }
            passed.insert("\(room.id) \(person.id) \(text)")
        case .whisper(let to, let text):
            guard let person = event.person, !rules.isSilenced(room.id, person.id) else { return }
            passed.insert("\(room.id) \(person.id) to \(to.id) \(text)")
        case .join: mayEnter(event, isDecided: true)
        default: break
        }
    }

    private func isTooSoon(_ person: Person, _ room: Room) -> Bool {
        guard room.role(of: person) < .moderator, let last = courses[room.id]?.sent[person.id.text] else { return false }
        return clock.now.uptime - last < Int64(rules.settings(room.id).slow) * 1_000
    }

    // MARK: Coming in

    func asksToJoin(_ request: Request, as person: PersonID) {
        guard case .join(let join) = request.command, let password = Self.passwords[join.room], join.password == password else { return }
        opened.append(("\(join.room) \(person)", request.connection, request.reference))
    }

    func answers(_ reference: Reference?, on connection: ConnectionID) {
        opened.removeAll { $0.connection == connection && $0.reference == reference }
    }

    func disconnects(_ connection: ConnectionID) { opened.removeAll { $0.connection == connection } }

    /// Somebody comes to a room whose door was open for them.
    func comesToTheDoor(_ event: HookEvent) {
        guard let room = event.room, let person = event.person else { return }
        let key = "\(room.id) \(person.id)"
        let needsPassword = Self.passwords[room.id] != nil && room.role(of: person) < .owner && !letIn.contains(key)
        if needsPassword, !opened.contains(where: { $0.key == key }) { withoutPassword.insert(key) } else { withoutPassword.remove(key) }
        let isClosed = rules.isShielded.contains(room.id) && room.role(of: person) < .moderator && !letIn.contains(key)
        mustNotJoin[key] = isClosed ? "which is shielded" : nil
    }

    /// Somebody may be given a seat now, if a hook has let them in or a moderator had.
    func mayEnter(_ event: HookEvent, isDecided: Bool = false) {
        guard let room = event.room, let person = event.person else { return }
        let key = "\(room.id) \(person.id)"
        let settings = rules.settings(room.id)
        if mustNotJoin[key] != "which is shielded" {
            mustNotJoin[key] =
                rules.isRestricted(.ban, room.id, person.id) ? "and is banned"
                : settings.locked && room.role(of: person) < .moderator ? "which is locked"
                : Self.passwords[room.id] != nil && person.id == Simulation.plain ? "and does not know its password" : nil
        }
        if isDecided || letIn.contains(key) { mayJoin[key] = settings.max }
    }

    // MARK: Moderation

    /// Hooks have let a moderator's decision pass: it is in force from now on.
    func decided(_ wanted: Moderation, _ event: HookEvent) {
        guard let room = event.room, let seconds = wanted.kind == .kick ? Double(limits.kickedFor) / 1_000 : wanted.seconds else { return }
        let until = clock.now.wall + Int64(seconds * 1_000)
        let by = wanted.by.name
        switch wanted.kind {
        case .kick:
            guard room.members[wanted.person] != nil else { return }
            rules.kick(room.id, wanted.person, until: until, by: by, name: wanted.reason)
            // Unless their join is not stored yet, and may never be.
            if courses[room.id]?.inside.contains(wanted.person.text) == true { kicked.insert("\(room.id) \(wanted.person)") }
        case .mute: rules.restrict(.mute, room.id, wanted.person, until: until, by: by, name: wanted.reason)
        case .ban: rules.restrict(.ban, room.id, wanted.person, until: until, by: by, name: wanted.reason)
        }
    }

    /// A request reaches the server: what it may bring about at once is reckoned with from now on.
    func asks(_ command: Command, _ asked: SimulatedClient.Asked?) {
        switch (command, asked) {
        case (.pardon(let kind, let room, let person), .restriction(let name)?): rules.lift(kind, room, person, name: name)
        case (.set(let room, let change), .settings(let name)?): rules.ask(change, room, name: name)
        case (.role(_, let room, _), .role(let name, _, _)?): rules.askRole(room, name: name)
        case (.review(_, let id, true, _), .review?): approve(id)
        default: break
        }
    }

    /// Somebody has been told that what they wanted was done.
    func isDone(_ asked: SimulatedClient.Asked, by client: SimulatedClient) {
        switch asked {
        case .restriction(let name):
            requireRole(client)
            rules.acknowledge(name)
        case .settings(let name):
            requireRole(client)
            rules.answered(client.room, name: name, isDone: true)
        case .role(let name, let role, let person):
            requireRole(client)
            rules.gave(role, person, client.room, name: name)
        case .review(let id):
            requireRole(client)
            isDealtWith(id)
        case .report(let seq):
            let isStored = journal.contents.reports.values.contains { $0.room == client.room && $0.seq == seq && $0.by == client.record.id }
            require(isStored, "a report of \(client.room):\(seq) is acknowledged and not stored")
            rules.reported(client.room, seq, by: client.record.id)
        case .join, .exit, .message, .change, .history, .other: break
        }
    }

    private func requireRole(_ client: SimulatedClient) {
        require(client.record.id != Simulation.plain, "somebody without a role has moderated \(client.room)")
    }

    /// Everybody who was kicked has left.
    func checkKicked() {
        require(kicked.isEmpty, "\(kicked.sorted().first ?? "somebody") was kicked and did not leave")
    }

    // MARK: What waits

    /// Somebody has been told that something has been decided about, or a report closed: no crash opens it again.
    func isDealtWith(_ id: String) {
        dealtWith.insert(id)
        checkDealtWith()
    }

    func checkDealtWith() {
        let contents = journal.contents
        for id in dealtWith where contents.held[id] != nil || contents.reports[id] != nil { fail("\(id) is dealt with, and still open in the journal") }
    }

    func shows(_ review: Review) { shownReviews[review.id] = review }

    /// A moderator lets something pass, if they may and nothing speaks against it by now.
    func approve(_ id: String) {
        if let held = journal.contents.held[id], let author = held.event.author, let text = held.event.content?.text ?? held.event.editedText {
            if rules.isSilenced(held.event.room, PersonID(author.id)) { return }
            let key = "\(held.event.room) \(author.id) \(text)"
            passed.insert(key)
            approved.insert(key)
        } else if let review = shownReviews[id] {
            switch review.kind {
            case .knock: letIn.insert("\(review.room) \(review.from.id)")
            case .whisper: if !rules.isSilenced(review.room, PersonID(review.from.id)) { approved.insert("\(review.room) \(review.from.id) \(review.text)") }
            case .message: break
            }
        }
    }

    // MARK: Whispers

    func checkWhisper(_ whisper: Whisper) {
        let isPassed = passed.contains("\(whisper.room) \(whisper.from.id) to \(whisper.to.id) \(whisper.text)")
        let isApproved = approved.contains("\(whisper.room) \(whisper.from.id) \(whisper.text)")
        require(isPassed || isApproved, "'\(whisper.text)' of \(whisper.from.id) is whispered and has not passed")
    }

    func hears(_ whisper: Whisper, _ connection: ConnectionID) {
        require(heard.insert("\(connection.number) \(whisper.text)").inserted, "connection \(connection.number) hears '\(whisper.text)' twice")
    }

    // MARK: Erasing

    /// The journal forgets somebody. Rooms may still show them until they have heard of it.
    func erase(_ person: PersonID) -> [RoomID] {
        checkStored()
        unerased = journal.contents.rooms.mapValues(\.said)
        isErasing = true
        let rooms = journal.erase(person)
        rules.forget(person)
        for (room, stored) in journal.contents.rooms {
            courses[room]?.deleted.formUnion(stored.said.filter { $0.isMessage && $0.author?.id == Erased.id }.map(\.seq))
        }
        acknowledged.removeAll { $0.key.hasPrefix("\(person) ") }
        return rooms
    }

    /// Nothing of them is to come back.
    func checkErased() {
        guard isErased else { return }
        let (person, contents) = (Simulation.forgettable, journal.contents)
        let isShown = contents.rooms.values.contains { $0.said.contains { $0.mentions(person) } }
        let isHeld = contents.held.values.contains { $0.event.author?.id == person.text }
        let isReported = contents.reports.values.contains { $0.by == person || $0.author.id == person.text }
        require(!isShown && !isHeld && !isReported && contents.people[person] == nil, "\(person) was erased and is back")
    }

    /// From now on nobody is shown anything of them.
    func erased() {
        isErasing = false
        isErased = true
    }
}

extension Event {
    /// What an edit has a message say.
    fileprivate var editedText: String? { if case .edit(_, _, let content) = body { content?.text } else { nil } }
}
