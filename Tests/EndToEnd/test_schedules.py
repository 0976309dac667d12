"""What plugins schedule: over a kill, once, and shown in the console. And what they keep and how they are set."""

import json
import random

import pytest

from roost import Room, eventually

TEA = """
roost.command("tea", { args = "<after:duration> <key>", help = "Tea, later." }, function(c)
  roost.schedule { key = c.args.key, after = c.args.after, event = "tea", data = { room = c.room.id } }
  c:reply("Scheduled.")
end)
roost.on("schedule:tea", function(e)
  roost.store:incr("done " .. e.key)
  local room = roost.room(e.data.room)
  if room then room:say(("%s, %d s late"):format(e.key, e.late)) end
end)
roost.timer { cron = "0 9 * * mon", tz = "Asia/Seoul" }(function() end)
roost.timer { every = 3600, jitter = 60 }(function() end)
"""


def kept(server):
    """The plugin's store by key."""
    lines = server.console("store", "tea", "export").stdout.splitlines()
    return {entry["key"]: entry["value"] for entry in map(json.loads, lines)}


def test_what_was_due_while_the_server_was_down_happens_late_and_once(start):
    server = start(plugins={"tea.lua": TEA})
    room = Room(server)
    room.ann.say(room.id, "/tea 1s green")
    room.ann.say(room.id, "/tea 1h black")
    server.kill()
    server.start(server.port)
    eventually(lambda: "done green" in kept(server), "the tea")
    ann = room.ann.another_tab()
    ann.join(room.id)
    late = [event["text"] for event in ann.events(room.id) if event.get("text", "").startswith("green")]
    assert len(late) == 1 and late[0].endswith("s late")
    server.kill()
    server.start(server.port)
    listed = server.console("schedules").stdout
    assert "black" in listed and "schedule:tea" in listed and "green" not in listed
    assert kept(server) == {"done green": 1}


def test_however_often_the_server_is_killed_each_schedule_happens_exactly_once(start):
    server = start(plugins={"tea.lua": TEA})
    room = Room(server)
    count, chance = 60, random.Random(1)
    for number in range(count):
        room.ann.say(room.id, f"/tea {chance.uniform(0.3, 4):.2f}s k{number}")
    for _ in range(6):
        done = len(kept(server))
        eventually(lambda: len(kept(server)) > done or len(kept(server)) == count, "another tea")
        server.kill()
        server.start(server.port)
    eventually(lambda: len(kept(server)) == count, "all the tea")
    assert set(kept(server).values()) == {1}
    assert "Nothing is scheduled." in server.console("schedules").stdout
    ann = room.ann.another_tab()
    ann.join(room.id)
    page = ann.ask("history", room=room.id, before=10**9, limit=200)["events"]
    said = [event["text"].split(",")[0] for event in page if event["type"] == "chat" and event["text"].startswith("k")]
    assert sorted(said) == sorted(f"k{number}" for number in range(count))


@pytest.fixture(scope="module")
def server(start):
    config = '[plugin.greet]\ntext = "Shoes off."\n[hooks.order]\nchat = ["guard"]\n'
    plugins = {"tea.lua": TEA, "greet/plugin.json": '{ "config": { "text": { "type": "string", "default": "" }, "times": { "type": "int", "default": 1, "max": 3 } } }',
               "greet/init.lua": 'roost.after("join", function(e) for i = 1, roost.config.times do e:reply(roost.config.text) end end)\n'
                                 'roost.on("config_changed", function(e) for name in pairs(e.changed) do roost.log.info("changed: %s", name) end end)',
               "guard.lua": ""}
    return start("--resume-grace", "60s", plugins=plugins, config=config)


def test_timers_are_listed_with_when_they_call(server):
    printed = server.console("timers", "tea").stdout
    assert "at 0 9 * * mon (Asia/Seoul)" in printed and "T00:00:00Z" in printed
    assert "every 1h, up to 1m later" in printed
    assert "is not loaded" in server.console("timers", "nothing").stdout


def test_a_schedule_is_cancelled_from_the_console(server):
    room = Room(server)
    room.ann.say(room.id, "/tea 1h late")
    eventually(lambda: "late" in server.console("schedules", "tea").stdout)
    assert "is cancelled" in server.console("schedules", "cancel", "tea", "late").stdout
    assert server.console("schedules", "tea").stdout.strip() == "Nothing is scheduled."
    assert server.console("schedules", "cancel", "tea", "late").returncode == 1


def test_a_store_is_looked_at_and_changed_from_the_console(server):
    say = lambda *words: server.console("store", "tea", *words).stdout.strip()
    assert say("set", "n", "5") == "'n' is 5." and say("get", "n") == "5"
    assert say("set", "words", "two words") == '\'words\' is "two words".'
    assert say("set", "mine", "true", "--user=u_nobody") and say("get", "mine", "--user=u_nobody") == "true"
    assert "not there" in say("get", "mine")
    assert "words" in say("scan", "w") and "n " not in say("scan", "w")
    assert "Keys" in say()
    exported = [json.loads(line) for line in say("export").splitlines()]
    assert {"scope": "user u_nobody", "key": "mine", "value": True} in exported
    assert say("delete", "n") == "'n' is gone." and server.console("store", "tea", "get", "n").returncode == 1
    assert "There is no plugin" in server.console("store", "nothing").stdout
    assert server.console("store", "tea", "frobnicate").returncode == 2


def test_a_setting_is_changed_while_the_plugin_runs_and_stays_over_a_restart(server):
    shown = server.console("plugin", "config", "greet").stdout
    assert "configuration" in shown and "manifest" in shown and '"Shoes off."' in shown
    assert "console" in server.console("plugin", "config", "greet", "text", "Hello", "there.").stdout
    eventually(lambda: "changed: text" in server.log.text)
    assert "must be at most 3" in server.console("plugin", "config", "greet", "times", "4").stdout
    assert "did you mean 'times'" in server.console("plugin", "config", "greet", "tines", "2").stdout
    server.restart()
    ann = server.person("Ann")
    ann.join(ann.create_room("Tea"))
    assert ann.expect("notice", by="greet")["text"] == "Hello there."
    assert '"Shoes off."' in server.console("plugin", "config", "greet", "text", "--reset").stdout


def test_the_configuration_is_read_anew(server):
    server.config.write_text('flag_threshold = 2\nburst = 50\n[plugin.greet]\ntext = "New words."\n[plugin.gret]\nx = 1\n')
    done = server.console("config", "reload")
    assert done.returncode == 1 and "[plugin.gret] names the plugin 'gret'" in done.stdout and "did you mean 'greet'" in done.stdout
    server.config.write_text("nonsense = 1\n")
    assert "there is no setting 'nonsense'" in server.console("config", "check").stdout
    server.config.write_text('flag_threshold = 2\nburst = 50\n[plugin.greet]\ntext = "New words."\n[rooms.lounge]\ntitle = "Lounge"\n')
    checked = server.console("config", "check").stdout
    assert "plugin.greet.text" in checked and "flag-threshold" in checked and "rooms.lounge" in checked and "from the next start" in checked
    assert server.console("room", "lounge").returncode == 1
    assert server.console("config", "reload").returncode == 0
    assert server.console("room", "lounge").returncode == 0
    ann = server.person("Ann")
    ann.join("lounge")
    assert ann.expect("notice", by="greet")["text"] == "New words."
    # What counts from the next start still waits for it.
    assert "burst" in server.console("config", "check").stdout
