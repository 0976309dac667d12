"""Coming back after a lost connection, and reading what was said before."""

import pytest

from roost import seqs


@pytest.fixture(scope="module")
def impatient(start):
    """A server that gives up on people soon after their last connection is gone."""
    return start("--resume-grace", "0.3")


# Coming back


def test_who_comes_back_gets_what_they_missed_and_nobody_notices(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    joined = bob.join(room)
    bob.drop()
    for number in range(5):
        ann.say(room, f"message {number}")
    bob = bob.another_tab()
    resumed = bob.join(room, epoch=joined["epoch"], seq=joined["seq"])
    assert resumed["reset"] is False and resumed["epoch"] == joined["epoch"]
    assert seqs(resumed["events"]) == [3, 4, 5, 6, 7]
    assert resumed["seq"] == 7
    assert "exit" not in [event["type"] for event in ann.events(room)]


def test_who_missed_nothing_gets_nothing(server):
    ann = server.person()
    room = ann.create_room()
    joined = ann.join(room)
    ann.drop()
    resumed = ann.another_tab().join(room, epoch=joined["epoch"], seq=joined["seq"])
    assert (resumed["events"], resumed["reset"]) == ([], False)


def test_coming_back_again_and_again_makes_no_holes_and_no_doubles(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    joined = bob.join(room)
    epoch, seen = joined["epoch"], seqs(joined["events"])
    for round in range(8):
        for number in range(20):
            ann.send({"type": "chat", "ref": f"{round}.{number}", "room": room, "text": f"{round}.{number}"})
        # Some arrive before the connection is lost, how many is chance.
        seen.append(bob.expect("chat", room=room)["seq"])
        bob.drop()
        bob = bob.another_tab()
        resumed = bob.join(room, epoch=epoch, seq=seen[-1])
        assert resumed["reset"] is False
        seen += seqs(resumed["events"])
    ann.answer("7.19")
    seen += [message["seq"] for message in bob.everything("chat")]
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) == 2 + 8 * 20


@pytest.mark.parametrize("epoch, seq", [("another", 1), (None, 99)], ids=["another epoch", "a number that is not yet"])
def test_what_cannot_be_continued_is_reset(server, epoch, seq):
    ann = server.person()
    room = ann.create_room()
    joined = ann.join(room)
    ann.say(room, "hello")
    again = ann.another_tab().join(room, epoch=epoch or joined["epoch"], seq=seq)
    assert again["reset"] is True
    assert seqs(again["events"]) == [1, 2]


def test_a_gap_of_up_to_500_events_is_filled_and_a_larger_one_is_reset(server):
    ann = server.person()
    room = ann.create_room()
    epoch = ann.join(room)["epoch"]
    for number in range(520):
        ann.send({"type": "chat", "ref": number, "room": room, "text": str(number)})
    for number in range(520):
        assert ann.answer(number)["type"] == "ok"
    filled = ann.another_tab().join(room, epoch=epoch, seq=21)
    assert filled["reset"] is False and seqs(filled["events"]) == list(range(22, 522))
    reset = ann.another_tab().join(room, epoch=epoch, seq=20)
    assert reset["reset"] is True and reset["more"] is True
    assert seqs(reset["events"]) == list(range(521 - len(reset["events"]) + 1, 522))


def test_an_exit_is_announced_once_after_the_grace(impatient):
    ann, bob = impatient.person("Ann"), impatient.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    second = bob.another_tab()
    second.join(room)
    second.drop()
    bob.drop()
    event = ann.expect("exit", room=room)
    assert (event["member"]["name"], event["reason"], event["count"]) == ("Bob", "timeout", 1)
    ann.say(room, "gone?")
    assert [event["type"] for event in ann.events(room)] == ["join", "join", "exit", "chat"]


def test_who_leaves_is_gone_at_once(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    assert bob.ask("exit", room=room)["type"] == "ok"
    event = ann.expect("exit", room=room)
    assert (event["member"]["id"], event["reason"], event["count"]) == (bob.id, "left", 1)
    assert bob.ask("exit", room=room)["code"] == "not_member"


# History


def test_history_is_read_page_by_page_to_its_beginning(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    for number in range(130):
        ann.say(room, f"message {number}")
    latest = ann.another_tab().join(room)
    assert latest["more"] is True
    pages = [latest["events"]]
    more = True
    while more:
        page = ann.ask("history", room=room, before=pages[0][0]["seq"], limit=30)
        assert page["room"] == room and 1 <= len(page["events"]) <= 30
        pages.insert(0, page["events"])
        more = page["more"]
    events = sum(pages, [])
    assert seqs(events) == list(range(1, 132))
    assert events == ann.events(room), "history says what was said"


def test_history_has_fifty_events_a_page_unless_told_otherwise(server):
    ann = server.person()
    room = ann.create_room()
    ann.join(room)
    for number in range(60):
        ann.say(room, str(number))
    assert seqs(ann.ask("history", room=room, before=62)["events"]) == list(range(12, 62))
    assert ann.ask("history", room=room, before=1) | {"ref": 0} == {
        "type": "history", "ref": 0, "room": room, "events": [], "first": 1, "more": False}
