"""The server as it is met from outside, and people who come by every way there is.

Nothing here sleeps for a time that is hoped to be enough. What is waited for either happens, or the test fails after
`DEADLINE` seconds and says what had come until then.
"""

import itertools
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ordered_socketio import OrderedSocketIO
from wire import DEADLINE, Cable, Wire, eventually

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("ROOST_BIN") or REPOSITORY / ".build/debug/roost").resolve()

# Settings from whoever runs the tests must not reach the server; ROOST_BIN itself would be an unknown one.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ROOST_")}

# Files that a server opens when it first needs them and keeps: readers of its database, above all.
KEPT_OPEN = 16

# Tests say what they have to say as fast as they can; those of the limits set their own.
QUICK = ["--rate", "0", "--connections-per-address", "10000", "--password-attempts", "1000", "--disabled-plugins", "guard"]


def run(*arguments):
    """Runs `roost` with these arguments until it ends."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE * 3, env=ENVIRONMENT,
        cwd=REPOSITORY)


class News:
    """What has come from somewhere, in its order, and a way to wait for more of it."""

    def __init__(self):
        self.items = []
        self.ended = False
        self._changed = threading.Condition()

    def add(self, item):
        with self._changed:
            self.items.append(item)
            self._changed.notify_all()

    def end(self):
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def expect(self, fits, what="it", since=0, seconds=DEADLINE):
        """The first item, from the given one on, that fits."""
        deadline = time.monotonic() + seconds
        index = since
        with self._changed:
            while True:
                while index < len(self.items):
                    if fits(self.items[index]):
                        return self.items[index]
                    index += 1
                left = deadline - time.monotonic()
                shown = "\n".join(map(str, self.items[-12:]))
                assert left > 0 and not self.ended, f"{what} did not come{' before the end' if self.ended else ''}, but:\n{shown}"
                self._changed.wait(left)


class Lines(News):
    """What a process prints, line by line."""

    def __init__(self, stream):
        super().__init__()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        with stream:
            for line in stream:
                self.add(line.rstrip("\n"))
        self.end()

    def match(self, pattern, since=0):
        return re.search(pattern, self.expect(lambda line: re.search(pattern, line), repr(pattern), since))

    @property
    def text(self):
        return "\n".join(self.items)


# The server


class Process:
    """A `roost` that listens."""

    def __init__(self, arguments, greeting):
        self.process = subprocess.Popen(
            [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", env=ENVIRONMENT, cwd=REPOSITORY)
        self.output, self.log = Lines(self.process.stdout), Lines(self.process.stderr)
        self.port = int(self.output.match(greeting).group(1))

    @property
    def is_running(self):
        return self.process.poll() is None

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        return self.process.wait(DEADLINE)


class Server:
    """`roost serve` in a folder of its own. With `certificate`, a pair of files, it speaks TLS."""

    def __init__(self, folder, *flags, certificate=None, host="127.0.0.1"):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.host = host
        self.certificate = certificate
        self.flags = [str(flag) for flag in flags]
        if certificate:
            self.flags += ["--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1])]
        self.port = 0
        self.process = None

    # Life

    def start(self):
        arguments = ["serve", "--port", self.port, "--host", self.host, "--data", self.data, "--plugins", REPOSITORY / "Plugins",
                     "--public", REPOSITORY / "Public", *self.flags]
        self.process = Process(arguments, r"^Roost is listening on https?://.*:(\d+)$")
        self.port = self.process.port
        return self

    @property
    def log(self):
        return self.process.log

    @property
    def is_running(self):
        return self.process is not None and self.process.is_running

    def stop(self):
        """Asks the server to end, as an init system does. Returns its exit status."""
        return self.process.stop()

    def kill(self):
        """Gives the server no chance to do anything more."""
        return self.process.stop(signal.SIGKILL)

    def restart(self):
        if self.is_running:
            assert self.stop() == 0, self.log.text
        return self.start()

    @property
    def last_words(self):
        """What the log says of a crash, without the threads that had nothing to do with it."""
        lines = self.log.items
        start = next((index for index, line in enumerate(lines) if re.search("Fatal|crashed|Crash", line)), max(0, len(lines) - 30))
        return "\n".join(line[:200] for line in lines[start:start + 40])

    # Addresses

    @property
    def address(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'localhost' if self.certificate else host}:{self.port}"

    @property
    def url(self):
        return f"{'https' if self.certificate else 'http'}://{self.address}"

    # Looking inside, as whoever runs the server does

    def console(self, *words):
        """What a console command prints."""
        done = run("console", "--data", self.data, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def addresses(self, person):
        """The addresses from which a person is connected, as the server sees them, by transport."""
        done = run("console", "--data", self.data, "user", person)
        # Nobody: not here since the server's start.
        assert done.returncode == 0 or "Nobody here" in done.stdout, done
        lines = done.stdout.splitlines()
        start = next((index for index, line in enumerate(lines) if line.startswith("Connection")), len(lines))
        return {line.split()[1]: line.split()[2] for line in lines[start + 1:] if line.strip()}

    def metrics(self):
        text = requests.get(self.url + "/metrics", timeout=DEADLINE, verify=False, headers={"Connection": "close"}).text
        return {name: int(value) for name, value in re.findall(r"^(\w+) (\d+)$", text, re.MULTILINE)}

    def census(self):
        """How many connections and people there are, the one who asks not among them."""
        metrics = self.metrics()
        return metrics["roost_connections"] - 1, metrics["roost_people"]

    def descriptors(self):
        """How many files and sockets the server has open."""
        return len(os.listdir(f"/proc/{self.process.process.pid}/fd"))

    def status(self):
        """What the console says of the server, by name."""
        return dict(re.split(r"\s{2,}", line, maxsplit=1) for line in self.console("status").splitlines() if "  " in line)

    def memory(self):
        """Bytes that the server has in memory."""
        status = Path(f"/proc/{self.process.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) << 10

    # People

    def person(self, name=None, **options):
        person = Person(self, **options)
        if name:
            assert person.post("/name", {"name": name}).status_code == 200
        return person


def sent(upload):
    """The headers and body of an upload, as `requests` takes them."""
    return {"headers": upload["headers"], "data": upload["body"]}


class Person:
    """Somebody with a cookie, who comes by whatever way they like. `url` is where they look for the server."""

    def __init__(self, server, url=None, language=None, headers=None, session=None):
        self.server = server
        self.url = url or server.url
        self.session = session or requests.Session()
        self.session.verify = False
        self.session.trust_env = False
        # People are counted by their connections: none of theirs is to wait for another request.
        self.session.headers.update({"Connection": "close"} | (headers or {}))
        if language:
            self.session.headers["Accept-Language"] = language
        self.session.get(self.url + "/rooms", timeout=DEADLINE).raise_for_status()
        with NativeSocket(self) as socket:
            self.id, self.name = socket.welcome["you"]["id"], socket.welcome["you"]["name"]

    @property
    def cookie(self):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.session.cookies)

    # HTTP

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=DEADLINE, **options)

    def post(self, path, fields=None, **options):
        if fields is not None:
            options["json"] = fields
        return self.session.post(self.url + path, timeout=DEADLINE, **options)

    def create_room(self, title="다방", **fields):
        answer = self.post("/room", {"title": title, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def join(self, room, **fields):
        answer = self.post(f"/room/{room}/join", fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def say(self, room, text, **fields):
        """Sends a message that must be taken. Returns its number."""
        answer = self.post(f"/room/{room}/chat", {"text": text, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()["seq"]

    def poll(self, room, since=None, wait=0):
        position = f"?since={since}&wait={wait}" if since else ""
        return self.get(f"/room/{room}/events{position}")

    def history(self, room):
        """Everything that has happened, as it is kept."""
        answer = self.get(f"/room/{room}/history?before=1000000&limit=200")
        assert answer.status_code == 200, answer.text
        return answer.json()["events"]

    # Sockets

    def native(self, **options):
        return NativeSocket(self, **options)

    def socket(self, transports=None, namespaces=("/chat",), **options):
        """A connected Socket.IO client."""
        return SocketIO(self, transports, namespaces, **options).open()

    def stream(self, path, last_id=None):
        return EventStream(self, path, last_id)


# WebSocket


class NativeSocket:
    """A person's WebSocket that speaks `roost.v1`. `heard` has everything that came, in its order."""

    def __init__(self, person, headers=None, url=None):
        url = urllib.parse.urlsplit(url or person.url)
        headers = {**{name: value for name, value in person.session.headers.items() if name.startswith(("X-", "Forwarded", "Authorization"))}, **(headers or {})}
        if person.cookie:
            headers["Cookie"] = person.cookie
        secure = url.scheme == "https"
        self.socket = connect(
            f"{'wss' if secure else 'ws'}://{url.netloc}/ws", additional_headers=headers, subprotocols=["roost.v1"], open_timeout=DEADLINE,
            close_timeout=DEADLINE, max_size=None, max_queue=None, ping_interval=None, proxy=None, legacy=True,
            ssl=untrusting() if secure else None)
        self.heard = []
        self._refs = itertools.count(1)
        self._unread = []
        self.welcome = self.expect("welcome")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self):
        try:
            message = json.loads(self.socket.recv(timeout=DEADLINE))
        except TimeoutError:
            raise AssertionError(f"nothing more came after {self.heard[-8:]}") from None
        except ConnectionClosed as closed:
            raise AssertionError(f"closed with {closed.rcvd} after {self.heard[-8:]}") from None
        self.heard.append(message)
        return message

    def expect(self, type, **fields):
        """The first message, not expected before, of that type and with these fields."""
        fields["type"] = type
        fits = lambda message: all(message.get(name) == value for name, value in fields.items())
        for index, message in enumerate(self._unread):
            if fits(message):
                return self._unread.pop(index)
        while not fits(message := self.receive()):
            self._unread.append(message)
        return message

    def ask(self, type, **fields):
        """Sends a message and returns the answer to it, whatever that is."""
        ref = next(self._refs)
        self.socket.send(json.dumps({"type": type, "ref": ref, **fields}))
        while (message := self.receive()).get("ref") != ref:
            self._unread.append(message)
        return message

    def join(self, room, **fields):
        joined = self.ask("join", room=room, **fields)
        assert joined["type"] == "joined", joined
        return joined

    def texts(self, until):
        """The texts of the chat messages heard, up to a last one."""
        while not any(message.get("text") == until for message in self.heard):
            self.receive()
        return [message["text"] for message in self.heard if message["type"] == "chat"]

    def drop(self):
        """Ends the connection as a broken network does: without a close frame."""
        self.socket.close_socket()


def untrusting():
    """TLS that looks at no certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


# Socket.IO


class SocketIO:
    """A Socket.IO client of python-socketio. `events` has (namespace, name, argument…) of everything that came."""

    def __init__(self, person, transports=None, namespaces=("/chat",), auth=None, headers=None, url=None, reconnection=False):
        self.person = person
        self.url = url or person.url
        self.transports = transports
        self.namespaces = list(namespaces)
        self.auth = auth
        self.headers = headers or {}
        self.news = News()
        session = requests.Session()
        session.verify = False
        session.trust_env = False
        session.cookies.update(person.session.cookies)
        self.client = OrderedSocketIO(
            http_session=session, ssl_verify=False, reconnection=reconnection, reconnection_delay=0.1, reconnection_delay_max=0.5,
            websocket_extra_options={"http_no_proxy": ["*"]})
        for namespace in self.namespaces:
            self._listen(namespace)

    def _listen(self, namespace):
        for name in ("connect", "disconnect", "connect_error"):
            self.client.on(name, lambda *arguments, name=name: self.news.add((namespace, name, *arguments)), namespace=namespace)
        self.client.on("*", lambda name, *arguments: self.news.add((namespace, name, *arguments)), namespace=namespace)

    def open(self):
        self.client.connect(
            self.url, transports=self.transports, namespaces=self.namespaces, auth=self.auth, headers=dict(self.headers), wait_timeout=DEADLINE)
        return self

    @property
    def transport(self):
        return self.client.transport()

    @property
    def events(self):
        return list(self.news.items)

    def named(self, name, namespace="/chat"):
        """The first arguments of all events of that name so far."""
        return [event[2] if len(event) > 2 else None for event in self.events if event[:2] == (namespace, name)]

    def expect(self, name, namespace="/chat", since=0, **fields):
        """The first argument of the first event of that name that has these fields."""

        def fits(event):
            if event[:2] != (namespace, name):
                return False
            return not fields or len(event) > 2 and isinstance(event[2], dict) and all(event[2].get(key) == value for key, value in fields.items())

        event = self.news.expect(fits, f"{namespace} {name} {fields}", since)
        return event[2] if len(event) > 2 else None

    def emit(self, name, data=None, namespace="/chat"):
        self.client.emit(name, data, namespace=namespace)

    def ask(self, name, data=None, namespace="/chat"):
        """Emits an event and returns what its acknowledgement says."""
        return self.client.call(name, data, namespace=namespace, timeout=DEADLINE)

    def join(self, room, **fields):
        joined = self.ask("join", {"room": room, **fields} if fields else room)
        assert joined["type"] == "joined", joined
        return joined

    def texts(self, until):
        """The texts of the chat messages heard, up to a last one."""
        self.expect("chat", chat=until)
        return [chat["chat"] for chat in self.named("chat") if chat["user"] != "system"]

    def close(self):
        self.client.reconnection = False
        self.client.disconnect()
        self.client.shutdown()
        self.client.eio.http.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# Server-sent events


class EventStream:
    """A stream of server-sent events, read as the specification says (WHATWG HTML §9.2). `news` has (id, data)."""

    def __init__(self, person, path, last_id=None):
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        self.response = person.session.get(person.url + path, headers=headers, stream=True, timeout=(DEADLINE, None))
        self.news, self.comments = News(), News()
        self.last_id = last_id
        if self.response.status_code == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        data = []
        try:
            for line in self._lines():
                if line.startswith(":"):
                    self.comments.add(line)
                elif line.startswith("id: "):
                    self.last_id = line[4:]
                elif line.startswith("data: "):
                    data.append(line[6:])
                elif not line and data:
                    self.news.add((self.last_id, json.loads("\n".join(data))))
                    data = []
        except (OSError, AttributeError, ValueError, HTTPError):
            pass
        self.news.end()
        self.comments.end()

    def _lines(self):
        """Lines as they are complete; `iter_lines` would take what has come byte by byte, or wait for more."""
        rest = b""
        for piece in self.response.raw.stream(None):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line.decode() for line in lines)

    def expect(self, type, **fields):
        fields["type"] = type
        return self.news.expect(lambda item: all(item[1].get(name) == value for name, value in fields.items()), str(fields))[1]

    def texts(self, until):
        self.expect("chat", text=until)
        return [message["text"] for _, message in self.news.items if message["type"] == "chat"]

    def close(self):
        """Breaks the connection off."""
        buffered = getattr(getattr(self.response.raw, "_fp", None), "fp", None)
        if buffered:
            try:
                buffered.raw._sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The server was first.
        self.response.close()


# Bytes


class Drip:
    """A connection that sends its request a byte at a time, for as long as it is let. `news` has "end" when it is over."""

    def __init__(self, server, request):
        self.server, self.news, self.received, self.pieces = server, News(), b"", 0
        self._wire = Wire(server)
        self._wire.socket.settimeout(0.3)
        threading.Thread(target=self._send, args=(itertools.chain(request, itertools.repeat(ord("a"))),), daemon=True).start()

    def _send(self, bytes):
        try:
            while True:
                if (byte := next(bytes)) is not None:
                    self._wire.socket.sendall(b"%c" % byte)
                self.pieces += 1
                try:
                    if not (data := self._wire.socket.recv(4096)):
                        break
                    self.received += data
                except TimeoutError:
                    pass
        except OSError:
            pass
        self._wire.close()
        self.news.add("end")


# Engine.IO, by hand


class EngineIO:
    """A client of the Engine.IO protocol that sends exactly what it is told to."""

    PATH = "/socket.io/?EIO=4&transport="

    def __init__(self, server, cookie=None):
        self.server = server
        self.headers = {"Cookie": cookie} if cookie else {}
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"  # See `Person`.
        self.session.trust_env = False
        self.sid = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.port}"

    def close(self):
        """Goes away without a word."""
        self.session.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def fetch(self, query, method="GET", headers=None, **options):
        headers = {**self.headers, **(headers or {})}
        return self.session.request(method, f"{self.url}/socket.io/?{query}", headers=headers, timeout=DEADLINE, **options)

    def open(self):
        """Begins a session by polling."""
        answer = self.fetch("EIO=4&transport=polling")
        assert answer.status_code == 200 and answer.text.startswith("0"), answer.text
        self.sid = json.loads(answer.text[1:])["sid"]
        return self

    def poll(self):
        return self.fetch(f"EIO=4&transport=polling&sid={self.sid}")

    def post(self, body, **options):
        return self.fetch(f"EIO=4&transport=polling&sid={self.sid}", "POST", data=body, **options)

    def start_poll(self):
        """Sends a poll on a connection of its own, and does not wait for its answer."""
        return Wire(self.server).request("GET", f"{self.PATH}polling&sid={self.sid}", headers=self.headers)

    def start_post(self, body):
        return Wire(self.server).request("POST", f"{self.PATH}polling&sid={self.sid}", body, self.headers)

    def web_socket(self, query=None, upgrade=False):
        """A WebSocket: for a new session, or for this one."""
        query = query if query is not None else "EIO=4&transport=websocket" + (f"&sid={self.sid}" if upgrade else "")
        return RawSocket(f"ws://127.0.0.1:{self.server.port}/socket.io/?{query}", self.headers)

    def packets(self, done):
        """Polls until `done` says of all packets that they are what was waited for; pings are answered."""
        packets = []
        deadline = time.monotonic() + DEADLINE
        while not done(packets):
            assert time.monotonic() < deadline, packets
            answer = self.poll()
            assert answer.status_code == 200, answer.text
            for packet in answer.content.decode().split("\x1e"):
                if packet == "2":
                    self.post("3")
                else:
                    packets.append(packet)
        return packets


class RawSocket:
    """A WebSocket that says nothing by itself."""

    def __init__(self, url, headers=None):
        self.socket = connect(
            url, additional_headers=headers or {}, open_timeout=DEADLINE, close_timeout=DEADLINE, max_size=None, max_queue=None,
            ping_interval=None, proxy=None, legacy=True, compression=None)

    def send(self, *messages):
        for message in messages:
            self.socket.send(message)
        return self

    def receive(self):
        return self.socket.recv(timeout=DEADLINE)

    def receive_other(self, than="2"):
        while (message := self.receive()) == than:
            pass
        return message

    def closed(self):
        """Waits until the server has closed it. Returns the code and what came before."""
        messages = []
        try:
            while True:
                messages.append(self.socket.recv(timeout=DEADLINE))
        except ConnectionClosed as closed:
            return (closed.rcvd.code if closed.rcvd else 1006), messages

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
