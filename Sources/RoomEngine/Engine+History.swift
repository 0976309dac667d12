/// What was said before.
extension Engine {
    /// A page of what was before an event.
    func history(_ id: RoomID, _ before: Int64, _ limit: Int, _ connection: Connection, _ reference: Reference?) {
        guard let (room, member) = seat(of: connection, in: id, reference) else { return }
        guard checkRate(connection, reference) else { return }
        history(of: room, before, limit, member, connection, reference)
    }

    private func history(
        of room: Room, _ before: Int64, _ limit: Int, _ member: Member, _ connection: Connection, _ reference: Reference?
    ) {
        read(EventQuery(room: room.id, range: .before(before), limit: limit), in: room) { [self] result in
            switch result {
            case .success(let events):
                let first = events.first?.seq ?? 1
                let head = room.head
                let epoch = room.record.epoch
                decideHistory(events, for: member, in: room) { [self] events in
                    guard connections[connection.id] === connection else { return }
                    // Handlers may have waited, and what has changed a message meanwhile has been shown already.
                    guard epoch == room.record.epoch, let rest = room.recent(after: head) else { return history(of: room, before, limit, member, connection, reference) }
                    let events = events.updated(by: rest)
                    outbox.send(.history(reference, room: room.id, events: events.sent(to: member.person.id.text), first: first, more: room.keepsEvents(before: first)), to: connection.id)
                }
            case .failure(let refusal):
                guard connections[connection.id] === connection else { return }
                refuse(connection, reference, refusal)
            }
        }
    }

    /// Looks events up, and has the messages among them be as they are when they are handed over: what changed them while
    /// the journal was read has been shown to everyone and will not be shown again. Where a new epoch has begun meanwhile,
    /// because somebody was erased, what was read may be what nobody is to see any more: it is read again.
    func read(_ query: EventQuery, in room: Room, then: @escaping (Result<[Event], Refusal>) -> Void) {
        let asked = room.head
        let epoch = room.record.epoch
        find(query) { [self] result in
            guard case .success(let events) = result else { return then(result) }
            // So much has happened meanwhile that it is not in memory any more.
            guard epoch == room.record.epoch, let since = room.recent(after: asked) else { return read(query, in: room, then: then) }
            then(.success(events.updated(by: since)))
        }
    }

    /// Asks the plugins which of the messages from before a member came they are sent. What happened since is theirs.
    func decideHistory(_ events: [Event], for member: Member, in room: Room, then: @escaping ([Event]) -> Void) {
        let earlier = events.prefix { $0.seq < member.joined }
        let messages = earlier.filter { $0.content != nil }
        if messages.isEmpty { return then(events) }
        let event = HookEvent(.history, room: room, person: member.person, at: now, origin: .person, payload: .history(messages))
        hooks.decide(event) { [self] decision in
            perform(decision.effects)
            guard case .history(let shown) = event.payload, shown != messages else { return then(events) }
            let left = Dictionary(uniqueKeysWithValues: shown.map { ($0.seq, $0) })
            then(
                earlier.compactMap { event in
                    if event.content != nil { return left[event.seq] }
                    // An edit says what the message says, which is for the plugins to show or not.
                    guard case .edit(let of, let by, _) = event.body else { return event }
                    var event = event
                    event.body = .edit(of: of, by: by, left[of]?.content)
                    return event
                } + events[earlier.endIndex...])
        }
    }
}
