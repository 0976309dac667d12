extension Engine {
    /// Answers a join of somebody who has a seat: what the room is like, and what they have missed.
    func resume(_ member: Member, in room: Room, _ pending: PendingJoin) {
        guard member.isPresent else { return member.waiting.append(pending) }
        guard room.isLoaded else {
            member.reading += 1
            return load(room) { [self] in
                member.reading -= 1
                resume(member, in: room, pending)
                beginGraceIfAlone(member, in: room)
            }
        }
        let connection = pending.connection
        guard checkStays(member, in: room, pending) else { return }

        if let seen = pending.seen, seen.epoch == room.record.epoch, (room.horizon...room.head).contains(seen.seq) {
            if let events = room.recent(after: seen.seq) { return answer(pending, member, room, events, reset: false) }
            if room.head - seen.seq <= Int64(limits.resumeEvents) {
                // Longer ago than what is in memory: what the journal has, and what came while it was read.
                let query = EventQuery(room: room.id, range: .after(seen.seq), limit: limits.resumeEvents + limits.recentEvents)
                member.reading += 1
                return read(query, in: room) { [self] result in
                    member.reading -= 1
                    defer { beginGraceIfAlone(member, in: room) }
                    guard checkStays(member, in: room, pending) else { return }
                    guard case .success(let found) = result else { return refuse(connection, pending.reference, .unstored) }
                    // The journal may be ahead of what it has answered: that is published when it has.
                    let events = found.prefix { $0.seq <= room.head }
                    // What they have seen is not what there is any more, or what they have not seen was removed meanwhile.
                    if seen.epoch != room.record.epoch { return resume(member, in: room, pending) }
                    if let first = events.first, first.seq != seen.seq + 1 {
                        return answer(pending, member, room, room.page(limits.pageEvents), reset: true)
                    }
                    guard let rest = room.recent(after: events.last?.seq ?? seen.seq) else {
                        return resume(member, in: room, pending)
                    }
                    answer(pending, member, room, events + rest, reset: false)
                }
            }
        }
        answer(pending, member, room, room.page(limits.pageEvents), reset: pending.seen != nil)
    }

    /// Whether there is still somebody to let in; if they have lost their seat meanwhile, they have been told.
    private func checkStays(_ member: Member, in room: Room, _ pending: PendingJoin) -> Bool {
        guard connections[pending.connection.id] === pending.connection else { return false }
        if room.members[member.person.id] === member { return true }
        refuse(pending.connection, pending.reference, Refusal(.notMember, "You have left the room."))
        return false
    }

    /// - Parameter events: up to the room's head
    private func answer(_ pending: PendingJoin, _ member: Member, _ room: Room, _ events: [Event], reset: Bool) {
        let head = room.head
        let epoch = room.record.epoch
        let first = events.first?.seq ?? head + 1
        member.reading += 1
        decideHistory(events, for: member, in: room) { [self] shown in
            member.reading -= 1
            defer { beginGraceIfAlone(member, in: room) }
            // Handlers may have waited: something may have happened meanwhile.
            guard checkStays(member, in: room, pending) else { return }
            guard epoch == room.record.epoch, let rest = room.recent(after: head) else { return resume(member, in: room, pending) }
            answer(pending, member, room, shown.updated(by: rest) + rest, from: first, reset: reset)
        }
    }

    private func answer(_ pending: PendingJoin, _ member: Member, _ room: Room, _ events: [Event], from first: Int64, reset: Bool) {
        let connection = pending.connection
        let isNew = !connection.rooms.contains(room.id)
        if isNew {
            connection.rooms.append(room.id)
            member.connections.append(connection)
        }
        if let grace = member.grace { cancel(grace) }
        member.grace = nil
        let you = room.info(of: member)
        let others = room.ordered.lazy.filter { $0 !== member && $0.isPresent }
        let listed = [you] + others.prefix(limits.listedMembers - 1).map(room.info(of:))
        outbox.send(
            .joined(
                Joined(
                    reference: pending.reference, room: room.info, you: you, members: listed, epoch: room.record.epoch, seq: room.head,
                    events: events.sent(to: you.id), first: first, more: room.keepsEvents(before: first), reset: reset, isResumed: pending.seen != nil, commands: hooks.commands(in: room, for: you.role))),
            to: connection.id)
        if isNew { outbox.attach(connection.id, to: .room(room.id)) }
        if you.role >= .moderator { showReviews(to: connection, in: room) }
        for message in member.takeUnheard(for: connection) { outbox.send(message, to: connection.id) }
    }

    /// Reads the room's last events back, which nobody has needed since everyone was gone: once, however many wait for them.
    private func load(_ room: Room, then: @escaping () -> Void) {
        room.whenLoaded.append(then)
        if room.whenLoaded.count == 1 { read(room) }
    }

    private func read(_ room: Room) {
        let first = room.firstRecent
        let epoch = room.record.epoch
        find(EventQuery(room: room.id, range: .before(first), limit: limits.recentEvents)) { [self] result in
            guard case .success(let events) = result else {
                after(1_000) { self.read(room) }
                return
            }
            // Somebody was erased meanwhile, and may still be in what was read.
            if epoch != room.record.epoch { return read(room) }
            // If everyone has left meanwhile, and somebody has come again, it is other events that are wanted.
            if !room.isLoaded, room.firstRecent == first { room.load(events) }
            let waiting = room.whenLoaded
            room.whenLoaded = []
            for then in waiting { then() }
        }
    }
}
