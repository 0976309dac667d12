"""What RFC 6455 and RFC 7692 ask of a server and Autobahn does not look at."""

import base64
import os
import socket
import struct
import zlib
from urllib.parse import urlsplit

import pytest

from case import CLOSES, HELLO, NOT_TEXT, NOT_UTF8, VIOLATION, Case, Ending, answers, close, expect, more, ping, raw, sends, text
from connection import Connection, Event, Refused
from deflate import TAIL, Offer
from frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame, header, masked

KEY = bytes.fromhex("37fa213d")
ECHO = (Event("text", HELLO),)
LIMIT = 64 << 20
"""The largest message of `roost bench echo`."""

EXTENDED = (Offer(),)
TOO_BIG = Ending("server", (1009,))
GARBLED = Ending("server", (1002, 1007))
"""RFC 7692 names no code for compressed data that is none."""


def squeezed(payload: bytes, **how) -> bytes:
    """A message compressed by itself."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, **how)
    return (stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def repeats_hello(connection: Connection):
    """`Hello` by reference to the message before (§7.2.3.2), unless the server will have none."""
    again = squeezed(b"Hello") if connection.agreed.client_no_context_takeover else bytes.fromhex("f200110000")
    text(again, rsv=4)(connection)


def with_length(opcode: int, payload: bytes, size: int) -> bytes:
    return header(opcode, len(payload), key=KEY, size=size) + masked(payload, KEY)


def fails(name, *steps, ending=VIOLATION, **how):
    return Case(name, name, steps, (), ending, **how)


def framing():
    for opcode, payload in [(TEXT, HELLO), (PING, b""), (CLOSE, b""), (BINARY, b"")]:
        yield fails(f"unmasked-{opcode}", raw(header(opcode, len(payload)) + payload))
    yield Case("mask-of-zeros", "", [raw(header(TEXT, len(HELLO), key=bytes(4)) + HELLO)], ECHO)
    for size, length in [(2, 0), (2, 125), (8, 0), (8, 125), (8, 126), (8, 65_535)]:
        yield fails(f"length-{length}-in-{size}-bytes", raw(with_length(BINARY, bytes(length), size)))
    yield fails("length-with-its-highest-bit", raw(bytes([0x82, 0xFF]) + struct.pack("!Q", 1 << 63) + KEY), ending=Ending("server", (1002, 1009)))
    yield fails("length-of-63-bits", raw(bytes([0x82, 0xFF]) + struct.pack("!Q", (1 << 63) - 1) + KEY), ending=TOO_BIG)
    yield fails("message-over-the-limit", raw(header(BINARY, LIMIT + 1, key=KEY)), ending=TOO_BIG)
    yield fails(
        "message-over-the-limit-with-its-second-fragment", sends(BINARY, b"a", fin=False), raw(header(CONTINUATION, LIMIT, key=KEY)),
        ending=TOO_BIG)
    yield fails("reserved-bits-in-a-ping", ping(HELLO, rsv=6))
    yield fails("reserved-bits-in-a-pong", sends(PONG, rsv=1))
    yield fails("close-of-126-bytes", sends(CLOSE, struct.pack("!H", 1000) + b"a" * 124))
    yield fails("fragmented-close", sends(CLOSE, b"", fin=False))
    yield fails("text-within-binary", sends(BINARY, b"a", fin=False), text(b"a"))
    yield fails("header-alone-is-enough", raw(bytes([0x83])), raw(bytes([0x80])))
    yield Case(
        "pings-within-a-message-cut-anywhere", "", [text(HELLO[:5], fin=False, chop=3), ping(b"a", chop=1), ping(b"", chop=2), more(HELLO[5:], chop=4)],
        (Event("pong", b"a"), Event("pong", b""), *ECHO))
    yield Case("a-thousand-empty-fragments", "", [text(HELLO, fin=False), *[more(b"", fin=False)] * 1000, more(b"")], ECHO)
    yield Case("a-message-right-behind-another", "", [text(HELLO), text(b"two"), sends(BINARY, NOT_TEXT)], (*ECHO, Event("text", b"two"), Event("binary", NOT_TEXT)))
    for code in (1012, 1013, 1014):
        yield Case(f"close-{code}-registered-since", "", [close(code)], (), answers(code))
    yield Case("close-1015-is-never-sent", "", [close(1015)], (), answers(1002))
    yield fails("failing-ends-everything", sends(3), text(HELLO), ping())


def texts():
    yield fails("utf8-wrong-in-the-first-of-many-bytes", raw(header(TEXT, 1 << 20, key=KEY) + masked(b"\xff", KEY)), ending=NOT_UTF8)
    yield fails("utf8-incomplete-at-the-end", text(b"\xe2\x82"), ending=NOT_UTF8)
    yield fails("utf8-incomplete-at-the-end-of-fragments", text(b"a", fin=False), more(b"\xf0\x9f", fin=False), more(b""), ending=NOT_UTF8)
    yield Case("utf8-anew-in-every-message", "", [text("€".encode()), text(b"a")], (Event("text", "€".encode()), Event("text", b"a")))
    yield Case("binary-is-not-checked", "", [sends(BINARY, b"\xff", fin=False), more(b"\xe2")], (Event("binary", b"\xff\xe2"),))


def compressed():
    def echoed(name, payload, *steps, kind="text"):
        return Case(name, name, steps, (Event(kind, payload),), CLOSES, EXTENDED)

    yield echoed("deflate-uncompressed-message", HELLO, text(HELLO))
    yield echoed("deflate-empty-message", b"", text(b"\x00", rsv=4))
    yield echoed("deflate-a-stored-block", HELLO, text(b"\x00\x0d\x00\xf2\xff" + HELLO + b"\x00", rsv=4))  # RFC 7692 §7.2.3.3
    yield echoed("deflate-a-final-block", b"Hello", text(bytes.fromhex("f348cdc9c9070000"), rsv=4))  # §7.2.3.4
    yield echoed("deflate-two-blocks", b"Hello", text(bytes.fromhex("f248050000 00ffffcac9c90700".replace(" ", "")), rsv=4))  # §7.2.3.5
    yield echoed("deflate-fixed-huffman", HELLO, text(squeezed(HELLO, strategy=zlib.Z_FIXED), rsv=4))
    data = squeezed(HELLO)
    yield echoed("deflate-in-frames-of-one-byte", HELLO, text(data[:1], fin=False, rsv=4), *[more(bytes([byte]), fin=False) for byte in data[1:]], more(b""))
    yield echoed("deflate-empty-first-frame", HELLO, text(b"", fin=False, rsv=4), more(data))
    yield Case(
        "deflate-pings-between-frames", "", [text(data[:4], fin=False, rsv=4), ping(b"a"), more(data[4:])], (Event("pong", b"a"), *ECHO), CLOSES, EXTENDED)
    yield Case(
        "deflate-context-is-kept", "", [text(squeezed(b"Hello"), rsv=4), repeats_hello],
        (Event("text", b"Hello"), Event("text", b"Hello")), CLOSES, (Offer(client_no_context_takeover=False, client_max_window_bits=False),))
    bomb = squeezed(bytes(LIMIT + 1))
    for name, steps, ending in [
        ("deflate-rsv1-in-a-continuation", [text(data[:4], fin=False, rsv=4), more(data[4:], rsv=4)], VIOLATION),
        ("deflate-rsv1-in-a-ping", [ping(b"", rsv=4)], VIOLATION),
        ("deflate-rsv1-in-a-close", [sends(CLOSE, b"", rsv=4)], VIOLATION),
        ("deflate-rsv2", [text(data, rsv=6)], VIOLATION),
        ("deflate-not-deflate", [text(b"\xff\xff\xff\xff", rsv=4)], GARBLED),
        ("deflate-distance-too-far", [text(bytes.fromhex("f200110000"), rsv=4)], GARBLED),
        ("deflate-not-utf8", [text(squeezed(b"a\xff"), rsv=4)], NOT_UTF8),
        ("deflate-not-utf8-in-the-first-frame", [text(squeezed(b"\xff" * 9) + TAIL, fin=False, rsv=4)], NOT_UTF8),
        ("deflate-incomplete-utf8", [text(squeezed(b"\xe2\x82"), rsv=4)], NOT_UTF8),
        ("deflate-beyond-the-limit", [sends(BINARY, bomb, rsv=4)], TOO_BIG),
        ("deflate-beyond-the-limit-in-the-first-frame", [sends(BINARY, bomb, fin=False, rsv=4)], TOO_BIG),
    ]:
        yield Case(name, name, steps, (), ending, EXTENDED, seconds=30)


CASES = [*framing(), *texts(), *compressed()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.number) for case in CASES])
def test_frames(case, echo_url):
    case.run(echo_url)


# Agreeing on compression (RFC 7692 §5, §7.1)


@pytest.mark.parametrize("offer", [
    "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=09", "permessage-deflate; server_max_window_bits=1e1", "permessage-deflate; client_max_window_bits=7",
    "permessage-deflate; client_max_window_bits=", "permessage-deflate; unknown", "permessage-deflate; unknown=1",
    "permessage-deflate; server_no_context_takeover=true", "permessage-deflate; client_no_context_takeover=1",
    "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
    "x-webkit-deflate-frame", "permessage-bzip2", "permessage-deflate2",
])
def test_an_offer_that_cannot_be_taken(offer, echo_url):
    """It is declined: the connection opens without it. Malformed ones may also be refused with 400."""
    try:
        with Connection(echo_url, offer) as connection:
            assert not connection.agreed
            connection.send_message("text", HELLO)
            expect(connection, Event("text", HELLO))
    except Refused as refused:
        assert refused.response.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize("offers, kept", [
    ("permessage-deflate", Offer(client_no_context_takeover=False, client_max_window_bits=False)),
    ("Permessage-Deflate; unknown, permessage-deflate", Offer(client_no_context_takeover=False, client_max_window_bits=False)),
    ("permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=10", Offer(server_max_window_bits=10, client_max_window_bits=False)),
    ("permessage-bzip2, permessage-deflate; server_no_context_takeover", Offer(server_no_context_takeover=True, client_max_window_bits=False)),
    ("permessage-deflate; client_max_window_bits=10", Offer(client_max_window_bits=10)),
    ('permessage-deflate; server_max_window_bits="10"', Offer(server_max_window_bits=10, client_max_window_bits=False)),
    ("permessage-deflate;server_no_context_takeover;client_max_window_bits", Offer(server_no_context_takeover=True)),
    ("  permessage-deflate  ;  client_max_window_bits  ", Offer()),
])
def test_an_offer_that_is_taken(offers, kept, echo_url):
    with Connection(echo_url, offers) as connection:
        assert connection.agreed and connection.agreed.keeps(kept), connection.agreed
        for payload in (HELLO * 1000, HELLO * 1000, b""):
            connection.send_message("text", payload)
            expect(connection, Event("text", payload))


def test_a_window_of_8_bits_is_kept_or_declined(echo_url):
    """zlib makes one of 9 when asked for 8, which a client with 8 cannot read: agreeing takes care."""
    with Connection(echo_url, "permessage-deflate; server_max_window_bits=8") as connection:
        payload = os.urandom(300) * 4
        for _ in range(4):
            connection.send_message("binary", payload)
            expect(connection, Event("binary", payload))
        # Python's zlib reads what a window of 9 made; so nothing about this is left to it.
        assert not connection.agreed or not connection.compressed


# The opening handshake (RFC 6455 §4.2)


def answer(url: str, *replaced: tuple[str, str | None], line: str | None = None) -> tuple[int, str]:
    """The status and head that a request gets, some of whose headers are replaced or left out."""
    parts = urlsplit(url)
    headers = {
        "Host": parts.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    } | dict(replaced)
    lines = [line or f"GET {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value is not None), "", ""]
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        head = b""
        while b"\r\n\r\n" not in head and (data := connection.recv(65_536)):
            head += data
    head = head.split(b"\r\n\r\n")[0].decode("latin-1")
    return int(head.split(" ")[1]), head


@pytest.mark.parametrize("header_", [
    ("Upgrade", "WebSocket"), ("Upgrade", "WEBSOCKET"), ("Connection", "upgrade"), ("Connection", "keep-alive, Upgrade"), ("Connection", "UPGRADE,keep-alive"),
    ("Sec-WebSocket-Protocol", "something.else"),
], ids=": ".join)
def test_a_handshake_that_is_fine(header_, echo_url):
    assert answer(echo_url, header_)[0] == 101


@pytest.mark.parametrize("header_", [
    ("Sec-WebSocket-Key", None), ("Sec-WebSocket-Key", ""), ("Sec-WebSocket-Key", "AAAA"), ("Sec-WebSocket-Key", "A" * 24), ("Sec-WebSocket-Key", "A" * 23 + "="),
    ("Sec-WebSocket-Key", "*" * 22 + "=="), ("Sec-WebSocket-Key", "A" * 44), ("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA==, AQIDBAUGBwgJCgsMDQ4PEA=="),
    ("Connection", None), ("Connection", "keep-alive"), ("Connection", "notupgrade"),
], ids=lambda header: ": ".join(map(str, header)))
def test_a_handshake_that_is_not(header_, echo_url):
    """No 101. A request that asks for no upgrade may be answered as the ordinary one it is."""
    assert 400 <= answer(echo_url, header_)[0] < 500


@pytest.mark.parametrize("version", ["12", "8", "0", "14", "013", "13.0", "a", "", "13, 8", None])
def test_another_version_is_told_which_one_is_spoken(version, echo_url):
    """RFC 6455 §4.4."""
    status, head = answer(echo_url, ("Sec-WebSocket-Version", version))
    assert status in (400, 426)
    if status == 426 or version in ("12", "8"):
        assert status == 426 and "sec-websocket-version: 13" in head.lower()


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "OPTIONS"])
def test_another_method_opens_nothing(method, echo_url):
    assert answer(echo_url, line=f"{method} {urlsplit(echo_url).path} HTTP/1.1")[0] in (400, 404, 405)


def test_http_1_0_opens_nothing(echo_url):
    assert answer(echo_url, line=f"GET {urlsplit(echo_url).path} HTTP/1.0")[0] != 101


def test_frames_that_come_with_the_request_are_read(echo_url):
    """A client may not send before the answer, but its bytes may lie in one segment with the request's."""
    with Connection(echo_url, first=frame(TEXT, HELLO) + frame(PING, b"a")) as connection:
        expect(connection, Event("text", HELLO))
        expect(connection, Event("pong", b"a"))
