"""People with a Socket.IO client of their own: with connection state recovery (docs/socketio.md), over a WebSocket or by polling."""

import asyncio
import json
import re

from clients import Client, Lost, Refused
from engineio_lines import PollingLine, WebSocketLine


def native(name: str, document: dict) -> dict:
    """An event in the native protocol's words, as far as it goes."""
    event = {"seq": document["seq"], "room": document["room"], "type": name}
    if "gif" in document:
        event |= {"type": "gif", "caption": document["caption"], "cid": document.get("cid")}
    elif name == "chat":
        event |= {"text": document["chat"], "cid": document.get("cid")}
    return event


class SocketIOClient(Client):
    """Speaks the namespace `/chat`."""

    transport = "socket.io"
    line: type[WebSocketLine] | type[PollingLine] = WebSocketLine
    #: By which the server knows a session again.
    _pid: str | None = None

    async def session(self):
        async with self.line.open(self.person, self.port) as line:
            self._asked: dict[int, str] = {}
            self._ask = 0
            self._own_join = 0
            await self._enter(line)
            sending = asyncio.create_task(self._send(line))
            try:
                while not self.over.is_set():
                    await self._take(line, await line.receive())
                    if sending.done():
                        sending.result()
            finally:
                sending.cancel()
            if self.die.random() < 0.5:
                await line.send(f'42/chat,0["exit","{self.room}"]')
                while not (await line.receive()).startswith("43/chat,0"):
                    pass

    async def _enter(self, line):
        """Goes on where one was by the session's own means, or joins."""
        recovers = self._pid is not None and self.position is not None
        auth = {"recover": True}
        if recovers:
            auth = {"pid": self._pid, "offset": f"{self.room} {self.position[0]}:{self.position[1]}"}
        await line.send(f"40/chat,{json.dumps(auth)}")
        while not (packet := await line.receive()).startswith("40/chat,"):
            pass
        self._pid = json.loads(packet.removeprefix("40/chat,")).get("pid", self._pid)
        if not recovers:
            await line.send(f'42/chat,0["join",{json.dumps({"room": self.room})}]')
        while True:
            packet = await line.receive()
            if packet.startswith("43/chat,0"):
                answer = json.loads(packet.removeprefix("43/chat,0"))[0]
            elif packet.startswith("42/chat,"):
                name, answer, *_ = json.loads(packet.removeprefix("42/chat,"))
                if name not in ("joined", "refused"):
                    continue
            else:
                continue
            if answer["type"] == "error":
                raise Refused(answer["code"])
            return self._joined(answer)

    def _joined(self, joined: dict):
        if self.position and not joined["reset"]:
            # What was missed follows, event by event.
            events = joined["events"]
            start = events[0]["seq"] - 1 if events else joined["seq"]
            self.diary.note("joined", epoch=joined["epoch"], seq=start, reset=False)
            self.position = (joined["epoch"], start)
        else:
            self.hear(joined)
            # One's own join follows once more, as an event, for clients that know no other way to hear of it.
            last = joined["events"][-1] if joined["events"] else {}
            self._own_join = last["seq"] if last.get("type") == "join" and last["member"]["id"] == self.person.id else 0

    async def _take(self, line, packet: str):
        if acknowledged := re.match(r"43/chat,(\d+)", packet):
            cid = self._asked.pop(int(acknowledged[1]), None)
            answer = json.loads(packet[acknowledged.end() :])[0]
            if cid and (wait := self.answered(cid, answer)) is not None:
                asyncio.get_running_loop().call_later(wait, self._written.set)
                if answer.get("code") == "not_member":
                    raise Lost("not a member any more")
        elif packet.startswith("42/chat,"):
            name, document, *_ = json.loads(packet.removeprefix("42/chat,"))
            if isinstance(document, dict) and "seq" in document and document.get("room") == self.room:
                self._show(name, document)
        elif packet.startswith(("41", "1")):
            raise Lost("disconnected")

    def _show(self, name: str, document: dict):
        if document["seq"] == self._own_join:
            self._own_join = 0
            return
        self.show(native(name, document), partial=True)

    async def _send(self, line):
        while True:
            self._written.clear()
            for cid in [cid for cid in self.unanswered if cid not in self._asked.values()]:
                self._ask += 1
                self._asked[self._ask] = cid
                text = self.unanswered[cid]
                self.diary.note("sent", cid=cid, text=text)
                await line.send(f"42/chat,{self._ask}{json.dumps(['chat', {'room': self.room, 'chat': text, 'cid': cid}])}")
            await self._written.wait()


class SocketIOPollClient(SocketIOClient):
    transport = "socket.io polling"
    line = PollingLine
