/// An option of an API function: a field of the table it takes.
struct APIOption: Sendable {
    let name: String
    /// As the editor's types have it.
    let type: String
    let summary: String
    /// What a plugin needs for this option beside what the function needs.
    let permission: Permission?

    init(_ name: String, _ type: String, _ summary: String, permission: Permission? = nil) {
        self.name = name
        self.type = type
        self.summary = summary
        self.permission = permission
    }
}

extension APITable {
    /// The options of every function that takes some, by path. No others are accepted.
    static let options: [String: [APIOption]] = [
        "roost.on": hook, "roost.before": hook, "roost.after": hook, "roost.observe": hook,
        "roost.command": [
            APIOption("args", "string", "What it takes, e.g. `<who:user> [for:duration=10m] [why:text]`."),
            APIOption("role", "string", "Who may use it: member, moderator, owner or admin."),
            APIOption("help", "string", "What it does, for the list of commands."),
            APIOption("cooldown", "number", "Seconds between two uses by one person."),
        ],
        "roost.modify": [
            APIOption("text", "string", "The new text of a chat, an edit, a whisper or a system message."),
            APIOption("caption", "string", "The new caption of a GIF."),
            APIOption("to", "string", "The new name or topic."),
            APIOption("title", "string", "The title of the room that is to be made."),
            APIOption("max", "integer", "How many are to fit into it."),
            APIOption("seconds", "number", "How long a mute or a ban is to last."),
            APIOption("reason", "string", "Why somebody is kicked, muted or banned."),
            APIOption("spoiler", "boolean", "Of a chat or a GIF: hidden until somebody wants to see it."),
            APIOption("still", "boolean", "Of a GIF: does not move until somebody wants it to."),
            APIOption("meta", "table", "Of a chat or a GIF: what clients are told about it, up to 1 KiB; put together with what other plugins say."),
            APIOption("why", "string", "Of a deletion: the reason."),
            APIOption("emoji", "string", "Of a reaction: another emoji."),
            APIOption("messages", "message[]", "Of the history: those of `e.messages` that are shown, perhaps with another `text`."),
        ],
        "roost.drop": [
            APIOption("reason", "string", "What the author is told."),
            APIOption("code", "string", "For programs: what the refusal is called."),
            APIOption("retry_after", "number", "Seconds after which it is worth another try."),
            APIOption("silent", "boolean", "The author alone goes on seeing it.", permission: .chatDropSilently),
        ],
        "roost.hold": [
            APIOption("reason", "string", "What the moderators are told."),
            APIOption("ttl", "number", "Seconds it waits at most; 600 if nothing is said."),
        ],
        "roost.flag": [
            APIOption("label", "string", "What it is flagged as."),
            APIOption("score", "number", "How much is added; 1 if nothing is said."),
        ],
        "roost.defer": [APIOption("timeout", "number", "Seconds it may take, up to 30; 3 if nothing is said. Then it has failed.")],
        "roost.accept": [APIOption("reason", "string", "Why, for `why`.")],
        "roost.deny": [
            APIOption("reason", "string", "What the person is told."),
            APIOption("retry_after", "number", "Seconds after which it is worth another try."),
        ],
        "roost.redirect": [APIOption("room", "room|string", "Where to: a room or its id.")],
        "roost.timer": [
            APIOption("after", "number", "Seconds until it calls, once."),
            APIOption("every", "number", "Seconds between the end of a call and the next."),
            APIOption("cron", "string", "Times of day: minute, hour, day, month and day of the week, as in `30 9 * * mon-fri`."),
            APIOption("tz", "string", "The time zone of `cron`, e.g. `Asia/Seoul`; the server's if nothing is said."),
            APIOption("jitter", "number", "Up to so many seconds later, at random."),
            APIOption("id", "string", "Names the timer: in a new version of the plugin, the one with that name goes on where it was."),
        ],
        "roost.schedule": [
            APIOption("key", "string", "Names it: of each key there is one, and a new one replaces it."),
            APIOption("at", "number", "When, in seconds since 1970."),
            APIOption("after", "number", "When, in seconds from now."),
            APIOption("event", "string", "The handlers of `schedule:<event>` are called."),
            APIOption("data", "any", "What they get as `e.data`."),
        ],
        "roost.text.matcher": [
            APIOption("fold", "string", "What counts as equal: none, case or confusables."),
            APIOption("whole_word", "boolean", "Only words that stand by themselves."),
            APIOption("allow", "string[]", "Words that are fine although one of the list is in them."),
            APIOption("separators", "boolean", "Marks between letters do not help: `b.a.d` is `bad`."),
        ],
        "roost.text.regex": [APIOption("ignore_case", "boolean", "Capital and small letters are equal.")],
        "roost.http.get": request, "roost.http.post": request,
        "roost.console": [
            APIOption("args", "string", "What it takes, as for `roost.command`."),
            APIOption("help", "string", "What it does, for the console's help."),
        ],
        "event:reply": [APIOption("public", "boolean", "Says it to the room.", permission: .chatSend)],
        "room:say": [
            APIOption("id", "string", "What the plugin calls the message, for `room:edit`: the same id again in that room is the same message.")
        ],
        "user:tell": [
            room, APIOption("whisper", "boolean", "As a whisper of the plugin's, which stays among the messages.", permission: .whisperSend),
        ],
        "user:mute": [room, seconds, reason, by], "user:unmute": [room], "user:kick": [room, reason, by], "user:ban": [room, seconds, reason, by],
        "roost.room.create": [
            APIOption("title", "string", "The title, which is needed."),
            APIOption("max", "integer", "How many people fit in; 10 if nothing is said."),
            APIOption("topic", "string", "The topic."),
            APIOption("password", "string", "What one has to know to come in."),
            APIOption("owner", "user", "Who owns it; nobody if nothing is said."),
            APIOption("permanent", "boolean", "It stays when nobody is in it."),
            APIOption("tags", "string[]", "Words by which kinds of rooms are known."),
        ],
        "room:history": [
            APIOption("limit", "integer", "How many, from 1 to 200; 50 if nothing is said."),
            APIOption("before", "integer", "Those before this number."),
            APIOption("by", "string", "Those of the person with this id."),
        ],
        "room:set": [
            APIOption("title", "string", "The title."),
            APIOption("max", "integer", "How many people fit in."),
            APIOption("topic", "string", "The topic."),
            APIOption("slow", "integer", "Seconds between two messages of one person; 0 for none."),
            APIOption("locked", "boolean", "Nobody more gets in."),
            APIOption("tags", "string[]", "Words by which kinds of rooms are known: small letters, digits, `-` and `_`."),
        ],
        "store:set": [APIOption("ttl", "number", "Seconds it is kept; for good if nothing is said.")],
        "store:incr": [ttl], "store:update": [ttl],
    ]

    private static let hook = [
        APIOption("phase", "string", "When among the other handlers: transform, filter, decorate, gate, after or observe."),
        APIOption("priority", "integer", "From -100 to 100 within the phase; higher ones are called first."),
        APIOption("room", "string", "For rooms whose id or one of whose tags matches, `*` standing for any letters."),
        APIOption("id", "string", "Names the handler; the same id again replaces it."),
        APIOption("fail", "string", "What an error means: open (it passes) or closed (it does not)."),
        APIOption("deadline", "number", "Seconds it has, up to 10."),
        APIOption("plugins", "boolean", "Sees what other plugins write.", permission: .pluginsSee),
    ]

    private static let ttl = APIOption("ttl", "number", "Seconds it is kept from now; as before if nothing is said.")
    private static let request = [
        APIOption("headers", "table", "Header fields by name."),
        APIOption("timeout", "number", "Seconds it may take in all: up to 30; 10 if nothing is said."),
        APIOption("max_bytes", "integer", "The largest body that is taken; 1 MiB if nothing is said, and at most."),
    ]
    private static let room = APIOption("room", "room|string", "Where; the event's room if nothing is said.")
    private static let seconds = APIOption("seconds", "number", "For how long; for good if nothing is said.")
    private static let by = APIOption("by", "user", "In a command, whoever gave it: it is then theirs, and done only if they may.")
    private static let reason = APIOption("reason", "string", "Why, for the person and the audit log.")
}
