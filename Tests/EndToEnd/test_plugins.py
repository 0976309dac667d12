"""Plugins as their authors and operators meet them: dropped into a folder, changed while people talk."""

import itertools
import re

import pytest

from roost import STANDARD_PLUGINS, run

PING = """
roost.on("chat", function(e)
  if e.text == "ping" then e:reply("pong") end
end)
"""


@pytest.fixture
def room(server):
    """A room with Ann, its owner, and Bob: `.id`, `.ann`, `.bob`."""
    return make_room(server)


def make_room(server, **options):
    class Room:
        ann, bob = server.person("Ann", **options), server.person("Bob", **options)
        id = ann.create_room("Tea house")
    for person in (Room.ann, Room.bob):
        person.join(Room.id)
    return Room


# A plugin of one's own


def test_a_file_in_the_folder_is_a_plugin(start):
    server = start(plugins={"ping.lua": PING})
    room = make_room(server)
    room.bob.say(room.id, "ping")
    notice = room.bob.expect("notice")
    assert (notice["text"], notice["by"], notice["room"]) == ("pong", "ping", room.id)
    assert room.ann.everything("notice") == [], "a reply is for whoever was replied to"


def test_a_plugin_is_changed_while_people_talk_and_nobody_notices(start):
    server = start(plugins={"shout.lua": 'roost.on("chat", function(e) return roost.modify { text = e.text:upper() } end, {phase = "transform"})'})
    room = make_room(server)
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
    room = make_room(server)
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
    room = make_room(server)
    room.bob.say(room.id, "a")
    room.bob.say(room.id, "b")
    server.write_plugin("counter.lua", code % "second")
    server.type("plugin reload counter")
    room.bob.say(room.id, "c")
    assert [notice["text"] for notice in room.bob.everything("notice")] == ["first 1", "first 2", "second 3"]


def test_what_a_plugin_stores_survives_a_restart(start):
    server = start(plugins={"counter.lua": 'roost.on("chat", function(e) e:reply("number " .. roost.store:incr("count", 1)) end)'})
    room = make_room(server)
    room.bob.say(room.id, "a")
    assert room.bob.expect("notice")["text"] == "number 1"
    server.restart()
    bob = room.bob.another_tab()
    bob.join(room.id)
    bob.say(room.id, "b")
    assert bob.expect("notice")["text"] == "number 2"


def test_a_refusal_carries_its_reason_and_who_refused(start):
    server = start(plugins={"quiet.lua": 'roost.on("chat", function(e) if e.text:find("loud") then return roost.drop("Psst.") end end)'})
    room = make_room(server)
    answer = room.bob.ask("chat", room=room.id, text="LOUD and loud")
    assert (answer["code"], answer["text"], answer["by"]) == ("refused", "Psst.", "quiet")
    room.bob.say(room.id, "soft")
    assert [event["text"] for event in room.ann.events(room.id) if event["type"] == "chat"] == ["soft"]


def test_a_message_that_waits_for_a_moderator_is_held(start):
    server = start(plugins={"hold/plugin.json": '{"id": "hold", "version": "1.0.0", "api": 1, "hooks": ["chat"], "permissions": {"chat": ["hold"]}}',
                            "hold/init.lua": 'roost.on("chat", function(e) return roost.hold { reason = "new here" } end)'})
    room = make_room(server)
    answer = room.bob.ask("chat", room=room.id, text="hello")
    assert answer["type"] == "held" and answer["id"], answer
    assert room.ann.everything("chat") == []


def test_somebody_can_be_kept_out(start):
    server = start(plugins={"door.lua": 'roost.on("join", function(e) if e.user.name == "Bob" then return roost.deny { reason = "Not you.", retry_after = 30 } end end)'})
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
    room = make_room(server)
    room.ann.say(room.id, "-")
    assert room.bob.expect("chat")["text"] == "-cab"


def test_a_timer_speaks_by_itself(start):
    server = start(plugins={"clock.lua": """
        roost.after("join", function(e)
          local room = e.room
          roost.timer { after = 0.1 } (function() room:say("tick") end)
        end)
    """})
    room = make_room(server)
    event = room.bob.expect("chat", text="tick")
    assert event["from"]["bot"] is True and event["from"]["name"] == "clock"


# The standard plugins


@pytest.fixture(scope="module")
def server(start):
    config = """
    [plugin.guard]
    banned = ["darn", "바보"]
    mute_after = 3
    mute_for = "10m"
    flood_messages = 6
    flood_seconds = 3600
    """
    return start("--resume-grace", "0.3", "--kicked-for", "1m", plugins="standard", config=config)


def test_a_roll_is_seen_by_everyone(room):
    room.ann.say(room.id, "/roll 2d6+1")
    event = room.bob.expect("chat")
    assert event["from"]["bot"] is True
    found = re.fullmatch(r"🎲 Ann \(2d6\+1\): ([1-6]) \+ ([1-6]) \+ 1 = (\d+)", event["text"])
    assert found and int(found[1]) + int(found[2]) + 1 == int(found[3])


def test_wrong_dice_are_explained_to_whoever_threw_them(room):
    room.ann.say(room.id, "/roll banana")
    assert "Dice look like" in room.ann.expect("notice", by="dicebot")["text"]
    assert room.bob.everything("chat") == []


def test_a_newcomer_is_greeted_in_their_own_language(server):
    ann = server.person("Ann")
    room = ann.create_room("Tea house")
    ann.join(room)
    assert "Tea house" in ann.expect("notice", by="greet")["text"]
    kim = server.person("김", language="ko-KR,ko;q=0.9,en;q=0.5")
    kim.join(room)
    assert kim.expect("notice", by="greet")["text"].startswith("김님, Tea house에 오신 것을 환영합니다.")
    assert kim.ask("exit", room=room)["type"] == "ok"
    kim.join(room)
    assert len([notice for notice in kim.everything("notice") if notice["by"] == "greet"]) == 1


@pytest.mark.parametrize("happening, english, korean", [
    ("join", "Bob has joined.", "Bob님이 입장하셨습니다."), ("left", "Bob has left.", "Bob님이 퇴장하셨습니다."),
    ("timeout", "Bob has lost the connection.", "Bob님의 연결이 끊어졌습니다."), ("kicked", "Bob was asked to leave.", "Bob님이 강퇴되었습니다."),
    ("banned", "Bob was banned.", "Bob님이 차단되었습니다.")])
def test_comings_and_goings_are_said_in_every_language(server, room, happening, english, korean):
    if happening == "left":
        room.bob.ask("exit", room=room.id)
    elif happening == "timeout":
        room.bob.drop()
    elif happening in ("kicked", "banned"):
        server.console({"kicked": "kick", "banned": "ban"}[happening], room.bob.id, room.id)
    event = room.ann.expect("system", text=english)
    assert event["texts"]["ko"] == korean and event["by"] == "notices"
    assert event["key"] == ("join" if happening == "join" else f"exit.{happening}")


def test_colours_are_of_the_palette_and_stay_the_persons_own(server, room):
    joined = room.ann.another_tab().join(room.id)
    colors = {member["name"]: member["color"] for member in joined["members"]}
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors.values())
    other = room.ann.create_room("Another")
    assert room.ann.join(other)["you"]["color"] == colors["Ann"]


def test_a_thousand_people_have_many_colours(start):
    server = start(plugins={"colorhash/" + path.name: path.read_text() for path in (STANDARD_PLUGINS / "colorhash").iterdir()})
    room = server.person().create_room(max=100)
    colors = [server.person().join(room)["you"]["color"] for _ in range(60)]
    assert len(set(colors)) > 50 and "#808080" not in colors


BANNED = ["darn", "DARN it", "oh d.a.r.n", "dаrn", "ｄａｒｎ", "이 바보", "ㅂㅏㅂㅗ"]


@pytest.mark.parametrize("text", BANNED)
def test_a_banned_word_is_refused_however_it_is_written(room, text):
    answer = room.bob.ask("chat", room=room.id, text=text)
    assert (answer.get("code"), answer.get("by"), answer.get("text")) == ("refused", "guard", "That word is not said here."), answer
    assert room.ann.everything("chat") == []


def test_the_refusal_is_in_the_authors_language(server):
    room = make_room(server, language="ko")
    assert room.bob.ask("chat", room=room.id, text="darn")["text"] == "사용할 수 없는 말이 들어 있습니다."


def test_the_third_strike_mutes(room):
    for _ in range(3):
        assert room.bob.ask("chat", room=room.id, text="darn")["code"] == "refused"
    answer = room.bob.ask("chat", room=room.id, text="sorry")
    assert answer["code"] == "muted" and 0 < answer["retry_after"] <= 600
    room.ann.say(room.id, "the owner is not watched, darn")


def test_a_flood_is_stopped(room):
    for number in range(6):
        room.bob.say(room.id, f"message {number}")
    answer = room.bob.ask("chat", room=room.id, text="message 6")
    assert (answer["code"], answer["by"], answer["text"]) == ("rate", "guard", "Slowly, please: too many messages.")
    assert len([event for event in room.ann.events(room.id) if event["type"] == "chat"]) == 6


def test_the_owner_kicks_and_others_may_not(room):
    answer = room.bob.ask("chat", room=room.id, text="/kick Ann")
    assert answer["type"] == "error" and "owner" in answer["text"]
    room.ann.say(room.id, "/kick bob too loud")
    assert room.ann.expect("exit")["reason"] == "kicked"
    assert room.bob.closed() == 4001
    assert room.bob.another_tab().ask("join", room=room.id)["code"] == "banned"


def test_the_owner_bans_mutes_and_unmutes(room):
    room.ann.say(room.id, "/mute Bob 10m")
    assert room.bob.expect("notice", by="owner")["text"] == "The owner has muted you."
    assert room.bob.ask("chat", room=room.id, text="hello?")["code"] == "muted"
    room.ann.say(room.id, "/unmute Bob")
    room.bob.say(room.id, "hello!")
    room.ann.say(room.id, "/ban Bob 2h spam")
    assert room.bob.closed() == 4002
    answer = room.bob.another_tab().ask("join", room=room.id)
    assert answer["code"] == "banned" and "spam" in answer["text"] and 7000 < answer["retry_after"] <= 7200


def test_the_owner_hands_the_room_over(server, room):
    room.ann.say(room.id, "/owner Bob")
    assert room.bob.expect("owner")["member"]["id"] == room.bob.id
    assert room.bob.expect("system", text="Bob is the owner now.")["texts"]["ko"] == "Bob님이 새로운 방장이 되셨습니다."
    assert room.ann.http("DELETE", f"/room/{room.id}").status == 403
    assert room.bob.http("DELETE", f"/room/{room.id}").status == 204


def test_when_the_owner_leaves_somebody_else_owns_the_room(server, room):
    room.ann.ask("exit", room=room.id)
    assert room.bob.expect("owner")["member"]["id"] == room.bob.id
    assert server.get(f"/room/{room.id}").json["owner"]["id"] == room.bob.id


def test_the_owner_sets_topic_and_slow_mode(server, room):
    room.ann.say(room.id, "/topic Tea and cake")
    assert room.bob.expect("topic")["topic"] == "Tea and cake"
    room.ann.say(room.id, "/slow 10")
    shown = server.get(f"/room/{room.id}").json
    assert (shown["topic"], shown["slow"]) == ("Tea and cake", 10)


@pytest.mark.parametrize("command, hint", [("/kick Bbo", "Bob"), ("/mute Bob soon", "for"), ("/kick", "who"), ("/slow fast", "seconds"), ("/kik Bob", "kick")])
def test_a_wrong_command_is_pointed_at_and_does_nothing(room, command, hint):
    answer = room.ann.ask("chat", room=room.id, text=command)
    assert answer["type"] == "error" and hint in answer["text"], answer
    room.bob.say(room.id, "still here")


# Tests of plugins


@pytest.mark.parametrize("plugin", sorted(path.name for path in STANDARD_PLUGINS.iterdir() if (path / "plugin.json").exists()))
def test_a_standard_plugin_passes_its_own_tests(plugin):
    done = run("plugin", "test", STANDARD_PLUGINS / plugin)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_standard_plugins_are_tested_at_once():
    done = run("plugin", "test", STANDARD_PLUGINS)
    passed, failed = map(int, re.search(r"(\d+) passed, (\d+) failed", done.stdout).groups())
    assert passed >= 25 and failed == 0, done.stdout


def test_a_test_that_fails_is_shown_with_its_place(tmp_path):
    for name, text in {"init.lua": PING, "plugin.json": '{"id": "broken", "version": "1.0.0", "api": 1, "hooks": ["chat"]}',
                       "test.lua": 'test("two is three", function(t)\n  assert(2 == 3, "it is not")\nend)'}.items():
        (tmp_path / "broken").mkdir(exist_ok=True)
        (tmp_path / "broken" / name).write_text(text)
    done = run("plugin", "test", tmp_path / "broken")
    assert done.returncode == 1
    assert "broken: two is three" in done.stdout and "it is not" in done.stdout and "test.lua:2" in done.stdout
    assert "0 passed, 1 failed" in done.stdout


def test_a_folder_without_plugins_or_nothing_at_all_is_an_error(tmp_path):
    done = run("plugin", "test", tmp_path)
    assert done.returncode != 0 and "no tests" in done.stdout + done.stderr
    done = run("plugin", "test", tmp_path / "nothing")
    assert done.returncode != 0 and "nothing" in done.stderr
