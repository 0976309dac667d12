"""Writes `N.sql` (and `people.json`, if it is not there) with a server of the version that is to be kept: see README.md."""

import json
import os
import shlex
import sqlite3
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / folder) for folder in ("EndToEnd", "Shared")]
os.environ["ROOST_BIN"] = sys.argv[1]

from gif import gif, image  # noqa: E402
from roost import Client, Server  # noqa: E402

PLUGIN = """
roost.on("chat", function(e)
  if e.text == "hold" then return roost.hold{ reason = "a moderator should see this", ttl = 86400 } end
  if e.text == "plan" then roost.schedule{ key = "tea", after = 3650 * 86400, event = "due", data = { cups = 2 } } end
  if e.text == "count" then e:reply("count " .. e.user:data():incr("count"), { public = true }) end
end)
roost.on("join", function(e) e.room:system("plain", { text = "somebody came" }) end, { phase = "after" })
"""


def fill(folder):
    server = Server(folder, "--rate", "0", plugins={"counter.lua": PLUGIN})
    people = HERE / "people.json"
    known = json.loads(people.read_text()) if people.exists() else None
    if known:
        server.data.mkdir()
        (server.data / "secret").write_bytes(bytes.fromhex(known["secret"]))
    server.start()

    def person(name):
        if known:
            return Client(server, cookie=known[name])
        return server.person(name)

    ann, bob, cem = person("Ann"), person("Bob"), person("Cem")
    for somebody, name in ((ann, "Ann"), (bob, "Bob"), (cem, "Cem")):
        somebody.ask("name", name=name)
    room = ann.create_room("Tea house", max=7, password="sesame")
    for somebody in (ann, bob, cem):
        somebody.join(room, password="sesame")
    ann.say(room, "안녕 👋", cid="first")
    bob.say(room, "an answer", reply_to=4, cid="second")
    assert ann.http("POST", f"/room/{room}/gif?caption=cat&cid=third", **image(gif(frames=3))).status == 201
    for _ in range(2):
        bob.say(room, "count")
    bob.ask("name", name="Bobby")
    fill_library(server, ann, bob)
    for command in (f'room set {room} topic "leaves"', f"room set {room} slow 0", f'say {room} "hello from the console"', f"room transfer {room} {bob.id}",
                    f"mute {bob.id} {room} 3650d loud", f"ban {cem.id} {room} spam", "room create Hall 20"):
        printed = server.console(*shlex.split(command))
        assert printed.returncode == 0, printed
    answer = ann.ask("chat", room=room, text="hold", cid="fourth")
    assert answer["type"] == "held", (answer, server.log.text)
    server.kill()
    if not known:
        people.write_text(json.dumps({
            "secret": (server.data / "secret").read_bytes().hex(), "Ann": ann.cookie, "Bob": bob.cookie, "Cem": cem.cookie}, indent=1) + "\n")
    return server.data / "roost.sqlite"


def version(server):
    """How many migrations this version of the server has."""
    with sqlite3.connect(server.data / "roost.sqlite") as database:
        return database.execute("SELECT count(*) FROM grdb_migrations").fetchone()[0]


def fill_library(server, ann, bob):
    """A room with what later versions know: plans, moderators, tags, changes of messages, reports, retention, the erased."""
    now = version(server)
    if now < 3:
        return
    room = ann.create_room("Library")
    for somebody in (ann, bob):
        somebody.join(room)
    ann.say(room, "plan")
    if now >= 4:
        for command in (f"role grant {bob.id} moderator in {room}", f"room set {room} tags quiet books"):
            assert server.console(*command.split()).returncode == 0, command
    if now >= 5:
        changed, deleted = ann.say(room, "before"), ann.say(room, "a slip")
        assert ann.ask("edit", room=room, of=changed, text="after")["type"] == "ok"
        assert bob.ask("react", room=room, of=changed, emoji="👍", on=True)["type"] == "ok"
        assert ann.ask("delete", room=room, of=deleted)["type"] == "ok"
        assert bob.ask("report", room=room, of=changed, why="too true")["type"] == "ok"
    if now >= 7:
        dora = Client(server)
        attic = dora.create_room("Attic")
        dora.join(attic)
        dora.say(attic, "erase me")
        for command in (f"erase user {dora.id} --yes", f"room set {room} retention 1000 --yes"):
            done = server.console(*command.split())
            assert done.returncode == 0, done


def dump(path, target):
    database = sqlite3.connect(path)
    # What waits for a moderator is to wait for as long as there are tests.
    database.execute("UPDATE held SET until = 4102444800000")
    (versions,) = database.execute("SELECT count(*) FROM grdb_migrations").fetchone()
    lines = [line for line in database.iterdump()]
    (Path(target) / f"{versions}.sql").write_text("\n".join(lines) + "\n")
    return versions


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print("wrote", dump(fill(folder), sys.argv[2]), "migrations")
