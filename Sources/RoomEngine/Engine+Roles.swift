/// That somebody is a room's moderator.
package struct Appointment: Sendable, Equatable {
    package var room: RoomID
    package var person: PersonID
    /// What they were called then.
    package var name: String

    package init(room: RoomID, person: PersonID, name: String) {
        self.room = room
        self.person = person
        self.name = name
    }
}

/// Who may do what: `member < moderator < owner < admin`. Moderators are a room's and are appointed by its owner; an admin
/// stands above every room, and is made by the console alone.
extension Engine {
    /// Carries out an owner's command.
    func give(_ role: Role, to person: PersonID, in id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        give(role, to: person, in: id, by: .person(connection.person.id)) { [self] refusal in answer(refusal, connection, reference) }
    }

    /// Makes somebody a moderator, the owner, or a plain member again; the room hears of it.
    /// - Parameter then: called with nil when it is stored; it is in force before
    package func give(_ role: Role, to person: PersonID, in id: RoomID, by: Actor, then: @escaping (Refusal?) -> Void = { _ in }) {
        guard let room = rooms[id], !room.isGone else { return then(Refusal(.notFound, "There is no such room.")) }
        if case .person(let asker) = by, let refusal = refusal(to: asker, giving: role, to: person, in: room) { return then(refusal) }
        switch role {
        case .admin: return then(Refusal(.forbidden, "Admins are made by the console."))
        case .owner:
            guard let member = room.members[person] else { return then(Refusal(.notFound, "They are not in the room.", field: "member")) }
            stageForSure([audit(by.name, "give \(id) to \(person)")])
            own(room, member) { then(nil) }
        case .moderator:
            guard room.record.owner?.id != person.text else { return then(Refusal(.badRequest, "The owner is more than a moderator.")) }
            guard let name = people[person]?.name else { return then(Refusal(.notFound, "They are not here.", field: "member")) }
            let appointment = JournalWrite.appoint(Appointment(room: id, person: person, name: name))
            // They are one already, or will be when that is stored.
            if room.moderators[person] != nil { return stageForSure([appointment]) { _ in then(nil) } }
            room.moderators[person] = name
            announceRole(of: person, in: room, before: .member, [appointment, audit(by.name, "make \(person) a moderator of \(id)")]) { then(nil) }
        case .member:
            guard room.moderators.removeValue(forKey: person) != nil else { return then(Refusal(.notFound, "They are no moderator.", field: "member")) }
            announceRole(of: person, in: room, before: .moderator, [.dismiss(room: id, person: person), audit(by.name, "make \(person) a member of \(id)")]) { then(nil) }
        }
    }

    private func refusal(to asker: PersonID, giving role: Role, to person: PersonID, in room: Room) -> Refusal? {
        guard let asker = people[asker] else { return Refusal(.forbidden, "Whoever wants that is gone.") }
        if let refusal = refusal(to: asker, below: .owner, in: room.id) { return refusal }
        if asker.id == person, !asker.isAdmin { return Refusal(.badRequest, "That is you.", field: "member") }
        return nil
    }

    /// Makes somebody who is here an admin, or takes it from them. Kept over restarts.
    package func setAdmin(_ isAdmin: Bool, _ id: PersonID, then: @escaping (Refusal?) -> Void) {
        guard let person = people[id] else { return then(Refusal(.notFound, "They are not here.")) }
        if person.isAdmin == isAdmin { return then(nil) }
        var record = person.record
        record.isAdmin = isAdmin
        stage([.person(record)]) { [self] result in
            guard case .stored = result else { return then(Refusal(.unavailable, "The server cannot store this now.", retryAfter: 5)) }
            let before = person.rooms.compactMap { rooms[$0] }.map { ($0, $0.role(of: person)) }
            person.isAdmin = isAdmin
            person.isStored = true
            for (room, role) in before { announceRole(of: id, in: room, before: role, []) }
            then(nil)
        }
    }

    /// Stores a change of role, and tells it to the room if the person is there.
    private func announceRole(of person: PersonID, in room: Room, before: Role, _ writes: [JournalWrite], then: @escaping () -> Void = {}) {
        guard let member = room.members[person], member.isPresent else {
            if writes.isEmpty { return then() }
            return stageForSure(writes) { _ in then() }
        }
        record(.role(room.info(of: member), before: before), in: room, and: writes) { _ in then() }
        if room.role(of: member.person) >= .moderator { showReviews(to: member, in: room) }
    }

    /// Makes a member the owner.
    func own(_ room: Room, _ member: Member, then: @escaping () -> Void = {}) {
        var writes: [JournalWrite] = []
        if room.moderators.removeValue(forKey: member.person.id) != nil { writes.append(.dismiss(room: room.id, person: member.person.id)) }
        var info = room.info(of: member)
        info.role = max(info.role, .owner)
        room.record.owner = info
        record(.owner(info), in: room, and: [.room(room.record)] + writes) { _ in then() }
        roomChanged(room)
        showReviews(to: member, in: room)
    }
}
