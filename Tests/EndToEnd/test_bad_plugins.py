"""Plugins that are wrong: their author is told file and line, and the rooms go on."""

import json

import pytest

from roost import Room

GREETER = 'roost.on("chat", function(e) if e.text == "ping" then e:reply("pong") end end)'


def check_well(room):
    """Two people talk, and the plugin that is right answers."""
    room.ann.say(room.id, "ping")
    assert room.ann.expect("notice", by="greeter")["text"] == "pong"
    assert room.bob.expect("chat", text="ping")


# At the start

BROKEN = {
    "a syntax error": ('local a = 1\nlocal b = 2\nif a then b = = 3 end\n', "Plugins/broken.lua:3: ", "  3 | if a then b = = 3 end"),
    "an error at the top": ('local x\nx.y = 1\n', "Plugins/broken.lua:2: ", "  2 | x.y = 1"),
    "an unknown event": ('\nroost.on("chta", function() end)\n', "Plugins/broken.lua:2: ", "did you mean 'chat'?"),
    "an unknown function": ('roost.onn("chat", function() end)\n', "Plugins/broken.lua:1: ", "'onn'"),
    "no permission": ('roost.http.get("http://example.com")\n', "Plugins/broken.lua:1: ", "|"),
    "an endless loop": ('while true do end\n', "Plugins/broken.lua:1: ", "ran longer than"),
    "a memory bomb": ('local t = {}\nfor i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end\n', "Plugins/broken.lua:2: ", "memory"),
    "bytecode": ("\x1bLua", "broken", ""),
    "not text": (b"\xff\xfe\x00".decode("latin-1"), "broken", ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_named_with_its_place_and_the_server_starts_without_it(start, name):
    code, place, shown = BROKEN[name]
    server = start(plugins={"broken.lua": code, "greeter.lua": GREETER})
    server.log.expect(place)
    assert shown in server.log.text, server.log.text
    listed = {line.split()[0]: line for line in server.type("plugins").split("\n")[1:]}
    assert "refused" in listed["broken"] and "live" in listed["greeter"]
    assert place in server.type("plugin broken")
    assert "broken" in server.type("status")
    check_well(Room(server))


MANIFEST = {"id": "broken", "version": "1.0.0", "api": 1, "hooks": ["chat"]}


@pytest.mark.parametrize("change, named", [
    ("not JSON", "plugin.json"), ({"id": "other"}, "id"), ({"api": 99}, "api"), ({"hooks": ["chta"]}, "chat"),
    ({"permissions": {"chat": ["dorp"]}}, "drop"), ({"colour": "red"}, "colour"), ({"entry": "../../secret.lua"}, "entry"), ({"limits": {"memory": "lots"}}, "memory"),
    ({"config": {"n": {"type": "complex"}}}, "n")], ids=lambda value: str(value))
def test_a_broken_manifest_is_named_with_its_key(start, change, named):
    manifest = change if isinstance(change, str) else json.dumps(MANIFEST | change)
    server = start(plugins={"broken/plugin.json": manifest, "broken/init.lua": "", "greeter.lua": GREETER})
    refusals = [line for line in server.log.lines if "error" in line and "broken" in line]
    assert refusals and named in server.log.text, server.log.text
    check_well(Room(server))


def test_a_setting_that_the_plugin_does_not_have_is_named(start):
    server = start(plugins="standard", config="[plugin.guard]\nbaned = ['darn']\n")
    server.log.expect("baned.*did you mean 'banned'")


# While it runs


def test_an_endless_loop_lets_the_message_pass_and_others_talk(start):
    server = start(plugins={"loop.lua": 'roost.on("chat", function(e) if e.text == "loop" then while true do end end end)', "greeter.lua": GREETER})
    room, other = Room(server), Room(server)
    room.ann.say(room.id, "loop")
    assert room.bob.expect("chat")["text"] == "loop", "its fail policy is open"
    server.log.expect(r"Plugins/loop\.lua:1: .*ran longer than")
    check_well(room)
    check_well(other)
    assert "error" in server.type(f"why {room.id}:3")


def test_an_endless_loop_in_a_safety_plugin_lets_nothing_pass(start):
    manifest = {"id": "loop", "version": "1.0.0", "api": 1, "hooks": ["chat"], "safety": True}
    server = start(plugins={"loop/plugin.json": json.dumps(manifest), "greeter.lua": GREETER,
                            "loop/init.lua": 'roost.on("chat", function(e) if e.text == "loop" then while true do end end end)'})
    room = Room(server)
    answer = room.ann.ask("chat", room=room.id, text="loop")
    assert answer["type"] == "held"  # the owner is there, and can look at what could not be checked
    assert room.bob.everything("chat") == []
    check_well(room)


@pytest.mark.parametrize("code", [
    "local t = {} for i = 1, math.huge do t[i] = {i} end", 'local s = "x" while true do s = s .. s end', 'string.rep("x", 1 << 40)',
    'string.rep("x", 1 << 30, "y")', 'local t = {} while true do t[#t + 1] = ("x"):rep(65536) end',
    'string.format("%99999999d", 1)', 'table.concat(setmetatable({}, {__len = function() return 1 << 50 end}), "x")',
    'local function f() return f() + 1 end f()', 'coroutine.wrap(function() while true do end end)()',
    'pcall(function() while true do end end) while true do end', '(("a"):rep(60) .. "b"):find(("a?"):rep(60) .. ("a"):rep(60))',
    'error({})', 'error(nil)', 'local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x',
    'return true', 'return roost.modify { text = 5 }', 'e.text = "changed"', 'return roost.modify { text = ("x"):rep(100000) }'],
    ids=lambda code: code[:40])
def test_a_plugin_that_misbehaves_harms_nobody(start_once, code):
    server = start_once
    server.write_plugin("bad.lua", f'roost.on("chat", function(e) if e.text == "now" then {code} end end)')
    assert "is live" in server.type("plugin load bad")
    room = Room(server)
    answer = room.ann.ask("chat", room=room.id, text="now")
    if answer["type"] == "ok":
        assert len(room.bob.expect("chat")["text"]) <= 4000, "what a plugin makes of a message is one"
    else:
        assert answer["code"] in ("refused", "too_long", "bad_text")
        assert room.bob.everything("chat") == []
    server.log.expect(r"bad@g\d+: ", since=len(server.log.lines) - 40 if len(server.log.lines) > 40 else 0)
    check_well(room)


@pytest.fixture(scope="module")
def start_once(start):
    return start(plugins={"greeter.lua": GREETER})


def test_an_error_names_file_and_line_and_what_was_meant(start):
    code = 'roost.on("chat", function(e)\n  if e.text == "now" then\n    return e.usr.name\n  end\nend)\n'
    server = start(plugins={"typo.lua": code, "greeter.lua": GREETER})
    room = Room(server)
    room.ann.say(room.id, "now")
    server.log.expect(r"typo@g1: Plugins/typo\.lua:3: ")
    assert "  3 |     return e.usr.name" in server.log.text
    assert "did you mean 'user'?" in server.log.text
    assert "Plugins/typo.lua:3" in server.type("plugin typo")
    assert "Errors" in server.type("plugin typo")
    check_well(room)


def test_a_handler_that_fails_again_and_again_is_paused(start):
    server = start(plugins={"bad.lua": 'roost.on("chat", function(e) if e.text ~= "ping" then error("again") end end)', "greeter.lua": GREETER})
    room = Room(server)
    for number in range(8):
        room.ann.say(room.id, f"message {number}")
    server.log.expect("bad@g1.*paused")
    assert "paused" in [line for line in server.type("hooks chat").split("\n") if "bad@g1" in line][0]
    assert sum("Plugins/bad.lua:1: again" in line for line in server.log.lines) == 5
    check_well(room)


def test_what_a_failed_handler_asked_for_does_not_happen(start):
    server = start(plugins={"half.lua": 'roost.on("chat", function(e) if e.text == "now" then e:reply("half done") error("oops") end end)'})
    room = Room(server)
    room.ann.say(room.id, "now")
    server.log.expect("oops")
    assert room.ann.everything("notice") == []


# A reload that fails


@pytest.mark.parametrize("code", ["if then", "error('at the top')", "while true do end", 'roost.on("chta", print)'])
def test_a_reload_that_fails_keeps_the_old_version_running(start_once, code):
    server = start_once
    server.write_plugin("steady.lua", 'roost.on("chat", function(e) if e.text == "who" then e:reply("the old one") end end)')
    assert "is live" in server.type("plugin load steady")
    room = Room(server)
    server.write_plugin("steady.lua", code)
    done = server.console("plugin", "reload", "steady")
    assert done.returncode == 1
    assert "Plugins/steady.lua:1:" in done.stdout and "keeps running" in done.stdout
    room.ann.say(room.id, "who")
    assert room.ann.expect("notice", by="steady")["text"] == "the old one"
    assert "new version refused" in [line for line in server.type("plugins").split("\n") if line.startswith("steady")][0]
    check_well(room)


def test_a_plugin_whose_file_is_gone_keeps_running(start_once):
    server = start_once
    server.write_plugin("gone.lua", 'roost.on("chat", function(e) if e.text == "who" then e:reply("still here") end end)')
    server.type("plugin load gone")
    (server.plugins / "gone.lua").unlink()
    done = server.console("plugin", "reload", "gone")
    assert done.returncode == 1 and "There is no plugin 'gone'" in done.stdout
    room = Room(server)
    room.ann.say(room.id, "who")
    assert room.ann.expect("notice", by="gone")["text"] == "still here"


def test_two_plugins_with_one_command_do_not_both_load(start):
    code = 'roost.command("roll", {}, function(c) c:reply("%s") end)'
    server = start(plugins={"one.lua": code % "one", "two.lua": code % "two"})
    server.log.expect("the command /roll belongs to the plugin one already")
    room = Room(server)
    room.ann.say(room.id, "/roll")
    assert room.ann.expect("notice")["text"] == "one"
