"""Two browsers talk while the network and the server fail: at the end both show every message, once, in the same order.

The page in page/ has nothing but Public/js/roost. ROOST_BIN names the server's binary (default: .build/debug/roost).
"""

import random
import time

import pytest
from playwright.sync_api import Page

from browsing import shown, wait, wait_for_message
from proxy import FaultProxy
from server import Server

#: Messages of each person, and seconds between two of them.
MESSAGES, EVERY = 20, 0.25


def begin_to_talk(page: Page, name: str):
    """Has the page send its messages by and by, whatever happens to the connection."""
    page.evaluate(
        """([name, messages, every]) => {
          let said = 0
          const timer = setInterval(() => {
            said += 1
            client.room.send(`${name} ${said}`)
            if (said === messages) clearInterval(timer)
          }, every)
        }""", [name, MESSAGES, EVERY * 1000])


def make_trouble(server: Server, proxy: FaultProxy):
    """Everything that can go wrong, one after the other and together, while messages are sent."""
    die = random.Random(8005)
    proxy.delay = 0.05
    proxy.duplicate = 0.5
    for trouble in ["cut", "stall", "kill", "cut", "drop", "cut", "kill and cut", "stall"]:
        proxy.log.append(trouble)
        if trouble == "drop":
            proxy.drop = 0.5
        if trouble == "stall":
            proxy.stall(0.5)
        if "cut" in trouble:
            proxy.cut()
        if "kill" in trouble:
            server.kill()
            time.sleep(die.uniform(0, 0.2))
            server.start()
        time.sleep(die.uniform(0.2, 0.6))
    proxy.cut()


def wait_until_all_is_shown(pages: list[Page], server: Server, proxy: FaultProxy):
    wanted = MESSAGES * len(pages)
    try:
        for page in pages:
            wait(page, f"client.room.outbox.items.length === 0 && client.shown().length >= {wanted}")
    except AssertionError as error:
        state = [page.evaluate(
            "[client.roost.state, client.roost.closing, client.room.state, client.room.outbox.items, client.shown()]") for page in pages]
        server_state = f"running: {server.is_running}, said: {server.said}"
        raise AssertionError(f"not all was shown: {server_state}\n{proxy.log}\n{state}") from error


def kept(page: Page) -> list[str]:
    """What the server has kept. It may say that so much was asked of it lately that one has to wait."""
    answer = page.evaluate(
        """async () => {
          for (;;) {
            const answer = await (await fetch(`/room/${client.room.id}/history?before=1000000&limit=200`)).json()
            if (answer.events) return answer
            await new Promise((done) => setTimeout(done, 200))
          }
        }""")
    return [f"{event['seq']} {event['text']}" for event in answer["events"] if event["type"] == "chat"]


@pytest.mark.parametrize("transport", ["websocket", "events", "polling"])
def test_every_message_is_shown_once_and_in_the_same_order(transport, server, proxy, enter):
    room = server.make_room()
    pages = {"ann": enter(room, transport), "bo": enter(room, transport)}
    for name, page in pages.items():
        begin_to_talk(page, name)
    make_trouble(server, proxy)
    proxy.heal()
    wait_until_all_is_shown(list(pages.values()), server, proxy)

    ann, bo = (shown(page) for page in pages.values())
    assert ann == bo
    for name in pages:
        said = [line.split(" ", 1)[1] for line in ann if line.split(" ")[1] == name]
        assert said == [f"{name} {number}" for number in range(1, MESSAGES + 1)]
    assert kept(pages["ann"]) == ann
    assert {page.evaluate("client.roost.transport") for page in pages.values()} == {transport}


def test_it_finds_a_transport_that_gets_through_and_goes_back_to_the_best(server, proxy, enter):
    room = server.make_room()
    watching = enter(room, "websocket")
    # Proxies that know nothing of WebSockets, and then nothing of streams either.
    for refused, transport in [([b"upgrade: websocket"], "events"), ([b"upgrade: websocket", b"accept: text/event-stream"], "polling")]:
        proxy.refuse = refused
        page = enter(room, "auto")
        assert page.evaluate("client.roost.transport") == transport
        page.evaluate("client.room.send(`by ${client.roost.transport}`)")
        wait_for_message(watching, f"by {transport}")
    # It is remembered as long as the window is open: the next page does not begin from the top.
    started = time.monotonic()
    page.reload()
    wait(page, "window.client?.room.state === 'joined'")
    assert page.evaluate("client.roost.transport") == "polling"
    assert time.monotonic() - started < 2
    # The network is better now: it goes back by itself.
    proxy.heal()
    wait(page, "client.roost.transport === 'websocket' && client.room.state === 'joined'")
    watching.evaluate("client.room.send('still there?')")
    wait_for_message(page, "still there?")
    assert len(set(shown(page))) == len(shown(page))
