"""Who may do what to whom: moderators, owners and admins, by every way in, and what waits for them."""

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from roost import DEADLINE, Room, eventually

DOOR = """
roost.on("join", function(e)
  if e.room.title == "Club" and not e.user:has("moderator") then return roost.hold { reason = "members only" } end
  if e.room.title == "Old" then return roost.redirect { room = roost.store:get("new") } end
end)
roost.on("chat", function(e) if e.text:find("maybe") then return roost.hold { reason = "unsure" } end end)
roost.on("whisper", function(e) if e.text and e.text:find("maybe") then return roost.hold { reason = "unsure" } end end)
roost.before("connect", function(e) if e.user.name == "Eve" then return roost.deny("Not today, Eve.") end end)
roost.command("new", { args = "<id:word>", help = "." }, function(c) roost.store:set("new", c.args.id) end)
"""

MANIFEST = """{ "permissions": { "chat": ["hold"], "join": ["deny"], "whisper": ["read"], "store": "8KiB" } }"""


@pytest.fixture(scope="module")
def server(start):
    return start("--kicked-for", "60s", plugins={"door/plugin.json": MANIFEST, "door/init.lua": DOOR})


@pytest.fixture
def room(server):
    room = Room(server)
    room.cleo = server.person("Cleo")
    room.cleo.join(room.id)
    return room


@pytest.fixture(params=["websocket", "http"])
def rule(request):
    """Gives a moderator's command by either way in; returns the answer."""

    def ask(person, type, room, **fields):
        if request.param == "websocket":
            return person.ask(type, room=room, **fields)
        return person.http("POST", f"/room/{room}/{type}", fields=fields).json

    return ask


def test_the_owner_makes_a_moderator_and_takes_it_back(room, rule):
    assert rule(room.ann, "role", room.id, member=room.bob.id, role="moderator")["type"] == "ok"
    event = room.cleo.expect("role")
    assert (event["member"]["id"], event["member"]["role"], event["before"]) == (room.bob.id, "moderator", "member")
    members = room.cleo.another_tab().join(room.id)["members"]
    assert {member["name"]: member["role"] for member in members} == {"Ann": "owner", "Bob": "moderator", "Cleo": "member"}
    assert rule(room.bob, "role", room.id, member=room.cleo.id, role="moderator")["code"] == "forbidden"
    assert rule(room.ann, "role", room.id, member=room.bob.id, role="member")["type"] == "ok"
    assert room.cleo.expect("role")["member"]["role"] == "member"
    assert rule(room.ann, "role", room.id, member=room.bob.id, role="king")["code"] == "bad_request"


def test_a_moderator_mutes_and_kicks_and_does_not_ban(room, rule):
    room.ann.ask("role", room=room.id, member=room.bob.id, role="moderator")
    assert rule(room.bob, "mute", room.id, member=room.cleo.id, seconds=600, reason="caps")["type"] == "ok"
    refused = room.cleo.ask("chat", room=room.id, text="hello?")
    assert refused["code"] == "muted" and "caps" in refused["text"]
    assert rule(room.bob, "unmute", room.id, member=room.cleo.id)["type"] == "ok"
    room.cleo.say(room.id, "hello!")
    assert rule(room.bob, "ban", room.id, member=room.cleo.id)["code"] == "forbidden"
    assert rule(room.bob, "kick", room.id, member=room.ann.id)["code"] == "forbidden"
    assert rule(room.bob, "kick", room.id, member=room.cleo.id)["type"] == "ok"
    assert room.ann.expect("exit")["reason"] == "kicked"
    assert room.cleo.closed() == 4001
    assert room.cleo.another_tab().ask("join", room=room.id)["code"] == "banned"


def test_the_owner_bans_and_lets_in_again(room, rule):
    assert rule(room.ann, "ban", room.id, member=room.bob.id, seconds=3600, reason="spam")["type"] == "ok"
    assert room.bob.closed() == 4002
    listed = rule(room.ann, "restrictions", room.id)["restrictions"]
    assert [(one["kind"], one["member"], one["name"], one["reason"], one["by"]) for one in listed] == [
        ("ban", room.bob.id, "Bob", "spam", room.ann.id)]
    assert rule(room.cleo, "restrictions", room.id)["code"] == "forbidden"
    assert rule(room.ann, "unban", room.id, member=room.bob.id)["type"] == "ok"
    room.bob.another_tab().join(room.id)


def test_members_may_none_of_it(room, rule):
    for type in ("kick", "mute", "ban"):
        assert rule(room.bob, type, room.id, member=room.cleo.id)["code"] == "forbidden"
    assert rule(room.bob, "set", room.id, topic="mine")["code"] == "forbidden"
    assert rule(room.bob, "approve", room.id, id="h_1")["code"] == "forbidden"
    stranger = room.ann.server.person("Stranger")
    assert rule(stranger, "kick", room.id, member=room.bob.id)["code"] == "not_member"
    assert rule(room.bob, "kick", room.id)["code"] == "bad_request"
    room.bob.say(room.id, "still here")


def test_the_owner_hands_the_room_over(room, rule):
    assert rule(room.ann, "role", room.id, member=room.bob.id, role="owner")["type"] == "ok"
    assert room.cleo.expect("owner")["member"]["id"] == room.bob.id
    assert rule(room.ann, "kick", room.id, member=room.cleo.id)["code"] == "forbidden"


def test_the_owner_changes_the_room_and_everyone_there_sees_it(room, rule):
    assert rule(room.ann, "set", room.id, title="Garden", max=42, slow=0, locked=True, topic="roses")["type"] == "ok"
    info = room.bob.expect("room", room=room.id)["info"]
    assert (info["title"], info["max"], info["locked"], info["tags"]) == ("Garden", 42, True, [])
    assert room.bob.expect("topic")["topic"] == "roses"
    assert room.ann.server.person().ask("join", room=room.id)["code"] == "forbidden"
    assert rule(room.ann, "set", room.id, max=1)["field"] == "max"


# What waits


def test_a_moderator_lets_a_message_through_and_refuses_another(room, rule):
    room.ann.ask("role", room=room.id, member=room.bob.id, role="moderator")
    for isApproved in (True, False):
        held = room.cleo.ask("chat", room=room.id, text=f"maybe {isApproved}")
        review = room.bob.expect("review", id=held["id"])
        assert (review["kind"], review["text"], review["reason"], review["from"]["name"]) == ("message", f"maybe {isApproved}", "unsure", "Cleo")
        assert rule(room.bob, "approve" if isApproved else "refuse", room.id, id=held["id"], reason="no")["type"] == "ok"
        assert room.ann.expect("reviewed", id=held["id"])["decision"] == ("approved" if isApproved else "refused")
    assert room.ann.expect("chat")["text"] == "maybe True"
    assert "maybe False" not in str(room.ann.everything("chat"))
    assert rule(room.bob, "approve", room.id, id=held["id"])["code"] == "not_found"


def test_a_whisper_waits_and_is_let_through(room):
    held = room.cleo.ask("whisper", room=room.id, to=room.bob.id, text="maybe so")
    assert held["type"] == "held"
    assert room.ann.expect("review", id=held["id"])["kind"] == "whisper"
    assert room.bob.everything("whisper") == []
    assert room.ann.ask("approve", room=room.id, id=held["id"])["type"] == "ok"
    assert room.bob.expect("whisper")["text"] == "maybe so"


def test_who_knocks_is_let_in(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    club = ann.create_room("Club")
    ann.join(club)
    ref = 99
    bob.send({"type": "join", "room": club, "ref": ref})
    held = bob.answer(ref)
    assert held["type"] == "held"
    assert ann.expect("review", kind="knock")["id"] == held["id"]
    assert ann.ask("approve", room=club, id=held["id"])["type"] == "ok"
    assert bob.answer(ref)["type"] == "joined"


def test_who_knocks_by_requests_is_let_in_or_told(server):
    ann = server.person("Ann")
    club = ann.create_room("Club")
    ann.join(club)
    for decision in ("approve", "refuse"):
        bob = server.person("Bob")
        held = bob.http("POST", f"/room/{club}/join", fields={}).json
        assert held["type"] == "held"
        assert bob.http("POST", f"/room/{club}/join", fields={}).json == held
        assert bob.http("GET", f"/room/{club}/events?since=-:0&wait=30").json == held
        bob.close()
        assert ann.ask(decision, room=club, id=held["id"], reason="not you")["type"] == "ok"
        answer = bob.http("POST", f"/room/{club}/join", fields={}).json
        assert answer["type"] == "joined" if decision == "approve" else "not you" in answer["text"]


def test_a_join_that_leads_elsewhere_says_where(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    new, old = ann.create_room("New"), ann.create_room("Old")
    ann.join(new)
    ann.say(new, f"/new {new}")
    answer = bob.ask("join", room=old)
    assert (answer["code"], answer["room"]) == ("redirect", new)
    assert bob.http("POST", f"/room/{old}/join", fields={}).status == 409


def test_who_is_not_welcome_is_told_and_gets_nowhere(server, room):
    eve = server.person("Eve")
    eve.close()
    eventually(lambda: "Eve" not in server.type("users"), "Eve's leaving")
    refused = eve.http("POST", f"/room/{room.id}/join", fields={})
    assert (refused.status, refused.json["text"]) == (403, "Not today, Eve.")
    stream = server.http("GET", f"/room/{room.id}/events", headers={"Accept": "text/event-stream"}, cookie=eve.cookie)
    assert (stream.status, stream.json["text"]) == (403, "Not today, Eve.")
    with connect(f"ws://127.0.0.1:{server.port}/ws", additional_headers={"Cookie": eve.cookie}, proxy=None) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                assert "welcome" not in socket.recv(timeout=DEADLINE)
    assert closed.value.rcvd.code == 4008 and "Not today" in closed.value.rcvd.reason


# Leaving


def test_a_request_that_was_on_its_way_when_somebody_left_takes_no_seat(room):
    joined = room.bob.another_tab().join(room.id)
    position = f"{joined['epoch']}:{joined['seq']}"
    assert room.bob.http("POST", f"/room/{room.id}/exit").status == 200
    late = room.bob.http("GET", f"/room/{room.id}/events?since={position}&wait=0")
    assert (late.status, late.json["code"]) == (403, "not_member")
    names = [member["name"] for member in room.cleo.another_tab().join(room.id)["members"]]
    assert "Bob" not in names
    room.bob.join(room.id)


def test_what_is_sent_again_after_leaving_is_answered_as_before(room, server):
    seq = room.bob.say(room.id, "once", cid="once-and-for-all")
    assert room.bob.ask("exit", room=room.id)["type"] == "ok"
    again = room.bob.ask("chat", room=room.id, text="once", cid="once-and-for-all")
    assert (again["type"], again["seq"]) == ("ok", seq)
    assert room.bob.ask("chat", room=room.id, text="new", cid="never-sent")["code"] == "not_member"


# Restarts


def test_moderators_are_moderators_after_a_restart(start):
    server = start("--resume-grace", "60s")
    room = Room(server)
    room.ann.ask("role", room=room.id, member=room.bob.id, role="moderator")
    server.restart()
    assert room.bob.another_tab().join(room.id)["you"]["role"] == "moderator"
