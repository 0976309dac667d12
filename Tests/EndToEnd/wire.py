"""Bytes on a socket, for what no well-behaved client would send; and a cable that can be cut."""

import base64
import json
import os
import select
import socket
import struct
import threading

from roost import DEADLINE, Answer


class Wire:
    """A TCP connection to the server."""

    def __init__(self, server, receive_buffer=None):
        self.socket = socket.socket()
        self.socket.settimeout(DEADLINE)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", server.port))
        self._buffer = b""

    def send(self, data):
        try:
            self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
        except (BrokenPipeError, ConnectionResetError):
            pass  # The server has answered already and does not want the rest.
        return self

    def read(self, count):
        while len(self._buffer) < count:
            data = self._receive()
            if not data:
                raise EOFError(self._buffer)
            self._buffer += data
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    def read_line(self):
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.read(1)
        return line[:-2].decode("latin-1")

    def response(self):
        """The next HTTP response."""
        status = int(self.read_line().split(" ")[1])
        headers = {}
        while line := self.read_line():
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        body = self.read(int(headers.get("content-length", 0))) if status not in (101, 204, 304) else b""
        return Answer(status, headers, body)

    def end(self):
        """Reads until the server has closed the connection."""
        while data := self._receive():
            self._buffer += data
        return self._buffer

    def reset(self):
        """Breaks the connection off, rather than closing it."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()


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


class Cable:
    """A TCP port that leads to the server until it is cut, and on which WebSockets can be forbidden as some proxies do."""

    def __init__(self, server):
        self._target = ("127.0.0.1", server.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.lets_websockets_pass = True
        self._whole = True
        self._pairs = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cut(self):
        """Breaks every connection, and those that will be tried."""
        with self._lock:
            self._whole = False
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            self._break(pair)

    def mend(self):
        self._whole = True

    def remove(self):
        self.cut()
        self._listener.close()

    @staticmethod
    def _break(pair):
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=DEADLINE)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                keep = self._whole
                if keep:
                    self._pairs.add((near, far))
            if keep:
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
            else:
                near.close()
                far.close()

    def _carry(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(65536)
                    if not data or data.startswith(b"GET /ws") and not self.lets_websockets_pass:
                        return
                    other[end].sendall(data)
        except OSError:
            pass
        finally:
            with self._lock:
                self._pairs.discard((near, far))
            self._break((near, far))
            near.close()
            far.close()
