"""Bytes on a socket, for what no well-behaved client would send; and a cable that can be cut."""

import json
import select
import socket
import struct
import threading
import time

#: Seconds that anything may take.
DEADLINE = 20.0


def eventually(condition, what="that", seconds=DEADLINE):
    """Returns the condition's first true value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.02)
    return value


class Answer:
    """An HTTP response."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Wire:
    """A TCP connection to the server, for what no well-behaved client would send."""

    def __init__(self, server, receive_buffer=None, source=None):
        self.socket = socket.socket()
        self.socket.settimeout(DEADLINE)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", server.port))
        self._server = server
        self._buffer = b""

    def send(self, data):
        try:
            self.socket.sendall(data if isinstance(data, bytes) else data.encode())
        except (BrokenPipeError, ConnectionResetError):
            pass  # The server has answered already and does not want the rest.
        return self

    def request(self, method, path, body=None, headers=None):
        """Sends a request, and does not wait for its answer."""
        body = body.encode() if isinstance(body, str) else body
        headers = {"Host": f"127.0.0.1:{self._server.port}"} | (headers or {})
        if body is not None:
            headers["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return self.send(("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b""))

    def read(self, count):
        while len(self._buffer) < count:
            data = self._receive()
            if not data:
                raise EOFError(self._buffer)
            self._buffer += data
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    def read_line(self):
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.read(1)
        return line[:-2].decode("latin-1")

    def response(self):
        """The next HTTP response."""
        status = int(self.read_line().split(" ")[1])
        headers = {}
        while line := self.read_line():
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        body = self.read(int(headers.get("content-length", 0))) if status not in (101, 204, 304) else b""
        return Answer(status, headers, body)

    def end(self):
        """Reads until the server has closed the connection."""
        while data := self._receive():
            self._buffer += data
        return self._buffer

    def reset(self):
        """Breaks the connection off, rather than closing it."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Cable:
    """A TCP port that leads to the server until it is cut, and on which WebSockets can be forbidden as some proxies do."""

    def __init__(self, server):
        self._target = ("127.0.0.1", server.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.lets_websockets_pass = True
        self._whole = True
        self._pairs = set()
        # Connections on which the last word was the client's.
        self._asked = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, while_it_asks=False):
        """Breaks every connection, and those that will be tried: at once, or as soon as there is a request without an answer."""
        if while_it_asks:
            eventually(lambda: self._asked, "a request")
        with self._lock:
            self._whole = False
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            self._break(pair)

    def mend(self):
        self._whole = True

    def remove(self):
        self.cut()
        self._listener.close()

    @staticmethod
    def _break(pair):
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=DEADLINE)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                keep = self._whole
                if keep:
                    self._pairs.add((near, far))
            if keep:
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
            else:
                near.close()
                far.close()

    def _carry(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(65536)
                    if not data or data.startswith(b"GET /ws") and not self.lets_websockets_pass:
                        return
                    if end is far:
                        self._asked.discard(near)
                    other[end].sendall(data)
                    if end is near:
                        self._asked.add(near)
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._pairs.discard((near, far))
            self._asked.discard(near)
            self._break((near, far))
            near.close()
            far.close()
