"""Who did what, and why something was decided: known after a restart too."""

import json
import sqlite3
import subprocess

import pytest

from roost import Room, eventually

GUARD = """
roost.on("chat", function(e)
  if e.text == "spam" then return roost.drop("No spam.") end
  if e.text == "shout" then return roost.modify{ text = "SHOUT" } end
  if e.text == "mute me" then e.user:mute{ seconds = 60, reason = "as you wish" } end
  if e.text == "oops" then error("something broke") end
end, { fail = "open" })
"""


@pytest.fixture
def server(start):
    manifest = {"id": "guard", "version": "1.0.0", "api": 1, "permissions": {"chat": ["drop", "modify"], "user": ["mute"]}}
    return start(plugins={"guard/init.lua": GUARD, "guard/plugin.json": json.dumps(manifest)})


def lines(server, *words):
    done = server.console("audit", *words, "--json")
    assert done.returncode == 0, done
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{\"when\"")]
    return [line for line in found if not line["what"].startswith("audit ")]  # A search is noted too, and finds itself.


def test_console_commands_are_noted_with_the_operator(server):
    server.type("announce hello everyone")
    server.console("slow", "nowhere", "10s")
    noted = lines(server)
    assert any(line["by"] == "console" and line["what"] == "announce hello everyone" for line in noted)
    operator = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    assert any(line["by"] == operator and line["what"] == "slow nowhere 10s" for line in noted)


def test_what_plugins_moderators_and_operators_do_to_people_is_noted(server):
    room = Room(server)
    room.bob.say(room.id, "mute me")
    assert eventually(lambda: lines(server, "guard", "mute"))
    (line,) = lines(server, "guard", "mute")
    assert room.bob.id in line["what"] and room.id in line["what"] and "as you wish" in line["what"] and "60 s" in line["what"]
    assert room.ann.ask("kick", room=room.id, member=room.bob.id, reason="enough")["type"] == "ok"
    (line,) = eventually(lambda: lines(server, room.ann.id))
    assert line["what"].startswith(f"kick {room.bob.id} from {room.id}") and "enough" in line["what"]
    server.type(f"unmute {room.bob.id} {room.id}")
    assert eventually(lambda: lines(server, "console", f"unmute {room.bob.id} in"))


def test_the_log_is_searched_by_who_what_and_since(server):
    server.type("announce one")
    server.type("limits")
    assert [line["what"] for line in lines(server, "*", "announce one")] == ["announce one"]
    assert lines(server, "nobody") == [] and lines(server, "console", "announce one", "1h")
    assert "Nothing like that" in server.type("audit nobody")
    assert lines(server, "*", "100%") == [], "signs mean themselves"
    assert "Usage" in server.type("audit a b c d")


def test_why_is_known_after_a_restart(server):
    room = Room(server)
    refused = room.bob.ask("chat", room=room.id, text="spam")
    changed = room.bob.say(room.id, "shout")
    passed = room.bob.say(room.id, "nothing special")
    broken = room.bob.say(room.id, "oops")
    before = server.type(f"why {refused['id']}")
    assert "spam" in before and "No spam." in before
    server.restart()
    for trace, words in ((refused["id"], ["spam", "guard", "No spam.", "drop", "Bob"]), (f"{room.id}:{changed}", ["shout", "modify", "pass"]),
                         (f"{room.id}:{broken}", ["oops", "something broke"])):
        shown = server.type(f"why {trace}")
        assert all(word in shown for word in words), shown
    assert server.type(f"why {refused['id']}") == before
    assert "Nothing is known" in server.type(f"why {room.id}:{passed}"), "of what passed untouched nothing is kept"
    # New traces go on where the kept ones end.
    bob = room.bob.another_tab()
    bob.join(room.id)
    again = bob.ask("chat", room=room.id, text="spam")
    assert int(again["id"][1:]) > int(refused["id"][1:])


def test_old_traces_and_audit_lines_go(start):
    server = start("--traces-kept", "1s", "--audit-kept", "1s", plugins={"guard.lua": GUARD})
    room = Room(server)
    for _ in range(30):
        refused = room.bob.ask("chat", room=room.id, text="spam")
    server.type("announce hello")

    def rows(table):
        database = sqlite3.connect(server.data / "roost.sqlite")
        try:
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        finally:
            database.close()
    assert eventually(lambda: rows("traces")) and rows("audit")
    assert eventually(lambda: rows("traces") == rows("audit") == 0, seconds=90)
    assert refused["code"] == "refused"
