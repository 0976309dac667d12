import ChatText

extension Engine {
    /// A text message, or a slash command.
    func send(_ chat: Command.Chat, _ connection: Connection, _ reference: Reference?) {
        guard let (room, member) = seat(of: connection, in: chat.room, sending: chat.cid, reference) else { return }
        if answersAgain(chat.cid, connection, reference, room) { return }
        guard checkRate(connection, reference) else { return }
        var chat = chat
        if chat.text.hasPrefix("//") {
            chat.text.removeFirst()
        } else if let command = SlashCommand(chat.text) {
            return perform(command, cid: chat.cid, member, in: room, connection, reference)
        }
        if let problem = ChatText.problem(inMessage: chat.text, maxCharacters: limits.text) {
            let code = problem == .tooLong ? Refusal.Code.tooLong : .badText
            return refuse(connection, reference, Refusal(code, problem.sentence(limit: limits.text), field: "text"))
        }
        let payload = HookEvent.Payload.chat(text: chat.text, replyTo: chat.replyTo)
        send(payload, as: .chat, cid: chat.cid, member, in: room, connection, reference)
    }

    /// A GIF that was uploaded.
    func send(_ upload: Command.Upload, _ connection: Connection, _ reference: Reference?) {
        guard let (room, member) = seat(of: connection, in: upload.room, sending: upload.cid, reference) else { return }
        if answersAgain(upload.cid, connection, reference, room) { return }
        guard checkRate(connection, reference) else { return }
        if let caption = upload.caption, let problem = ChatText.problem(inMessage: caption, maxCharacters: limits.text) {
            return refuse(connection, reference, Refusal(.badText, problem.sentence(limit: limits.text), field: "caption"))
        }
        let payload = HookEvent.Payload.gif(upload.gif, caption: upload.caption)
        send(payload, as: .gif, cid: upload.cid, member, in: room, connection, reference)
    }

    /// The room and the seat; or the person has been told that they have none.
    /// - Parameter cid: of what they send: if it was taken while they had a seat, that is what they are told
    func seat(of connection: Connection, in id: RoomID, sending cid: String? = nil, _ reference: Reference?) -> (Room, Member)? {
        let room = rooms[id].flatMap { $0.isGone ? nil : $0 }
        if let room, let member = room.members[connection.person.id] { return (room, member) }
        let refusal = Refusal(.notMember, "Join the room first.")
        guard let room, let cid else {
            refuse(connection, reference, refusal)
            return nil
        }
        if answersAgain(cid, connection, reference, room) { return nil }
        find(EventQuery(room: id, range: .sent(by: connection.person.id, cid: cid), limit: 1)) { [self] result in
            guard connections[connection.id] === connection else { return }
            switch result {
            case .success(let events):
                if let seq = events.first?.seq {
                    outbox.send(.ok(reference, seq: seq), to: connection.id)
                } else {
                    refuse(connection, reference, refusal)
                }
            case .failure(let refusal): refuse(connection, reference, refusal)
            }
        }
        return nil
    }

    /// A message that was sent before is answered as it was then, or will be when its number is known.
    func answersAgain(_ cid: String?, _ connection: Connection, _ reference: Reference?, _ room: Room) -> Bool {
        guard let cid else { return false }
        let key = Room.MessageKey(author: connection.person.id.text, cid: cid)
        if let seq = room.number(of: key) {
            outbox.send(.ok(reference, seq: seq), to: connection.id)
            return true
        }
        if room.wasDone(key) {
            outbox.send(.ok(reference, seq: nil), to: connection.id)
            return true
        }
        if let id = held(key, in: room) {
            outbox.send(.held(reference, id: id), to: connection.id)
            return true
        }
        guard room.unnumbered[key] != nil else { return false }
        room.unnumbered[key]?.append((connection, reference))
        return true
    }

    /// Answers what was asked, and everyone who has asked the same again meanwhile.
    func answering(
        _ key: Room.MessageKey?, in room: Room, _ connection: Connection, _ reference: Reference?
    ) -> ((Reference?) -> Message) -> Void {
        if let key { room.unnumbered[key] = [] }
        return { [self] message in
            outbox.send(message(reference), to: connection.id)
            guard let key else { return }
            for (connection, reference) in room.unnumbered.removeValue(forKey: key) ?? [] {
                outbox.send(message(reference), to: connection.id)
            }
        }
    }

    /// Asks the plugins, stores the message, shows it to the room and answers.
    private func send(
        _ payload: HookEvent.Payload, as kind: HookKind, cid: String?, _ member: Member, in room: Room, _ connection: Connection,
        _ reference: Reference?
    ) {
        let key = cid.map { Room.MessageKey(author: member.person.id.text, cid: $0) }
        let answer = answering(key, in: room, connection, reference)
        room.enqueue(for: member) { [self] done in
            // Plugins need not think about what cannot be stored.
            if let refusal = refusal(toSend: member, room) ?? (isLate(room) ? .unstored : nil) {
                answer { .refused($0, refusal) }
                return done()
            }
            let event = HookEvent(
                kind, room: room, person: member.person, at: now, origin: .person, connection: connection.id, payload: payload)
            decide(event, in: room, done) { [self] in outbox.send(.checking(room: room.id, cid: cid), to: connection.id) } then: { [self] decision in
                switch decision.outcome {
                case .drop(_, silent: true):
                    // Its author is not to notice.
                    answer { .ok($0, seq: nil) }
                    perform(decision.effects)
                case .drop(let refusal, _), .deny(let refusal):
                    answer { .refused($0, refusal) }
                    perform(decision.effects)
                case .hold(let reason, let seconds, let by):
                    hold(event, cid: cid, by: member, reason, plugin: by, seconds: seconds, answer) { [self] in perform(decision.effects) }
                case .pass, .redirect, .color, .owner:
                    // Handlers may have waited: the author may be muted or banned by now.
                    if let refusal = refusal(toSend: member, room) {
                        answer { .refused($0, refusal) }
                    } else {
                        store(event, cid: cid, by: member, answer, decision.effects)
                    }
                }
            }
        }
    }

    /// Asks the hooks about a message whose turn it is. If they want time, the room's line goes on without it, and it takes
    /// its place at the end of the line when it is decided.
    func decide(_ event: HookEvent, in room: Room, _ done: @escaping () -> Void, leaving: @escaping () -> Void = {}, then: @escaping (Decision) -> Void) {
        var isInLine = true
        event.leaveLine = {
            guard isInLine else { return }
            isInLine = false
            leaving()
            done()
        }
        hooks.decide(event) { decision in
            event.leaveLine = nil
            if isInLine {
                then(decision)
                done()
            } else {
                room.enqueue { done in
                    then(decision)
                    done()
                }
            }
        }
    }

    /// Why the member may not do anything in the room now.
    func refusal(toAct member: Member, _ room: Room) -> Refusal? {
        if room.isGone || room.members[member.person.id] !== member { return .left }
        if let ban = room.bans[member.person.id], !ban.isOver(at: now) { return Refusal(.banned, "You are banned from this room.") }
        return nil
    }

    /// Why the member may not say anything now, be it by a message or under one.
    func refusal(toSpeak member: Member, _ room: Room) -> Refusal? {
        if let refusal = refusal(toAct: member, room) { return refusal }
        if let mute = room.mutes[member.person.id] {
            if !mute.isOver(at: now) {
                let wait = mute.until.map { Double($0 - now) / 1_000 }
                return Refusal(.muted, mute.reason.isEmpty ? "You are muted." : "You are muted: \(mute.reason)", retryAfter: wait)
            }
            room.mutes[member.person.id] = nil
            stageForSure([.lift(.mute, room: room.id, person: member.person.id)])
        }
        return nil
    }

    /// Why the member may not send a message now.
    func refusal(toSend member: Member, _ room: Room) -> Refusal? {
        if let refusal = refusal(toSpeak: member, room) { return refusal }
        if room.record.slow > 0, room.role(of: member.person) < .moderator, let last = member.lastSent {
            let wait = Int64(room.record.slow) * 1_000 - (uptime - last)
            if wait > 0 {
                return Refusal(.slow, "One message every \(room.record.slow) seconds here.", retryAfter: Double(wait) / 1_000)
            }
        }
        return nil
    }

    /// Stores what passed; then the author is answered, everyone sees it, and the plugins hear that it happened.
    private func store(
        _ passed: HookEvent, cid: String?, by author: Member, _ answer: @escaping ((Reference?) -> Message) -> Void, _ effects: [Effect]
    ) {
        guard let room = passed.room, let body = passed.body(by: room.info(of: author)) else { return }
        let sent = uptime
        author.sends(at: sent)
        var event = Event(room: room.id, at: passed.at, body: body, cid: cid, look: passed.look)
        stage([.event(event)]) { [self] result in
            switch result {
            case .stored(let seqs):
                author.hasSent(at: sent, isPublished: true)
                event.seq = seqs[0]
                passed.seq = seqs[0]
                answer { .ok($0, seq: event.seq) }
                publish(event, in: room)
                perform(effects, about: event.seq)
                hooks.happened(passed)
            case .duplicate(let seq):
                author.hasSent(at: sent, isPublished: false)
                answer { .ok($0, seq: seq) }
            case .failed:
                author.hasSent(at: sent, isPublished: false)
                answer { .refused($0, .unstored) }
            }
        }
    }

    // MARK: Slash commands

    private func perform(
        _ command: SlashCommand, cid: String?, _ member: Member, in room: Room, _ connection: Connection, _ reference: Reference?
    ) {
        let key = cid.map { Room.MessageKey(author: member.person.id.text, cid: $0) }
        let answer = answering(key, in: room, connection, reference)
        room.enqueue(for: member) { [self] done in
            let event = HookEvent(
                .command, room: room, person: member.person, at: now, origin: .person, connection: connection.id,
                payload: .command(name: command.name, arguments: command.arguments))
            hooks.decide(event) { [self] decision in
                perform(decision.effects)
                if let refusal = decision.refusal {
                    answer { .refused($0, refusal) }
                    return done()
                }
                hooks.perform(event) { [self] refusal, effects in
                    if let refusal {
                        answer { .refused($0, refusal) }
                    } else {
                        if let key { room.remember(key) }
                        answer { .ok($0, seq: nil) }
                    }
                    perform(effects)
                    hooks.happened(event)
                    done()
                }
            }
        }
    }

    // MARK: What is not kept

    func typing(_ id: RoomID, _ on: Bool, _ connection: Connection) {
        guard rooms[id]?.members[connection.person.id]?.isPresent == true else { return }
        // Apart from messages: to be seen typing must not keep anybody from sending what they typed.
        guard connection.person.typing.take(burst: 5, rate: 1, at: uptime) == nil else { return }
        outbox.publish(.typing(room: id, member: connection.person.id.text, on: on), to: .room(id))
    }
}

/// `/name arguments`
struct SlashCommand {
    let name: String
    let arguments: String

    /// Nil if the text is not a command: a slash and a letter begin one.
    init?(_ text: String) {
        guard text.first == "/", let second = text.dropFirst().first, second.isLetter else { return nil }
        let word = text.dropFirst().prefix { !$0.isWhitespace }
        name = word.lowercased()
        arguments = String(text[word.endIndex...].drop { $0.isWhitespace })
    }
}

extension HookEvent {
    /// What the room sees of a message that passed.
    func body(by author: MemberInfo) -> Event.Body? {
        switch payload {
        case .chat(let text, let replyTo): .chat(from: author, text: text, replyTo: replyTo)
        case .gif(let gif, let caption): .gif(from: author, gif: gif, caption: caption)
        case .edit(let message, let text):
            switch message.content {
            case .gif(let gif, _)?: .edit(of: message.seq, by: author, .gif(gif, caption: text))
            default: .edit(of: message.seq, by: author, .text(text))
            }
        case .delete(let message, let why): .delete(of: message.seq, by: author, why: why)
        case .react(let message, let emoji, let on): .react(of: message.seq, by: author, emoji: emoji, on: on)
        default: nil
        }
    }
}
