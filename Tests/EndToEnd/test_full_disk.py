"""A disk that gets full, or cannot be written any more, while the server runs."""

import os
import re
import subprocess

import pytest

import preload
from gif import gif, image
from roost import BINARY, ENVIRONMENT, Server, chats, eventually, run, seqs


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own."""
    path = tmp_path / "disk"
    path.mkdir()
    if os.system(f"mount -t tmpfs -o size=2m tmpfs {path} 2>/dev/null") != 0:
        pytest.skip("no right to mount a small disk here")
    yield path
    os.system(f"umount -l {path}")


def remount(path, how):
    return subprocess.run(["mount", "-o", f"remount,{how}", path], capture_output=True).returncode == 0


def fill(path):
    """Leaves nothing, not even the last bytes."""
    with open(path / "ballast", "ab", buffering=0) as ballast:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    ballast.write(b"x" * size)
            except OSError:
                pass


def test_on_a_full_disk_nothing_is_taken_and_nothing_lost_and_it_recovers_by_itself(tmp_path, disk):
    server = Server(tmp_path, "--rate", "0", data=disk / "data").start()
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    kept = [ann.say(room, f"message {number}", cid=f"a{number}") for number in range(50)]
    fill(disk)
    answers = [ann.ask("chat", room=room, text="y" * 3_000, cid=f"b{number}") for number in range(300)]
    refused = [number for number, answer in enumerate(answers) if answer["type"] == "error"]
    assert refused and {answers[number]["code"] for number in refused} == {"unavailable"}
    assert refused == list(range(refused[0], 300)), "once it is full, everything is refused"
    assert all(answers[number]["retry_after"] > 0 for number in refused)
    assert ann.http("POST", f"/room/{room}/gif", **image(gif(padding=60_000))).status == 503
    taken = [answer["seq"] for answer in answers if answer["type"] == "ok"]
    # What was stored can still be read, and nobody was shown what was not.
    assert [event["seq"] for event in bob.events(room) if event["type"] == "chat"] == kept + taken
    assert [event["seq"] for event in bob.history(room) if event["type"] == "chat"] == kept + taken
    assert server.person().ask("join", room=room)["code"] == "unavailable"
    # Bob's exit has to be stored some day; until then nothing else of the room is.
    bob.send({"type": "exit", "room": room, "ref": "exit"})
    assert ann.ask("chat", room=room, text="not yet", cid="c")["code"] == "unavailable"

    (disk / "ballast").unlink()
    assert eventually(lambda: ann.ask("chat", room=room, text="again", cid="d")["type"] == "ok")
    assert bob.answer("exit")["type"] == "ok"
    assert ann.say(room, "y" * 3_000, cid=f"b{refused[0]}"), "what was refused can be sent again, under the same cid"
    events = ann.history(room)
    assert seqs(events) == list(range(1, len(events) + 1))
    server.kill()
    server.start(server.port)
    ann = ann.another_tab()
    ann.join(room)
    after = ann.history(room)
    assert after[:len(events)] == events
    assert server.stop() == 0
    assert run("journal", "check", "--data", server.data).returncode == 0


def test_when_the_disk_becomes_read_only_nothing_is_taken_and_it_recovers_by_itself(tmp_path):
    server = Server(tmp_path, "--rate", "0")
    sign = tmp_path / "read-only"
    preload.start(server, preload.compiled("readonly", tmp_path), READONLY_FOLDER=server.data, READONLY_WHILE=sign)
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    first = ann.say(room, "before")
    sign.touch()
    for number in range(20):
        answer = ann.ask("chat", room=room, text="meanwhile", cid="m")
        assert answer.get("code") == "unavailable", answer
    assert [event["seq"] for event in bob.events(room) if event["type"] == "chat"] == [first]
    assert [event["seq"] for event in ann.history(room) if event["type"] == "chat"] == [first]
    sign.unlink()
    assert eventually(lambda: ann.ask("chat", room=room, text="again", cid="m")["type"] == "ok")
    assert chats(ann.history(room)) == ["before", "again"]
    assert server.stop() == 0
    assert run("journal", "check", "--data", server.data).returncode == 0


def test_a_folder_that_cannot_be_written_is_named_at_the_start(tmp_path, disk):
    (disk / "data").mkdir()
    if not remount(disk, "ro"):
        pytest.skip("no right to make a disk read-only here")
    done = run("serve", "--port", "0", "--data", disk / "data", "--plugins", tmp_path)
    assert done.returncode == 1 and str(disk / "data") in done.stderr and "Read-only" in done.stderr


@pytest.mark.parametrize("log", ["a full disk", "a pipe that nobody reads"])
def test_what_cannot_be_logged_is_lost_and_nothing_else(tmp_path, log):
    server = Server(tmp_path, plugins={"loud.lua": 'roost.on("chat", function(e) roost.log.info(e.text) end)'})
    if log == "a full disk":
        errors = open("/dev/full", "w")
    else:
        reading, writing = os.pipe()
        os.close(reading)
        errors = os.fdopen(writing, "w")
    with errors:
        server.process = subprocess.Popen(
            [BINARY, "serve", *server.arguments()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
            env=ENVIRONMENT, cwd=server.folder)
    server.port = int(re.search(r":(\d+)$", server.process.stdout.readline())[1])
    server.process.stdout.close()
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    ann.say(room, "Is anybody listening?")
    assert "Is anybody listening?" in server.console("log").stdout, "what is kept in memory is there all the same"
    assert server.stop() == 0
