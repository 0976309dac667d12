"""A storm: real clients, a real server, and everything that goes wrong between them, judged in the end by the model."""

import asyncio
import json
import random
import re
import shutil
import tempfile
import time
from pathlib import Path

from websockets.sync.client import connect

import diary
from clients import Client, Person, Visitor, WebSocketClient
from http_clients import PollClient, StreamClient
from model import Judgement, Kept, judge
from socketio_client import SocketIOClient, SocketIOPollClient
from trouble import Trouble, World

#: Who talks in the hall, and how many come and go in the booth.
TALKERS = [WebSocketClient, WebSocketClient, WebSocketClient, StreamClient, StreamClient, PollClient, PollClient, SocketIOClient, SocketIOClient,
           SocketIOPollClient, SocketIOPollClient]
HALL_SEATS, BOOTH_SEATS, VISITORS = 100, 3, 7
#: Seconds between two messages of one person, on average.
EVERY = 0.5
#: Seconds in which, once everything works again, everything must have been answered, and everyone be gone.
CALM = 90.0

SETTINGS = ["--rate", "30", "--burst", "60", "--resume-grace", "1s", "--room-grace", "1h", "--ping", "5s", "--pong", "5s",
            "--connections-per-address", "10000"]


class Storm:
    """One storm of so many seconds. `folder` keeps the clients' diaries, and what the network and the server did."""

    def __init__(self, seconds: float, seed: int, folder: Path):
        self.seconds, self.seed, self.folder = seconds, seed, folder
        self.world = World(folder, seed, SETTINGS)
        self.trouble = Trouble(self.world, seed)
        self.clients: dict[str, Client] = {}
        self._diaries: list[diary.Diary] = []

    def run(self) -> Judgement:
        try:
            return asyncio.run(self._run())
        finally:
            (self.folder / "trouble.log").write_text("\n".join(self.world.proxy.log) + "\n")
            (self.folder / "server.log").write_text("".join(self.world.server.said))
            self.world.close()

    async def _run(self) -> Judgement:
        rooms = {self.world.server.make_room(title="Hall", max=HALL_SEATS): HALL_SEATS,
                 self.world.server.make_room(title="Booth", max=BOOTH_SEATS): BOOTH_SEATS}
        hall, booth = rooms
        self._admit(hall, booth)
        lives = [asyncio.create_task(client.run()) for client in self.clients.values()]
        await asyncio.to_thread(self.trouble.run, self.seconds)
        problems = await self._calm_down(lives)
        self._restart()
        kept = {room: self._read(room, seats) for room, seats in rooms.items()}
        (self.folder / "kept.json").write_text(json.dumps({room: vars(one) for room, one in kept.items()}, ensure_ascii=False))
        judgement = judge(kept, {name: diary.read(self.folder / f"{name}.jsonl") for name in self.clients})
        judgement.violations += self.trouble.violations + problems
        return judgement

    def _admit(self, hall: str, booth: str):
        die = random.Random(self.seed)
        people = [(kind, hall, EVERY) for kind in TALKERS] + [(Visitor, booth, 0)] * VISITORS
        for number, (kind, room, every) in enumerate(people):
            name = f"{kind.__name__.removesuffix('Client').lower()}-{number}"
            person = self._person(name)
            notes = diary.Diary(self.folder / f"{name}.jsonl", person.id, room)
            self._diaries.append(notes)
            self.clients[name] = kind(person, room, self.world.proxy.port, notes, die.randrange(2**32), every)

    def _person(self, name: str) -> Person:
        with self._connected() as socket:
            cookie = socket.response.headers["Set-Cookie"].split(";")[0]
            id = json.loads(socket.recv())["you"]["id"]
            socket.send(json.dumps({"type": "name", "ref": 1, "name": name}))
            assert json.loads(socket.recv())["type"] == "ok"
            return Person(cookie, id, name)

    def _connected(self):
        return connect(f"ws://127.0.0.1:{self.world.server.port}/ws", subprotocols=["roost.v1"], max_size=None, proxy=None, ping_interval=None)

    # The end

    async def _calm_down(self, lives: list[asyncio.Task]) -> list[str]:
        """Everything works again: what is not answered gets its answer, and then everyone leaves."""
        self.world.proxy.note("-- the end")
        if self.world.clock:
            self.world.clock.set(0)
        await asyncio.to_thread(self.world.proxy.heal)
        problems = []
        for client in self.clients.values():
            client.is_talking = False
        until = time.monotonic() + CALM
        while (waiting := [name for name, client in self.clients.items() if client.unanswered]) and time.monotonic() < until:
            await asyncio.sleep(0.1)
        if waiting:
            problems.append(f"unanswered: {waiting} still wait for answers after {CALM:.0f} s of calm")
        for client in self.clients.values():
            client.over.set()
        done, late = await asyncio.wait(lives, timeout=CALM)
        for life in done:
            life.result()
        for life in late:
            life.cancel()
        if late:
            problems.append(f"stuck: {len(late)} clients could not leave")
        for notes in self._diaries:
            notes.close()
        return problems

    def _restart(self):
        """What is judged is what is there after one more start."""
        if self.world.server.end() != 0:
            self.trouble.violations.append("died: asked to end, the server did not end well")
        if found := self.world.server.check_journal():
            self.trouble.violations.append(f"unsound: {found}")
        self.world.server.start()

    def _read(self, room: str, seats: int) -> Kept:
        """The whole history of a room in which nobody is left, up to the reader's own join."""
        with self._connected() as socket:
            def ask(**message) -> dict:
                while True:
                    socket.send(json.dumps({"ref": "asked", "room": room, **message}))
                    while (answer := json.loads(socket.recv(CALM))).get("ref") != "asked":
                        pass
                    if answer.get("code") not in ("rate", "full"):
                        return answer
                    time.sleep(answer.get("retry_after", 0.5))

            joined = ask(type="join")
            before = next(event["seq"] for event in reversed(joined["events"]) if event["type"] == "join" and event["member"]["id"] == joined["you"]["id"])
            events: list[dict] = []
            while before > 1:
                page = ask(type="history", before=before, limit=200)["events"]
                if not page:
                    break
                events = page + events
                before = page[0]["seq"]
            marked = re.search(rf"^marked:{room} +(\d+)", self.world.server.console("store", "mark", "scan"), re.MULTILINE)
            return Kept(room, joined["epoch"], seats, events, int(marked[1]) if marked else 0)


def storm(seconds: float, seed: int | None = None, keep: Path | None = None) -> tuple[Judgement, str]:
    """Runs one and says what happened. The diaries are kept in `keep`, or where something was wrong."""
    seed = random.randrange(10**6) if seed is None else seed
    folder = keep or Path(tempfile.mkdtemp(prefix="roost-storm-"))
    folder.mkdir(parents=True, exist_ok=True)
    running = Storm(seconds, seed, folder)
    judgement = running.run()
    lines = [f"Storm of {seconds:.0f} s, seed {seed}: {len(judgement.violations)} violations"]
    lines += [f"  {count:7,}  {what}" for what, count in sorted(judgement.counts.items())]
    lines.append("  trouble: " + ", ".join(f"{count} × {what}" for what, count in sorted(running.trouble.done.items())))
    lines += [f"  left out: {skipped}" for skipped in running.world.skipped]
    lines += [f"  VIOLATION {violation}" for violation in judgement.violations[:30]]
    if judgement.violations or keep:
        lines.append(f"  diaries and logs: {folder}")
    else:
        shutil.rmtree(folder)
    return judgement, "\n".join(lines)
