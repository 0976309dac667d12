/// What a plugin may be allowed to do. Manifests name them; every API function that needs one says so in the API table.
package enum Permission: String, Sendable, CaseIterable {
    case chatDrop = "chat.drop"
    case chatDropSilently = "chat.drop_silently"
    case chatHold = "chat.hold"
    case chatModify = "chat.modify"
    case chatAccept = "chat.accept"
    case chatSend = "chat.send"
    case gifDrop = "gif.drop"
    case gifHold = "gif.hold"
    case gifModify = "gif.modify"
    case gifBytes = "gif.bytes"
    case joinDeny = "join.deny"
    case userTell = "user.tell"
    case userColor = "user.color"
    case userMute = "user.mute"
    case userKick = "user.kick"
    case userBan = "user.ban"
    case userName = "user.name"
    case whisperRead = "whisper.read"
    case whisperSend = "whisper.send"
    case roomCreate = "room.create"
    case roomRemove = "room.remove"
    case roomSet = "room.set"
    case roomTransfer = "room.transfer"
    case historyRead = "history.read"
    case addressRead = "ip.read"
    case historyRedact = "history.redact"
    case pluginsSee = "plugins.see"
    /// Named without a group: `"http"` is a list of hosts, the others are true or false.
    case http
    case console
    case alert

    /// What a plugin without a manifest may do.
    package static let everyday: Set<Permission> = [
        .chatDrop, .chatHold, .chatModify, .chatAccept, .chatSend, .gifDrop, .gifHold, .gifModify, .joinDeny, .userTell, .userColor,
    ]

    /// What it means, as the console says it when a plugin is loaded: "may …".
    package var inWords: String {
        switch self {
        case .chatDrop: "stop messages"
        case .chatDropSilently: "stop messages without their author noticing"
        case .chatHold: "hold messages for a moderator"
        case .chatModify: "change messages"
        case .chatAccept: "let messages past other plugins' filters"
        case .chatSend: "speak in rooms"
        case .gifDrop: "stop GIFs"
        case .gifHold: "hold GIFs for a moderator"
        case .gifModify: "change how GIFs are shown"
        case .gifBytes: "read the files of GIFs"
        case .joinDeny: "keep people out of rooms"
        case .userTell: "tell people things privately"
        case .userColor: "choose people's colours"
        case .userMute: "mute people"
        case .userKick: "kick people out of rooms"
        case .userBan: "ban people from rooms"
        case .userName: "decide about people's names, and change them"
        case .whisperRead: "read whispers"
        case .whisperSend: "whisper to people"
        case .roomCreate: "decide about new rooms, and make rooms"
        case .roomRemove: "remove rooms with everything in them"
        case .roomSet: "change rooms' settings"
        case .roomTransfer: "choose rooms' owners"
        case .historyRead: "read rooms' history"
        case .addressRead: "see people's network addresses"
        case .historyRedact: "delete messages, and leave messages out of the history that people are sent"
        case .pluginsSee: "see what other plugins write"
        case .http: "send requests to other servers"
        case .console: "add commands to the console"
        case .alert: "raise alarms"
        }
    }

    func missing(for what: String) -> String {
        let parts = rawValue.split(separator: ".")
        if parts.count == 1 {
            let value = self == .http ? "[\"api.example.com\"]" : "true"
            return "'\(what)' needs the permission \(rawValue): add \"\(rawValue)\": \(value) to \"permissions\" in plugin.json"
        }
        return "'\(what)' needs the permission \(rawValue): add \"\(parts[0])\": [\"\(parts[1])\"] to \"permissions\" in plugin.json"
    }
}
