/// Something that waits for a moderator, as those are shown it.
package struct Review: Sendable, Equatable {
    package enum Kind: String, Sendable { case message, whisper, knock }

    package var id: String
    package var room: RoomID
    package var kind: Kind
    /// Who it is from.
    package var from: MemberInfo
    /// What they wrote; of somebody who knocks, nothing.
    package var text: String
    /// Why it waits.
    package var reason: String
    /// The plugin that wanted it.
    package var by: String
    package var at: Int64
    /// Milliseconds since 1970 after which it is refused.
    package var until: Int64
}

extension Review {
    init(_ held: HeldMessage) {
        self.init(
            id: held.id, room: held.event.room, kind: .message, from: held.event.author ?? MemberInfo(id: "", name: "", color: defaultColor),
            text: held.event.body.summaryText, reason: held.reason, by: held.by, at: held.event.at, until: held.until)
    }
}

extension Engine {
    /// Shows moderators who are there something new that waits.
    func show(_ review: Review, in room: Room) {
        for member in room.ordered where member.isPresent && room.role(of: member.person) >= .moderator {
            for connection in member.connections { outbox.send(.review(review), to: connection.id) }
        }
    }

    /// Shows everything that waits to somebody who has come, or has become a moderator.
    func showReviews(to connection: Connection, in room: Room) {
        for review in reviews where review.room == room.id { outbox.send(.review(review), to: connection.id) }
    }

    func showReviews(to member: Member, in room: Room) {
        for connection in member.connections { showReviews(to: connection, in: room) }
    }

    /// Tells moderators that something does not wait any more.
    func forget(_ id: String, in room: Room, _ decision: String) {
        for member in room.ordered where member.isPresent && room.role(of: member.person) >= .moderator {
            for connection in member.connections { outbox.send(.reviewed(room: room.id, id: id, decision: decision), to: connection.id) }
        }
    }

    /// The room is removed, and what waited in it with it.
    func forgetReviews(of room: Room) {
        for (id, message) in held where message.event.room == room.id { held[id] = nil }
        for (id, whisper) in heldWhispers where whisper.room == room.id { heldWhispers[id] = nil }
        for (_, knock) in knocks where knock.room == room.id { _ = turnAway(knock, "The room was removed.") }
    }
}
