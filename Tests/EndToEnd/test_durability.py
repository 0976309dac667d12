"""What an acknowledged message survives: the death of the process (`normal`), and that of the machine (`full`).

No power is cut here. `synced.c` keeps, of each file, what the server has waited for to be on the disk: the least that a
power cut leaves. A disk that says it has what it has not is beyond us.
"""

import shutil

import pytest

import preload
from roost import Server, chats, run, seqs


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    return preload.compiled("synced", tmp_path_factory.mktemp("shim"))


class PowerCut:
    """A server, and the files that would be left of it."""

    def __init__(self, folder, shim, durability):
        self.left = folder / "left"
        self.left.mkdir()
        self.server = Server(folder, "--rate", "0", "--durability", durability)
        preload.start(self.server, shim, SYNCED_FROM=self.server.data, SYNCED_TO=self.left)

    def syncs(self, name="roost.sqlite-wal"):
        log = self.left / "log"
        return log.read_text().split("\n").count(name) if log.exists() else 0

    def cut(self):
        """The machine dies, and another server starts with what is left."""
        self.server.kill()
        secret = (self.server.data / "secret").read_bytes()
        shutil.rmtree(self.server.data)
        self.server.data.mkdir()
        # The cookies' key is written once, at the first start: that it is on the disk by now is taken for granted.
        (self.server.data / "secret").write_bytes(secret)
        for file in self.left.glob("roost.sqlite*"):
            shutil.copy(file, self.server.data / file.name)
        self.server.start(self.server.port)
        return self.server


def talk(server, count):
    """Somebody says so much, one after the other. Returns who, where and the numbers that were acknowledged."""
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    return ann, room, [ann.say(room, f"message {number}", cid=str(number)) for number in range(count)]


def test_with_full_durability_each_answer_waited_for_the_disk_and_survives_a_power_cut(tmp_path, shim):
    machine = PowerCut(tmp_path, shim, "full")
    before = machine.syncs()
    ann, room, numbers = talk(machine.server, 20)
    assert machine.syncs() - before >= 20
    server = machine.cut()
    ann = ann.another_tab()
    ann.join(room)
    events = ann.history(room)
    assert seqs(events) == list(range(1, len(events) + 1))
    said = {event["seq"]: event["text"] for event in events if event["type"] == "chat"}
    assert [said[number] for number in numbers] == [f"message {number}" for number in range(20)]
    assert server.stop() == 0
    assert run("journal", "check", "--data", server.data).returncode == 0


def test_with_normal_durability_answers_do_not_wait_and_what_a_power_cut_leaves_is_sound(tmp_path, shim):
    machine = PowerCut(tmp_path, shim, "normal")
    ann, room, _ = talk(machine.server, 60)
    # The log is synced by checkpoints, once a second at the most, and not by each of the messages.
    assert machine.syncs() < 60
    server = machine.cut()
    if server.get(f"/room/{room}").status == 200:
        ann = ann.another_tab()
        ann.join(room)
        events = ann.history(room)
        assert seqs(events) == list(range(1, len(events) + 1)), "the last messages may be missing, and none in between"
        said = chats(events)
        assert said == [f"message {number}" for number in range(len(said))]
    assert server.stop() == 0
    assert run("journal", "check", "--data", server.data).returncode == 0


def test_with_normal_durability_the_death_of_the_process_loses_nothing(start):
    server = start("--durability", "normal")
    ann, room, numbers = talk(server, 50)
    server.kill()
    server.start(server.port)
    ann = ann.another_tab()
    ann.join(room)
    assert [event["seq"] for event in ann.history(room) if event["type"] == "chat"] == numbers
