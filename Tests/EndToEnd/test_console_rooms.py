"""What operators do by the console: to rooms, with words, to people, with plugins."""

import shlex

import pytest

from console_room import console, room, server  # noqa: F401 (fixtures)

# Rooms


def test_a_room_made_by_the_console_stays(server, console, room):
    printed = console(f'room create "Lounge {room.number}" 25')
    made = printed.split()[1].rstrip(".")
    shown = server.get(f"/room/{made}").json
    assert (shown["title"], shown["max"], shown["owner"]) == (f"Lounge {room.number}", 25, None)
    assert "Kept when empty  yes" in console(f"room {made}")


def test_a_room_is_changed(server, console, room):
    console(f'room set {room.id} topic "Green or black?"')
    assert room.bob.expect("topic")["topic"] == "Green or black?"
    console(f"room set {room.id} max 42")
    console(f"room set {room.id} title Garden")
    shown = server.get(f"/room/{room.id}").json
    assert (shown["topic"], shown["max"], shown["title"]) == ("Green or black?", 42, "Garden")
    console(f"room set {room.id} locked yes")
    assert server.person().ask("join", room=room.id)["code"] == "forbidden"
    assert "Usage" in console(f"room set {room.id} colour blue")


@pytest.mark.parametrize("what", ["max 0", "max 99999999", "max many", "title ''", "slow -1", f"topic {'x' * 1000}"])
def test_a_room_is_not_changed_to_what_cannot_be(server, room, what):
    before = server.get(f"/room/{room.id}").json
    done = server.console(*shlex.split(f"room set {room.id} {what}"))
    assert done.returncode != 0, done
    assert server.get(f"/room/{room.id}").json == before


def test_a_room_is_given_to_somebody_else(server, console, room):
    console(f"room transfer {room.id} Bob{room.number}")
    assert room.ann.expect("owner")["member"]["id"] == room.bob.id
    assert server.get(f"/room/{room.id}").json["owner"]["id"] == room.bob.id


def test_removing_a_room_needs_yes(server, console, room):
    printed = console(f"room remove {room.id}")
    assert "--yes" in printed and "2 people" in printed and room.title in printed
    room.ann.say(room.id, "still here")
    assert console(f"room remove {room.id} --yes") == "Removed."
    assert room.bob.closed() == 4003
    assert server.get(f"/room/{room.id}").status == 404


def test_slow_mode_is_switched_on_and_off(server, console, room):
    console(f"slow {room.id} 10s")
    assert server.get(f"/room/{room.id}").json["slow"] == 10
    console(f"slow {room.id} 0")
    assert server.get(f"/room/{room.id}").json["slow"] == 0


# Speaking


def test_the_server_speaks_to_a_room(console, room):
    console(f'say {room.id} "Hello, everyone"')
    event = room.bob.expect("system", text="Hello, everyone")
    assert event["by"] == "server" and event["room"] == room.id


def test_an_announcement_reaches_every_room_with_people(server, console, room):
    other = server.person(f"Cleo{room.number}")
    second = other.create_room()
    other.join(second)
    console(f"announce Back in five minutes, {room.number}")
    text = f"Back in five minutes, {room.number}"
    assert room.bob.expect("system", text=text) and other.expect("system", text=text)


def test_one_person_is_told_something_and_nobody_else(console, room):
    console(f'tell Ann{room.number} "Please stop that"')
    notice = room.ann.expect("notice", text="Please stop that")
    assert notice["by"] == "server"
    assert "Please stop that" not in str(room.bob.everything())


# Moderating


def test_a_kick_puts_somebody_out_of_their_rooms(console, room):
    assert "Kicked" in console(f'kick Bob{room.number} {room.id} "too loud"')
    event = room.ann.expect("exit", room=room.id)
    assert (event["member"]["id"], event["reason"]) == (room.bob.id, "kicked")
    assert room.bob.closed() == 4001
    answer = room.bob.another_tab().ask("join", room=room.id)
    assert answer["code"] == "banned" and "too loud" in answer["text"] and answer["retry_after"] > 0


def test_a_mute_silences_until_it_is_lifted(console, room):
    assert "Muted" in console(f"mute Bob{room.number} {room.id} 10m spam")
    answer = room.bob.ask("chat", room=room.id, text="hello?")
    assert answer["code"] == "muted" and "spam" in answer["text"] and 0 < answer["retry_after"] <= 600
    assert room.bob.ask("whisper", room=room.id, to=room.ann.id, text="hello?")["code"] == "muted"
    assert f"Bob{room.number}" in console(f"bans {room.id}")
    assert "Unmuted" in console(f"unmute Bob{room.number} {room.id}")
    room.bob.say(room.id, "hello!")
    assert room.ann.expect("chat")["text"] == "hello!"
    assert "not muted" in console(f"unmute Bob{room.number} {room.id}")


def test_a_ban_keeps_somebody_out_until_it_is_lifted(console, room):
    assert "Banned" in console(f"ban Bob{room.number} {room.id} 1d")
    assert room.bob.closed() == 4002
    assert room.bob.another_tab().ask("join", room=room.id)["code"] == "banned"
    listed = console(f"bans {room.id}")
    assert room.bob.id in listed and "ban" in listed and "for" in listed
    assert "Unbanned" in console(f"unban {room.bob.id} {room.id}")
    assert console(f"bans {room.id}") == "Nobody is banned or muted."
    room.bob.another_tab().join(room.id)


def test_a_restriction_without_a_time_is_for_good(console, room):
    assert "for good" in console(f"ban Bob{room.number} {room.id}")
    assert "retry_after" not in room.bob.another_tab().ask("join", room=room.id)


def test_somebody_who_has_left_can_be_banned(console, room):
    assert room.bob.ask("exit", room=room.id)["type"] == "ok"
    console(f"ban {room.bob.id} {room.id} 1h")
    assert room.bob.ask("join", room=room.id)["code"] == "banned"


# Plugins


def test_plugins_are_listed_and_shown(console):
    listed = {line.split()[0]: line for line in console("plugins").split("\n")[1:]}
    assert {"colorhash", "dicebot", "greet", "guard", "notices", "owner"} <= set(listed)
    assert "live" in listed["guard"]
    printed = console("plugin guard")
    assert "chat (filter)" in printed and "stop messages" in printed and "Memory" in printed


def test_hooks_are_shown_in_their_order(console):
    lines = console("hooks chat").split("\n")
    assert lines[0].split()[:4] == ["Event", "Phase", "Priority", "Handler"]
    assert any("guard@g" in line and "filter" in line and "50" in line for line in lines[1:])
    assert "There is no event 'chta'. Did you mean 'chat'?" in console("hooks chta")


def test_a_plugin_is_unloaded_and_loaded_again(console, room):
    assert "unloaded" in console("plugin unload dicebot")
    assert room.ann.ask("chat", room=room.id, text="/roll")["type"] == "error"
    assert "not loaded" in console("plugin unload dicebot")
    assert "not loaded" in console("plugin reload dicebot")
    assert "live" in console("plugin load dicebot")
    assert room.ann.ask("chat", room=room.id, text="/roll")["type"] == "ok"
    assert "There is no plugin 'nothing'" in console("plugin load nothing")


def test_a_disabled_plugin_stays_away_over_a_restart(start):
    server = start(plugins="standard")
    assert server.console("plugin", "disable", "greet").returncode == 0
    assert "disabled" in [line for line in server.type("plugins").split("\n") if line.startswith("greet")][0]
    server.restart()
    assert "disabled" in [line for line in server.type("plugins").split("\n") if line.startswith("greet")][0]
    assert server.console("plugin", "enable", "greet").returncode == 0
    assert "live" in [line for line in server.type("plugins").split("\n") if line.startswith("greet")][0]
    server.restart()
    assert "live" in [line for line in server.type("plugins").split("\n") if line.startswith("greet")][0]


def test_a_plugin_that_never_was_cannot_be_disabled(server):
    done = server.console("plugin", "disable", "nothing")
    assert done.returncode != 0 and "nothing" in done.stdout
