"""Groups 12 and 13: permessage-deflate (RFC 7692).

Autobahn sends a thousand messages per case; here it is 50, fewer of large ones, unless ROOST_CONFORMANCE is `full`. Stricter
than Autobahn: the extension must be agreed on, its parameters must keep to an offer, the server's messages are read with
exactly the window and context it promised, and compressible ones of a KiB and more must be compressed.
"""

import os

from case import Case, expect
from connection import Connection, Event
from deflate import Offer
from samples import SAMPLES, document

# (length of a message, length of a frame's payload or 0 for one frame)
SIZES = [(length, 0) for length in (16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072)]
SIZES += [(length, 256) for length in (8192, 16_384, 32_768, 65_536, 131_072)]
SIZES += [(131_072, fragment) for fragment in (1024, 4096, 32_768)]

OFFERS = [
    (Offer(),),
    (Offer(server_no_context_takeover=True),),
    (Offer(server_max_window_bits=9),),
    (Offer(server_max_window_bits=15),),
    (Offer(server_no_context_takeover=True, server_max_window_bits=9),),
    (Offer(server_no_context_takeover=True, server_max_window_bits=15),),
    (Offer(server_no_context_takeover=True, server_max_window_bits=9), Offer(server_no_context_takeover=True), Offer()),
]


def count(length: int) -> int:
    return 1000 if os.environ.get("ROOST_CONFORMANCE") == "full" else max(8, min(50, (2 << 20) // length))


def exchanges(sample, length: int, fragment: int, offers: tuple[Offer, ...]):
    """Sends pieces of a sample, one after the other, beginning again at its end, and compares the echoes."""

    def step(connection: Connection):
        assert connection.agreed, "the server took no offer of permessage-deflate"
        assert any(connection.agreed.keeps(offer) for offer in offers), f"{connection.agreed} keeps to none of {list(map(str, offers))}"
        data, at = sample(), 0
        for _ in range(count(length)):
            end = (at + length) % len(data)
            piece = data[at:end] if at < end else data[at:] + data[:end]
            at = end
            kind, payload = ("text", piece.encode()) if isinstance(piece, str) else ("binary", piece)
            connection.send_message(kind, payload, fragment)
            expect(connection, Event(kind, payload))
        if sample is not document and length >= 1024:
            assert connection.compressed, "permessage-deflate was agreed on, but nothing was compressed"

    return step


def case(number, sample, length, fragment, offers):
    how = f" in frames of {fragment}" if fragment else ""
    name = sample.__name__.replace("_", " ")
    return Case(
        number, f"{name} in compressed messages of {length}{how}; offered: {', '.join(map(str, offers))}",
        [exchanges(sample, length, fragment, offers)], offers=offers, seconds=60)


def contents():
    for group, sample in enumerate(SAMPLES, 1):
        for index, (length, fragment) in enumerate(SIZES, 1):
            yield case(f"12.{group}.{index}", sample, length, fragment, OFFERS[0])


def parameters():
    for group, offers in enumerate(OFFERS, 1):
        for index, (length, fragment) in enumerate(SIZES, 1):
            yield case(f"13.{group}.{index}", SAMPLES[0], length, fragment, offers)


CASES = [*contents(), *parameters()]
