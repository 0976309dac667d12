"""What goes wrong, one thing after the other, by a seeded die: in the network, the process, the disk, the clock and the plugins."""

import random
import time
from pathlib import Path

from disk import NotPermitted, SmallDisk
from proxy import FaultProxy
from server import Server
from wall_clock import WallClock

#: What each trouble weighs in the die. About every fifth is the end of the process.
WEIGHTS = {
    "cut": 5, "stall": 3, "forget": 2, "weather": 5, "calm": 2, "kill": 5, "restart": 1, "reload": 4, "clock": 2, "full": 2, "read-only": 1,
}

#: Seconds that the machine's clock is off, as the server sees it.
JUMPS = [0, 3_600, -3_600, 86_400, -86_400, 1_000_000, -5, 5]

#: Marks what it lets through, so that the model sees which version was at work, and that it was exactly one; and counts that.
PLUGIN = """\
-- Drops what is forbidden, and marks everything else with the number of this version. Counts in its store what it has marked.
roost.on("chat", function(e)
  if e.text:find("forbidden", 1, true) then return roost.drop("That is forbidden.") end
end)

roost.on("chat", function(e)
  roost.store:incr("marked:" .. e.room.id)
  return roost.modify { text = e.text .. " ~%d" }
end, { phase = "decorate" })
"""


class World:
    """A server on a small disk, with a clock that can be set and a plugin that changes, behind a network that fails.

    What this machine does not permit is left out, and said in `skipped`.
    """

    def __init__(self, folder: Path, seed: int, settings: list[str]):
        self.skipped: list[str] = []
        self.plugins = folder / "Plugins"
        self.plugins.mkdir()
        self.version = 0
        self.write_plugin()
        try:
            self.clock = WallClock(folder)
        except FileNotFoundError as reason:
            self.clock = None
            self.skipped.append(f"jumps of the clock ({reason})")
        try:
            # Room for what a storm of an hour leaves, and little enough to be filled at once.
            self.disk = SmallDisk(megabytes=512)
        except NotPermitted as reason:
            self.disk = None
            self.skipped.append(f"a full and a read-only disk ({reason})")
        self.server = Server(
            *settings, data=self.disk.folder / "data" if self.disk else None, plugins=self.plugins,
            prefix=self.disk.prefix if self.disk else [], environment=self.clock.environment if self.clock else {})
        self.proxy = FaultProxy(self.server.port, seed)
        # An answer to a poll of Engine.IO is given once, and what somebody else is told of it is lost.
        self.proxy.single = [b"transport=polling"]

    def write_plugin(self):
        self.version += 1
        (self.plugins / "mark.lua").write_text(PLUGIN % self.version)

    def close(self):
        self.proxy.close()
        self.server.stop()
        if self.disk:
            self.disk.remove()


class Trouble:
    """Makes trouble in a world until it is told to stop. Runs in a thread of its own: the clients must go on meanwhile."""

    def __init__(self, world: World, seed: int):
        self.world = world
        self.server, self.proxy, self.disk = world.server, world.proxy, world.disk
        self.die = random.Random(seed)
        self.weights = dict(WEIGHTS)
        if not world.disk:
            del self.weights["full"], self.weights["read-only"]
        if not world.clock:
            del self.weights["clock"]
        #: What the server should not have done: end by itself, or start where it cannot work.
        self.violations: list[str] = []
        #: How often each was done.
        self.done: dict[str, int] = {}

    def run(self, seconds: float):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            # The worst comes first: it belongs in the shortest storm too.
            trouble = self.die.choices(list(self.weights), self.weights.values())[0] if self.done else "kill"
            self.done[trouble] = self.done.get(trouble, 0) + 1
            self.proxy.note(f"-- {trouble}")
            if not self.server.is_running:
                self.violations.append(f"died: the server ended by itself before {trouble!r}")
                self.server.start()
            getattr(self, trouble.replace("-", "_"))()
            time.sleep(self.die.uniform(0.1, 1.5))

    # The network

    def cut(self):
        self.proxy.cut(self.die.choice([0.3, 1.0]), reset=self.die.random() < 0.5)

    def stall(self):
        self.proxy.stall(self.die.uniform(0.2, 3))

    def forget(self):
        self.proxy.forget(0.3)

    def weather(self):
        self.proxy.drop = self.die.choice([0, 0, 0.3])
        self.proxy.duplicate = self.die.choice([0, 0.5])
        self.proxy.delay = self.die.choice([0, 0.02, 0.2])
        self.proxy.trickle = self.die.choice([0, 0, 0.3])
        self.proxy.tear = self.die.choice([0, 0.02, 0.1])

    def calm(self):
        self.proxy.heal()

    # The process

    def kill(self):
        self.server.kill()
        time.sleep(self.die.uniform(0, 0.3))
        self.server.start()

    def restart(self):
        if (status := self.server.end()) != 0:
            self.violations.append(f"died: asked to end, the server ended with {status}")
        self.server.start()

    def reload(self):
        self.world.write_plugin()
        self.server.type("plugin reload mark")

    # The machine

    def clock(self):
        jump = self.die.choice(JUMPS)
        self.proxy.note(f"clock {jump:+} s")
        self.world.clock.set(jump)

    def full(self):
        if self.die.random() < 0.7:
            # Its write-ahead log is gone then. A log that has grown has room for a while.
            self.restart()
        self.disk.fill(leaving=self.die.choice([0, 0, 20_000]))
        time.sleep(self.die.uniform(0.5, 3))
        if self.die.random() < 0.3:
            self.server.kill()
            # It may start, or say why it cannot.
            if not self.server.try_to_start():
                self._expect_reason("disk")
        self.disk.free()
        if not self.server.is_running:
            self.server.start()

    def read_only(self):
        self.server.kill()
        self.disk.set_read_only(True)
        if self.server.try_to_start():
            self.violations.append("started: on a disk that it cannot write to")
            self.server.kill()
        else:
            self._expect_reason("read-only")
        self.disk.set_read_only(False)
        self.server.start()

    def _expect_reason(self, word: str):
        """It must have said why it did not start, in one line."""
        said = "".join(self.server.said[-3:])
        self.proxy.note(f"it said: {said.strip()}")
        if "roost: " not in said:
            self.violations.append(f"silent: with a {word} disk the server did not start and said {said!r}")
