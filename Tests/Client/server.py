"""Roost as a process that a test kills and starts again, at the same address and with the same data."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).parent / "page"


class Server:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        # The browser client as it is, and beside it the page of these tests.
        public = Path(self._folder.name) / "public"
        shutil.copytree(REPOSITORY / "Public", public)
        shutil.copytree(PAGE, public / "test")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        #: Everything that was printed.
        self.said: list[str] = []
        self.start()

    def start(self):
        binary = os.environ.get("ROOST_BIN") or str(REPOSITORY / ".build/debug/roost")
        # Settings from this environment must not reach the server; ROOST_BIN itself would be an unknown one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROOST_")}
        folder = Path(self._folder.name)
        self._process = subprocess.Popen(
            [binary, "serve", "--port", str(self.port), "--data", str(folder / "data"), "--plugins", str(REPOSITORY / "Plugins"),
             "--public", str(folder / "public"), "--log-level", "warning", "--rate", "20",
             # It takes what was written during an outage, and comes all at once, for a flood.
             "--disabled-plugins", "guard"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        listening = threading.Event()
        threading.Thread(target=self._read, args=[self._process, listening], daemon=True).start()
        if not listening.wait(20):
            raise RuntimeError("The server did not start:\n" + "".join(self.said))

    def _read(self, process: subprocess.Popen, listening: threading.Event):
        for line in process.stdout:
            self.said.append(line)
            if "Roost is listening on http://" in line:
                listening.set()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def restart(self):
        """As whoever runs it does."""
        self._process.terminate()
        self._process.wait(20)
        self.start()

    def stop(self):
        self.kill()
        self._folder.cleanup()

    def make_room(self, **fields) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/room", json.dumps({"title": "Test", **fields}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["id"]
