"""The server under test, with a folder of files made for it."""

import pytest

from wire import Wire

PAGE = b"<!DOCTYPE html><title>Roost</title>\n"
LETTERS = b"abcdefghijklmnopqrstuvwxyz"
SECRET = b"nobody may read this"


@pytest.fixture(scope="session")
def public(tmp_path_factory):
    """Files to serve, and beside their folder two that are not."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "Public-not").mkdir()
    (folder / "Public-not" / "secret.txt").write_bytes(SECRET)
    public = folder / "Public"
    (public / "js").mkdir(parents=True)
    (public / "index.html").write_bytes(PAGE)
    (public / "room.html").write_bytes(PAGE)
    (public / "letters.txt").write_bytes(LETTERS)
    (public / "empty.txt").write_bytes(b"")
    (public / "js" / "main.js").write_bytes(b"export const roost = 1\n")
    return public


@pytest.fixture(scope="session")
def address(start_roost, public):
    return start_roost("--public", str(public), "--connections-per-address", "1000")


@pytest.fixture
def wire(address):
    with Wire(address) as wire:
        yield wire


@pytest.fixture
def connect(address):
    """For tests that need more than one connection."""
    return lambda: Wire(address)
