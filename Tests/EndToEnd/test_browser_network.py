"""The browser client on a bad network: nothing is lost, nothing comes twice, and people are told."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError, expect

from wire import Cable

# What Chromium itself says on its console when a connection breaks.
BROKEN = ["net::ERR", "WebSocket connection to", "Failed to load resource", "during WebSocket handshake"]


@pytest.fixture(scope="module")
def whole_cable(server):
    cable = Cable(server)
    yield cable
    cable.remove()


@pytest.fixture
def cable(whole_cable):
    whole_cable.mend()
    whole_cable.lets_websockets_pass = True
    return whole_cable


@pytest.fixture
def pair(visitor, cable):
    """Ann on a cable that can be cut, and Bob on a good one."""
    visitor.allowed += BROKEN
    ann, bob = visitor("Ann", url=cable.url), visitor("Bob")
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    return ann, bob


def reconnect(person):
    """Does not wait for the next attempt, which may be half a minute away."""
    button = person.page.get_by_role("button", name="Try now")
    text = person.page.get_by_text("WebSocket", exact=True)
    expect(button.or_(text).first).to_be_visible()
    if button.is_visible():
        # Unless it has tried by itself meanwhile.
        with contextlib.suppress(TimeoutError):
            button.click(timeout=2_000)


def test_a_lost_connection_resumes_without_loss_or_doubles(pair, cable):
    ann, bob = pair
    bob.say("before")
    ann.expect_once("before")
    for round in range(3):
        cable.cut()
        expect(ann.page.get_by_text(re.compile("Connection lost"))).to_be_visible()
        bob.say(f"while she was away {round}")
        ann.say(f"written without a connection {round}")
        expect(ann.unsent.get_by_text(f"written without a connection {round}")).to_be_visible()
        cable.mend()
        reconnect(ann)
        for person in (ann, bob):
            person.expect_once(f"while she was away {round}", f"written without a connection {round}")
        expect(ann.unsent).to_be_empty()
    ann.expect_once("before", "while she was away 0", "written without a connection 0", "while she was away 2", "written without a connection 2")


def test_a_connection_that_breaks_while_many_talk_loses_nothing(pair, cable, server):
    ann, bob = pair
    room = bob.room
    speaker = server.person("Speaker")
    speaker.join(room)
    for round in range(4):
        for number in range(15):
            speaker.say(room, f"message {round}-{number:02}")
        cable.cut()
        ann.say(f"Ann {round}")
        cable.mend()
        expect(bob.text(f"Ann {round}")).to_be_visible()
    expected = [f"message {round}-{number:02}" for round in range(4) for number in range(15)]
    ann.expect_once(*expected)
    for round in range(4):
        for person in (ann, bob):
            expect(person.text(f"Ann {round}")).to_have_count(1)
    expect(ann.unsent).to_be_empty()


def test_an_unsent_message_survives_a_reload(visitor, cable):
    visitor.allowed += BROKEN
    ann, bob = visitor("Ann", url=cable.url), visitor("Bob")
    room = bob.make_room()
    bob.enter(room)
    ann.enter(room, "?transport=websocket")
    cable.cut()
    cable.lets_websockets_pass = False
    ann.say("do not lose me")
    ann.say("nor me")
    expect(ann.unsent.get_by_text("do not lose me")).to_be_visible()
    cable.mend()
    ann.page.reload()
    expect(ann.unsent.get_by_text("do not lose me")).to_be_visible()
    expect(ann.unsent.get_by_text("nor me")).to_be_visible()
    expect(bob.text("do not lose me")).to_have_count(0)
    cable.lets_websockets_pass = True
    reconnect(ann)
    for person in (ann, bob):
        person.expect_once("do not lose me", "nor me")
    expect(ann.unsent).to_be_empty()


def test_going_offline_and_online_resumes(visitor, server):
    visitor.allowed += BROKEN
    ann, bob = visitor("Ann"), visitor("Bob")
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    ann.context.set_offline(True)
    ann.page.evaluate("dispatchEvent(new Event('offline'))")
    bob.say("are you there?")
    bob.expect_once("are you there?")
    ann.context.set_offline(False)
    ann.say("yes")
    for person in (ann, bob):
        person.expect_once("are you there?", "yes")


def test_without_websockets_it_works_all_the_same(visitor, cable):
    visitor.allowed += BROKEN
    cable.lets_websockets_pass = False
    ann, bob = visitor("Ann", url=cable.url), visitor("Bob")
    room = bob.make_room()
    bob.enter(room)
    ann.enter(room)
    ann.say("through the proxy")
    bob.expect_once("through the proxy")
    bob.say("and back")
    ann.expect_once("through the proxy", "and back")
    expect(ann.page.get_by_text("WebSocket", exact=True)).to_have_count(0)


@pytest.mark.parametrize("transport, shown", [("events", "Server-sent events"), ("polling", "Long polling")])
def test_another_transport_can_be_asked_for(visitor, transport, shown):
    ann, bob = visitor("Ann"), visitor("Bob")
    room = bob.make_room()
    bob.enter(room)
    ann.enter(room, f"?transport={transport}")
    expect(ann.page.get_by_text(shown)).to_be_visible()
    ann.say("hello")
    bob.expect_once("hello")
    bob.say("hello yourself")
    ann.expect_once("hello", "hello yourself")


def test_a_restart_of_the_server_is_survived(start, chromium, visitor):
    visitor.allowed += BROKEN
    server = start("--resume-grace", "60s")
    ann, bob = visitor("Ann", url=server.url), visitor("Bob", url=server.url)
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    ann.say("before the restart")
    bob.expect_once("before the restart")
    ann.page.bring_to_front()
    assert server.stop() == 0
    expect(ann.page.get_by_text("The server restarts.").or_(ann.page.get_by_text("Reconnecting")).first).to_be_visible()
    ann.say("written meanwhile")
    server.start(server.port)
    for person in (ann, bob):
        person.expect_once("before the restart", "written meanwhile")
    bob.say("after the restart")
    ann.expect_once("before the restart", "written meanwhile", "after the restart")


def test_a_crash_of_the_server_is_survived(start, chromium, visitor):
    visitor.allowed += BROKEN
    server = start("--resume-grace", "60s")
    ann, bob = visitor("Ann", url=server.url), visitor("Bob", url=server.url)
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    ann.say("before the crash")
    bob.expect_once("before the crash")
    server.kill()
    ann.say("written meanwhile")
    server.start(server.port)
    for person in (ann, bob):
        person.expect_once("before the crash", "written meanwhile")


def test_the_lobby_comes_back_too(visitor, cable, server):
    visitor.allowed += BROKEN
    watcher = visitor("Ann", url=cable.url).visit_lobby()
    expect(watcher.page.get_by_role("status").filter(has_text="No connection")).to_have_count(0)
    cable.cut()
    expect(watcher.page.get_by_text("No connection. The list may be out of date.")).to_be_visible()
    server.person().create_room("Made meanwhile")
    cable.mend()
    expect(watcher.page.get_by_role("link", name="Made meanwhile")).to_be_visible()
