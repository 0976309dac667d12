import ChatText

/// Changes of messages after they were sent. Each is an event of its own in the room's sequence, stored before it is shown.
extension Engine {
    /// A person changes what they wrote.
    func edit(_ edit: Command.Edit, _ connection: Connection, _ reference: Reference?) {
        let wanted = Change(room: edit.room, of: edit.of, kind: .edit, cid: edit.cid)
        change(wanted, connection, reference) { [self] in
            ChatText.problem(inMessage: edit.text, maxCharacters: limits.text).map {
                Refusal($0 == .tooLong ? .tooLong : .badText, $0.sentence(limit: limits.text), field: "text")
            }
        } as: { [self] message, member, room throws(Refusal) -> HookEvent.Payload? in
            if let refusal = refusal(toEdit: message, by: member.person.id.text) { throw refusal }
            return message.content?.text == edit.text ? nil : .edit(message: message, text: edit.text)
        }
    }

    /// A person takes back what they wrote, or a moderator what somebody did.
    func delete(_ deletion: Command.Deletion, _ connection: Connection, _ reference: Reference?) {
        let wanted = Change(room: deletion.room, of: deletion.of, kind: .delete, cid: deletion.cid)
        change(wanted, connection, reference) { [self] in
            problem(withReason: deletion.why)
        } as: { message, member, room throws(Refusal) -> HookEvent.Payload? in
            let mayRedact = member.person.permissions?.contains(.historyRedact) ?? (room.role(of: member.person) >= .moderator)
            guard message.author?.id == member.person.id.text || mayRedact else {
                throw Refusal(.forbidden, "Only its author and the room's moderators may delete a message.")
            }
            return message.content == nil ? nil : .delete(message: message, why: deletion.why)
        }
    }

    /// A person puts an emoji under a message, or takes theirs away.
    func react(_ reaction: Command.React, _ connection: Connection, _ reference: Reference?) {
        let emoji = ChatText.emoji(reaction.emoji)
        let wanted = Change(room: reaction.room, of: reaction.of, kind: .react, cid: reaction.cid)
        change(wanted, connection, reference) {
            emoji == nil ? Refusal(.badText, "A reaction is one emoji.", field: "emoji") : nil
        } as: { [self] message, member, room throws(Refusal) -> HookEvent.Payload? in
            guard let emoji else { return nil }
            return try react(to: message, emoji, reaction.on, by: member.person.id.text)
        }
    }

    private func react(to message: Event, _ emoji: String, _ on: Bool, by person: String) throws(Refusal) -> HookEvent.Payload? {
        if message.content == nil { throw .deleted }
        let there = message.reactions
        if there.has(emoji, of: person) == on { return nil }
        if on, there.count >= limits.reactions, !there.contains(where: { $0.emoji == emoji }) {
            throw Refusal(.tooLong, "A message has at most \(limits.reactions) different reactions.", field: "emoji")
        }
        if on, there.count(of: person) >= limits.reactionsOfOne {
            throw Refusal(.tooLong, "You can react to a message with at most \(limits.reactionsOfOne) emoji.", field: "emoji")
        }
        return .react(message: message, emoji: emoji, on: on)
    }

    /// Why the person may not change a message now.
    private func refusal(toEdit message: Event, by person: String) -> Refusal? {
        if message.author?.id != person { return Refusal(.forbidden, "Only its author may change a message.") }
        if message.content == nil { return .deleted }
        if limits.editWindow == 0 || now - message.at > limits.editWindow { return Refusal(.forbidden, "It is too late to change this message.") }
        return nil
    }

    func problem(withReason why: String?) -> Refusal? {
        guard let why, !why.isEmpty, let problem = ChatText.problem(inMessage: why, maxCharacters: limits.reason) else { return nil }
        return Refusal(problem == .tooLong ? .tooLong : .badText, problem.sentence(limit: limits.reason), field: "why")
    }

    // MARK: The way of a change

    /// What a person wants changed.
    private struct Change {
        let room: RoomID
        let of: Int64
        let kind: HookKind
        let cid: String?
    }

    /// Looks the message up in the room's order, asks the plugins, stores the change, shows it to the room and answers.
    /// - Parameters:
    ///   - check: whether what was asked for makes sense at all
    ///   - payload: whether this member may change that message so; nil if there is nothing to change
    private func change(
        _ wanted: Change, _ connection: Connection, _ reference: Reference?, check: () -> Refusal?,
        as payload: @escaping (_ message: Event, Member, Room) throws(Refusal) -> HookEvent.Payload?
    ) {
        guard let (room, member) = seat(of: connection, in: wanted.room, sending: wanted.cid, reference) else { return }
        if answersAgain(wanted.cid, connection, reference, room) { return }
        guard checkRate(connection, reference) else { return }
        if let refusal = check() { return refuse(connection, reference, refusal) }
        let key = wanted.cid.map { Room.MessageKey(author: member.person.id.text, cid: $0) }
        let answer = answering(key, in: room, connection, reference)
        room.enqueue(for: member) { [self] done in
            if let refusal = refusal(to: wanted.kind, member, room) {
                answer { .refused($0, refusal) }
                return done()
            }
            lookUp(wanted.of, in: room) { [self] found in
                do throws(Refusal) {
                    guard let payload = try payload(try found.get(), member, room) else {
                        answer { .ok($0, seq: nil) }
                        return done()
                    }
                    let event = HookEvent(
                        wanted.kind, room: room, person: member.person, at: now, origin: .person, connection: connection.id, payload: payload)
                    decide(event, cid: wanted.cid, by: member, in: room, answer, done)
                } catch {
                    answer { .refused($0, error) }
                    done()
                }
            }
        }
    }

    /// Somebody who is muted may take back what they said, and nothing else.
    private func refusal(to kind: HookKind, _ member: Member, _ room: Room) -> Refusal? {
        kind == .delete ? refusal(toAct: member, room) : refusal(toSpeak: member, room)
    }

    private func decide(
        _ event: HookEvent, cid: String?, by member: Member, in room: Room, _ answer: @escaping ((Reference?) -> Message) -> Void,
        _ done: @escaping () -> Void
    ) {
        hooks.decide(event) { [self] decision in
            switch decision.outcome {
            case .drop(_, silent: true):
                answer { .ok($0, seq: nil) }
                perform(decision.effects)
            case .drop(let refusal, _), .deny(let refusal):
                answer { .refused($0, refusal) }
                perform(decision.effects)
            case .hold(let reason, let seconds, let by):
                hold(event, cid: cid, by: member, reason, plugin: by, seconds: seconds, answer) { [self] in perform(decision.effects) }
            case .pass, .redirect, .color, .owner:
                // Handlers may have waited: the person may be muted or banned by now.
                if let refusal = refusal(to: event.kind, member, room) {
                    answer { .refused($0, refusal) }
                } else {
                    store(event, cid: cid, by: room.info(of: member), decision.effects) { result in
                        switch result {
                        case .stored(let seqs): answer { .ok($0, seq: seqs[0]) }
                        case .duplicate(let seq): answer { .ok($0, seq: seq) }
                        case .failed: answer { .refused($0, .unstored) }
                        }
                    }
                }
            }
            done()
        }
    }

    /// Stores a change that has passed; then everyone sees it, and the plugins hear that it happened.
    private func store(_ passed: HookEvent, cid: String?, by: MemberInfo, _ effects: [Effect], answer: @escaping (CommitResult) -> Void) {
        guard let room = passed.room, let body = passed.body(by: by), let message = passed.message else { return }
        var event = Event(room: room.id, at: passed.at, body: body, cid: cid)
        room.willChange(message, by: event)
        stage([.event(event)]) { [self] result in
            room.hasChanged(message.seq)
            if case .stored(let seqs) = result { event.seq = seqs[0] }
            answer(result)
            guard event.seq > 0 else { return }
            passed.seq = event.seq
            publish(event, in: room)
            perform(effects, about: message.seq)
            hooks.happened(passed)
        }
    }

    /// Stores a change that nobody can refuse, and shows it.
    func record(
        change body: Event.Body, of message: Event, in room: Room, and writes: [JournalWrite] = [], then: @escaping () -> Void = {},
        ended: @escaping () -> Void = {}
    ) {
        room.willChange(message, by: Event(room: room.id, at: now, body: body))
        record(
            body, in: room, and: writes,
            then: { _ in
                room.hasChanged(message.seq)
                then()
            }, ended: ended)
    }

    // MARK: Looking up

    /// The message with that number as it is now. To be called within the room's line, so that nothing changes it meanwhile.
    func lookUp(_ seq: Int64, in room: Room, then: @escaping (Result<Event, Refusal>) -> Void) {
        let unknown = Refusal(.notFound, "There is no message with the number \(seq) in this room.", field: "of")
        guard (1...max(1, room.head)).contains(seq) else { return then(.failure(unknown)) }
        if let event = room.event(seq) {
            if isErased(event) { return then(.failure(.deleted)) }
            return then(event.isMessage ? .success(event) : .failure(unknown))
        }
        read(EventQuery(room: room.id, range: .before(seq + 1), limit: 1), in: room) { [self] found in
            then(found.flatMap { events in
                guard let event = events.first, event.seq == seq, event.isMessage else { return .failure(unknown) }
                return isErased(event) ? .failure(.deleted) : .success(room.event(seq) ?? event)
            })
        }
    }

    /// Whether it is of somebody who is being erased: the journal has it no more, or soon will not.
    func isErased(_ event: Event) -> Bool { event.author.map { isErased(PersonID($0.id)) } ?? false }

    /// Carries out a held change that a moderator has approved, unless the message is gone meanwhile.
    /// - Parameter writes: what is stored with it
    func carryOut(_ change: Event, in room: Room, and writes: [JournalWrite], then: @escaping (Refusal?) -> Void) {
        guard let target = change.target else { return then(nil) }
        room.enqueue { [self] done in
            lookUp(target, in: room) { [self] found in
                defer { done() }
                switch found {
                case .failure(let refusal): then(refusal)
                case .success(let message) where message.content == nil: then(.deleted)
                case .success(let message): record(change: change.body, of: message, in: room, and: writes, then: { then(nil) })
                }
            }
        }
    }
}

extension Refusal {
    static let deleted = Refusal(.notFound, "The message was deleted.", field: "of")
    static let left = Refusal(.notMember, "You are not in the room any more.")
    static let unstored = Refusal(.unavailable, "The server cannot store this now. Try again later.", retryAfter: 5)
}

// MARK: What plugins do to messages

extension Engine {
    /// A plugin changes a message of its own.
    func edit(_ name: MessageName, _ text: String, in id: RoomID, by plugin: PluginID, hops: Int) {
        let bot = MemberInfo(plugin)
        change(name, in: id, by: plugin, hops: hops, .edit) { message in
            message.author?.id == bot.id && message.content != nil && message.content?.text != text ? .edit(message: message, text: text) : nil
        }
    }

    func react(to seq: Int64, _ emoji: String, in id: RoomID, by plugin: PluginID, hops: Int) {
        change(.number(seq), in: id, by: plugin, hops: hops, .react) { [self] message in
            try? react(to: message, emoji, true, by: MemberInfo(plugin).id)
        }
    }

    func delete(_ seq: Int64, why: String?, in id: RoomID, by plugin: PluginID, hops: Int) {
        change(.number(seq), in: id, by: plugin, hops: hops, .delete) { message in
            message.content == nil ? nil : .delete(message: message, why: why)
        }
    }

    /// Other plugins that ask to see what plugins do may stop it.
    private func change(
        _ name: MessageName, in id: RoomID, by plugin: PluginID, hops: Int, _ kind: HookKind, as payload: @escaping (Event) -> HookEvent.Payload?
    ) {
        guard let room = rooms[id] else { return }
        room.enqueue { [self] done in
            lookUp(name, of: plugin, in: room) { [self] found in
                guard case .success(let message) = found, let payload = payload(message) else { return done() }
                let event = HookEvent(kind, room: room, person: nil, at: now, origin: .plugin(plugin, hops: hops), payload: payload)
                hooks.decide(event) { [self] decision in
                    if decision.refusal == nil, !room.isGone {
                        store(event, cid: nil, by: MemberInfo(plugin), []) { _ in }
                    }
                    perform(decision.effects)
                    done()
                }
            }
        }
    }

    private func lookUp(_ name: MessageName, of plugin: PluginID, in room: Room, then: @escaping (Result<Event, Refusal>) -> Void) {
        switch name {
        case .number(let seq): lookUp(seq, in: room, then: then)
        case .own(let name):
            let author = MemberInfo(plugin).id
            if let seq = room.number(of: Room.MessageKey(author: author, cid: name)) { return lookUp(seq, in: room, then: then) }
            find(EventQuery(room: room.id, range: .sent(by: PersonID(author), cid: name), limit: 1)) { [self] found in
                guard case .success(let events) = found, let event = events.first else {
                    return then(.failure(Refusal(.notFound, "There is no message of that name.")))
                }
                lookUp(event.seq, in: room, then: then)
            }
        }
    }
}

extension HookEvent {
    /// The message that it is about, as it was.
    package var message: Event? {
        switch payload {
        case .edit(let message, _), .delete(let message, _), .react(let message, _, _), .report(let message, _): message
        default: nil
        }
    }
}
