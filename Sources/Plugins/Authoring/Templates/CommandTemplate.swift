extension NewPlugin.Template {
    static let commandFiles = [
        (
            "plugin.json",
            """
            {
              "id": "NAME",
              "version": "0.1.0",
              "api": 1,
              "title": { "en": "NAME" },
              "permissions": { "chat": ["send"], "user": ["tell"] }
            }

            """
        ),
        (
            "init.lua",
            """
            -- NAME: a command that everyone may use and one for owners.

            roost.command("choose", { args = "<between:text>", help = "Chooses for you: /choose tea, coffee" }, function(c)
              local choices = {}
              for choice in c.args.between:gmatch("[^,]+") do
                choices[#choices + 1] = choice:match("^%s*(.-)%s*$")
              end
              c:reply(c.user.name .. ": " .. choices[roost.random(#choices)], { public = true })
            end)

            roost.command("whisper-to", { args = "<who:user> <what:text>", role = "owner", help = "Tells somebody something." }, function(c)
              c.args.who:tell(c.args.what)
            end)

            """
        ),
        (
            "test.lua",
            """
            test("one of the choices is chosen, and everyone hears it", function(t)
              local room = t:room()
              local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
              ann:say("/choose tea, tea")
              t:expect(bob):received(1, "chat", "Ann: tea")
            end)

            test("a command without what it needs is explained", function(t)
              local ann = t:user("Ann"):join(t:room())
              ann:say("/choose")
              t:expect(ann):refused("'between' is missing")
            end)

            test("only the owner may", function(t)
              local olga = t:user("Olga")
              local room = t:room { owner = olga }
              olga:join(room)
              local ann = t:user("Ann"):join(room)
              olga:say("/whisper-to ann psst")
              t:expect(ann):received(1, "notice", "psst")
              ann:say("/whisper-to olga psst")
              t:expect(ann):refused("for owners")
            end)

            """
        ),
    ]
}
