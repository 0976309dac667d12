/// Somebody is forgotten. The journal does most of it; the engine sees to what is in memory and to whom it was shown.
extension Engine {
    /// Whether somebody is being erased, or has been since the start. What was under way then must not bring them back.
    package func isErased(_ person: PersonID) -> Bool { erased.contains(person) }

    /// They leave every room, and their connections end. `then` is called once nothing of that is to be stored any more.
    package func beginErasing(_ id: PersonID, then: @escaping () -> Void) {
        erased.insert(id)
        let outstanding = Outstanding()
        for message in held.values where message.event.author?.id == id.text {
            held[message.id] = nil
            stageForSure([.unhold(message.id)])
            if let room = rooms[message.event.room] { forget(message.id, in: room, "withdrawn") }
        }
        for (report, about) in reports where about.author.id == id.text || about.by == id { reports[report] = nil }
        // What was taken out of theirs cannot be put back.
        for undo in undoable where undo.isAbout(id) { forget(undo.id) }
        for (number, whisper) in heldWhispers where whisper.from.id == id.text || whisper.to == id { heldWhispers[number] = nil }
        if let person = people[id] {
            for room in person.rooms.compactMap({ rooms[$0] }) {
                guard let member = room.members[id] else { continue }
                outstanding.begin()
                exit(member, from: room, .left, then: outstanding.end)
            }
            for connection in person.connections { outbox.close(connection.id, Closing(.kicked, "Everything about you here was erased.")) }
        }
        outstanding.wait(then: then)
    }

    /// They are gone from the journal. Rooms that showed them begin a new epoch: whoever has seen them comes back, is told to
    /// forget it, and gets the room as it is now.
    package func endErasing(_ id: PersonID, _ shown: [RoomID]) {
        for room in rooms.values.sorted(by: { $0.number < $1.number }) {
            room.bans[id] = nil
            room.mutes[id] = nil
            room.moderators[id] = nil
            let isOwner = room.record.owner?.id == id.text
            if isOwner { room.record.owner = nil }
            guard isOwner || shown.contains(room.id) else { continue }
            room.record.epoch = randomID(length: 8, using: &generator)
            stageForSure([.room(room.record)])
            room.unload()
            roomChanged(room)
            let closing = Closing(.draining, "What this room shows has changed.", retryAfter: 0)
            // Those among them whose exit is not stored yet: they hear it still.
            for connection in connections.values.sorted(by: { $0.id.number < $1.id.number }) where connection.rooms.contains(room.id) {
                outbox.close(connection.id, closing)
            }
        }
    }
}

extension Undo {
    /// Whether it would bring something back that somebody wrote or did.
    fileprivate func isAbout(_ person: PersonID) -> Bool { (messages + reactions).contains { $0.author?.id == person.text } }
}
