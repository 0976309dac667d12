import ChatText

extension Engine {
    // MARK: The start

    /// Takes up what the journal knew: rooms, restrictions, and people who were in rooms when the server died, whose exits
    /// are announced now.
    package func restore(_ snapshot: Snapshot) {
        for (record, head) in snapshot.rooms { add(Room(record, number: nextNumber(), head: head, keeping: snapshot.keeping[record.id] ?? Keeping())) }
        for restriction in snapshot.restrictions where !restriction.isOver(at: now) {
            guard let room = rooms[restriction.room] else { continue }
            switch restriction.kind {
            case .ban: room.bans[restriction.person] = restriction
            case .mute: room.mutes[restriction.person] = restriction
            }
        }
        for appointment in snapshot.moderators { rooms[appointment.room]?.moderators[appointment.person] = appointment.name }
        for message in snapshot.held where rooms[message.event.room] != nil { watch(message) }
        for report in snapshot.reports where rooms[report.room] != nil { reports[report.id] = report }
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
        beginForgetting()
    }

    private func add(_ room: Room) {
        rooms[room.id] = room
        roomsByNumber[room.number] = room
    }

    // MARK: Creating

    func create(_ wanted: NewRoom, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        create(wanted, owner: connection.person, by: .person(connection.person.id)) { [self] result in
            switch result {
            case .success(let room): outbox.send(.created(reference, room.info), to: connection.id)
            case .failure(let refusal): refuse(connection, reference, refusal)
            }
        }
    }

    /// Makes a room, for a person or (with no owner) for the console or a plugin.
    /// - Parameters:
    ///   - id: for a room of the configuration; else a random one
    ///   - by: who wants it; what a person or a plugin wants is asked about
    package func create(
        _ wanted: NewRoom, id: RoomID? = nil, owner: Person?, by: Actor = .console, then: @escaping (Result<Room, Refusal>) -> Void
    ) {
        if isDraining { return then(.failure(Refusal(.unavailable, "The server is about to restart.", retryAfter: 2))) }
        var wanted = wanted
        if let refusal = check(&wanted) { return then(.failure(refusal)) }
        guard by.isAsked else { return make(wanted, id, owner, then) }
        let payload = HookEvent.Payload.roomCreate(title: wanted.title, max: wanted.max, hasPassword: !(wanted.password ?? "").isEmpty)
        let event = HookEvent(.roomCreate, room: nil, person: owner, at: now, origin: by.origin, payload: payload)
        hooks.decide(event) { [self] decision in
            perform(decision.effects)
            if let refusal = decision.refusal { return then(.failure(refusal)) }
            guard case .roomCreate(let title, let max, _) = event.payload else { return }
            wanted.title = ChatText.normalizedName(title, maxCharacters: limits.title) ?? wanted.title
            wanted.max = max
            make(wanted, id, owner) { [self] result in
                then(result)
                if case .success = result { hooks.happened(event) }
            }
        }
    }

    /// What is wrong with a room that is wanted, if anything is. The title is then in its normal form.
    private func check(_ wanted: inout NewRoom) -> Refusal? {
        guard let title = ChatText.normalizedName(wanted.title, maxCharacters: limits.title) else {
            return Refusal(.badText, "A title has 1 to \(limits.title) visible characters.", field: "title")
        }
        wanted.title = title
        if let problem = problem(with: RoomChange(max: wanted.max, topic: wanted.topic, tags: wanted.tags)) { return problem }
        return rooms.count >= limits.rooms ? Refusal(.unavailable, "There are too many rooms already.") : nil
    }

    private func make(_ wanted: NewRoom, _ id: RoomID?, _ owner: Person?, _ then: @escaping (Result<Room, Refusal>) -> Void) {
        let id = id ?? newRoomID()
        guard let password = wanted.password, !password.isEmpty else { return make(id, wanted, nil, owner, then) }
        hash(password) { [self] hash in
            guard let hash else { return then(.failure(Refusal(.unavailable, "The server is busy. Try again.", retryAfter: 1))) }
            make(id, wanted, hash, owner, then)
        }
    }

    private func newRoomID() -> RoomID {
        while true {
            let id = RoomID(randomID(length: 6, using: &generator))
            if rooms[id] == nil { return id }
        }
    }

    private func make(
        _ id: RoomID, _ wanted: NewRoom, _ passwordHash: String?, _ owner: Person?, _ then: @escaping (Result<Room, Refusal>) -> Void
    ) {
        let record = RoomRecord(
            id: id, title: wanted.title, max: wanted.max, passwordHash: passwordHash, topic: wanted.topic, owner: nil,
            permanent: wanted.permanent, tags: wanted.tags, createdAt: now, epoch: randomID(length: 8, using: &generator))
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
                return then(.failure(.unstored))
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
        if let tags = change.tags, tags.count > limits.tags || !tags.allSatisfy(isTag) {
            return Refusal(.badRequest, "Tags are up to \(limits.tags) words of small letters, digits, '-' and '_'.", field: "tags")
        }
        return nil
    }

    private func isTag(_ word: String) -> Bool {
        (1...32).contains(word.utf8.count)
            && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
    }

    /// An owner changes their room.
    func set(_ change: RoomChange, of id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard checkRate(connection, reference) else { return }
        if let refusal = refusal(to: connection.person, below: .owner, in: id) { return refuse(connection, reference, refusal) }
        guard let room = rooms[id] else { return }
        self.change(room, change, by: .person(connection.person.id)) { [self] refusal in answer(refusal, connection, reference) }
    }

    /// Changes settings, if they can be so and no plugin is against a new topic. Whose they are to change has been checked.
    /// - Parameter then: called with nil when it is stored; it is in force before
    package func change(_ room: Room, _ change: RoomChange, by: Actor, then: @escaping (Refusal?) -> Void = { _ in }) {
        if let problem = problem(with: change) { return then(problem) }
        guard let topic = change.topic, topic != room.record.topic, by.isAsked else {
            return apply(change, to: room, by: by) { _ in then(nil) }
        }
        var asker: Person?
        if case .person(let id) = by { asker = people[id] }
        let payload = HookEvent.Payload.topic(from: room.record.topic, to: topic)
        let event = HookEvent(.topic, room: room, person: asker, at: now, origin: by.origin, payload: payload)
        hooks.decide(event) { [self] decision in
            if let refusal = decision.refusal {
                then(refusal)
                return perform(decision.effects)
            }
            guard case .topic(_, let topic) = event.payload, !room.isGone else { return then(Refusal(.notFound, "The room was removed.")) }
            var change = change
            change.topic = topic
            apply(change, to: room, by: by) { [self] seq in
                event.seq = seq
                hooks.happened(event)
                then(nil)
            }
            perform(decision.effects)
        }
    }

    /// - Parameter then: called when it is stored, with the number of the event that tells of a new topic, if there is one
    private func apply(_ change: RoomChange, to room: Room, by: Actor, then: @escaping (Int64?) -> Void) {
        if let title = change.title { room.record.title = ChatText.normalizedName(title, maxCharacters: limits.title) ?? title }
        if let max = change.max { room.record.max = max }
        if let slow = change.slow { room.record.slow = slow }
        if let locked = change.locked { room.record.locked = locked }
        if let tags = change.tags { room.record.tags = tags }
        if let topic = change.topic, topic != room.record.topic {
            room.record.topic = topic
            var author: MemberInfo?
            if case .person(let id) = by { author = room.members[id].map(room.info(of:)) }
            record(.topic(topic, by: author), in: room, and: [.room(room.record)]) { then($0.seq) }
        } else {
            stageForSure([.room(room.record)]) { _ in then(nil) }
        }
        roomChanged(room)
        var silent = change
        silent.topic = nil
        if silent != RoomChange() { outbox.publish(.settings(room.info), to: .room(room.id)) }
    }

    // MARK: Removing

    func remove(_ id: RoomID, _ connection: Connection, _ reference: Reference?) {
        guard let room = rooms[id] else { return refuse(connection, reference, Refusal(.notFound, "There is no such room.")) }
        guard room.role(of: connection.person) >= .owner || connection.person.isBot else { // Whose permission has been checked.
            return refuse(connection, reference, Refusal(.forbidden, "Only the room's owner may remove it."))
        }
        remove(room, reason: "owner") { [self] in outbox.send(.ok(reference, seq: nil), to: connection.id) }
    }

    /// Removes a room with everything in it. Whoever is there exits first.
    /// - Parameter reason: `empty`, `owner`, `console`, or what a plugin says
    package func remove(_ room: Room, onlyIfEmpty: Bool = false, reason: String, then: @escaping () -> Void = {}) {
        room.enqueue { [self] done in
            defer { done() }
            // Somebody may have come, or removed it, while this waited for its turn.
            if room.isGone || onlyIfEmpty && !room.members.isEmpty { return then() }
            room.isGone = true
            if let removal = room.removal { cancel(removal) }
            for member in room.ordered { exit(member, from: room, .roomRemoved) }
            end(room, reason, then)
        }
    }

    /// Removes a room once those who are in it have left.
    private func end(_ room: Room, _ reason: String, _ then: @escaping () -> Void) {
        room.enqueue { [self] done in
            // While there is still a room to look at.
            hooks.happened(HookEvent(.roomRemove, room: room, person: nil, at: now, origin: .server, payload: .roomRemove(reason: reason)))
            rooms[room.id] = nil
            forgetReviews(of: room)
            for (id, report) in reports where report.room == room.id { reports[id] = nil }
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
            remove(room, onlyIfEmpty: true, reason: "empty")
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
