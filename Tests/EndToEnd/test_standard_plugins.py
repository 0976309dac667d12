"""The plugins that come with Roost: dice, greetings, notices, colours, the guard, and what owners may do."""

import re

import pytest

from roost import STANDARD_PLUGINS, Room


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


@pytest.fixture
def room(server):
    return Room(server)


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
    room = Room(server, language="ko")
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
    assert answer["retry_after"] > 0
    assert len([event for event in room.ann.events(room.id) if event["type"] == "chat"]) == 6


def test_the_owner_kicks_and_others_may_not(room):
    answer = room.bob.ask("chat", room=room.id, text="/kick Ann")
    assert answer["type"] == "error" and "moderators" in answer["text"]
    room.ann.say(room.id, "/kick bob too loud")
    assert room.ann.expect("exit")["reason"] == "kicked"
    assert room.bob.closed() == 4001
    assert room.bob.another_tab().ask("join", room=room.id)["code"] == "banned"


def test_the_owner_bans_mutes_and_unmutes(room):
    room.ann.say(room.id, "/mute Bob 10m")
    assert room.bob.expect("notice", by="owner")["text"] == "Ann has muted you."
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


@pytest.mark.parametrize("command, hint", [
    ("/kick Bbo", "Bob"), ("/mute Bob soon", "for"), ("/kick", "who"), ("/slow fast", "seconds"), ("/kik Bob", "kick")])
def test_a_wrong_command_is_pointed_at_and_does_nothing(room, command, hint):
    answer = room.ann.ask("chat", room=room.id, text=command)
    assert answer["type"] == "error" and hint in answer["text"], answer
    room.bob.say(room.id, "still here")
