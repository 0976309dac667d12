"""Roost as a process that a test kills and starts again, at the same address and with the same data."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("ROOST_BIN") or str(REPOSITORY / ".build/debug/roost")
#: Seconds in which it must have started.
PATIENCE = 60


class Server:
    """`roost serve` in a folder of its own, running from the start.

    - `settings`: further flags
    - `pages`: a folder that is served as `/test/`, beside the browser client
    - `data`: the data folder, if it is not to be in the server's own
    - `plugins`: the plugins' folder
    - `prefix`: what the command is run by, such as `["nsenter", …]`
    - `environment`: variables beside those of the test, whose own settings for Roost do not reach the server
    """

    def __init__(self, *settings: str, pages: Path | None = None, data: Path | None = None, plugins: Path = REPOSITORY / "Plugins",
                 prefix: list[str] = [], environment: dict[str, str] = {}):
        self._folder = tempfile.TemporaryDirectory(prefix="roost-")
        self.folder = Path(self._folder.name)
        self.settings = settings
        self.data = data or self.folder / "data"
        self.plugins = plugins
        self.prefix = prefix
        self.public = REPOSITORY / "Public"
        if pages:
            self.public = self.folder / "public"
            shutil.copytree(REPOSITORY / "Public", self.public)
            shutil.copytree(pages, self.public / "test")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("ROOST_")} | environment
        self.port = lasting_port()
        #: Everything that was printed.
        self.said: list[str] = []
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def start(self):
        if not self.try_to_start():
            raise RuntimeError("The server did not start:\n" + "".join(self.said[-40:]))

    def try_to_start(self) -> bool:
        """Whether it listens now. If not, it has ended, and said why."""
        self._process = subprocess.Popen(
            [*self.prefix, BINARY, "serve", "--port", str(self.port), "--data", str(self.data), "--plugins", str(self.plugins),
             "--public", str(self.public), "--log-level", "warning", *self.settings],
            env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        listens, ended = threading.Event(), threading.Event()
        threading.Thread(target=self._read, args=[self._process, listens, ended], daemon=True).start()
        if not ended.wait(PATIENCE):
            self.kill()
        return listens.is_set()

    def _read(self, process: subprocess.Popen, listens: threading.Event, ended: threading.Event):
        for line in process.stdout:
            self.said.append(line)
            if "Roost is listening on http://" in line:
                listens.set()
                ended.set()
        ended.set()

    def expect(self, text: str):
        """Waits until a line with this text has been printed."""
        deadline = time.monotonic() + PATIENCE
        while not any(text in line for line in list(self.said)):
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} was not printed:\n" + "".join(self.said[-40:]))
            time.sleep(0.01)

    def type(self, command: str):
        """Types a console command. What it answers is in `said` by and by."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def console(self, *words: str) -> str:
        """What `roost console WORDS…` prints."""
        command = [*self.prefix, BINARY, "console", "--data", str(self.data), *words]
        return subprocess.run(command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout

    def check_journal(self) -> str:
        """What is wrong with the data of a server that is not running, by its own command; empty if nothing is."""
        command = [*self.prefix, BINARY, "journal", "check", "--data", str(self.data)]
        done = subprocess.run(command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> int:
        """Asks it to end, as whoever runs it does, and returns its exit status."""
        self._process.terminate()
        return self._process.wait(PATIENCE)

    def restart(self):
        self.end()
        self.start()

    def stop(self):
        self.kill()
        self._folder.cleanup()

    def metric(self, name: str) -> int:
        """What the server counts. Its `roost_connections` has the one that asks among them."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=PATIENCE) as answer:
            return int(re.search(rf"^{name} (\d+)", answer.read().decode(), re.MULTILINE)[1])

    def make_room(self, **fields) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/room", json.dumps({"title": "Test", **fields}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["id"]


def lasting_port() -> int:
    """A free port that no connection gets while the server is down: below those that Linux gives to clients."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("There is no free port.")
