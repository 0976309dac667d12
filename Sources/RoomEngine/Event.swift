/// Somebody as a room shows them.
package struct MemberInfo: Sendable, Equatable {
    package var id: String
    package var name: String
    /// `#rrggbb`
    package var color: String
    package var role: Role
    package var isBot: Bool

    package init(id: String, name: String, color: String, role: Role = .member, isBot: Bool = false) {
        self.id = id
        self.name = name
        self.color = color
        self.role = role
        self.isBot = isBot
    }
}

package enum Role: String, Sendable, Comparable, CaseIterable {
    case member, moderator, owner, admin

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// Why somebody is no longer in a room.
package enum ExitReason: String, Sendable {
    case left, timeout, kicked, banned, shutdown, crash
    case roomRemoved = "room_removed"
}

/// A stored GIF, as an event shows it.
package struct GIF: Sendable, Equatable {
    /// SHA-256 of the file, in hexadecimal: its name in the store.
    package var digest: String
    package var bytes: Int
    package var width: Int
    package var height: Int
    package var frames: Int
    package var seconds: Double
    package var flashesPerSecond: Double

    package init(digest: String, bytes: Int, width: Int, height: Int, frames: Int, seconds: Double, flashesPerSecond: Double) {
        self.digest = digest
        self.bytes = bytes
        self.width = width
        self.height = height
        self.frames = frames
        self.seconds = seconds
        self.flashesPerSecond = flashesPerSecond
    }
}

/// A text of the server's or a plugin's, in the server's language and by language tag.
package struct LocalizedText: Sendable, Equatable {
    package var text: String
    package var texts: [String: String]

    package init(_ text: String, texts: [String: String] = [:]) {
        self.text = text
        self.texts = texts
    }
}

/// Something that happened in a room.
package struct Event: Sendable, Equatable {
    package enum Body: Sendable, Equatable {
        case chat(from: MemberInfo, text: String, replyTo: Int64?)
        case gif(from: MemberInfo, gif: GIF, caption: String?)
        case system(LocalizedText, key: String?, by: String)
        case join(MemberInfo, count: Int)
        case exit(MemberInfo, count: Int, reason: ExitReason)
        case name(MemberInfo, before: String)
        case owner(MemberInfo?)
        case topic(String, by: MemberInfo?)
        /// Somebody is, or is no more, a moderator or an admin.
        case role(MemberInfo, before: Role)
        /// What stands where a message was. Its text or GIF is nowhere any more.
        /// - by: who deleted it; nil for the server
        case deleted(from: MemberInfo, by: MemberInfo?, replyTo: Int64?)
        /// The message with that number says something else from now on, or is back. Read later, it has what the message says
        /// then, or nothing if that is deleted.
        case edit(of: Int64, by: MemberInfo?, Content?)
        case delete(of: Int64, by: MemberInfo?, why: String?)
        case react(of: Int64, by: MemberInfo, emoji: String, on: Bool)
    }

    package var room: RoomID
    /// 1, 2, 3 … without holes, in the order in which the journal stored them. 0 until it has.
    package var seq: Int64
    /// Milliseconds since 1970.
    package var at: Int64
    package var body: Body
    /// The client's name for the message: the same one from the same person is the same message.
    package var cid: String?
    /// What plugins have said about how a message is shown.
    package var look: Look?
    /// What became of a message after it was sent; nil if nothing did.
    package var aftermath: Aftermath?

    package init(room: RoomID, seq: Int64 = 0, at: Int64, body: Body, cid: String? = nil, look: Look? = nil) {
        self.room = room
        self.seq = seq
        self.at = at
        self.body = body
        self.cid = cid
        self.look = look
    }

    /// Who sent it, if a person or a plugin did.
    package var author: MemberInfo? {
        switch body {
        case .chat(let from, _, _), .gif(let from, _, _): from
        case .join(let member, _), .exit(let member, _, _), .name(let member, _), .role(let member, _): member
        case .deleted(let from, _, _), .react(_, let from, _, _): from
        case .edit(_, let by, _), .delete(_, let by, _), .topic(_, let by): by
        case .system, .owner: nil
        }
    }

    /// Roughly what it takes in memory, in bytes.
    package var weight: Int {
        let text =
            switch body {
            case .chat(_, let text, _), .topic(let text, _): text.utf8.count
            case .gif(_, _, let caption): caption?.utf8.count ?? 0
            case .system(let text, _, _): text.texts.reduce(text.text.utf8.count) { $0 + $1.value.utf8.count }
            case .edit(_, _, let content): content?.text?.utf8.count ?? 0
            case .delete(_, _, let why): why?.utf8.count ?? 0
            case .join, .exit, .name, .owner, .role, .deleted, .react: 0
            }
        return 200 + text
    }
}
