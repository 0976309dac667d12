"""The admin console: typed into the server's standard input, and by `roost console`."""

import json
import sqlite3
import stat
import subprocess

import pytest

from roost import BINARY, ENVIRONMENT, Lines, eventually, run

from console_room import console, room, server  # noqa: F401 (fixtures)

COMMANDS = ("help status rooms room users user say announce tell kick mute unmute ban unban bans slow plugins plugin hooks log why limits audit backup "
            "shutdown").split()


# Finding one's way


def test_help_lists_every_command(console):
    listed = [line.split()[0] for line in console("help").split("\n")[1:]]
    assert set(COMMANDS) <= set(listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_a_command_with_examples(server, command):
    printed = server.type(f"help {command}")
    assert printed.startswith(command) and len(printed.split("\n")) >= 2


@pytest.mark.parametrize("wrong, right", [
    ("staus", "status"), ("romms", "rooms"), ("plugin-s", "plugins"), ("shutdwon", "shutdown"), ("kcik", "kick")])
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
