"""A browser for all tests; a server, a network and people for each."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

sys.dont_write_bytecode = True
from browsing import wait
from proxy import FaultProxy
from server import Server

PAGES = Path(__file__).parent / "page"

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server():
    # The guard takes what was written during an outage, and comes all at once, for a flood. Connections that are not used end soon.
    server = Server("--rate", "20", "--disabled-plugins", "guard", "--idle-time", "2s", pages=PAGES)
    yield server
    server.stop()


@pytest.fixture
def proxy(server):
    proxy = FaultProxy(server.port, seed=8005)
    yield proxy
    proxy.close()


@pytest.fixture
def enter(browser, proxy):
    """A function that sends a new person, or one who is there in another window, into a room.

    What goes wrong in their page fails the test.
    """
    contexts, wrong = [], []

    def enter(room: str, transport: str, until: str = "joined", beside: Page | None = None) -> Page:
        if beside is None:
            contexts.append(browser.new_context())
        page = (beside.context if beside else contexts[-1]).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"http://127.0.0.1:{proxy.port}/test/index.html?room={room}&transport={transport}")
        wait(page, f"window.client?.room.state === '{until}'")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not wrong, wrong
