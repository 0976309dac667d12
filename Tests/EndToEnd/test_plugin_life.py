"""A plugin's life as operators lead it: granted and denied, reloaded under load, taken back, watched, and asked what it costs."""

import hashlib
import json
import threading

import pytest
from playwright.sync_api import expect

from gif import gif, image
from roost import Room, eventually


def folder(name, code, **manifest):
    return {f"{name}/plugin.json": json.dumps({"id": name, **manifest}), f"{name}/init.lua": code}


def rewrite(server, name, code, **manifest):
    for file, text in folder(name, code, **manifest).items():
        server.write_plugin(file, text)


# Permissions


def test_an_update_that_asks_for_more_waits_for_the_operator_over_a_restart_too(start):
    server = start(plugins=folder("muter", 'roost.on("chat", function(e) e:reply("one") end)', permissions={"user": ["tell"]}))
    room = Room(server)
    rewrite(server, "muter", 'roost.on("chat", function(e) e:reply("two") end)', permissions={"user": ["tell", "kick"]})
    printed = server.type("plugin reload muter")
    assert "wants to kick people out of rooms" in printed and "muter@g1 keeps running" in printed, printed
    room.ann.say(room.id, "hi")
    assert room.ann.expect("notice")["text"] == "one"
    assert "waits for a grant" in server.type("plugins")
    server.restart()
    # The version that has what it asks for runs again, not the one in the folder.
    assert "new version waits for a grant" in server.type("plugins")
    again = Room(server)
    again.ann.say(again.id, "hi")
    assert again.ann.expect("notice")["text"] == "one"
    assert "Did you mean 'user.kick'?" in server.type("plugin grant muter user.kik")
    assert "is in use. It may kick people out of rooms" in server.type("plugin grant muter user.kick")
    server.restart()
    assert "live" in server.type("plugin muter")
    again = Room(server)
    again.ann.say(again.id, "hi")
    assert again.ann.expect("notice")["text"] == "two"


def test_an_update_that_came_while_the_server_was_down_waits_too(start):
    server = start(plugins=folder("muter", 'roost.on("chat", function(e) e:reply("one") end)', permissions={"user": ["tell"]}))
    rewrite(server, "muter", 'roost.on("chat", function(e) e:reply("two") end)', permissions={"user": ["tell", "kick"]})
    server.restart()
    assert "new version waits for a grant" in server.type("plugins")
    assert "live" in server.type("plugin muter") and "kick" in server.type("plugin muter")
    room = Room(server)
    room.ann.say(room.id, "hi")
    assert room.ann.expect("notice")["text"] == "one"


def test_what_is_revoked_fails_at_once_and_over_a_restart(start):
    server = start(plugins={"bot.lua": 'roost.on("chat", function(e) if e.user then e:say("echo") end end)'})
    room = Room(server)
    room.ann.say(room.id, "hi")
    room.bob.expect("chat", text="echo")
    assert "may not speak in rooms any more" in server.type("plugin revoke bot chat.send")
    room.ann.say(room.id, "hi again")
    assert "which an operator has taken from this plugin" in eventually(lambda: server.type("plugin errors bot") and server.type("plugin errors x1"))
    server.restart()
    assert "chat.send" in server.type("plugin bot").split("Taken")[1].splitlines()[0]
    assert "has it from now on" in server.type("plugin grant bot chat.send")


# Reloads


def test_reloads_under_load_lose_and_double_nothing_and_disconnect_nobody(start):
    code = 'roost.on("chat", function(e) return roost.modify { text = e.text .. " g%d" } end, { phase = "transform" })\n'
    code += 'roost.after("chat", function(e) if not e.text:find(" g%d$") then roost.log.error("torn: %%s", e.text) end end)'
    server = start(plugins={"mark.lua": code % (1, 1)})
    people = [server.person(f"P{number}") for number in range(4)]
    room = people[0].create_room()
    for person in people:
        person.join(room)
    count, reloads = 250, 40

    def talk(index):
        for number in range(count):
            people[index].send({"type": "chat", "ref": f"m{number}", "room": room, "text": f"{index}.{number}", "cid": f"{index}.{number}"})

    talkers = [threading.Thread(target=talk, args=[index]) for index in range(len(people))]
    for talker in talkers:
        talker.start()
    for generation in range(2, reloads + 2):
        server.write_plugin("mark.lua", code % (generation, generation))
        assert f"mark@g{generation} is live" in server.type("plugin reload mark")
    for talker in talkers:
        talker.join()
    for person in people:
        assert person.answer(f"m{count - 1}")["type"] == "ok"
    seen = [[event["text"] for event in person.events(room) if event["type"] == "chat"] for person in people]
    assert all(texts == seen[0] for texts in seen)
    assert sorted(text.split()[0] for text in seen[0]) == sorted(f"{index}.{number}" for index in range(len(people)) for number in range(count))
    generations = [int(text.split(" g")[1]) for text in seen[0]]
    assert generations == sorted(generations) and max(generations) <= reloads + 1
    for index in range(len(people)):
        own = [text.split()[0] for text in seen[0] if text.startswith(f"{index}.")]
        assert own == [f"{index}.{number}" for number in range(count)]
    assert "torn" not in server.log.text
    assert [event["type"] for event in people[0].events(room)].count("exit") == 0


def test_a_version_that_must_pass_its_tests_does_not_take_over_when_it_fails_them(start):
    test = 'test("it pongs", function(t) local ann = t:user("ann"):join(t:room()) ann:say("ping") t:expect(ann):received(1, "notice", "pong") end)'
    good = 'roost.on("chat", function(e) if e.text == "ping" then e:reply("pong") end end)'
    server = start(plugins=folder("ping", good, test_before_reload=True) | {"ping/test.lua": test})
    room = Room(server)
    rewrite(server, "ping", good.replace('"pong"', '"bang"'), test_before_reload=True)
    printed = server.type("plugin reload ping")
    assert 'its test "it pongs" fails' in printed and "ping@g1 keeps running" in printed, printed
    room.ann.say(room.id, "ping")
    assert room.ann.expect("notice")["text"] == "pong"
    rewrite(server, "ping", good + "\n-- better", test_before_reload=True)
    assert "is live" in server.type("plugin reload ping")


def test_going_back_by_hand_and_by_itself(start):
    server = start(plugins={"version.lua": 'roost.on("chat", function(e) e:reply("one") end)'})
    room = Room(server)
    server.write_plugin("version.lua", 'roost.on("chat", function(e) e:reply("two") end)')
    server.type("plugin reload version")
    assert "is the version from before again" in server.type("plugin rollback version")
    room.ann.say(room.id, "a")
    assert room.ann.expect("notice")["text"] == "one"
    assert "there are: g1, g2" in server.type("plugin rollback version g9")
    server.write_plugin("version.lua", 'roost.on("chat", function(e) e.nothing.x = 1 end)')
    server.type("plugin reload version")
    for number in range(6):
        room.ann.say(room.id, f"{number}")
    server.log.expect("calls have failed since the reload: going back")
    room.ann.say(room.id, "b")
    eventually(lambda: any(notice["text"] == "one" for notice in room.ann.everything("notice")[1:]), "a version that works")


def test_a_plugin_hears_of_the_end(start):
    server = start(plugins={"last.lua": 'roost.on("shutdown", function(e) roost.store:set("end", e.reason) end)\n'
                                        'roost.on("ready", function(e) roost.log.info("was: %s", roost.store:get("end") or "nothing") end)'})
    server.log.expect("was: nothing")
    server.restart()
    server.log.expect("was: The server restarts")


# Files


def test_a_plugin_reads_the_gif_that_it_decides_about(start):
    code = """
    roost.on("gif", function(e)
      local parts = { e:bytes() }
      while #table.concat(parts) < e.gif.bytes do parts[#parts + 1] = e:bytes(#table.concat(parts) + 1) end
      local digest = roost.crypto.sha256_hex(table.concat(parts))
      return roost.drop(("%d parts, %s"):format(#parts, digest == e.gif.sha256 and digest or "another file"))
    end, { deadline = 5 })
    """
    server = start(plugins=folder("looker", code, permissions={"gif": ["bytes", "drop"]}))
    room = Room(server)
    picture = gif(padding=600_000)
    answer = room.ann.http("POST", f"/room/{room.id}/gif", **image(picture))
    assert hashlib.sha256(picture).hexdigest() in answer.json["text"] and answer.json["text"].startswith("2 parts"), answer.json


# Taking time


SLOW = """
roost.on("chat", function(e)
  if e.text:find("https://") then
    return roost.defer(function(e) roost.sleep(1.5) if e.text:find("bad") then return roost.drop("A bad link.") end end)
  end
end)
"""


def test_a_message_that_takes_time_does_not_keep_the_room_waiting(start):
    server = start(plugins={"links.lua": SLOW})
    room = Room(server)
    room.ann.send({"type": "chat", "ref": "slow", "room": room.id, "text": "https://good.example", "cid": "c1"})
    room.ann.send({"type": "chat", "ref": "bad", "room": room.id, "text": "https://bad.example", "cid": "c2"})
    assert room.ann.expect("checking")["cid"] == "c1" and room.ann.expect("checking")["cid"] == "c2"
    room.bob.say(room.id, "meanwhile")
    assert room.ann.answer("slow")["type"] == "ok"
    assert room.ann.answer("bad")["text"] == "A bad link."
    assert [event["text"] for event in room.bob.events(room.id) if event["type"] == "chat"] == ["meanwhile", "https://good.example"]


@pytest.fixture(scope="module")
def server(start):
    return start(plugins={"links.lua": SLOW})


def test_the_browser_says_that_a_message_is_being_checked(visitor, server):
    host = server.person("Host")
    room = host.create_room("Link room")
    host.join(room)
    ann = visitor("Ann")
    ann.page.goto(f"{server.url}/room/{room}")
    ann.expect_entered("Link room")
    ann.say("see https://good.example")
    expect(ann.unsent.get_by_text("Being checked")).to_be_visible()
    host.expect("chat", text="see https://good.example")
    expect(ann.unsent).to_be_empty()


# Looking on, and looking in


def test_a_plugin_in_shadow_mode_does_nothing_and_says_what_it_would_have_done(start):
    server = start(plugins={"strict.lua": 'roost.on("chat", function(e) if e.text:find("tea") then return roost.drop("No tea.") end end)'})
    room = Room(server)
    assert "looks on only" in server.type("plugin shadow strict")
    room.ann.say(room.id, "tea?")
    server.restart()
    room = Room(server)
    room.ann.say(room.id, "more tea?")
    printed = server.type("plugin diff strict")
    assert "more tea?" in printed and 'drop "No tea."' in printed and "pass" in printed, printed
    assert "is live" in server.type("plugin live strict")
    assert room.ann.ask("chat", room=room.id, text="tea")["text"] == "No tea."


def test_errors_are_listed_and_become_tests(start):
    server = start(plugins=folder("fragile", 'roost.on("chat", function(e)\n  if e.text == "break" then return e.usr.name end\nend)'))
    room = Room(server)
    room.ann.say(room.id, "break")
    listed = eventually(lambda: (printed := server.type("plugin errors fragile")) and "x1" in printed and printed, "an error")
    assert "Ann said “break”" in listed and "init.lua:2" in listed, listed
    assert "did you mean 'user'?" in server.type("plugin errors x1")
    assert "which fails as the plugin did" in server.type("plugin test-from x1")
    assert 'somebody:say("break")' in (server.plugins / "fragile" / "test.lua").read_text()
    assert server.console("plugin", "test-from", "x99").returncode == 1


def test_the_costs_are_shown_and_a_profile_is_written(start, tmp_path):
    busy = 'local function spin() for i = 1, 2e6 do end end\nroost.on("chat", function(e) local x = spin() end)'
    server = start(plugins={"busy.lua": busy})
    room = Room(server)
    stop = threading.Event()

    def talk():
        while not stop.is_set():
            room.bob.say(room.id, "x")

    talker = threading.Thread(target=talk)
    talker.start()
    printed = server.type(f"plugin profile busy 2s {tmp_path}/folded.txt")
    top = server.type("plugin top")
    stop.set()
    talker.join()
    assert "samples" in printed, printed
    stacks = (tmp_path / "folded.txt").read_text().splitlines()
    assert any("busy.lua:1 spin " in line for line in stacks) and all(line.rsplit(" ", 1)[1].isdigit() for line in stacks), stacks
    row = next(line.split() for line in top.splitlines() if line.startswith("busy"))
    assert int(row[1]) > 0 and int(row[2]) > 0, top


def test_an_operator_runs_lua_in_a_plugin(start):
    server = start(plugins={"counter.lua": 'count = 41 roost.store:set("k", "kept")'})
    assert server.type("plugin repl counter count + 1") == "42"
    server.type("plugin repl counter count = 1")
    assert server.type("plugin repl counter count") == "1"
    assert server.type("plugin repl counter --shadow count") == "41"
    server.type('plugin repl counter --shadow roost.store:set("k", "lost")')
    assert server.type('plugin repl counter roost.store:get("k")') == "kept"
    assert "console:1: " in server.type("plugin repl counter nothing.x")


def test_lua_is_typed_a_line_at_a_time(start):
    server = start(plugins={"counter.lua": "count = 41"})
    typed = ["plugin repl counter", "count + 1", "for i = 1, 3 do", "  count = count + i", "end", "count", "if count then", "", "exit"]
    server.process.stdin.write("".join(line + "\n" for line in typed))
    server.process.stdin.flush()
    server.output.expect("^Lua in the state of counter")
    server.output.expect("^42$")
    server.output.expect("^47$")
    server.output.expect("near <eof>")
    assert "live" in server.type("plugin counter")


def test_a_pause_and_an_order_of_the_operators(start):
    code = 'roost.on("chat", function(e) return roost.modify {{ text = e.text .. "{0}" }} end, {{ phase = "transform" }})'
    server = start(plugins={f"{name}.lua": code.format(name) for name in "abc"})
    room = Room(server)
    assert "chat: c, a, b" in server.type("hooks move chat c before a")
    server.type("plugin pause b")
    room.ann.say(room.id, "-")
    assert room.bob.expect("chat")["text"] == "-ca"
    assert "paused" in server.type("hooks chat")
    server.restart()
    room = Room(server)
    room.ann.say(room.id, "-")
    assert room.bob.expect("chat")["text"] == "-cab", "the order is kept, the pause is not"
    server.type("hooks reset chat")
    room.ann.say(room.id, "-")
    assert room.bob.expect("chat")["text"] == "-abc"


def test_a_message_dropped_silently_is_in_the_audit_log(start):
    manifest = {"permissions": {"chat": ["drop", "drop_silently"]}}
    server = start(plugins=folder("quiet", 'roost.on("chat", function(e) if e.text == "spam" then return roost.drop { reason = "ads", silent = true } end end)', **manifest))
    room = Room(server)
    assert room.ann.ask("chat", room=room.id, text="spam")["type"] == "ok"
    assert room.bob.everything("chat") == []
    server.log.expect("audit: quiet@g1 dropped silently .* from Ann \\(ads\\): spam")
    eventually(lambda: "dropped silently" in server.type("audit"), "the audit line")


def test_damaged_choices_stop_the_start_with_one_clear_line(start):
    server = start(plugins={"bot.lua": ""})
    assert server.stop() == 0
    (server.data / "plugin-choices.json").write_text("{")
    server._launch(0)
    server.log.expect("plugin-choices.json is damaged: mend or remove it")
    assert server.wait() == 1
    (server.data / "plugin-choices.json").unlink()
    server.start()
