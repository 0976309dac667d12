"""A network that fails: a TCP proxy that cuts, stalls, delays, doubles and drops what goes through it, by a seeded die."""

import asyncio
import random
import threading


class FaultProxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `upstream`, in a thread of its own.

    What goes wrong is set by attributes, which may change at any time, and done by `cut` and `stall`.
    """

    def __init__(self, upstream: int, seed: int = 0):
        self.upstream = upstream
        #: How likely a new connection is dropped at once, 0 to 1.
        self.drop = 0.0
        #: How likely everything that a new connection sends reaches the server twice, by two connections.
        self.duplicate = 0.0
        #: The longest that a piece is held back, in seconds. Each waits for some time up to that.
        self.delay = 0.0
        #: Connections that send one of these, in lower case, are cut.
        self.refuse: list[bytes] = []
        #: What was done, for the report of a test that fails.
        self.log: list[str] = []

        self._die = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    # What a test does, from its own thread

    def cut(self):
        """Resets every connection there is."""
        self._call(self._cut())

    def stall(self, seconds: float):
        """Passes nothing on for a while; nobody is told."""
        self.log.append(f"stall {seconds:.1f} s")
        self._loop.call_soon_threadsafe(self._flows.clear)
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._flows.set)

    def heal(self):
        """From now on everything works, for the connections there are too."""
        self.drop = self.duplicate = self.delay = 0.0
        self.refuse = []
        self._loop.call_soon_threadsafe(self._flows.set)

    def close(self):
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    # In the proxy's thread

    async def _cut(self):
        self.log.append(f"cut {len(self._open)}")
        for writer in list(self._open):
            writer.transport.abort()

    async def _end(self):
        self._server.close()
        await self._cut()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        if self._die.random() < self.drop:
            self.log.append("drop")
            return writer.transport.abort()
        servers = [writer]
        try:
            servers = [await self._connect()]
            if self._die.random() < self.duplicate:
                self.log.append("duplicate")
                servers.append(await self._connect())
        except OSError:
            writer.transport.abort()
            return
        self._open.add(writer)
        writers = [server for _, server in servers]
        passing = [asyncio.create_task(self._pass(reader, writers)), asyncio.create_task(self._pass(servers[0][0], [writer]))]
        # What the server says to the double, nobody hears.
        passing += [asyncio.create_task(self._pass(double, [])) for double, _ in servers[1:]]
        await asyncio.wait(passing[:2], return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            task.cancel()
        for end in [writer, *writers]:
            self._open.discard(end)
            end.transport.abort() if end.transport.is_closing() else end.close()

    async def _connect(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        self._open.add(writer)
        return reader, writer

    async def _pass(self, reader: asyncio.StreamReader, writers: list[asyncio.StreamWriter]):
        try:
            while piece := await reader.read(65536):
                if any(sign in piece.lower() for sign in self.refuse):
                    self.log.append("refuse")
                    return
                if self.delay:
                    await asyncio.sleep(self._die.random() * self.delay)
                await self._flows.wait()
                for writer in writers:
                    writer.write(piece)
                for writer in writers:
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
