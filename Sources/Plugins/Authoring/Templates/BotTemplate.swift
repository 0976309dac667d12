extension NewPlugin.Template {
    static let botFiles = [
        (
            "plugin.json",
            """
            {
              "id": "NAME",
              "version": "0.1.0",
              "api": 1,
              "title": { "en": "NAME" },
              "hooks": ["chat", "join"],
              "permissions": { "chat": ["send"], "user": ["tell"], "store": "256KiB" },
              "config": {
                "greeting": { "type": "string", "default": "Hello, {name}. Ask me with \\"help\\".", "help": "What newcomers are told" }
              }
            }

            """
        ),
        (
            "init.lua",
            """
            -- NAME: greets newcomers, answers questions, and says after a while how many it has answered.

            local ANSWERS = {
              help = "I know: help, rules, time.",
              rules = "Be kind.",
              time = function() return "It is " .. os.date("!%H:%M", roost.now() // 1 | 0) .. " UTC." end,
            }

            roost.after("join", function(e)
              e:reply((roost.config.greeting:gsub("{name}", { ["{name}"] = e.user.name })))
            end)

            roost.after("chat", function(e)
              local answer = ANSWERS[e.text:lower()]
              if not answer then return end
              local count = e.room:data():incr("answered")
              roost.sleep(1)                                    -- others go on meanwhile
              e:say(type(answer) == "function" and answer() or answer)
              if count % 10 == 0 then e:say("That was question no. " .. count .. ".") end
            end)

            """
        ),
        (
            "test.lua",
            """
            test("newcomers are greeted by name", function(t)
              local ann = t:user("Ann"):join(t:room())
              t:expect(ann):received(1, "notice", "Hello, Ann.")
            end)

            test("a question is answered after a second, for everyone", function(t)
              local room = t:room()
              local ann, bob = t:user("Ann"):join(room), t:user("Bob"):join(room)
              ann:say("Rules")
              t:expect(bob):received(0, "chat", "Be kind.")
              t:advance(1)
              t:expect(bob):received(1, "chat", "Be kind.")
            end)

            test("every tenth question is celebrated", function(t)
              local ann = t:user("Ann"):join(t:room())
              for _ = 1, 10 do ann:say("help") end
              t:advance(1)
              t:expect(ann):received(1, "chat", "question no. 10")
            end)

            """
        ),
    ]
}
