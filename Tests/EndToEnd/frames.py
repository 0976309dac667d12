"""WebSocket frames made by hand, for what no well-behaved client would send."""

import base64
import json
import os
import struct

from wire import Wire

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class RawWebSocket(Wire):
    """A WebSocket whose frames are made by hand."""

    def __init__(self, server, cookie=None, extensions=None, **options):
        super().__init__(server, **options)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /ws HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"Cookie: {cookie}"] if cookie else []
        lines += [f"Sec-WebSocket-Extensions: {extensions}"] if extensions else []
        self.send("\r\n".join(lines) + "\r\n\r\n")
        self.opening = self.response()
        assert self.opening.status == 101, self.opening
        assert self.message()["type"] == "welcome"

    def frame(self, opcode, payload=b"", *, final=True, reserved=0, masked=True, length=None):
        """Sends a frame. `length` is what its header says, if that is not the payload's."""
        if isinstance(payload, str):
            payload = payload.encode()
        size = len(payload) if length is None else length
        mask_bit = 0x80 if masked else 0
        head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
        if size < 126:
            head += bytes([mask_bit | size])
        elif size < 65536:
            head += bytes([mask_bit | 126]) + struct.pack(">H", size)
        else:
            head += bytes([mask_bit | 127]) + struct.pack(">Q", size)
        if masked:
            mask = os.urandom(4)
            head += mask
            payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        return self.send(head + payload)

    def next_frame(self):
        first, second = self.read(2)
        size = second & 0x7F
        if size == 126:
            size, = struct.unpack(">H", self.read(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.read(8))
        return first & 0x0F, self.read(size)

    def message(self):
        opcode, payload = self.next_frame()
        assert opcode == TEXT, (opcode, payload)
        return json.loads(payload)

    def closed(self):
        """The code with which the server closes."""
        while True:
            try:
                opcode, payload = self.next_frame()
            except EOFError:
                return 1006
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else 1005
