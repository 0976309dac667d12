"""The rooms over Socket.IO, with the clients of python-socketio and by hand.

Every test of the first part runs three times: by polling alone, by a WebSocket alone, and by polling that is upgraded.
"""

import json
import threading

import pytest
import socketio.exceptions
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ways import Cable, EngineIO, SocketIO, Wire, eventually

TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "1s")


@pytest.fixture(params=TRANSPORTS)
def by(request):
    return TRANSPORTS[request.param]


@pytest.fixture
def people(server):
    """Ann, who has a room, and Bob."""
    ann, bob = server.person("Ann"), server.person("Bob")
    return ann, bob, ann.create_room()


# What is said


def test_a_client_speaks_by_the_transport_it_was_told_to(server, by):
    with server.person().socket(by) as client:
        assert client.transport == ("polling" if by == ["polling"] else "websocket")


def test_the_lobby_hears_of_new_and_removed_rooms_and_never_of_passwords(server, by):
    owner, watcher = server.person("Owner"), server.person()
    with watcher.socket(by, ["/room"]) as lobby:
        assert isinstance(lobby.expect("rooms", "/room"), list)
        room = owner.create_room("비밀방", password="열려라참깨", max=5)
        document = lobby.expect("newRoom", "/room", _id=room)
        assert document.items() >= {"title": "비밀방", "max": 5, "password": True}.items()
        assert document["owner"].startswith("#") and document["createdAt"].endswith("Z")
        owner.join(room)
        assert lobby.expect("updateRoom", "/room", _id=room, number=1)["title"] == "비밀방"
        assert owner.session.delete(f"{server.url}/room/{room}").status_code == 204
        lobby.news.expect(lambda event: event == ("/room", "removeRoom", room), "removeRoom")
        assert "열려라참깨" not in json.dumps(lobby.events, ensure_ascii=False)


def test_what_becomes_of_a_message_is_heard_and_can_be_asked_for(people, by):
    ann, bob, room = people
    with ann.socket(by) as first, bob.socket(by) as second:
        first.join(room)
        second.join(room)
        first.ask("chat", {"room": room, "chat": "안뇽"})
        message = second.expect("chat", chat="안뇽")
        answer = first.ask("edit", {"room": room, "of": message["_id"], "chat": "안녕", "cid": "e1"})
        assert answer == {"type": "ok", "seq": message["seq"] + 1}
        edit = second.expect("edit", of=message["_id"])
        assert (edit["chat"], edit["id"], edit["_id"]) == ("안녕", message["id"], f"{room}:{answer['seq']}")
        assert second.ask("react", {"room": room, "of": message["seq"], "emoji": "👋"})["type"] == "ok"
        assert first.expect("react", of=message["_id"]).items() >= {"emoji": "👋", "on": True}.items()
        assert second.ask("edit", {"of": message["_id"], "chat": "mine"})["code"] == "forbidden"
        assert second.ask("report", {"of": message["_id"], "why": "hm"})["type"] == "ok"
        assert first.ask("delete", {"of": message["_id"]})["type"] == "ok"
        assert second.expect("delete", of=message["_id"])["user"] == message["user"]
        assert second.ask("delete", {"room": room})["code"] == "bad_request"


def test_everyone_hears_who_joins_and_the_joiner_too(people, by):
    ann, bob, room = people
    with ann.socket(by) as first, bob.socket(by) as second:
        first.join(room)
        joined = second.join(room)
        assert {member["name"] for member in joined["members"]} == {"Ann", "Bob"}
        for client in (first, second):
            event = client.expect("join", id=bob.id)
            assert (event["user"], event["number"]) == ("system", 2)
            assert event["chat"] == f"{joined['you']['color']}님이 입장하셨습니다."
        assert second.ask("exit", room) == {"type": "ok"}
        event = first.expect("exit", id=bob.id)
        assert event["chat"] == f"{joined['you']['color']}님이 퇴장하셨습니다." and event["number"] == 1


def test_joins_and_exits_are_said_once(people, by):
    ann, bob, room = people
    with ann.socket(by) as first:
        first.join(room)
        with bob.socket(by) as second:
            second.join(room)
            second.ask("exit", room)
        first.expect("exit", id=bob.id)
        first.ask("chat", {"chat": "end"})
        first.expect("chat", chat="end")
        said = [event["chat"] for event in first.named("chat")]
        assert said == ["end"], "the exit is an event, and another message says it again"


@pytest.mark.parametrize("text", ["안녕하세요", "ㅋㅋㅋ 각 나다 각", "<script>alert(1)</script>", "👨‍👩‍👧‍👦 \"quotes\" \\ \u2028 end", "가" * 4000],
                         ids=["Korean", "jamo and decomposed", "HTML", "emoji and separators", "as long as it may be"])
def test_text_arrives_as_it_was_sent(people, by, text):
    ann, bob, room = people
    with ann.socket(by) as speaker, bob.socket(by) as hearer:
        speaker.join(room)
        hearer.join(room)
        answer = speaker.ask("chat", {"room": room, "chat": text, "cid": "c1"})
        assert answer["type"] == "ok" and isinstance(answer["seq"], int)
        for client in (speaker, hearer):
            message = client.expect("chat", seq=answer["seq"])
            assert message["chat"] == text
            assert message["_id"] == f"{room}:{answer['seq']}" and message["room"] == room
            assert (message["id"], message["name"], message["cid"]) == (ann.id, "Ann", "c1")


def test_a_message_that_cannot_be_taken_is_answered_why(people, by):
    ann, bob, room = people
    with ann.socket(by) as client:
        refused = lambda name, data: client.ask(name, data).get("code")
        assert refused("chat", {"room": room, "chat": "hello"}) == "not_member"
        assert refused("chat", "hello") == "bad_request"
        assert refused("join", "nowhere") == "not_found"
        assert refused("join", {"password": "x"}) == "bad_request"
        client.join(room)
        assert refused("chat", {"room": room, "chat": ""}) == "bad_text"
        assert refused("chat", {"room": room, "chat": "a\u0007b"}) == "bad_text"
        assert refused("chat", {"room": room, "chat": "x" * 4001}) == "too_long"
        assert refused("chat", {"room": room}) == "bad_request"
        assert refused("dm", {"target": "u_nobody", "msg": "psst"}) == "not_found"
        assert refused("dance", {}) == "bad_request"
        assert refused("history", {"before": 9, "limit": 1000}) == "bad_request"
        answer = client.ask("chat", {"room": room, "chat": 5})
        assert answer["type"] == "error" and answer["text"]


def test_a_refusal_without_an_acknowledgement_is_an_event(people, by):
    ann, _, room = people
    with ann.socket(by) as client:
        client.emit("chat", {"room": room, "chat": "hello"})
        assert client.expect("refused")["code"] == "not_member"


def test_the_same_cid_is_the_same_message(people, by):
    ann, _, room = people
    with ann.socket(by) as client:
        client.join(room)
        first = client.ask("chat", {"chat": "once", "cid": "one"})
        assert client.ask("chat", {"chat": "once", "cid": "one"}) == first
        client.ask("chat", {"chat": "end"})
        assert client.texts("end") == ["once", "end"]


def test_a_whisper_is_heard_by_one(people, by):
    ann, bob, room = people
    with ann.socket(by) as speaker, bob.socket(by) as hearer, ann.server.person("Eve").socket(by) as other:
        for client in (speaker, hearer, other):
            client.join(room)
        assert speaker.ask("dm", {"target": bob.id, "msg": "귓속말"})["type"] == "ok"
        whisper = hearer.expect("dm")
        assert (whisper["msg"], whisper["id"], whisper["target"], whisper["room"]) == ("귓속말", ann.id, bob.id, room)
        speaker.ask("chat", {"chat": "end"})
        other.expect("chat", chat="end")
        assert not other.named("dm")


def test_an_owner_kicks_and_the_kicked_stays_out(people, by):
    ann, bob, room = people
    with ann.socket(by) as owner, bob.socket(by) as victim:
        owner.join(room)
        victim.join(room)
        assert owner.ask("ban", {"id": bob.id})["type"] == "ok"
        assert victim.expect("ban") == {"user": "system", "chat": "강퇴되었습니다."}
        victim.expect("disconnect")
        assert owner.expect("exit", id=bob.id)["reason"] == "kicked"
    with bob.socket(by) as again:
        assert again.ask("join", room)["code"] == "banned"


def test_only_the_owner_kicks(people, by):
    ann, bob, room = people
    with ann.socket(by) as owner, bob.socket(by) as other:
        owner.join(room)
        other.join(room)
        answer = other.ask("ban", {"id": ann.id})
        assert answer["type"] == "error", answer
        owner.ask("chat", {"chat": "still here"})
        other.expect("chat", chat="still here")
        assert not owner.named("ban") and not owner.named("exit")


def test_an_owner_makes_somebody_else_the_owner(people, by):
    ann, bob, room = people
    with ann.socket(by) as owner, bob.socket(by) as other:
        owner.join(room)
        color = other.join(room)["you"]["color"]
        assert owner.ask("delegate", {"id": bob.id})["type"] == "ok"
        for client in (owner, other):
            event = client.expect("owner", id=bob.id)
            assert (event["user"], event["chat"]) == ("system", f"{color}님이 새로운 방장이 되셨습니다.")


def test_others_see_who_is_typing(people, by):
    ann, bob, room = people
    with ann.socket(by) as writer, bob.socket(by) as reader:
        writer.join(room)
        reader.join(room)
        writer.emit("typing", room)
        assert reader.expect("typing", member=ann.id)["on"] is True
        writer.emit("typing", {"room": room, "on": False})
        assert reader.expect("typing", member=ann.id, on=False)["room"] == room


def test_a_name_is_changed_for_everyone(people, by):
    ann, bob, room = people
    with ann.socket(by) as client, bob.socket(by) as other:
        client.join(room)
        other.join(room)
        assert client.ask("name", "앤")["type"] == "ok"
        assert other.expect("name", id=ann.id).items() >= {"name": "앤", "before": "Ann"}.items()


def test_history_is_asked_for_in_pages(people, by):
    ann, _, room = people
    with ann.socket(by) as client:
        client.join(room)
        last = [client.ask("chat", {"chat": f"{number}"})["seq"] for number in range(5)][-1]
        page = client.ask("history", {"before": last, "limit": 2})
        assert [event["text"] for event in page["events"]] == ["2", "3"] and page["more"]


@pytest.mark.parametrize("namespace", ["/", "/admin", "/chat2"])
def test_another_namespace_is_refused(server, by, namespace):
    client = SocketIO(server.person(), by, [namespace])
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.open()
    assert client.expect("connect_error", namespace) == {"message": "Invalid namespace"}


# Every transport hears the same


def test_all_transports_hear_the_same_in_the_same_order(people):
    ann, bob, room = people
    people = [ann.server.person(name) for name in ("Polly", "Wes", "Upton")]
    speakers = [person.socket(by) for person, by in zip(people, TRANSPORTS.values())]
    native, stream = ann.native(), bob.stream(f"/room/{room}/events")
    native.join(room)
    for client in speakers:
        client.join(room)

    def talk(client, name):
        for number in range(10):
            assert client.ask("chat", {"chat": f"{name} {number}"})["type"] == "ok"

    threads = [threading.Thread(target=talk, args=pair) for pair in zip(speakers, TRANSPORTS)]
    for thread in threads:
        thread.start()
    for number in range(10):
        native.ask("chat", room=room, text=f"native {number}")
        bob.say(room, f"http {number}")
    for thread in threads:
        thread.join()
    bob.say(room, "end")
    heard = [client.texts("end") for client in (native, stream, *speakers)]
    assert len(heard[0]) == 51
    assert all(texts == heard[0] for texts in heard[1:])
    assert [event["text"] for event in ann.history(room) if event["type"] == "chat"] == heard[0]
    for client in speakers:
        client.close()
    stream.close()


# Coming back


@pytest.fixture(scope="module")
def patient(start):
    """A server that waits long for whoever is gone."""
    return start("--resume-grace", "60s")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_client_that_was_cut_off_gets_what_it_missed(patient, transport):
    ann, bob = patient.person("Ann"), patient.person("Bob")
    room = ann.create_room()
    cable = Cable(patient)
    client = SocketIO(bob, TRANSPORTS[transport], url=cable.url, reconnection=True).open()
    witness = ann.native()
    witness.join(room)
    client.join(room)
    ann.say(room, "before")
    client.expect("chat", chat="before")
    # Who polls is seen to be gone by the poll that breaks off.
    cable.cut(while_it_asks=transport == "polling")
    client.expect("disconnect")
    eventually(lambda: not patient.addresses(bob.id), "the server's word that he is cut off")
    missed = [ann.say(room, f"missed {number}") for number in range(3)]
    cable.mend()
    client.news.expect(lambda event: event[1] == "chat" and event[2]["seq"] == missed[-1], "what was missed")
    assert client.ask("chat", {"room": room, "chat": "back"})["type"] == "ok"
    assert client.texts("back") == ["before", "missed 0", "missed 1", "missed 2", "back"]
    witness.texts("back")
    moves = [message["type"] for message in witness.heard if message["type"] in ("join", "exit") and message["member"]["id"] == bob.id]
    assert moves == ["join"], "the others noticed that somebody was cut off"
    client.close()
    cable.remove()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("reason", ["a restart of the server", "an erasure"])
def test_a_client_comes_back_by_itself_after(start, reason, transport):
    server = start("--resume-grace", "60s")
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    ann.say(room, "before")
    client = SocketIO(bob, TRANSPORTS[transport], reconnection=True).open()
    client.join(room)
    before = len(client.events)
    if reason == "an erasure":
        server.console("erase", "user", ann.id, "--yes")
    else:
        server.restart()
    client.expect("disconnect", since=before)
    client.expect("connect", since=before)
    # It may have come back to the server that was about to end, and then again.
    eventually(lambda: "socket.io" in server.addresses(bob.id) and "/chat" in client.client.namespaces, "the client's return")
    client.join(room)
    assert client.ask("chat", {"room": room, "chat": "back"})["type"] == "ok"
    client.close()


class Recovering:
    """A client by WebSocket that asks for connection state recovery, by hand: python-socketio does not show the `pid`."""

    def __init__(self, person, auth):
        self.socket = EngineIO(person.server, person.cookie).web_socket()
        self.socket.receive()
        self.socket.send("40/chat," + json.dumps(auth))
        answer = self.socket.receive_other()
        assert answer.startswith("40/chat,"), answer
        self.pid = json.loads(answer[8:]).get("pid")
        self.events = []

    def join(self, room):
        self.socket.send(f'42/chat,0["join","{room}"]')
        while not self.next().startswith("43/chat,0"):
            pass

    def next(self):
        packet = self.socket.receive_other()
        if packet.startswith("42/chat,"):
            self.events.append(json.loads(packet[8:]))
        return packet

    def until(self, text):
        """Reads up to a chat message. Returns the events of the room, each with its offset."""
        while not any(len(event) > 1 and isinstance(event[1], dict) and event[1].get("chat") == text for event in self.events):
            self.next()
        return [event for event in self.events if len(event) == 3]

    @property
    def offset(self):
        return [event[2] for event in self.events if len(event) == 3][-1]


def shown(history, after):
    """Numbers of the events that Socket.IO has: what `notices` says of joins and exits is in `join` and `exit` already."""
    return [event["seq"] for event in history if event["seq"] > after
            and not (event["type"] == "system" and event.get("by") == "notices" and event["key"].split(".")[0] in ("join", "exit"))]


@pytest.mark.parametrize("over", ["a blip", "a restart of the server", "a crash of the server"])
def test_a_client_that_recovers_gets_exactly_what_it_missed(start, patient, over):
    server = patient if over == "a blip" else start("--resume-grace", "60s")
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    client = Recovering(bob, {"recover": True})
    assert client.pid
    client.join(room)
    seen = ann.say(room, "before")
    assert client.until("before")[-1][1]["seq"] == seen
    client.socket.socket.close_socket()
    ann.say(room, "missed 1")
    if over == "a restart of the server":
        server.restart()
    elif over == "a crash of the server":
        server.kill()
        server.restart()
    ann.join(room)
    ann.say(room, "missed 2")
    again = Recovering(bob, {"pid": client.pid, "offset": client.offset})
    assert again.pid == client.pid
    ann.say(room, "end")
    events = again.until("end")
    numbers = [event[1]["seq"] for event in events]
    # What comes of their own return may follow the last message.
    assert numbers == [number for number in shown(ann.history(room), after=seen) if number <= numbers[-1]]
    assert [event[1]["chat"] for event in events if event[1].get("user", "").startswith("#")] == ["missed 1", "missed 2", "end"]
    again.socket.close()


def test_without_asking_for_recovery_events_have_one_argument(patient):
    ann = patient.person("Ann")
    room = ann.create_room()
    client = Recovering(ann, {})
    client.join(room)
    client.socket.send('42/chat,["chat","hello"]')
    while not any(event[0] == "chat" for event in client.events):
        client.next()
    assert client.pid is None and all(len(event) == 2 for event in client.events)
    client.socket.close()


def test_what_somebody_else_missed_is_not_given_away(patient):
    ann, eve = patient.person("Ann"), patient.person("Eve")
    room = ann.create_room(password="secret")
    client = Recovering(ann, {"recover": True})
    client.join(room)
    ann.say(room, "private")
    client.until("private")
    thief = Recovering(eve, {"pid": client.pid, "offset": client.offset.rsplit(":", 1)[0] + ":0"})
    assert '"wrong_password"' in thief.next()
    assert not [event for event in thief.events if event[0] != "refused"]
    thief.socket.close()
    client.socket.close()


@pytest.mark.parametrize("offset", ["", "x", "room", "a b:c", "a b:-1", f"a b:{2**70}", "room  epoch:1", 5, None, {}], ids=str)
def test_a_nonsensical_offset_is_no_offset(patient, offset):
    client = Recovering(patient.person(), {"pid": "nobody", "offset": offset})
    client.socket.send('42/chat,1["name","Fred"]')
    while not client.next().startswith("43/chat,1"):
        pass
    client.socket.close()


# Trouble


@pytest.fixture
def bystanders(server, leaves_nothing):
    """Two people who talk by Socket.IO and a WebSocket, and notice nothing of the trouble that somebody else makes."""
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room("Quiet corner")
    native, client = ann.native(), bob.socket(["websocket"])
    native.join(room)
    client.join(room)
    native.ask("chat", room=room, text="before")
    yield room
    native.ask("chat", room=room, text="after")
    assert client.texts("after") == native.texts("after") == ["before", "after"]
    moves = [message["member"]["id"] for message in native.heard if message["type"] == "join"]
    assert set(moves) <= {ann.id, bob.id}
    native.ask("exit", room=room)
    client.ask("exit", room)
    native.socket.close()
    client.close()


@pytest.fixture
def offender(server, bystanders):
    client = EngineIO(server)
    yield client
    client.close()


def ends(packet):
    """Whether a packet must end the session by itself."""
    return packet != "0"


@pytest.mark.parametrize("packet", [
    "", "9", "4", "4x", "47", "42", "42[", '42["chat"', '42/chat,{"a":1}', "42/chat,[]", "42/chat,[{}]", '42/chat,["connect"]', '42/chat,["disconnect"]',
    '42/nowhere,["chat","x"]', '42["chat","x"]', '4599999-["chat",{"_placeholder":true,"num":0}]', '450-["chat"]', '451-/chat,["chat"]',
    '451-/chat,["chat",{"_placeholder":true,"num":7}]', "43/chat,[]", "44/chat,{}", "45/chat,", '42/chat,99999999999999999999["chat","x"]', "40/chat,[1]",
    "40/chat,\"x\"", "2", "0", "42/chat,[" + "[" * 5000, '42/chat,["chat",' + '{"a":' * 2000, "\x00", "b!!!"], ids=lambda packet: repr(packet[:24]))
@pytest.mark.parametrize("by", ["polling", "websocket"])
def test_a_malformed_packet_ends_its_session_alone(offender, packet, by):
    if by == "websocket":
        with offender.web_socket() as socket:
            socket.receive()
            socket.send("40/chat,")
            assert socket.receive_other().startswith("40/chat,")
            socket.send(packet)
            if not ends(packet):
                socket.send("1")
            assert socket.closed()[0] in (1000, 1002, 1005, 1007, 1008)
    else:
        offender.open()
        assert offender.post("40/chat,").text == "ok"
        answer = offender.post(packet.encode())
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 400:
            assert answer.json() == {"code": 3, "message": "Bad request"}
        else:
            offender.post("1")
        assert offender.poll().status_code in (200, 400)
        answer = offender.poll()
        assert (answer.status_code, answer.json()) == (400, {"code": 1, "message": "Session ID unknown"})


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"4\xc3(", b"\x1e", b"\x1e\x1e4x", b"bA", b"42\x1e", b"x" * 100], ids=repr)
def test_a_bad_POST_body_is_a_bad_request(offender, body):
    offender.open()
    answer = offender.post(body)
    assert (answer.status_code, answer.json()) == (400, {"code": 3, "message": "Bad request"})
    assert offender.poll().json() == {"code": 1, "message": "Session ID unknown"}


@pytest.mark.parametrize("sid", ["x", "nobody", "0", "AAAAAAAAAAAAAAAAAAAA0", "AAAAAAAAAAAAAAAAAAAAz", "%00", "../..", "x" * 5000], ids=lambda sid: sid[:24])
def test_a_session_nobody_has_is_unknown(offender, sid):
    offender.sid = sid
    for answer in (offender.poll(), offender.post("4x")):
        assert (answer.status_code, answer.json()) == (400, {"code": 1, "message": "Session ID unknown"})
    with pytest.raises(InvalidStatus) as refusal:
        socket = offender.web_socket(upgrade=True)
        assert socket.closed()[1] == []  # One that names a loop is opened before it is known that it is nobody's.
        raise InvalidStatus(type("Response", (), {"status_code": 400})())
    assert refusal.value.response.status_code == 400


@pytest.mark.parametrize("version", ["3", "5", "04", "", "4.0"])
def test_another_version_of_the_protocol_is_refused(offender, version):
    answer = offender.fetch(f"EIO={version}&transport=polling")
    assert (answer.status_code, answer.json()) == (400, {"code": 5, "message": "Unsupported protocol version"})
    with pytest.raises(InvalidStatus) as refusal:
        offender.web_socket(f"EIO={version}&transport=websocket")
    assert json.loads(refusal.value.response.body) == {"code": 5, "message": "Unsupported protocol version"}


def test_two_polls_at_once_end_the_session(offender):
    offender.open()
    answers = [wire.response() for wire in (offender.start_poll(), offender.start_poll())]
    assert sorted(answer.status for answer in answers) == [200, 400]
    assert offender.poll().status_code == 400


def test_a_body_over_the_limit_is_refused(offender):
    offender.open()
    answer = offender.post("4" + "x" * 70_000)
    assert answer.status_code == 413
    assert offender.post("1").status_code in (200, 400)


def test_a_body_without_end_is_refused(offender, server):
    offender.open()
    with Wire(server) as wire:
        wire.send(f"POST /socket.io/?EIO=4&transport=polling&sid={offender.sid} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            wire.send("2000\r\n" + "4" * 0x2000 + "\r\n")
        assert wire.response().status == 413
    offender.post("1")


def test_a_WebSocket_message_over_the_limit_is_refused(offender):
    with offender.web_socket() as socket:
        socket.receive()
        assert socket.send("4" + "x" * 70_000).closed()[0] == 1009


def test_a_client_that_vanishes_in_the_middle_of_a_POST_leaves_nothing(offender, server):
    offender.open()
    with Wire(server) as wire:
        wire.send(f"POST /socket.io/?EIO=4&transport=polling&sid={offender.sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n40/ch")
    offender.post("1")


def test_a_client_that_vanishes_while_it_polls_ends_its_session(offender):
    # The poll and the end of its connection come at once, so now and then the end is known before the poll has begun.
    for _ in range(100):
        offender.open()
        offender.start_poll().close()
        # Not by a poll: two at once end a session that nobody has missed.
        eventually(lambda: offender.post("3").status_code == 400, "the end of the session")


@pytest.mark.parametrize("first", ["5", "2", "2other", "4x", "1", "x", b"\x00"], ids=repr)
def test_a_probe_that_is_none_ends_the_WebSocket_and_polling_goes_on(offender, first):
    offender.open()
    with offender.web_socket(upgrade=True) as socket:
        socket.send(first)
        assert socket.closed()[1] == []
    assert offender.post("40/chat,").text == "ok"
    assert offender.packets(len)[0].startswith("40/chat,")
    offender.post("1")


def test_a_second_upgrade_at_once_is_refused_and_the_first_goes_on(offender):
    offender.open()
    with offender.web_socket(upgrade=True) as first:
        first.send("2probe")
        assert first.receive() == "3probe"
        with offender.web_socket(upgrade=True) as second:
            assert second.closed()[1] == []
        first.send("5", "40/chat,")
        assert first.receive_other("6").startswith("40/chat,")


@pytest.mark.waits
def test_an_upgrade_that_is_never_completed_ends_and_polling_goes_on(abandoned):
    abandoned.expect(lambda item: str(item).startswith("40/chat,"), "polling after the upgrade")
    assert abandoned.items[:2] == [[], "ok"]


@pytest.mark.waits
def test_a_session_that_enters_no_namespace_is_ended(homeless):
    with pytest.raises(ConnectionClosed):
        while True:
            assert homeless.socket.recv(timeout=60) == "2"
            homeless.send("3")
