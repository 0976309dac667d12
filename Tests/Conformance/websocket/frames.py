"""Frames on the wire (RFC 6455 §5.2): a client's are written, a server's are read and checked."""

import os
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Violation(AssertionError):
    """The server broke the protocol."""


@dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    fin: bool
    rsv: int


def masked(payload: bytes, key: bytes) -> bytes:
    """§5.3, on the payload as one large number, which is what makes 16 MiB bearable in Python."""
    if not payload:
        return b""
    keys = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")).to_bytes(len(payload), "little")


def header(opcode: int, length: int, fin: bool = True, rsv: int = 0, key: bytes | None = None, size: int | None = None) -> bytes:
    """A frame's header. `rsv` is 0…7, RSV1 being 4; no `key`, no mask.

    `size` forces the length into 1, 2 or 8 bytes where the shortest form would be another.
    """
    size = size or (1 if length < 126 else 2 if length < 65_536 else 8)
    mark = 0x80 if key is not None else 0
    first = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if size == 1:
        lengths = bytes([mark | length])
    else:
        lengths = bytes([mark | (126 if size == 2 else 127)]) + length.to_bytes(size, "big")
    return first + lengths + (key or b"")


def frame(opcode: int, payload: bytes = b"", fin: bool = True, rsv: int = 0) -> bytes:
    """A client's frame, masked with a fresh key."""
    key = os.urandom(4)
    return header(opcode, len(payload), fin, rsv, key) + masked(payload, key)


class FrameReader:
    """Reads a server's frames. Refuses masks, lengths not in their shortest form, and malformed control frames."""

    def __init__(self, data: bytes = b""):
        self._bytes = bytearray(data)

    def feed(self, data: bytes):
        self._bytes += data

    @property
    def is_empty(self) -> bool:
        return not self._bytes

    def next(self) -> Frame | None:
        """The next whole frame, or None."""
        data = self._bytes
        if len(data) < 2:
            return None
        if data[1] & 0x80:
            raise Violation("the server masked a frame (§5.1)")
        start, length = 2, data[1] & 0x7F
        if length >= 126:
            size, least = (2, 126) if length == 126 else (8, 65_536)
            start += size
            if len(data) < start:
                return None
            length = int.from_bytes(data[2:start], "big")
            if not least <= length < 1 << 63:
                raise Violation(f"the length {length} is not in its shortest form (§5.2)")
        opcode, fin, rsv = data[0] & 0x0F, bool(data[0] & 0x80), data[0] >> 4 & 7
        if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise Violation(f"the server used the reserved opcode {opcode}")
        if opcode >= 8 and (not fin or length > 125):
            raise Violation("the server sent a control frame that is fragmented or over 125 bytes (§5.5)")
        if len(data) < start + length:
            return None
        payload = bytes(memoryview(data)[start : start + length])
        del data[: start + length]
        return Frame(opcode, payload, fin, rsv)
