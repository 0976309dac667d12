"""Messages that are wrong: their sender is told what is, and nobody else notices."""

import json

import pytest

from roost import Closed


def refusal_of(person, message):
    person.send(message)
    answer = person.receive()
    while answer["type"] not in ("error", "ok", "pong", "joined", "history", "rooms"):
        answer = person.receive()
    return answer


@pytest.mark.parametrize("text", [
    "", " ", "hello", "{", '{"type":"ping"', '{"type":"ping"}}', "[]", '["ping"]', '"ping"', "null", "true", "42", "NaN", "{'type':'ping'}",
    '{"type":"ping",}', '{type:"ping"}', '{"type":"ping"} {"type":"ping"}', "\ufeff{}", "\0", "[" * 20_000,
    '{"type":"chat","text":"\\ud800"}', '{"type":"ping","ref":1e400}',
])
def test_what_is_not_a_json_object_is_a_bad_request(bystanders, text):
    answer = refusal_of(bystanders.offender, text)
    assert (answer["type"], answer["code"]) == ("error", "bad_request"), answer
    assert answer["text"].endswith("."), "a sentence for a person"


@pytest.mark.parametrize("type", ["dance", "", "PING", "ping ", "welcome", "joined", "ok", "система", "x" * 5000])
def test_an_unknown_type_is_named(bystanders, type):
    answer = bystanders.offender.ask(type)
    assert (answer["code"], answer["field"]) == ("bad_request", "type")


REQUIRED = {
    "join": ["room"], "exit": ["room"], "chat": ["room", "text"], "whisper": ["room", "to", "text"], "history": ["room", "before"],
    "name": ["name"], "typing": ["room"],
}
WHOLE = {"room": "k3v9", "text": "hi", "to": "u_1", "before": 9, "name": "Mallory"}


@pytest.mark.parametrize("type, missing", [(type, field) for type, fields in REQUIRED.items() for field in fields])
@pytest.mark.parametrize("how", ["absent", "null"])
def test_a_missing_field_is_named(bystanders, type, missing, how):
    message = {field: WHOLE[field] for field in REQUIRED[type] if field != missing}
    if how == "null":
        message[missing] = None
    answer = bystanders.offender.ask(type, **message)
    assert (answer["code"], answer["field"]) == ("bad_request", missing), answer


def test_a_missing_type_is_named(bystanders):
    answer = refusal_of(bystanders.offender, {"ref": 1, "room": "k3v9"})
    assert (answer["code"], answer["field"], answer["ref"]) == ("bad_request", "type", 1)


WRONG = {
    "join": {"room": [5, {}, []], "password": [7, ["a"]], "epoch": [5], "seq": ["1", 1.5, {}]},
    "exit": {"room": [True]},
    "chat": {"room": [5], "text": [5, ["a"], {"a": 1}, False], "cid": [1, {}], "reply_to": ["2", 1.5, []]},
    "whisper": {"room": [5], "to": [5, None, ["u_1"]], "text": [{}], "cid": [True]},
    "history": {"room": [5], "before": ["9", 1.5, [9], True, 2**70], "limit": ["5", 2.5, {}]},
    "name": {"name": [5, ["Ann"], {}]},
    "typing": {"room": [5], "on": ["yes", 1]},
    "lobby": {"watch": ["true", 0, {}]},
}


@pytest.mark.parametrize("type, field, value", [
    (type, field, value) for type, fields in WRONG.items() for field, values in fields.items() for value in values])
def test_a_field_of_the_wrong_type_is_named(bystanders, type, field, value):
    message = {name: WHOLE[name] for name in REQUIRED.get(type, [])} | {"room": bystanders.room, field: value}
    answer = bystanders.offender.ask(type, **message)
    assert (answer["type"], answer["code"], answer["field"]) == ("error", "bad_request", field), answer


@pytest.mark.parametrize("ref", [True, {}, [], ["a"], "x" * 65, "가" * 22])
def test_a_reference_of_the_wrong_kind_is_named(bystanders, ref):
    answer = refusal_of(bystanders.offender, {"type": "ping", "ref": ref})
    assert (answer["code"], answer["field"]) == ("bad_request", "ref")


@pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
def test_a_page_of_history_has_1_to_200_events(bystanders, limit):
    answer = bystanders.offender.ask("history", room=bystanders.room, before=9, limit=limit)
    assert (answer["code"], answer["field"]) == ("bad_request", "limit")


@pytest.mark.parametrize("cid", ["", "x" * 65, "가" * 22])
def test_a_cid_has_1_to_64_bytes(bystanders, cid):
    answer = bystanders.offender.ask("chat", room=bystanders.room, text="hi", cid=cid)
    assert (answer["code"], answer["field"]) == ("bad_request", "cid")


@pytest.mark.parametrize("text, code", [
    ("", "bad_text"), (" \n\t", "bad_text"), ("\u200b", "bad_text"), ("a\0b", "bad_text"), ("a\x1b[2Jb", "bad_text"), ("\x7f", "bad_text"),
    ("\u202egnp.exe", "bad_text"), ("\ufffe", "bad_text"), ("x" * 4001, "too_long"), ("👋" * 4001, "too_long"), ("x" * 60_000, "too_long"),
], ids=["empty", "white", "invisible", "nul", "escape", "delete", "turned", "noncharacter", "4001", "4001 emoji", "60000"])
@pytest.mark.parametrize("type", ["chat", "whisper"])
def test_what_is_no_text_is_refused(bystanders, type, text, code):
    message = {"room": bystanders.room, "text": text} | ({"to": bystanders.ann.id} if type == "whisper" else {})
    answer = bystanders.offender.ask(type, **message)
    assert (answer["type"], answer["code"]) == ("error", code), answer


@pytest.mark.parametrize("text", ["x" * 4000, "👋" * 4000, "a\nb\tc", "é" + "\u0301" * 50, "مرحبا", "0"], ids=lambda text: str(len(text)))
def test_a_text_up_to_the_limit_passes(server, text):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    ann.say(room, text)
    assert ann.events(room)[-1]["text"] == text


def test_numbers_that_are_no_events_have_no_history(bystanders):
    for before in (0, -5, 2**62):
        answer = bystanders.offender.ask("history", room=bystanders.room, before=before)
        assert answer["type"] in ("history", "error"), answer


def test_a_reply_to_what_is_not_there_is_an_error_or_a_plain_message(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    answer = ann.ask("chat", room=room, text="hm", reply_to=999)
    assert answer["type"] == "ok" or answer["code"] in ("not_found", "bad_request")
    assert ann.say(room, "fine") > 1


def test_a_client_that_is_never_understood_is_told_to_go(bystanders):
    offender = bystanders.offender
    with pytest.raises((Closed, Exception)):
        for _ in range(5_000):
            offender.send("?")
    assert offender.closed() == 1008
    assert all(message["code"] == "bad_request" for message in offender.heard if message["type"] == "error")


def test_deep_and_wide_objects_do_no_harm(bystanders):
    deep = '{"type":"ping","ref":1,"x":' + "[" * 400 + "]" * 400 + "}"
    assert refusal_of(bystanders.offender, deep)["type"] in ("pong", "error")
    wide = json.dumps({"type": "ping", "ref": 2} | {f"field {number}": number for number in range(3000)})
    assert refusal_of(bystanders.offender, wide)["type"] == "pong"


# The room does not want them


def test_a_wrong_password_lets_nobody_in_and_nobody_hears_of_it(server):
    ann, mallory = server.person(), server.person()
    room = ann.create_room(password="open sesame")
    ann.join(room)
    for password in ("", "open", "open sesame ", "OPEN SESAME", "x" * 10_000):
        answer = mallory.ask("join", room=room, password=password)
        assert (answer["code"], answer["field"]) == ("wrong_password", "password"), answer
    ann.say(room, "undisturbed")
    assert [event["type"] for event in ann.events(room)] == ["join", "chat"]
    assert mallory.ask("chat", room=room, text="let me in")["code"] == "not_member"


def test_too_many_password_attempts_are_told_when_to_try_again(start):
    server = start("--password-attempts", "3")
    ann, mallory = server.person(), server.person()
    room = ann.create_room(password="open sesame")
    ann.join(room)
    codes = [mallory.ask("join", room=room, password=str(number))["code"] for number in range(3)]
    assert codes == ["wrong_password"] * 3
    answer = mallory.ask("join", room=room, password="open sesame")
    assert answer["code"] == "rate" and 0 < answer["retry_after"] <= 60, "the right one too, or guessing would pay"
    assert server.person().ask("join", room=room, password="open sesame")["code"] == "rate", "a new cookie from the same address does not help"
    ann.say(room, "undisturbed")
    assert [event["type"] for event in ann.events(room)] == ["join", "chat"]


def test_a_full_room_stays_as_it_is(server):
    ann, bob, mallory = server.person("Ann"), server.person("Bob"), server.person()
    room = ann.create_room(max=2)
    ann.join(room)
    bob.join(room)
    assert mallory.ask("join", room=room)["code"] == "full"
    answer = mallory.http("POST", f"/room/{room}/join", fields={})
    assert (answer.status, answer.json["code"]) == (409, "full")
    ann.say(room, "just us")
    assert [event["type"] for event in bob.events(room)][-2:] == ["join", "chat"]


def test_a_room_that_is_not_there_cannot_be_used(bystanders):
    offender = bystanders.offender
    for room in ("nowhere", "", "../..", "k" * 5000, "'; DROP TABLE rooms; --", "\0"):
        assert offender.ask("join", room=room)["code"] == "not_found"
        assert offender.ask("chat", room=room, text="hi")["code"] in ("not_member", "not_found")
        assert offender.ask("exit", room=room)["code"] in ("not_member", "not_found")
        assert offender.ask("history", room=room, before=9)["code"] in ("not_member", "not_found")
