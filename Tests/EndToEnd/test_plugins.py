"""Plugins as their authors and operators meet them: dropped into a folder, changed while people talk."""

import re

from roost import Room

PING = """
roost.on("chat", function(e)
  if e.text == "ping" then e:reply("pong") end
end)
"""


def test_a_file_in_the_folder_is_a_plugin(start):
    server = start(plugins={"ping.lua": PING})
    room = Room(server)
    room.bob.say(room.id, "ping")
    notice = room.bob.expect("notice")
    assert (notice["text"], notice["by"], notice["room"]) == ("pong", "ping", room.id)
    assert room.ann.everything("notice") == [], "a reply is for whoever was replied to"


def test_a_plugin_is_changed_while_people_talk_and_nobody_notices(start):
    server = start(plugins={"shout.lua": 'roost.on("chat", function(e) return roost.modify { text = e.text:upper() } end, {phase = "transform"})'})
    room = Room(server)
    room.ann.say(room.id, "hello")
    assert room.bob.expect("chat")["text"] == "HELLO"
    server.write_plugin("shout.lua", 'roost.on("chat", function(e) return roost.modify { text = e.text .. "!" } end, {phase = "transform"})')
    room.ann.say(room.id, "hello")
    assert room.bob.expect("chat")["text"] == "HELLO", "until it is reloaded"
    assert "shout@g2 is live" in server.type("plugin reload shout")
    room.ann.say(room.id, "hello")
    assert room.bob.expect("chat")["text"] == "hello!"
    assert [event["type"] for event in room.ann.events(room.id)] == ["join", "join", "chat", "chat", "chat"]


def test_every_message_is_handled_by_one_generation_and_none_is_lost(start):
    code = 'roost.on("chat", function(e) return roost.modify {{ text = e.text .. " g{}" }} end, {{phase = "transform"}})'
    server = start(plugins={"mark.lua": code.format(1)})
    room = Room(server)
    for generation in range(2, 7):
        for number in range(20):
            room.ann.send({"type": "chat", "ref": f"{generation}.{number}", "room": room.id, "text": f"{generation}.{number}"})
        server.write_plugin("mark.lua", code.format(generation))
        assert server.console("plugin", "reload", "mark").returncode == 0
    assert room.ann.answer("6.19")["type"] == "ok"
    texts = [event["text"] for event in room.bob.events(room.id) if event["type"] == "chat"]
    assert [text.split()[0] for text in texts] == [f"{generation}.{number}" for generation in range(2, 7) for number in range(20)]
    generations = [int(text.split("g")[1]) for text in texts]
    assert generations == sorted(generations) and set(generations) <= set(range(1, 7))


def test_what_a_plugin_keeps_survives_its_reload(start):
    code = """
    roost.keep.count = roost.keep.count or 0
    roost.on("chat", function(e) roost.keep.count = roost.keep.count + 1; e:reply("%s " .. roost.keep.count) end)
    """
    server = start(plugins={"counter.lua": code % "first"})
    room = Room(server)
    room.bob.say(room.id, "a")
    room.bob.say(room.id, "b")
    server.write_plugin("counter.lua", code % "second")
    server.type("plugin reload counter")
    room.bob.say(room.id, "c")
    assert [notice["text"] for notice in room.bob.everything("notice")] == ["first 1", "first 2", "second 3"]


def test_what_a_plugin_stores_survives_a_restart(start):
    server = start(plugins={"counter.lua": 'roost.on("chat", function(e) e:reply("number " .. roost.store:incr("count", 1)) end)'})
    room = Room(server)
    room.bob.say(room.id, "a")
    assert room.bob.expect("notice")["text"] == "number 1"
    server.restart()
    bob = room.bob.another_tab()
    bob.join(room.id)
    bob.say(room.id, "b")
    assert bob.expect("notice")["text"] == "number 2"


def test_a_refusal_carries_its_reason_and_who_refused(start):
    server = start(plugins={"quiet.lua": 'roost.on("chat", function(e) if e.text:find("loud") then return roost.drop("Psst.") end end)'})
    room = Room(server)
    answer = room.bob.ask("chat", room=room.id, text="LOUD and loud")
    assert (answer["code"], answer["text"], answer["by"]) == ("refused", "Psst.", "quiet")
    room.bob.say(room.id, "soft")
    assert [event["text"] for event in room.ann.events(room.id) if event["type"] == "chat"] == ["soft"]


def test_a_message_that_waits_for_a_moderator_is_held(start):
    server = start(plugins={"hold/plugin.json": '{"id": "hold", "version": "1.0.0", "api": 1, "hooks": ["chat"], "permissions": {"chat": ["hold"]}}',
                            "hold/init.lua": 'roost.on("chat", function(e) return roost.hold { reason = "new here" } end)'})
    room = Room(server)
    answer = room.bob.ask("chat", room=room.id, text="hello")
    assert answer["type"] == "held" and answer["id"], answer
    assert room.ann.everything("chat") == []


def test_somebody_can_be_kept_out(start):
    server = start(plugins={"door.lua": """
        roost.on("join", function(e)
          if e.user.name == "Bob" then return roost.deny { reason = "Not you.", retry_after = 30 } end
        end)
    """})
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    answer = bob.ask("join", room=room)
    assert (answer["code"], answer["text"], answer["by"], answer["retry_after"]) == ("refused", "Not you.", "door", 30)
    assert [event["type"] for event in ann.events(room)] == ["join"]


def test_commands_are_listed_and_wrong_arguments_are_pointed_at(start):
    server = start(plugins={"add.lua": """
        roost.command("add", { args = "<a:int> <b:int>", help = "Adds." }, function(c) c:reply(tostring(c.args.a + c.args.b)) end)
    """})
    ann = server.person("Ann")
    room = ann.create_room()
    commands = ann.join(room)["commands"]
    assert [(command["name"], command["plugin"], command["help"]) for command in commands] == [("add", "add", "Adds.")]
    assert commands[0]["usage"].startswith("/add")
    assert ann.say(room, "/add 2 40") is None
    assert ann.expect("notice")["text"] == "42"
    answer = ann.ask("chat", room=room, text="/add 2 many")
    assert answer["type"] == "error" and re.search("→.*b.*←", answer["text"]), answer
    assert "/add" in ann.ask("chat", room=room, text="/ad 2 3")["text"], "the nearest command is suggested"


def test_the_operator_orders_plugins(start):
    code = 'roost.on("chat", function(e) return roost.modify {{ text = e.text .. "{0}" }} end, {{phase = "transform"}})'
    server = start(plugins={f"{name}.lua": code.format(name) for name in "abc"}, config='[hooks.order]\nchat = ["c", "a"]\n')
    room = Room(server)
    room.ann.say(room.id, "-")
    assert room.bob.expect("chat")["text"] == "-cab"


def test_a_timer_speaks_by_itself(start):
    server = start(plugins={"clock.lua": """
        roost.after("join", function(e)
          local room = e.room
          roost.timer { after = 0.1 } (function() room:say("tick") end)
        end)
    """})
    room = Room(server)
    event = room.bob.expect("chat", text="tick")
    assert event["from"]["bot"] is True and event["from"]["name"] == "clock"
