"""Servers for the tests: each in a folder of its own, and each proven to be well at the end.

What takes long by its nature (timeouts of the server, signs of life) begins when the session does and is looked at last.
"""

import itertools
import resource
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

from test_tls import make_certificate
from ways import KEPT_OPEN, QUICK, Drip, EngineIO, News, Process, Server, eventually


def pytest_configure(config):
    # As many sockets as the system lets a process have, for the tests and the servers that they start.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    config.addinivalue_line("markers", "waits: looks at something that began with the session, and comes last")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("waits") is not None)


def _well(servers):
    died = [server for server in servers if not server.is_running and server.process.process.returncode not in (0, -9)]
    statuses = [server.stop() for server in servers if server.is_running]
    assert not died, f"a server died ({died[0].process.process.returncode}):\n{died[0].last_words}"
    assert not any(statuses), f"servers ended with {statuses}"


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts a server with these flags. At the module's end every server must still be there, and end well."""
    servers = []

    def start(*flags, quick=True, **options):
        server = Server(tmp_path_factory.mktemp("roost"), *(QUICK if quick else []), *flags, **options)
        servers.append(server)
        return server.start()

    yield start
    _well(servers)


@pytest.fixture(scope="session")
def browser():
    """Chromium."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def echo():
    """What protocol suites talk to: `roost bench echo`, with the shortest heartbeat."""
    process = Process(["bench", "echo", "--port", "0", "--ping", "1", "--pong", "1"], r"^Roost echoes on ws://127\.0\.0\.1:(\d+)/echo$")
    yield process
    assert process.is_running, process.log.text
    process.stop()


@pytest.fixture
def leaves_nothing(server):
    """After the test there are no more connections, people and open sockets than before it, and the console says so too."""
    (connections, people), descriptors = server.census(), server.descriptors()
    yield

    def is_over():
        now = server.census()
        return now[0] <= connections and now[1] <= people and server.descriptors() <= descriptors + KEPT_OPEN

    eventually(is_over, f"the return to {connections} connections and {people} people from {server.census()}")
    assert int(server.status()["People"].split(",")[0]) <= people


# What takes long, from the session's beginning


@pytest.fixture(scope="session", autouse=True)
def begin(request):
    """Begins what the tests marked `waits` look at in the end."""
    for item in request.session.items:
        if item.get_closest_marker("waits"):
            for name in item.fixturenames:
                if name in WAITED_FOR:
                    request.getfixturevalue(name)


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """A server on which nothing happens but waiting."""
    server = Server(tmp_path_factory.mktemp("roost"), *QUICK).start()
    yield server
    _well([server])


@pytest.fixture(scope="session")
def abandoned(quiet):
    """An upgrade that is probed and then not completed. Gets what came by the WebSocket, and what polling says after that."""
    client = EngineIO(quiet).open()
    socket = client.web_socket(upgrade=True)
    socket.send("2probe")
    assert socket.receive() == "3probe"
    found = News()

    def go_on():
        found.add(socket.closed()[1])
        found.add(client.post("40/chat,").text)
        found.add(client.packets(len)[-1])
        client.post("1")

    threading.Thread(target=go_on, daemon=True).start()
    return found


@pytest.fixture(scope="session")
def silent(quiet):
    """A stream of a room in which nobody says anything."""
    person = quiet.person()
    stream = person.stream(f"/room/{person.create_room()}/events")
    stream.expect("joined")
    yield stream
    stream.close()


@pytest.fixture(scope="session")
def homeless(quiet):
    """A session that enters no namespace, although it answers every ping."""
    socket = EngineIO(quiet).web_socket()
    assert socket.receive().startswith("0")
    return socket


@pytest.fixture(scope="session")
def slow(tmp_path_factory):
    """Requests that come a byte at a time, and connections on which nothing comes."""
    plain = Server(tmp_path_factory.mktemp("roost"), *QUICK).start()
    secure = Server(tmp_path_factory.mktemp("roost"), *QUICK, certificate=make_certificate(tmp_path_factory.mktemp("tls"), "slow")).start()
    drips = {
        "header": Drip(plain, b"GET / HTTP/1.1\r\nHost: roost\r\nX-Slow: "),
        "body": Drip(plain, [*b"POST /room HTTP/1.1\r\nHost: roost\r\nContent-Length: 10000\r\n\r\n"]),
        "nothing": Drip(plain, itertools.repeat(None)),
        "TLS": Drip(secure, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    }
    yield drips
    _well([plain, secure])


WAITED_FOR = {"slow", "abandoned", "silent", "homeless"}
