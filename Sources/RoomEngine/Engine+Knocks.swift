/// Somebody at a room's door, until a moderator lets them in or turns them away.
///
/// A class because the joins that wait are gathered in it. Confined to the room loop.
final class Knock {
    let id: String
    let room: RoomID
    let person: Person
    let reason: String
    /// The plugin that wanted it.
    let by: String
    let at: Int64
    /// Milliseconds since 1970 after which they are turned away.
    let until: Int64
    /// Joins to be answered when it is decided. Over HTTP there may be none at times: they come again.
    var waiting: [PendingJoin] = []

    init(id: String, room: RoomID, person: Person, reason: String, by: String, at: Int64, until: Int64) {
        self.id = id
        self.room = room
        self.person = person
        self.reason = reason
        self.by = by
        self.at = at
        self.until = until
    }
}

extension Review {
    init(_ knock: Knock) {
        let from = MemberInfo(id: knock.person.id.text, name: knock.person.name, color: defaultColor)
        self.init(id: knock.id, room: knock.room, kind: .knock, from: from, text: "", reason: knock.reason, by: knock.by, at: knock.at, until: knock.until)
    }
}

extension Engine {
    /// Milliseconds for which somebody who was let in may come.
    private static let admission: Int64 = 60_000

    /// Has somebody wait at a room's door. The moderators are told.
    func knock(at room: Room, _ pending: PendingJoin, _ reason: String, seconds: Double, by: String) {
        let person = pending.connection.person
        let until = now + Int64(seconds * 1_000)
        let knock = Knock(id: newReviewID(), room: room.id, person: person, reason: reason, by: by, at: now, until: until)
        knock.waiting.append(pending)
        knocks[knock.id] = knock
        outbox.send(.held(pending.reference, id: knock.id), to: pending.connection.id)
        tellModerators(of: room, "\(person.name) knocks (\(knock.id))\(reason.isEmpty ? "" : ": \(reason)")")
        show(Review(knock), in: room)
        after(Int64(seconds * 1_000)) { [self] in
            if knocks[knock.id] === knock { _ = turnAway(knock, "Nobody has decided about it in time.") }
        }
    }

    /// Has newcomers knock for so many seconds, or for good; with 0 not any more.
    package func shield(_ room: Room, seconds: Double?) {
        room.shieldedUntil = seconds.map { $0 > 0 ? now + Int64($0 * 1_000) : nil } ?? .max
    }

    /// Whether the room's shield is up, and not for this person.
    func mustKnock(_ person: Person, at room: Room) -> Bool {
        guard let until = room.shieldedUntil, until > now, room.role(of: person) < .moderator else { return false }
        return !isAdmitted(person, to: room)
    }

    /// Whether a moderator has let them in a short while ago.
    func isAdmitted(_ person: Person, to room: Room) -> Bool { room.admitted[person.id].map { $0 > now } ?? false }

    /// Somebody who knocks already, by another connection or a request before this one, waits on.
    func knocksAlready(at room: Room, _ pending: PendingJoin) -> Bool {
        guard let knock = knocks.values.first(where: { $0.room == room.id && $0.person.id == pending.connection.person.id }) else { return false }
        knock.waiting.removeAll { connections[$0.connection.id] !== $0.connection }
        knock.waiting.append(pending)
        outbox.send(.held(pending.reference, id: knock.id), to: pending.connection.id)
        return true
    }

    /// Lets somebody in: at once if they wait, else when they come again soon.
    func letIn(_ knock: Knock) -> Refusal? {
        guard let room = rooms[knock.room] else { return Refusal(.notFound, "The room is gone.") }
        end(knock, "approved")
        room.admitted[knock.person.id] = now + Self.admission
        for pending in knock.waiting { enter(room, pending) }
        return nil
    }

    func turnAway(_ knock: Knock, _ why: String) -> Refusal? {
        end(knock, "refused")
        let refusal = Refusal(.refused, why.isEmpty ? "You were not let in." : "You were not let in: \(why)")
        let waiting = knock.waiting.filter { connections[$0.connection.id] === $0.connection }
        for pending in waiting { refuse(pending.connection, pending.reference, refusal) }
        // Whoever asks again and again, by requests, is told the next time.
        if waiting.allSatisfy(\.connection.isRequest), let room = rooms[knock.room] {
            if room.turnedAway.count >= 1_000 { room.turnedAway = [:] }
            room.turnedAway[knock.person.id] = (refusal, until: now + Self.admission)
        }
        return nil
    }

    /// What somebody is to be told who was turned away between two requests. Of requests at the same time each is told.
    func wasTurnedAway(_ person: Person, from room: Room) -> Refusal? {
        guard let answer = room.turnedAway[person.id], answer.until > now else {
            room.turnedAway[person.id] = nil
            return nil
        }
        room.turnedAway[person.id]?.until = min(answer.until, now + 5_000)
        return answer.refusal
    }

    /// Whoever has been gone for the grace time does not wait any more.
    func withdrawKnocks(of person: PersonID) {
        guard knocks.values.contains(where: { $0.person.id == person }) else { return }
        after(limits.resumeGrace) { [self] in
            guard people[person]?.connections.isEmpty ?? true else { return }
            for knock in knocks.values where knock.person.id == person { end(knock, "withdrawn") }
        }
    }

    private func end(_ knock: Knock, _ decision: String) {
        knocks[knock.id] = nil
        if let room = rooms[knock.room] { forget(knock.id, in: room, decision) }
    }
}
