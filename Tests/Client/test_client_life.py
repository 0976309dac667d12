"""What happens to a page: it is reloaded, opened twice, put to sleep, taken off the network, and denied its storage.

Nothing that was written is lost, and nothing is shown twice.
"""

import time

import pytest
from playwright.sync_api import Page

from browsing import PATIENCE, shown, wait, wait_for_message

#: What the library says by, and hears by: with these refused a page can be loaded, and nothing else.
TALK = [b"get /ws", b"/events ", b"/events?", b"post /", b"head /rooms"]

every_transport = pytest.mark.parametrize("transport", ["websocket", "events", "polling"])


def texts(page: Page) -> list[str]:
    return [line.split(" ", 1)[1] for line in shown(page)]


def numbered(count: int) -> list[str]:
    return [f"number {number}" for number in range(1, count + 1)]


def write(page: Page, count: int, first: int = 1):
    page.evaluate(f"for (let number = {first}; number < {first + count}; number += 1) client.room.send(`number ${{number}}`)")


def wait_until_shown(page: Page, count: int):
    wait(page, f"client.room.outbox.items.length === 0 && client.shown().length >= {count}", 40)


# Reloads


@every_transport
def test_what_is_unsent_survives_a_reload(transport, server, proxy, enter):
    room = server.make_room()
    ann, bo = enter(room, transport), enter(room, "websocket")
    proxy.refuse = TALK
    proxy.cut()
    wait(ann, "client.room.state === 'away'")
    write(ann, 5)
    ann.reload()
    wait(ann, "window.client?.room.outbox.items.length === 5")
    assert texts(bo) == []
    proxy.heal()
    for page in (ann, bo):
        wait(page, "client.shown().length >= 5", 40)
        assert texts(page) == numbered(5)
    wait(ann, "client.room.outbox.items.length === 0")


@every_transport
def test_a_reload_while_the_server_is_killed_loses_and_doubles_nothing(transport, server, proxy, enter):
    room = server.make_room()
    ann = enter(room, transport)
    for round in range(3):
        write(ann, 10, first=1 + 10 * round)
        wait_for_message(ann, f"number {3 + 10 * round}")
        server.kill()
        server.start()
        ann.reload()
        wait(ann, "window.client?.room.state === 'joined'", 40)
    wait_until_shown(ann, 30)
    bo = enter(room, "websocket")
    wait_until_shown(bo, 30)
    assert texts(ann) == texts(bo) == numbered(30)


# Two windows


@every_transport
def test_two_windows_are_one_person_and_show_the_same(transport, server, proxy, enter):
    room = server.make_room()
    left = enter(room, transport)
    right = enter(room, transport, beside=left)
    for round in range(3):
        write(left, 5)
        write(right, 5, first=6)
        proxy.cut()
        if round == 1:
            server.kill()
            server.start()
    for page in (left, right):
        wait_until_shown(page, 30)
    assert shown(left) == shown(right)
    assert sorted(texts(left)) == sorted(numbered(10) * 3)
    assert left.evaluate("client.room.info.count") == 1
    right.close()
    write(left, 1, first=31)
    wait_for_message(left, "number 31")
    assert left.evaluate("client.room.info.count") == 1, "a window that is closed is no exit"


def test_a_window_that_is_doubled_with_unsent_messages_sends_each_once(server, proxy, enter):
    room = server.make_room()
    ann = enter(room, "websocket")
    proxy.refuse = TALK
    proxy.cut()
    wait(ann, "client.room.state === 'away'")
    write(ann, 5)
    # A window that a page opens begins with a copy of its storage.
    with ann.expect_popup() as opened:
        ann.evaluate("void window.open(location.href)")
    double = opened.value
    wait(double, "window.client?.room.outbox.items.length === 5")
    proxy.heal()
    for page in (ann, double):
        wait_until_shown(page, 5)
        assert texts(page) == numbered(5)


# Networks and sleep


@every_transport
def test_being_offline_for_a_while_loses_nothing(transport, server, proxy, enter):
    room = server.make_room()
    ann, bo = enter(room, transport), enter(room, "websocket")
    ann.context.set_offline(True)
    proxy.cut()
    wait(ann, "client.room.state === 'away'", 40)
    write(ann, 3)
    wait(bo, "client.room.state === 'joined'")
    bo.evaluate("void client.room.send('are you there?')")
    wait_for_message(bo, "are you there?")
    ann.wait_for_timeout(1000)
    assert texts(ann) == []
    ann.context.set_offline(False)
    for page in (ann, bo):
        wait_until_shown(page, 4)
        assert texts(page) == ["are you there?", *numbered(3)]


def test_after_sleep_on_a_dead_connection_it_comes_back_by_itself(server, proxy, enter):
    room = server.make_room()
    ann = enter(room, "websocket")
    # A page that is held by the debugger runs no timer while the time goes on, as on a machine that sleeps.
    debugger = ann.context.new_cdp_session(ann)
    debugger.send("Debugger.enable")
    ann.evaluate("void setTimeout(() => { debugger }, 100)")
    # Whoever sleeps hears of no end: the network forgets their connection.
    proxy.forget(1.0)
    bo = enter(room, "websocket")
    bo.evaluate("void client.room.send('good morning')")
    wait(bo, "client.room.outbox.items.length === 0")
    bo.wait_for_timeout(16_000)
    debugger.send("Debugger.resume")
    debugger.send("Debugger.disable")
    # It notices that it has slept, asks for a sign of life, and waits ten seconds for it.
    wait(ann, "client.shown().some((line) => line.endsWith('good morning'))", 30)
    write(ann, 2)
    wait_until_shown(ann, 3)
    assert texts(ann) == ["good morning", *numbered(2)]


@pytest.mark.parametrize("transport", ["events", "polling"])
def test_after_sleep_it_does_not_wait_for_requests_that_nobody_answers(transport, server, proxy, enter):
    room = server.make_room()
    ann = enter(room, transport)
    deadline = time.monotonic() + PATIENCE
    while server.metric("roost_connections") > 2:
        assert time.monotonic() < deadline, "only the connection by which she hears is to be left, and the one that asks"
        ann.wait_for_timeout(100)
    proxy.forget(1.0)
    bo = enter(room, "websocket")
    bo.evaluate("void client.room.send('good morning')")
    wait(bo, "client.room.outbox.items.length === 0")
    # The time has gone on, and no timer has.
    ann.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000 }")
    wait(ann, "client.shown().some((line) => line.endsWith('good morning'))")
    write(ann, 2)
    wait_until_shown(ann, 3)
    assert texts(ann) == ["good morning", *numbered(2)]


# Storage


@pytest.mark.parametrize("denial", [
    "Storage.prototype.setItem = () => { throw new DOMException('no room', 'QuotaExceededError') }",
    "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
], ids=["full", "forbidden"])
def test_without_storage_it_works_until_the_page_is_gone(denial, server, proxy, enter):
    room = server.make_room()
    ann = enter(room, "websocket")
    ann.add_init_script(denial)
    ann.reload()
    wait(ann, "window.client?.room.state === 'joined'")
    write(ann, 3)
    proxy.cut()
    server.kill()
    server.start()
    wait_until_shown(ann, 3)
    assert texts(ann) == numbered(3)
