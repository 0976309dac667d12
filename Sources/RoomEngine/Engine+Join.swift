extension Engine {
    /// Lets a connection into a room: at once if its person is in it already, else by the room's rules.
    func join(_ join: Command.Join, _ connection: Connection, _ reference: Reference?) {
        guard let room = rooms[join.room], !room.isGone else {
            return refuse(connection, reference, Refusal(.notFound, "There is no such room."))
        }
        if isDraining {
            return refuse(connection, reference, Refusal(.unavailable, "The server is about to restart.", retryAfter: 2))
        }
        let pending = PendingJoin(connection: connection, reference: reference, seen: join.seen, asked: join)
        if room.members[connection.person.id] != nil { return enter(room, pending) }
        if let refusal = hasLeft(room, pending) { return refuse(connection, reference, refusal) }
        askPassword(at: room, pending)
    }

    /// Why somebody does not get in who only listens on, and has left by their own will.
    private func hasLeft(_ room: Room, _ pending: PendingJoin) -> Refusal? {
        guard let join = pending.asked, join.isImplied, let seen = join.seen, seen.epoch == room.record.epoch,
            let exit = room.leavers[pending.connection.person.id], seen.seq < exit
        else { return nil }
        return Refusal(.notMember, "You have left the room.")
    }

    /// The hash of the password that a person who is not in the room has to know to get in.
    private func passwordHash(of room: Room, for person: Person) -> String? {
        isAdmitted(person, to: room) || room.role(of: person) >= .owner ? nil : room.record.passwordHash
    }

    private func askPassword(at room: Room, _ pending: PendingJoin) {
        let (connection, reference) = (pending.connection, pending.reference)
        guard let hash = passwordHash(of: room, for: connection.person) else { return enter(room, pending) }
        guard let password = pending.asked?.password else {
            return refuse(connection, reference, Refusal(.wrongPassword, "This room needs a password.", field: "password"))
        }
        if let wait = takeAttempt(of: connection) {
            return refuse(connection, reference, Refusal(.rate, "Too many wrong passwords. Wait a little.", retryAfter: wait))
        }
        verify(password, against: hash) { [self] isRight in
            guard connections[connection.id] === connection else { return }
            guard isRight else {
                return refuse(connection, reference, Refusal(.wrongPassword, "That is not the room's password.", field: "password"))
            }
            var pending = pending
            pending.knowsPassword = true
            enter(room, pending)
        }
    }

    /// Joins the rooms again that the person is in: where their seat waits for them from where the last connection was lost,
    /// elsewhere from now on, for what looks like another connection may be one that nobody has noticed is dead.
    func comeBack(_ connection: Connection) {
        for id in connection.person.rooms {
            guard let room = rooms[id], let member = room.members[connection.person.id] else { continue }
            enter(room, PendingJoin(connection: connection, reference: nil, seen: member.connections.isEmpty ? member.left : nil, asked: nil))
        }
    }

    /// Takes a password attempt of the person and of their address. Nil if they had one left, else seconds to wait.
    private func takeAttempt(of connection: Connection) -> Double? {
        let rate = Double(limits.passwordAttempts) / 60
        if attempts.count > 10_000 {
            attempts = attempts.filter { !$0.value.isFull(burst: limits.passwordAttempts, rate: rate, at: uptime) }
        }
        var longest: Double?
        for key in [connection.person.id.text, connection.address] {
            var bucket = attempts[key] ?? TokenBucket(burst: limits.passwordAttempts, at: uptime)
            if let wait = bucket.take(burst: limits.passwordAttempts, rate: rate, at: uptime) {
                longest = max(longest ?? 0, wait)
            }
            attempts[key] = bucket
        }
        return longest
    }

    /// Gives the person a seat when it is their turn, unless the room's rules or a plugin say no.
    func enter(_ room: Room, _ pending: PendingJoin) {
        room.enqueue { [self] done in
            let connection = pending.connection
            guard connections[connection.id] === connection else { return done() }
            if let member = room.members[connection.person.id] {
                resume(member, in: room, pending)
                return done()
            }
            // Their seat may be gone that was there when they asked: then they are newcomers.
            guard pending.asked != nil else { return done() }
            if let refusal = hasLeft(room, pending) ?? refusal(to: connection.person, room) {
                refuse(connection, pending.reference, refusal)
                return done()
            }
            if !pending.knowsPassword, passwordHash(of: room, for: connection.person) != nil {
                askPassword(at: room, pending)
                return done()
            }
            if knocksAlready(at: room, pending) { return done() }
            if let refusal = wasTurnedAway(connection.person, from: room) {
                refuse(connection, pending.reference, refusal)
                return done()
            }
            if mustKnock(connection.person, at: room) {
                knock(at: room, pending, "The room is shielded.", seconds: 600, by: "server")
                return done()
            }
            decideColor(of: connection.person, in: room) { [self] color in
                decideJoin(pending, in: room) { [self] decision in
                    if case .hold(let reason, let seconds, let by) = decision.outcome, refusal(to: connection.person, room) == nil {
                        perform(decision.effects)
                        knock(at: room, pending, reason, seconds: seconds, by: by)
                        return done()
                    }
                    // Handlers may have waited: the person may be gone, the room full or removed by now.
                    let refusal = refusal(to: connection.person, room) ?? decision.refusal
                    if let refusal {
                        refuse(connection, pending.reference, refusal)
                        perform(decision.effects)
                    } else if connections[connection.id] === connection {
                        seat(connection.person, in: room, color: color, pending, decision.effects)
                    }
                    done()
                }
            }
        }
    }

    /// Why the room itself does not let the person in.
    private func refusal(to person: Person, _ room: Room) -> Refusal? {
        if room.isGone { return Refusal(.notFound, "The room was removed.") }
        if let ban = room.bans[person.id] {
            if !ban.isOver(at: now) {
                let wait = ban.until.map { Double($0 - now) / 1_000 }
                return Refusal(.banned, ban.reason.isEmpty ? "You are banned from this room." : "You are banned: \(ban.reason)", retryAfter: wait)
            }
            room.bans[person.id] = nil
            stageForSure([.lift(.ban, room: room.id, person: person.id)])
        }
        if room.record.locked, room.role(of: person) < .moderator { return Refusal(.forbidden, "The room is locked.") }
        if room.members.count >= room.record.max { return Refusal(.full, "The room is full.") }
        return nil
    }

    func decideColor(of person: Person, in room: Room, then: @escaping (String) -> Void) {
        let event = HookEvent(.color, room: room, person: person, at: now, origin: .server, payload: .color(seed: person.colorSeed))
        hooks.decide(event) { [self] decision in
            perform(decision.effects)
            if case .color(let color) = decision.outcome { then(color) } else { then(defaultColor) }
        }
    }

    private func decideJoin(_ pending: PendingJoin, in room: Room, then: @escaping (Decision) -> Void) {
        let person = pending.connection.person
        // Whom a moderator has let in is not asked about again.
        if isAdmitted(person, to: room) { return then(Decision(.pass)) }
        let payload = HookEvent.Payload.join(resumed: pending.isReturn(to: room), count: room.members.count, max: room.record.max)
        hooks.decide(HookEvent(.join, room: room, person: person, at: now, origin: .person, payload: payload), then: then)
    }

    /// Takes the seat and stores the join; the room hears of it when it is stored.
    private func seat(_ person: Person, in room: Room, color: String, _ pending: PendingJoin, _ effects: [Effect]) {
        let member = Member(person: person, color: color, joinedAt: now)
        room.add(member)
        person.rooms.append(room.id)
        if let removal = room.removal { cancel(removal) }
        room.removal = nil
        member.waiting.append(pending)

        var event = Event(room: room.id, at: now, body: .join(room.info(of: member), count: room.members.count))
        let presence = Presence(room: room.id, member: room.info(of: member), joinedAt: now)
        let unit: JournalUnit = [.event(event), .present(presence)] + (person.isStored ? [] : [.person(person.record)])
        stage(unit) { [self] result in
            guard case .stored(let seqs) = result, let seq = seqs.first else { return unseat(member, from: room) }
            event.seq = seq
            person.isStored = true
            member.joined = seq
            member.isPresent = true
            room.count += 1
            publish(event, in: room)
            roomChanged(room)
            let waiting = member.waiting
            member.waiting = []
            for pending in waiting { resume(member, in: room, pending) }
            perform(effects)
            beginGraceIfAlone(member, in: room)
            let payload = HookEvent.Payload.join(resumed: pending.isReturn(to: room), count: room.count, max: room.record.max)
            let happened = HookEvent(.join, room: room, person: person, at: event.at, origin: .person, payload: payload)
            happened.seq = seq
            hooks.happened(happened)
            member.joinIsAnswered()
        }
    }

    /// The join could not be stored: nobody has seen it, and the seat is free again.
    private func unseat(_ member: Member, from room: Room) {
        if room.members[member.person.id] === member { room.remove(member) }
        member.person.rooms.removeAll { $0 == room.id }
        for pending in member.waiting { refuse(pending.connection, pending.reference, .unstored) }
        member.waiting = []
        member.joinIsAnswered()
        forgetIfGone(member.person)
        scheduleRemovalIfEmpty(room)
    }
}

extension Decision {
    /// What to tell the person, if it was decided against them.
    var refusal: Refusal? {
        switch outcome {
        case .pass, .color, .owner: nil
        case .drop(let refusal, _), .deny(let refusal): refusal
        case .hold(let reason, _, _): Refusal(.refused, reason)
        case .redirect(let room): Refusal(.redirect, "Another room is the right one: \(room).", room: room)
        }
    }
}

/// Of people in rooms without a plugin that decides.
package let defaultColor = "#808080"
