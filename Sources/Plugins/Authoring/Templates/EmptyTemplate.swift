extension NewPlugin.Template {
    /// File names and texts; NAME stands for the plugin's name.
    var files: [(String, String)] {
        switch self {
        case .empty: Self.emptyFiles
        case .moderation: Self.moderationFiles
        case .command: Self.commandFiles
        case .bot: Self.botFiles
        }
    }

    private static let emptyFiles = [
        (
            "plugin.json",
            """
            {
              "id": "NAME",
              "version": "0.1.0",
              "api": 1,
              "title": { "en": "NAME" },
              "hooks": ["chat"],
              "permissions": { "user": ["tell"] }
            }

            """
        ),
        (
            "init.lua",
            """
            -- NAME: say here what it does, for whoever decides whether to install it.

            roost.on("chat", function(e)
              if e.text == "ping" then e:reply("pong") end
            end)

            """
        ),
        (
            "test.lua",
            """
            test("ping is answered, and only its author hears it", function(t)
              local room = t:room()
              local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
              ann:say("ping")
              t:expect(ann):received(1, "notice", "pong")
              t:expect(bob):received(0, "notice")
            end)

            """
        ),
    ]
}
