import ChatText

extension Engine {
    /// A person has opened a connection. If it is their first one, the plugins are asked whether they are welcome; what they ask
    /// for meanwhile waits for that.
    package func connect(_ id: ConnectionID, _ record: PersonRecord, address: String, transport: String, locale: String) {
        let person = people[record.id] ?? admit(record, locale: locale)
        let connection = Connection(id: id, person: person, address: address, transport: transport, since: now)
        // Requests of somebody who has a seat are part of their stay.
        let isArrival = person.connections.isEmpty && !(connection.isRequest && !person.rooms.isEmpty)
        connections[id] = connection
        person.connections.append(connection)
        if isArrival {
            arrive(connection)
        } else if !person.isArriving {
            welcome(connection)
        }
    }

    private func arrive(_ connection: Connection) {
        let person = connection.person
        person.isArriving = true
        let payload = HookEvent.Payload.connect(locale: person.locale, resumed: !person.rooms.isEmpty)
        let event = HookEvent(.connect, room: nil, person: person, at: now, origin: .person, connection: connection.id, payload: payload)
        hooks.decide(event) { [self] decision in
            person.isArriving = false
            for connection in person.connections where !connection.isWelcome {
                if let refusal = decision.refusal { turnAway(connection, refusal) } else { welcome(connection) }
            }
            perform(decision.effects)
            // They may have gone while handlers waited.
            if decision.refusal == nil, !person.connections.isEmpty { hooks.happened(event) }
        }
    }

    private func welcome(_ connection: Connection) {
        connection.isWelcome = true
        outbox.send(.welcome(Welcome(id: connection.person.id, name: connection.person.name, limits: limits)), to: connection.id)
        let early = connection.early
        connection.early = []
        for request in early { handle(request) }
    }

    private func turnAway(_ connection: Connection, _ refusal: Refusal) {
        connection.refusal = refusal
        for request in connection.early { refuse(connection, request.reference, refusal) }
        connection.early = []
        // Afterwards: a request that is just being made is to hear the refusal as its answer.
        after(0) { [self] in
            guard connections[connection.id] === connection else { return }
            outbox.close(connection.id, Closing(.refused, refusal.text, retryAfter: refusal.retryAfter))
        }
    }

    /// Whether the connection may ask for something now; if not, it has been told, or will be heard later.
    func isWelcome(_ connection: Connection, _ request: Request) -> Bool {
        if connection.isWelcome { return true }
        if let refusal = connection.refusal {
            refuse(connection, request.reference, refusal)
        } else if connection.early.count < 100 {
            connection.early.append(request)
        } else {
            refuse(connection, request.reference, Refusal(.rate, "You are sending too fast.", retryAfter: 1))
        }
        return false
    }

    /// A connection has been answered and is about to be gone: what has no number waits for the next one. May be called within
    /// what the engine is doing, as ``disconnect(_:)`` may not.
    package func hearsNoMore(_ id: ConnectionID) { connections[id]?.hearsNoMore = true }

    /// A connection is gone. Seats that only it held wait for the person to come back.
    package func disconnect(_ id: ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        let person = connection.person
        person.connections.removeAll { $0 === connection }
        for room in connection.rooms { leave(room, connection) }
        if person.connections.isEmpty { withdrawKnocks(of: person.id) }
        if connection.watchesLobby { outbox.detach(id, from: .lobby) }
        forgetIfGone(person)
    }

    /// The connection no longer hears the room, by its own doing or because it is gone.
    func leave(_ id: RoomID, _ connection: Connection) {
        connection.rooms.removeAll { $0 == id }
        outbox.detach(connection.id, from: .room(id))
        guard let room = rooms[id], let member = room.members[connection.person.id] else { return }
        member.connections.removeAll { $0 === connection }
        member.left = Position(epoch: room.record.epoch, seq: room.head)
        beginGraceIfAlone(member, in: room)
    }

    /// Starts the wait for a member none of whose connections is left, or about to be let in.
    func beginGraceIfAlone(_ member: Member, in room: Room) {
        guard room.members[member.person.id] === member, member.isPresent, member.grace == nil else { return }
        guard member.connections.isEmpty, member.waiting.isEmpty, member.reading == 0 else { return }
        member.grace = after(limits.resumeGrace) { [self] in exit(member, from: room, .timeout) }
    }

    private func admit(_ record: PersonRecord, locale: String) -> Person {
        let sending = TokenBucket(burst: limits.burst, at: uptime)
        let person = Person(record, number: nextNumber(), locale: locale, sending: sending)
        people[record.id] = person
        peopleByNumber[person.number] = person
        return person
    }

    /// Forgets a person who neither is connected nor has a seat. What is kept of them is in the journal.
    func forgetIfGone(_ person: Person) {
        guard person.connections.isEmpty, person.rooms.isEmpty, people[person.id] === person else { return }
        people[person.id] = nil
        peopleByNumber[person.number] = nil
    }

    /// Ends a connection. False if there is no such one.
    package func close(_ id: ConnectionID, _ closing: Closing) -> Bool {
        if connections[id] == nil { return false }
        outbox.close(id, closing)
        return true
    }

    /// Whether a connection may ask for what it asked now; if not, it has been told. `cost` is a message.
    func checkRate(_ connection: Connection, _ reference: Reference?) -> Bool {
        guard limits.rate > 0,
            let wait = connection.person.sending.take(burst: limits.burst, rate: limits.rate, at: uptime)
        else { return true }
        refuse(connection, reference, Refusal(.rate, "You are sending too fast.", retryAfter: wait))
        return false
    }

    func rename(_ wanted: String, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        guard let name = ChatText.normalizedName(wanted, maxCharacters: limits.name) else {
            return refuse(connection, reference, Refusal(.badText, "A name has 1 to \(limits.name) visible characters.", field: "name"))
        }
        rename(connection.person, to: name, by: .person(connection.person.id)) { [self] refusal in answer(refusal, connection, reference) }
    }

    /// Gives a person a name that has been checked to be one, unless a plugin is against it or has a better one.
    func rename(_ person: Person, to name: String, by: Actor, then: @escaping (Refusal?) -> Void = { _ in }) {
        if name == person.name { return then(nil) }
        let payload = HookEvent.Payload.name(from: person.name, to: name)
        let event = HookEvent(.name, room: nil, person: person, at: now, origin: by.origin, payload: payload)
        hooks.decide(event) { [self] decision in
            if let refusal = decision.refusal {
                then(refusal)
                return perform(decision.effects)
            }
            // Handlers may have waited, and they may have been erased.
            guard case .name(_, let wanted) = event.payload, !isErased(person.id) else { return }
            let name = ChatText.normalizedName(wanted, maxCharacters: limits.name) ?? name
            var changed = person.record
            changed.name = name
            stage([.person(changed)]) { [self] result in
                guard case .stored = result else { return then(.unstored) }
                let before = person.name
                person.name = name
                person.isStored = true
                then(nil)
                for id in person.rooms { announceName(of: person, before: before, in: id) }
                perform(decision.effects)
                hooks.happened(event)
            }
        }
    }

    private func announceName(of person: Person, before: String, in id: RoomID) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            if let member = room.members[person.id], member.isPresent {
                record(.name(room.info(of: member), before: before), in: room)
                if room.record.owner?.id == person.id.text {
                    room.record.owner = room.info(of: member)
                    stageForSure([.room(room.record)])
                    roomChanged(room)
                }
            }
            done()
        }
    }

    /// Stores an event that nobody can refuse, and publishes it.
    /// - Parameter ended: called after `then`, and where there is nothing to store it in any more
    func record(
        _ body: Event.Body, cid: String? = nil, look: Look? = nil, in room: Room, and writes: [JournalWrite] = [],
        then: @escaping (Event) -> Void = { _ in }, ended: @escaping () -> Void = {}
    ) {
        var event = Event(room: room.id, at: now, body: body, cid: cid, look: look)
        stageForSure([.event(event)] + writes) { [self] seqs in
            defer { ended() }
            guard let seq = seqs.first else { return }
            event.seq = seq
            publish(event, in: room)
            then(event)
        }
    }

    /// Shows a stored event to everyone in the room.
    func publish(_ event: Event, in room: Room) {
        room.append(event, keeping: limits.recentEvents)
        outbox.publish(.event(event, epoch: room.record.epoch), to: .room(room.id))
    }
}

