"""The server's end, by request and by force, and its return."""

import pytest

from roost import Closed, chats, eventually, seqs


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
        ann.send({"type": "chat", "ref": f"m{number}", "room": room, "text": f"message {number}", "cid": str(number)})
    acknowledged = {f"m{number}": ann.answer(f"m{number}")["seq"] for number in range(100)}
    server.kill()
    # What the kernel still had for us counts as told.
    with pytest.raises(Closed):
        while True:
            ann.receive()
    acknowledged |= {message["ref"]: message["seq"] for message in ann.heard if message["type"] == "ok" and str(message["ref"]).startswith("m")}
    shown = {message["seq"]: message["text"] for message in ann.heard if message["type"] == "chat"}

    server.start(server.port)
    ann = ann.another_tab()
    assert ann.join(room, epoch=joined["epoch"], seq=joined["seq"])["reset"] is False
    for number in range(300):
        answer = ann.ask("chat", room=room, text=f"message {number}", cid=str(number))
        assert answer["seq"] == acknowledged.get(f"m{number}", answer["seq"])
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
