"""Plugins under pressure: one that is hostile, and one that is loaded anew again and again."""

import asyncio
import tempfile
import threading
import time
from pathlib import Path

import pytest

from load import PATIENCE, Peer, PressedServer, latency, show_memory
from server import REPOSITORY

#: No limit on sending, for those whose fan-out is measured.
FAST = ["--rate", "0", "--connections-per-address", "20000", "--connections", "20000"]


class PluginServer(PressedServer):
    """A server whose only plugins are those that the test writes."""

    def __init__(self, *settings: str, plugins: dict[str, str], rooms: int = 10):
        self._plugins = tempfile.TemporaryDirectory(prefix="roost-plugins-")
        for name, code in plugins.items():
            self.write(name, code)
        super().__init__(*settings, rooms=rooms, plugins=Path(self._plugins.name))

    def write(self, name: str, code: str):
        path = Path(self._plugins.name, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)

    def ask(self, command: str, answer: str) -> str:
        """Types a console command, and returns the line of what it prints that has `answer` in it."""
        since = len(self.said)
        self.type(command)
        deadline = time.monotonic() + PATIENCE
        while not (lines := [line for line in self.said[since:] if answer in line]):
            assert time.monotonic() < deadline, f"{command!r} did not answer {answer!r}: " + "".join(self.said[since:][-20:])
            time.sleep(0.001)
        return lines[0]


@pytest.fixture
def start_with():
    """A function that starts a server with these plugins alone."""
    servers = []

    def start_with(*settings: str, plugins: dict[str, str]) -> PluginServer:
        servers.append(PluginServer(*settings, plugins=plugins))
        return servers[-1]

    yield start_with
    for server in servers:
        assert server.is_running, "the server ended: " + "".join(server.said[-20:])
        server.stop()


def test_a_hostile_plugin(start_with, fanload, table):
    """A plugin that tries to run for ever at each message of a room."""
    snippets = (REPOSITORY / "Tests/Fixtures/lua/hostile.txt").read_text().split("\n----\n")
    quoted = ",\n".join(f"[====[\n{snippet}]====]" for snippet in snippets)
    code = f"""
        local load, tonumber, snippets = load, tonumber, {{ {quoted} }}
        roost.on("chat", function(e) load(snippets[tonumber(e.text)])() end, {{ room = "r9" }})
    """
    server = start_with(*FAST, plugins={"hostile.lua": code})
    usual = ["--rooms", 1, "--members", 50, "--senders", 5, "--rate", 200, "--duration", 60, "--drain", 20]
    alone = fanload.run(server, "fanout", *usual)
    running = fanload.begin(server, "fanout", *usual)
    sent = 0

    async def provoke():
        nonlocal sent
        peer = await Peer.connect(server)
        await peer.join("r9")
        while running.poll() is None:
            peer.send(type="chat", ref=sent, room="r9", text=str(sent % len(snippets) + 1))
            while (message := await peer.receive())["type"] != "ok":
                assert isinstance(message, dict) and message["type"] != "error", message
            sent += 1
            await asyncio.sleep(0.05)
        peer.close()

    asyncio.run(provoke())
    beside = fanload.report(running)
    stopped = sum("in a handler of 'chat'" in line for line in server.said)
    table("messages to it, and how often it was stopped before it was paused, or tried again", f"{sent:,}; {stopped}")
    table("another room, without and with it", f"{latency(alone)}; {latency(beside)}")
    table("p99 has moved by", f"{beside['latency_ms']['p99'] - alone['latency_ms']['p99']:.1f} ms")
    assert stopped > 0 and sent > stopped
    server.wait_until_left()


RELOADS = 1_000
MANIFEST = '{ "id": "stamp", "permissions": { "chat": ["modify"], "console": true } }'
STAMP = """
roost.on("chat", function(e)
  roost.keep.handled = (roost.keep.handled or 0) + 1
  return roost.modify {{ text = e.text .. " g{0}" }}
end, {{ phase = "transform" }})
roost.after("chat", function(e)
  if not e.text:find(" g{0}$") then roost.log.error("torn: %s in g{0}", e.text) end
end)
roost.console("handled", {{ help = "How many messages were handled." }}, function(c) c:print("handled %d", roost.keep.handled) end)
"""


def test_a_thousand_reloads(start_with, table):
    """1,000 reloads of a plugin while 20 people in ten rooms send 2,000 messages a second."""
    server = start_with(*FAST, plugins={"stamp/plugin.json": MANIFEST, "stamp/init.lua": STAMP.format(1)})
    done, took = threading.Event(), []
    # A second: of each person's messages, and of reloads.
    rate, pace = 100, 50

    def reload():
        try:
            start = time.monotonic()
            for generation in range(2, RELOADS + 2):
                time.sleep(max(0, start + generation / pace - time.monotonic()))
                server.write("stamp/init.lua", STAMP.format(generation))
                began = time.monotonic()
                server.ask("plugin reload stamp", f"stamp@g{generation} is live")
                took.append(time.monotonic() - began)
        finally:
            done.set()

    async def talk(peer: Peer, name: str, room: str, seen: list[dict]) -> int:
        """Sends until all the reloads are over, and reads until everything that was sent has come back."""
        answered, sent, began = 0, 0, time.monotonic()

        async def read(until):
            nonlocal answered
            while not until():
                message = await peer.receive()
                assert isinstance(message, dict), f"{name} was disconnected: {message}"
                assert message["type"] not in ("error", "exit"), message
                answered += message["type"] == "ok"
                if message["type"] == "chat":
                    seen.append(message)

        reading = asyncio.create_task(read(lambda: done.is_set() and answered == sent))
        while not done.is_set():
            while sent < (time.monotonic() - began) * rate:
                peer.send(type="chat", ref=sent, room=room, text=f"{name}.{sent}")
                sent += 1
            await asyncio.sleep(0.01)
        peer.send(type="chat", ref=sent, room=room, text=f"{name}.{sent}")
        sent += 1
        await reading
        return sent

    async def run() -> float:
        peers = [(await Peer.connect(server), f"p{number}", f"r{number // 2}") for number in range(20)]
        for peer, _, room in peers:
            await peer.join(room)
        seen = [[] for _ in peers]
        reloading, began = threading.Thread(target=reload), time.monotonic()
        reloading.start()
        sent = await asyncio.gather(*(talk(*peer, events) for peer, events in zip(peers, seen)))
        reloading.join()
        seconds = time.monotonic() - began
        for index, (peer, _, room) in enumerate(peers):
            # What the other in the room has said last may still be on its way.
            while len(seen[index]) < sent[index] + sent[index ^ 1]:
                seen[index].append(await peer.expect("chat"))
            peer.close()
        for index in range(0, len(peers), 2):
            ours, theirs = seen[index], seen[index + 1]
            assert [(event["seq"], event["text"]) for event in ours] == [(event["seq"], event["text"]) for event in theirs]
            words = [event["text"].split(" g") for event in ours]
            for one in (index, index + 1):
                assert [text for text, _ in words if text.startswith(f"p{one}.")] == [f"p{one}.{number}" for number in range(sent[one])]
            generations = [int(generation) for _, generation in words]
            assert generations == sorted(generations)
        total = sum(sent)
        assert int(server.ask("stamp handled", "handled ").split()[-1]) == total
        table("messages, and messages a second", f"{total:,}; {total / seconds:,.0f}")
        return seconds

    seconds = asyncio.run(run())
    took.sort()
    assert len(took) == RELOADS
    assert not any("torn" in line for line in server.said)
    table("reloads a second; from the command to its answer, median and most", f"{RELOADS / seconds:,.0f}; {took[RELOADS // 2] * 1000:.0f}, {took[-1] * 1000:.0f} ms")
    table("lost, doubled, handled by two generations, disconnected", "none")
    table("the server's memory, idle and at most", f"{show_memory(server.idle_memory)}, {show_memory(server.most_memory)}")
