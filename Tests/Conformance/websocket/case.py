"""What a case is: steps that a client takes, what must come of them, and how the connection must end.

The numbers and the behaviour are those of the Autobahn TestSuite's fuzzing client. Where that one is content with less than
what it asks for ("non-strict", "informational", "unclean"), these cases are not.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connection import Connection, Event
from deflate import Offer
from frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

Step = Callable[[Connection], None]

HELLO = b"Hello, world!"
NOT_TEXT = bytes.fromhex("00fffefdfcfb00ff")


# What is sent


def sends(opcode: int, payload: bytes = b"", fin: bool = True, rsv: int = 0, chop: int = 0, sync: bool = False) -> Step:
    """A frame. With `sync` it is sent by itself, with `chop` in pieces of so many bytes, else together with its neighbours."""

    def step(connection: Connection):
        if sync:
            connection.flush()
        connection.send(frame(opcode, payload, fin, rsv), chop)
        if sync:
            connection.flush()

    return step


def text(payload: bytes, **how) -> Step:
    return sends(TEXT, payload, **how)


def more(payload: bytes, **how) -> Step:
    return sends(CONTINUATION, payload, **how)


def ping(payload: bytes = b"", **how) -> Step:
    return sends(PING, payload, **how)


def close(code: int | None = None, reason: bytes = b"") -> Step:
    return sends(CLOSE, (b"" if code is None else struct.pack("!H", code)) + reason)


def raw(data: bytes) -> Step:
    """Bytes that need not be frames."""

    def step(connection: Connection):
        connection.flush()
        connection.send(data)
        connection.flush()

    return step


def message(kind: str, payload: bytes, fragment: int) -> list[Step]:
    """A message in frames of `fragment` bytes."""
    return [lambda connection: connection.send_message(kind, payload, fragment)]


def waits(connection: Connection):
    """Until the server has said something."""
    connection.next()


def silence(connection: Connection):
    """The server has no reason yet to say anything. The one place where time must pass: nothing else shows nothing."""
    assert connection.is_silent(0.1), f"too early: {connection.events}"


def echoes(kind: str, pattern: bytes, length: int, fragment: int = 0, chop: int = 0, times: int = 1) -> Step:
    """Sends a message of `length` bytes and compares its echo, `times` times, one after the other."""

    def step(connection: Connection):
        payload = (pattern * (length // len(pattern) + 1))[:length]
        for _ in range(times):
            if chop:
                connection.send(frame(TEXT if kind == "text" else BINARY, payload), chop)
            else:
                connection.send_message(kind, payload, fragment)
            expect(connection, Event(kind, payload))

    return step


def expect(connection: Connection, event: Event):
    """Waits for one event and forgets it: messages of megabytes are not collected."""
    came = connection.next()
    assert came == event, f"{came!r} and not {event!r}"
    connection.events.pop()


# How it ends


@dataclass(frozen=True)
class Ending:
    """How the connection ends after the expected events.

    `client` closes with 1000 once they have come; `answer`: a step has sent a close frame; `server`: it fails the connection.
    `codes` are those its close frame may have, None being a frame without one.
    """

    by: str
    codes: tuple[int | None, ...]

    def __call__(self, connection: Connection, expected: int):
        while not ended(connection.events) and (self.by != "client" or len(connection.events) < expected):
            connection.next()
        if self.by == "client" and not ended(connection.events):
            close(1000)(connection)
            while not ended(connection.events):
                connection.next()
        if self.by == "server" and connection.events[-1].kind == "close":
            close(connection.events[-1].data[0])(connection)
        if connection.events[-1].kind == "close":
            connection.next()

    def check(self, connection: Connection, expected: tuple[Event, ...]):
        events = connection.events
        closing = [event for event in events if event.kind == "close"]
        assert closing, f"the server ended TCP without a close frame; there came {events}"
        assert closing[0].data[0] in self.codes, f"the close code is {closing[0].data} and not {self.codes}; there came {events}"
        assert tuple(events) == (*expected, closing[0], Event("end")), f"there came {events} and not {expected}"
        # Whoever fails a connection may end it while the other side is sending; a close by agreement loses nothing.
        assert self.by == "server" or not connection.was_reset, "TCP was reset, not closed"


def ended(events: list[Event]) -> bool:
    return bool(events) and events[-1].kind in ("close", "end")


CLOSES = Ending("client", (1000,))
"""Everything comes as expected, the client closes, the server answers and ends TCP."""

VIOLATION = Ending("server", (1002,))
NOT_UTF8 = Ending("server", (1007,))


def answers(*codes: int | None) -> Ending:
    """The client has sent a close frame, the server answers with one of `codes` and ends TCP."""
    return Ending("answer", codes)


# Cases


@dataclass(frozen=True)
class Case:
    number: str
    description: str
    steps: Iterable[Step]
    expected: tuple[Event, ...] = ()
    ending: Ending = CLOSES
    offers: tuple[Offer, ...] = ()
    seconds: float = 10

    def run(self, url: str):
        with Connection(url, list(self.offers), self.seconds) as connection:
            for step in self.steps:
                step(connection)
            self.ending(connection, len(self.expected))
            self.ending.check(connection, self.expected)
            assert set(connection.frames) <= {1}, "the server fragmented a message"
