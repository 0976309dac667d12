"""The admin console: typed into the server's standard input, and by `roost console`."""

import itertools
import json
import shlex
import sqlite3
import stat
import subprocess

import pytest

from roost import BINARY, ENVIRONMENT, Lines, eventually, run

COMMANDS = ("help status rooms room users user say announce tell kick mute unmute ban unban bans slow plugins plugin hooks log why limits "
            "shutdown").split()


@pytest.fixture(scope="module")
def server(start):
    config = '[plugin.guard]\nbanned = ["darn"]\nflood_messages = 1000000\nmute_after = 100\n'
    return start("--resume-grace", "60s", plugins="standard", config=config)


@pytest.fixture(params=["typed", "attached"])
def console(server, request):
    """Carries a command out, by either way in, and returns what is printed."""
    if request.param == "typed":
        return server.type

    def attached(line):
        done = server.console(*shlex.split(line))
        assert done.stderr == ""
        return done.stdout.rstrip("\n")

    return attached


numbers = itertools.count(1)


@pytest.fixture
def room(server):
    """A room with Ann, its owner, and Bob, whose names nobody else has: `.id`, `.title`, `.ann`, `.bob`."""
    class Room:
        number = next(numbers)
        title = f"Tea house {number}"
        ann, bob = server.person(f"Ann{number}"), server.person(f"Bob{number}")
        id = ann.create_room(title)
    for person in (Room.ann, Room.bob):
        person.join(Room.id)
    return Room


# Finding one's way


def test_help_lists_every_command(console):
    listed = [line.split()[0] for line in console("help").split("\n")[1:]]
    assert set(COMMANDS) <= set(listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_a_command_with_examples(server, command):
    printed = server.type(f"help {command}")
    assert printed.startswith(command) and len(printed.split("\n")) >= 2


@pytest.mark.parametrize("wrong, right", [("staus", "status"), ("romms", "rooms"), ("plugin-s", "plugins"), ("shutdwon", "shutdown"), ("kcik", "kick")])
def test_an_unknown_command_suggests_the_nearest(console, wrong, right):
    assert f"Did you mean '{right}'?" in console(wrong)


def test_a_command_that_is_used_wrongly_says_how_it_is_used(console):
    assert "Usage: kick WHO" in console("kick")
    assert "Usage: slow ROOM TIME" in console("slow")


def test_a_wrong_room_or_person_suggests_the_nearest(console, room):
    assert f"Did you mean '{room.title}'?" in console(f'room "{room.title[:-1]}x{room.title[-1]}"')
    assert "Did you mean 'Ann" in console(f"user Anm{room.number}")


def test_an_empty_line_does_nothing(server):
    assert server.type("") == "" and server.type("   ") == ""


# The exit status, and JSON


@pytest.mark.parametrize("words, status", [
    (["status"], 0), (["rooms"], 0), (["room", "nowhere"], 1), (["kick", "nobody"], 1), (["plugin", "reload", "nothing"], 1), (["why", "t0"], 1),
    (["nonsense"], 2), (["kick"], 2), (["help", "nonsense"], 1)])
def test_the_exit_status_says_how_it_went(server, words, status):
    done = server.console(*words)
    assert done.returncode == status, done


def test_json_is_for_programs(server, room):
    done = server.console("--json", "rooms")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row for row in rows if row["id"] == room.id][0]["title"] == room.title
    status = json.loads(server.console("--json", "status").stdout)
    assert {"version", "uptime", "people", "connections", "rooms", "memory"} <= set(status)
    for command in (["help"], ["plugins"], ["plugin", "guard"], ["hooks"], ["limits"], ["bans"], ["users"], ["room", room.id], ["log"], ["nonsense"]):
        for line in server.console("--json", *command).stdout.splitlines():
            assert isinstance(json.loads(line), dict), (command, line)


def test_without_a_server_the_console_says_so(tmp_path):
    done = run("console", "--data", tmp_path, "status")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("roost: no server answers") and len(done.stderr.splitlines()) == 1


def test_the_socket_and_the_folder_are_their_owners_alone(server):
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.data / "console.sock").stat().st_mode) == 0o600
    assert stat.S_IMODE((server.data / "secret").stat().st_mode) == 0o600


# Looking


def test_status_tells_how_the_server_is(console, room):
    printed = console("status")
    for word in ("Version", "Uptime", "People", "Connections", "Rooms", "Messages", "CPU", "Memory", "Plugins"):
        assert word in printed
    assert "websocket" in printed


def test_rooms_are_listed_and_found_by_pattern(console, room):
    assert room.id in console("rooms --all")
    found = console(f'rooms "*house {room.number}"')
    assert room.id in found and "2/10" in found
    assert "No room matches" in console("rooms nothing*")


def test_one_room_is_shown_with_everything(console, room):
    printed = console(f'room "{room.title}"')
    for shown in (room.id, room.title, "2 of 10", f"Ann{room.number}", f"Bob{room.number}", room.ann.id, "owner"):
        assert shown in printed


def test_people_are_listed_and_shown(console, room):
    printed = console(f"users {room.id}")
    assert room.ann.id in printed and room.bob.id in printed
    printed = console(f"user Ann{room.number}")
    assert room.ann.id in printed and "websocket" in printed and "127.0.0.1" in printed and room.id in printed


def test_limits_say_their_values_and_where_they_come_from(console):
    rows = {line.split()[0]: line for line in console("limits --all").split("\n")}
    assert "60s" in rows["resume-grace"] and "--resume-grace" in rows["resume-grace"]
    assert "4000" in rows["text-limit"] and "standard" in rows["text-limit"]


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


# What was decided, and what was done


def test_why_shows_the_hooks_that_a_message_passed(console, room):
    seq = room.ann.say(room.id, "good morning")
    printed = console(f"why {room.id}:{seq}")
    assert "good morning" in printed and f"Ann{room.number}" in printed
    assert "guard@g" in printed and "pass" in printed and "filter" in printed


def test_why_shows_who_refused_a_message_and_why(console, room):
    refused = room.bob.ask("chat", room=room.id, text="oh darn")
    assert (refused["code"], refused["by"]) == ("refused", "guard")
    printed = console(f"why {refused['id']}")
    assert "oh darn" in printed and "guard@g" in printed and "drop" in printed
    assert "word=darn" in printed or "word: darn" in printed or "darn" in printed.split("\n")[-1]
    assert "strikes" in printed


def test_why_knows_nothing_of_what_never_was(console):
    assert "Nothing is known of 't999999999'" in console("why t999999999")


def test_every_command_is_in_the_audit(server, room):
    server.type(f"say {room.id} typed words")
    server.console("say", room.id, "attached words")

    def audit():
        with sqlite3.connect(f"file:{server.data}/roost.sqlite?mode=ro", uri=True) as database:
            return database.execute("SELECT by, what FROM audit").fetchall()

    eventually(lambda: any("attached words" in what for _, what in audit()), "the audit of the second command")
    operators = {what: by for by, what in audit() if "words" in what}
    assert operators[f"say {room.id} typed words"] == "console"
    attached = [by for what, by in operators.items() if "attached words" in what]
    assert attached and attached[0] not in ("", "console", "somebody"), "with the operator's name"


def test_the_log_is_shown_by_plugin_and_level(console, room):
    printed = console("log")
    assert "guard@g1 loaded" in printed
    assert "dicebot" not in console("log guard")
    assert "loaded" not in console("log warning")


def test_the_log_can_be_followed(server, room):
    follower = subprocess.Popen([BINARY, "console", "--data", server.data, "log", "dicebot", "--follow"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    lines = Lines(follower.stdout)
    try:
        lines.expect("dicebot@g1 loaded")
        generation = server.type("plugin reload dicebot").split("@g")[1].split()[0]
        lines.expect(f"dicebot@g{generation} loaded")
    finally:
        follower.terminate()
        follower.wait()
        follower.stderr.close()
    assert "Version" in server.type("status")


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


# The end


def test_shutting_down_with_people_needs_yes(start):
    server = start()
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    done = server.console("shutdown")
    assert done.returncode == 1 and "--yes" in done.stdout and "1 people in 1 rooms" in done.stdout
    ann.say(room, "still here")
    assert server.console("shutdown", "--yes").returncode == 0
    assert ann.closed() == 4007
    assert server.wait() == 0


def test_nobody_need_be_asked_when_nobody_is_there(start):
    server = start()
    server.process.stdin.write("shutdown\n")
    server.process.stdin.flush()
    assert server.wait() == 0


def test_people_are_told_of_a_shutdown_to_come(start):
    server = start()
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    assert server.console("shutdown", "1s", "New version", "--yes").returncode == 0
    assert "New version" in ann.expect("system")["text"]
    assert ann.closed() == 4007
    assert ann.heard[-1]["reason"] == "New version"
    assert server.wait() == 0


def test_the_end_of_standard_input_is_not_the_end_of_the_server(start):
    server = start()
    server.process.stdin.close()
    assert server.person().ask("ping")["type"] == "pong"
    assert server.console("status").returncode == 0
