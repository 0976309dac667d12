/// A message that waits for a moderator.
package struct HeldMessage: Sendable, Equatable {
    package var id: String
    package var event: Event
    package var reason: String
    /// The plugin that wanted it.
    package var by: String
    /// Milliseconds since 1970 after which it is refused.
    package var until: Int64

    package init(id: String, event: Event, reason: String, by: String, until: Int64) {
        self.id = id
        self.event = event
        self.reason = reason
        self.by = by
        self.until = until
    }
}

/// What plugins want a moderator to decide about. Messages are kept over a restart; somebody who knocks waits while they are
/// connected.
extension Engine {
    // MARK: Holding

    /// Keeps a message until it is decided about, and tells its author and the moderators who are there.
    func hold(
        _ event: HookEvent, cid: String?, by author: Member, _ reason: String, plugin: String, seconds: Double,
        _ answer: @escaping ((Reference?) -> Message) -> Void, then: @escaping () -> Void
    ) {
        guard let room = event.room, let body = event.body(by: room.info(of: author)) else { return then() }
        if isErased(author.person.id) {
            answer { .refused($0, .left) }
            return then()
        }
        let message = HeldMessage(
            id: newReviewID(), event: Event(room: room.id, at: event.at, body: body, cid: cid, look: event.look), reason: reason, by: plugin,
            until: now + Int64(seconds * 1_000))
        stage([.hold(message)]) { [self] result in
            guard case .stored = result else {
                return answer { .refused($0, .unstored) }
            }
            // The journal forgets it with the rest of theirs.
            if isErased(author.person.id) { return answer { .refused($0, .left) } }
            watch(message)
            answer { .held($0, id: message.id) }
            tellModerators(of: room, "\(author.person.name) waits for review (\(message.id)): \(body.summaryText)")
            show(Review(message), in: room)
            then()
        }
    }

    /// Takes up a message that waits, new or from before a restart.
    func watch(_ message: HeldMessage) {
        held[message.id] = message
        after(max(0, message.until - now)) { [self] in
            if held[message.id] != nil { refuse(message.id, why: "Nobody decided about it in time.", by: "server") }
        }
    }

    func newReviewID() -> String { "h_" + randomID(length: 8, using: &generator) }

    /// - Parameter besides: the id of somebody whom it is about
    func tellModerators(of room: Room, _ text: String, besides: String? = nil) {
        for member in room.ordered where member.isPresent && room.role(of: member.person) >= .moderator && member.person.id.text != besides {
            tell(member.person.id, room.id, LocalizedText(text), by: "server")
        }
    }

    /// The id of the message or whisper that the same person has sent under the same `cid`, if it waits.
    func held(_ key: Room.MessageKey, in room: Room) -> String? {
        held.values.first { $0.event.room == room.id && $0.event.cid == key.cid && $0.event.author?.id == key.author }?.id
            ?? heldWhispers.values.first { $0.room == room.id && $0.cid == key.cid && $0.from.id == key.author }?.id
    }

    // MARK: Deciding

    /// Everything that waits: those who came first in front.
    package var reviews: [Review] {
        let all = held.values.map { Review($0) } + heldWhispers.values.map { Review($0) } + knocks.values.map { Review($0) }
        return all.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// A moderator decides.
    func review(
        _ id: String, in room: RoomID, _ isApproved: Bool, _ why: String, _ connection: Connection, _ reference: Reference?
    ) {
        guard checkRate(connection, reference) else { return }
        if let refusal = refusal(to: connection.person, below: .moderator, in: room) { return refuse(connection, reference, refusal) }
        guard reviews.contains(where: { $0.id == id && $0.room == room }) else {
            return refuse(connection, reference, Refusal(.notFound, "That does not wait any more.", field: "id"))
        }
        let by = connection.person.id.text
        let then: (Refusal?) -> Void = { [self] in answer($0, connection, reference) }
        if isApproved { approve(id, by: by, then: then) } else { refuse(id, why: why, by: by, then: then) }
    }

    /// Publishes what waits.
    /// - Parameter then: hears when it is stored, or why that is not possible
    package func approve(_ id: String, by: String, then: @escaping (Refusal?) -> Void = { _ in }) {
        if let knock = knocks[id] { return then(letIn(knock)) }
        if let whisper = heldWhispers[id] { return then(pass(whisper, by: by)) }
        guard let message = held[id] else { return then(Refusal(.notFound, "Nothing waits under the id \(id).")) }
        guard let room = rooms[message.event.room], let author = message.event.author else { return then(Refusal(.notFound, "The room is gone.")) }
        let person = PersonID(author.id)
        for restriction in [room.bans[person], room.mutes[person]].compactMap({ $0 }) where !restriction.isOver(at: now) {
            return then(Refusal(.forbidden, "\(author.name) is \(restriction.kind == .ban ? "banned" : "muted") in this room."))
        }
        held[id] = nil
        let writes = [.unhold(id), audit(by, "approve \(id) of \(author.id) in \(room.id)")]
        if message.event.target != nil { return approve(message, in: room, by: by, writes, then) }
        forget(id, in: room, "approved")
        var event = message.event
        // Whoever sends it again meanwhile is told its number when it has one.
        let key = Room.MessageKey(event)
        if let key { room.unnumbered[key] = [] }
        stageForSure([.event(event)] + writes) { [self] seqs in
            for (connection, reference) in key.flatMap({ room.unnumbered.removeValue(forKey: $0) }) ?? [] {
                outbox.send(seqs.first.map { .ok(reference, seq: $0) } ?? .refused(reference, .unstored), to: connection.id)
            }
            guard let seq = seqs.first else {
                // It is there already: its author has sent it again, and it passed.
                return stageForSure(writes) { _ in then(nil) }
            }
            event.seq = seq
            publish(event, in: room)
            decided(message, "approved", by: by, why: "", in: room)
            then(nil)
        }
    }

    /// Makes a change that waits, unless the message is gone meanwhile.
    private func approve(_ change: HeldMessage, in room: Room, by: String, _ writes: [JournalWrite], _ then: @escaping (Refusal?) -> Void) {
        carryOut(change.event, in: room, and: writes) { [self] refusal in
            if refusal?.code == .unavailable, !isErased(change.event) {
                // Nobody knows: it waits on.
                watch(change)
                return then(refusal)
            }
            forget(change.id, in: room, "approved")
            guard let refusal else {
                decided(change, "approved", by: by, why: "", in: room)
                return then(nil)
            }
            stageForSure(writes) { [self] _ in
                if let author = change.event.author { tell(PersonID(author.id), room.id, LocalizedText("The message is gone."), by: "server") }
                then(refusal)
            }
        }
    }

    /// Drops what waits; its author is told.
    /// - Parameter then: hears when that is stored, or why it is not possible
    package func refuse(_ id: String, why: String, by: String, then: @escaping (Refusal?) -> Void = { _ in }) {
        if let knock = knocks[id] { return then(turnAway(knock, why)) }
        if let whisper = heldWhispers[id] { return then(drop(whisper, why: why, by: by)) }
        guard let message = held.removeValue(forKey: id) else { return then(Refusal(.notFound, "Nothing waits under the id \(id).")) }
        if let room = rooms[message.event.room] { forget(id, in: room, "refused") }
        stageForSure([.unhold(id), audit(by, "refuse \(id) of \(message.event.author?.id ?? "-") in \(message.event.room)\(because(why))")]) { [self] _ in
            defer { then(nil) }
            guard let room = rooms[message.event.room], let author = message.event.author else { return }
            tell(PersonID(author.id), room.id, LocalizedText(why.isEmpty ? "Your message was not let through." : "Your message was not let through: \(why)"), by: "server")
            decided(message, "refused", by: by, why: why, in: room)
        }
    }

    private func decided(_ message: HeldMessage, _ decision: String, by: String, why: String, in room: Room) {
        let person = message.event.author.flatMap { people[PersonID($0.id)] }
        decided(message.event.body.summaryText, person, decision, by: by, why: why, in: room)
    }

    func decided(_ text: String, _ person: Person?, _ decision: String, by: String, why: String, in room: Room) {
        let payload = HookEvent.Payload.held(text: text, decision: decision, by: by, why: why)
        let happened = HookEvent(.held, room: room, person: person, at: now, origin: .server, payload: payload)
        hooks.happened(happened)
    }
}

extension Event.Body {
    /// A line of it, for lists.
    var summaryText: String {
        switch self {
        case .chat(_, let text, _): text
        case .gif(_, let gif, let caption): caption ?? "a GIF of \(gif.width)×\(gif.height)"
        case .edit(let of, _, let content): "change of \(of): \(content?.text ?? "")"
        case .delete(let of, _, let why): "removal of \(of)\(why.map { ": \($0)" } ?? "")"
        case .react(let of, _, let emoji, let on): "\(emoji) \(on ? "under" : "no more under") \(of)"
        default: ""
        }
    }
}
