"""Rooms that forget: by setting, by configuration, by the console."""

from gif import gif, image
from roost import chats, eventually, run, seqs


def kept(person, room):
    return seqs(person.history(room))


def test_a_room_keeps_as_many_events_as_the_console_says(start):
    server = start()
    ann = server.person("Ann")
    room = ann.create_room()
    joined = ann.join(room)
    assert ann.http("POST", f"/room/{room}/gif", **image(gif(color="0a0b0c"))).status == 201
    picture = ann.expect("gif")["gif"]
    for number in range(30):
        ann.say(room, f"message {number}", cid=str(number))
    asked = server.type(f"room set {room} retention 10")
    assert "--yes" in asked and "32 events" in asked, "it says what it will touch"
    assert kept(ann, room) == list(range(1, 33))
    assert "10 events" in server.type(f"room set {room} retention 10 --yes")
    assert eventually(lambda: kept(ann, room) == list(range(23, 33)))
    assert "23 to 32, kept: 10 events (of this room)" in server.type(f"room {room}")
    assert eventually(lambda: not list((server.data / "files").iterdir())), "a GIF goes with the last message that shows it"
    assert ann.http("GET", picture["url"]).status == 404
    page = ann.ask("history", room=room, before=25, limit=50)
    assert (seqs(page["events"]), page["more"]) == ([23, 24], False)

    # Who was away since before the horizon begins anew; the others miss nothing.
    late = ann.another_tab().join(room, epoch=joined["epoch"], seq=5)
    assert late["reset"] is True and seqs(late["events"]) == list(range(23, 33)) and late["more"] is False
    well = ann.another_tab().join(room, epoch=joined["epoch"], seq=22)
    assert well["reset"] is False and seqs(well["events"]) == list(range(23, 33))
    # A cid is known as long as its message is.
    assert ann.say(room, "message 29", cid="29") == 32
    assert ann.say(room, "message 0", cid="0") == 33

    server.kill()
    server.start(server.port)
    ann = ann.another_tab()
    ann.join(room)
    assert ann.say(room, "the numbers go on") == 36, "after an exit by the crash and a join"
    assert "(of this room)" in server.type(f"room {room}")
    assert "forever" in server.type(f"room set {room} retention forever")
    assert run("journal", "check", "--data", server.data).returncode == 0


def test_the_configuration_says_what_its_rooms_and_all_others_keep(start):
    config = 'retention = "7"\n[rooms.lobby]\nretention = "90d 5"\n[rooms.hall]\nretention = "forever"\n'
    server = start(config=config)
    ann = server.person("Ann")
    for room in ("lobby", "hall", ann.create_room("Tea")):
        ann.join(room)
    shown = [server.type(f"room {room}") for room in ("lobby", "hall")]
    assert "kept: 90d, 5 events (of this room)" in shown[0] and "kept: forever (of this room)" in shown[1]
    for number in range(20):
        ann.say("lobby", f"{number}")
        ann.say("hall", f"{number}")
    server.config.write_text(config.replace("90d 5", "3"))
    server.restart()
    ann = ann.another_tab()
    ann.join("lobby")
    ann.join("hall")
    assert eventually(lambda: len(kept(ann, "lobby")) == 3, seconds=70) and chats(ann.history("hall")) == [str(number) for number in range(20)]


def test_what_is_no_retention_is_refused(start):
    server = start(config='[rooms.lobby]\n')
    for wrong in ("soon", "0", "-5", "30d 30d", "1 2 3"):
        assert "Usage" in server.type(f'room set lobby retention "{wrong}" --yes'), wrong
    assert run("serve", "--retention", "soon", "--data", server.data).returncode == 2
    (server.folder / "bad.toml").write_text('[rooms.lobby]\nretention = "soon"\n')
    refused = run("serve", "--port", "0", "--config", server.folder / "bad.toml", "--data", server.folder / "other", "--plugins", server.plugins)
    assert refused.returncode == 1 and "[rooms.lobby]: retention must be" in refused.stderr


def test_what_is_old_goes_in_pieces_while_people_talk(start):
    server = start("--retention", "2s")
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    for number in range(3_000):
        ann.send({"type": "chat", "ref": number, "room": room, "text": f"message {number}"})
    for number in range(3_000):
        ann.answer(number)
    last = ann.say(room, "last")
    server.restart()
    ann = ann.another_tab()
    ann.join(room)

    def is_gone():
        ann.say(room, "and on")
        return kept(ann, room)[0] > last
    assert eventually(is_gone, seconds=90)
    events = kept(ann, room)
    assert events == list(range(events[0], events[-1] + 1))
