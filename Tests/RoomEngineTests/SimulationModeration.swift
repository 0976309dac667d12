import RoomEngine

/// What the console and moderators do in a simulation.
extension Simulation {
    /// Never gets a role, and does not know the password of room b: what they are not allowed to do must never happen.
    static let plain = PersonID("p4")
    /// Somebody who is erased at some time, in some simulations.
    static let forgettable = PersonID("p2")

    func moderate() {
        if chance.happens(1, of: 2) { return moderateByPeople() }
        let client = clients[chance.number(clients.count)]
        let (room, person) = (client.room, client.record.id)
        switch chance.number(28) {
        case 0...3: restrict(person, in: room)
        case 4...5: lift(chance.happens(1, of: 2) ? .mute : .ban, person, in: room)
        case 6...7: change(room)
        case 8...9: appoint(chance.number(4), in: room)
        case 10...11: kick(person, from: room)
        case 12...14: redact(in: room)
        case 15...16: takeOut(person)
        case 17...19:
            guard let last = engine.undos.first else { return }
            note("the console puts \(last.what) back")
            ledger.rules.undo()
            engine.undo(last.id) { _ in }
        case 20:
            let isUp = chance.happens(1, of: 2)
            note("the shield of \(room) is \(isUp ? "up" : "down")")
            ledger.rules.shield(room, isUp)
            engine.shield(engine.rooms[room]!, seconds: isUp ? nil : 0)
        case 21: decideAll()
        case 22...26:
            guard let report = engine.reports.values.min(by: { $0.id < $1.id }) else { return }
            note("the console closes report \(report.id)")
            ledger.rules.closed(report)
            engine.closeReport(report.id) { [self] in if $0 == nil { ledger.isDealtWith(report.id) } }
        default: if chance.happens(1, of: 3) { erase() }
        }
    }

    /// A name for a decision.
    private func newName() -> String {
        decisions += 1
        return "console \(decisions)"
    }

    private func restrict(_ person: PersonID, in room: RoomID) {
        let seconds = 1 + chance.number(10)
        let kind = chance.happens(2, of: 3) ? Restriction.Kind.mute : .ban
        let name = newName()
        note("\(kind) \(person) in \(room) for \(seconds) s")
        ledger.rules.restrict(kind, room, person, until: clock.now.wall + Int64(seconds) * 1_000, by: "console", name: name)
        if kind == .mute ? sabotage.strikes(.consoleMuteIsLost, 50) : sabotage.strikes(.consoleBanIsLost, 50) { return }
        engine.restrict(kind, person, in: room, seconds: Double(seconds), reason: "", by: "console") { [self] in ledger.rules.acknowledge(name) }
    }

    private func lift(_ kind: Restriction.Kind, _ person: PersonID, in room: RoomID) {
        let name = newName()
        note("un\(kind) \(person) in \(room)")
        ledger.rules.lift(kind, room, person, name: name)
        engine.lift(kind, person, in: room, by: "console") { [self] in ledger.rules.acknowledge(name) }
    }

    private func kick(_ person: PersonID, from room: RoomID) {
        guard engine.rooms[room]?.members[person] != nil else { return }
        let name = newName()
        note("kick \(person) from \(room)")
        ledger.rules.kick(room, person, until: clock.now.wall + limits.kickedFor, by: "console", name: name)
        engine.kick(person, from: room, reason: "", by: "console") { [self] in ledger.rules.acknowledge(name) }
    }

    private func change(_ id: RoomID) {
        guard let room = engine.rooms[id] else { return }
        var change = Self.change(of: room.info, chance)
        if chance.happens(1, of: 4) { change.topic = "topic \(decisions)" }
        let name = newName()
        note("\(id) is set to \(change)")
        ledger.rules.ask(change, id, name: name)
        if sabotage.strikes(.consoleLockIsLost, 50), change.locked == true { return ledger.rules.answered(id, name: name, isDone: true) }
        engine.change(room, change, by: .console) { [self] in ledger.rules.answered(id, name: name, isDone: $0 == nil) }
    }

    /// Rooms are not locked for long, and slow mode is not slow: there is to be something to see.
    static func change(of room: RoomInfo, _ chance: Chance) -> RoomChange {
        if room.locked { return RoomChange(locked: false) }
        switch chance.number(4) {
        case 0: return RoomChange(locked: true)
        case 1: return RoomChange(slow: room.slow > 0 ? 0 : 1)
        default: return RoomChange(max: 2 + chance.number(3))
        }
    }

    private func appoint(_ number: Int, in room: RoomID) {
        let person = PersonID("p\(number)")
        let role: Role = [.owner, .moderator, .moderator, .member][chance.number(4)]
        let name = newName()
        note("the console makes \(person) \(role) of \(room)")
        ledger.rules.askRole(room, name: name)
        engine.give(role, to: person, in: room, by: .console) { [self] in if $0 == nil { ledger.rules.gave(role, person, room, name: name) } }
    }

    private func redact(in room: RoomID) {
        let messages = ledger.events(room).filter(\.isMessage)
        guard !messages.isEmpty else { return }
        let seq = messages[chance.number(messages.count)].seq
        note("the console takes \(room):\(seq) out")
        engine.redact(seq, in: room, why: nil) { _ in }
    }

    private func takeOut(_ person: PersonID) {
        let since = clock.now.wall - Int64(chance.number(4_000))
        if chance.happens(1, of: 2) {
            note("the console purges \(person) since \(since)")
            return engine.purge(person, since: since) { _ in }
        }
        note("the console rolls \(person) back to \(since)")
        let engine = engine
        ledger.rules.takeBack(person, isDone: false)
        engine.rollBack(person, since: since) { [self] _ in if engine === self.engine { ledger.rules.takeBack(person, isDone: true) } }
    }

    /// The console decides about everything that waits.
    func decideAll() {
        for review in engine.reviews {
            let isApproved = chance.happens(1, of: 2)
            note("the console \(isApproved ? "approves" : "refuses") \(review.id)")
            ledger.shows(review)
            if isApproved { ledger.approve(review.id) }
            let then: (Refusal?) -> Void = { [self] in if $0 == nil { ledger.isDealtWith(review.id) } }
            if isApproved {
                engine.approve(review.id, by: "console", then: then)
            } else {
                engine.refuse(review.id, why: "no", by: "console", then: then)
            }
        }
    }

    private func moderateByPeople() {
        let inside = clients.filter { $0.place == .inside }
        guard !inside.isEmpty else { return }
        let client = inside[chance.number(inside.count)]
        guard let room = engine.rooms[client.room], let person = engine.people[client.record.id] else { return }
        // Those who may not are refused; that need not be seen very often.
        guard room.role(of: person) >= .moderator || chance.happens(1, of: 4) else { return }
        note("client \(client.number) moderates")
        client.moderate(clients.map(\.record.id), room.info, chance)
        if let link = client.link { arrive(link, link.toServer.count) }
    }

    // MARK: Erasing

    /// The console has somebody erased: first they leave.
    func erase() {
        guard erasure == nil else { return }
        note("\(Self.forgettable) is to be erased")
        erasure = .leaving
        for client in clients where client.record.id == Self.forgettable { client.isErased = true }
        ledger.rules.forget(Self.forgettable)
        let engine = engine
        engine.beginErasing(Self.forgettable) { [self] in if engine === self.engine { erasure = .left } }
    }

    /// Then the journal forgets them, and at last the rooms.
    func goOnErasing() {
        switch erasure {
        case .left where engine.isSettled && !engine.isLate && journal.unstored.isEmpty && journal.unanswered.isEmpty:
            note("the journal forgets \(Self.forgettable)")
            erasure = .cleared(ledger.erase(Self.forgettable))
        case .cleared(let rooms):
            note("the rooms forget \(Self.forgettable)")
            erasure = .done
            ledger.erased()
            engine.endErasing(Self.forgettable, rooms)
        default: break
        }
    }

    /// The server has died: an erasure that had not begun is asked for again.
    func resumeErasing() {
        switch erasure {
        case .leaving, .left:
            erasure = nil
            erase()
        case .cleared:
            erasure = .done
            ledger.erased()
        case .done, nil: break
        }
    }
}

/// How far an erasure is.
enum ErasureProgress {
    case leaving, left
    case cleared([RoomID])
    case done
}
