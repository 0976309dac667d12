"""A WebSocket client that can misbehave, and believes a server nothing (RFC 6455, RFC 7692). Standard library only."""

import base64
import hashlib
import os
import socket
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from deflate import Agreement, Deflater, Inflater, Offer, agreement
from frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, FrameReader, Violation, frame

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Event(NamedTuple):
    """What came: `text`, `binary`, `ping`, `pong` with their payload, `close` with (code, reason), `end` of TCP."""

    kind: str
    data: object = None

    def __repr__(self) -> str:
        data = self.data
        if isinstance(data, bytes) and len(data) > 48:
            return f"{self.kind}({data[:48]!r}… {len(data)} bytes)"
        return f"{self.kind}({'' if data is None else repr(data)})"


class NothingCame(AssertionError):
    """The server was silent for too long."""


class Refused(Exception):
    """The server did not open a WebSocket; `response` is its head."""

    def __init__(self, response: str):
        super().__init__(response)
        self.response = response


class Connection:
    """One WebSocket, after its opening handshake.

    Frames that are sent are gathered until something is waited for, so that they arrive in one piece; `chop` and `flush`
    send in smaller ones. `events` is everything that has come. `frames` is how many data frames the messages had,
    `compressed` how many messages were, and `was_reset` whether TCP ended with a reset.
    """

    def __init__(self, url: str, offers: list[Offer] | str = "", seconds: float = 10, first: bytes = b""):
        """- `offers`: of permessage-deflate, or the header's text
        - `seconds`: to wait for anything
        - `first`: frames that are sent together with the request"""
        parts = urlsplit(url)
        self.seconds = seconds
        self.events: list[Event] = []
        self.frames: list[int] = []
        self.compressed = 0
        self.was_reset = False
        self._outgoing = bytearray()
        self._message: tuple[int, bool, bytearray, int] | None = None
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        offers = offers if isinstance(offers, str) else ", ".join(map(str, offers))
        self.agreed = self._shake_hands(parts.netloc, parts.path or "/", offers, first)
        if self.agreed:
            self._deflater, self._inflater = Deflater(self.agreed), Inflater(self.agreed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    # Handshake

    def _shake_hands(self, host: str, path: str, offers: str, first: bytes) -> Agreement | None:
        key = base64.b64encode(os.urandom(16))
        extension = f"Sec-WebSocket-Extensions: {offers}\r\n" if offers else ""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n{extension}\r\n")
        self._socket.sendall(request.encode() + first)
        received = bytearray()
        while b"\r\n\r\n" not in received:
            if not (data := self._socket.recv(65_536)):
                raise Refused(received.decode("latin-1"))
            received += data
        head, rest = bytes(received).split(b"\r\n\r\n", 1)
        status, *lines = head.decode("latin-1").split("\r\n")
        if not status.startswith("HTTP/1.1 101 "):
            raise Refused(head.decode("latin-1"))
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        if headers.get("sec-websocket-accept") != [accept]:
            raise Violation(f"the key is answered wrongly:\n{head.decode('latin-1')}")
        if headers.get("upgrade", [""])[0].lower() != "websocket" or headers.get("connection", [""])[0].lower() != "upgrade":
            raise Violation(f"the upgrade is not confirmed:\n{head.decode('latin-1')}")
        self._reader = FrameReader(rest)
        extensions = headers.get("sec-websocket-extensions")
        if extensions and not offers:
            raise Violation(f"an extension nobody offered: {extensions}")
        return agreement(", ".join(extensions)) if extensions else None

    # Sending

    def send(self, data: bytes, chop: int = 0):
        """Sends bytes, in pieces of `chop` if that is not 0. A connection that the server has ended takes them silently."""
        self._outgoing += data
        if chop:
            pieces, self._outgoing = self._outgoing, bytearray()
            for at in range(0, len(pieces), chop):
                self._write(pieces[at : at + chop])

    def flush(self):
        """Sends what was gathered."""
        data, self._outgoing = self._outgoing, bytearray()
        if data:
            self._write(data)

    def _write(self, data: bytes):
        self._socket.settimeout(self.seconds)
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # What matters is what the server said before; that is still to be read.

    def send_message(self, kind: str, payload: bytes, fragment: int = 0):
        """Sends a message, compressed if that was agreed, in frames of `fragment` bytes if that is not 0."""
        opcode, rsv = (TEXT if kind == "text" else BINARY), 0
        if self.agreed:
            payload, rsv = self._deflater.message(payload), 4
        size = fragment or max(len(payload), 1)
        for at in range(0, max(len(payload), 1), size):
            last = at + size >= len(payload)
            self.send(frame(opcode, payload[at : at + size], last, rsv))
            opcode, rsv = CONTINUATION, 0

    # Receiving

    def next(self, seconds: float | None = None) -> Event:
        """Waits for what comes next."""
        self.flush()
        deadline = time.monotonic() + (seconds or self.seconds)
        while True:
            while frame := self._reader.next():
                if event := self._take(frame):
                    self.events.append(event)
                    return event
            if not self._receive(deadline):
                if not self._reader.is_empty:
                    raise Violation("the server ended the connection within a frame")
                self.events.append(Event("end"))
                return self.events[-1]

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        try:
            self.next(seconds)
        except NothingCame:
            return True
        return False

    def _receive(self, deadline: float) -> bool:
        """False at the end of the connection."""
        left = deadline - time.monotonic()
        try:
            self._socket.settimeout(max(left, 0.001))
            data = self._socket.recv(1 << 18)
        except TimeoutError:
            raise NothingCame(f"nothing came after {self.events[-4:]}") from None
        except ConnectionResetError:
            # The server closed while bytes of ours were on their way: allowed after a failure, not after a clean close.
            self.was_reset = True
            return False
        self._reader.feed(data)
        return bool(data)

    def _take(self, frame) -> Event | None:
        if any(event.kind == "close" for event in self.events):
            raise Violation(f"{frame} after the server's close frame (§5.5.1)")
        if frame.opcode in (PING, PONG):
            if frame.rsv:
                raise Violation(f"reserved bits are set in {frame}")
            return Event("ping" if frame.opcode == PING else "pong", frame.payload)
        if frame.opcode == CLOSE:
            return self._closing(frame)
        return self._put_together(frame)

    def _closing(self, frame) -> Event:
        if frame.rsv or len(frame.payload) == 1:
            raise Violation(f"a malformed close frame: {frame}")
        if not frame.payload:
            return Event("close", (None, ""))
        code = int.from_bytes(frame.payload[:2], "big")
        if not (code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014) or 3000 <= code < 5000):
            raise Violation(f"the server closed with the code {code} (§7.4)")
        try:
            return Event("close", (code, frame.payload[2:].decode()))
        except UnicodeDecodeError:
            raise Violation("the server's reason for closing is not UTF-8") from None

    def _put_together(self, frame) -> Event | None:
        if (frame.opcode == CONTINUATION) != (self._message is not None):
            raise Violation("the server's fragments are out of order (§5.4)")
        if frame.rsv and (frame.rsv != 4 or not self.agreed or frame.opcode == CONTINUATION):
            raise Violation(f"the server set reserved bits {frame.rsv:03b}")
        opcode, is_compressed, payload, count = self._message or (frame.opcode, frame.rsv == 4, bytearray(), 0)
        payload += frame.payload
        self._message = (opcode, is_compressed, payload, count + 1)
        if not frame.fin:
            return None
        self._message = None
        self.frames.append(count + 1)
        data = bytes(payload)
        if is_compressed:
            self.compressed += 1
            data = self._inflater.message(data)
        if opcode == TEXT:
            try:
                data.decode()
            except UnicodeDecodeError:
                raise Violation("the server's text is not UTF-8") from None
        return Event("text" if opcode == TEXT else "binary", data)
