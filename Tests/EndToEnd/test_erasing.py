"""A room's or a person's data out, and a person gone."""

import base64
import json
import sqlite3
import stat

import pytest

from gif import gif, image
from roost import Room, chats, eventually, run, seqs

PLUGIN = """
roost.on("chat", function(e)
  e.user:data():set("words", e.text)
  if e.text:find("hold") then return roost.hold{ reason = "look", ttl = 600 } end
  if e.text:find("spam") then return roost.drop("No spam.") end
end)
"""
SECRET = "gooseberry"


@pytest.fixture
def server(start):
    server = start("--resume-grace", "60s", plugins="standard")
    server.write_plugin("zz_words.lua", PLUGIN)
    server.restart()
    return server


@pytest.fixture
def life(server):
    """Somebody who has done all there is to do, and a bystander. The words that are theirs alone have SECRET in them."""
    ann, zoe = server.person("Ann"), server.person("Zoegoose")
    room = ann.create_room("Tea house")
    ann.join(room)
    zoe.join(room)
    zoe.say(room, f"first {SECRET}", cid="z1")
    ann.say(room, "an answer", reply_to=3)
    assert zoe.http("POST", f"/room/{room}/gif?caption={SECRET}", **image(gif(color="0f0f0f"))).status == 201
    shared = gif(color="1f1f1f")
    for person in (zoe, ann):
        assert person.http("POST", f"/room/{room}/gif", **image(shared)).status == 201
    assert zoe.ask("chat", room=room, text=f"hold {SECRET}")["type"] == "held"
    assert zoe.ask("chat", room=room, text=f"spam {SECRET}")["type"] == "error"
    assert zoe.ask("whisper", room=room, to=ann.id, text=f"psst {SECRET}")["type"] == "ok"
    zoe.ask("name", name="Zoe Goose")
    second = zoe.create_room("Hers")
    zoe.join(second)
    for command in (f"role grant {zoe.id} moderator {room}", f"room transfer {second} {zoe.id}", f"mute {ann.id} {second} 1h"):
        server.console(*command.split())
    zoe.ask("mute", room=room, member=ann.id, seconds=1)
    eventually(lambda: "mute" in server.type(f"audit * {ann.id}"))
    return ann, zoe, room, second


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_room_is_exported_as_its_events(server, life, tmp_path):
    ann, _, room, _ = life
    done = server.console("export", "room", room, tmp_path / "room.jsonl")
    assert done.returncode == 0 and "Exported" in done.stdout, done
    head, *events, end = lines(tmp_path / "room.jsonl")
    assert head["type"] == "room" and head["room"]["title"] == "Tea house"
    assert end == {"type": "end", "lines": len(events) + 1}
    assert events == ann.history(room), "as the protocol has them"
    assert stat.S_IMODE((tmp_path / "room.jsonl").stat().st_mode) == 0o600


def test_a_person_gets_everything_about_them_and_nothing_of_others(server, life, tmp_path):
    ann, zoe, room, second = life
    eventually(lambda: server.console("why", f"{room}:1"))
    done = server.console("export", "user", zoe.id, tmp_path / "zoe.jsonl")
    assert done.returncode == 0, done
    *found, end = lines(tmp_path / "zoe.jsonl")
    assert end == {"type": "end", "lines": len(found)}
    rows = {}
    for line in found:
        if line["type"] == "row":
            rows.setdefault(line["table"], []).append(line["row"])
    assert rows["people"][0]["name"] == "Zoe Goose" and rows["rooms"][0]["title"] == "Hers"
    assert any(row["key"] == "words" for row in rows["stores"]) and f"hold {SECRET}" in [row["text"] for row in rows["held"]]
    assert {row["room"] for row in rows["presence"]} == {room, second}
    said = [line for line in found if line["type"] == "chat"]
    assert [line["text"] for line in said] == [f"first {SECRET}"] and all(line["from"]["id"] == zoe.id for line in said)
    files = [base64.b64decode(line["base64"]) for line in found if line["type"] == "file"]
    assert sorted(files) == sorted([gif(color="0f0f0f"), gif(color="1f1f1f")])
    assert "an answer" not in (tmp_path / "zoe.jsonl").read_text()
    again = server.console("export", "user", zoe.id, tmp_path / "zoe.jsonl")
    assert again.returncode == 1 and "is there already" in again.stdout
    assert server.console("export", "user", "nobody", tmp_path / "x").returncode == 1 and not (tmp_path / "x").exists()
    assert server.console("export", "room", room, tmp_path / "no" / "x").returncode == 1


def test_an_erased_person_is_nowhere_any_more(server, life, tmp_path):
    ann, zoe, room, second = life
    before = ann.history(room)
    joined = next(message for message in ann.heard if message["type"] == "joined")
    asked = server.type(f"erase user {zoe.id}")
    assert "--yes" in asked and "Zoe Goose" in asked
    assert zoe.ask("ping")["type"] == "pong"
    done = server.console("erase", "user", zoe.id, "--yes")
    assert done.returncode == 0 and "Erased" in done.stdout, done

    assert zoe.closed() == 4001, "they do not come back by themselves"
    assert ann.closed() == 4007, "whoever has seen them comes back, and begins anew"
    ann = ann.another_tab()
    again = ann.join(room, epoch=joined["epoch"], seq=before[-1]["seq"])
    assert again["reset"] is True and again["epoch"] != joined["epoch"]
    after = ann.history(room)
    assert seqs(after)[:len(before)] == seqs(before), "every number is still there"
    assert seqs(after) == list(range(1, len(after) + 1))
    shown = json.dumps(after, ensure_ascii=False)
    for word in (SECRET, "Zoe", zoe.id, "z1"):
        assert word not in shown, word
    assert "an answer" in chats(after), "others' words stay"
    files = sorted(path.name for path in (server.data / "files").iterdir())
    assert len(files) == 2, "a GIF that another one shows too stays, theirs does not"
    assert "Zoe" not in server.type("users") + server.type("rooms") + server.type("held") + server.type("bans")

    # The cookie is nobody's: it makes somebody new.
    new = zoe.another_tab()
    assert new.id != zoe.id and new.welcome["you"]["name"].startswith("Guest")
    new.join(room)
    new.say(room, "hello again", cid="z1")
    server.restart()
    assert zoe.another_tab().id not in (zoe.id, new.id)

    database = sqlite3.connect(server.data / "roost.sqlite")
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in database.execute(f"SELECT * FROM {table}").fetchall():
            text = json.dumps([str(value) for value in row], ensure_ascii=False)
            operators = table == "audit" and "erase user" in text or table == "erased"
            assert SECRET not in text and "Zoegoose" not in text and "Zoe Goose" not in text, (table, text)
            assert zoe.id not in text or operators, (table, text)
    database.close()
    assert server.stop() == 0
    for file in server.data.glob("roost.sqlite*"):
        raw = file.read_bytes()
        assert SECRET.encode() not in raw, "what was removed was overwritten"
    checked = run("journal", "check", "--data", server.data)
    assert checked.returncode == 0, checked


def test_an_erasure_that_was_broken_off_is_finished_at_the_next_start(server, life):
    ann, zoe, room, _ = life
    assert server.stop() == 0
    database = sqlite3.connect(server.data / "roost.sqlite")
    database.execute("INSERT INTO erased VALUES (?, 0, 0)", (zoe.id,))
    database.commit()
    database.close()
    server.start()
    ann = ann.another_tab()
    ann.join(room)
    assert SECRET not in json.dumps(ann.history(room))
    assert zoe.another_tab().id != zoe.id


def test_who_cannot_be_erased_is_said(server):
    assert "Nobody here is called 'nobody'" in server.type("erase user nobody --yes")
    assert "Usage" in server.type("erase room x --yes")
    looker = server.person()
    assert "Nothing is kept" in server.type(f"erase user {looker.id} --yes")


def test_where_nothing_is_kept_there_is_nothing_to_export(start):
    server = start("--history", "none")
    for command in ("backup /tmp/x", "export user x /tmp/x", "audit"):
        assert "Nothing is kept" in server.type(command), command
