"""Hearing a room without a WebSocket: server-sent events and long-polling, with `curl` alone and with a browser."""

import json
import queue
import re
import subprocess
import threading

import pytest

from ways import DEADLINE, Cable, Lines, Wire, eventually


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "5s")


@pytest.fixture
def pair(server):
    """Ann, who has a room and is in it, and Bob."""
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    return ann, bob, room


# curl


class Curl:
    """Somebody whose only program is `curl`, and who keeps their cookie in a file."""

    def __init__(self, server, folder):
        self.server, self.jar = server, folder / "jar"
        self.command = ["curl", "--silent", "--show-error", "--max-time", "60", "--noproxy", "*", "-c", self.jar, "-b", self.jar]

    def __call__(self, path, *options):
        done = subprocess.run([*self.command, *options, self.server.url + path], capture_output=True, text=True, timeout=DEADLINE * 3)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, path, *options):
        return json.loads(self(path, *options))

    def listen(self, room, *options):
        """A process that prints a stream of events."""
        process = subprocess.Popen(
            [*self.command, "-N", "-H", "Accept: text/event-stream", *options, f"{self.server.url}/room/{room}/events"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        return process, Lines(process.stdout)


JSON = ["-H", "Content-Type: application/json", "-d"]


@pytest.fixture
def curl(server, tmp_path):
    return Curl(server, tmp_path)


def data(lines):
    return [json.loads(line[6:]) for line in lines.items if line.startswith("data: ")]


def test_curl_alone_chats(curl, tmp_path):
    room = curl.json("/room", *JSON, '{"title":"Tea"}')["id"]
    process, lines = curl.listen(room)
    lines.match('"type":"joined"')
    assert curl.json(f"/room/{room}/chat", "-d", "text=hello")["type"] == "ok"
    assert curl.json(f"/room/{room}/chat", *JSON, '{"text":"안녕","cid":"1"}')["type"] == "ok"
    assert curl.json(f"/room/{room}/chat", "--data-urlencode", "text=a & b = c\nd")["type"] == "ok"
    lines.match("a & b")
    process.kill()
    assert [message["text"] for message in data(lines) if message["type"] == "chat"] == ["hello", "안녕", "a & b = c\nd"]
    assert lines.items[0] == "retry: 2000"
    assert [message["type"] for message in data(lines)][:2] == ["welcome", "joined"]


def test_curl_resumes_a_stream_from_the_last_event(curl):
    room = curl.json("/room", *JSON, '{"title":"Tea"}')["id"]
    process, lines = curl.listen(room)
    lines.match('"type":"joined"')
    curl(f"/room/{room}/chat", "-d", "text=one")
    lines.match('"text":"one"')
    process.kill()
    last = [line[4:] for line in lines.items if line.startswith("id: ")][-1]
    curl(f"/room/{room}/chat", "-d", "text=two")
    curl(f"/room/{room}/chat", "-d", "text=three")
    for again in (["-H", f"Last-Event-ID: {last}"], ["-G", "-d", f"since={last}"]):
        process, lines = curl.listen(room, *again)
        lines.match('"text":"three"')
        process.kill()
        joined = next(message for message in data(lines) if message["type"] == "joined")
        assert not joined["reset"] and joined["events"] == []
        assert [message["text"] for message in data(lines) if message["type"] == "chat"] == ["two", "three"]


def test_curl_asks_again_and_again(curl):
    room = curl.json("/room", *JSON, '{"title":"Tea"}')["id"]
    joined = curl.json(f"/room/{room}/events")
    assert joined["type"] == "joined" and joined["you"]["role"] == "owner"
    since = lambda answer: f"{answer['epoch']}:{answer['seq']}"
    curl(f"/room/{room}/chat", "-d", "text=one")
    answer = curl.json(f"/room/{room}/events?since={since(joined)}&wait=25")
    assert answer.keys() == {"type", "room", "epoch", "seq", "reset", "events", "messages"}
    while not any(event.get("text") == "one" for event in answer["events"]):
        answer = curl.json(f"/room/{room}/events?since={since(answer)}&wait=25")
    while answer["events"]:
        answer = curl.json(f"/room/{room}/events?since={since(answer)}")

    found = queue.SimpleQueue()
    waiting = threading.Thread(target=lambda: found.put(curl.json(f"/room/{room}/events?since={since(answer)}&wait=25")))
    waiting.start()
    speaker = Curl(curl.server, curl.jar.parent)
    speaker(f"/room/{room}/chat", "-d", "text=two")
    later = found.get(timeout=DEADLINE)
    waiting.join()
    assert [event["text"] for event in later["events"]] == ["two"] and not later["reset"]
    assert later["seq"] == later["events"][-1]["seq"]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_curl_goes_on_over_a_restart_of_the_server(start, tmp_path, end):
    server = start("--resume-grace", "5s")
    curl = Curl(server, tmp_path)
    room = curl.json("/room", *JSON, '{"title":"Tea"}')["id"]
    process, lines = curl.listen(room)
    lines.match('"type":"joined"')
    curl(f"/room/{room}/chat", "-d", "text=before")
    lines.match('"text":"before"')
    last = [line[4:] for line in lines.items if line.startswith("id: ")][-1]
    getattr(server, end)()
    assert process.wait(DEADLINE) in (0, 18, 56)
    if end == "stop":
        assert data(lines)[-1]["type"] == "bye" and data(lines)[-1]["code"] == 4007
    server.start()
    curl.json(f"/room/{room}/join", *JSON, "{}")
    curl(f"/room/{room}/chat", "-d", "text=after")
    process, again = curl.listen(room, "-H", f"Last-Event-ID: {last}")
    again.match('"text":"after"')
    process.kill()
    events = [message for message in data(again) if "seq" in message and message["type"] != "joined"]
    first = int(last.split(":")[1]) + 1
    assert [event["seq"] for event in events] == list(range(first, first + len(events)))
    assert [event["text"] for event in events if event["type"] == "chat"] == ["after"]
    polled = curl.json(f"/room/{room}/events?since={last}")
    assert [event["seq"] for event in polled["events"]][: len(events)] == [event["seq"] for event in events] and not polled["reset"]


def test_curl_hears_the_lobby(curl):
    process = subprocess.Popen(
        [*curl.command, "-N", "-H", "Accept: text/event-stream", f"{curl.server.url}/rooms"], stdout=subprocess.PIPE, text=True)
    lines = Lines(process.stdout)
    lines.match('"type":"rooms"')
    room = curl.json("/room", *JSON, '{"title":"Tea","password":"sesame"}')["id"]
    lines.match(f'"type":"room_added".*"id":"{room}"')
    curl(f"/room/{room}", "-X", "DELETE")
    lines.match('"type":"room_removed"')
    process.kill()
    assert "sesame" not in lines.text


def test_curl_is_told_what_is_wrong(curl):
    room = curl.json("/room", *JSON, '{"title":"Tea"}')["id"]
    status = lambda path, *options: curl(path, "-o", "/dev/null", "-w", "%{http_code}", *options)
    assert status("/room/nowhere/events") == "404"
    assert status("/room/nowhere/events", "-H", "Accept: text/event-stream") == "404"
    for query in ("since=x", "since=a:b", "since=a:-1", "since=:1", "wait=-1", "wait=61", "wait=x", "wait=nan", "wait=inf", f"since=a:{2**70}"):
        assert status(f"/room/{room}/events?{query}") == "400", query
    assert status(f"/room/{room}/events", "-H", "Accept: text/event-stream", "-H", "Last-Event-ID: nonsense") == "400"
    assert status(f"/room/{room}/chat", "-d", "nothing=x") == "400"
    assert status(f"/room/{room}/events", "-H", "Origin: http://elsewhere.example") == "403"
    stranger = Curl(curl.server, curl.jar.parent)
    assert json.loads(stranger(f"/room/{room}/chat", "-d", "text=x", "-b", "")) ["type"] in ("ok", "error")


def test_a_position_of_another_epoch_begins_anew(pair):
    ann, _, room = pair
    ann.join(room)
    ann.say(room, "one")
    answer = ann.poll(room, since="nonsense:3").json()
    assert answer["reset"] and [event["text"] for event in answer["events"] if event["type"] == "chat"] == ["one"]
    stream = ann.stream(f"/room/{room}/events", last_id="nonsense:3")
    assert stream.expect("joined")["reset"]
    assert stream.texts("one") == ["one"]
    stream.close()


# Being in a room


def test_whoever_listens_is_in_the_room_and_whoever_stops_leaves_after_the_grace(pair):
    ann, bob, room = pair
    witness = ann.native()
    witness.join(room)
    stream = bob.stream(f"/room/{room}/events")
    assert witness.expect("join", count=2)["member"]["id"] == bob.id
    stream.close()
    assert witness.expect("exit")["reason"] == "timeout"


def test_a_stream_that_comes_back_is_no_exit(pair):
    ann, bob, room = pair
    witness = ann.native()
    witness.join(room)
    stream = bob.stream(f"/room/{room}/events")
    stream.expect("joined")
    for _ in range(3):
        stream.close()
        stream = bob.stream(f"/room/{room}/events", last_id=stream.last_id)
        stream.expect("joined")
    ann.say(room, "end")
    stream.expect("chat", text="end")
    witness.texts("end")
    assert [message["type"] for message in witness.heard if message["type"] in ("join", "exit")] == ["join"]
    stream.close()


def test_long_polling_keeps_the_seat_between_two_polls(pair):
    ann, bob, room = pair
    witness = ann.native()
    witness.join(room)
    answer = bob.poll(room).json()
    for number in range(5):
        ann.say(room, f"{number}")
        answer = bob.poll(room, f"{answer['epoch']}:{answer['seq']}", 25).json()
    witness.texts("4")
    assert not [message for message in witness.heard if message["type"] == "exit"]


def test_whispers_and_notices_come_by_long_polling(pair):
    ann, bob, room = pair
    ann.join(room)
    answer = bob.poll(room).json()
    assert ann.post(f"/room/{room}/whisper", {"to": bob.id, "text": "psst"}).status_code == 200
    messages = answer.get("messages", [])
    while not any(message["type"] == "whisper" for message in messages):
        answer = bob.poll(room, f"{answer['epoch']}:{answer['seq']}", 25).json()
        messages += answer["messages"]
    assert [message["text"] for message in messages if message["type"] == "whisper"] == ["psst"]


def test_a_room_with_a_password_is_joined_first(server):
    ann, bob = server.person(), server.person()
    room = ann.create_room(password="secret")
    for answer in (bob.poll(room), bob.stream(f"/room/{room}/events").response):
        assert answer.status_code == 403 and answer.json()["code"] == "wrong_password"
    assert bob.post(f"/room/{room}/join", {"password": "wrong"}).json()["code"] == "wrong_password"
    bob.join(room, password="secret")
    assert bob.poll(room).json()["type"] == "joined"


def test_the_kicked_are_told_and_their_stream_ends(pair):
    ann, bob, room = pair
    ann.join(room)
    stream = bob.stream(f"/room/{room}/events")
    stream.expect("joined")
    ann.post(f"/room/{room}/chat", {"text": f"/kick {bob.id}"})
    assert stream.expect("bye")["code"] == 4001
    eventually(lambda: stream.news.ended, "the stream's end")
    answer = bob.stream(f"/room/{room}/events").response
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")


# Limits


def test_a_slow_reader_is_bounded_and_resumes(start):
    server = start("--unsent-limit", "256KiB", "--resume-grace", "60s", "--text-limit", 60_000)
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    with Wire(server, receive_buffer=4096) as slow:
        slow.request("GET", f"/room/{room}/events", headers={"Accept": "text/event-stream", "Cookie": bob.cookie, "Connection": "close"})
        while '"joined"' not in slow.read_line():
            pass
        # What the kernel's buffers take is its business, some MiB; after that the server says that it is too much.
        for number in range(200):
            ann.say(room, f"{number} " + "x" * 59_000)
            if number % 10 == 0 and "sse" not in server.addresses(bob.id):
                break
        else:
            raise AssertionError("a reader that reads nothing was kept")
        rest = slow.end().decode()
    assert '"code":4004' in rest, "no bye: " + rest[-300:]
    ids = re.findall(r"^id: (\S+)", rest, re.MULTILINE)
    stream = bob.stream(f"/room/{room}/events", last_id=ids[-1])
    ann.say(room, "end")
    first = int(ids[-1].split(":")[1]) + 1
    stream.expect("chat", text="end")
    seqs = [message["seq"] for _, message in stream.news.items if message["type"] == "chat"]
    assert seqs == list(range(first, first + len(seqs))), "events are missing"
    stream.close()


def test_a_reader_that_goes_away_leaves_nothing(server, leaves_nothing):
    ann = server.person()
    room = ann.create_room()
    for _ in range(20):
        with Wire(server) as wire:
            wire.request("GET", f"/room/{room}/events", headers={"Accept": "text/event-stream", "Cookie": ann.cookie})
            while '"joined"' not in wire.read_line():
                pass
        with Wire(server) as wire:
            wire.request("GET", f"/room/{room}/events?since=x:1&wait=60", headers={"Cookie": ann.cookie})
            wire.response()
    ann.post(f"/room/{room}/exit")


def test_a_long_poll_that_is_abandoned_leaves_nothing(server, leaves_nothing):
    ann = server.person()
    room = ann.create_room()
    answer = ann.poll(room).json()
    ann.poll(room, f"{answer['epoch']}:{answer['seq']}")
    answer = ann.poll(room).json()
    with Wire(server) as wire:
        wire.request("GET", f"/room/{room}/events?since={answer['epoch']}:{answer['seq']}&wait=60", headers={"Cookie": ann.cookie})
        eventually(lambda: "poll" in server.addresses(ann.id), "the poll")


# A browser


LISTEN = """room => {
  window.heard = []; window.errors = 0; window.opened = 0
  const source = new EventSource(`/room/${room}/events`)
  source.onopen = () => window.opened++
  source.onerror = () => window.errors++
  source.onmessage = event => window.heard.push(JSON.parse(event.data))
}"""
TEXTS = "() => window.heard.filter(message => message.type === 'chat').map(message => message.text)"


@pytest.mark.parametrize("over", ["a cut cable", "a restart of the server"])
def test_an_EventSource_reconnects_by_itself_and_misses_nothing(start, browser, over):
    server = start("--resume-grace", "60s")
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    cable = Cable(server)
    page = browser.new_page()
    page.goto(f"{cable.url}/favicon.svg")
    page.evaluate(LISTEN, room)
    page.wait_for_function("() => window.heard.some(message => message.type === 'joined')")
    ann.say(room, "before")
    page.wait_for_function("() => window.heard.some(message => message.text === 'before')")
    cable.cut()
    page.wait_for_function("() => window.errors > 0")
    if over == "a restart of the server":
        server.restart()
        ann.join(room)
    missed = [f"missed {number}" for number in range(3)]
    for text in missed:
        ann.say(room, text)
    cable.mend()
    ann.say(room, "after")
    page.wait_for_function("() => window.heard.some(message => message.text === 'after')")
    assert page.evaluate(TEXTS) == ["before", *missed, "after"]
    numbers = page.evaluate("() => window.heard.filter(message => message.seq && message.type !== 'joined').map(message => message.seq)")
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    page.close()
    cable.remove()


# Signs of life


@pytest.mark.waits
def test_a_silent_stream_gives_signs_of_life(silent):
    silent.comments.expect(lambda line: line.startswith(":"), "a comment")
    assert not silent.news.ended
