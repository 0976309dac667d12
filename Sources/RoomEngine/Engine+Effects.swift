extension Engine {
    /// Does what plugins or the console want done. Who may ask for what has been checked before.
    package func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .tell(let person, let room, let text, let by): tell(person, room, text, by: by.text)
        case .say(let room, let text, let by, let hops): say(text, in: room, by: by, hops: hops)
        case .system(let room, let text, let key, let by, let hops):
            system(text, key: key, in: room, origin: .plugin(by, hops: hops))
        case .mute(let room, let person, let seconds, let reason, let by):
            restrict(.mute, person, in: room, seconds: seconds, reason: reason, by: by)
        case .unmute(let room, let person): lift(.mute, person, in: room)
        case .ban(let room, let person, let seconds, let reason, let by):
            restrict(.ban, person, in: room, seconds: seconds, reason: reason, by: by)
        case .unban(let room, let person): lift(.ban, person, in: room)
        case .kick(let room, let person, let reason, let by): kick(person, from: room, reason: reason, by: by)
        case .transfer(let room, let person):
            if let room = rooms[room], let member = room.members[person] { own(room, member) }
        case .change(let room, let change, _):
            if let room = rooms[room] { self.change(room, change, by: nil) }
        case .approve(let id, let by): _ = approve(id, by: by)
        case .refuse(let id, let why, let by): _ = refuse(id, why: why, by: by)
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

    /// A plugin's message to a room. Plugins that ask to see others' output may stop it.
    private func say(_ text: String, in id: RoomID, by plugin: PluginID, hops: Int) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            let event = HookEvent(
                .chat, room: room, person: nil, at: now, origin: .plugin(plugin, hops: hops), payload: .chat(text: text, replyTo: nil))
            hooks.decide(event) { [self] decision in
                let bot = MemberInfo(id: "plugin:\(plugin)", name: plugin.text, color: defaultColor, isBot: true)
                if decision.refusal == nil, !room.isGone, let body = event.body(by: bot) {
                    record(body, in: room) { [self] stored in
                        event.seq = stored.seq
                        hooks.happened(event)
                    }
                }
                perform(decision.effects)
                done()
            }
        }
    }

    /// A system message to a room: a plugin's, the console's or the server's own.
    package func system(_ text: LocalizedText, key: String?, in id: RoomID, origin: Origin) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            let event = HookEvent(.system, room: room, person: nil, at: now, origin: origin, payload: .system(text, key: key))
            hooks.decide(event) { [self] decision in
                if decision.refusal == nil, !room.isGone, case .system(let text, let key) = event.payload {
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

    // MARK: Moderation

    /// Mutes or bans a person in a room; for good if `seconds` is nil.
    package func restrict(_ kind: Restriction.Kind, _ person: PersonID, in id: RoomID, seconds: Double?, reason: String, by: String) {
        guard let room = rooms[id] else { return }
        let name = people[person]?.name ?? person.text
        let until = seconds.map { now + Int64($0 * 1_000) }
        let restriction = Restriction(kind: kind, room: id, person: person, name: name, until: until, reason: reason, by: by, at: now)
        stageForSure([.restrict(restriction)])
        switch kind {
        case .mute: room.mutes[person] = restriction
        case .ban:
            room.bans[person] = restriction
            if let member = room.members[person] { exit(member, from: room, .banned, by: by) }
        }
    }

    package func lift(_ kind: Restriction.Kind, _ person: PersonID, in id: RoomID) {
        guard let room = rooms[id] else { return }
        switch kind {
        case .mute: room.mutes[person] = nil
        case .ban: room.bans[person] = nil
        }
        stageForSure([.lift(kind, room: id, person: person)])
    }

    /// Asks a person to leave, and keeps them out for a while.
    package func kick(_ person: PersonID, from id: RoomID, reason: String, by: String) {
        guard let room = rooms[id], let member = room.members[person] else { return }
        let until = now + limits.kickedFor
        let stay = Restriction(
            kind: .ban, room: id, person: person, name: member.person.name, until: until, reason: reason, by: by, at: now)
        if room.bans[person].map({ $0.until != nil && $0.until! < until }) ?? true {
            room.bans[person] = stay
            stageForSure([.restrict(stay)])
        }
        exit(member, from: room, .kicked, by: by)
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
