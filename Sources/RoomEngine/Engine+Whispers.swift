import ChatText

/// A whisper that waits for a moderator. Whispers are not stored, so it does not outlive the server.
struct HeldWhisper {
    let id: String
    let room: RoomID
    let from: MemberInfo
    let to: PersonID
    let text: String
    let cid: String?
    let reason: String
    /// The plugin that wanted it.
    let by: String
    let at: Int64
    /// Milliseconds since 1970 after which it is refused.
    let until: Int64
}

extension Review {
    init(_ held: HeldWhisper) {
        self.init(
            id: held.id, room: held.room, kind: .whisper, from: held.from, text: held.text, reason: held.reason, by: held.by, at: held.at,
            until: held.until)
    }
}

/// What one person says to another in a room. It has no number and is not kept.
extension Engine {
    func whisper(_ id: RoomID, _ to: PersonID, _ text: String, cid: String?, _ connection: Connection, _ reference: Reference?) {
        guard let (room, member) = seat(of: connection, in: id, sending: cid, reference) else { return }
        if answersAgain(cid, connection, reference, room) { return }
        guard checkRate(connection, reference) else { return }
        if let problem = ChatText.problem(inMessage: text, maxCharacters: limits.text) {
            let code = problem == .tooLong ? Refusal.Code.tooLong : .badText
            return refuse(connection, reference, Refusal(code, problem.sentence(limit: limits.text), field: "text"))
        }
        let key = cid.map { Room.MessageKey(author: member.person.id.text, cid: $0) }
        let answer = answering(key, in: room, connection, reference)
        room.enqueue(for: member) { [self] done in
            guard let target = room.members[to], target.isPresent else {
                answer { .refused($0, Refusal(.notFound, "They are not in the room.", field: "to")) }
                return done()
            }
            if let refusal = refusal(toSend: member, room) {
                answer { .refused($0, refusal) }
                return done()
            }
            let event = HookEvent(
                .whisper, room: room, person: member.person, at: now, origin: .person, connection: connection.id,
                payload: .whisper(to: target.person, text: text))
            hooks.decide(event) { [self] decision in
                switch decision.outcome {
                case .drop(let refusal, let isSilent):
                    if isSilent, let key { room.remember(key) }
                    answer { isSilent ? .ok($0, seq: nil) : .refused($0, refusal) }
                case .deny(let refusal): answer { .refused($0, refusal) }
                case .hold where isErased(member.person.id) || isErased(to): answer { .refused($0, .left) }
                case .hold(let reason, let seconds, let by):
                    let id = hold(event, cid: cid, by: member, in: room, reason, plugin: by, seconds: seconds)
                    answer { .held($0, id: id) }
                case .pass, .redirect, .color, .owner:
                    pass(event, by: member, in: room, key, answer)
                }
                perform(decision.effects)
                done()
            }
        }
    }

    /// Handlers may have waited: somebody may be gone or muted by now.
    private func pass(
        _ event: HookEvent, by member: Member, in room: Room, _ key: Room.MessageKey?, _ answer: ((Reference?) -> Message) -> Void
    ) {
        guard case .whisper(let to, let text) = event.payload else { return }
        if let refusal = refusal(toSend: member, room) { return answer { .refused($0, refusal) } }
        guard let target = room.members[to.id], target.isPresent else {
            return answer { .refused($0, Refusal(.notFound, "They are not in the room.", field: "to")) }
        }
        if let key { room.remember(key) }
        answer { .ok($0, seq: nil) }
        deliver(text, from: room.info(of: member), at: event.at, to: target, in: room)
        hooks.happened(event)
    }

    /// The receiver and the sender hear it on all their connections in the room, or when they are back.
    private func deliver(_ text: String, from: MemberInfo, at: Int64, to target: Member, in room: Room) {
        let whisper = Whisper(room: room.id, at: at, from: from, to: room.info(of: target), text: text)
        let sender = room.members[PersonID(from.id)]
        target.keep(.whisper(whisper))
        if let sender, sender !== target { sender.keep(.whisper(whisper)) }
        let others = sender.flatMap { $0 === target ? nil : $0.connections } ?? []
        for receiver in target.connections + others { outbox.send(.whisper(whisper), to: receiver.id) }
    }

    /// A plugin whispers to somebody in a room.
    func whisper(_ text: String, to person: PersonID, in id: RoomID, by plugin: PluginID) {
        guard let room = rooms[id], let target = room.members[person], target.isPresent else { return }
        deliver(text, from: MemberInfo(plugin), at: now, to: target, in: room)
    }

    // MARK: Review

    private func hold(
        _ event: HookEvent, cid: String?, by member: Member, in room: Room, _ reason: String, plugin: String, seconds: Double
    ) -> String {
        let id = newReviewID()
        guard case .whisper(let to, let text) = event.payload else { return id }
        let milliseconds = Int64(seconds * 1_000)
        let held = HeldWhisper(
            id: id, room: room.id, from: room.info(of: member), to: to.id, text: text, cid: cid, reason: reason, by: plugin, at: event.at,
            until: now + milliseconds)
        heldWhispers[id] = held
        tellModerators(of: room, "\(member.person.name)'s whisper waits for review (\(id)).")
        show(Review(held), in: room)
        after(milliseconds) { [self] in
            if let held = heldWhispers[id] { _ = drop(held, why: "Nobody decided about it in time.", by: "server") }
        }
        return id
    }

    /// A moderator lets a whisper through, if both are still there.
    func pass(_ held: HeldWhisper, by: String) -> Refusal? {
        guard let room = rooms[held.room], let target = room.members[held.to], target.isPresent, let author = room.members[PersonID(held.from.id)] else {
            return Refusal(.notFound, "One of the two has left.")
        }
        if let refusal = refusal(toSend: author, room), refusal.code != .slow { return Refusal(.forbidden, refusal.text) }
        heldWhispers[held.id] = nil
        forget(held.id, in: room, "approved")
        if let cid = held.cid { room.remember(Room.MessageKey(author: held.from.id, cid: cid)) }
        deliver(held.text, from: held.from, at: now, to: target, in: room)
        decided("a whisper", author.person, "approved", by: by, why: "", in: room)
        return nil
    }

    func drop(_ held: HeldWhisper, why: String, by: String) -> Refusal? {
        heldWhispers[held.id] = nil
        guard let room = rooms[held.room] else { return nil }
        forget(held.id, in: room, "refused")
        let text = why.isEmpty ? "Your whisper was not let through." : "Your whisper was not let through: \(why)"
        tell(PersonID(held.from.id), room.id, LocalizedText(text), by: "server")
        decided("a whisper", people[PersonID(held.from.id)], "refused", by: by, why: why, in: room)
        return nil
    }
}

extension MemberInfo {
    /// A plugin that speaks.
    init(_ plugin: PluginID) {
        self.init(id: "plugin:\(plugin)", name: plugin.text, color: defaultColor, isBot: true)
    }
}
