extension NewPlugin.Template {
    static let moderationFiles = [
        (
            "plugin.json",
            """
            {
              "id": "NAME",
              "version": "0.1.0",
              "api": 1,
              "title": { "en": "NAME" },
              "hooks": ["chat"],
              "permissions": { "chat": ["drop"], "user": ["mute"], "store": "256KiB" },
              "safety": true,
              "config": {
                "banned": { "type": "list<string>", "default": ["darn"], "help": "Words that are not said here" },
                "mute_after": { "type": "int", "min": 1, "max": 100, "default": 3, "help": "Strikes within an hour" }
              }
            }

            """
        ),
        (
            "init.lua",
            """
            -- NAME: drops messages with banned words, and mutes whoever goes on.

            local words = roost.text.matcher(roost.config.banned, { fold = "confusables", whole_word = true })

            roost.on("chat", function(e)
              if e.user:has("moderator") then return end
              local word = words:find(e.text)
              if not word then return end

              e:note("word", word)
              local strikes = e.user:data():incr("strikes", 1, { ttl = 3600 })
              if strikes >= roost.config.mute_after then
                e.user:mute { seconds = 600, reason = roost.t("muted", {}, e.user.locale) }
              end
              return roost.drop(roost.t("word", {}, e.user.locale))
            end)

            """
        ),
        (
            "test.lua",
            """
            local function party(t)
              local owner = t:user("Olga")
              local room = t:room { owner = owner }
              owner:join(room)
              return t:user("Ann"):join(room), t:user("Bob"):join(room)
            end

            test("a banned word is dropped, and its author is told", function(t)
              local ann, bob = party(t)
              ann:say("well, DARN it")
              t:expect(ann):refused("not said here")
              t:expect(bob):received(0, "chat")
            end)

            test("everything else passes", function(t)
              local ann, bob = party(t)
              ann:say("a darning needle")
              t:expect(bob):received(1, "chat")
            end)

            test("the third strike mutes for ten minutes", function(t)
              local ann, bob = party(t)
              for _ = 1, 3 do ann:say("darn") end
              ann:say("hello?")
              t:expect(ann):refused("muted")
              t:advance(601)
              ann:say("hello again")
              t:expect(bob):received(1, "chat", "hello again")
            end)

            """
        ),
        (
            "locales/en.json",
            """
            {
              "word": "That word is not said here.",
              "muted": "too many strikes"
            }

            """
        ),
    ]
}
