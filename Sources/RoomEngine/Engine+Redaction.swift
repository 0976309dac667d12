/// Something that an operator took out and may still put back: kept in memory alone, for the time of ``Limits/undo``.
package struct Undo: Sendable {
    package var id: String
    package var what: String
    /// Uptime in milliseconds after which it is too late.
    package var until: Int64
    var messages: [Event] = []
    var reactions: [Event] = []
    var topics: [(room: RoomID, topic: String)] = []
    var restrictions: [Restriction] = []
}

/// How much an operator's command took out.
package struct Removal: Sendable, Equatable {
    package var messages = 0
    package var reactions = 0
    package var topics = 0
    package var restrictions = 0
    /// What ``Engine/undo(_:then:)`` knows it by; nil if there was nothing.
    package var undo: String?
}

/// What operators take out of rooms. It goes through the rooms' lines and sequences like everything else; plugins are not asked.
extension Engine {
    /// Deletes one message.
    package func redact(_ seq: Int64, in id: RoomID, why: String?, then: @escaping (Result<Removal, Refusal>) -> Void) {
        guard let room = rooms[id] else { return then(.failure(Refusal(.notFound, "There is no room '\(id)'."))) }
        room.enqueue { [self] done in
            lookUp(seq, in: room) { [self] found in
                defer { done() }
                switch found {
                case .failure(let refusal): then(.failure(refusal))
                case .success(let message) where message.content == nil: then(.failure(.deleted))
                case .success(let message):
                    var undo = newUndo("message \(id):\(seq)")
                    undo.messages = [message]
                    record(change: .delete(of: seq, by: nil, why: why), of: message, in: room) { [self] in then(.success(keep(undo))) }
                }
            }
        }
    }

    /// Deletes everything that a person has said since (milliseconds since 1970), in every room.
    /// - Parameter then: called when all of it is stored
    package func purge(_ person: PersonID, since: Int64, then: @escaping (Result<Removal, Refusal>) -> Void) {
        takeOut(of: sortedRooms, newUndo("messages of \(person)"), person, since, everything: false, Outstanding(), then)
    }

    /// Puts back what a person has changed since (milliseconds since 1970), in every room: messages that they wrote or changed
    /// are deleted, their reactions are taken away, topics are what they were before, and mutes and bans of theirs are lifted.
    /// - Parameter then: called when all of it is stored
    package func rollBack(_ person: PersonID, since: Int64, then: @escaping (Result<Removal, Refusal>) -> Void) {
        takeOut(of: sortedRooms, newUndo("what \(person) did"), person, since, everything: true, Outstanding(), then)
    }

    private var sortedRooms: ArraySlice<Room> { rooms.values.sorted { $0.number < $1.number }[...] }

    private func newUndo(_ what: String) -> Undo {
        Undo(id: "x_" + randomID(length: 6, using: &generator), what: what, until: uptime + limits.undo)
    }

    /// One room after the other.
    private func takeOut(
        of rooms: ArraySlice<Room>, _ undo: Undo, _ person: PersonID, _ since: Int64, everything: Bool, _ outstanding: Outstanding,
        _ then: @escaping (Result<Removal, Refusal>) -> Void
    ) {
        guard let room = rooms.first else {
            let removal = keep(undo)
            return outstanding.wait { then(.success(removal)) }
        }
        room.enqueue { [self] done in
            let query = EventQuery(room: room.id, range: .by(person.text, since: since), limit: .max)
            read(query, in: room) { [self] found in
                defer { done() }
                guard case .success(let events) = found else {
                    // What was taken out of other rooms can be put back.
                    let removal = keep(undo)
                    return then(found.map { _ in removal })
                }
                var undo = undo
                for event in events {
                    let message = room.event(event.seq) ?? event
                    guard message.content != nil else { continue }
                    undo.messages.append(message)
                    outstanding.begin()
                    record(change: .delete(of: message.seq, by: nil, why: nil), of: message, in: room, ended: outstanding.end)
                }
                if everything { takeBack(events, of: person, since, in: room, &undo, outstanding) }
                takeOut(of: rooms.dropFirst(), undo, person, since, everything: everything, outstanding, then)
            }
        }
    }

    private func takeBack(_ events: [Event], of person: PersonID, _ since: Int64, in room: Room, _ undo: inout Undo, _ outstanding: Outstanding) {
        var standing: [String: Event] = [:]
        for event in events {
            if case .react(let of, _, let emoji, let on) = event.body { standing["\(of) \(emoji)"] = on ? event : nil }
        }
        for event in standing.values.sorted(by: { $0.seq < $1.seq }) {
            guard case .react(let of, let by, let emoji, _) = event.body else { continue }
            // With a deleted message its reactions have gone, and come back with it.
            if undo.messages.contains(where: { $0.room == room.id && $0.seq == of }) || room.event(of).map({ $0.content == nil }) ?? false { continue }
            undo.reactions.append(event)
            outstanding.begin()
            record(.react(of: of, by: by, emoji: emoji, on: false), in: room, ended: outstanding.end)
        }
        if let topic = events.first(where: { if case .topic = $0.body { true } else { false } }) {
            undo.topics.append((room.id, room.record.topic))
            outstanding.begin()
            setBack(topic, in: room, ended: outstanding.end)
        }
        for restriction in Array(room.bans.values) + Array(room.mutes.values) where restriction.by == person.text && restriction.at >= since {
            undo.restrictions.append(restriction)
            outstanding.begin()
            lift(restriction.kind, restriction.person, in: room.id, by: "console", then: outstanding.end)
        }
    }

    /// The topic that a room had before an event.
    private func setBack(_ event: Event, in room: Room, ended: @escaping () -> Void) {
        read(EventQuery(room: room.id, range: .topic(before: event.seq), limit: 1), in: room) { [self] found in
            guard case .success(let events) = found else { return ended() }
            var topic = ""
            if case .topic(let before, _)? = events.last?.body { topic = before }
            change(room, RoomChange(topic: topic), by: .console) { _ in ended() }
        }
    }

    // MARK: Undoing

    private func keep(_ undo: Undo) -> Removal {
        var removal = Removal(undo)
        var undo = undo
        undo.messages.removeAll { isErased($0) }
        undo.reactions.removeAll { isErased($0) }
        guard Removal(undo) != Removal() else { return removal }
        removal.undo = undo.id
        undoable.append(undo)
        after(limits.undo) { [self] in forget(undo.id) }
        return removal
    }

    func forget(_ id: String) {
        undoable.removeAll { $0.id == id }
        let files = parkedFiles.subtracting(undoable.flatMap(\.files))
        parkedFiles.subtract(files)
        if !files.isEmpty { removeFiles(files.sorted()) }
    }

    /// What can be put back, the latest first.
    package var undos: [(id: String, what: String, seconds: Int)] {
        undoable.reversed().map { ($0.id, $0.what, Int(max(0, $0.until - uptime)) / 1_000) }
    }

    /// Puts back what one of those commands took out. A refusal says why that is not possible.
    /// - Parameter then: called when all of it is stored
    package func undo(_ id: String, then: @escaping (Result<Removal, Refusal>) -> Void) {
        guard let undo = undoable.first(where: { $0.id == id }) else {
            return then(.failure(Refusal(.notFound, "Nothing can be put back under the id \(id): it is too late, or was done.")))
        }
        let outstanding = Outstanding()
        for message in undo.messages { restore(message, outstanding) }
        for event in undo.reactions {
            guard let room = rooms[event.room], case .react(let of, let by, let emoji, _) = event.body else { continue }
            outstanding.begin()
            room.enqueue { [self] done in
                defer { done() }
                if isErased(event) { return outstanding.end() }
                record(.react(of: of, by: by, emoji: emoji, on: true), in: room, ended: outstanding.end)
            }
        }
        for (id, topic) in undo.topics {
            guard let room = rooms[id] else { continue }
            outstanding.begin()
            change(room, RoomChange(topic: topic), by: .console) { _ in outstanding.end() }
        }
        for restriction in undo.restrictions { putBack(restriction, outstanding) }
        // They are shown again as soon as that is stored.
        parkedFiles.subtract(undo.files)
        forget(id)
        outstanding.wait { then(.success(Removal(undo))) }
    }

    /// A deleted message is there again, with its reactions.
    private func restore(_ message: Event, _ outstanding: Outstanding) {
        guard let room = rooms[message.room], let content = message.content else { return }
        outstanding.begin()
        room.enqueue { [self] done in
            lookUp(message.seq, in: room) { [self] found in
                defer {
                    outstanding.end()
                    done()
                }
                guard case .success(let now) = found, case .deleted = now.body else { return }
                outstanding.begin()
                record(change: .edit(of: message.seq, by: nil, content), of: now, in: room, ended: outstanding.end)
                for reaction in message.reactions {
                    for id in reaction.people where !isErased(PersonID(id)) {
                        let info = MemberInfo(id: id, name: people[PersonID(id)]?.name ?? id, color: defaultColor)
                        outstanding.begin()
                        record(.react(of: message.seq, by: info, emoji: reaction.emoji, on: true), in: room, ended: outstanding.end)
                    }
                }
            }
        }
    }

    private func putBack(_ restriction: Restriction, _ outstanding: Outstanding) {
        guard let room = rooms[restriction.room], !restriction.isOver(at: now), !isErased(restriction.person) else { return }
        outstanding.begin()
        stageForSure([.restrict(restriction)]) { _ in outstanding.end() }
        switch restriction.kind {
        case .ban: room.bans[restriction.person] = restriction
        case .mute: room.mutes[restriction.person] = restriction
        }
    }

    /// Nothing shows these files any more. Those that an undo may want back are removed when that is too late.
    package func unused(_ files: [String]) {
        let wanted = Set(undoable.flatMap(\.files))
        parkedFiles.formUnion(wanted.intersection(files))
        let rest = files.filter { !wanted.contains($0) }
        if !rest.isEmpty { removeFiles(rest) }
    }
}

extension Removal {
    fileprivate init(_ undo: Undo) {
        self.init(
            messages: undo.messages.count, reactions: undo.reactions.count, topics: undo.topics.count, restrictions: undo.restrictions.count)
    }
}

extension Undo {
    fileprivate var files: [String] {
        messages.compactMap { if case .gif(let gif, _)? = $0.content { gif.digest } else { nil } }
    }
}
