"""permessage-deflate (RFC 7692): offers, what a server made of them, and the two streams."""

import zlib
from dataclasses import dataclass

from frames import Violation

TAIL = b"\x00\x00\xff\xff"
SWITCHES = ("server_no_context_takeover", "client_no_context_takeover")
SIZES = ("server_max_window_bits", "client_max_window_bits")


@dataclass(frozen=True)
class Offer:
    """One offer. The standard one is Autobahn's: the server may do with the client's side what it likes."""

    server_no_context_takeover: bool = False
    server_max_window_bits: int = 0
    client_no_context_takeover: bool = True
    client_max_window_bits: bool | int = True
    """True is the parameter without a value: any window is fine."""

    def __str__(self) -> str:
        parts = ["permessage-deflate"]
        if self.client_no_context_takeover:
            parts.append("client_no_context_takeover")
        if self.client_max_window_bits:
            parts.append("client_max_window_bits" + ("" if self.client_max_window_bits is True else f"={self.client_max_window_bits}"))
        if self.server_no_context_takeover:
            parts.append("server_no_context_takeover")
        if self.server_max_window_bits:
            parts.append(f"server_max_window_bits={self.server_max_window_bits}")
        return "; ".join(parts)


@dataclass(frozen=True)
class Agreement:
    """What the server answered (§7.1)."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int | None = None
    client_max_window_bits: int | None = None

    def keeps(self, offer: Offer) -> bool:
        """Whether a server may answer this offer so."""
        if offer.server_no_context_takeover and not self.server_no_context_takeover:
            return False
        if offer.server_max_window_bits and not (self.server_max_window_bits or 99) <= offer.server_max_window_bits:
            return False
        if self.client_max_window_bits is None or offer.client_max_window_bits is True:
            return True
        return self.client_max_window_bits <= offer.client_max_window_bits


def agreement(header: str) -> Agreement:
    """Reads the server's Sec-WebSocket-Extensions, of which there is one extension at most."""
    if "," in header:
        raise Violation(f"more than one extension: {header}")
    name, *parameters = (part.strip() for part in header.split(";"))
    if name != "permessage-deflate":
        raise Violation(f"an extension nobody offered: {header}")
    values: dict[str, bool | int] = {}
    for parameter in parameters:
        key, _, value = (part.strip() for part in parameter.partition("="))
        value = value.strip('"')
        if key in values:
            raise Violation(f"{key} twice: {header}")
        if key in SWITCHES and not value:
            values[key] = True
        elif key in SIZES and value in map(str, range(8, 16)):
            values[key] = int(value)
        else:
            raise Violation(f"{parameter!r} is no parameter of an answer (§7.1): {header}")
    return Agreement(**values)


class Deflater:
    """The client's side (§7.2.1)."""

    def __init__(self, agreed: Agreement, level: int = 6):
        self._bits = agreed.client_max_window_bits or 15
        # zlib cannot make a window of 8 bits; what is not compressed needs none.
        self._level, self._bits = (0, 9) if self._bits == 8 else (level, self._bits)
        self._is_fresh = agreed.client_no_context_takeover
        self._stream = None

    def message(self, payload: bytes) -> bytes:
        if self._stream is None or self._is_fresh:
            self._stream = zlib.compressobj(self._level, zlib.DEFLATED, -self._bits)
        data = self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)
        return data[:-4] if data.endswith(TAIL) else b"\x00"


class Inflater:
    """The server's side (§7.2.2), with exactly the window it promised."""

    def __init__(self, agreed: Agreement):
        self._bits = agreed.server_max_window_bits or 15
        self._is_fresh = agreed.server_no_context_takeover
        self._stream = None

    def message(self, data: bytes) -> bytes:
        if self._stream is None or self._is_fresh:
            self._stream = zlib.decompressobj(-self._bits)
        try:
            payload = self._stream.decompress(data + TAIL)
        except zlib.error as error:
            raise Violation(f"the server's compressed message cannot be read: {error}") from error
        if self._stream.eof or self._stream.unconsumed_tail:
            raise Violation("the server ended its deflate stream within a message")
        return payload
