"""What plugins use beside rooms, on a real server: requests, the console, measures and alarms."""

import http.server
import json
import re
import threading

import pytest

from roost import Room

MANIFEST = {
    "permissions": {"http": ["http://127.0.0.1:{port}", "http://localhost:{port}"], "user": ["tell"], "console": True, "alert": True, "store": "64KiB"}}

ASK = """
roost.command("ask", { args = "<url:word>", help = "Asks." }, function(c)
  local response, err = roost.http.get(c.args.url, { timeout = 5 })
  c:reply(response and (response.status .. ": " .. response.body) or ("no: " .. err))
end)
roost.console("say", { args = "<what:choice(tea|coffee)> [who:user]", help = "Says something." }, function(c)
  c:print("%s for %s, says %s", c.args.what, c.args.who and c.args.who.name or "everyone", c.by)
  c:table({ { "Drink", "Cups" }, { c.args.what, 2 } })
end)
roost.after("chat", function(e)
  roost.metric.count("heard", 1, { text = e.text })
  if e.text == "fire" then roost.alert("fire", { text = "The kitchen burns", who = e.user }) end
end)
"""


class Answers(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_GET(self):
        Answers.seen.append((self.path, self.headers["Host"]))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/there")
            self.end_headers()
            return
        body = f"you asked for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def outside():
    """Another server, on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def plugins(port):
    return {"asker/plugin.json": json.dumps(MANIFEST).replace("{port}", str(port)), "asker/init.lua": ASK}


@pytest.fixture(scope="module")
def server(start, outside):
    return start("--plugin-http-private", plugins=plugins(outside))


def test_a_plugin_asks_another_server_and_follows_where_it_leads(server, outside):
    room = Room(server)
    room.ann.say(room.id, f"/ask http://127.0.0.1:{outside}/tea?cups=2")
    room.ann.expect("notice", text="200: you asked for /tea?cups=2")
    room.ann.say(room.id, f"/ask http://127.0.0.1:{outside}/away")
    room.ann.expect("notice", text="200: you asked for /there")
    assert Answers.seen[-1] == ("/there", f"localhost:{outside}")


def test_private_addresses_are_refused_unless_a_setting_allows_them(start, outside):
    server = start(plugins=plugins(outside))
    room = Room(server)
    before = len(Answers.seen)
    for host in ("127.0.0.1", "localhost"):
        room.ann.say(room.id, f"/ask http://{host}:{outside}/secret")
        room.ann.expect("notice", text=f"no: {host} has a private address")
    assert len(Answers.seen) == before


def test_a_plugins_console_command_is_listed_completed_and_carried_out(server):
    room = Room(server)
    assert "asker say" in server.type("help")
    assert "asker say <tea|coffee> [who]" in server.type("help asker")
    shown = server.type(f"asker say tea {room.ann.id}")
    assert shown.splitlines()[0] == "tea for Ann, says console"
    assert re.search(r"^Drink +Cups\ntea +2$", shown, re.MULTILINE), shown
    wrong = server.console("asker", "say", "beer")
    assert wrong.returncode == 1 and "→<tea|coffee>←" in wrong.stdout + wrong.stderr
    assert "Did you mean 'say'?" in server.type("asker sya")


def test_measures_of_server_and_plugins_are_handed_out(server):
    room = Room(server)
    room.ann.say(room.id, 'a "quoted" text')
    server.get("/healthz")
    room.bob.everything()
    text = server.get("/metrics").text
    for pattern in (r'roost_plugin_asker_heard_total\{text="a \\"quoted\\" text"\} 1', r'roost_transport_connections\{transport="websocket"\} [1-9]',
                    r'roost_commit_seconds_bucket\{le="\+Inf"\} [1-9]', r"roost_members [1-9]", r'roost_plugin_calls_total\{plugin="asker",event="chat",phase="after"\} [1-9]',
                    r"process_resident_memory_bytes [1-9]"):
        assert re.search(f"^{pattern}", text, re.MULTILINE), (pattern, text)
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) and text.endswith("# EOF\n")
    assert "roost_plugin_asker_heard_total" in server.type("metrics heard")
    assert "Nothing of that name" in server.type("metrics nonsense")


def test_measures_are_for_this_machine_unless_a_setting_says_otherwise(start, server):
    # Whoever comes by a proxy that nobody trusts is not from here, wherever the proxy is.
    assert server.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status == 403
    closed = start("--metrics-from", "10.0.0.0/8")
    refused = closed.get("/metrics")
    assert refused.status == 403 and "metrics-from" in refused.text
    everyone = start("--metrics-from", "any")
    assert everyone.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status == 200


def test_an_alarm_reaches_the_log_the_audit_and_the_owner(server):
    room = Room(server)
    room.bob.say(room.id, "fire")
    assert room.ann.expect("notice", by="asker")["text"].startswith("⚠ The kitchen burns (who=Bob")
    server.log.expect(r"ALERT fire in \w+: The kitchen burns")
    assert "alert fire" in server.type("audit")
    assert not [notice for notice in room.bob.everything("notice") if notice["by"] == "asker"]


def test_a_raid_puts_the_shield_up(start):
    server = start(plugins="standard", config='[plugin.guard]\nraid_joins = 3\nraid_seconds = 600\n')
    ann = server.person("Ann")
    room = ann.create_room("Quiet corner", max=50)
    ann.join(room)
    for number in range(3):
        server.person(f"Guest {number}").join(room)
    late = server.person("Late").ask("join", room=room)
    assert late["type"] == "held", late
    assert "newcomers knock now" in ann.expect("notice", by="guard")["text"]
    assert "is down" in server.type(f"guard shield off {room}")
