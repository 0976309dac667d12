"""Messages after they were sent: edited, deleted, reacted to, reported; by every way in, and over a restart."""

import json
import re

import pytest

from gif import gif, image
from roost import Room, eventually
from streams import EventStream

COLORS = iter(f"{number:06x}" for number in range(0x222222, 0xffffff, 0x1357))


@pytest.fixture
def room(server):
    return Room(server)


def message(person, room, seq):
    """A message as somebody who pages back finds it."""
    page = person.ask("history", room=room, before=seq + 1, limit=1)
    assert [event["seq"] for event in page["events"]] == [seq]
    return page["events"][0]


def test_an_edit_is_an_event_and_later_readers_find_the_new_text(server, room):
    seq = room.ann.say(room.id, "helo")
    answer = room.ann.ask("edit", room=room.id, of=seq, text="hello", cid="e-1")
    assert answer == {"type": "ok", "ref": answer["ref"], "seq": seq + 1}
    event = room.bob.expect("edit", room=room.id)
    assert (event["of"], event["seq"], event["text"], event["by"]["id"]) == (seq, seq + 1, "hello", room.ann.id)
    found = message(room.bob, room.id, seq)
    assert (found["text"], found["edited_at"], found["changed"]) == ("hello", event["at"], seq + 1)
    assert "helo" not in json.dumps(server.person().join(room.id)).replace("hello", "")
    # Sent again because the answer was lost.
    assert room.ann.ask("edit", room=room.id, of=seq, text="hello", cid="e-1")["seq"] == seq + 1


def test_only_ones_own_messages_can_be_edited(room):
    seq = room.ann.say(room.id, "mine")
    refused = room.bob.ask("edit", room=room.id, of=seq, text="yours")
    assert refused["code"] == "forbidden"
    assert message(room.bob, room.id, seq)["text"] == "mine"


def test_a_client_that_was_away_gets_what_it_missed(room):
    seq = room.ann.say(room.id, "before")
    epoch = next(heard["epoch"] for heard in room.bob.heard if heard["type"] == "joined")
    room.bob.expect("chat", text="before")
    tab = room.bob.another_tab()
    room.bob.close()
    room.ann.ask("edit", room=room.id, of=seq, text="after")
    room.ann.ask("react", room=room.id, of=seq, emoji="👍")
    joined = tab.join(room.id, epoch=epoch, seq=seq)
    assert not joined["reset"]
    assert [(event["type"], event["of"]) for event in joined["events"]] == [("edit", seq), ("react", seq)]


def test_of_a_deleted_message_nothing_is_left(server, room):
    seq = room.ann.say(room.id, "a secret of mine", reply_to=1)
    room.ann.ask("edit", room=room.id, of=seq, text="another secret")
    room.bob.ask("react", room=room.id, of=seq, emoji="🤫")
    answer = room.ann.ask("delete", room=room.id, of=seq)
    assert answer["type"] == "ok"
    event = room.bob.expect("delete", room=room.id)
    assert (event["of"], event["by"]["id"]) == (seq, room.ann.id)
    left = message(room.bob, room.id, seq)
    assert (left["type"], left["from"]["id"], left["reply_to"]) == ("deleted", room.ann.id, 1)
    assert "secret" not in json.dumps(room.bob.history(room.id))
    cleo = server.person("Cleo")
    joined = cleo.join(room.id)
    assert "secret" not in json.dumps(joined)
    numbers = [event["seq"] for event in room.bob.history(room.id)]
    assert numbers == list(range(1, len(numbers) + 1))
    for refused in (room.ann.ask("edit", room=room.id, of=seq, text="back"), cleo.ask("react", room=room.id, of=seq, emoji="👍")):
        assert refused["code"] == "not_found"


def test_a_member_deletes_only_what_is_theirs_and_the_owner_everything(room):
    anns, bobs = room.ann.say(room.id, "from the owner"), room.bob.say(room.id, "from a member")
    assert room.bob.ask("delete", room=room.id, of=anns)["code"] == "forbidden"
    assert room.ann.ask("delete", room=room.id, of=bobs)["type"] == "ok"
    assert message(room.ann, room.id, bobs)["by"]["id"] == room.ann.id


def test_a_deleted_gif_is_gone_from_the_disk_with_the_last_message_that_shows_it(server, room):
    picture = gif(color=next(COLORS), frames=2)
    seqs = [room.ann.http("POST", f"/room/{room.id}/gif", **image(picture)).json["seq"] for _ in range(2)]
    event = room.bob.expect("gif", seq=seqs[1])
    name = event["gif"]["url"].rsplit("/", 1)[1]
    file = server.data / "files" / name
    assert room.ann.ask("edit", room=room.id, of=seqs[0], text="a caption")["type"] == "ok"
    assert message(room.bob, room.id, seqs[0])["caption"] == "a caption"
    room.ann.ask("delete", room=room.id, of=seqs[0])
    room.ann.say(room.id, "something else")
    assert file.exists() and room.bob.http("GET", event["gif"]["url"]).status == 200
    room.ann.ask("delete", room=room.id, of=seqs[1])
    eventually(lambda: not file.exists())
    assert room.bob.http("GET", event["gif"]["url"]).status == 404


def test_reactions_add_up_and_go_away(server, room):
    seq = room.ann.say(room.id, "cake!")
    for person, emoji in [(room.ann, "🎂"), (room.bob, "🎂"), (room.bob, "👍")]:
        assert person.ask("react", room=room.id, of=seq, emoji=emoji)["type"] == "ok"
    expected = [{"emoji": "🎂", "count": 2, "by": [room.ann.id, room.bob.id]}, {"emoji": "👍", "count": 1, "by": [room.bob.id]}]
    assert message(room.bob, room.id, seq)["reactions"] == expected
    event = room.ann.expect("react", emoji="👍")
    assert (event["of"], event["on"], event["by"]["name"]) == (seq, True, "Bob")
    again = room.bob.ask("react", room=room.id, of=seq, emoji="👍")
    assert again["type"] == "ok" and "seq" not in again
    room.bob.ask("react", room=room.id, of=seq, emoji="👍", on=False)
    assert message(room.bob, room.id, seq)["reactions"] == expected[:1]


@pytest.mark.parametrize("emoji", ["", "a", "👍👍", ":smile:", "<b>", "1", "👍" * 100])
def test_a_reaction_is_one_emoji(room, emoji):
    seq = room.ann.say(room.id, "?")
    assert room.bob.ask("react", room=room.id, of=seq, emoji=emoji)["code"] == "bad_text"


@pytest.mark.parametrize("of", [0, -1, 999, 2**62, 1])
def test_what_is_no_message_cannot_be_changed(room, of):
    """Number 1 is Ann's join."""
    for type, fields in [("edit", {"text": "x"}), ("delete", {}), ("react", {"emoji": "👍"}), ("report", {})]:
        assert room.ann.ask(type, room=room.id, of=of, **fields)["code"] == "not_found", type


@pytest.mark.parametrize("fields", [{}, {"of": "1"}, {"of": 1.5}, {"of": None}, {"of": 1, "text": 5, "emoji": 5, "why": 5}])
def test_a_malformed_change_says_what_is_wrong(room, fields):
    for type in ("edit", "delete", "react", "report"):
        answer = room.ann.ask(type, room=room.id, **fields)
        assert answer["code"] == "bad_request" and answer["field"], (type, answer)


def test_a_report_reaches_the_console_and_the_owner(server, room):
    seq = room.bob.say(room.id, "something rude")
    cleo = server.person("Cleo")
    cleo.join(room.id)
    assert cleo.ask("report", room=room.id, of=seq, why="it is rude")["type"] == "ok"
    notice = room.ann.expect("notice")
    assert "Cleo reports a message of Bob" in notice["text"] and "something rude" in notice["text"]
    assert not [heard for heard in room.bob.everything("notice") if "reports" in heard["text"]]
    row = next(row for row in server.type(f"reports {room.id}").splitlines() if "something rude" in row)
    assert f"{room.id}:{seq}" in row and "it is rude" in row
    assert server.type(f"reports close {row.split()[0]}") == "Closed."
    assert "something rude" not in server.type("reports")


def test_everything_by_http(server, room):
    seq = room.bob.say(room.id, "by http")
    post = lambda what, fields: room.ann.http("POST", f"/room/{room.id}/{what}", fields=fields)
    own = post("chat", {"text": "helo"}).json["seq"]
    assert post("edit", {"of": own, "text": "hello"}).json["type"] == "ok"
    assert post("react", {"of": seq, "emoji": "🍵"}).json["type"] == "ok"
    assert post("report", {"of": seq, "why": "hm"}).json["type"] == "ok"
    assert post("whisper", {"to": room.bob.id, "text": "psst"}).json["type"] == "ok"
    assert post("delete", {"of": own}).json["type"] == "ok"
    assert post("edit", {"of": own, "text": "x"}).status == 404
    assert post("edit", {"text": "x"}).status == 400
    form = room.ann.http("POST", f"/room/{room.id}/react", f"of={seq}&emoji=%F0%9F%8D%B5&on=false",
                         headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})
    assert form.status in (200, 303), form
    assert "reactions" not in message(room.ann, room.id, seq)


def test_a_stream_of_events_carries_changes_and_resumes_behind_them(server, room):
    seq = room.ann.say(room.id, "helo")
    stream = EventStream(server, f"/room/{room.id}/events", cookie=room.bob.cookie)
    stream.expect("joined")
    room.ann.ask("edit", room=room.id, of=seq, text="hello")
    assert stream.expect("edit")["of"] == seq
    position = stream.last_id
    stream.close()
    room.ann.ask("delete", room=room.id, of=seq)
    again = EventStream(server, f"/room/{room.id}/events", cookie=room.bob.cookie, Last_Event_ID=position)
    assert again.expect("delete")["of"] == seq
    again.close()
    poll = room.bob.http("GET", f"/room/{room.id}/events?since={position}&wait=0").json
    assert [event["type"] for event in poll["events"]] == ["delete"]


def test_a_restart_changes_nothing_of_messages(start):
    server = start("--resume-grace", "60s")
    room = Room(server)
    kept, gone = room.ann.say(room.id, "helo"), room.ann.say(room.id, "gone soon")
    room.ann.ask("edit", room=room.id, of=kept, text="hello")
    room.bob.ask("react", room=room.id, of=kept, emoji="👍")
    room.ann.ask("delete", room=room.id, of=gone)
    before = [message(room.bob, room.id, seq) for seq in (kept, gone)]
    server.restart()
    bob = server.person(cookie=room.bob.cookie)
    bob.join(room.id)
    assert [message(bob, room.id, seq) for seq in (kept, gone)] == before


def test_messages_can_be_edited_for_as_long_as_the_setting_says(start):
    server = start("--edit-window", "0s")
    room = Room(server)
    seq = room.ann.say(room.id, "as it is")
    assert room.ann.ask("edit", room=room.id, of=seq, text="other")["code"] == "forbidden"
    assert room.ann.ask("delete", room=room.id, of=seq)["type"] == "ok"


def test_without_history_a_deleted_gif_is_gone_too(start):
    server = start("--history", "none")
    room = Room(server)
    seq = room.ann.http("POST", f"/room/{room.id}/gif", **image(gif(color=next(COLORS), frames=2))).json["seq"]
    assert list((server.data / "files").iterdir())
    room.ann.ask("delete", room=room.id, of=seq)
    eventually(lambda: not list((server.data / "files").iterdir()))


# The console


def test_a_message_is_redacted_and_put_back(server, room):
    seq = room.bob.say(room.id, "an address")
    assert "--yes" in server.type(f"redact {room.id}:{seq}")
    printed = server.type(f"redact {room.id}:{seq} private --yes")
    assert "1 message" in printed
    assert room.ann.expect("delete", of=seq)["why"] == "private"
    undo = re.search(r"undo (x_\w+)", printed).group(1)
    assert undo in server.type("undo")
    assert "1 message" in server.type(f"undo {undo}")
    assert room.ann.expect("edit", of=seq)["text"] == "an address"
    assert message(room.ann, room.id, seq)["text"] == "an address"
    assert "Nothing can be put back" in server.type(f"undo {undo}")


@pytest.mark.parametrize("words", ["nowhere:1", "{room}", "{room}:99999", "{room}:x", "{room}:1"])
def test_what_is_no_message_is_not_redacted(server, room, words):
    done = server.console("redact", words.format(room=room.id), "--yes")
    assert done.returncode != 0, done


def test_somebodys_messages_are_purged_and_put_back_with_their_gifs(server, room):
    room.ann.say(room.id, "stays")
    seqs = [room.bob.say(room.id, f"spam {number}") for number in range(5)]
    seqs.append(room.bob.http("POST", f"/room/{room.id}/gif", **image(gif(color=next(COLORS), frames=2))).json["seq"])
    url = room.ann.expect("gif")["gif"]["url"]
    assert "--yes" in server.type(f"purge {room.bob.id}")
    printed = server.type(f"purge {room.bob.id} 1h --yes")
    assert "6 messages" in printed
    assert [event["seq"] for event in room.ann.history(room.id) if event["type"] == "deleted"] == seqs
    server.type(f"undo {re.search(r'undo (x_[0-9a-z]+)', printed).group(1)}")
    assert [event["text"] for event in room.ann.history(room.id) if event["type"] == "chat"] == ["stays"] + [f"spam {n}" for n in range(5)]
    assert room.ann.http("GET", url).status == 200


def test_what_somebody_did_is_rolled_back(server, room):
    anns = room.ann.say(room.id, "tea")
    room.bob.say(room.id, "spam")
    room.bob.ask("react", room=room.id, of=anns, emoji="💩")
    assert server.console("rollback", room.bob.id, "10m", "--yes").returncode == 2
    printed = server.type(f"rollback {room.bob.id} since 10m --yes")
    assert "1 message" in printed and "1 reaction" in printed
    assert "spam" not in json.dumps(room.ann.history(room.id))
    assert "reactions" not in message(room.ann, room.id, anns)


# Plugins


def test_a_filter_sees_edits_and_the_history(start):
    server = start(plugins={"filter.lua": """
roost.on("edit", function(e) if e.text:find("bad") then return roost.drop("Not that.") end end)
"""})
    room = Room(server)
    seq = room.ann.say(room.id, "good")
    refused = room.ann.ask("edit", room=room.id, of=seq, text="bad")
    assert (refused["code"], refused["text"], refused["by"]) == ("refused", "Not that.", "filter")
    assert "filter" in server.type(f"why {refused['id']}")
