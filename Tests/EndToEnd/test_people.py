"""What people may do to and for each other: whispers, names, limits, putting out."""

import pytest

from roost import chats, eventually


# Whispers, names, typing


def test_a_whisper_reaches_its_receiver_alone(server):
    ann, bob, cleo = server.person("Ann"), server.person("Bob"), server.person("Cleo")
    room = ann.create_room()
    for person in (ann, bob, cleo):
        person.join(room)
    assert ann.ask("whisper", room=room, to=bob.id, text="psst")["type"] == "ok"
    whisper = bob.expect("whisper", room=room)
    assert (whisper["text"], whisper["from"]["id"], whisper["to"]["id"]) == ("psst", ann.id, bob.id)
    assert "seq" not in whisper
    assert "psst" not in str(cleo.everything())
    assert "psst" not in str(bob.ask("history", room=room, before=1000))


def test_a_whisper_to_somebody_who_is_not_there_says_so(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    assert ann.ask("whisper", room=room, to=bob.id, text="psst")["code"] == "not_found"
    assert bob.everything("whisper") == []


def test_a_whisper_waits_for_somebody_who_is_reconnecting(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    joined = bob.join(room)
    bob.drop()
    # A whisper to a connection that nobody knows to be dead would be lost with it.
    eventually(lambda: "websocket" not in server.console("user", bob.id).stdout, "the end of his connection")
    assert ann.ask("whisper", room=room, to=bob.id, text="psst")["type"] == "ok"
    bob = bob.another_tab()
    bob.join(room, epoch=joined["epoch"], seq=joined["seq"])
    assert bob.expect("whisper")["text"] == "psst"


def test_a_new_name_is_announced_in_every_room_and_stays(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    rooms = [ann.create_room(title) for title in ("One", "Two")]
    for room in rooms:
        ann.join(room)
        bob.join(room)
    assert bob.ask("name", name="Robert")["type"] == "ok"
    for room in rooms:
        event = ann.expect("name", room=room)
        assert (event["before"], event["member"]["name"], event["member"]["id"]) == ("Bob", "Robert", bob.id)
    assert bob.another_tab().welcome["you"]["name"] == "Robert"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 33, "a\0b", "\u202egnp.exe"])
def test_what_is_no_name_is_refused(server, name):
    ann = server.person("Ann")
    answer = ann.ask("name", name=name)
    assert answer["type"] == "error" and answer["code"] in ("bad_text", "bad_request", "too_long"), answer
    assert ann.another_tab().welcome["you"]["name"] == "Ann"


def test_others_see_who_is_typing(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    ann.send({"type": "typing", "room": room, "on": True})
    assert bob.expect("typing") == {"type": "typing", "room": room, "member": ann.id, "on": True}
    ann.send({"type": "typing", "room": room, "on": False})
    assert bob.expect("typing")["on"] is False


# Limits


def test_who_sends_too_fast_is_told_when_to_go_on(start):
    server = start("--burst", "5", "--rate", "0.001", quick=False)
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    answers = [ann.ask("chat", room=room, text=str(number)) for number in range(8)]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert refused and {answer["code"] for answer in refused} == {"rate"}
    assert all(answer["retry_after"] > 0 for answer in refused)
    assert answers[-1]["code"] == "rate"
    taken = [str(number) for number, answer in enumerate(answers) if answer["type"] == "ok"]
    assert chats(bob.events(room)) == taken and taken == [str(number) for number in range(len(taken))]
    assert bob.ask("chat", room=room, text="I am not slow")["type"] == "ok", "one person's haste is nobody else's"


def test_slow_mode_lets_one_message_through(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    assert server.console("slow", room, "10m").returncode == 0
    assert server.get(f"/room/{room}").json["slow"] == 600
    bob.say(room, "first")
    refused = bob.ask("chat", room=room, text="second")
    assert refused["code"] == "slow" and 0 < refused["retry_after"] <= 600
    assert server.console("slow", room, "0").returncode == 0
    bob.say(room, "third")
    assert chats(ann.events(room)) == ["first", "third"]


# Removing


def test_a_room_is_removed_by_its_owner_alone(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    refused = bob.http("DELETE", f"/room/{room}")
    assert refused.status == 403 and refused.json["code"] == "forbidden"
    assert server.http("DELETE", f"/room/{room}").status == 403
    bob.say(room, "still here")

    assert ann.http("DELETE", f"/room/{room}").status == 204
    assert bob.closed() == 4003
    assert [event["reason"] for event in bob.heard if event["type"] == "exit"].count("room_removed") >= 1
    assert server.get(f"/room/{room}").status == 404
    assert server.person().ask("join", room=room)["code"] == "not_found"


def test_losing_one_room_of_two_keeps_the_connection(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    removed, other = ann.create_room("Removed"), ann.create_room("Other")
    bob.join(removed)
    bob.join(other)
    assert ann.http("DELETE", f"/room/{removed}").status == 204
    assert bob.expect("exit", room=removed)["reason"] == "room_removed"
    bob.say(other, "still here")


@pytest.mark.parametrize("command, code, reason", [("kick", 4001, "kicked"), ("ban", 4002, "banned")])
def test_who_is_put_out_is_told_why_and_stays_out(server, command, code, reason):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    assert server.console(command, bob.id, room).returncode == 0
    assert ann.expect("exit", room=room)["reason"] == reason
    assert bob.closed() == code
    assert bob.another_tab().ask("join", room=room)["code"] == "banned"
