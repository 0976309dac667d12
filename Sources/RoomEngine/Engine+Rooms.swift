import ChatText

extension Engine {
    // MARK: The start

    /// Takes up what the journal knew: rooms, restrictions, and people who were in rooms when the server died, whose exits
    /// are announced now.
    package func restore(_ snapshot: Snapshot) {
        for (record, head) in snapshot.rooms { add(Room(record, number: nextNumber(), head: head)) }
        for restriction in snapshot.restrictions where !restriction.isOver(at: now) {
            guard let room = rooms[restriction.room] else { continue }
            switch restriction.kind {
            case .ban: room.bans[restriction.person] = restriction
            case .mute: room.mutes[restriction.person] = restriction
            }
        }
        for message in snapshot.held where rooms[message.event.room] != nil { watch(message) }
        for presence in snapshot.present {
            guard let room = rooms[presence.room] else { continue }
            let person = PersonID(presence.member.id)
            let body = Event.Body.exit(presence.member, count: 0, reason: .crash)
            record(body, in: room, and: [.absent(room: room.id, person: person)]) { [self] event in
                let record = PersonRecord(id: person, name: presence.member.name, colorSeed: "", createdAt: presence.joinedAt)
                let gone = Person(record, number: nextNumber(), locale: "en", sending: TokenBucket(burst: 0, at: uptime))
                let seconds = Int((event.at - presence.joinedAt) / 1_000)
                let payload = HookEvent.Payload.exit(reason: .crash, by: nil, seconds: seconds)
                hooks.happened(HookEvent(.exit, room: room, person: gone, at: event.at, origin: .server, payload: payload))
            }
        }
        for room in rooms.values.sorted(by: { $0.number < $1.number }) { scheduleRemovalIfEmpty(room) }
    }

    private func add(_ room: Room) {
        rooms[room.id] = room
        roomsByNumber[room.number] = room
    }

    // MARK: Creating

    func create(_ wanted: NewRoom, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        create(wanted, owner: connection.person) { [self] result in
            switch result {
            case .success(let room): outbox.send(.created(reference, room.info), to: connection.id)
            case .failure(let refusal): refuse(connection, reference, refusal)
            }
        }
    }

    /// Makes a room, for a person or (with no owner) for the console.
    /// - Parameter id: for a room of the configuration; else a random one
    package func create(_ wanted: NewRoom, id: RoomID? = nil, owner: Person?, then: @escaping (Result<Room, Refusal>) -> Void) {
        if isDraining { return then(.failure(Refusal(.unavailable, "The server is about to restart.", retryAfter: 2))) }
        guard let title = ChatText.normalizedName(wanted.title, maxCharacters: limits.title) else {
            return then(.failure(Refusal(.badText, "A title has 1 to \(limits.title) visible characters.", field: "title")))
        }
        guard (limits.smallestRoom...limits.largestRoom).contains(wanted.max) else {
            let text = "A room is for \(limits.smallestRoom) to \(limits.largestRoom) people."
            return then(.failure(Refusal(.badRequest, text, field: "max")))
        }
        if rooms.count >= limits.rooms { return then(.failure(Refusal(.unavailable, "There are too many rooms already."))) }
        let id = id ?? newRoomID()
        guard let password = wanted.password, !password.isEmpty else { return create(id, wanted, title, nil, owner, then) }
        hash(password) { [self] hash in
            guard let hash else { return then(.failure(Refusal(.unavailable, "The server is busy. Try again.", retryAfter: 1))) }
            create(id, wanted, title, hash, owner, then)
        }
    }

    private func newRoomID() -> RoomID {
        while true {
            let id = RoomID(randomID(length: 6, using: &generator))
            if rooms[id] == nil { return id }
        }
    }

    private func create(
        _ id: RoomID, _ wanted: NewRoom, _ title: String, _ passwordHash: String?, _ owner: Person?, _ then: @escaping (Result<Room, Refusal>) -> Void
    ) {
        let record = RoomRecord(
            id: id, title: title, max: wanted.max, passwordHash: passwordHash, topic: wanted.topic, owner: nil,
            permanent: wanted.permanent, createdAt: now, epoch: randomID(length: 8, using: &generator))
        let room = Room(record, number: nextNumber(), head: 0)
        guard let owner else { return store(room, then) }
        decideColor(of: owner, in: room) { [self] color in
            room.record.owner = MemberInfo(id: owner.id.text, name: owner.name, color: color, role: .owner)
            store(room, then)
        }
    }

    private func store(_ room: Room, _ then: @escaping (Result<Room, Refusal>) -> Void) {
        stage([.room(room.record)]) { [self] result in
            guard case .stored = result else {
                return then(.failure(Refusal(.unavailable, "The server cannot store this now. Try again later.", retryAfter: 5)))
            }
            add(room)
            outbox.publish(.roomAdded(room.info), to: .lobby)
            scheduleRemovalIfEmpty(room)
            then(.success(room))
        }
    }

    // MARK: Changing

    /// What is wrong with new values for a room's settings, if anything is.
    package func problem(with change: RoomChange) -> Refusal? {
        if let title = change.title, ChatText.normalizedName(title, maxCharacters: limits.title) == nil {
            return Refusal(.badText, "A title has 1 to \(limits.title) visible characters.", field: "title")
        }
        if let max = change.max, !(limits.smallestRoom...limits.largestRoom).contains(max) {
            return Refusal(.badRequest, "A room is for \(limits.smallestRoom) to \(limits.largestRoom) people.", field: "max")
        }
        if let topic = change.topic, !topic.isEmpty, ChatText.problem(inMessage: topic, maxCharacters: limits.topic) != nil {
            return Refusal(.badText, "A topic has at most \(limits.topic) characters.", field: "topic")
        }
        if let slow = change.slow, !(0...86_400).contains(slow) {
            return Refusal(.badRequest, "Slow mode is 0 to 86400 seconds.", field: "slow")
        }
        return nil
    }

    /// Changes settings that have been checked to be the changer's to change.
    package func change(_ room: Room, _ change: RoomChange, by: MemberInfo?) {
        if let title = change.title { room.record.title = title }
        if let max = change.max { room.record.max = max }
        if let slow = change.slow { room.record.slow = slow }
        if let locked = change.locked { room.record.locked = locked }
        if let topic = change.topic, topic != room.record.topic {
            room.record.topic = topic
            record(.topic(topic, by: by), in: room, and: [.room(room.record)])
        } else {
            stageForSure([.room(room.record)])
        }
        roomChanged(room)
    }

    // MARK: Removing

    func remove(_ id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard let room = rooms[id] else { return refuse(connection, reference, Refusal(.notFound, "There is no such room.")) }
        guard room.role(of: connection.person) >= .owner else {
            return refuse(connection, reference, Refusal(.forbidden, "Only the room's owner may remove it."))
        }
        remove(room) { [self] in outbox.send(.ok(reference, seq: nil), to: connection.id) }
    }

    /// Removes a room with everything in it. Whoever is there exits first.
    package func remove(_ room: Room, onlyIfEmpty: Bool = false, then: @escaping () -> Void = {}) {
        room.enqueue { [self] done in
            defer { done() }
            // Somebody may have come, or removed it, while this waited for its turn.
            if room.isGone || onlyIfEmpty && !room.members.isEmpty { return then() }
            room.isGone = true
            if let removal = room.removal { cancel(removal) }
            for member in room.ordered { exit(member, from: room, .roomRemoved) }
            end(room, then)
        }
    }

    /// Removes a room once those who are in it have left.
    private func end(_ room: Room, _ then: @escaping () -> Void) {
        room.enqueue { [self] done in
            rooms[room.id] = nil
            for (id, message) in held where message.event.room == room.id { held[id] = nil }
            roomsByNumber[room.number] = nil
            changedRooms.remove(room.id)
            outbox.publish(.roomRemoved(room.id), to: .lobby)
            stageForSure([.roomRemoved(room.id)]) { _ in then() }
            done()
        }
    }

    /// A room that people made goes when nobody has been there for the grace time.
    func scheduleRemovalIfEmpty(_ room: Room) {
        guard room.members.isEmpty else { return }
        room.unload()
        guard !room.record.permanent, !room.isGone, room.removal == nil, !isDraining else { return }
        room.removal = after(limits.roomGrace) { [self] in
            room.removal = nil
            remove(room, onlyIfEmpty: true)
        }
    }

    // MARK: The lobby

    func lobby(_ watch: Bool, _ connection: Connection, _ reference: Reference?) {
        if !watch {
            connection.watchesLobby = false
            outbox.detach(connection.id, from: .lobby)
            return outbox.send(.ok(reference, seq: nil), to: connection.id)
        }
        tellLobbyOfChanges()
        outbox.send(.rooms(reference, listing), to: connection.id)
        guard !connection.watchesLobby else { return }
        connection.watchesLobby = true
        outbox.attach(connection.id, to: .lobby)
    }

    /// The rooms, those with most people first.
    package var listing: [RoomInfo] {
        rooms.values.map(\.info).sorted { ($1.count, $0.createdAt, $0.id.text) < ($0.count, $1.createdAt, $1.id.text) }
    }

    /// The lobby hears of a changed room soon, and of many changes at once.
    func roomChanged(_ room: Room) {
        guard !room.isGone else { return }
        if changedRooms.isEmpty { after(limits.lobbyInterval) { [self] in tellLobbyOfChanges() } }
        changedRooms.insert(room.id)
    }

    private func tellLobbyOfChanges() {
        for id in changedRooms.sorted(by: { $0.text < $1.text }) {
            if let room = rooms[id] { outbox.publish(.roomChanged(room.info), to: .lobby) }
        }
        changedRooms = []
    }
}
