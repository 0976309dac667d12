"""Servers for the tests: each in a folder of its own, and each proven to be well at the end."""

import json

import pytest

from roost import Server

# Tests say what they have to say as fast as they can; those of the limits set their own.
QUICK = ["--rate", "0", "--connections-per-address", "10000", "--password-attempts", "1000"]


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts a server with these flags. At the module's end every server must still be there, and end well."""
    servers = []

    def start(*flags, quick=True, **options):
        server = Server(tmp_path_factory.mktemp("roost"), *(QUICK if quick else []), *flags, **options)
        servers.append(server)
        return server.start()

    yield start
    died = [server for server in servers if not server.is_running and server.process.returncode not in (0, -9)]
    statuses = [server.stop() for server in servers if server.is_running]
    assert not died, "a server died:\n" + died[0].log.text
    assert not any(statuses), f"servers ended with {statuses}"


@pytest.fixture(scope="module")
def server(start):
    """A server without plugins, so that every number of an event is one that the test has caused. Modules that need another
    one have a fixture of this name.
    """
    return start("--resume-grace", "60s")


class Bystanders:
    """A room in which two people talk while somebody else makes trouble."""

    def __init__(self, server):
        self.ann, self.bob = server.person("Ann"), server.person("Bob")
        self.offender = server.person("Mallory")
        self.room = self.ann.create_room("Quiet corner")
        for person in (self.ann, self.bob, self.offender):
            person.join(self.room)
        self.ann.say(self.room, "before")

    def check(self):
        """They go on talking, and have seen nothing of the trouble."""
        self.bob.say(self.room, "after")
        expected = ["join", "join", "join", "before", "after"]
        for person in (self.ann, self.bob):
            seen = [event.get("text", event["type"]) for event in person.events(self.room)]
            assert seen == expected, seen
            others = {message["type"] for message in person.heard if "seq" not in message}
            assert others <= {"welcome", "ok", "pong"}, others


@pytest.fixture
def bystanders(server):
    people = Bystanders(server)
    yield people
    people.check()


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    from browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def windows(chromium):
    """The browser profiles of a module's people: what a browser has cached, and who somebody is, outlasts a test."""
    contexts = {}

    def window(name, **options):
        key = (name, json.dumps(options, sort_keys=True))
        if name is None or key not in contexts:
            context = chromium.new_context(**{"locale": "en-GB"} | options)
            context.set_default_timeout(20_000)
            contexts[key if name else object()] = context
            return context
        return contexts[key]

    yield window
    for context in contexts.values():
        context.close()


@pytest.fixture
def visitor(windows, server):
    """Opens a window for somebody: `visitor("Ann")`. Nobody's console may show errors but those in `visitor.allowed`."""
    from browser import Visitor

    visitors = []

    def visitor(name=None, url=None, **options):
        visitors.append(Visitor(windows(name, **options), url or server.url, name))
        return visitors[-1]

    visitor.allowed = []
    yield visitor
    for each in visitors:
        for page in each.context.pages:
            page.close()
    for each in visitors:
        each.expect_no_complaints(visitor.allowed)
