"""Roost as a child process, for the suites that speak to it from outside."""

import os
import queue
import re
import subprocess
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def binary() -> str:
    """$ROOST_BIN, or the debug build of this repository."""
    return os.environ.get("ROOST_BIN") or str(REPOSITORY / ".build/debug/roost")


class RoostProcess:
    """Starts `roost` and waits for the line on which it says where it listens.

    `announced` is the pattern's match in that line. Everything the process prints is kept in `lines`.
    """

    def __init__(self, arguments: list[str], pattern: str, seconds: float = 30):
        # Settings from this environment must not reach the server; ROOST_BIN itself would be an unknown one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROOST_")}
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [binary(), *arguments], cwd=REPOSITORY, env=environment, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self._read, daemon=True).start()
        self.announced = self._await(pattern, seconds)

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line)
            self._queue.put(line)
        self._queue.put(None)

    def _await(self, pattern: str, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.stop()
                raise RuntimeError(f"{' '.join(self._process.args)} did not print {pattern!r}:\n{''.join(self.lines)}")
            if found := re.search(pattern, line):
                return found.group(1)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
