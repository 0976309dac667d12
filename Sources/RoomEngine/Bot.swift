/// What a bot may be allowed to do beyond joining rooms and hearing them: the names of plugins' permissions.
package enum BotPermission: String, Sendable, CaseIterable, Codable {
    case chatSend = "chat.send"
    case chatHold = "chat.hold"
    case whisperSend = "whisper.send"
    case historyRead = "history.read"
    case historyRedact = "history.redact"
    case userKick = "user.kick"
    case userMute = "user.mute"
    case userBan = "user.ban"
    case roomCreate = "room.create"
    case roomSet = "room.set"
    case roomTransfer = "room.transfer"
    case roomRemove = "room.remove"

    /// What it means, as the console says it: "may …".
    package var inWords: String {
        switch self {
        case .chatSend: "speak in rooms"
        case .chatHold: "decide about what waits for a moderator"
        case .whisperSend: "whisper to people"
        case .historyRead: "read rooms' history"
        case .historyRedact: "delete other people's messages"
        case .userKick: "kick people out of rooms"
        case .userMute: "mute people"
        case .userBan: "ban people from rooms"
        case .roomCreate: "make rooms"
        case .roomSet: "change rooms' settings"
        case .roomTransfer: "choose rooms' owners and moderators"
        case .roomRemove: "remove any room"
        }
    }
}

/// A program that an operator has given a token to. It is a member of rooms as people are, and shown as what it is.
package struct Bot: Sendable, Equatable, Codable {
    package var id: String
    package var name: String
    package var permissions: Set<BotPermission>
    package var colorSeed: String
    /// Milliseconds since 1970.
    package var createdAt: Int64

    package init(id: String, name: String, permissions: Set<BotPermission>, colorSeed: String, createdAt: Int64) {
        self.id = id
        self.name = name
        self.permissions = permissions
        self.colorSeed = colorSeed
        self.createdAt = createdAt
    }

    /// The bot as a person.
    package var record: PersonRecord {
        PersonRecord(id: PersonID(id), name: name, colorSeed: colorSeed, permissions: permissions, createdAt: createdAt)
    }
}

extension Command {
    /// Why a bot may not do this, if it may not.
    func refusal(to permissions: Set<BotPermission>) -> Refusal? {
        let needed: BotPermission
        switch self {
        case .join, .comeBack, .exit, .lobby, .ping: return nil
        case .name: return Refusal(.forbidden, "A bot's name is that of its token.")
        case .chat(let chat) where SlashCommand(chat.text) != nil: return Refusal(.forbidden, "Slash commands are for people. Begin with // for a text.")
        case .chat, .gif, .typing, .edit, .react, .report: needed = .chatSend
        // Its own; for those of others it needs another one, which the engine asks for when it knows whose the message is.
        case .delete: return nil
        case .whisper: needed = .whisperSend
        case .history: needed = .historyRead
        case .create: needed = .roomCreate
        case .remove: needed = .roomRemove
        case .moderate(.kick, _, _, _, _): needed = .userKick
        case .moderate(.mute, _, _, _, _), .pardon(.mute, _, _): needed = .userMute
        case .moderate(.ban, _, _, _, _), .pardon(.ban, _, _), .restrictions: needed = .userBan
        case .role: needed = .roomTransfer
        case .set: needed = .roomSet
        case .review: needed = .chatHold
        }
        return permissions.contains(needed) ? nil : Refusal(.forbidden, "This bot's token has no permission '\(needed.rawValue)'.")
    }
}

extension Engine {
    /// Ends everything that somebody has here: their seats, and their connections.
    package func expel(_ id: PersonID, _ closing: Closing) {
        guard let person = people[id] else { return }
        for room in person.rooms {
            if let room = rooms[room], let member = room.members[id] { exit(member, from: room, .left) }
        }
        for connection in person.connections { outbox.close(connection.id, closing) }
    }
}
