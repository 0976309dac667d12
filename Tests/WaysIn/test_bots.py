"""Bots: who bears a token is the bot that it was made for, by every way in, and may do what the token says."""

import json

import pytest
import requests
import socketio.exceptions
from websockets.exceptions import InvalidStatus

from gif import form, gif
from ways import DEADLINE, EngineIO, Person, SocketIO, eventually, run, sent

EVERYTHING = ["chat.send", "whisper.send", "history.read", "user.kick", "room.create", "room.remove"]


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "1s")


def make(server, name, *permissions):
    """A new bot's token."""
    return json.loads(server.console("--json", "token", "create", name, *permissions))["token"]


class Bot(Person):
    def __init__(self, server, name, *permissions, token=None):
        self.token = token or make(server, name, *permissions)
        super().__init__(server, headers={"Authorization": f"Bearer {self.token}"})

    def socket(self, transports=None, namespaces=("/chat",), by="header"):
        told = {"headers": {"Authorization": f"Bearer {self.token}"}} if by == "header" else {"auth": {"token": self.token}}
        return SocketIO(self, transports, namespaces, **told).open()


@pytest.fixture
def meeting(server):
    """Ann, who sits in her room and watches."""
    ann = server.person("Ann")
    room = ann.create_room()
    with ann.native() as witness:
        witness.join(room)
        yield ann, room, witness


# Every way in


def by_http(bot, room):
    bot.join(room)
    bot.say(room, "beep")


def by_web_socket(bot, room):
    with bot.native() as socket:
        socket.join(room)
        assert socket.ask("chat", room=room, text="beep")["type"] == "ok"


def by_events(bot, room):
    stream = bot.stream(f"/room/{room}/events")
    stream.expect("joined")
    bot.say(room, "beep")
    assert stream.expect("chat", text="beep")["from"]["bot"]
    stream.close()


def by_long_polling(bot, room):
    answer = bot.poll(room).json()
    bot.say(room, "beep")
    events = bot.poll(room, f"{answer['epoch']}:{answer['seq']}", 25).json()["events"]
    while not any(event.get("text") == "beep" for event in events):
        events += bot.poll(room, f"{answer['epoch']}:{events[-1]['seq'] if events else answer['seq']}", 25).json()["events"]


def by_socket_io(transports, by):
    def speak(bot, room):
        with bot.socket(transports, by=by) as client:
            client.join(room)
            assert client.ask("chat", {"chat": "beep"})["type"] == "ok"
            assert client.expect("chat", chat="beep")["id"] == bot.id

    return speak


WAYS = {
    "HTTP": by_http, "WebSocket": by_web_socket, "events": by_events, "long-polling": by_long_polling,
    "Socket.IO polling, header": by_socket_io(["polling"], "header"), "Socket.IO WebSocket, header": by_socket_io(["websocket"], "header"),
    "Socket.IO polling, auth": by_socket_io(["polling"], "auth"), "Socket.IO WebSocket, auth": by_socket_io(["websocket"], "auth"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_bot_comes_by_every_way_and_is_shown_as_a_bot(server, meeting, way):
    ann, room, witness = meeting
    bot = Bot(server, f"by {way}", "chat.send")
    WAYS[way](bot, room)
    member = witness.expect("join", count=2)["member"]
    assert (member["id"], member["name"], member["bot"], member["role"]) == (bot.id, f"by {way}", True, "member")
    said = witness.expect("chat", text="beep")["from"]
    assert (said["id"], said["bot"]) == (bot.id, True)
    assert "bot" not in witness.ask("join", room=room)["you"]
    assert [event["from"].get("bot") for event in ann.history(room) if event["type"] == "chat"] == [True]


def test_a_bot_gets_no_cookie_and_is_one_whatever_cookie_it_sends(server):
    bot, ann = Bot(server, "Crumb"), server.person("Ann")
    assert not bot.session.cookies and bot.id.startswith("b_") and bot.name == "Crumb"
    answer = requests.get(
        f"{server.url}/rooms", headers={"Authorization": f"bearer {bot.token}", "Cookie": ann.cookie, "Connection": "close"}, timeout=DEADLINE)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    with bot.native(headers={"Cookie": ann.cookie}) as socket:
        assert socket.welcome["you"]["id"] == bot.id


def test_another_authorization_is_no_business_of_the_servers(server):
    person = Person(server, headers={"Authorization": "Basic YW5uOnNlY3JldA=="})
    assert person.id.startswith("u_") and person.cookie


# What it may do


def refused(answer, permission):
    answer = answer if isinstance(answer, dict) else answer.json()
    return answer["code"] == "forbidden" and f"'{permission}'" in answer["text"]


def test_without_permissions_a_bot_hears_and_does_nothing_else(server, meeting):
    ann, room, witness = meeting
    bot = Bot(server, "Listener")
    with bot.native() as socket, bot.socket(["websocket"]) as client:
        socket.join(room)
        client.join(room)
        ann.say(room, "can you hear me?")
        socket.expect("chat", text="can you hear me?")
        client.expect("chat", chat="can you hear me?")
        for answer in (
            bot.post(f"/room/{room}/chat", {"text": "x"}), socket.ask("chat", room=room, text="x"), client.ask("chat", {"chat": "x"}),
            bot.session.post(f"{server.url}/room/{room}/gif", timeout=DEADLINE, **sent(form(gif=gif())))):
            assert refused(answer, "chat.send")
        for answer in (
            bot.post(f"/room/{room}/whisper", {"to": ann.id, "text": "x"}), socket.ask("whisper", room=room, to=ann.id, text="x"),
            client.ask("dm", {"target": ann.id, "msg": "x"})):
            assert refused(answer, "whisper.send")
        for answer in (
            bot.get(f"/room/{room}/history?before=100"), socket.ask("history", room=room, before=100), client.ask("history", {"before": 100})):
            assert refused(answer, "history.read")
        assert refused(bot.post(f"/room/{room}/kick", {"member": ann.id}), "user.kick")
        assert refused(bot.post("/room", {"title": "mine"}), "room.create")
        assert refused(bot.session.delete(f"{server.url}/room/{room}"), "room.remove")
        socket.socket.send(json.dumps({"type": "typing", "room": room}))
        assert socket.ask("name", name="Somebody else")["code"] == "forbidden"
        assert socket.ask("ping")["type"] == "pong"
    witness.ask("chat", room=room, text="end")
    assert witness.texts("end") == ["can you hear me?", "end"]
    assert not [message for message in witness.heard if message["type"] in ("typing", "whisper")]
    eventually(lambda: not [path for path in (server.data / "files").rglob("*") if path.is_file()], "the removal of the refused file")


def test_with_permissions_a_bot_does_what_they_say(server, meeting):
    ann, room, witness = meeting
    bot = Bot(server, "Busy", *EVERYTHING)
    bot.join(room)
    bot.say(room, "hello")
    assert bot.session.post(f"{server.url}/room/{room}/gif", timeout=DEADLINE, **sent(form(gif=gif()))).status_code == 201
    assert witness.expect("gif")["from"]["bot"]
    assert bot.post(f"/room/{room}/whisper", {"to": ann.id, "text": "psst"}).json()["type"] == "ok"
    assert witness.expect("whisper", text="psst")["from"]["bot"]
    assert [event["text"] for event in bot.history(room) if event["type"] == "chat"] == ["hello"]
    bob = server.person("Bob")
    bob.join(room)
    assert bot.post(f"/room/{room}/kick", {"member": bob.id}).json()["type"] == "ok"
    assert witness.expect("exit")["reason"] == "kicked"
    made = bot.create_room("Made by a program")
    assert bot.get(f"/room/{made}").json()["owner"]["id"] == bot.id
    for gone in (made, room):
        assert bot.session.delete(f"{server.url}/room/{gone}").status_code == 204
    assert witness.expect("exit")["reason"] == "room_removed"


def test_slash_commands_are_for_people(server, meeting):
    _, room, witness = meeting
    bot = Bot(server, "Slasher", "chat.send")
    bot.join(room)
    answer = bot.post(f"/room/{room}/chat", {"text": "/kick Ann"})
    assert answer.status_code == 403 and "Slash commands are for people" in answer.json()["text"]
    bot.say(room, "//kick Ann")
    assert witness.expect("chat")["text"] == "/kick Ann"


def test_a_bot_gets_no_room_for_an_inheritance(server):
    ann, bot = server.person("Ann"), Bot(server, "Heir")
    room = ann.create_room()
    with bot.native() as socket:
        ann.join(room)
        socket.join(room)
        ann.post(f"/room/{room}/exit")
        socket.expect("exit")
        assert bot.get(f"/room/{room}").json()["owner"]["id"] == ann.id


# Tokens that are none


@pytest.mark.parametrize("token", ["", "x", "roost_", "roost_" + "A" * 43, "roost_" + "é" * 20], ids=repr)
def test_a_token_that_is_none_opens_nothing(server, token):
    room = server.person().create_room()
    headers = {"Authorization": f"Bearer {token}".encode(), "Connection": "close"}
    for method, path in (("GET", "/rooms"), ("GET", f"/room/{room}/events"), ("POST", f"/room/{room}/chat"), ("GET", "/socket.io/?EIO=4&transport=polling")):
        answer = requests.request(method, server.url + path, headers=headers, timeout=DEADLINE)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"'), path
        assert answer.json()["code"] == "unauthorized" and "Set-Cookie" not in answer.headers
    if token.isascii():
        for query in (None, "EIO=4&transport=websocket"):
            with pytest.raises(InvalidStatus) as refusal:
                client = EngineIO(server)
                client.headers = {"Authorization": f"Bearer {token}"}
                client.web_socket(query) if query else server.person().native(headers=client.headers)
            assert refusal.value.response.status_code == 401
    client = SocketIO(server.person(), None, ["/chat"], auth={"token": token})
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.open()
    problem = client.expect("connect_error")
    assert problem["data"] == {"code": "unauthorized"} and "token" in problem["message"]


def test_a_revoked_token_ends_its_connections_and_no_others(server, meeting):
    _, room, witness = meeting
    bot, other = Bot(server, "Short-lived", "chat.send"), Bot(server, "Long-lived", "chat.send")
    with bot.native() as socket, other.native() as stays:
        socket.join(room)
        stays.join(room)
        stream = bot.stream(f"/room/{room}/events")
        stream.expect("joined")
        server.console("token", "revoke", "Short-lived", "--yes")
        assert socket.expect("bye")["code"] == 1008
        assert stream.expect("bye")["code"] == 1008
        assert witness.expect("exit")["member"]["id"] == bot.id
        assert bot.post(f"/room/{room}/chat", {"text": "still here"}).status_code == 401
        assert stays.ask("chat", room=room, text="still here")["type"] == "ok"
    assert "Short-lived" not in server.console("token", "list")


# What is kept


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_token_outlives_a_restart_and_is_kept_nowhere(start, end):
    server = start()
    bot = Bot(server, "Keeper", "chat.send")
    room = server.person().create_room()
    bot.join(room)
    bot.say(room, "before")
    getattr(server, end)()
    for path in server.data.rglob("*"):
        if path.is_file():
            assert bot.token.removeprefix("roost_").encode() not in path.read_bytes(), path.name
    assert (server.data / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert bot.token not in server.log.text
    server.start()
    again = Bot(server, None, token=bot.token)
    assert (again.id, again.name) == (bot.id, "Keeper")
    again.join(room)
    again.say(room, "after")


def test_a_damaged_file_of_tokens_is_said_at_the_start(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tokens.json").write_text("{")
    done = run("serve", "--port", "0", "--data", tmp_path / "data")
    assert done.returncode != 0 and "tokens.json is damaged" in done.stderr


# The console


def test_the_console_makes_lists_and_revokes(server):
    assert "--yes" in run("console", "--data", server.data, "token", "create", "Lister", "chat.send").stdout + run(
        "console", "--data", server.data, "token", "revoke", "Lister").stdout
    row = next(line for line in server.console("token", "list").splitlines() if "Lister" in line)
    assert "hear rooms, speak in rooms (chat.send)" in row and row.endswith("0")
    server.console("token", "revoke", "Lister", "--yes")


@pytest.mark.parametrize("words, said", [
    (["create"], "a name is missing"), (["create", "Ann Bot", "chat.sent"], "Did you mean 'chat.send'?"), (["create", "a" * 40], "1 to 32 visible characters"),
    (["make"], "none of create, list and revoke"), (["revoke", "Twim"], "Did you mean 'Twin'?"), (["create", "Twin"], "a bot of the name 'Twin' already")])
def test_the_console_says_what_is_wrong(server, words, said):
    if "Twin" not in server.console("token", "list"):
        make(server, "Twin")
    done = run("console", "--data", server.data, "token", *words)
    assert done.returncode != 0 and said in done.stdout, done.stdout + done.stderr
