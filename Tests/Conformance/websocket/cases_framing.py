"""Groups 1 to 5: framing, pings, reserved bits and opcodes, fragmentation."""

from case import HELLO, NOT_TEXT, VIOLATION, Case, more, ping, sends, text, waits
from connection import Event
from frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

ECHO = Event("text", HELLO)


def framing():
    for group, (opcode, kind, byte) in enumerate([(TEXT, "text", b"*"), (BINARY, "binary", b"\xfe")], 1):
        for index, length in enumerate([0, 125, 126, 127, 128, 65_535, 65_536, 65_536], 1):
            chop = 997 if index == 8 else 0
            how = f" in chops of {chop} octets" if chop else ""
            yield Case(
                f"1.{group}.{index}", f"a {kind} message of {length} octets{how} is echoed",
                [sends(opcode, byte * length, chop=chop)], (Event(kind, byte * length),))


def pings():
    def pong(number, description, payload, **how):
        return Case(number, description, [ping(payload, **how)], (Event("pong", payload),))

    yield pong("2.1", "a ping without payload is answered", b"")
    yield pong("2.2", "a ping with text is answered with that text", HELLO)
    yield pong("2.3", "a ping with a payload that is not UTF-8 is answered with it", NOT_TEXT)
    yield pong("2.4", "a ping of 125 octets is answered", b"\xfe" * 125)
    yield Case("2.5", "a ping of 126 octets fails the connection", [ping(b"\xfe" * 126)], (), VIOLATION)
    yield pong("2.6", "a ping of 125 octets, octet by octet, is answered", b"\xfe" * 125, chop=1)
    yield Case("2.7", "a pong nobody asked for is ignored", [sends(PONG)])
    yield Case("2.8", "a pong nobody asked for, with payload, is ignored", [sends(PONG, b"unsolicited pong payload")])
    yield Case(
        "2.9", "after a pong nobody asked for, a ping is answered", [sends(PONG, b"unsolicited pong payload"), ping(b"ping payload")],
        (Event("pong", b"ping payload"),))
    ten = [b"payload-%d" % index for index in range(10)]
    pongs = tuple(Event("pong", payload) for payload in ten)
    yield Case("2.10", "ten pings are answered, each, in order", [ping(payload) for payload in ten], pongs)
    yield Case("2.11", "ten pings, octet by octet, are answered", [ping(payload, chop=1) for payload in ten], pongs)


def reserved_bits():
    def fails(number, description, step):
        return Case(number, description, [step], (), VIOLATION)

    def after_message(number, rsv, **how):
        steps = [text(HELLO, **how), text(HELLO, rsv=rsv, **how), ping(**how)]
        return Case(number, f"a message is echoed, RSV {rsv} in the next fails the connection, the ping is not answered", steps, (ECHO,), VIOLATION)

    yield fails("3.1", "RSV 1 in a text message", text(HELLO, rsv=1))
    yield after_message("3.2", 2)
    yield after_message("3.3", 3, sync=True)
    yield after_message("3.4", 4, chop=1)
    yield fails("3.5", "RSV 5 in a binary message", sends(BINARY, NOT_TEXT, rsv=5))
    # Autobahn calls this one a ping, but sends a binary message; the ping is in test_beyond_autobahn.py.
    yield fails("3.6", "RSV 6 in a binary message", sends(BINARY, HELLO, rsv=6))
    yield fails("3.7", "RSV 7 in a close frame", sends(CLOSE, rsv=7))


def reserved_opcodes():
    for group, opcodes in [(1, range(3, 8)), (2, range(11, 16))]:
        for index, opcode in enumerate(opcodes, 1):
            payload = b"" if index in (1, 3) else b"reserved opcode payload" if index == 2 else HELLO
            chop = 1 if index == 5 else 0
            if index < 3:
                yield Case(f"4.{group}.{index}", f"the opcode {opcode} fails the connection", [sends(opcode, payload)], (), VIOLATION)
                continue
            steps = [text(HELLO, chop=chop), sends(opcode, payload, chop=chop), ping(chop=chop)]
            yield Case(
                f"4.{group}.{index}", f"a message is echoed, then the opcode {opcode} fails the connection, the ping is not answered",
                steps, (ECHO,), VIOLATION)


def fragmentation():
    one, two, three, four = (b"fragment%d" % index for index in range(1, 5))
    whole = (Event("text", one + two),)
    ways = [("together", {}), ("frame by frame", {"sync": True}), ("octet by octet", {"chop": 1})]

    def fails(number, description, *steps, expected=()):
        return Case(number, description, steps, expected, VIOLATION)

    for index, (name, opcode) in enumerate([("ping", PING), ("pong", PONG)], 1):
        yield fails(f"5.{index}", f"a {name} in two fragments", sends(opcode, one, fin=False), more(two))
    for index, (way, how) in enumerate(ways):
        yield Case(f"5.{3 + index}", f"a text in two fragments, {way}, is echoed", [text(one, fin=False, **how), more(two, **how)], whole)
    for index, (way, how) in enumerate(ways):
        steps = [text(one, fin=False, **how), ping(b"ping payload", **how), more(two, **how)]
        yield Case(
            f"5.{6 + index}", f"a ping between two fragments, {way}, is answered before the text is echoed", steps,
            (Event("pong", b"ping payload"), *whole))
    for start, fin in [(9, True), (12, False)]:
        for index, (way, how) in enumerate(ways):
            steps = [more(b"non-continuation payload", fin=fin, **how), text(HELLO, **how)]
            yield fails(f"5.{start + index}", f"a continuation (FIN {fin}) of nothing, then a text, {way}", *steps)
    yield fails(
        "5.15", "a text in two fragments, then a continuation of nothing", text(one, fin=False), more(two), more(three, fin=False),
        text(four), expected=whole)
    for number, fin in [("5.16", False), ("5.17", True)]:
        steps = [more(one, fin=fin), text(two, fin=False), more(three)]
        yield fails(number, f"twice: a continuation (FIN {fin}) of nothing, then a text in two fragments", *steps, *steps)
    yield fails("5.18", "a second text begins within the first", text(one, fin=False), text(two))
    yield interleaved("5.19")
    yield interleaved("5.20", sync=True)


def interleaved(number, **how):
    parts = [b"fragment%d" % index for index in range(1, 6)]
    first, second = b"pongme 1!", b"pongme 2!"
    steps = [
        text(parts[0], fin=False, **how), more(parts[1], fin=False, **how), ping(first, **how),
        waits,  # for the pong: it does not wait for the message's end
        more(parts[2], fin=False, **how), more(parts[3], fin=False, **how), ping(second, **how), more(parts[4], **how),
    ]
    expected = (Event("pong", first), Event("pong", second), Event("text", b"".join(parts)))
    return Case(number, "two pings within a text of five fragments are answered at once", steps, expected)


CASES = [*framing(), *pings(), *reserved_bits(), *reserved_opcodes(), *fragmentation()]
