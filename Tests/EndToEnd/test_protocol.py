"""The native protocol, `roost.v1`, as docs/protocol.md promises it."""

import pytest

from roost import Client, Closed, eventually


@pytest.fixture(scope="module")
def server(start):
    """Rooms without plugins, so that every number is one that the test has caused."""
    return start("--resume-grace", "60s")


@pytest.fixture(scope="module")
def impatient(start):
    """A server that gives up on people soon after their last connection is gone."""
    return start("--resume-grace", "0.3")


def chats(events):
    return [event["text"] for event in events if event["type"] == "chat"]


def seqs(events):
    return [event["seq"] for event in events]


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


# Coming back


def test_who_comes_back_gets_what_they_missed_and_nobody_notices(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    joined = bob.join(room)
    bob.drop()
    for number in range(5):
        ann.say(room, f"message {number}")
    bob = bob.another_tab()
    resumed = bob.join(room, epoch=joined["epoch"], seq=joined["seq"])
    assert resumed["reset"] is False and resumed["epoch"] == joined["epoch"]
    assert seqs(resumed["events"]) == [3, 4, 5, 6, 7]
    assert resumed["seq"] == 7
    assert "exit" not in [event["type"] for event in ann.events(room)]


def test_who_missed_nothing_gets_nothing(server):
    ann = server.person()
    room = ann.create_room()
    joined = ann.join(room)
    ann.drop()
    resumed = ann.another_tab().join(room, epoch=joined["epoch"], seq=joined["seq"])
    assert (resumed["events"], resumed["reset"]) == ([], False)


def test_coming_back_again_and_again_makes_no_holes_and_no_doubles(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    joined = bob.join(room)
    epoch, seen = joined["epoch"], seqs(joined["events"])
    for round in range(8):
        for number in range(20):
            ann.send({"type": "chat", "ref": f"{round}.{number}", "room": room, "text": f"{round}.{number}"})
        # Some arrive before the connection is lost, how many is chance.
        seen.append(bob.expect("chat", room=room)["seq"])
        bob.drop()
        bob = bob.another_tab()
        resumed = bob.join(room, epoch=epoch, seq=seen[-1])
        assert resumed["reset"] is False
        seen += seqs(resumed["events"])
    ann.answer("7.19")
    seen += [message["seq"] for message in bob.everything("chat")]
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) == 2 + 8 * 20


@pytest.mark.parametrize("epoch, seq", [("another", 1), (None, 99)], ids=["another epoch", "a number that is not yet"])
def test_what_cannot_be_continued_is_reset(server, epoch, seq):
    ann = server.person()
    room = ann.create_room()
    joined = ann.join(room)
    ann.say(room, "hello")
    again = ann.another_tab().join(room, epoch=epoch or joined["epoch"], seq=seq)
    assert again["reset"] is True
    assert seqs(again["events"]) == [1, 2]


def test_a_gap_of_up_to_500_events_is_filled_and_a_larger_one_is_reset(server):
    ann = server.person()
    room = ann.create_room()
    epoch = ann.join(room)["epoch"]
    for number in range(520):
        ann.send({"type": "chat", "ref": number, "room": room, "text": str(number)})
    for number in range(520):
        assert ann.answer(number)["type"] == "ok"
    filled = ann.another_tab().join(room, epoch=epoch, seq=21)
    assert filled["reset"] is False and seqs(filled["events"]) == list(range(22, 522))
    reset = ann.another_tab().join(room, epoch=epoch, seq=20)
    assert reset["reset"] is True and reset["more"] is True
    assert seqs(reset["events"]) == list(range(521 - len(reset["events"]) + 1, 522))


def test_an_exit_is_announced_once_after_the_grace(impatient):
    ann, bob = impatient.person("Ann"), impatient.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    second = bob.another_tab()
    second.join(room)
    second.drop()
    bob.drop()
    event = ann.expect("exit", room=room)
    assert (event["member"]["name"], event["reason"], event["count"]) == ("Bob", "timeout", 1)
    ann.say(room, "gone?")
    assert [event["type"] for event in ann.events(room)] == ["join", "join", "exit", "chat"]


def test_who_leaves_is_gone_at_once(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    assert bob.ask("exit", room=room)["type"] == "ok"
    event = ann.expect("exit", room=room)
    assert (event["member"]["id"], event["reason"], event["count"]) == (bob.id, "left", 1)
    assert bob.ask("exit", room=room)["code"] == "not_member"


# History


def test_history_is_read_page_by_page_to_its_beginning(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    for number in range(130):
        ann.say(room, f"message {number}")
    latest = ann.another_tab().join(room)
    assert latest["more"] is True
    pages = [latest["events"]]
    more = True
    while more:
        page = ann.ask("history", room=room, before=pages[0][0]["seq"], limit=30)
        assert page["room"] == room and 1 <= len(page["events"]) <= 30
        pages.insert(0, page["events"])
        more = page["more"]
    events = sum(pages, [])
    assert seqs(events) == list(range(1, 132))
    assert events == ann.events(room), "history says what was said"


def test_history_has_fifty_events_a_page_unless_told_otherwise(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    for number in range(60):
        ann.say(room, str(number))
    assert seqs(ann.ask("history", room=room, before=62)["events"]) == list(range(12, 62))
    assert ann.ask("history", room=room, before=1) | {"ref": 0} == {
        "type": "history", "ref": 0, "room": room, "events": [], "more": False}


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


# The lobby


def test_the_lobby_hears_of_rooms_that_come_change_and_go(server):
    watcher, ann = server.person(), server.person("Ann")
    before = watcher.ask("lobby")
    assert before["type"] == "rooms"
    room = ann.create_room("Garden")
    assert room not in [known["id"] for known in before["rooms"]]
    added = watcher.expect("room_added")["room"]
    assert (added["id"], added["title"], added["count"]) == (room, "Garden", 0)
    ann.join(room)
    changed = watcher.expect("room_changed")["room"]
    assert (changed["id"], changed["count"]) == (room, 1)
    assert ann.http("DELETE", f"/room/{room}").status == 204
    assert watcher.expect("room_removed")["room"] == room


def test_the_lobby_hears_the_owners_new_name(server):
    watcher, ann = server.person(), server.person("Ann")
    watcher.ask("lobby")
    room = ann.create_room()
    ann.join(room)
    assert watcher.expect("room_changed")["room"]["owner"]["name"] == "Ann"
    ann.ask("name", name="Annabel")
    assert watcher.expect("room_changed")["room"]["owner"]["name"] == "Annabel"


def test_who_stops_watching_the_lobby_hears_no_more_of_it(server):
    watcher, other = server.person(), server.person()
    watcher.ask("lobby", watch=True)
    assert watcher.ask("lobby", watch=False)["type"] == "ok"
    other.ask("lobby")
    other.create_room()
    other.expect("room_added")
    assert watcher.everything("room_added") == []


def test_a_password_is_in_no_message_and_no_answer_and_no_log(server):
    secret = "correct-horse-battery"
    watcher, ann, bob = server.person(), server.person("Ann"), server.person("Bob")
    watcher.ask("lobby")
    made = ann.http("POST", "/room", fields={"title": "Secret", "password": secret})
    room = made.json["id"]
    ann.join(room)
    assert bob.ask("join", room=room, password=secret + "!")["code"] == "wrong_password"
    bob.join(room, password=secret)
    watcher.expect("room_changed")
    listed = [known for known in server.get("/rooms").json["rooms"] if known["id"] == room]
    assert listed[0]["has_password"] is True
    shown = [made.text, str(made.headers), server.get(f"/room/{room}").text, server.get("/rooms").text, server.log.text]
    shown += [str(person.everything()) for person in (watcher, ann, bob)]
    shown += [server.type(command) for command in (f"room {room}", "rooms", "users", "log --all")]
    assert not any(secret in text for text in shown)


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


# The server's end, and its return


def test_a_restart_keeps_rooms_history_and_bans_and_people_resume(start):
    server = start()
    ann, bob, cleo = server.person("Ann"), server.person("Bob"), server.person("Cleo")
    room = ann.create_room("Tea house", max=9)
    joined = ann.join(room)
    bob.join(room)
    cleo.join(room)
    server.console("ban", cleo.id, room)
    assert cleo.closed() == 4002
    ann.say(room, "before", cid="before")
    seen = ann.events(room)
    assert bob.another_tab().welcome["you"]["name"] == "Bob"

    assert server.stop() == 0
    for person in (ann, bob):
        assert person.closed() == 4007
        bye = person.heard[-1]
        assert (bye["type"], bye["code"]) == ("bye", 4007) and bye["retry_after"] >= 0 and bye["reason"]
    seen += [message for message in ann.heard if "seq" in message and message["type"] not in ("joined", "ok") and message not in seen]

    server.start(server.port)
    assert server.get(f"/room/{room}").json["title"] == "Tea house"
    ann = ann.another_tab()
    assert ann.welcome["you"]["name"] == "Ann"
    resumed = ann.join(room, epoch=joined["epoch"], seq=seen[-1]["seq"])
    assert resumed["reset"] is False and resumed["you"]["role"] == "owner"
    events = seen + resumed["events"]
    assert seqs(events) == list(range(1, len(events) + 1))
    assert [event["member"]["name"] for event in events if event["type"] == "exit" and event["reason"] == "shutdown"] == ["Ann", "Bob"]
    assert ann.say(room, "before", cid="before") == seqs(event for event in seen if event.get("cid") == "before")[0]
    assert cleo.another_tab().ask("join", room=room)["code"] == "banned"
    bob = bob.another_tab()
    bob.join(room)
    ann.say(room, "after")
    assert bob.expect("chat")["text"] == "after"


def test_what_was_acknowledged_survives_a_kill(start):
    server = start()
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    joined = ann.join(room)
    bob.join(room)
    for number in range(300):
        ann.send({"type": "chat", "ref": number, "room": room, "text": f"message {number}", "cid": str(number)})
    acknowledged = {number: ann.answer(number)["seq"] for number in range(100)}
    server.kill()
    # What the kernel still had for us counts as told.
    with pytest.raises(Closed):
        while True:
            ann.receive()
    acknowledged |= {m["ref"]: m["seq"] for m in ann.heard if m["type"] == "ok" and isinstance(m["ref"], int) and "seq" in m and m["ref"] >= 0 and m["seq"] > 2}
    shown = {message["seq"]: message["text"] for message in ann.heard if message["type"] == "chat"}

    server.start(server.port)
    ann = ann.another_tab()
    assert ann.join(room, epoch=joined["epoch"], seq=joined["seq"])["reset"] is False
    for number in range(300):
        answer = ann.ask("chat", room=room, text=f"message {number}", cid=str(number))
        assert answer["seq"] == acknowledged.get(number, answer["seq"])
    events = joined["events"] + ann.events(room)
    assert seqs(events) == list(range(1, len(events) + 1))
    assert sorted(chats(events)) == sorted(f"message {number}" for number in range(300))
    assert all(events[seq - 1]["text"] == text for seq, text in shown.items())
    exits = [(event["member"]["name"], event["reason"]) for event in events if event["type"] == "exit"]
    assert sorted(exits) == [("Ann", "crash"), ("Bob", "crash")], "joins and exits pair"


def test_an_empty_room_that_people_made_goes_after_its_grace(start):
    server = start("--room-grace", "0.3", "--resume-grace", "0.3")
    ann, watcher = server.person(), server.person()
    watcher.ask("lobby")
    room = ann.create_room()
    ann.join(room)
    ann.ask("exit", room=room)
    assert watcher.expect("room_removed")["room"] == room
    assert eventually(lambda: server.get(f"/room/{room}").status == 404)


def test_the_server_closes_what_it_is_told_to_close(server):
    ann = server.person()
    ann.socket.close(1000)
    assert ann.socket.close_code == 1000
