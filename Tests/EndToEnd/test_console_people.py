"""What operators do about people by the console: roles, restrictions that name their room, shields, connections, and looking on."""

import shlex
import subprocess

import pytest

from console_room import console, room, server  # noqa: F401 (fixtures)
from roost import BINARY, ENVIRONMENT, Lines, eventually

# Roles


def test_a_moderator_is_made_and_unmade(server, console, room):
    assert console(f"role grant Bob{room.number} moderator in {room.id}") == "Done."
    assert room.ann.expect("role")["member"]["role"] == "moderator"
    listed = console(f"role list {room.id}")
    assert "owner" in listed and f"Bob{room.number}" in listed
    assert f"Bob{room.number}" in console(f"room {room.id}")
    assert room.bob.ask("mute", room=room.id, member=room.ann.id)["code"] == "forbidden"
    assert console(f"role revoke Bob{room.number} in {room.id}") == "Done."
    assert room.ann.expect("role", before="moderator")["member"]["role"] == "member"
    assert "no moderator" in console(f"role revoke Bob{room.number} in {room.id}")
    assert "Usage" in console(f"role grant Bob{room.number} king in {room.id}")


def test_an_admin_stands_above_every_room_and_stays_one(server, console, room):
    assert "admin now" in console(f"role grant Bob{room.number} admin")
    assert room.ann.expect("role")["member"]["role"] == "admin"
    assert room.bob.ask("kick", room=room.id, member=room.ann.id)["type"] == "ok"
    assert f"Bob{room.number}" in console("role list")
    assert room.bob.another_tab().join(room.id)["you"]["role"] == "admin"
    assert "no admin" in console(f"role revoke Bob{room.number} admin")


def test_the_console_makes_an_owner(console, room):
    assert console(f"role grant Bob{room.number} owner in {room.id}") == "Done."
    assert room.ann.expect("owner")["member"]["id"] == room.bob.id


# Where, for how long, and why


@pytest.mark.parametrize("words", ["in {room} for 1d because of spam", "{room} 1d of spam", "in {room} 1d of spam", '"{title}" for 1d because of spam'])
def test_a_ban_says_where_for_how_long_and_why(server, console, room, words):
    line = f"ban Bob{room.number} " + words.format(room=room.id, title=room.title)
    assert console(line) == f"Banned from {room.id} for 1d."
    assert "of spam" in room.bob.another_tab().ask("join", room=room.id)["text"]
    console(f"unban {room.bob.id} {room.id}")


def test_a_misspelt_room_is_no_reason(server, console, room):
    """Nobody is to be banned from every room because of a slip."""
    slip = room.id[:-1] + ("x" if room.id[-1] != "x" else "z")
    for command in ("ban", "mute", "kick"):
        for words in (slip, f"in {slip}"):
            printed = console(f"{command} Bob{room.number} {words}")
            assert f"There is no room '{slip}'" in printed, printed
    assert "Did you mean" in console(f'ban Bob{room.number} "Tee house {room.number}"')
    room.bob.say(room.id, "still here")
    assert console(f"mute Bob{room.number} 1m because {slip}").startswith("Muted in")


def test_a_reason_alone_is_one(console, room):
    assert console(f"mute Bob{room.number} being rude").startswith(f"Muted in {room.id} for good")
    assert "being rude" in console(f"bans {room.id}")
    console(f"unmute Bob{room.number}")


# Rooms


def test_a_room_is_locked_and_unlocked(server, console, room):
    console(f"room lock {room.id}")
    assert server.person().ask("join", room=room.id)["code"] == "forbidden"
    console(f"room unlock {room.id}")
    server.person().join(room.id)


def test_rooms_have_tags(server, console, room):
    assert console(f"room set {room.id} tags quiet books-{room.number}") == "Done."
    assert server.get(f"/room/{room.id}").json["tags"] == ["quiet", f"books-{room.number}"]
    assert room.id in console(f"rooms -l books-{room.number}")
    assert "Tags are" in console(f"room set {room.id} tags Loud!")
    console(f"room set {room.id} tags")
    assert server.get(f"/room/{room.id}").json["tags"] == []


def test_behind_a_shield_newcomers_knock(server, console, room):
    assert "have to knock for 10m" in console(f"shield on {room.id} 10m")
    newcomer = server.person("Newcomer")
    newcomer.send({"type": "join", "room": room.id, "ref": 77})
    held = newcomer.answer(77)
    assert held["type"] == "held"
    assert "knock" in [line for line in console("held").split("\n") if held["id"] in line][0]
    assert console(f"approve {held['id']}") == "Done."
    assert newcomer.answer(77)["type"] == "joined"
    assert "is down" in console(f"shield off {room.id}")
    server.person().join(room.id)
    assert "Usage" in console("shield up")


# Connections


def test_a_connection_is_ended(server, console, room):
    listed = console(f"user Bob{room.number}")
    assert "127.0.0.1" in listed and "websocket" in listed
    number = listed.split("\n")[-1].split()[0]
    assert "is not a code" in console(f"close {number} 42")
    assert console(f"close {number} 1001") == "Closed."
    assert room.bob.closed() == 1001
    eventually(lambda: console(f"close {number}") == f"There is no connection {number}.", "the connection's end")


# Looking on


def test_what_happens_and_what_is_refused_is_watched(server, room):
    watching = subprocess.Popen(
        [BINARY, "console", "--data", server.data, "watch", room.id, "where", "event=chat"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        text=True, env=ENVIRONMENT)
    try:
        lines = Lines(watching.stdout)
        # Whether it has begun is seen by what it shows.
        eventually(lambda: room.ann.say(room.id, "is anybody watching?") and lines.lines, "the first line")
        room.bob.ask("whisper", room=room.id, to=room.ann.id, text="unwatched")
        room.bob.ask("chat", room=room.id, text="well, darn it")
        lines.expect(rf"{room.id}  chat  Bob{room.number}  drop by guard  well, darn it  t\d+")
        room.ann.say(room.id, "good")
        lines.expect(rf"{room.id}  chat  Ann{room.number}  pass  good")
        assert "whisper" not in lines.text
    finally:
        watching.kill()
        watching.wait()


def test_what_cannot_be_watched_is_said(server, room):
    done = server.console("watch", "where", "verdcit=drop")
    assert done.returncode == 1 and "did you mean 'verdict'" in done.stdout
    done = server.console(*shlex.split("watch where drop"))
    assert done.returncode == 2 and "NAME=VALUE" in done.stdout
