extension Engine {
    /// A person leaves by their own will. All their connections leave with them.
    func exit(_ id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard let room = rooms[id], let member = room.members[connection.person.id] else {
            return refuse(connection, reference, Refusal(.notMember, "You are not in that room."))
        }
        exit(member, from: room, .left, leaving: connection) { [self] in outbox.send(.ok(reference, seq: nil), to: connection.id) }
    }

    /// Frees a member's seat and announces their exit, in the room's order. It happens once per join, whatever the reason.
    /// - Parameter leaving: the connection by which they asked for it
    func exit(_ member: Member, from room: Room, _ reason: ExitReason, by: String? = nil, leaving: Connection? = nil, then: @escaping () -> Void = {}) {
        if let grace = member.grace { cancel(grace) }
        member.grace = nil
        room.enqueue(for: member) { [self] done in
            defer { done() }
            let person = member.person
            // They came back, or left in another way, while this waited for its turn.
            if reason == .timeout, !member.connections.isEmpty || member.reading > 0 { return }
            guard room.members[person.id] === member else { return then() }

            let info = room.info(of: member)
            room.remove(member)
            room.count -= 1
            if reason == .left { room.noteLeaving(of: person.id, at: .max) }
            person.rooms.removeAll { $0 == room.id }
            let connections = member.connections
            // Who asked hears no more; the person's other connections hear of the exit.
            if let leaving { detach([leaving], from: room) }

            let body = Event.Body.exit(info, count: room.members.count, reason: reason)
            record(body, in: room, and: [.absent(room: room.id, person: person.id)]) { [self] event in
                if reason == .left { room.noteLeaving(of: person.id, at: event.seq) }
                detach(connections, from: room)
                end(connections, reason)
                roomChanged(room)
                then()
                let seconds = Int((event.at - member.joinedAt) / 1_000)
                let payload = HookEvent.Payload.exit(reason: reason, by: by, seconds: seconds)
                let happened = HookEvent(.exit, room: room, person: person, at: event.at, origin: .person, payload: payload)
                happened.seq = event.seq
                hooks.happened(happened)
                passOwnership(of: room, from: person)
                forgetIfGone(person)
                scheduleRemovalIfEmpty(room)
            }
        }
    }

    private func detach(_ connections: [Connection], from room: Room) {
        for connection in connections where connection.rooms.contains(room.id) {
            connection.rooms.removeAll { $0 == room.id }
            outbox.detach(connection.id, from: .room(room.id))
        }
    }

    /// Closes connections that were in no other room, where the reason is not the person's own.
    private func end(_ connections: [Connection], _ reason: ExitReason) {
        let closing: Closing
        switch reason {
        case .kicked: closing = Closing(.kicked, "You were asked to leave.")
        case .banned: closing = Closing(.banned, "You were banned from the room.")
        case .roomRemoved: closing = Closing(.roomRemoved, "The room was removed.")
        case .left, .timeout, .shutdown, .crash: return
        }
        for connection in connections where connection.rooms.isEmpty { outbox.close(connection.id, closing) }
    }

    /// Asks the plugins who owns the room now that its owner has left it.
    private func passOwnership(of room: Room, from person: Person) {
        guard room.record.owner?.id == person.id.text, !room.isGone else { return }
        let candidates = room.ordered.filter { $0.isPresent && !$0.person.isBot }
        guard !candidates.isEmpty else { return }
        room.enqueue { [self] done in
            let payload = HookEvent.Payload.owner(candidates: candidates.map(\.person))
            let event = HookEvent(.owner, room: room, person: person, at: now, origin: .server, payload: payload)
            hooks.decide(event) { [self] decision in
                if case .owner(let next) = decision.outcome, let member = room.members[next] { own(room, member) }
                perform(decision.effects)
                done()
            }
        }
    }

    // MARK: The end of the server

    /// Nobody gets in any more; everyone is told to come back after `retryAfter` seconds, and their exits are announced.
    package func drain(reason: String, retryAfter: Double) {
        isDraining = true
        for room in rooms.values.sorted(by: { $0.number < $1.number }) {
            if let removal = room.removal { cancel(removal) }
            for member in room.ordered { exit(member, from: room, .shutdown) }
        }
        for connection in connections.values.sorted(by: { $0.id.number < $1.id.number }) {
            outbox.close(connection.id, Closing(.draining, reason, retryAfter: retryAfter))
        }
    }
}
