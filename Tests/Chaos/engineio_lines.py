"""Packets of Engine.IO 4, as a WebSocket or as polls carry them. Pings are answered here."""

import asyncio
import contextlib
import json

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from clients import PATIENCE, Lost, Person
from http_clients import Exchange

PATH = "/socket.io/?EIO=4&transport="
#: Seconds of silence after which a connection is given up: the server pings every five.
SILENCE = 15.0
#: What separates the packets of one body.
SEPARATOR = "\x1e"


class WebSocketLine:
    """A session that began as a WebSocket."""

    def __init__(self, socket):
        self._socket = socket

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, person: Person, port: int):
        async with connect(
            f"ws://127.0.0.1:{port}{PATH}websocket", additional_headers={"Cookie": person.cookie}, open_timeout=PATIENCE, close_timeout=0.5,
            ping_interval=None, max_size=None, proxy=None) as socket:
            yield cls(socket)

    async def send(self, packet: str):
        await self._socket.send(packet)

    async def receive(self) -> str:
        try:
            while True:
                async with asyncio.timeout(SILENCE):
                    packet = await self._socket.recv()
                if packet != "2":
                    return packet
                await self.send("3")
        except TimeoutError:
            raise Lost("silence") from None
        except ConnectionClosed as closed:
            raise Lost(f"closed {closed.rcvd.code if closed.rcvd else 1006}") from None


class PollingLine:
    """A session that polls, with a connection for each request."""

    def __init__(self, person: Person, port: int):
        self._person, self._port = person, port
        self._session = ""
        self._packets: list[str] = []
        # Two POSTs at once end a session.
        self._posting = asyncio.Lock()
        #: Whether what was said may not have arrived: then nobody may rely on the rest.
        self._is_broken = False

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, person: Person, port: int):
        line = cls(person, port)
        handshake, *line._packets = await line._request("GET", PATIENCE)
        line._session = f"&sid={json.loads(handshake[1:])['sid']}"
        yield line

    async def send(self, packet: str):
        async with self._posting:
            try:
                await self._request("POST", PATIENCE, packet.encode())
            except BaseException:
                self._is_broken = True
                raise

    async def receive(self) -> str:
        while True:
            while not self._packets:
                self._packets = await self._request("GET", SILENCE)
            if self._is_broken:
                raise Lost("a POST was lost")
            packet = self._packets.pop(0)
            if packet != "2":
                return packet
            await self.send("3")

    async def _request(self, method: str, patience: float, body: bytes = b"") -> list[str]:
        path = f"{PATH}polling{self._session}"
        async with Exchange(self._port, method, path, self._person.cookie, body=body, kind="text/plain", patience=patience) as exchange:
            answer = await exchange.body()
            if exchange.response.status_code != 200:
                raise Lost(f"{method} was answered {exchange.response.status_code}")
            return answer.decode().split(SEPARATOR)
