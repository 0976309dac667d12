"""What the browser's tests share: a server with a plugin that refuses, and two people in a room."""

import pytest

from browser import Visitor

QUIET = """
roost.on("chat", function(e) if e.text:find("loud") then return roost.drop("Not so loud, please.") end end)
"""


@pytest.fixture(scope="module")
def server(start):
    server = start("--resume-grace", "60s", plugins="standard", config="[plugin.guard]\nflood_messages = 1000000\n")
    server.write_plugin("quiet.lua", QUIET)
    server.type("plugin load quiet")
    return server


@pytest.fixture
def pair(visitor):
    """Ann, who owns a room, and Bob, who is in it too."""
    ann, bob = visitor("Ann"), visitor("Bob")
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    return ann, bob


@pytest.fixture(scope="module")
def open_windows(windows, server):
    """Ann and Bob in a room of theirs, where they stay for all tests that only add to it."""
    ann, bob = Visitor(windows("Ann of the house"), server.url, "Ann"), Visitor(windows("Bob of the house"), server.url, "Bob")
    room = ann.make_room()
    return ann.enter(room), bob.enter(room)


@pytest.fixture
def friends(open_windows):
    for person in open_windows:
        # What a failed test has left behind is not the next one's business.
        if person.unsent.inner_text() or person.composer.input_value() or person.page.get_by_role("dialog").count():
            person.page.reload()
            person.expect_entered()
        person.complaints.clear()
    yield open_windows
    for person in open_windows:
        person.expect_no_complaints(person.allowed)
        person.allowed.clear()
