"""Groups 9 and 10: large messages, many fragments, many pieces, many messages. Contents are compared, times are not."""

from case import Case, echoes
from connection import Event

KIB, MIB = 1 << 10, 1 << 20
TEXT_PATTERN, BINARY_PATTERN = b"BAsd7&jh23", bytes.fromhex("00fe23faf0")


def of(number, description, step):
    return Case(number, description, [step], seconds=60)


def large():
    for group, (kind, pattern) in enumerate([("text", TEXT_PATTERN), ("binary", BINARY_PATTERN)], 1):
        for index, length in enumerate([64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB], 1):
            yield of(f"9.{group}.{index}", f"a {kind} message of {length // KIB} KiB", echoes(kind, pattern, length))


def fragmented():
    sizes = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB]
    for group, (kind, byte) in enumerate([("text", b"*"), ("binary", b"\xfe")], 3):
        for index, size in enumerate(sizes, 1):
            yield of(f"9.{group}.{index}", f"a {kind} message of 4 MiB in fragments of {size}", echoes(kind, byte, 4 * MIB, fragment=size))


def chopped():
    for group, (kind, pattern) in enumerate([("text", TEXT_PATTERN), ("binary", BINARY_PATTERN)], 5):
        for index, size in enumerate([64, 128, 256, 512, 1024, 2048], 1):
            yield of(f"9.{group}.{index}", f"a {kind} message of 1 MiB sent {size} octets at a time", echoes(kind, pattern, MIB, chop=size))


def many():
    for group, (kind, byte) in enumerate([("text", b"*"), ("binary", b"\xfe")], 7):
        for index, length in enumerate([0, 16, 64, 256, 1024, 4096], 1):
            yield of(f"9.{group}.{index}", f"a thousand {kind} messages of {length} octets, one by one", echoes(kind, byte, length, times=1000))


def automatic_fragments():
    yield Case(
        "10.1.1", "a text of 65536 octets in 51 fragments of at most 1300", [lambda it: it.send_message("text", b"*" * 65_536, 1300)],
        (Event("text", b"*" * 65_536),))


CASES = [*large(), *fragmented(), *chopped(), *many(), *automatic_fragments()]
