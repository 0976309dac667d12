/// What a plugin's `test.lua` can do, for editors, the reference and the check.
struct TestSignature: Sendable {
    /// `t:room`, `visitor:say`, or `test` itself.
    let path: String
    let arguments: [APIFunction.Argument]
    let returns: String
    let summary: String

    init(_ path: String, _ arguments: [APIFunction.Argument] = [], returns: String = "nil", _ summary: String) {
        self.path = path
        self.arguments = arguments
        self.returns = returns
        self.summary = summary
    }

    static let all: [TestSignature] = [
        TestSignature("test", ["name string", "options table|function", "body function?"], "A test: a name, perhaps `{ config = { … } }`, and what is done."),
        TestSignature("t:room", ["options table?"], returns: "test_room", "A room: `title`, `max`, `password`, `tags`, `owner` (a visitor)."),
        TestSignature("t:user", ["name string?", "options table?"], returns: "visitor", "Somebody arrives; `admin`, `locale` and `seed` (of their colour) can be given."),
        TestSignature("t:advance", ["seconds number"], "Lets time go by: everything that is due happens."),
        TestSignature("t:reload", [], "The plugin is loaded anew."),
        TestSignature("t:restart", ["seconds number?"], "The server is killed, and started again after so long. Everyone is connected then, and in no room."),
        TestSignature("t:configure", ["name string", "value any"], "An operator changes a setting of the plugin."),
        TestSignature("t:expect", ["who visitor"], returns: "expectation", "What is expected of a visitor."),
        TestSignature("t:why", ["id string"], returns: "string?", "How a message was decided: a line per handler."),
        TestSignature("t:sha256", ["text string"], returns: "string", "The SHA-256 of a text, in hexadecimal."),
        TestSignature(
            "t:http", ["url string", "answer table?"],
            "Answers requests to that address from now on: `status`, `headers`, `body` or `json`; or `error`; `after` so many seconds."),
        TestSignature("t:requests", returns: "table[]", "The requests that were sent: `method`, `url`, `headers`, `body`."),
        TestSignature("t:console", ["line string"], returns: "string", "What a console command of the plugin says: `t:console(\"guard shield on\")`."),
        TestSignature("t:metric", ["name string", "labels table?"], returns: "number?", "What the plugin has measured: the count, the gauge, or the sum of times."),
        TestSignature("t:log", returns: "string", "What was logged."),
        TestSignature("visitor:join", ["room test_room", "password string?"], returns: "visitor", "Enters a room."),
        TestSignature("visitor:exit", returns: "visitor", "Leaves the room entered last."),
        TestSignature("visitor:say", ["text string"], returns: "visitor", "Says something there, or gives a slash command."),
        TestSignature("visitor:whisper", ["who visitor", "text string"], returns: "visitor", "Whispers to somebody there."),
        TestSignature("visitor:moderate", ["what string", "who visitor", "options table?"], returns: "visitor", "Kicks, mutes, bans, unmutes or unbans somebody there; `seconds` and `reason` can be given."),
        TestSignature("visitor:give", ["role string", "who visitor"], returns: "visitor", "Makes somebody there a moderator, the owner or a member."),
        TestSignature("visitor:set", ["changes table"], returns: "visitor", "Changes the room: `title`, `topic`, `max`, `slow`, `locked`, `tags`."),
        TestSignature("visitor:gif", ["options table?"], returns: "visitor", "Shows a GIF: `width`, `height`, `frames`, `seconds`, `flashes`, `bytes`, `caption`; or what is in the file as `content`."),
        TestSignature("visitor:edit", ["message integer|string", "text string"], returns: "visitor", "Changes a message: its number, or what `last_sent` says."),
        TestSignature("visitor:delete", ["message integer|string", "why string?"], returns: "visitor", "Deletes a message."),
        TestSignature("visitor:react", ["message integer|string", "emoji string", "on boolean?"], returns: "visitor", "Puts an emoji under a message; with false, takes it away."),
        TestSignature("visitor:report", ["message integer|string", "why string?"], returns: "visitor", "Reports a message."),
        TestSignature("visitor:rename", ["name string"], returns: "visitor", "Takes another name."),
        TestSignature("visitor:disconnect", returns: "visitor", "Loses the connection."),
        TestSignature("visitor:last_sent", returns: "string?", "What `t:why` knows their last message by."),
        TestSignature("expectation:received", ["n integer", "kind string", "text string?"], "Has received n of a kind (chat, gif, system, notice, join, exit, name, owner, topic, role, whisper, edit, delete, react, unreact), counting those with that text in them."),
        TestSignature("expectation:found", ["n integer", "kind string", "text string?"], "Found n of a kind there on entering the room, deleted ones as `deleted`."),
        TestSignature("expectation:refused", ["text string?"], "What they did last was refused, with that text in the reason."),
        TestSignature("expectation:accepted", [], "What they did last was not refused."),
        TestSignature("expectation:present", ["expected boolean?"], "Is in the room entered last; or not, with false."),
    ]

    /// What can be read of visitors and rooms.
    static let attributes: [String: [(name: String, type: String)]] = [
        "visitor": [("id", "string"), ("name", "string"), ("color", "string?"), ("role", "string")],
        "test_room": [("id", "string"), ("title", "string"), ("topic", "string"), ("count", "integer"), ("owner", "string?")],
    ]
}
