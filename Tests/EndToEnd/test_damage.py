"""Databases that a server must not use: each is reported with one clear line, and left as it is."""

import hashlib
import os
import sqlite3
import subprocess

import pytest

from roost import BINARY, ENVIRONMENT, run


@pytest.fixture(scope="module")
def whole(start, tmp_path_factory):
    """A backup with some pages of messages in it."""
    server = start()
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    for number in range(200):
        ann.say(room, f"message {number} " + "x" * 300)
    folder = tmp_path_factory.mktemp("whole") / "copy"
    assert server.console("backup", folder).returncode == 0
    return (folder / "roost.sqlite").read_bytes()


@pytest.fixture
def refused(tmp_path):
    """Starts a server on a database in vain. Returns what it says."""
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "Plugins").mkdir()

    def refused(prepare, user=None):
        path = data / "roost.sqlite"
        prepare(path)
        before = {file.name: digest(file) for file in data.iterdir() if file.is_file()}
        done = subprocess.run(
            [BINARY, "serve", "--port", "0", "--data", data, "--plugins", tmp_path / "Plugins"], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60, env=ENVIRONMENT, user=user)
        assert done.returncode == 1 and done.stdout == "", done
        assert len(done.stderr.splitlines()) == 1 and f"{path} cannot be opened, and was left as it is" in done.stderr, done
        after = {file.name: digest(file) for file in data.iterdir() if file.is_file()}
        assert {name: after.get(name) for name in before} == before
        return done.stderr

    return refused


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_database_of_length_zero_is_no_new_one(refused):
    assert "it is empty" in refused(lambda path: path.write_bytes(b""))


def test_a_database_that_was_cut_off(refused, whole):
    said = refused(lambda path: path.write_bytes(whole[:len(whole) // 2]))
    assert "damaged" in said and f"{len(whole) // 2} of {len(whole)} bytes" in said and "journal restore" in said


@pytest.mark.parametrize("place", [20_000, 40_000, 60_000])
def test_a_database_with_flipped_bytes(refused, whole, place):
    page = place - place % 4096
    def flip(path):
        # The head of a page: what it is, and how much is on it.
        path.write_bytes(whole[:page] + bytes(byte ^ 0xFF for byte in whole[page:page + 16]) + whole[page + 16:])
    assert "damaged" in refused(flip)


def test_a_database_whose_beginning_was_overwritten(refused, whole):
    assert "no SQLite database" in refused(lambda path: path.write_bytes(b"\0" * 512 + whole[512:]))
    assert "no SQLite database" in refused(lambda path: path.write_bytes(b"this is no database " * 500))


def test_a_database_of_another_program(refused):
    def other(path):
        database = sqlite3.connect(path)
        database.executescript("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('a')")
        database.close()
    assert "database of another program" in refused(other)


def test_a_database_of_a_newer_version(refused, whole):
    def newer(path):
        path.write_bytes(whole)
        database = sqlite3.connect(path)
        database.executescript("INSERT INTO grdb_migrations VALUES ('99 telepathy'); ALTER TABLE rooms ADD COLUMN aura TEXT")
        database.close()
    said = refused(newer)
    assert "newer version" in said and "99 telepathy" in said


def test_a_database_that_is_gone_while_its_log_is_there(refused):
    assert "the database itself is not" in refused(lambda path: path.with_name("roost.sqlite-wal").write_bytes(b"x" * 4128))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make files that are another user's")
@pytest.mark.parametrize("mode", [0o600, 0o444])
def test_a_database_of_another_user(refused, whole, tmp_path, mode):
    for folder in [tmp_path, *tmp_path.parents][:3]:
        os.chmod(folder, 0o755)
    def others(path):
        path.write_bytes(whole)
        os.chmod(path, mode)
        os.chmod(path.parent, 0o777)
    assert "permission" in refused(others, user=65534).lower()


def test_a_path_that_is_a_folder(refused):
    assert "it is no file" in refused(lambda path: path.mkdir())


def test_check_says_the_same(tmp_path, whole):
    (tmp_path / "roost.sqlite").write_bytes(whole[:9000])
    checked = run("journal", "check", "--data", tmp_path)
    assert checked.returncode == 1 and "was cut off" in checked.stderr
    checked = run("journal", "check", "--data", tmp_path / "nowhere")
    assert checked.returncode == 1 and "No such file" in checked.stderr
