"""Reminders and polls in the browser: over a restart, in two languages, live."""

import pytest
from playwright.sync_api import expect

from roost import eventually


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "60s", plugins="standard", config="[plugin.guard]\nflood_messages = 1000000\n")


def test_a_reminder_comes_although_the_server_was_killed_meanwhile(server, visitor):
    # A server that is gone is an error in the browser's console.
    visitor.allowed += ["WebSocket", "ERR_CONNECTION", "Failed to load", "EventSource"]
    ann, min_jun = visitor("Ann"), visitor("민준", locale="ko-KR")
    room = ann.make_room()
    ann.enter(room)
    min_jun.enter(room)
    ann.say("/remind 민준 in 3s the kettle")
    expect(ann.log.get_by_text("I will remind 민준 in 3 seconds.")).to_be_visible()
    min_jun.say("/remind 1h 산책")
    expect(min_jun.log.get_by_text("1시간 뒤에 알려 드리겠습니다.")).to_be_visible()
    server.kill()
    server.start(server.port)
    expect(min_jun.log.get_by_text("Ann이 알립니다: the kettle")).to_be_visible()
    min_jun.screenshot("reminder")
    assert "산책" in eventually(lambda: server.console("schedules", "remind").stdout)
    assert "the kettle" not in server.console("schedules", "remind").stdout
    assert ann.log.get_by_text("the kettle", exact=True).count() == 0


def test_a_poll_is_asked_voted_on_and_decided(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    ann.say('/poll "Lunch?" pizza | sushi for 1h')
    expect(bob.log.get_by_text("No votes yet.")).to_be_visible()
    bob.say("/vote 2")
    expect(bob.log.get_by_text("You voted for sushi.")).to_be_visible()
    ann.say("/poll close")
    expect(bob.log.get_by_text("1 vote. This poll is over.")).to_be_visible()
    expect(bob.log.get_by_text("“Lunch?” is decided: sushi, with 1 vote.")).to_be_visible()
    bob.screenshot("poll")
    bob.expect_accessible()
    assert ann.log.get_by_text("You voted for sushi.").count() == 0
