/// What a client asks for. Transports turn bytes into it and have checked that it is well-formed, no more than that.
package enum Command: Sendable, Equatable {
    case join(Join)
    /// Join again what the person was in, from where their last connection was lost: for clients that do not know it.
    case comeBack
    case exit(RoomID)
    case chat(Chat)
    case gif(Upload)
    case whisper(room: RoomID, to: PersonID, text: String, cid: String?)
    case edit(Edit)
    case delete(Deletion)
    case react(React)
    case report(Complaint)
    case history(room: RoomID, before: Int64, limit: Int)
    case name(String)
    case typing(room: RoomID, on: Bool)
    case lobby(watch: Bool)
    case ping
    case create(NewRoom)
    case remove(RoomID)
    case moderate(Moderation.Kind, room: RoomID, person: PersonID, seconds: Double?, reason: String)
    case pardon(Restriction.Kind, room: RoomID, person: PersonID)
    /// Who is muted or banned.
    case restrictions(RoomID)
    case role(Role, room: RoomID, person: PersonID)
    case set(RoomID, RoomChange)
    /// Decides about what waits for a moderator.
    case review(room: RoomID, id: String, isApproved: Bool, why: String)

    package struct Join: Sendable, Equatable {
        package var room: RoomID
        package var password: String?
        /// The last event the client has seen.
        package var seen: Position?
        /// It comes of listening, which nobody does who has left by their own will: such a request was on its way then.
        package var isImplied: Bool

        package init(room: RoomID, password: String? = nil, seen: Position? = nil, isImplied: Bool = false) {
            self.room = room
            self.password = password
            self.seen = seen
            self.isImplied = isImplied
        }
    }

    package struct Chat: Sendable, Equatable {
        package var room: RoomID
        package var text: String
        package var cid: String?
        package var replyTo: Int64?

        package init(room: RoomID, text: String, cid: String? = nil, replyTo: Int64? = nil) {
            self.room = room
            self.text = text
            self.cid = cid
            self.replyTo = replyTo
        }
    }

    /// Another text for a message, or another caption for a GIF.
    package struct Edit: Sendable, Equatable {
        package var room: RoomID
        /// The message's number.
        package var of: Int64
        package var text: String
        package var cid: String?

        package init(room: RoomID, of: Int64, text: String, cid: String? = nil) {
            self.room = room
            self.of = of
            self.text = text
            self.cid = cid
        }
    }

    package struct Deletion: Sendable, Equatable {
        package var room: RoomID
        package var of: Int64
        package var why: String?
        package var cid: String?

        package init(room: RoomID, of: Int64, why: String? = nil, cid: String? = nil) {
            self.room = room
            self.of = of
            self.why = why
            self.cid = cid
        }
    }

    /// An emoji under a message, or not any more.
    package struct React: Sendable, Equatable {
        package var room: RoomID
        package var of: Int64
        package var emoji: String
        package var on: Bool
        package var cid: String?

        package init(room: RoomID, of: Int64, emoji: String, on: Bool = true, cid: String? = nil) {
            self.room = room
            self.of = of
            self.emoji = emoji
            self.on = on
            self.cid = cid
        }
    }

    /// What somebody wants a moderator to look at.
    package struct Complaint: Sendable, Equatable {
        package var room: RoomID
        package var of: Int64
        package var why: String

        package init(room: RoomID, of: Int64, why: String = "") {
            self.room = room
            self.of = of
            self.why = why
        }
    }

    /// A GIF that has been uploaded and inspected, and waits in the store for a message that shows it.
    package struct Upload: Sendable, Equatable {
        package var room: RoomID
        package var gif: GIF
        package var caption: String?
        package var cid: String?

        package init(room: RoomID, gif: GIF, caption: String? = nil, cid: String? = nil) {
            self.room = room
            self.gif = gif
            self.caption = caption
            self.cid = cid
        }
    }
}

/// A place in a room's sequence.
package struct Position: Sendable, Equatable {
    package var epoch: String
    package var seq: Int64

    package init(epoch: String, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }
}

/// A room that somebody wants.
package struct NewRoom: Sendable, Equatable {
    package var title: String
    package var max: Int
    package var password: String?
    package var topic: String
    /// Stays when it is empty: rooms of the console and the configuration.
    package var permanent: Bool
    package var tags: [String]

    package init(title: String, max: Int = 10, password: String? = nil, topic: String = "", permanent: Bool = false, tags: [String] = []) {
        self.title = title
        self.max = max
        self.password = password
        self.topic = topic
        self.permanent = permanent
        self.tags = tags
    }
}

/// A command and whom to answer.
package struct Request: Sendable {
    package var connection: ConnectionID
    package var reference: Reference?
    package var command: Command

    package init(connection: ConnectionID, reference: Reference? = nil, command: Command) {
        self.connection = connection
        self.reference = reference
        self.command = command
    }
}
