extension Engine {
    /// Does what plugins or the console want done. Who may ask for what has been checked before.
    /// - Parameter seq: the number of the message that they were asked for about, if that is stored now
    package func perform(_ effects: [Effect], about seq: Int64? = nil) {
        for effect in effects { perform(effect, seq) }
    }

    private func perform(_ effect: Effect, _ seq: Int64?) {
        switch effect {
        case .tell(let person, let room, let text, let by): tell(person, room, text, by: by.text)
        case .say(let room, let text, let by, let hops, let name): say(text, in: room, by: by, hops: hops, name: name)
        case .edit(let room, let name, let text, let by, let hops): edit(name, text, in: room, by: by, hops: hops)
        case .react(let room, let of, let emoji, let by, let hops):
            if let of = of ?? seq { react(to: of, emoji, in: room, by: by, hops: hops) }
        case .redact(let room, let seq, let why, let by, let hops): delete(seq, why: why, in: room, by: by, hops: hops)
        case .system(let room, let text, let key, let values, let by, let hops):
            system(text, key: key, values: values, in: room, origin: .plugin(by, hops: hops))
        case .whisper(let person, let room, let text, let by): whisper(text, to: person, in: room, by: by)
        case .moderate(let wanted): moderate(wanted) { [self] refusal in tell(wanted.by, refusal, in: wanted.room) }
        case .unmute(let room, let person, let by): lift(.mute, person, in: room, by: by.name)
        case .unban(let room, let person, let by): lift(.ban, person, in: room, by: by.name)
        case .rename(let person, let name, let by):
            if let person = people[person] { rename(person, to: name, by: by) }
        case .transfer(let room, let person, let by):
            give(.owner, to: person, in: room, by: by) { [self] refusal in tell(by, refusal, in: room) }
        case .change(let room, let change, let by):
            if let room = rooms[room] { self.change(room, change, by: by) { [self] refusal in tell(by, refusal, in: room.id) } }
        case .remove(let room, let reason):
            if let room = rooms[room] { remove(room, reason: reason) }
        case .approve(let id, let by): approve(id, by: by)
        case .refuse(let id, let why, let by): refuse(id, why: why, by: by)
        case .store(let change): stageForSure([.store(change)])
        case .schedule(let change): stageForSure([.schedule(change)])
        }
    }

    /// Tells one person something, on those of their connections that are in the room, or on all.
    package func tell(_ id: PersonID, _ room: RoomID?, _ text: LocalizedText, by: String) {
        guard let person = people[id] else { return }
        if let room, let member = rooms[room]?.members[id] {
            member.keep(.notice(Notice(room: room, at: now, text: text, by: by)))
        }
        for connection in person.connections {
            let places: [RoomID?] = room.map { connection.rooms.contains($0) ? [$0] : [] } ?? (connection.rooms.isEmpty ? [nil] : connection.rooms.map(Optional.some))
            for place in places { outbox.send(.notice(Notice(room: place, at: now, text: text, by: by)), to: connection.id) }
        }
    }

    /// Tells a person on whose behalf a plugin wanted something why it was not done.
    private func tell(_ actor: Actor, _ refusal: Refusal?, in room: RoomID) {
        if case .person(let id) = actor, let refusal { tell(id, room, LocalizedText(refusal.text), by: refusal.by ?? "server") }
    }

    /// A plugin's message to a room. Plugins that ask to see others' output may stop it.
    /// - Parameter name: what the plugin calls it: what is there under that name already is not said again
    private func say(_ text: String, in id: RoomID, by plugin: PluginID, hops: Int, name: String?) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            let event = HookEvent(
                .chat, room: room, person: nil, at: now, origin: .plugin(plugin, hops: hops), payload: .chat(text: text, replyTo: nil))
            decide(event, in: room, done) { [self] decision in
                if decision.refusal == nil, !room.isGone, let body = event.body(by: MemberInfo(plugin)) {
                    record(body, cid: name, look: event.look, in: room) { [self] stored in
                        event.seq = stored.seq
                        hooks.happened(event)
                    }
                }
                perform(decision.effects)
            }
        }
    }

    /// A system message to a room: a plugin's, the console's or the server's own.
    package func system(_ text: LocalizedText, key: String?, values: [String: String] = [:], in id: RoomID, origin: Origin) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            let payload = HookEvent.Payload.system(text, key: key, values: values)
            let event = HookEvent(.system, room: room, person: nil, at: now, origin: origin, payload: payload)
            hooks.decide(event) { [self] decision in
                if decision.refusal == nil, !room.isGone, case .system(let text, let key, _) = event.payload {
                    record(.system(text, key: key, by: origin.name), in: room) { [self] stored in
                        event.seq = stored.seq
                        hooks.happened(event)
                    }
                }
                perform(decision.effects)
                done()
            }
        }
    }
}

extension Origin {
    /// Who spoke, as a system message says it.
    var name: String {
        switch self {
        case .plugin(let id, _): id.text
        case .person, .console, .server: "server"
        }
    }
}
