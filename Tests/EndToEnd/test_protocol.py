"""The native protocol, `roost.v1`, as docs/protocol.md promises it: who one is, entering rooms, and talking in them."""

import pytest

from roost import Client, chats, seqs


# Being somebody


def test_a_connection_begins_with_who_you_are_and_what_is_allowed(server):
    ann = server.person()
    assert ann.heard[0]["type"] == "welcome"
    assert set(ann.welcome["you"]) == {"id", "name"}
    assert ann.welcome["limits"] == {"text": 4000, "upload": 5 * 1024 * 1024, "title": 60, "name": 32}
    assert ann.socket.subprotocol == "roost.v1"


def test_the_cookie_is_the_person(server):
    ann = server.person("Ann")
    again = ann.another_tab()
    assert again.welcome["you"] == {"id": ann.id, "name": "Ann"}
    assert server.person().id != ann.id


def test_the_cookie_is_kept_from_scripts_and_other_sites(server):
    header = server.get("/rooms").headers["Set-Cookie"]
    assert header.startswith("roost=") and "HttpOnly" in header and "SameSite=Lax" in header


def test_a_forged_cookie_is_somebody_new(server):
    ann = server.person("Ann")
    token, signature = ann.cookie.split(".")
    forged = Client(server, cookie=f"{token}.{'A' * len(signature)}")
    assert forged.id != ann.id and forged.cookie != ann.cookie


@pytest.mark.parametrize("ref", [0, 7, -1, 9007199254740991, 1.5, "", "a", "가" * 21, "x" * 64])
def test_an_answer_carries_the_reference_of_its_question(server, ref):
    ann = server.person()
    ann.send({"type": "ping", "ref": ref})
    assert ann.expect("pong")["ref"] == ref


def test_a_message_without_a_reference_is_answered_without_one(server):
    ann = server.person()
    ann.send({"type": "ping"})
    assert ann.expect("pong") == {"type": "pong"}


def test_unknown_fields_are_ignored(server):
    ann = server.person()
    assert ann.ask("ping", colour="blue", deep={"a": [1, {"b": None}]})["type"] == "pong"


# Joining


def test_joining_tells_everything_about_the_room(server):
    ann = server.person("Ann")
    room = ann.create_room("Tea house", max=7)
    joined = ann.join(room)
    me = {"id": ann.id, "name": "Ann", "color": "#808080", "role": "owner"}
    assert joined["you"] == me and joined["members"] == [me]
    assert {name: joined["room"][name] for name in ("id", "title", "max", "count", "has_password", "topic", "slow")} == {
        "id": room, "title": "Tea house", "max": 7, "count": 1, "has_password": False, "topic": "", "slow": 0}
    assert joined["room"]["owner"]["id"] == ann.id
    assert (joined["seq"], joined["more"], joined["reset"], joined["commands"]) == (1, False, False, [])
    assert [event["type"] for event in joined["events"]] == ["join"]


def test_those_who_are_there_hear_of_a_newcomer(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    event = ann.expect("join", room=room)
    assert (event["seq"], event["count"], event["member"]["name"]) == (2, 2, "Bob")


def test_a_room_that_is_not_there_is_not_found(server):
    assert server.person().ask("join", room="nowhere")["code"] == "not_found"


def test_a_full_room_refuses_with_full(server):
    ann, bob, cleo = (server.person() for _ in range(3))
    room = ann.create_room(max=2)
    ann.join(room)
    bob.join(room)
    assert cleo.ask("join", room=room)["code"] == "full"
    assert bob.ask("exit", room=room)["type"] == "ok"
    assert cleo.join(room)["room"]["count"] == 2


def test_of_many_who_join_at_once_a_room_seats_as_many_as_it_has_seats(server):
    room = server.person().create_room(max=10)
    people = [server.person() for _ in range(25)]
    for person in people:
        person.send({"type": "join", "ref": "now", "room": room})
    answers = [person.answer("now") for person in people]
    assert sum(answer["type"] == "joined" for answer in answers) == 10
    assert sum(answer.get("code") == "full" for answer in answers) == 15
    assert server.get(f"/room/{room}").json["count"] == 10


def test_a_password_opens_its_room_and_nothing_else_does(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room(password="open sesame")
    assert bob.ask("join", room=room)["code"] == "wrong_password"
    assert bob.ask("join", room=room, password="open sesam")["code"] == "wrong_password"
    assert bob.join(room, password="open sesame")["room"]["has_password"] is True


def test_two_tabs_are_one_member(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    first = bob
    first.join(room)
    second = bob.another_tab()
    assert second.join(room)["room"]["count"] == 2
    ann.say(room, "hello Bob")
    assert chats(first.events(room)) == chats(second.events(room)) == ["hello Bob"]
    second.close()
    first.say(room, "still here")
    assert [event["type"] for event in ann.events(room)] == ["join", "join", "chat", "chat"]


# Chatting


def test_a_message_is_answered_with_the_number_that_everyone_sees(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    seq = ann.say(room, "안녕하세요 👋🏽\nsecond line", cid="c-1")
    for person in (ann, bob):
        event = person.expect("chat", room=room)
        assert (event["seq"], event["text"], event["cid"]) == (seq, "안녕하세요 👋🏽\nsecond line", "c-1")
        assert event["from"]["id"] == ann.id and event["at"] > 1_700_000_000_000


def test_everyone_sees_everything_once_in_one_order_without_holes(server):
    people = [server.person(f"P{number}") for number in range(4)]
    room = people[0].create_room()
    for person in people:
        person.join(room)
    for round in range(25):
        for person in people:
            person.send({"type": "chat", "ref": f"m{round}", "room": room, "text": f"{person.id} {round}"})
    told = {person.id: [person.answer(f"m{round}")["seq"] for round in range(25)] for person in people}
    histories = [person.events(room) for person in people]
    assert histories[0] == sorted(histories[0], key=lambda event: event["seq"])
    for person, history in zip(people, histories):
        mine = [event for event in history if event["type"] == "chat" and event["from"]["id"] == person.id]
        assert seqs(mine) == told[person.id]
        assert [event["text"] for event in mine] == [f"{person.id} {round}" for round in range(25)]
    assert seqs(histories[0]) == list(range(1, 105))
    for number, history in enumerate(histories):
        # Who came later has the join of those before in `joined`.
        assert chats(history) == chats(histories[0]) and seqs(history) == seqs(histories[0]), number


def test_a_reply_names_what_it_replies_to(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    seq = ann.say(room, "tea?")
    ann.say(room, "yes", reply_to=seq)
    assert ann.events(room)[-1]["reply_to"] == seq


def test_two_slashes_send_a_message_that_begins_with_one(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    ann.say(room, "//etc/passwd is a path")
    ann.say(room, "/ is a slash")
    assert chats(ann.events(room)) == ["/etc/passwd is a path", "/ is a slash"]


def test_a_command_that_nobody_has_is_refused_and_not_shown(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    assert ann.ask("chat", room=room, text="/frobnicate now")["type"] == "error"
    assert chats(bob.events(room)) == []


def test_who_is_not_in_a_room_neither_speaks_nor_hears(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    for request in ({"type": "chat", "text": "hi"}, {"type": "whisper", "to": ann.id, "text": "hi"}, {"type": "exit"},
                    {"type": "history", "before": 2}):
        assert bob.ask(**request, room=room)["code"] == "not_member", request
    ann.say(room, "private")
    assert bob.everything("chat") == []
    assert chats(ann.events(room)) == ["private"]


# The same message twice


def test_the_same_cid_is_the_same_message(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    seq = ann.say(room, "once", cid="one")
    assert ann.say(room, "once", cid="one") == seq
    assert bob.say(room, "mine", cid="one") == seq + 1, "another person's cid is another message"
    assert chats(bob.events(room)) == ["once", "mine"]


def test_the_same_cid_sent_at_once_is_stored_once(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    for ref in range(100, 110):
        ann.send({"type": "chat", "ref": ref, "room": room, "text": "once", "cid": "burst"})
    assert {ann.answer(ref)["seq"] for ref in range(100, 110)} == {2}
    assert chats(ann.events(room)) == ["once"]


def test_a_message_that_is_sent_again_after_a_lost_connection_is_not_doubled(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    # The answer to this is lost with the connection.
    ann.send({"type": "chat", "ref": "lost", "room": room, "text": "important", "cid": "again"})
    seen = bob.expect("chat", text="important")
    ann.drop()
    ann = ann.another_tab()
    ann.join(room)
    assert ann.say(room, "important", cid="again") == seen["seq"]
    assert chats(bob.events(room)) == ["important"]


def test_a_whisper_and_a_command_are_not_done_twice_either(start):
    server = start(plugins="standard")
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    for _ in range(2):
        assert ann.ask("whisper", room=room, to=bob.id, text="psst", cid="w")["type"] == "ok"
        assert ann.ask("chat", room=room, text="/roll 1d6", cid="r")["type"] == "ok"
    assert len(bob.everything("whisper")) == 1
    assert len([text for text in chats(bob.events(room)) if text.startswith("🎲")]) == 1
