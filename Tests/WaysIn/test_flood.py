"""Connections that are begun and not gone on with."""

import re
import socket
import struct

import pytest

from ways import DEADLINE, KEPT_OPEN, Wire, eventually

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 101)]
PIECES = {
    "nothing": b"",
    "half a handshake": b"GET /ws HTTP/1.1\r\nHost: roost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBs",
}


def flood(server, count, piece):
    """So many connections that send this and no more, at most a hundred from one address."""
    sockets = []
    for number in range(count):
        client = socket.socket()
        client.settimeout(DEADLINE)
        client.bind((ADDRESSES[number % len(ADDRESSES)], 0))
        client.connect(("127.0.0.1", server.port))
        sockets.append(client)
        client.sendall(piece)
    return sockets


def reset(sockets):
    for client in sockets:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()


def talk(server):
    """Two people meet in a room and talk, as if nothing were the matter."""
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    with ann.native() as first, bob.native() as second:
        first.join(room)
        second.join(room)
        first.ask("chat", room=room, text="hello")
        assert second.texts("hello") == ["hello"]
        first.ask("exit", room=room)
        second.ask("exit", room=room)


def test_ten_thousand_half_open_handshakes_do_no_harm(start):
    server = start("--connections", "11000", quick=False)
    talk(server)
    eventually(lambda: server.census() == (0, 0))
    before, descriptors = server.memory(), server.descriptors()

    def is_empty_again():
        eventually(lambda: server.census() == (0, 0), "the end of all connections", 60)
        return server.memory()

    # Once they are broken off by those who began them,
    sockets = flood(server, 10_000, PIECES["half a handshake"])
    talk(server)
    # On a slow machine the first are given up before the last are there.
    peak, held = server.memory(), server.descriptors() - descriptors
    assert held > 1_000 and int(server.status()["Connections"].split()[0]) > 1_000
    each = (peak - before) / held
    assert each < 40_000, f"each half-open handshake costs {each:.0f} bytes"
    reset(sockets)
    memory = [is_empty_again()]

    # and once the server loses patience.
    sockets = flood(server, 10_000, PIECES["half a handshake"])
    talk(server)
    for client in sockets:
        try:
            assert client.recv(1) == b"", "half a request was answered"
        except ConnectionResetError:
            pass
        client.close()
    memory.append(is_empty_again())

    # What is only kept for the next ones grows to their number and no more; what leaks grows with every flood.
    while memory[-1] - memory[-2] > 10_000 * 500:
        assert len(memory) < 6, f"MiB after each flood: {[size >> 20 for size in memory]}"
        reset(flood(server, 10_000, PIECES["half a handshake"]))
        memory.append(is_empty_again())
    talk(server)
    eventually(lambda: server.descriptors() <= descriptors + KEPT_OPEN, "the end of all sockets")
    eventually(lambda: server.status()["Connections"].split()[0] == "0" and server.status()["People"].startswith("0,"), "an empty server by its own account")


def test_one_address_has_so_many_connections_and_others_are_not_hurt(start):
    server = start("--connections-per-address", "20", quick=False)
    held = [Wire(server, source="127.0.1.1").send(PIECES["half a handshake"]) for _ in range(20)]
    for _ in range(5):
        with Wire(server, source="127.0.1.1") as turned_away:
            answer = turned_away.request("GET", "/healthz").response()
            assert (answer.status, answer.json["code"]) == (429, "unavailable")
            assert turned_away.end() == b""
    talk(server)
    held.pop().reset()
    eventually(lambda: _status(server, "127.0.1.1") == 200, "room for another connection")
    reset([wire.socket for wire in held])
    eventually(lambda: server.census() == (0, 0), "the end of all connections")


def test_a_full_server_says_so_and_goes_on_serving_those_it_has(start):
    server = start("--connections", "50", quick=False)
    ann = server.person("Ann")
    room = ann.create_room()
    with ann.native() as client:
        client.join(room)
        held = flood(server, 49, PIECES["half a handshake"])
        eventually(lambda: _status(server, "127.0.0.1") == 503, "a full server")
        with Wire(server) as turned_away:
            answer = turned_away.request("GET", "/healthz").response()
            assert (answer.status, answer.json["code"]) == (503, "unavailable")
        assert client.ask("chat", room=room, text="still here")["type"] == "ok"
        reset(held)
        eventually(lambda: _status(server, "127.0.0.1") == 200, "room for others")


def _status(server, source):
    with Wire(server, source=source) as wire:
        return wire.request("GET", "/healthz", headers={"Connection": "close"}).response().status


# Slowness


@pytest.mark.waits
@pytest.mark.parametrize("kind", ["header", "body", "nothing", "TLS"])
def test_what_comes_too_slowly_is_closed_by_the_clock(slow, kind):
    drip = slow[kind]
    drip.news.expect(lambda item: item == "end", "the end of a slow connection", seconds=60)
    answer = drip.received.decode()
    assert answer == "" or re.match(r"HTTP/1\.1 408 ", answer), answer
    assert drip.pieces < 400


@pytest.mark.waits
def test_slow_ones_leave_nothing(slow):
    for drip in slow.values():
        drip.news.expect(lambda item: item == "end", "the end of a slow connection", seconds=60)
    server = slow["header"].server
    eventually(lambda: server.census()[0] == 0, "the end of all connections")
