import ChatText

extension Engine {
    /// A person has opened a connection.
    package func connect(_ id: ConnectionID, _ record: PersonRecord, address: String, transport: String, locale: String) {
        let person = people[record.id] ?? admit(record, locale: locale)
        let connection = Connection(id: id, person: person, address: address, transport: transport, since: now)
        connections[id] = connection
        person.connections.append(connection)
        outbox.send(.welcome(Welcome(id: person.id, name: person.name, limits: limits)), to: id)
    }

    /// A connection is gone. Seats that only it held wait for the person to come back.
    package func disconnect(_ id: ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        let person = connection.person
        person.connections.removeAll { $0 === connection }
        for room in connection.rooms { leave(room, connection) }
        if person.connections.isEmpty { forgetKnocks(of: person.id) }
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

    /// Starts the wait for a member none of whose connections is left.
    func beginGraceIfAlone(_ member: Member, in room: Room) {
        guard member.connections.isEmpty, member.waiting.isEmpty, member.isPresent, member.grace == nil else { return }
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

    /// Ends a person's connections, or those that were in `room` alone.
    func close(_ person: Person, in room: RoomID, _ closing: Closing) {
        for connection in person.connections where connection.rooms.contains(room) {
            if connection.rooms.count == 1 {
                outbox.close(connection.id, closing)
            } else {
                leave(room, connection)
            }
        }
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
        let person = connection.person
        let before = person.name
        if name == before { return outbox.send(.ok(reference, seq: nil), to: connection.id) }
        var changed = person.record
        changed.name = name
        stage([.person(changed)]) { [self] result in
            guard case .stored = result else { return refuseUnstored(connection, reference) }
            person.name = name
            person.isStored = true
            outbox.send(.ok(reference, seq: nil), to: connection.id)
            for id in person.rooms { announceName(of: person, before: before, in: id) }
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

    func refuseUnstored(_ connection: Connection, _ reference: Reference?) {
        refuse(connection, reference, Refusal(.unavailable, "The server cannot store this now. Try again later.", retryAfter: 5))
    }

    /// Stores an event that nobody can refuse, and publishes it.
    func record(_ body: Event.Body, in room: Room, and writes: [JournalWrite] = [], then: @escaping (Event) -> Void = { _ in }) {
        var event = Event(room: room.id, at: now, body: body)
        stageForSure([.event(event)] + writes) { [self] seqs in
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

