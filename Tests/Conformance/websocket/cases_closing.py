"""Group 7: the closing handshake."""

from case import Case, answers, close, more, ping, text
from connection import Event

FINE = answers(1000)
WRONG = answers(1002)
"""A close frame that is none is a violation, and answered so."""

VALID = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
INVALID = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
UNDEFINED = [5000, 65_535]
"""Beyond every range of RFC 6455 §7.4.2. Autobahn asks for nothing; a server cannot know what they mean."""


def frames_after_close():
    hello = b"Hello World!"
    yield Case("7.1.1", "a message is echoed, then the connection closes", [text(hello)], (Event("text", hello),))
    yield Case("7.1.2", "a second close frame is ignored", [close(1000), close()], (), FINE)
    yield Case("7.1.3", "a ping after the close frame is not answered", [close(1000), ping()], (), FINE)
    yield Case("7.1.4", "a message after the close frame is not echoed", [close(1000), text(hello)], (), FINE)
    yield Case(
        "7.1.5", "a message whose end comes after the close frame is not echoed",
        [text(b"fragment1", fin=False), close(1000), more(b"fragment2")], (), FINE)
    # Autobahn takes note of what happens here. A server that answers a close frame has read what came before it: §5.5.1
    # lets it send that message's echo first, and one that processes in order does.
    large = (b"BAsd7&jh23" * 26_215)[: 256 << 10]
    yield Case(
        "7.1.6", "a message of 256 KiB and a small one are echoed before the close frame right behind them is answered",
        [text(large), text(hello), close(1000), ping()], (Event("text", large), Event("text", hello)), FINE)


def payloads():
    # RFC 6455 §5.5.1: the answer typically echoes the code; where there was none, an empty frame is that echo.
    yield Case("7.3.1", "a close frame without a code", [close()], (), answers(1000, None))
    yield Case("7.3.2", "a close frame of one octet", [close(reason=b"a")], (), WRONG)
    yield Case("7.3.3", "a close frame with a code", [close(1000)], (), FINE)
    yield Case("7.3.4", "a close frame with a reason", [close(1000, b"Hello World!")], (), FINE)
    yield Case("7.3.5", "a reason of 123 octets, the most there can be", [close(1000, b"*" * 123)], (), FINE)
    yield Case("7.3.6", "a reason of 124 octets", [close(1000, b"*" * 124)], (), WRONG)
    reason = "κ\u1f79σμε".encode() + bytes.fromhex("eda080") + b"edited"
    yield Case("7.5.1", "a reason that is not UTF-8", [close(1000, reason)], (), answers(1007))


def codes():
    for index, code in enumerate(VALID, 1):
        yield Case(f"7.7.{index}", f"the valid code {code} is echoed", [close(code)], (), answers(code))
    for index, code in enumerate(INVALID, 1):
        yield Case(f"7.9.{index}", f"the invalid code {code} is a violation", [close(code)], (), WRONG)
    for index, code in enumerate(UNDEFINED, 1):
        yield Case(f"7.13.{index}", f"the undefined code {code} is a violation", [close(code)], (), WRONG)


CASES = [*frames_after_close(), *payloads(), *codes()]
