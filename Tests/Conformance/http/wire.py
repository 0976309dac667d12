"""An HTTP/1.1 client that sends what it is told to, byte for byte, and reads responses strictly (RFC 9112)."""

import re
import socket
import time
from dataclasses import dataclass, field

STATUS_LINE = re.compile(r"HTTP/1\.1 ([1-5]\d\d) ([\t\x20-\x7e]*)")
FIELD_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")


class Violation(AssertionError):
    """The server's response is not valid HTTP/1.1."""


class Ended(AssertionError):
    """The connection ended where a response was expected."""


class NothingCame(AssertionError):
    """The server was silent for too long."""


@dataclass
class Response:
    status: int
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: bytes = b""

    def __getitem__(self, name: str) -> str | None:
        values = self.headers.get(name.lower())
        return ", ".join(values) if values else None

    @property
    def closes(self) -> bool:
        return "close" in (self["connection"] or "").lower()


def request(line: str, *headers: str, body: bytes = b"", host: str | None = "roost.test") -> bytes:
    """A request with CRLF after every line. No header is added but Host."""
    lines = [line, *([f"Host: {host}"] if host is not None else []), *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def get(path: str, *headers: str) -> bytes:
    return request(f"GET {path} HTTP/1.1", *headers)


def post(*headers: str, body: bytes = b'{"name":"Ann"}', path: str = "/name") -> bytes:
    """A request whose body is read: it gives the sender a name. Framing headers are for the caller to add."""
    return request(f"POST {path} HTTP/1.1", "Content-Type: application/json", *headers, body=body)


NAMED = post("Content-Length: 14")
"""A POST as it should be."""


class Wire:
    """One connection."""

    def __init__(self, address: tuple[str, int], seconds: float = 5):
        self.seconds = seconds
        self._buffer = b""
        self._socket = socket.create_connection(address, timeout=seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def send(self, data: bytes) -> "Wire":
        """Sends bytes. A server that has turned away takes them silently: what it answered is still to be read."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def finish_sending(self) -> "Wire":
        """Closes this side's half (TCP FIN)."""
        self._socket.shutdown(socket.SHUT_WR)
        return self

    # Reading

    def _more(self, deadline: float) -> bool:
        """False at the end of the connection."""
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = self._socket.recv(65_536)
        except TimeoutError:
            raise NothingCame(f"nothing came after {self._buffer[-200:]!r}") from None
        except ConnectionResetError:
            data = b""
        self._buffer += data
        return bool(data)

    def _until(self, end: bytes, deadline: float) -> bytes:
        while end not in self._buffer:
            if not self._more(deadline):
                raise Ended(f"the connection ended, having sent {self._buffer[:200]!r}")
        data, self._buffer = self._buffer.split(end, 1)
        return data

    def _exactly(self, count: int, deadline: float) -> bytes:
        while len(self._buffer) < count:
            if not self._more(deadline):
                raise Violation(f"the connection ended {count - len(self._buffer)} bytes before the body did")
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def head(self) -> bytes:
        """The next response's status line and headers as they are, for a body that does not end."""
        return self._until(b"\r\n\r\n", time.monotonic() + self.seconds)

    def response(self, to: str = "GET", seconds: float | None = None) -> Response:
        """The next response; `to` is the request's method."""
        deadline = time.monotonic() + (seconds or self.seconds)
        status_line, *lines = self._until(b"\r\n\r\n", deadline).decode("latin-1").split("\r\n")
        if not (found := STATUS_LINE.fullmatch(status_line)):
            raise Violation(f"not a status line: {status_line!r}")
        response = Response(int(found[1]))
        for line in lines:
            if not (found := FIELD_LINE.fullmatch(line)):
                raise Violation(f"not a header: {line!r}")
            response.headers.setdefault(found[1].lower(), []).append(found[2])
        response.body = self._body(response, to, deadline)
        return response

    def _body(self, response: Response, to: str, deadline: float) -> bytes:
        """RFC 9112 §6.3."""
        length, coding = response["content-length"], response["transfer-encoding"]
        if coding and length:
            raise Violation("a response with Content-Length and Transfer-Encoding")
        if response.status < 200 or response.status == 204:
            if length or coding:
                raise Violation(f"a response {response.status} with the length of a body")
            return b""
        if to == "HEAD" or response.status == 304:
            return b""
        if coding:
            return self._chunks(deadline)
        if length is not None:
            if not re.fullmatch(r"\d+", length):
                raise Violation(f"Content-Length: {length}")
            return self._exactly(int(length), deadline)
        if not response.closes:
            raise Violation("a response without length on a connection that stays open")
        while self._more(deadline):
            pass
        data, self._buffer = self._buffer, b""
        return data

    def _chunks(self, deadline: float) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n", deadline), 16):
            body += self._exactly(size, deadline)
            if self._exactly(2, deadline) != b"\r\n":
                raise Violation("a chunk longer than it says")
        while self._until(b"\r\n", deadline):
            pass
        return body

    def has_ended(self, seconds: float | None = None) -> bool:
        """Waits for the end of the connection: nothing more may come. False if it stays open."""
        deadline = time.monotonic() + (seconds or self.seconds)
        try:
            while self._more(deadline):
                pass
        except NothingCame:
            return False
        if self._buffer:
            raise Violation(f"more came where the connection should end: {self._buffer[:300]!r}")
        return True
