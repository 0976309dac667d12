import JSONText
import RoomEngine

/// The native protocol's messages (docs/protocol.md).
extension JSONWriter {
    package mutating func message(_ message: Message) {
        object { json in
            switch message {
            case .welcome(let welcome): json.welcome(welcome)
            case .joined(let joined): json.joined(joined)
            case .ok(let reference, let seq):
                json.head("ok", reference)
                json.field("seq", seq)
            case .refused(let reference, let refusal): json.refusal(refusal, reference)
            case .held(let reference, let id):
                json.head("held", reference)
                json.field("id", id)
            case .checking(let room, let cid):
                json.head("checking")
                json.field("room", room.text)
                json.field("cid", cid)
            case .history(let reference, let room, let events, let first, let more):
                json.head("history", reference)
                json.field("room", room.text)
                json.events(events)
                json.field("first", first)
                json.field("more", more)
            case .pong(let reference): json.head("pong", reference)
            case .event(let event, _): json.fields(of: event)
            case .whisper(let whisper):
                json.head("whisper")
                json.field("room", whisper.room.text)
                json.field("at", whisper.at)
                json.member("from", whisper.from)
                json.member("to", whisper.to)
                json.field("text", whisper.text)
            case .notice(let notice):
                json.head("notice")
                json.field("room", notice.room?.text)
                json.field("at", notice.at)
                json.text(notice.text)
                json.field("by", notice.by)
            case .typing(let room, let member, let on):
                json.head("typing")
                json.field("room", room.text)
                json.field("member", member)
                json.field("on", on)
            case .rooms(let reference, let rooms):
                json.head("rooms", reference)
                json.name("rooms")
                json.array { for room in rooms { $0.room(room) } }
            case .created(let reference, let room):
                json.head("ok", reference)
                json.name("room")
                json.room(room)
            case .settings(let info):
                json.head("room")
                json.field("room", info.id.text)
                json.name("info")
                json.room(info)
            case .review(let review): json.review(review)
            case .reviewed(let room, let id, let decision):
                json.head("reviewed")
                json.field("room", room.text)
                json.field("id", id)
                json.field("decision", decision)
            case .restrictions(let reference, let room, let restrictions): json.restrictions(restrictions, room, reference)
            case .roomAdded(let room):
                json.head("room_added")
                json.name("room")
                json.room(room)
            case .roomChanged(let room):
                json.head("room_changed")
                json.name("room")
                json.room(room)
            case .roomRemoved(let room):
                json.head("room_removed")
                json.field("room", room.text)
            case .bye(let closing):
                json.head("bye")
                json.field("code", closing.code.rawValue)
                json.field("reason", closing.reason)
                if let wait = closing.retryAfter { json.field("retry_after", wait) }
            }
        }
    }

    package mutating func room(_ room: RoomInfo) {
        object { json in
            json.field("id", room.id.text)
            json.field("title", room.title)
            json.field("max", room.max)
            json.field("count", room.count)
            json.field("has_password", room.hasPassword)
            json.name("owner")
            if let owner = room.owner {
                json.object {
                    $0.field("id", owner.id)
                    $0.field("name", owner.name)
                    $0.field("color", owner.color)
                }
            } else {
                json.null()
            }
            json.field("topic", room.topic)
            json.field("slow", room.slow)
            json.field("locked", room.locked)
            json.name("tags")
            json.array { for tag in room.tags { $0.string(tag) } }
            json.field("created_at", room.createdAt)
        }
    }

    /// The fields of an event, without the braces.
    mutating func fields(of event: Event) {
        head(event.body.type)
        field("room", event.room.text)
        field("seq", event.seq)
        field("at", event.at)
        switch event.body {
        case .chat(let from, let text, let replyTo):
            member("from", from)
            field("text", text)
            field("reply_to", replyTo)
        case .gif(let from, let gif, let caption):
            member("from", from)
            name("gif")
            file(gif)
            field("caption", caption)
        case .system(let words, let key, let by):
            text(words)
            field("key", key)
            field("by", by)
        case .join(let info, let count):
            member("member", info)
            field("count", count)
        case .exit(let info, let count, let reason):
            member("member", info)
            field("count", count)
            field("reason", reason.rawValue)
        case .name(let info, let before):
            member("member", info)
            field("before", before)
        case .owner(let info):
            if let info {
                member("member", info)
            } else {
                name("member")
                null()
            }
        case .topic(let topic, let by):
            field("topic", topic)
            if let by { member("member", by) }
        case .role(let info, let before):
            member("member", info)
            field("before", before.rawValue)
        case .deleted(let from, let by, let replyTo):
            member("from", from)
            if let by { member("by", by) }
            field("reply_to", replyTo)
        case .edit(let of, let by, let content):
            field("of", of)
            if let by { member("by", by) }
            self.content(content)
        case .delete(let of, let by, let why):
            field("of", of)
            if let by { member("by", by) }
            field("why", why)
        case .react(let of, let by, let emoji, let on):
            field("of", of)
            member("by", by)
            field("emoji", emoji)
            field("on", on)
        }
        field("cid", event.cid)
        if let look = event.look { self.look(look) }
        if let aftermath = event.aftermath { self.aftermath(aftermath) }
    }

    /// What a message says now.
    private mutating func content(_ content: Content?) {
        switch content {
        case .text(let text)?: field("text", text)
        case .gif(let gif, let caption)?:
            name("gif")
            file(gif)
            field("caption", caption)
        case nil: break
        }
    }

    private mutating func look(_ look: Look) {
        if look.spoiler { field("spoiler", true) }
        if look.still { field("still", true) }
        if let meta = look.meta.flatMap({ try? JSONValue(parsing: $0.utf8) }) {
            name("meta")
            value(meta)
        }
    }

    private mutating func aftermath(_ aftermath: Aftermath) {
        field("changed", aftermath.last)
        field("edited_at", aftermath.editedAt)
        guard !aftermath.reactions.isEmpty else { return }
        name("reactions")
        array { json in
            for reaction in aftermath.reactions {
                json.object { json in
                    json.field("emoji", reaction.emoji)
                    json.field("count", reaction.count)
                    json.name("by")
                    json.array { json in for id in reaction.people { json.string(id) } }
                }
            }
        }
    }

    package mutating func member(_ name: StaticString, _ info: MemberInfo) {
        self.name(name)
        member(info)
    }

    mutating func member(_ info: MemberInfo) {
        object { json in
            json.field("id", info.id)
            json.field("name", info.name)
            json.field("color", info.color)
            json.field("role", info.role.rawValue)
            if info.isBot { json.field("bot", true) }
        }
    }

    private mutating func head(_ type: StaticString, _ reference: Reference? = nil) {
        name("type")
        plainString(type)
        switch reference {
        case .number(let number)?: field("ref", number)
        case .fraction(let number)?: field("ref", number)
        case .text(let text)?: field("ref", text)
        case nil: break
        }
    }

    private mutating func plainString(_ text: StaticString) { string(text.description) }

    private mutating func welcome(_ welcome: Welcome) {
        head("welcome")
        name("you")
        object {
            $0.field("id", welcome.id.text)
            $0.field("name", welcome.name)
        }
        name("limits")
        object {
            $0.field("text", welcome.limits.text)
            $0.field("upload", UploadLimits.bytes)
            $0.field("title", welcome.limits.title)
            $0.field("name", welcome.limits.name)
        }
        field("version", version)
    }

    private mutating func joined(_ joined: Joined) {
        head("joined", joined.reference)
        name("room")
        room(joined.room)
        member("you", joined.you)
        name("members")
        array { for info in joined.members { $0.member(info) } }
        field("epoch", joined.epoch)
        field("seq", joined.seq)
        events(joined.events)
        field("first", joined.first)
        field("more", joined.more)
        field("reset", joined.reset)
        name("commands")
        array { json in
            for command in joined.commands {
                json.object {
                    $0.field("name", command.name)
                    $0.field("usage", command.usage)
                    $0.field("help", command.help)
                    $0.field("plugin", command.plugin)
                    $0.name("args")
                    $0.array { json in for argument in command.arguments { json.argument(argument) } }
                }
            }
        }
    }

    private mutating func argument(_ argument: CommandArgument) {
        object {
            $0.field("name", argument.name)
            $0.field("type", argument.type)
            $0.field("required", argument.isRequired)
            guard !argument.choices.isEmpty else { return }
            $0.name("choices")
            $0.array { json in for choice in argument.choices { json.string(choice) } }
        }
    }

    private mutating func refusal(_ refusal: Refusal, _ reference: Reference?) {
        head("error", reference)
        field("code", refusal.code.rawValue)
        field("text", refusal.text)
        field("by", refusal.by)
        field("field", refusal.field)
        field("room", refusal.room?.text)
        if let wait = refusal.retryAfter { field("retry_after", (wait * 10).rounded(.up) / 10) }
        field("id", refusal.trace)
    }

    private mutating func review(_ review: Review) {
        head("review")
        field("room", review.room.text)
        field("id", review.id)
        field("kind", review.kind.rawValue)
        member("from", review.from)
        field("text", review.text)
        field("reason", review.reason)
        field("by", review.by)
        field("at", review.at)
        field("until", review.until)
    }

    private mutating func restrictions(_ restrictions: [Restriction], _ room: RoomID, _ reference: Reference?) {
        head("restrictions", reference)
        field("room", room.text)
        name("restrictions")
        array { json in
            for restriction in restrictions {
                json.object {
                    $0.field("kind", restriction.kind.rawValue)
                    $0.field("member", restriction.person.text)
                    $0.field("name", restriction.name)
                    $0.field("until", restriction.until)
                    $0.field("reason", restriction.reason)
                    $0.field("by", restriction.by)
                }
            }
        }
    }

    private mutating func events(_ events: [Event]) {
        name("events")
        array { json in
            for event in events { json.object { $0.fields(of: event) } }
        }
    }

    private mutating func text(_ words: LocalizedText) {
        field("text", words.text)
        guard !words.texts.isEmpty else { return }
        name("texts")
        object { json in
            for (tag, text) in words.texts.sorted(by: { $0.key < $1.key }) {
                json.name(tag)
                json.string(text)
            }
        }
    }

    private mutating func file(_ gif: GIF) {
        object {
            $0.field("url", "/gif/\(gif.digest).gif")
            $0.field("still", "/gif/\(gif.digest)-still.gif")
            $0.field("width", gif.width)
            $0.field("height", gif.height)
            $0.field("frames", gif.frames)
            $0.field("seconds", gif.seconds)
            $0.field("bytes", gif.bytes)
        }
    }
}

extension Event.Body {
    /// What the protocol calls events of this kind.
    var type: StaticString {
        switch self {
        case .chat: "chat"
        case .gif: "gif"
        case .system: "system"
        case .join: "join"
        case .exit: "exit"
        case .name: "name"
        case .owner: "owner"
        case .topic: "topic"
        case .role: "role"
        case .deleted: "deleted"
        case .edit: "edit"
        case .delete: "delete"
        case .react: "react"
        }
    }
}
