"""Load, and what it does to the server: memory and files as the kernel counts them."""

import asyncio
import json
import os
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from server import REPOSITORY, Server

#: Where the load generator's source lies (as for scripts/bench).
SOURCES = Path(os.environ.get("BENCH_SOURCES", REPOSITORY.parent / "shared" / "bench"))
MIB = 1 << 20
#: Files that a server opens when it first needs them, and keeps: those of its database's readers.
LATER_FILES = 16
#: Seconds that something may take on a busy machine.
PATIENCE = 120.0


def undisturbed(core: int) -> list[str]:
    """What a command is run by to have a core for itself: before everything else on the machine, where that is permitted."""
    if len(os.sched_getaffinity(0)) < 2:
        return []
    first = ["chrt", "--rr", "10"]
    permitted = subprocess.run([*first, "true"], capture_output=True).returncode == 0
    return ["taskset", "-c", str(core), *(first if permitted else [])]


class PressedServer(Server):
    """A server that is measured; with `core`, on a core of its own."""

    def __init__(self, *settings: str, rooms: int, plugins: Path = REPOSITORY / "Plugins", core: int | None = None):
        self._config = tempfile.NamedTemporaryFile("w", suffix=".toml")
        self._config.write("".join(f'[rooms.r{number}]\ntitle = "Room {number}"\nmax = 10000\n' for number in range(rooms)))
        self._config.flush()
        super().__init__(
            "--config", self._config.name, *settings, plugins=plugins, prefix=[] if core is None else undisturbed(core))
        #: Resident bytes before anything happened.
        self.idle_memory = self.memory
        self.idle_files = self.files

    def _status(self, name: str) -> int:
        return int(re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())[1]) * 1024

    @property
    def memory(self) -> int:
        """Resident bytes now."""
        return self._status("VmRSS")

    @property
    def most_memory(self) -> int:
        """The most resident bytes there have been."""
        return self._status("VmHWM")

    @property
    def files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def wait_until_left(self):
        """Until nobody is connected, and all seats are free. One connection is the one that asks."""
        eventually(lambda: self.metric("roost_connections") <= 1, "everyone gone")
        eventually(lambda: self.metric("roost_people") == 0, "all seats free")


def eventually(condition, what: str, seconds: float = PATIENCE):
    """Returns the condition's first true value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.1)
    return value


class Fanload:
    """The load generator."""

    JOIN = ["--path", "/ws", "--on-open", '{"type":"join","ref":1,"room":"{room}"}', "--ready", '"joined"']
    SEND = ["--send", '{"type":"chat","room":"{room}","ref":2,"text":"{payload}"}']

    def __init__(self, program: Path):
        self._program = program

    def begin(self, server: PressedServer, mode: str, *options, core: int | None = None) -> subprocess.Popen:
        command = [*([] if core is None else undisturbed(core)), self._program, mode, "--port", server.port, "--pid", server.pid, *self.JOIN, *(self.SEND if mode == "fanout" else []), *options]
        return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @staticmethod
    def report(running: subprocess.Popen) -> dict:
        """What came of it. Nothing may be lost, doubled or out of order, and no connection be lost."""
        said, complaint = running.communicate()
        assert running.returncode == 0, f"status {running.returncode}: {complaint.strip()[-500:]} {said.strip()[-500:]}"
        return json.loads(said)

    def run(self, server: PressedServer, mode: str, *options, core: int | None = None) -> dict:
        return self.report(self.begin(server, mode, *options, core=core))


def build_fanload(folder: Path) -> Fanload:
    source = SOURCES / "fanload.cpp"
    if not source.exists():
        pytest.skip(f"the load generator is not in {SOURCES} (BENCH_SOURCES names another folder)")
    subprocess.run(["g++", "-std=c++17", "-O2", "-o", folder / "fanload", source], check=True)
    return Fanload(folder / "fanload")


def show_memory(bytes: int) -> str:
    return f"{bytes / MIB:,.0f} MiB"


def latency(report: dict) -> str:
    return f"p50 {report['latency_ms']['p50']:.1f}, p99 {report['latency_ms']['p99']:.1f} ms"


def open_socket(server: Server, source: str = "127.0.0.1", receive_buffer: int | None = None) -> socket.socket:
    """A TCP connection from one of the machine's own addresses."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.bind((source, 0))
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", server.port))
    return connection


class Peer:
    """A WebSocket over a socket that the test holds: it reads when it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookie: str):
        self.reader, self.writer, self.cookie = reader, writer, cookie

    @classmethod
    async def connect(cls, server: Server, cookie: str = "", receive_buffer: int | None = None) -> "Peer":
        connection = await asyncio.to_thread(open_socket, server, receive_buffer=receive_buffer)
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection, limit=4 * MIB if receive_buffer is None else 16_384)
        writer.write((
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{f'Cookie: {cookie}' if cookie else 'DNT: 1'}\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("HTTP/1.1 101"), head
        given = re.search(r"(?i)set-cookie: ([^;\r]+)", head)
        return cls(reader, writer, given[1] if given else cookie)

    def send(self, **message):
        payload = json.dumps(message).encode()
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
        # A mask of zeros leaves the text as it is.
        self.writer.write(b"\x81" + length + bytes(4) + payload)

    async def receive(self) -> dict | int:
        """The next message, or the code with which the server closes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    first, second = await self.reader.readexactly(2)
                    length = second & 127
                    if length > 125:
                        length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8), "big")
                    payload = await self.reader.readexactly(length)
                except (asyncio.IncompleteReadError, ConnectionResetError):
                    return 1006
                if first & 15 == 8:
                    return int.from_bytes(payload[:2], "big") if payload else 1005
                if first & 15 == 1:
                    return json.loads(payload)

    async def expect(self, type: str) -> dict:
        while True:
            message = await self.receive()
            assert isinstance(message, dict), f"closed with {message} before {type}"
            if message["type"] == type:
                return message

    async def join(self, room: str, **fields) -> dict:
        self.send(type="join", ref="join", room=room, **fields)
        return await self.expect("joined")

    def close(self):
        self.writer.transport.abort()
