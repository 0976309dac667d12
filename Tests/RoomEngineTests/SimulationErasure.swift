import RoomEngine

extension TestJournal.Contents {
    mutating func erase(_ person: PersonID) -> [RoomID] {
        let shown = rooms.filter { $0.value.said.contains { $0.mentions(person) } }.map(\.key).sorted { $0.text < $1.text }
        for id in shown {
            guard var room = rooms[id] else { continue }
            let theirs = Set(room.said.filter { $0.isMessage && $0.author?.id == person.text }.map(\.seq))
            room.said = room.said.map { $0.erasing(person, theirs) }
            room.events = []
            for event in room.said {
                room.events.changeMessage(by: event)
                room.events.append(event)
            }
            room.numbers = room.numbers.filter { !$0.key.hasPrefix("\(person) ") }
            room.record?.epoch += "+"
            rooms[id] = room
        }
        for id in rooms.keys where rooms[id]?.record?.owner?.id == person.text { rooms[id]?.record?.owner = nil }
        held = held.filter { $0.value.event.author?.id != person.text }
        restrictions = restrictions.filter { $0.value.person != person }
        moderators = moderators.filter { $0.value.person != person }
        reports = reports.filter { $0.value.author.id != person.text && $0.value.by != person }
        people[person] = nil
        return shown
    }
}

extension Event {
    /// Whether it is of somebody, or names them.
    func mentions(_ person: PersonID) -> Bool {
        if author?.id == person.text { return true }
        return switch body {
        case .owner(let member): member?.id == person.text
        case .deleted(_, let by, _): by?.id == person.text
        default: false
        }
    }

    fileprivate func erasing(_ person: PersonID, _ messages: Set<Int64>) -> Event {
        let nobody = MemberInfo(id: Erased.id, name: Erased.name, color: Erased.color)
        var event = self
        if case .edit(let of, let by, _) = body, messages.contains(of) { event.body = .edit(of: of, by: by, nil) }
        guard mentions(person) else { return event }
        (event.cid, event.look) = (nil, nil)
        switch event.body {
        case .chat(_, _, let replyTo), .deleted(_, _, let replyTo): event.body = .deleted(from: nobody, by: nil, replyTo: replyTo)
        case .gif: event.body = .deleted(from: nobody, by: nil, replyTo: nil)
        case .join(_, let count): event.body = .join(nobody, count: count)
        case .exit(_, let count, let reason): event.body = .exit(nobody, count: count, reason: reason)
        case .name: event.body = .name(nobody, before: "")
        case .owner: event.body = .owner(nobody)
        case .topic: event.body = .topic("", by: nobody)
        case .role(_, let before): event.body = .role(nobody, before: before)
        case .edit(let of, _, _): event.body = .edit(of: of, by: nobody, nil)
        case .delete(let of, _, _): event.body = .delete(of: of, by: nobody, why: nil)
        case .react(let of, _, _, _): event.body = .react(of: of, by: nobody, emoji: "", on: false)
        case .system: break
        }
        return event
    }
}
