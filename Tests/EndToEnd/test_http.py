"""Rooms without a WebSocket: plain requests, server-sent events, long-polling."""

import urllib.parse

import pytest

from roost import eventually
from streams import EventStream


@pytest.fixture
def room(server):
    """A room with Ann in it, by WebSocket: `.id`, `.ann`."""
    class Room:
        ann = server.person("Ann")
        id = ann.create_room("Tea house")
    Room.ann.join(Room.id)
    return Room


class Caller:
    """Somebody with nothing but a cookie jar."""

    def __init__(self, server):
        self.server = server
        self.cookie = server.get("/rooms").headers["Set-Cookie"].split(";")[0]

    def post(self, path, **fields):
        return self.server.http("POST", path, fields=fields, cookie=self.cookie)

    def form(self, path, accept=None, **fields):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Accept": accept} if accept else {})
        return self.server.http("POST", path, urllib.parse.urlencode(fields), headers=headers, cookie=self.cookie)

    def get(self, path):
        return self.server.get(path, cookie=self.cookie)


def texts(events):
    return [event["text"] for event in events if event["type"] == "chat"]


# Requests


def test_whoever_runs_the_server_can_ask_how_it_is(server):
    assert (server.get("/healthz").status, server.get("/readyz").status) == (200, 200)
    metrics = server.get("/metrics")
    assert metrics.headers["Content-Type"].startswith("application/openmetrics-text")
    assert metrics.text.endswith("# EOF\n") and "roost_rooms" in metrics.text


def test_a_room_is_made_listed_and_shown(server):
    caller = Caller(server)
    made = caller.post("/room", title="Garden", max=5)
    assert made.status == 201 and made.headers["Location"] == f"/room/{made.json['id']}"
    room = made.json
    assert (room["title"], room["max"], room["count"], room["has_password"]) == ("Garden", 5, 0, False)
    assert [known for known in server.get("/rooms").json["rooms"] if known["id"] == room["id"]] == [server.get(f"/room/{room['id']}").json]


def test_a_form_goes_to_the_room(server):
    answer = Caller(server).form("/room", accept="text/html", title="By form", max="7", password="")
    assert answer.status == 303
    assert server.get(answer.headers["Location"]).json["max"] == 7


def test_a_room_is_a_page_to_a_browser_and_data_to_a_program(server, room):
    assert "text/html" in server.get(f"/room/{room.id}", headers={"Accept": "text/html,*/*"}).headers["Content-Type"]
    assert server.get(f"/room/{room.id}").json["id"] == room.id


def test_one_talks_by_plain_requests(server, room):
    caller = Caller(server)
    joined = caller.post(f"/room/{room.id}/join").json
    assert joined["type"] == "joined" and joined["room"]["count"] == 2
    sent = caller.post(f"/room/{room.id}/chat", text="hello", cid="c1")
    assert sent.status == 200 and sent.json["seq"] == 3
    assert room.ann.expect("chat")["text"] == "hello"
    assert caller.post(f"/room/{room.id}/chat", text="hello", cid="c1").json["seq"] == 3
    assert caller.form(f"/room/{room.id}/chat", text="from a form").json["seq"] == 4
    assert caller.post(f"/room/{room.id}/whisper", to=room.ann.id, text="psst").status == 200
    assert room.ann.expect("whisper")["text"] == "psst"
    assert caller.post("/name", name="Caller").status == 200
    assert room.ann.expect("name")["member"]["name"] == "Caller"
    assert texts(caller.get(f"/room/{room.id}/history?before=99").json["events"]) == ["hello", "from a form"]
    assert caller.post(f"/room/{room.id}/exit").status == 200
    assert room.ann.expect("exit")["reason"] == "left"
    assert caller.post(f"/room/{room.id}/chat", text="?").json["code"] == "not_member"


def test_who_joins_and_is_not_heard_of_again_leaves(start):
    server = start("--resume-grace", "0.3")
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    Caller(server).post(f"/room/{room}/join")
    assert ann.expect("exit")["reason"] == "timeout"


# Server-sent events


def test_a_stream_begins_with_who_you_are_and_where_you_are(server, room):
    stream = EventStream(server, f"/room/{room.id}/events")
    assert stream.status == 200 and stream.response.headers["Content-Type"].startswith("text/event-stream")
    assert stream.next()["type"] == "welcome"
    joined = stream.next()
    assert joined["type"] == "joined" and joined["events"] == []
    stream.close()


def test_a_stream_hears_everything_in_order(server, room):
    stream = EventStream(server, f"/room/{room.id}/events")
    stream.expect("joined")
    for number in range(20):
        room.ann.say(room.id, str(number))
    heard = [stream.expect("chat") for _ in range(20)]
    assert texts(heard) == [str(number) for number in range(20)]
    assert server.http("POST", f"/room/{room.id}/chat", fields={"text": "from the stream"}, cookie=stream.cookie).status == 200
    assert stream.expect("chat")["text"] == "from the stream"
    assert stream.last_id.endswith(f":{room.ann.expect('chat', text='from the stream')['seq']}")
    stream.close()


def test_a_broken_stream_continues_where_it_was(server, room):
    stream = EventStream(server, f"/room/{room.id}/events")
    stream.expect("joined")
    room.ann.say(room.id, "before")
    stream.expect("chat", text="before")
    stream.close()
    for number in range(5):
        room.ann.say(room.id, str(number))
    again = EventStream(server, f"/room/{room.id}/events", stream.cookie, Last_Event_ID=stream.last_id)
    assert [again.expect("chat")["text"] for _ in range(5)] == ["0", "1", "2", "3", "4"]
    assert "exit" not in [event["type"] for event in room.ann.events(room.id)]
    again.close()


def test_a_stream_continues_over_a_restart(start):
    server = start("--resume-grace", "60s")
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    stream = EventStream(server, f"/room/{room}/events")
    stream.expect("joined")
    ann.say(room, "before")
    seen = stream.expect("chat")["seq"]
    assert server.stop() == 0
    missed = []
    while message := stream.next():
        if "seq" in message:
            missed.append(message["seq"])
    server.start(server.port)
    again = EventStream(server, f"/room/{room}/events", stream.cookie, Last_Event_ID=stream.last_id)
    ann = ann.another_tab()
    ann.join(room)
    last = ann.say(room, "after")
    while (missed or [seen])[-1] != last:
        message = again.next()
        if "seq" in message and message["type"] != "joined":
            missed.append(message["seq"])
    assert missed == list(range(seen + 1, last + 1))
    again.close()


def test_a_stream_that_may_not_be_is_an_answer(server, room):
    assert EventStream(server, "/room/nowhere/events").status == 404
    assert EventStream(server, f"/room/{room.id}/events", Last_Event_ID="nonsense").status == 400
    foreign = EventStream(server, f"/room/{room.id}/events", Origin="https://evil.example")
    assert foreign.status == 403
    room.ann.say(room.id, "undisturbed")
    assert [event["type"] for event in room.ann.events(room.id)] == ["join", "chat"]


def test_the_lobby_is_a_stream_too(server):
    stream = EventStream(server, "/rooms")
    assert stream.expect("rooms")["rooms"] is not None
    room = server.person().create_room("Heard by stream")
    assert stream.expect("room_added")["room"]["id"] == room
    stream.close()


def test_a_reader_that_goes_away_is_noticed(start):
    server = start("--resume-grace", "0.3")
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    stream = EventStream(server, f"/room/{room}/events")
    stream.expect("joined")
    ann.expect("join", count=2)
    stream.close()
    assert ann.expect("exit")["reason"] == "timeout"
    eventually(lambda: server.connections() == 1, "the stream's end")


# Long-polling


def position(answer):
    return f"{answer['epoch']}:{answer['seq']}"


def test_polling_hears_everything_once(server, room):
    caller = Caller(server)
    joined = caller.get(f"/room/{room.id}/events").json
    assert joined["type"] == "joined"
    since, heard = position(joined), []
    for round in range(5):
        for number in range(3):
            room.ann.say(room.id, f"{round}.{number}")
        while len(texts(heard)) < 3 * (round + 1):
            answer = caller.get(f"/room/{room.id}/events?since={since}&wait=20").json
            assert answer["type"] == "events" and answer["reset"] is False
            heard += answer["events"]
            since = position(answer)
    assert texts(heard) == [f"{round}.{number}" for round in range(5) for number in range(3)]
    assert "exit" not in [event["type"] for event in room.ann.events(room.id)]


def test_polling_brings_what_has_no_number_too(server, room):
    caller = Caller(server)
    joined = caller.get(f"/room/{room.id}/events").json
    assert room.ann.ask("whisper", room=room.id, to=joined["you"]["id"], text="psst")["type"] == "ok"
    answer = caller.get(f"/room/{room.id}/events?since={position(joined)}&wait=20").json
    assert [message["text"] for message in answer["messages"] if message["type"] == "whisper"] == ["psst"]


def test_polling_from_another_epoch_is_reset(server, room):
    caller = Caller(server)
    caller.get(f"/room/{room.id}/events")
    answer = caller.get(f"/room/{room.id}/events?since=another:1&wait=0").json
    assert answer["reset"] is True and [event["seq"] for event in answer["events"]] == [1, 2]


@pytest.mark.parametrize("query, field", [("since=x", "since"), ("since=a:b", "since"), ("wait=-1", "wait"), ("wait=61", "wait"), ("wait=x", "wait")])
def test_a_wrong_question_is_named(server, room, query, field):
    answer = Caller(server).get(f"/room/{room.id}/events?{query}")
    assert (answer.status, answer.json["code"], answer.json["field"]) == (400, "bad_request", field)


def test_an_endless_poll_ends_with_the_server(start):
    from threading import Thread

    server = start()
    caller = Caller(server)
    room = server.person().create_room()
    joined = caller.get(f"/room/{room}/events").json
    answers = []
    waiting = Thread(target=lambda: answers.append(caller.get(f"/room/{room}/events?since={position(joined)}&wait=60")))
    waiting.start()
    eventually(lambda: "poll" in server.type(f"users {room}"), "the poll")
    assert server.stop() == 0
    waiting.join(20)
    assert answers and answers[0].status in (200, 503), answers
