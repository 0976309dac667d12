"""People with an application as python-socketio's documentation has it: it joins whenever it is connected, and does not say where it was."""

import asyncio

import requests
import socketio.exceptions

from clients import PATIENCE, Client, Lost
from ordered_socketio import OrderedSocketIO
from socketio_client import native


#: Seconds without a connection or an answer after which one begins anew, as by loading a page again: a torn answer can end the
#: thread by which the library connects again, or the one by which it sends.
GIVEN_UP = 20.0


class PlainClient(Client):
    """What happens while it is away it may miss. What it is shown it is shown once, in order, and without a hole between two
    losses of the connection.

    The library has threads of its own; whatever it says is heard in the loop's, in the same order.
    """

    transport = "python-socketio"
    #: `None`: polling, and then an upgrade.
    transports: list[str] | None = None

    async def session(self):
        loop = asyncio.get_running_loop()
        session = requests.Session()
        session.trust_env = False
        # A header it would send only once.
        session.cookies.set(*self.person.cookie.split("=", 1))
        self._socket = OrderedSocketIO(
            http_session=session, reconnection_delay=0.1, reconnection_delay_max=0.5, request_timeout=PATIENCE,
            websocket_extra_options={"http_no_proxy": ["*"]})
        self._is_in = False
        self._left = asyncio.Event()
        self._forget()
        self._socket.on("connect", lambda: loop.call_soon_threadsafe(self._connected), namespace="/chat")
        self._socket.on("disconnect", lambda reason: loop.call_soon_threadsafe(self._lost, reason), namespace="/chat")
        self._socket.on("*", lambda *event: loop.call_soon_threadsafe(self._take, *event), namespace="/chat")
        sending = asyncio.create_task(self._send())
        try:
            await asyncio.to_thread(self._connect)
            await self._stay()
            if self.die.random() < 0.5:
                self._emit("exit", self.room, lambda _: self._left.set())
                async with asyncio.timeout(PATIENCE):
                    await self._left.wait()
        finally:
            sending.cancel()
            await asyncio.to_thread(self._end)

    async def _stay(self):
        """Until everything is over."""
        loop = asyncio.get_running_loop()
        last_in = loop.time()
        while not self.over.is_set():
            await asyncio.sleep(0.1)
            if self._is_in:
                last_in = loop.time()
            elif loop.time() > last_in + GIVEN_UP:
                raise Lost("the library does not connect again")
            if any(loop.time() > asked_at + GIVEN_UP for asked_at in self._asked.values()):
                raise Lost("the library does not send")

    def _connect(self):
        self._socket.connect(
            f"http://127.0.0.1:{self.port}", transports=self.transports, namespaces=["/chat"], retry=True, wait=False)

    def _end(self):
        self._socket.reconnection = False
        self._socket.shutdown()
        self._socket.eio.http.close()

    def _emit(self, name: str, data, answered):
        loop = asyncio.get_running_loop()
        try:
            self._socket.emit(name, data, namespace="/chat", callback=lambda answer: loop.call_soon_threadsafe(answered, answer))
        except socketio.exceptions.BadNamespaceError:
            pass  # The connection is lost, and that will be heard.

    # Being in the room

    def _connected(self):
        # The library does not always say that a connection is gone before it has another.
        if self._is_in:
            self._lost("connected anew")
        self._join()

    def _join(self):
        self._emit("join", {"room": self.room}, self._joined)

    def _joined(self, answer: dict):
        if answer["type"] != "joined":
            self.diary.note("lost", why=f"refused: {answer.get('code')}")
            asyncio.get_running_loop().call_later(0.5, self._join)
            return
        self._let_in(answer)
        self.diary.note("at", seq=answer["seq"])

    def _let_in(self, joined: dict):
        if not self._is_in:
            self.diary.note("joined", epoch=joined["epoch"], seq=None, reset=False)
        # One's own join follows once more, as an event, for clients that know no other way to hear of it.
        last = joined["events"][-1] if joined["events"] else {}
        self._own_join = last["seq"] if last.get("type") == "join" and last["member"]["id"] == self.person.id else 0
        self._is_in = True
        self.position = (joined["epoch"], joined["seq"])
        self._written.set()

    def _lost(self, reason: str):
        self.diary.note("lost", why=reason)
        self._forget()

    def _forget(self):
        self._is_in = False
        self._own_join = 0
        #: When each message was sent that is not answered, by its cid.
        self._asked: dict[str, float] = {}

    def _take(self, name: str, document=None, *_):
        if name == "joined":
            # Its seat has waited for it.
            self._let_in(document)
        elif not self._is_in:
            pass  # Left from a connection that the library has given up.
        elif isinstance(document, dict) and "seq" in document and document.get("room") == self.room and document["seq"] != self._own_join:
            self.show(native(name, document), partial=True)

    # Saying things

    async def _send(self):
        while True:
            for cid in [cid for cid in self.unanswered if self._is_in and cid not in self._asked]:
                self._asked[cid] = asyncio.get_running_loop().time()
                text = self.unanswered[cid]
                self.diary.note("sent", cid=cid, text=text)
                self._emit("chat", {"room": self.room, "chat": text, "cid": cid}, lambda answer, cid=cid: self._answered(cid, answer))
            self._written.clear()
            await self._written.wait()

    def _answered(self, cid: str, answer: dict):
        self._asked.pop(cid, None)
        wait = self.answered(cid, answer)
        if wait is None:
            return
        if answer.get("code") == "not_member" and self._is_in:
            self._lost("not a member any more")
            self._join()
        asyncio.get_running_loop().call_later(wait, self._written.set)


class PlainPollClient(PlainClient):
    transport = "python-socketio polling"
    transports = ["polling"]
