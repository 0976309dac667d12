/// What the server says to a connection. Transports turn it into bytes.
package enum Message: Sendable, Equatable {
    case welcome(Welcome)
    case joined(Joined)
    case ok(Reference?, seq: Int64?)
    case refused(Reference?, Refusal)
    case held(Reference?, id: String)
    /// It takes a while to decide about the message with this `cid`: the answer comes later.
    case checking(room: RoomID, cid: String?)
    /// - first: the number of the oldest event that was looked at: plugins may have left that one out
    case history(Reference?, room: RoomID, events: [Event], first: Int64, more: Bool)
    case pong(Reference?)
    /// What happened in a room, with the room's epoch, without which the event's number means nothing.
    case event(Event, epoch: String)
    case whisper(Whisper)
    case notice(Notice)
    case typing(room: RoomID, member: String, on: Bool)
    case rooms(Reference?, [RoomInfo])
    case created(Reference?, RoomInfo)
    /// To members, when settings of their room have changed that no event tells.
    case settings(RoomInfo)
    /// To moderators: something waits for them.
    case review(Review)
    /// It does not wait any more.
    case reviewed(room: RoomID, id: String, decision: String)
    case restrictions(Reference?, room: RoomID, [Restriction])
    case roomAdded(RoomInfo)
    case roomChanged(RoomInfo)
    case roomRemoved(RoomID)
    case bye(Closing)
}

package struct Welcome: Sendable, Equatable {
    package var id: PersonID
    package var name: String
    package var limits: Limits
}

/// The answer to a join: the room as it is now, and everything that the client has missed.
package struct Joined: Sendable, Equatable {
    package var reference: Reference?
    package var room: RoomInfo
    package var you: MemberInfo
    package var members: [MemberInfo]
    package var epoch: String
    /// The last event's number.
    package var seq: Int64
    package var events: [Event]
    /// The number of the oldest event that was looked at: plugins may have left that one out.
    package var first: Int64
    /// Older events than that one can be asked for.
    package var more: Bool
    /// What the client has shown is not continued by these events: forget it.
    package var reset: Bool
    /// The client said what it had seen.
    package var isResumed: Bool
    package var commands: [CommandInfo]
}

/// A slash command, for completion.
package struct CommandInfo: Sendable, Equatable {
    package var name: String
    package var usage: String
    package var help: String
    package var plugin: String
    package var arguments: [CommandArgument]

    package init(name: String, usage: String, help: String, plugin: String, arguments: [CommandArgument] = []) {
        self.name = name
        self.usage = usage
        self.help = help
        self.plugin = plugin
        self.arguments = arguments
    }
}

/// What a slash command takes at one place.
package struct CommandArgument: Sendable, Equatable {
    package var name: String
    /// `word text int number duration user room color bool choice`
    package var type: String
    package var isRequired: Bool
    /// Of a choice.
    package var choices: [String]

    package init(name: String, type: String, isRequired: Bool, choices: [String] = []) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.choices = choices
    }
}

/// A room as the lobby shows it.
package struct RoomInfo: Sendable, Equatable {
    package var id: RoomID
    package var title: String
    package var max: Int
    package var count: Int
    package var hasPassword: Bool
    package var owner: MemberInfo?
    package var topic: String
    /// Seconds between two messages of one person; 0 for none.
    package var slow: Int
    /// Nobody more gets in.
    package var locked: Bool
    package var tags: [String]
    package var createdAt: Int64
}

package struct Whisper: Sendable, Equatable {
    package var room: RoomID
    package var at: Int64
    package var from: MemberInfo
    package var to: MemberInfo
    package var text: String
}

/// Something told to one person alone.
package struct Notice: Sendable, Equatable {
    package var room: RoomID?
    package var at: Int64
    package var text: LocalizedText
    package var by: String
}

/// Why something was not done: `code` for programs, `text` for people.
package struct Refusal: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        case badRequest = "bad_request"
        case badText = "bad_text"
        case tooLong = "too_long"
        case notFound = "not_found"
        case notMember = "not_member"
        case wrongPassword = "wrong_password"
        case full, banned, muted, rate, slow, refused, forbidden, unauthorized, unavailable
        /// Another room is the right one.
        case redirect
    }

    package var code: Code
    package var text: String
    /// The plugin that decided it.
    package var by: String?
    /// Seconds after which it may work.
    package var retryAfter: Double?
    /// The field of the message that is wrong.
    package var field: String?
    /// Names the decision to `why`.
    package var trace: String?
    /// The room to go to instead.
    package var room: RoomID?

    package init(
        _ code: Code, _ text: String, by: String? = nil, retryAfter: Double? = nil, field: String? = nil, trace: String? = nil,
        room: RoomID? = nil
    ) {
        self.room = room
        self.code = code
        self.text = text
        self.by = by
        self.retryAfter = retryAfter
        self.field = field
        self.trace = trace
    }
}

/// How the server ends a connection. Codes of RFC 6455 §7.4.1, and from 4000 those of docs/protocol.md.
package struct Closing: Sendable, Equatable {
    package enum Code: UInt16, Sendable, CaseIterable {
        case normal = 1000, goingAway = 1001, policy = 1008, internalError = 1011, overloaded = 1013
        case kicked = 4001, banned = 4002, roomRemoved = 4003, tooSlow = 4004, replaced = 4005, idle = 4006, draining = 4007
        case refused = 4008
    }

    package var code: Code
    package var reason: String
    /// Seconds to wait before coming back.
    package var retryAfter: Double?

    package init(_ code: Code, _ reason: String, retryAfter: Double? = nil) {
        self.code = code
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// Whether a client is to come back by itself.
    package var isForNow: Bool {
        switch code {
        case .goingAway, .internalError, .overloaded, .tooSlow, .draining: true
        case .normal, .policy, .kicked, .banned, .roomRemoved, .replaced, .idle, .refused: false
        }
    }
}
