"""The servers under test, started once for a run."""

import os
import sys
import tempfile

import pytest

sys.dont_write_bytecode = True

from roost_process import REPOSITORY, RoostProcess


@pytest.fixture(scope="session")
def echo_url():
    """A WebSocket echo: $ROOST_ECHO_URL, or `roost bench echo`."""
    if given := os.environ.get("ROOST_ECHO_URL"):
        yield given
        return
    process = RoostProcess(["bench", "echo", "--port", "0"], r"Roost echoes on (ws://\S+)")
    yield process.announced
    died = not process.is_running
    process.stop()
    assert not died, "the echo server died: " + "".join(process.lines)


@pytest.fixture(scope="session")
def start_roost():
    """A function that starts `roost serve` with more flags and returns its host and port."""
    started = []
    folder = tempfile.TemporaryDirectory()

    def start(*flags: str) -> tuple[str, int]:
        data = os.path.join(folder.name, str(len(started)))
        process = RoostProcess(
            ["serve", "--port", "0", "--data", data, "--plugins", str(REPOSITORY / "Plugins"), *flags]
            + ([] if "--public" in flags else ["--public", str(REPOSITORY / "Public")]),
            r"Roost is listening on http://(\S+)")
        started.append(process)
        host, port = process.announced.rsplit(":", 1)
        return host, int(port)

    yield start
    died = [process for process in started if not process.is_running]
    for process in started:
        process.stop()
    folder.cleanup()
    assert not died, "a server died: " + "".join(line for process in died for line in process.lines)
