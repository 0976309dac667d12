"""Databases of every version so far: each opens, and everything in it is there afterwards."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from gif import gif
from roost import Client, chats, run, seqs

FIXTURES = Path(__file__).resolve().parents[1] / "Fixtures" / "journal"
VERSIONS = sorted(FIXTURES.glob("*.sql"), key=lambda path: int(path.stem))
PEOPLE = json.loads((FIXTURES / "people.json").read_text())
COUNTER = 'roost.on("chat", function(e) if e.text == "count" then e:reply("count " .. e.user:data():incr("count"), { public = true }) end end)'


@pytest.fixture(params=VERSIONS, ids=lambda path: path.stem)
def old(request, tmp_path):
    """A data folder as that version left it when it was killed."""
    data = tmp_path / "data"
    (data / "files").mkdir(parents=True)
    (data / "secret").write_bytes(bytes.fromhex(PEOPLE["secret"]))
    database = sqlite3.connect(data / "roost.sqlite")
    database.executescript(request.param.read_text())
    (digest,) = database.execute("SELECT gif FROM events WHERE gif IS NOT NULL").fetchone()
    database.close()
    for name in (digest, f"{digest}-still"):
        (data / "files" / f"{name}.gif").write_bytes(gif(frames=3))
    return data


def rows(path):
    """Every row by its table."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {table: [dict(row) for row in database.execute(f"SELECT * FROM {table}")] for table in tables}
    database.close()
    return found


def has(row, wanted):
    return all(row.get(name) == value for name, value in wanted.items())


def test_every_row_is_there_afterwards(start, old):
    before = rows(old / "roost.sqlite")
    server = start(data=old)
    assert server.stop() == 0
    after = rows(old / "roost.sqlite")
    assert before["events"] and before["people"] and before["stores"] and before["audit"]
    for table, wanted in before.items():
        if table == "presence":
            assert after[table] == [], "who was there when the server was killed has left"
            continue
        lost = [row for row in wanted if not any(has(there, row) for there in after[table])]
        assert not lost, (table, lost)
    checked = run("journal", "check", "--data", old)
    assert checked.returncode == 0, checked


def test_people_find_everything_as_it_was(start, old):
    before = rows(old / "roost.sqlite")
    (room,) = [row["id"] for row in before["rooms"] if row["title"] == "Tea house"]
    server = start(plugins={"counter.lua": COUNTER}, data=old)
    ann, bob, cem = (Client(server, cookie=PEOPLE[name]) for name in ("Ann", "Bob", "Cem"))
    assert [person.welcome["you"]["name"] for person in (ann, bob, cem)] == ["Ann", "Bobby", "Cem"]
    assert ann.ask("join", room=room, password="wrong")["code"] == "wrong_password"
    joined = ann.join(room, password="sesame")
    shown = joined["room"]
    assert (shown["title"], shown["max"], shown["topic"], shown["has_password"]) == ("Tea house", 7, "leaves", True)
    assert shown["owner"]["id"] == bob.id
    events = ann.history(room)
    assert seqs(events) == list(range(1, len(events) + 1))
    assert chats(events) == ["안녕 👋", "an answer", "count", "count 1", "count", "count 2"]
    assert [event.get("reply_to") for event in events if event["type"] == "chat"][1] == 4
    (picture,) = [event for event in events if event["type"] == "gif"]
    assert picture["caption"] == "cat" and ann.http("GET", picture["gif"]["url"]).body == gif(frames=3)
    kinds = [event["type"] for event in events]
    assert all(kind in kinds for kind in ("join", "exit", "system", "name", "owner", "topic")), kinds
    joins, exits = kinds.count("join"), kinds.count("exit")
    assert joins == exits + 1, "all but Ann, who has just come, have left"
    # A message that was sent before is the same one.
    assert ann.say(room, "안녕 👋", cid="first") == next(event["seq"] for event in events if event.get("cid") == "first")
    assert cem.ask("join", room=room, password="sesame")["code"] == "banned"
    bob.join(room, password="sesame")
    assert bob.ask("chat", room=room, text="hello")["code"] == "muted"
    assert server.console("unmute", bob.id).returncode == 0
    bob.say(room, "count")
    assert ann.expect("chat", text="count 3")["from"]["bot"] is True, "the plugin goes on counting"
    held = server.type("held")
    if "held" in before:
        waiting = re.search(r"h_\w+", held).group()
        assert "Done" in server.type(f"approve {waiting}")
        assert ann.expect("chat", text="hold")["from"]["id"] == ann.id
    assert "say" in server.type("audit root") and "ban" in server.type("audit root ban")
    assert "Hall" in server.type("rooms")


def test_what_later_versions_know_is_as_it_was(start, old):
    before = rows(old / "roost.sqlite")
    library = [row["id"] for row in before["rooms"] if row["title"] == "Library"]
    if "schedules" not in before:
        assert not library, "versions that know nothing of this have no such room"
        return
    (room,) = library
    server = start(plugins={"counter.lua": COUNTER}, data=old)
    ann, bob = (Client(server, cookie=PEOPLE[name]) for name in ("Ann", "Bob"))
    joined = bob.join(room)
    ann.join(room)
    messages = [event for event in ann.history(room) if event["type"] in ("chat", "deleted")]
    assert chats(messages)[0] == "plan"
    plans = server.type("schedules counter")
    assert "tea" in plans and "due" in plans, plans
    if "moderators" in before:
        assert joined["you"]["role"] == "moderator" and joined["room"]["tags"] == ["quiet", "books"]
        assert "Bobby" in server.type(f"role list {room}")
    if "reactions" in before:
        _, changed, deleted = messages
        assert changed["text"] == "after" and changed["edited_at"], changed
        assert [(reaction["emoji"], reaction["count"]) for reaction in changed["reactions"]] == [("👍", 1)]
        assert deleted["type"] == "deleted" and "text" not in deleted
        assert ann.ask("react", room=room, of=changed["seq"], emoji="👍", on=True)["type"] == "ok"
        assert "too true" in server.type("reports")
    if "keeping" in before:
        assert "1000 events (of this room)" in server.type(f"room {room}")
    assert server.stop() == 0
    checked = run("journal", "check", "--data", old)
    assert checked.returncode == 0, checked
