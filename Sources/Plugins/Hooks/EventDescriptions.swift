import RoomEngine

/// What the events and their fields mean, for the reference and for editors. The event table says which there are.
struct EventDescription: Sendable {
    struct Field: Sendable {
        let type: String
        let summary: String

        init(_ type: String, _ summary: String) {
            self.type = type
            self.summary = summary
        }
    }

    let summary: String
    let fields: [String: Field]

    static let common: [String: Field] = [
        "id": Field("string", "Names this event."),
        "room": Field("room", "Where it happens; nil of what happens in no room."),
        "user": Field("user?", "Who it is about."),
        "at": Field("integer", "When, in milliseconds since 1970."),
        "origin": Field("string", "person, plugin:<id>, console or server."),
        "seq": Field("integer?", "Its number in the room, once it has happened."),
        "verdict": Field("string?", "What was decided; for observers."),
    ]

    /// By event; `/command` is the call of a slash command.
    static let all: [String: EventDescription] = [
        "join": .init(summary: "Before somebody is given a seat.", fields: [
            "user": Field("user", "Who wants in."),
            "resumed": Field("boolean", "Whether they have been here before and go on from there, their seat having been given up."),
            "count": Field("integer", "How many people are in the room."),
            "max": Field("integer", "How many fit in."),
        ]),
        "exit": .init(summary: "Somebody has gone: exactly once for every join.", fields: [
            "user": Field("user", "Who has gone."),
            "reason": Field("string", "left, timeout, kicked, banned, room_removed, shutdown or crash."),
            "by": Field("string?", "Who saw to it, if somebody did."),
            "seconds": Field("integer", "How long they were there."),
        ]),
        "chat": .init(summary: "A text message.", fields: [
            "user": Field("user", "Who wrote it."),
            "text": Field("string", "What was written."),
            "mentions": Field("string[]", "The names in it with an @ before them."),
            "links": Field("link[]", "The links in it."),
            "reply_to": Field("integer?", "The number of the message that it answers."),
        ]),
        "gif": .init(summary: "A GIF, inspected, before it is kept.", fields: [
            "user": Field("user", "Who shows it."),
            "gif": Field("gif", "What is known of the file."),
            "caption": Field("string?", "The words that go with it."),
        ]),
        "system": .init(summary: "A system message: of the server or of a plugin.", fields: [
            "key": Field("string?", "The key of its translations."),
            "args": Field("table<string, string>", "The values for the places in its text."),
            "text": Field("string", "What it says, in the server's language."),
        ]),
        "connect": .init(summary: "Somebody arrives at the server: by their first connection, not by each tab.", fields: [
            "user": Field("user", "Who arrives."),
            "locale": Field("string", "The language of their browser."),
            "resumed": Field("boolean", "Whether a seat waits for them, which they lost the connection of."),
        ]),
        "whisper": .init(summary: "What one person says to another.", fields: [
            "user": Field("user", "Who whispers."),
            "to": Field("user", "To whom."),
            "text": Field("string?", "What; nil for plugins without the permission `whisper.read`."),
        ]),
        "name": .init(summary: "Somebody wants another name.", fields: [
            "user": Field("user", "Who."),
            "from": Field("string", "The name so far."),
            "to": Field("string", "The new one."),
        ]),
        "topic": .init(summary: "A room is to have another topic.", fields: [
            "user": Field("user?", "Who wants it; nil if a plugin does."),
            "from": Field("string", "The topic so far."),
            "to": Field("string", "The new one."),
        ]),
        "room_create": .init(summary: "A room is to be made. There is none yet.", fields: [
            "user": Field("user?", "Who wants it, and will own it; nil if a plugin does."),
            "title": Field("string", "What it is to be called."),
            "max": Field("integer", "How many fit in."),
            "has_password": Field("boolean", "Whether a password will be needed."),
        ]),
        "room_remove": .init(summary: "A room is removed: everyone has left it, and its handle is good for a last time.", fields: [
            "reason": Field("string", "empty, owner, console, or what a plugin has said."),
        ]),
        "kick": moderation("asked to leave", "A kick takes no time of its own."),
        "mute": moderation("muted", "For how long; nil for good."),
        "ban": moderation("banned", "For how long; nil for good."),
        "color": .init(summary: "Somebody needs a colour.", fields: [
            "user": Field("user", "Who needs it."),
            "seed": Field("string", "What it is made from: random, and telling nothing else."),
        ]),
        "owner": .init(summary: "The owner has gone: who is next?", fields: [
            "candidates": Field("user[]", "The people in the room, those who came first in front.")
        ]),
        "command": .init(summary: "A slash command, before it is carried out.", fields: [
            "user": Field("user", "Who gave it."),
            "name": Field("string", "Without the slash."),
            "args": Field("string", "The rest of the line."),
        ]),
        "held": .init(summary: "What waited for a moderator has been decided.", fields: [
            "user": Field("user?", "Who it is from."),
            "text": Field("string", "What waited."),
            "decision": Field("string", "approved or refused."),
            "by": Field("string", "Who decided."),
            "why": Field("string", "Why, if it was said."),
        ]),
        "config_changed": .init(summary: "Settings of this plugin have changed while it runs; `roost.config` has the new values.", fields: [
            "changed": Field("table<string, any>", "By name, what the settings that have changed were before."),
        ]),
        "schedule": .init(summary: "Something that this plugin has scheduled is due.", fields: [
            "data": Field("any", "What `roost.schedule` was given."),
            "late": Field("integer", "How many whole seconds ago it was due: some if the server, or the plugin, was not there then."),
            "key": Field("string", "The key that it had; it is free again."),
        ]),
        "edit": .init(summary: "Somebody changes what they wrote.", fields: [
            "user": Field("user?", "Who changes it; nil if a plugin does."),
            "message": Field("message", "The message as it is before the change."),
            "before": Field("string?", "What it says; of a GIF, its caption."),
            "after": Field("string", "What it is to say."),
            "text": Field("string", "The same as `after`: a handler of `chat` can be one of `edit` too."),
            "mentions": Field("string[]", "The names in it with an @ before them."),
            "links": Field("link[]", "The links in it."),
        ]),
        "delete": .init(summary: "A message is deleted: by its author, a moderator or a plugin. An operator does not ask.", fields: [
            "user": Field("user?", "Who deletes it; nil if a plugin does."),
            "message": Field("message", "The message."),
            "before": Field("string?", "What it says; of a GIF, its caption."),
            "after": Field("nil", "Nothing is left of it."),
            "why": Field("string?", "Why, if it was said."),
        ]),
        "react": .init(summary: "Somebody puts an emoji under a message, or takes theirs away.", fields: [
            "user": Field("user?", "Who reacts; nil if a plugin does."),
            "message": Field("message", "The message as it is before that."),
            "before": Field("string?", "The emoji that is taken away."),
            "after": Field("string?", "The emoji that is put there."),
        ]),
        "report": .init(summary: "Somebody wants a moderator to look at a message.", fields: [
            "user": Field("user", "Who reports it."),
            "message": Field("message", "The message."),
            "by": Field("string", "What they are called."),
            "why": Field("string", "Why; empty if it was not said."),
        ]),
        "history": .init(
            summary: "Somebody is about to be sent messages from before they came: when they enter, and with each earlier page.", fields: [
            "user": Field("user", "Who is sent them."),
            "messages": Field("message[]", "The messages, the oldest in front."),
        ]),
        "load": .init(summary: "A version has been run and is about to be used. An error keeps it from being used.", fields: [
            "reason": Field("string", "load, reload or rollback."),
            "before": Field("integer?", "The generation that is in use."),
        ]),
        "ready": .init(summary: "This version is in use.", fields: [
            "reason": Field("string", "load, reload or rollback."),
            "before": Field("integer?", "The generation that was in use."),
        ]),
        "unload": .init(summary: "This version is not used any more.", fields: [
            "reason": Field("string", "unload, disable, reload or rollback."),
        ]),
        "save": .init(summary: "A new version takes over: what this one answers by roost.value, the new one gets by restore.", fields: [:]),
        "restore": .init(summary: "What the version before has saved. An error keeps this one from being used.", fields: [
            "data": Field("any", "What it answered: data, users and rooms."),
            "before": Field("integer", "Its generation."),
        ]),
        "shutdown": .init(summary: "The server is about to end.", fields: [
            "reason": Field("string", "What people are told."),
        ]),
        "/command": .init(summary: "The call of a slash command, which its function gets.", fields: [
            "user": Field("user", "Who gave it."),
            "name": Field("string", "Without the slash."),
            "args": Field("table<string, any>", "What was given, by the names of `args`."),
        ]),
    ]

    private static func moderation(_ done: String, _ seconds: String) -> EventDescription {
        .init(summary: "Somebody is to be \(done): a person or a plugin wants it. The console does not ask.", fields: [
            "user": Field("user?", "Who wants it; nil if a plugin does."),
            "target": Field("user?", "About whom it is; nil if they are not here."),
            "by": Field("string", "The id of the person or the plugin that wants it."),
            "seconds": Field("number?", seconds),
            "reason": Field("string", "Why; empty if nothing was said."),
        ])
    }

    /// Tables that fields and functions hand out, by the names that types call them.
    static let records: [(name: String, summary: String, fields: [(name: String, type: String, summary: String)])] = [
        ("link", "A link in a text.", [("url", "string", "The address."), ("host", "string", "The host in it.")]),
        (
            "gif", "What is known of a GIF.",
            [
                ("bytes", "integer", "Its size."), ("width", "integer", "In pixels."), ("height", "integer", "In pixels."),
                ("frames", "integer", "How many pictures it has."), ("seconds", "number", "How long it takes."),
                ("sha256", "string", "Its SHA-256, in hexadecimal."),
                ("flashes_per_second", "number", "General flashes in its worst second (WCAG 2.3.1 allows three)."),
            ]
        ),
        (
            "message", "A message of a room's history.",
            [
                ("seq", "integer", "Its number."), ("at", "integer", "When, in milliseconds since 1970."),
                ("user_id", "string?", "The author's id."), ("name", "string?", "What the author was called."),
                ("text", "string?", "What was written; of a GIF, its caption."), ("gif", "string?", "Of a GIF, its SHA-256."),
                ("bot", "boolean?", "True if a plugin wrote it."), ("reply_to", "integer?", "The number of the message that it answers."),
                ("edited_at", "integer?", "When its author changed it, in milliseconds since 1970."),
                ("reactions", "table<string, integer>", "How many people have put which emoji under it."),
            ]
        ),
        (
            "schedule", "Something that is scheduled.",
            [
                ("key", "string", "Its key."), ("event", "string", "The handlers of `schedule:<event>` are called."),
                ("at", "number", "When, in seconds since 1970."), ("data", "any", "What they get."),
            ]
        ),
        (
            "hook_stats", "What a handler has cost.",
            [
                ("calls", "integer", "How often it was called."), ("errors", "integer", "How often it failed."),
                ("milliseconds", "number", "What it took in all."),
            ]
        ),
    ]
}

extension EventRow {
    var description: EventDescription { EventDescription.all[phases.isEmpty ? "/\(kind.name)" : kind.name] ?? .init(summary: "", fields: [:]) }

    func description(of field: String) -> EventDescription.Field {
        description.fields[field] ?? EventDescription.common[field] ?? .init("any", "")
    }
}
