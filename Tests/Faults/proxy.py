"""A network that fails: a TCP proxy that cuts, resets, stalls, slows, doubles, tears and forgets what goes through it.

By a seeded die: what the same connections do in the same order is done to them again.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
import time


class FaultProxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `upstream`, in a thread of its own.

    What goes wrong is set by attributes, which may change at any time, and done by `cut`, `stall` and `forget`. Safe to be
    used from one thread that is not the proxy's.
    """

    def __init__(self, upstream: int, seed: int = 0):
        self.upstream = upstream
        #: How likely a new connection is dropped at once, 0 to 1.
        self.drop = 0.0
        #: How likely everything that a new connection sends reaches the server twice, by two connections.
        self.duplicate = 0.0
        #: The longest that a piece is held back, in seconds. Each waits for some time up to that.
        self.delay = 0.0
        #: How likely all that passes a new connection goes a few bytes at a time.
        self.trickle = 0.0
        #: How likely a piece is torn: its first half goes through, and the connection is cut.
        self.tear = 0.0
        #: Connections whose client sends one of these, in lower case, are cut.
        self.refuse: list[bytes] = []
        #: Requests with one of these, in lower case, are never doubled: of protocols in which each request counts.
        self.single: list[bytes] = []
        #: What was done and when, for the report of a test that fails.
        self.log: list[str] = []

        self._began = time.monotonic()
        self._die = random.Random(seed)
        self._open: set[Passage] = set()
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    # What a test does, from its own thread

    def note(self, text: str):
        self.log.append(f"{time.monotonic() - self._began:7.2f} s  {text}")

    def cut(self, share: float = 1.0, reset: bool = False):
        """Ends connections, each with that likelihood; with a reset (RST) instead of an end (FIN), if so wanted."""
        self._call(self._cut(share, reset))

    def stall(self, seconds: float):
        """Passes nothing on for a while; nobody is told."""
        self.note(f"stall {seconds:.1f} s")
        self._loop.call_soon_threadsafe(self._flows.clear)
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._flows.set)

    def forget(self, share: float):
        """Leaves connections half open: neither side is told, and nothing passes any more."""
        self._call(self._forget(share))

    def heal(self):
        """From now on everything works, for the connections there are too. Those that were forgotten are cut."""
        self.drop = self.duplicate = self.delay = self.trickle = self.tear = 0.0
        self.refuse = []
        self._call(self._heal())

    def close(self):
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    # In the proxy's thread

    async def _cut(self, share: float, reset: bool):
        chosen = [passage for passage in self._open if self._die.random() < share]
        self.note(f"{'reset' if reset else 'cut'} {len(chosen)} of {len(self._open)}")
        for passage in chosen:
            passage.cut(reset)

    async def _forget(self, share: float):
        chosen = [passage for passage in self._open if self._die.random() < share]
        self.note(f"forget {len(chosen)} of {len(self._open)}")
        for passage in chosen:
            passage.is_forgotten = True

    async def _heal(self):
        self._flows.set()
        for passage in list(self._open):
            if passage.is_forgotten:
                passage.cut()

    async def _end(self):
        self._server.close()
        await self._cut(1, False)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        if self._die.random() < self.drop:
            self.note("drop")
            return writer.transport.abort()
        passage = Passage(writer, is_trickle=self._die.random() < self.trickle)
        servers = []
        try:
            servers.append(await passage.connect(self.upstream))
            if self._die.random() < self.duplicate:
                self.note("duplicate")
                servers.append(await passage.connect(self.upstream))
        except OSError:
            return passage.cut()
        self._open.add(passage)
        passing = [self._pass(passage, reader, passage.ends[1:], is_client=True), self._pass(passage, servers[0], [writer])]
        # What the server says to the double, nobody hears.
        passing += [self._pass(passage, double, []) for double in servers[1:]]
        passage.tasks = passing = [asyncio.create_task(work) for work in passing]
        # At the proxy's end this is cancelled, and must end as usual: asyncio's streams look at the outcome.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(passing[:2], return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            task.cancel()
        self._open.discard(passage)
        passage.close()

    async def _pass(self, passage: "Passage", reader: asyncio.StreamReader, writers: list[asyncio.StreamWriter], is_client: bool = False):
        try:
            while piece := await reader.read(65536):
                if is_client and any(sign in piece.lower() for sign in self.refuse):
                    self.note("refuse")
                    return
                if is_client and any(sign in piece.lower() for sign in self.single):
                    writers = writers[:1]
                if self.delay:
                    await asyncio.sleep(self._die.random() * self.delay)
                await self._flows.wait()
                if passage.is_forgotten:
                    return await passage.ended.wait()
                if self._die.random() < self.tear:
                    self.note(f"tear {len(piece)} bytes")
                    await write(writers, piece[: len(piece) // 2])
                    return
                if passage.is_trickle:
                    for start in range(0, len(piece), 7):
                        await write(writers, piece[start : start + 7])
                        await asyncio.sleep(0.001)
                else:
                    await write(writers, piece)
        except OSError:
            pass


class Passage:
    """A client's connection, and the one or two to the server that belong to it. `ends[0]` is the client's."""

    def __init__(self, client: asyncio.StreamWriter, is_trickle: bool):
        self.ends = [client]
        self.is_trickle = is_trickle
        self.is_forgotten = False
        self.ended = asyncio.Event()
        #: Held here, for the loop does not hold what waits for nothing but each other.
        self.tasks: list[asyncio.Task] = []

    async def connect(self, port: int) -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self.ends.append(writer)
        return reader

    def cut(self, reset: bool = False):
        self.ended.set()
        for end in self.ends:
            if reset and not end.transport.is_closing():
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.transport.abort()

    def close(self):
        for end in self.ends:
            end.transport.abort() if end.transport.is_closing() else end.close()


async def write(writers: list[asyncio.StreamWriter], piece: bytes):
    for writer in writers:
        writer.write(piece)
    for writer in writers:
        await writer.drain()
