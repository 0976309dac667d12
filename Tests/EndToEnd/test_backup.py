"""Backups made while people talk, and what a server makes of them."""

import os
import shutil
import sqlite3
import stat
import threading

import pytest

from gif import gif, image
from roost import Client, Server, chats, run, seqs


@pytest.fixture
def server(start):
    return start(plugins={"count.lua": 'roost.on("chat", function(e) e.user:data():incr("said") end)'})


def start_copy(folder, data, **options):
    """A server on a data folder that is not its own."""
    return Server(folder, "--rate", "0", data=data, **options).start()


def test_a_backup_under_load_has_everything_that_was_acknowledged_before_it(server, tmp_path):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room("Tea house", max=9)
    ann.join(room)
    bob.join(room)
    seq = ann.http("POST", f"/room/{room}/gif?caption=cat&cid=g", **image(gif(frames=3)))
    assert seq.status == 201
    server.console("ban", bob.id, room)
    going, done, acknowledged = threading.Event(), threading.Event(), []

    def talk():
        for number in range(100_000):
            acknowledged.append(ann.say(room, f"message {number}", cid=str(number)))
            if number == 200:
                going.set()
            if going.is_set() and done.is_set():
                return

    talker = threading.Thread(target=talk)
    talker.start()
    assert going.wait(60)
    before = list(acknowledged)
    made = server.console("backup", tmp_path / "copy")
    done.set()
    talker.join()
    assert made.returncode == 0 and made.stdout.startswith(f"Backed up to {tmp_path / 'copy'}"), made
    assert len(acknowledged) > len(before), "people talked on meanwhile"
    assert server.console("audit", "*", "backup").stdout.count("backup") >= 1

    folder = tmp_path / "copy"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    checked = run("journal", "check", "--data", folder)
    assert checked.returncode == 0 and "all is well" in checked.stdout, checked
    restored = run("journal", "restore", folder, "--data", tmp_path / "restored")
    assert restored.returncode == 0 and "Restored" in restored.stdout, restored

    (tmp_path / "other").mkdir()
    other = start_copy(tmp_path / "other", tmp_path / "restored", plugins={"count.lua": 'roost.on("chat", function(e) e:reply("no. " .. e.user:data():incr("said")) end)'})
    try:
        again = roost_person(other, ann)
        joined = again.join(room)
        assert (joined["you"]["name"], joined["you"]["role"], joined["room"]["title"]) == ("Ann", "owner", "Tea house")
        events = again.history(room)
        assert seqs(events) == list(range(1, len(events) + 1))
        kept = {event["seq"] for event in events if event["type"] == "chat"}
        assert kept >= set(before)
        shown = next(event for event in events if event["type"] == "gif")
        assert again.http("GET", shown["gif"]["url"]).body == gif(frames=3)
        assert again.http("GET", shown["gif"]["still"]).status == 200
        assert roost_person(other, bob).ask("join", room=room)["code"] == "banned"
        again.say(room, "once more")
        assert again.expect("notice")["text"] == f"no. {len(kept) + 1}", "plugins' stores are in it"
    finally:
        assert other.stop() == 0


def roost_person(server, person):
    """The same person at another server."""
    return Client(server, cookie=person.cookie)


def test_who_saw_more_than_a_backup_has_is_told_to_forget_it(server, tmp_path):
    ann = server.person("Ann")
    room = ann.create_room()
    first = ann.join(room)
    ann.say(room, "before")
    assert server.console("backup", tmp_path / "copy").returncode == 0
    seen = ann.say(room, "after, which will be gone")
    shutil.copytree(tmp_path / "copy", tmp_path / "second")
    epochs = {first["epoch"]}
    for number, data in enumerate([tmp_path / "copy", tmp_path / "second"]):
        folder = tmp_path / f"server {number}"
        folder.mkdir()
        other = start_copy(folder, data)
        again = roost_person(other, ann)
        # Other messages get the numbers of those that are gone.
        joined = again.join(room, epoch=first["epoch"], seq=seen)
        assert joined["reset"] is True and chats(joined["events"]) == ["before"]
        epochs.add(joined["epoch"])
        again.say(room, "something else")
        again.ask("exit", room=room)
        other.restart()
        assert roost_person(other, ann).join(room)["epoch"] == joined["epoch"], "only the first start of a copy changes it"
        assert other.stop() == 0
    assert len(epochs) == 3


def test_a_backup_overwrites_nothing(server, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    (there / "file").write_text("mine")
    refused = server.console("backup", there)
    assert refused.returncode == 1 and "is there already" in refused.stdout
    assert (there / "file").read_text() == "mine"
    assert "in the data folder itself" in server.console("backup", server.data / "copy").stdout
    assert "FOLDER" in server.console("backup").stdout
    assert server.console("backup", tmp_path / "nowhere" / "copy").returncode == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_backup_that_does_not_fit_leaves_nothing(server, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=64k tmpfs {small} 2>/dev/null") != 0:
        pytest.skip("no right to mount a small disk here")
    try:
        ann = server.person("Ann")
        room = ann.create_room()
        ann.join(room)
        for number in range(30):
            ann.say(room, "x" * 3000)
        refused = server.console("backup", small / "copy")
        assert refused.returncode == 1 and "nothing is left of it" in refused.stdout, refused
        assert list(small.iterdir()) == []
        ann.say(room, "and on")
    finally:
        assert os.system(f"umount {small}") == 0


def test_a_data_folder_is_not_overwritten_by_a_restore(server, tmp_path):
    assert server.console("backup", tmp_path / "copy").returncode == 0
    before = sorted(path.name for path in server.data.iterdir())
    refused = run("journal", "restore", tmp_path / "copy", "--data", server.data)
    assert refused.returncode == 1 and "is not empty" in refused.stderr
    assert sorted(path.name for path in server.data.iterdir()) == before
    (tmp_path / "copy" / "roost.sqlite").write_bytes(b"no database")
    refused = run("journal", "restore", tmp_path / "copy", "--data", tmp_path / "new")
    assert refused.returncode == 1 and "no SQLite database" in refused.stderr
    assert not (tmp_path / "new").exists()


def test_check_finds_what_must_not_be(server, tmp_path):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    for number in range(5):
        ann.say(room, f"{number}")
    assert ann.http("POST", f"/room/{room}/gif", **image(gif(color="010203"))).status == 201
    assert run("journal", "check", "--data", server.data).returncode == 0, "a server may be running"
    for number, (damage, complaint) in enumerate([
        ("DELETE FROM events WHERE seq = 4", "1 of the numbers"), ("DELETE FROM events WHERE seq = 1", "the first number is 2"),
        (f"DELETE FROM presence WHERE person = '{bob.id}'", f"{bob.id} has joined, has not left"),
        ("DELETE FROM events WHERE kind = 'join' AND seq = 2; UPDATE events SET seq = seq - 1 WHERE seq > 2", "has never joined"),
        ("DELETE FROM rooms", "is not there"), ("UPDATE events SET gif = 'abc' WHERE gif IS NOT NULL", "its file is not in"),
    ]):
        copy = tmp_path / f"copy {number}"
        assert server.console("backup", copy).returncode == 0
        database = sqlite3.connect(copy / "roost.sqlite")
        database.executescript(damage)
        database.close()
        checked = run("journal", "check", "--data", copy)
        assert checked.returncode == 1 and complaint in checked.stdout, (damage, checked)
