/// Something that is to be done about a person in a room.
package struct Moderation: Sendable, Equatable {
    package enum Kind: String, Sendable { case kick, mute, ban }

    package var kind: Kind
    package var room: RoomID
    package var person: PersonID
    /// For how long; nil for good. A kick takes no time of its own.
    package var seconds: Double?
    package var reason: String
    package var by: Actor

    package init(_ kind: Kind, room: RoomID, person: PersonID, seconds: Double? = nil, reason: String = "", by: Actor) {
        self.kind = kind
        self.room = room
        self.person = person
        self.seconds = seconds
        self.reason = reason
        self.by = by
    }
}

/// What moderators and owners do to people. People may act upon those below them alone; what a person or a plugin wants is
/// asked about first, what the console and the server want is done.
extension Engine {
    // MARK: Asked for by a person

    /// Carries a moderator's command out.
    func moderate(_ wanted: Moderation, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        moderate(wanted) { [self] refusal in answer(refusal, connection, reference) }
    }

    /// Lets somebody speak or come in again.
    func pardon(_ kind: Restriction.Kind, _ person: PersonID, in id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        let needed: Role = kind == .ban ? .owner : .moderator
        if let refusal = refusal(to: connection.person, below: needed, in: id) { return refuse(connection, reference, refusal) }
        guard let room = rooms[id], (kind == .ban ? room.bans : room.mutes)[person] != nil else {
            let what = kind == .ban ? "They are not banned." : "They are not muted."
            return refuse(connection, reference, Refusal(.notFound, what, field: "member"))
        }
        lift(kind, person, in: id, by: connection.person.id.text) { [self] in answer(nil, connection, reference) }
    }

    /// Says who is muted or banned in a room, to somebody who may change it.
    func restrictions(in id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        if let refusal = refusal(to: connection.person, below: .moderator, in: id) { return refuse(connection, reference, refusal) }
        guard let room = rooms[id] else { return }
        let all = (Array(room.bans.values) + Array(room.mutes.values)).filter { !$0.isOver(at: now) }
        outbox.send(.restrictions(reference, room: id, all.sorted { ($0.at, $0.person.text) < ($1.at, $1.person.text) }), to: connection.id)
    }

    func answer(_ refusal: Refusal?, _ connection: Connection, _ reference: Reference?) {
        if let refusal { refuse(connection, reference, refusal) } else { outbox.send(.ok(reference, seq: nil), to: connection.id) }
    }

    /// Why a person may not do in a room what takes this role.
    func refusal(to person: Person, below needed: Role, in id: RoomID) -> Refusal? {
        guard let room = rooms[id], !room.isGone else { return Refusal(.notFound, "There is no such room.") }
        guard room.members[person.id] != nil || person.isAdmin else { return Refusal(.notMember, "Join the room first.") }
        // What a bot may do, its token says in every room.
        if room.role(of: person) >= needed || person.isBot { return nil }
        return Refusal(.forbidden, "Only the room's \(needed == .owner ? "owner" : "moderators") may do that.")
    }

    // MARK: Doing it

    /// Kicks, mutes or bans somebody, unless a rule or a plugin is against it: then `then` gets the refusal. It is in force at
    /// once; `then` is called when it is stored, so that whoever was told of it can rely on it.
    package func moderate(_ wanted: Moderation, then: @escaping (Refusal?) -> Void = { _ in }) {
        guard let room = rooms[wanted.room], !room.isGone else { return then(Refusal(.notFound, "There is no such room.")) }
        var asker: Person?
        if case .person(let id) = wanted.by {
            guard let person = people[id] else { return then(Refusal(.forbidden, "Whoever wants that is gone.")) }
            if let refusal = refusal(to: person, wanted, room) { return then(refusal) }
            asker = person
        }
        if wanted.kind == .kick, room.members[wanted.person] == nil {
            return then(Refusal(.notFound, "They are not in the room.", field: "member"))
        }
        guard wanted.by.isAsked else {
            return carryOut(wanted) { then(nil) }
        }
        let payload = HookEvent.Payload.moderation(wanted, target: people[wanted.person])
        let event = HookEvent(wanted.kind.hook, room: room, person: asker, at: now, origin: wanted.by.origin, payload: payload)
        hooks.decide(event) { [self] decision in
            if let refusal = decision.refusal {
                then(refusal)
                return perform(decision.effects)
            }
            guard case .moderation(let passed, _) = event.payload else { return }
            carryOut(passed) { [self] in
                hooks.happened(event)
                then(nil)
            }
            perform(decision.effects)
        }
    }

    /// Why a person may not do that to another one.
    private func refusal(to person: Person, _ wanted: Moderation, _ room: Room) -> Refusal? {
        if let refusal = refusal(to: person, below: wanted.kind == .ban ? .owner : .moderator, in: room.id) { return refusal }
        if person.id == wanted.person { return Refusal(.badRequest, "That is you.", field: "member") }
        guard let target = people[wanted.person] else { return Refusal(.notFound, "They are not here.", field: "member") }
        if max(room.role(of: person), person.isBot ? .owner : .member) > room.role(of: target) { return nil }
        return Refusal(.forbidden, "\(target.name) is \(room.role(of: target).inWords) here: you cannot do that to them.")
    }

    private func carryOut(_ wanted: Moderation, then: @escaping () -> Void) {
        let by = wanted.by.name
        switch wanted.kind {
        case .kick: kick(wanted.person, from: wanted.room, reason: wanted.reason, by: by, then: then)
        case .mute: restrict(.mute, wanted.person, in: wanted.room, seconds: wanted.seconds, reason: wanted.reason, by: by, then: then)
        case .ban: restrict(.ban, wanted.person, in: wanted.room, seconds: wanted.seconds, reason: wanted.reason, by: by, then: then)
        }
    }

    /// Mutes or bans a person in a room; for good if `seconds` is nil.
    /// - Parameter then: called when it is stored; it is in force before
    package func restrict(
        _ kind: Restriction.Kind, _ person: PersonID, in id: RoomID, seconds: Double?, reason: String, by: String, then: @escaping () -> Void = {}
    ) {
        guard let room = rooms[id] else { return then() }
        let name = people[person]?.name ?? person.text
        let until = seconds.map { now + Int64($0 * 1_000) }
        let restriction = Restriction(kind: kind, room: id, person: person, name: name, until: until, reason: reason, by: by, at: now)
        let time = seconds.map { "for \(Int($0)) s" } ?? "for good"
        stageForSure([.restrict(restriction), audit(by, "\(kind) \(person) in \(id) \(time)\(because(reason))")]) { _ in then() }
        switch kind {
        case .mute: room.mutes[person] = restriction
        case .ban:
            room.bans[person] = restriction
            if let member = room.members[person] { exit(member, from: room, .banned, by: by) }
        }
    }

    /// - Parameter then: called when it is stored; it is in force before
    package func lift(_ kind: Restriction.Kind, _ person: PersonID, in id: RoomID, by: String, then: @escaping () -> Void = {}) {
        guard let room = rooms[id] else { return then() }
        switch kind {
        case .mute: room.mutes[person] = nil
        case .ban: room.bans[person] = nil
        }
        stageForSure([.lift(kind, room: id, person: person), audit(by, "un\(kind) \(person) in \(id)")]) { _ in then() }
    }

    /// Asks a person to leave, and keeps them out for a while.
    /// - Parameter then: called when that is stored; it is in force before
    package func kick(_ person: PersonID, from id: RoomID, reason: String, by: String, then: @escaping () -> Void = {}) {
        guard let room = rooms[id], let member = room.members[person] else { return then() }
        let until = now + limits.kickedFor
        let stay = Restriction(
            kind: .ban, room: id, person: person, name: member.person.name, until: until, reason: reason, by: by, at: now)
        var writes = [audit(by, "kick \(person) from \(id)\(because(reason))")]
        if room.bans[person].map({ $0.until.map { $0 < until } ?? false }) ?? true {
            room.bans[person] = stay
            writes.append(.restrict(stay))
        }
        stageForSure(writes) { _ in then() }
        exit(member, from: room, .kicked, by: by)
    }
}

extension Moderation.Kind {
    var hook: HookKind {
        switch self {
        case .kick: .kick
        case .mute: .mute
        case .ban: .ban
        }
    }
}

extension Role {
    /// `the owner`, `a moderator`: what somebody is.
    var inWords: String {
        switch self {
        case .member: "a member"
        case .moderator: "a moderator"
        case .owner: "the owner"
        case .admin: "an admin"
        }
    }
}
