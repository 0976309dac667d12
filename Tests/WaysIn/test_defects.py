"""The fifteen defects of the textbook's chat (textbook.md, 6.5), each shown to be absent here."""

import hashlib
import json
import re
import threading
import urllib.parse

import pytest
import requests

from gif import form, gif, image
from test_textbook import Browser
from ways import DEADLINE, REPOSITORY, Cable, EngineIO, Person, SocketIO, eventually, sent


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "2s")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_defect_01_passwords_are_told_to_nobody_and_kept_nowhere(start):
    server = start()
    secret = "열려라-참깨-7319"
    ann, watcher = server.person("Ann"), server.person()
    lobby, native, stream = watcher.socket(None, ["/room"]), watcher.native(), watcher.stream("/rooms")
    native.ask("lobby")
    room = ann.create_room("비밀방", password=secret)
    made = Browser(server).submit("/room", title="또 하나", max="10", password=secret)
    assert secret not in urllib.parse.unquote(made.headers["Location"]), "a password travels in the address"
    lobby.expect("newRoom", "/room", _id=room)
    native.expect("room_added")
    stream.expect("room_added")
    bob = server.person()
    ann.join(room)
    joined = bob.join(room, password=secret)
    assert Browser(server).visit(f"/room/{room}?password=" + urllib.parse.quote(secret)).headers["Location"] == f"/room/{room}"
    told = [lobby.events, native.heard, stream.news.items, joined, bob.get("/rooms").json(), bob.get(f"/room/{room}").json(), ann.history(room)]
    assert secret not in json.dumps(told, ensure_ascii=False)
    assert secret not in server.log.text
    lobby.close()
    stream.close()
    assert server.stop() == 0
    for path in files(server.data):
        assert secret.encode() not in path.read_bytes(), f"the password is in {path.name}"
    server.start()
    assert server.person().join(room, password=secret)["type"] == "joined"


def refused_everywhere(server, person, room, code, **fields):
    """Nobody gets in by any door, and what they send arrives nowhere."""
    assert person.post(f"/room/{room}/join", fields).json()["code"] == code
    assert person.poll(room).json()["code"] == code or not fields
    with person.native() as native:
        assert native.ask("join", room=room, **fields)["code"] == code
        assert native.ask("chat", room=room, text="intruder")["code"] == "not_member"
    with person.socket(["websocket"]) as client:
        assert client.ask("join", {"room": room, **fields})["code"] == code
        assert client.ask("chat", {"room": room, "chat": "intruder"})["code"] == "not_member"
    with person.socket(["websocket"], headers={"Referer": f"{server.url}/room/{room}"}) as client:
        assert client.expect("refused")["code"] in (code, "wrong_password")
    assert person.post(f"/room/{room}/chat", {"text": "intruder"}).json()["code"] == "not_member"
    assert person.session.post(f"{server.url}/room/{room}/gif", **sent(image(gif()))).json()["code"] == "not_member"
    assert person.get(f"/room/{room}/history?before=100").json()["code"] == "not_member"


def test_defect_02_passwords_and_seats_are_checked_whatever_the_way_in(server):
    ann, bob, eve = server.person("Ann"), server.person("Bob"), server.person("Eve")
    private, small = ann.create_room(password="secret"), ann.create_room(max=2)
    with ann.native() as native, bob.native() as other:
        native.join(private)
        native.join(small)
        other.join(small)
        refused_everywhere(server, eve, private, "wrong_password")
        refused_everywhere(server, eve, private, "wrong_password", password="wrong")
        refused_everywhere(server, eve, small, "full")
        for last in (private, small):
            native.ask("chat", room=last, text="end")
            native.expect("chat", room=last, text="end")
        heard = [message["type"] for message in native.heard if message.get("room") in (private, small) and "seq" in message]
        assert heard.count("chat") == 2 and "gif" not in heard


class TextbookPage:
    """A page of the third edition: it says `join` once, when it is loaded."""

    def __init__(self, browser, room, url):
        self.client = SocketIO(browser, ["websocket"], url=url, reconnection=True)
        self.client.open()
        self.client.emit("join", room)
        self.client.expect("join")


def test_defect_03_a_blip_makes_nobody_deaf_and_is_announced_to_nobody(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    cable = Cable(server)
    with ann.native() as witness:
        witness.join(room)
        page = TextbookPage(bob, room, cable.url).client
        for blip in range(3):
            since = len(page.events)
            cable.cut()
            page.expect("disconnect", since=since)
            witness.ask("chat", room=room, text=f"during {blip}")
            cable.mend()
            witness.ask("chat", room=room, text=f"after {blip}")
            page.expect("chat", since=since, chat=f"after {blip}")
        assert page.texts("after 2") == [f"{when} {blip}" for blip in range(3) for when in ("during", "after")]
        witness.texts("after 2")
        moves = [message["type"] for message in witness.heard if message["type"] in ("join", "exit") and message["member"]["id"] == bob.id]
        assert moves == ["join"]
        page.close()
    cable.remove()


def test_defect_03_nobody_is_deaf_whose_old_connection_seems_to_live(server):
    """A laptop that changes networks: the server has not heard that the old connection is gone."""
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    with ann.native() as witness, bob.socket(["websocket"]) as old:
        witness.join(room)
        old.join(room)
        with bob.socket(["websocket"]) as new:
            witness.ask("chat", room=room, text="can you hear me?")
            old.expect("chat", chat="can you hear me?")
            assert new.expect("chat", chat="can you hear me?")


@pytest.mark.parametrize("edition", [1, 3])
def test_defect_04_the_only_person_reloads_and_everything_is_still_there(server, edition):
    ann = Browser(server)
    room = ann.create()
    for load in range(3):
        if edition == 3:
            page = ann.in_room(room)
        else:
            assert ann.visit(f"/room/{room}").status_code == 200
            page = ann.socket()
        assert page.ask("chat", {"room": room, "chat": f"load {load}"})["type"] == "ok"
        page.close()
    history = ann.script("GET", f"/room/{room}/history?before=1000").json()["events"]
    assert [event["text"] for event in history if event["type"] == "chat"] == ["load 0", "load 1", "load 2"]


@pytest.mark.parametrize("referer", [None, "", "nonsense", "http://elsewhere.example/room/", "%"])
def test_defect_05_nothing_depends_on_the_Referer(server, referer):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    with ann.native() as witness:
        witness.join(room)
        client = bob.socket(None, headers={} if referer is None else {"Referer": referer})
        client.join(room)
        witness.expect("join", count=2)
        client.close()
        assert witness.expect("exit")["member"]["id"] == bob.id
    assert "error" not in [line.split()[1] for line in server.log.items if " " in line]


def test_defect_06_the_last_seat_is_taken_once_and_people_are_counted(server):
    owner = server.person("Owner")
    room = owner.create_room(max=5)
    owner.join(room)
    people = [server.person(f"P{number}") for number in range(20)]
    doors = [person.native() for person in people]
    start, answers = threading.Barrier(len(doors)), []

    def join(door):
        start.wait()
        answers.append(door.ask("join", room=room))

    threads = [threading.Thread(target=join, args=(door,)) for door in doors]
    with owner.native() as tab:
        tab.join(room)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.get("code", answer["type"]) for answer in answers) == ["full"] * 16 + ["joined"] * 4
        # Another tab of somebody who is in is no seat.
        with owner.native() as second, owner.socket() as third:
            assert second.ask("join", room=room)["type"] == "joined"
            assert third.join(room)["room"]["count"] == 5
    for door in doors:
        door.socket.close()


def test_defect_07_only_its_owner_removes_a_room(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    bob.join(room)
    for person in (bob, server.person("Eve")):
        answer = person.session.delete(f"{server.url}/room/{room}")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert requests.delete(f"{server.url}/room/{room}", timeout=DEADLINE).status_code == 403
    assert ann.get(f"/room/{room}").status_code == 200
    assert ann.session.delete(f"{server.url}/room/{room}").status_code == 204


def test_defect_08_people_of_one_color_are_two(start):
    server = start("--resume-grace", "60s")
    owner = server.person("Owner")
    room = owner.create_room(max=1000)
    owner.join(room)
    by_color = {}
    while True:
        # Two of 3,231 colours meet after some 70 people; after a thousand the chance that none have is below 10^-60.
        assert len(by_color) < 1000
        person = Person(server)
        color = person.join(room)["you"]["color"]
        if color in by_color:
            break
        by_color[color] = person
    ann, bob = by_color[color], person
    assert ann.id != bob.id
    with ann.socket() as first, bob.socket() as second:
        first.join(room)
        second.join(room)
        first.ask("chat", {"chat": "mine"})
        message = second.expect("chat", chat="mine")
        assert (message["user"], message["id"]) == (color, ann.id)
        owner.post(f"/room/{room}/whisper", {"to": ann.id, "text": "psst"})
        first.expect("dm", msg="psst")
        owner.say(room, "end")
        second.expect("chat", chat="end")
        assert not second.named("dm")
    mine = ann.create_room()
    assert ann.get(f"/room/{mine}").json()["owner"]["color"] == color
    assert bob.session.delete(f"{server.url}/room/{mine}").status_code == 403


def color_hash(text, version):
    """The library color-hash, as textbook.md has it (appendix A)."""
    choices = [0.35, 0.5, 0.65]
    if version == 2:
        value = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
        rest = -(-value // 360)
        saturation, lightness = choices[rest % 3], choices[-(-rest // 3) % 3]
    else:
        value = 0
        for unit in [*text.encode("utf-16-le")[::2], ord("x")]:
            value = (value // 137 if value > 9007199254740991 // 137 else value) * 131 + unit
        saturation, lightness = choices[value // 360 % 3], choices[value // 360 // 3 % 3]
    hue = value % 359 / 360
    q = lightness * (1 + saturation) if lightness < 0.5 else lightness + saturation - lightness * saturation
    p = 2 * lightness - q

    def channel(t):
        t %= 1
        share = 6 * t if t < 1 / 6 else 1 if t < 1 / 2 else 6 * (2 / 3 - t) if t < 2 / 3 else 0
        return f"{int(255 * (p + (q - p) * share) + 0.5):02x}"

    return "#" + "".join(channel(hue + third) for third in (1 / 3, 0, -1 / 3))


def test_defect_09_a_color_is_made_of_nothing_secret(server):
    assert [color_hash("Hello World", version) for version in (2, 1)] == ["#7984d2", "#8796c5"]
    room = server.person().create_room(max=100)
    people = [Person(server) for _ in range(4)]
    colors = [person.join(room)["you"]["color"] for person in people]
    token = lambda person: person.session.cookies["roost"]
    for made_of in (token, lambda person: token(person).split(".")[0], lambda person: token(person).split(".")[1], lambda person: person.id,
                    lambda person: person.name, lambda person: "roost=" + token(person)):
        for version in (1, 2):
            assert [color_hash(made_of(person), version) for person in people] != colors
    # And what is shown of a person has nothing of the cookie.
    shown = json.dumps(people[0].join(room)) + json.dumps(people[0].history(room))
    assert not any(part in shown for person in people for part in token(person).split("."))


def test_defect_10_a_GIF_is_a_GIF_and_belongs_to_its_room(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room(password="secret")
    upload = lambda person, **options: person.session.post(f"{server.url}/room/{room}/gif", timeout=DEADLINE, **options)
    assert upload(bob, **sent(form(gif=gif()))).json()["code"] == "not_member"
    ann.join(room)
    for script in (b"<script>alert(1)</script>", b"GIF89a<script>", b"\x89PNG\r\n\x1a\n" + b"x" * 100, b""):
        assert upload(ann, **sent(form(gif=script))).status_code in (400, 413, 415), script
    with ann.socket() as client:
        client.join(room)
        seqs = [upload(ann, **sent(form(gif=gif()))).json()["seq"] for _ in range(2)]  # the same one twice
        names = {client.expect("chat", seq=seq)["gif"] for seq in seqs}
    assert len(names) == 1 and seqs[0] != seqs[1]
    name = names.pop()
    assert re.fullmatch(r"[0-9a-f]{64}\.gif", name), "a name that somebody chose"
    answer = ann.get(f"/gif/{name}")
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/gif", "nosniff")
    assert bob.get(f"/gif/{name}").status_code == 404
    assert [path.name for path in files(server.data / "files") if name[:64] in path.name]
    assert ann.session.delete(f"{server.url}/room/{room}").status_code == 204
    eventually(lambda: not [path for path in files(server.data / "files") if name[:64] in path.name], "the removal of the file")
    assert ann.get(f"/gif/{name}").status_code == 404


def test_defect_11_joins_are_seen_by_who_joins_and_after_a_reload(server):
    ann = Browser(server)
    room = ann.create()
    page = ann.in_room(room)
    assert page.expect("join", id=ann.id)["chat"].endswith("님이 입장하셨습니다.")
    page.close()
    ann.in_room(room).close()
    events = ann.script("GET", f"/room/{room}/history?before=1000").json()["events"]
    assert [event["member"]["id"] for event in events if event["type"] == "join"] == [ann.id]
    assert [event["type"] for event in events].count("system") >= 1


@pytest.mark.parametrize("fields", [{}, {"title": ""}, {"title": "x", "max": 1}, {"title": "x", "max": -5}, {"title": "x", "max": 10**30}, {"title": "x", "max": "many"},
                                    {"title": 5}, {"title": "x" * 61}, {"title": "x", "max": 1.5}, {"title": "\u0000"}, {"title": "x", "password": []}], ids=str)
def test_defect_12_a_room_that_cannot_be_is_refused_with_a_reason(server, fields):
    answer = server.person().post("/room", fields)
    assert answer.status_code in (400, 413) and answer.json()["text"]
    answer = Browser(server).submit("/room", **{name: str(value) for name, value in fields.items() if value != []} | ({"max": "0"} if "password" in fields else {}))
    assert answer.status_code in (302, 303, 400, 413) or "title" in fields and fields["title"] == 5
    assert not re.search(r"\.swift|Error Domain|at line", answer.text)


def test_defect_13_nobody_says_where_they_are_from(start):
    server = start("--password-attempts", "2", quick=False)
    room = server.person().create_room(password="secret")
    tries = [Person(server, headers={"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}) for number in range(4)]
    codes = [person.post(f"/room/{room}/join", {"password": "guess"}).json()["code"] for person in tries]
    assert codes == ["wrong_password", "wrong_password", "rate", "rate"]
    with tries[0].native() as native:
        assert native.welcome and server.addresses(tries[0].id) == {"websocket": "127.0.0.1"}


def test_defect_14_kicks_and_whispers_are_the_servers_to_enforce(server):
    ann, bob, eve = server.person("Ann"), server.person("Bob"), server.person("Eve")
    room, other = ann.create_room(), bob.create_room()
    with ann.socket() as owner, eve.socket() as outsider:
        owner.join(room)
        # A client that does as it likes: it hears that it is kicked and stays.
        stubborn = EngineIO(server, bob.cookie).web_socket()
        stubborn.send("40/chat,", f'42/chat,0["join","{room}"]')
        while not stubborn.receive_other().startswith("43/chat,0"):
            pass
        eve.join(other)
        for client_event in (("ban", {"id": bob.id, "room": room}), ("kick", {"id": bob.id, "room": room}), ("delegate", {"id": eve.id, "room": room}),
                             ("dm", {"target": bob.id, "msg": "psst", "room": room})):
            assert outsider.ask(*client_event)["type"] == "error", client_event
        # By way of a room where they are allowed to, they reach nobody elsewhere.
        assert outsider.ask("dm", {"target": ann.id, "msg": "psst", "room": other})["type"] == "error"
        owner.ask("chat", {"chat": "before"})
        owner.ask("ban", {"id": bob.id})
        owner.expect("exit", id=bob.id)
        owner.ask("chat", {"chat": "after"})
        stubborn.send('42/chat,["chat","I am still here"]', "40/chat,", f'42/chat,1["join","{room}"]')
        heard = []
        while not (heard and heard[-1].startswith("43/chat,1")):
            heard.append(stubborn.receive_other())
        assert '"banned"' in heard[-1]
        text = "".join(heard)
        assert '"chat":"before"' in text and '"chat":"after"' not in text and "psst" not in text
        stubborn.close()
        owner.ask("chat", {"chat": "end"})
        assert owner.texts("end") == ["before", "after", "end"]
        with bob.native() as again:
            assert again.ask("join", room=room)["code"] == "banned"
            assert again.ask("chat", room=room, text="still here")["code"] == "not_member"


def test_defect_15_there_are_limits_pages_and_names(start):
    server = start("--burst", "5", "--rate", "1", quick=False)
    ann = server.person("Ann")
    room = ann.create_room()
    for way in ("http", "native", "socket.io"):
        person = server.person()
        person.join(room)
        with person.native() as native, person.socket() as client:
            client.join(room)
            say = {
                "http": lambda text: person.post(f"/room/{room}/chat", {"text": text}).json(), "native": lambda text: native.ask("chat", room=room, text=text),
                "socket.io": lambda text: client.ask("chat", {"room": room, "chat": text})}[way]
            assert say("x" * 4001)["code"] == "too_long"
            answers = [say(f"{number}") for number in range(12)]
            refused = [answer for answer in answers if answer["type"] == "error"]
            assert refused and all(answer["code"] == "rate" and answer["retry_after"] > 0 for answer in refused)
    ann.join(room)
    page = ann.get(f"/room/{room}/history?before=12&limit=3").json()
    assert [event["seq"] for event in page["events"]] == [9, 10, 11] and page["more"]
    with ann.socket() as client:
        client.join(room)
        eventually(lambda: client.ask("chat", {"chat": "named"})["type"] == "ok", "a message that is not too soon")
        assert client.expect("chat", chat="named")["name"] == "Ann"


def test_defect_15_pages_have_no_dialogs_of_the_browser_and_speak_to_screen_readers():
    public = REPOSITORY / "Public"
    for path in public.rglob("*.js"):
        assert not re.search(r"(?<![.\w])(alert|prompt|confirm)\(", path.read_text()), path
    page = (public / "room.html").read_text()
    assert 'role="log"' in page and "aria-live" in page
