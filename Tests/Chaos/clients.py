"""People who never give up: whatever happens to the connection, they come back, go on where they were, and send again what was
not answered. Each transport has a class here, in `http_clients.py` or in `socketio_client.py`; all keep a diary."""

import asyncio
import json
import random
import uuid
from dataclasses import dataclass

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from diary import Diary

#: Refusals that mean "later", and that a message survives.
LATER = {"rate", "slow", "unavailable", "not_member"}
#: How the caption of a message begins that is a GIF.
PICTURE = "picture"
#: Seconds of silence before one asks, and then until one gives up.
SILENCE, PATIENCE = 2.0, 5.0


class Lost(Exception):
    """The connection is gone, or is taken to be."""


class Refused(Exception):
    """The server lets nobody in for now."""


@dataclass
class Person:
    """Somebody with a cookie. `id` is how others see them."""

    cookie: str
    id: str
    name: str


class Client:
    """What is the same on every transport: writing messages, keeping those that are not answered, and being shown events."""

    transport = ""

    def __init__(self, person: Person, room: str, port: int, diary: Diary, seed: int, every: float):
        """`every`: seconds between two messages, on average; 0 for somebody who only listens."""
        self.person, self.room, self.port, self.diary = person, room, port, diary
        self.die = random.Random(seed)
        self.every = every
        #: Where one is: the epoch and the number of the last event that was shown.
        self.position: tuple[str, int] | None = None
        #: Texts by cid, of what was written and not answered, oldest first.
        self.unanswered: dict[str, str] = {}
        self.is_talking = every > 0
        #: Set when it is time to leave.
        self.over = asyncio.Event()
        self._written = asyncio.Event()

    # A life

    async def run(self):
        talking = asyncio.create_task(self._talk())
        while not self.over.is_set():
            try:
                await self.session()
            except (Lost, Refused, OSError, TimeoutError, WebSocketException) as error:
                self.diary.note("lost", why=f"{type(error).__name__}: {error}")
            await asyncio.sleep(self.die.uniform(0.05, 0.4))
        talking.cancel()

    async def session(self):
        """Connects, joins, and goes on until the connection is lost or everything is over."""
        raise NotImplementedError

    async def _talk(self):
        while self.is_talking:
            await asyncio.sleep(self.die.expovariate(1 / self.every))
            # What nobody could answer so far is enough to send again.
            if self.is_talking and len(self.unanswered) < 30:
                self.write()

    def write(self):
        self.unanswered[str(uuid.UUID(int=self.die.getrandbits(128)))] = self.words()
        self._written.set()

    def words(self) -> str:
        tail = self.die.choice(["", "", "", " in many words" * 40, " forbidden", " — 안녕하세요 👩‍👩‍👧"])
        return f"{self.person.name} says {self.die.randrange(10**6)}{tail}"

    # What the server says

    def hear(self, message: dict):
        """What everybody is told: `joined`, and then what happens."""
        if message["type"] == "joined":
            events = message["events"]
            start = events[0]["seq"] - 1 if events else message["seq"]
            self.diary.note("joined", epoch=message["epoch"], seq=start, reset=message["reset"])
            self.position = (message["epoch"], start)
            for event in events:
                self.show(event)
        elif "seq" in message and message.get("room") == self.room and message["type"] not in ("ok", "history"):
            self.show(message)

    def show(self, event: dict, partial: bool = False):
        """`partial`: the transport does not tell everything that the native protocol does."""
        epoch = self.position[0] if self.position else ""
        self.diary.note("shown", epoch=epoch, event=event, **({"partial": True} if partial else {}))
        self.position = (epoch, event["seq"])

    def answered(self, cid: str, answer: dict) -> float | None:
        """Takes the answer to a message: done with it (None), or the seconds after which to send it again."""
        if answer["type"] == "ok":
            self.diary.note("answered", cid=cid, seq=answer.get("seq"))
            self.unanswered.pop(cid, None)
            return None
        code = answer.get("code", answer["type"])
        self.diary.note("refused", cid=cid, code=code)
        if code in LATER:
            return min(answer.get("retry_after") or 0.5, 2.0)
        self.unanswered.pop(cid, None)
        return None


class WebSocketClient(Client):
    """`roost.v1` over a WebSocket, with several messages under way at a time."""

    transport = "websocket"

    async def session(self):
        async with self.connected() as socket:
            await self.join(socket)
            sending = asyncio.create_task(self._send(socket))
            try:
                while not self.over.is_set():
                    self._take(await self.receive(socket))
                    if sending.done():
                        sending.result()
            finally:
                sending.cancel()
            await self.leave(socket)

    def connected(self):
        return connect(
            f"ws://127.0.0.1:{self.port}/ws", additional_headers={"Cookie": self.person.cookie}, subprotocols=["roost.v1"],
            open_timeout=PATIENCE, close_timeout=0.5, ping_interval=None, max_size=None, proxy=None, compression=self.die.choice(["deflate", None]))

    async def join(self, socket):
        self._asked: dict[int, str] = {}
        self._ref = 0
        message = {"type": "join", "ref": "join", "room": self.room}
        if self.position:
            message |= {"epoch": self.position[0], "seq": self.position[1]}
        await socket.send(json.dumps(message))
        while True:
            message = await self.receive(socket)
            self._take(message)
            if message.get("ref") == "join":
                if message["type"] == "error":
                    raise Refused(message["code"])
                return

    async def receive(self, socket) -> dict:
        for patience in (SILENCE, PATIENCE):
            try:
                async with asyncio.timeout(patience):
                    return json.loads(await socket.recv())
            except TimeoutError:
                await socket.send('{"type":"ping"}')
            except ConnectionClosed as closed:
                raise Lost(f"closed {closed.rcvd.code if closed.rcvd else 1006}") from None
        raise Lost("silence")

    def _take(self, message: dict):
        ref = message.get("ref")
        if isinstance(ref, int) and ref in self._asked:
            cid = self._asked.pop(ref)
            if (wait := self.answered(cid, message)) is not None:
                asyncio.get_running_loop().call_later(wait, self._written.set)
                if message.get("code") == "not_member":
                    raise Lost("not a member any more")
        else:
            self.hear(message)

    async def _send(self, socket):
        while True:
            # Before anything is sent: what is written meanwhile is sent next.
            self._written.clear()
            waiting = [cid for cid in self.unanswered if cid not in self._asked.values()]
            for cid in waiting:
                self._ref += 1
                self._asked[self._ref] = cid
                self.diary.note("sent", cid=cid, text=self.unanswered[cid])
                await socket.send(json.dumps({"type": "chat", "ref": self._ref, "room": self.room, "cid": cid, "text": self.unanswered[cid]}))
            await self._written.wait()

    async def leave(self, socket):
        """Politely, or by being gone: the room waits for them then, and announces their exit all the same."""
        if self.die.random() < 0.5:
            await socket.send(json.dumps({"type": "exit", "ref": "exit", "room": self.room}))
            while (await self.receive(socket)).get("ref") != "exit":
                pass
        else:
            socket.transport.abort()


class Visitor(WebSocketClient):
    """Comes and goes, in a room that has fewer seats than visitors."""

    async def session(self):
        async with self.connected() as socket:
            await self.join(socket)
            leaves_at = asyncio.get_running_loop().time() + self.die.uniform(0.1, 3)
            while not self.over.is_set() and (left := leaves_at - asyncio.get_running_loop().time()) > 0:
                try:
                    async with asyncio.timeout(left):
                        self._take(json.loads(await socket.recv()))
                except TimeoutError:
                    break
                except ConnectionClosed as closed:
                    raise Lost(f"closed {closed}") from None
            await self.leave(socket)
        await asyncio.sleep(self.die.uniform(0, 1))
