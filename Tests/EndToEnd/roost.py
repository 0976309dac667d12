"""Roost as it is met from outside: the process, people with a WebSocket, and plain HTTP.

Nothing here sleeps for a time that is hoped to be enough. What is waited for either happens, or the test fails after
`DEADLINE` seconds and says what had come until then.
"""

import http.client
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from wire import DEADLINE, Answer, eventually

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("ROOST_BIN") or REPOSITORY / ".build/debug/roost").resolve()
STANDARD_PLUGINS = REPOSITORY / "Plugins"

# Settings from whoever runs the tests must not reach the server; ROOST_BIN itself would be an unknown one.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ROOST_")}


def run(*arguments, directory=None):
    """Runs `roost` with these arguments until it ends."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE * 3,
        env=ENVIRONMENT, cwd=directory or REPOSITORY)


class Lines:
    """What a process prints, line by line, and a way to wait for one of them."""

    def __init__(self, stream):
        self.lines = []
        self._news = threading.Condition()
        self._ended = False
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self._stream:
            for line in self._stream:
                with self._news:
                    self.lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def text(self):
        return "\n".join(self.lines)

    def expect(self, pattern, since=0):
        """The match in the first line, from the given one on, in which the pattern is found."""
        deadline = time.monotonic() + DEADLINE
        index = since
        with self._news:
            while True:
                while index < len(self.lines):
                    if found := re.search(pattern, self.lines[index]):
                        return found
                    index += 1
                left = deadline - time.monotonic()
                assert left > 0 and not self._ended, f"{pattern!r} was not printed:\n{self.text}"
                self._news.wait(left)


class Server:
    """`roost serve` in a folder of its own, with `data`, `Plugins` and `roost.toml` in it.

    `plugins` is `"standard"` for a copy of the repository's, or texts by file name, e.g. `{"ping.lua": "…"}`; `data` is
    another data folder.
    """

    def __init__(self, folder, *flags, plugins=None, config="", public=REPOSITORY / "Public", data=None):
        self.folder = Path(folder)
        self.data = Path(data or self.folder / "data")
        self.plugins = self.folder / "Plugins"
        self.flags = [str(flag) for flag in flags]
        self.public = public
        self.process = None
        if plugins == "standard":
            shutil.copytree(STANDARD_PLUGINS, self.plugins)
        else:
            self.plugins.mkdir()
            for name, text in (plugins or {}).items():
                self.write_plugin(name, text)
        self.config = self.folder / "roost.toml"
        self.config.write_text(config)

    def write_plugin(self, name, text):
        path = self.plugins / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    # Life

    def start(self, port=0):
        self._launch(port)
        found = self.output.expect(r"^Roost is listening on http://127\.0\.0\.1:(\d+)$")
        self.port = int(found.group(1))
        return self

    def _launch(self, port):
        self.process = subprocess.Popen(
            [BINARY, "serve", *self.arguments(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", env=ENVIRONMENT, cwd=self.folder)
        self.output = Lines(self.process.stdout)
        self.log = Lines(self.process.stderr)

    def arguments(self, port=0):
        return ["--port", str(port), "--data", str(self.data), "--plugins", str(self.plugins), "--public", str(self.public),
                "--config", str(self.config), *self.flags]

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """Asks the server to end, as an init system does. Returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        """Gives the server no chance to do anything more."""
        self.process.kill()
        return self.wait()

    def wait(self):
        return self.process.wait(DEADLINE)

    def restart(self):
        assert self.stop() == 0, self.log.text
        return self.start(self.port)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # Console

    _marks = itertools.count(1)

    def type(self, line):
        """Types a console command into the server's standard input. Returns what it prints."""
        mark = f"end-of-{next(self._marks)}"
        since = len(self.output.lines)
        self.process.stdin.write(f"{line}\nhelp {mark}\n")
        self.process.stdin.flush()
        self.output.expect(re.escape(f"There is no command '{mark}'"), since)
        printed = itertools.takewhile(lambda line: mark not in line, self.output.lines[since:])
        return "\n".join(printed)

    def console(self, *words):
        """Runs `roost console WORDS…`. Has `.returncode`, `.stdout` and `.stderr`."""
        return run("console", "--data", self.data, *words)

    # HTTP

    def http(self, method, path, body=None, *, fields=None, headers=None, cookie=None):
        """One request on a connection of its own. `fields` are sent as JSON."""
        headers = dict(headers or {})
        if fields is not None:
            body = json.dumps(fields)
            headers.setdefault("Content-Type", "application/json")
        if cookie:
            headers["Cookie"] = cookie
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **options):
        return self.http("GET", path, **options)

    def connections(self):
        """How many there are, not counting the one that asks."""
        return int(re.search(r"^roost_connections (\d+)$", self.get("/metrics").text, re.MULTILINE).group(1)) - 1

    # People

    def person(self, name=None, **options):
        """Somebody new with an open WebSocket."""
        person = Client(self, **options)
        if name:
            assert person.ask("name", name=name)["type"] == "ok"
        return person


class Closed(Exception):
    """The server has closed the WebSocket."""

    def __init__(self, code, reason):
        super().__init__(f"closed with {code} {reason}")
        self.code = code
        self.reason = reason


class Client:
    """A person's WebSocket. `heard` has everything that came, in its order."""

    def __init__(self, server, cookie=None, language=None, origin=None, port=None):
        self.server = server
        self.language = language
        headers = {}
        if cookie:
            headers["Cookie"] = cookie
        if language:
            headers["Accept-Language"] = language
        self.socket = connect(
            f"ws://127.0.0.1:{port or server.port}/ws", additional_headers=headers, origin=origin, subprotocols=["roost.v1"],
            open_timeout=DEADLINE, close_timeout=DEADLINE, max_size=None, max_queue=None, ping_interval=None,
            proxy=None, legacy=True)
        given = self.socket.response.headers.get("Set-Cookie")
        self.cookie = given.split(";")[0] if given else cookie
        self.heard = []
        self._unread = []
        self._refs = itertools.count(1)
        self.welcome = self.expect("welcome")
        self.id = self.welcome["you"]["id"]

    def another_tab(self, **options):
        """The same person once more."""
        return Client(self.server, cookie=self.cookie, language=self.language, **options)

    # Messages

    def send(self, message):
        """Sends an object as JSON, or a text or bytes as they are."""
        self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    def receive(self):
        """The next message that comes."""
        try:
            message = json.loads(self.socket.recv(timeout=DEADLINE))
        except TimeoutError:
            raise AssertionError(f"nothing more came after {self._shown()}") from None
        except ConnectionClosed as closed:
            raise Closed(*((closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, ""))) from None
        self.heard.append(message)
        return message

    def expect(self, type, **fields):
        """The first message, not expected before, of that type and with these fields."""
        fields["type"] = type

        def fits(message):
            return all(message.get(name) == value for name, value in fields.items())

        for index, message in enumerate(self._unread):
            if fits(message):
                return self._unread.pop(index)
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            try:
                message = self.receive()
            except Closed as closed:
                raise AssertionError(f"{closed} before {fields}, after {self._shown()}") from closed
            if fits(message):
                return message
            self._unread.append(message)
        raise AssertionError(f"{fields} did not come, but {self._shown()}")

    def ask(self, type, **fields):
        """Sends a message and returns the answer to it, whatever that is."""
        ref = next(self._refs)
        self.send({"type": type, "ref": ref, **fields})
        return self.answer(ref)

    def answer(self, ref):
        for index, message in enumerate(self._unread):
            if message.get("ref") == ref:
                return self._unread.pop(index)
        while True:
            message = self.receive()
            if message.get("ref") == ref:
                return message
            self._unread.append(message)

    def everything(self, type=None):
        """Everything that has come until now, or of a type. What came of what others have been answered is in it."""
        assert self.ask("ping")["type"] == "pong"
        return [message for message in self.heard if type in (None, message["type"])]

    def events(self, room):
        """The room's events as this person has them: those of `joined`, and those that came after."""
        self.everything()
        events = []
        for message in self.heard:
            if message["type"] == "joined" and message["room"]["id"] == room:
                if message["reset"]:
                    events = []
                events += message["events"]
            elif message.get("room") == room and "seq" in message:
                events.append(message)
        return events

    def history(self, room):
        """All that is kept of a room that this person is in, asked for page by page."""
        events = []
        while True:
            page = self.ask("history", room=room, before=events[0]["seq"] if events else 2**53, limit=200)
            events = page["events"] + events
            if not page["more"]:
                return events

    def _shown(self):
        return json.dumps(self.heard[-8:], ensure_ascii=False)

    # What people do

    def create_room(self, title="Tea", **fields):
        answer = self.http("POST", "/room", fields={"title": title, **fields})
        assert answer.status == 201, answer
        return answer.json["id"]

    def join(self, room, **fields):
        joined = self.ask("join", room=room, **fields)
        assert joined["type"] == "joined", joined
        return joined

    def say(self, room, text, **fields):
        """Sends a message that must be taken. Returns its number."""
        answer = self.ask("chat", room=room, text=text, **fields)
        assert answer["type"] == "ok", answer
        return answer.get("seq")

    def http(self, method, path, body=None, **options):
        return self.server.http(method, path, body, cookie=self.cookie, **options)

    # The end

    def close(self):
        self.socket.close()

    def drop(self):
        """Ends the connection as a broken network does: without a close frame."""
        self.socket.close_socket()

    def closed(self):
        """Waits until the server has closed the connection. Returns the code."""
        while True:
            try:
                self._unread.append(self.receive())
            except Closed as closed:
                return closed.code


class Room:
    """A room with Ann, who owns it, and Bob in it."""

    def __init__(self, server, title="Tea house", suffix="", **options):
        self.title = title
        self.ann, self.bob = server.person(f"Ann{suffix}", **options), server.person(f"Bob{suffix}", **options)
        self.id = self.ann.create_room(title)
        self.ann.join(self.id)
        self.bob.join(self.id)


def chats(events):
    return [event["text"] for event in events if event["type"] == "chat"]


def seqs(events):
    return [event["seq"] for event in events]
