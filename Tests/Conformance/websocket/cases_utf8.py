"""Group 6: text is UTF-8 (RFC 3629), and what is not fails the connection at its first wrong octet.

The samples follow Markus Kuhn's decoder test, http://www.cl.cam.ac.uk/~mgk25/ucs/examples/UTF-8-test.txt.
"""

from case import NOT_UTF8, Case, message, more, raw, silence, text
from connection import Event
from frames import TEXT, header, masked

KOSME = "κ\u1f79σμε".encode()
UMLAUTS = "Hello-µ@ßöäüàá-UTF-8!!".encode()
SURROGATE = KOSME + bytes.fromhex("eda080") + b"edited"
BEYOND = KOSME + bytes.fromhex("f4908080") + b"edited"


def echoed(number, description, steps, payload):
    return Case(number, description, steps, (Event("text", payload),))


def messages():
    middle = b"middle frame payload"
    yield echoed("6.1.1", "an empty text", [text(b"")], b"")
    yield echoed("6.1.2", "three empty fragments", [text(b"", fin=False), more(b"", fin=False), more(b"")], b"")
    yield echoed("6.1.3", "an empty fragment before and after one that is not", [text(b"", fin=False), more(middle, fin=False), more(b"")], middle)
    at = "Hello-µ@ßöä".encode()
    yield echoed("6.2.1", "valid UTF-8 in one frame", [text(UMLAUTS)], UMLAUTS)
    yield echoed("6.2.2", "valid UTF-8 in two frames, cut between characters", [text(at, fin=False), more(UMLAUTS[len(at) :])], UMLAUTS)
    yield echoed("6.2.3", "valid UTF-8 in frames of one octet", message("text", UMLAUTS, 1), UMLAUTS)
    yield echoed("6.2.4", "valid UTF-8, three-octet characters too, in frames of one octet", message("text", KOSME, 1), KOSME)
    yield Case("6.3.1", "a surrogate, in one frame", [text(SURROGATE)], (), NOT_UTF8)
    yield Case("6.3.2", "a surrogate, in frames of one octet", message("text", SURROGATE, 1), (), NOT_UTF8)


def failing_fast():
    """The message does not end in these: its last part is never sent, the server has no reason to wait for it."""
    for number, cut, end, where in [
        ("6.4.1", 11, 15, "in a fragment with the whole wrong character"),
        ("6.4.2", 12, 13, "in a fragment with the first wrong octet"),
    ]:
        yield Case(
            number, f"a character beyond U+10FFFF fails the connection {where}",
            [text(BEYOND[:cut], fin=False), silence, more(BEYOND[cut:end], fin=False)], (), NOT_UTF8)
    key = bytes.fromhex("1b2c3d4e")
    octets = header(TEXT, len(BEYOND), key=key) + masked(BEYOND, key)
    start = len(octets) - len(BEYOND)
    for number, cut, end, where in [
        ("6.4.3", 11, 15, "as soon as the whole wrong character is there, within the frame"),
        ("6.4.4", 12, 13, "as soon as the first wrong octet is there, within the frame"),
    ]:
        yield Case(
            number, f"a character beyond U+10FFFF fails the connection {where}",
            [raw(octets[: start + cut]), silence, raw(octets[start + cut : start + end])], (), NOT_UTF8)


def lonely(first: int, last: int) -> str:
    return bytes(octet for start in range(first, last) for octet in (start, 0x20)).hex()


def noncharacters():
    for plane in range(0x11):
        yield from (chr(plane << 16 | 0xFFFE), chr(plane << 16 | 0xFFFF))


CUT_SHORT = ["c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"]
"""Sequences whose last octet is missing."""

SAMPLES = {
    5: ("valid", ["hello\u0024world", "hello¢world", "hello€world", "hello\U00024b62world", KOSME.hex()]),
    6: ("a beginning of a valid text", [KOSME[:end].hex() for end in range(1, len(KOSME) + 1)]),
    7: ("the first of its length", ["00", "c280", "e0a080", "f0908080"]),
    8: ("the first of five or six octets", ["f888808080", "fc8480808080"]),
    9: ("the last of its length", ["7f", "dfbf", "efbfbf", "f48fbfbf"]),
    10: ("the last of four, five or six octets", ["f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"]),
    11: ("on a boundary", ["ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080"]),
    12: ("a continuation of nothing", ["80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf", bytes(range(0x80, 0xBF)).hex()]),
    13: ("lonely first octets", [lonely(*ends) for ends in [(0xC0, 0xDF), (0xE0, 0xEF), (0xF0, 0xF7), (0xF8, 0xFB), (0xFC, 0xFD)]]),
    14: ("cut short", CUT_SHORT),
    15: ("several cut short", ["".join(CUT_SHORT)]),
    16: ("an impossible octet", ["fe", "ff", "fefeffff"]),
    17: ("a longer form of ASCII", ["c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"]),
    18: ("the longest longer form", ["c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"]),
    19: ("a longer form of NUL", ["c080", "e08080", "f0808080", "f880808080", "fc8080808080"]),
    20: ("a surrogate", ["eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"]),
    21: ("a pair of surrogates", [high + low for high in ["eda080", "edadbf", "edae80", "edafbf"] for low in ["edb080", "edbfbf"]]),
    22: ("not a character, but valid", [character.encode().hex() for character in noncharacters()]),
    23: ("special, but valid", [character.encode().hex() for character in "\ufff9\ufffa\ufffb\ufffc\ufffd\ufffe\uffff"]),
}


def is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def samples():
    for group, (what, payloads) in SAMPLES.items():
        for index, sample in enumerate(payloads, 1):
            payload = sample.encode() if sample.startswith("hello") else bytes.fromhex(sample)
            number = f"6.{group}.{index}"
            if is_utf8(payload):
                yield echoed(number, f"{payload.hex()}: {what}", [text(payload)], payload)
            else:
                yield Case(number, f"{payload.hex()}: {what}", [text(payload)], (), NOT_UTF8)


CASES = [*messages(), *failing_fast(), *samples()]
