"""People without a WebSocket: they hear by server-sent events or by long-polling, and say things by POST."""

import asyncio
import json
from urllib.parse import quote

import h11

from clients import PATIENCE, PICTURE, Client, Lost, Refused

#: Seconds that a stream may be silent: the server gives a sign of life every 15 s.
STREAM_SILENCE = 20.0
#: Seconds that a poll may wait at the server.
WAIT = 5


class Exchange:
    """One HTTP/1.1 request on a connection of its own, and its response as it comes."""

    def __init__(self, port: int, method: str, path: str, cookie: str, headers: dict[str, str] = {}, body: bytes = b"",
                 kind: str = "application/json", patience: float = PATIENCE):
        """`patience`: seconds that the answer, and each piece of it, may be waited for."""
        self._port = port
        self._patience = patience
        self._state = h11.Connection(h11.CLIENT)
        headers = {"Host": f"127.0.0.1:{port}", "Cookie": cookie, "Connection": "close", **headers}
        if body:
            headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
        self._request = h11.Request(method=method, target=path, headers=list(headers.items()))
        self._body = body

    async def __aenter__(self) -> "Exchange":
        async with asyncio.timeout(PATIENCE):
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            pieces = [self._state.send(self._request), self._state.send(h11.Data(data=self._body)), self._state.send(h11.EndOfMessage())]
            self._writer.write(b"".join(piece for piece in pieces if piece))
            await self._writer.drain()
            self.response = await self._next(self._patience)
        except BaseException:
            self._writer.transport.abort()
            raise
        return self

    async def __aexit__(self, *_):
        self._writer.transport.abort()

    async def _next(self, patience: float):
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                # Not `wait_for`, which before Python 3.12 may take its own cancellation for a result.
                async with asyncio.timeout(patience):
                    self._state.receive_data(await self._reader.read(65536))
        except h11.RemoteProtocolError as error:
            raise Lost(f"broken response: {error}") from None
        if isinstance(event, h11.ConnectionClosed):
            raise Lost("closed before the response")
        return event

    async def pieces(self, patience: float):
        """The body, piece by piece. Raises `Lost` if it breaks off."""
        while isinstance(event := await self._next(patience), h11.Data):
            yield bytes(event.data)

    async def body(self) -> bytes:
        return b"".join([piece async for piece in self.pieces(self._patience)])

    async def json(self) -> dict:
        return json.loads(await self.body())


class HTTPClient(Client):
    """Says things by POST, one after the other, while it hears by other requests."""

    async def session(self):
        work = [asyncio.create_task(step) for step in (self.listen(), self._send(), self.over.wait())]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    task.result()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        # Half of them just stop asking.
        if self.over.is_set() and self.die.random() < 0.5:
            await self.post("exit", {})

    def words(self) -> str:
        return super().words() if self.die.random() < 0.7 else f"{PICTURE} {self.die.randrange(10**6)} of {self.person.name}"

    async def listen(self):
        """Hears the room until the connection is lost."""
        raise NotImplementedError

    async def ask(self, path: str, wait: float = 0) -> dict:
        async with Exchange(self.port, "GET", path, self.person.cookie, patience=PATIENCE + wait) as exchange:
            return await exchange.json()

    async def post(self, what: str, fields: dict) -> dict:
        async with Exchange(self.port, "POST", f"/room/{self.room}/{what}", self.person.cookie, body=json.dumps(fields).encode()) as exchange:
            return await exchange.json()

    async def upload(self, cid: str, caption: str) -> dict:
        """Sends a GIF of one dot, in a colour that the message has for itself."""
        dot = b"GIF89a\1\0\1\0\x80\0\0" + bytes.fromhex(cid[:6]) + b"\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
        path = f"/room/{self.room}/gif?cid={cid}&caption={quote(caption)}"
        async with Exchange(self.port, "POST", path, self.person.cookie, body=dot, kind="image/gif") as exchange:
            return await exchange.json()

    async def _send(self):
        while True:
            for cid, text in list(self.unanswered.items()):
                self.diary.note("sent", cid=cid, text=text)
                try:
                    answer = await (self.upload(cid, text) if text.startswith(PICTURE) else self.post("chat", {"text": text, "cid": cid}))
                except (Lost, OSError, TimeoutError, json.JSONDecodeError):
                    await asyncio.sleep(self.die.uniform(0.1, 0.5))
                    continue
                if (wait := self.answered(cid, answer)) is not None:
                    await asyncio.sleep(wait)
            if not self.unanswered:
                self._written.clear()
                await self._written.wait()


class StreamClient(HTTPClient):
    """Server-sent events (WHATWG HTML §9.2)."""

    transport = "events"

    async def listen(self):
        headers = {"Accept": "text/event-stream"}
        if self.position:
            headers["Last-Event-ID"] = f"{self.position[0]}:{self.position[1]}"
        async with Exchange(self.port, "GET", f"/room/{self.room}/events", self.person.cookie, headers) as exchange:
            if exchange.response.status_code != 200:
                raise Refused((await exchange.json()).get("code"))
            rest = b""
            async for piece in exchange.pieces(STREAM_SILENCE):
                *blocks, rest = (rest + piece).split(b"\n\n")
                for block in blocks:
                    self._take(block.decode())
        raise Lost("the stream ended")

    def _take(self, block: str):
        data = [line.removeprefix("data:").removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        if data:
            self.hear(json.loads("\n".join(data)))


class PollClient(HTTPClient):
    """Long-polling."""

    transport = "polling"

    async def listen(self):
        while True:
            if self.position is None:
                answer = await self.ask(f"/room/{self.room}/events")
            else:
                answer = await self.ask(f"/room/{self.room}/events?since={quote(f'{self.position[0]}:{self.position[1]}')}&wait={WAIT}", WAIT)
            if answer["type"] == "error":
                raise Refused(answer["code"])
            if answer["type"] == "joined":
                self.hear(answer)
                continue
            if answer["reset"]:
                events = answer["events"]
                start = events[0]["seq"] - 1 if events else answer["seq"]
                self.diary.note("joined", epoch=answer["epoch"], seq=start, reset=True)
                self.position = (answer["epoch"], start)
            for event in answer["events"]:
                self.show(event)
            self.diary.note("at", seq=answer["seq"])
