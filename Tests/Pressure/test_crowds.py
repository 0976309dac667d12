"""Many at once: connections, rooms, people in a room, and handshakes that never end."""

import asyncio
import json
import time
import urllib.error
import urllib.request

from load import LATER_FILES, PATIENCE, Peer, eventually, latency, open_socket, show_memory

ROOMY = ["--rate", "0", "--connections-per-address", "20000", "--connections", "20000", "--resume-grace", "2s", "--disabled-plugins", "guard"]


def answer_of(server, source: str = "127.0.0.1") -> int | None:
    """The status of a plain request from that address; None if it is not answered."""
    with open_socket(server, source) as connection:
        connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
        head = connection.recv(4096)
        return int(head.split()[1]) if head else None


def can_talk(server, room: str = "r0"):
    """Somebody new can join, say something, and hear it."""

    async def run():
        peer = await Peer.connect(server)
        await peer.join(room)
        peer.send(type="chat", ref=1, room=room, text="Is anybody there?")
        assert (await peer.expect("chat"))["text"] == "Is anybody there?"
        peer.send(type="exit", ref=2, room=room)
        await peer.expect("ok")
        peer.close()

    asyncio.run(run())


def test_ten_thousand_join_at_once(start, fanload, table):
    """10,000 connections that join at once."""
    connections = 10_000
    server = start(*ROOMY, rooms=100)
    most = []
    for round in ("first", "second", "third"):
        report = fanload.run(server, "storm", "--rooms", 100, "--connections", connections, "--concurrency", connections, "--time-limit", 600)
        table(f"{round} time: joins, joins per CPU second", f"{report['joined']:,}, {report['joins_per_cpu_s']:,.0f}")
        table(f"{round} time: the server's memory at most", f"{show_memory(server.most_memory)}, {(server.most_memory - server.idle_memory) / connections / 1024:.1f} KiB per connection")
        server.wait_until_left()
        most.append(server.most_memory)
    assert server.most_memory - server.idle_memory < connections * 25 * 1024
    # What a crowd has used, the next uses again. The first finds the server cold: it is let in more slowly, so less is to be
    # said at a time.
    assert most[2] < most[1] * 1.2
    # And when nobody comes back, the system gets it back.
    eventually(lambda: server.memory - server.idle_memory < connections * 10 * 1024, "the memory given back")
    table("afterwards: memory, files beyond the idle server's", f"{show_memory(server.memory)}, {server.files - server.idle_files}")
    assert server.files <= server.idle_files + LATER_FILES
    can_talk(server)


def test_everybody_comes_back_at_once(start, table):
    """2,000 people in 20 rooms who all lose their connections, and then the server."""
    people, rooms = 2000, 20
    server = start(*ROOMY, "--resume-grace", "60s", rooms=rooms)

    async def connect(cookies: list[str]) -> list[Peer]:
        some = asyncio.Semaphore(200)

        async def one(cookie: str) -> Peer:
            async with some:
                return await Peer.connect(server, cookie)

        return await asyncio.gather(*map(one, cookies))

    async def come_back(cookies: list[str], positions: list[dict]) -> tuple[list[Peer], list[dict]]:
        begin = time.monotonic()
        peers = await connect(cookies)
        answers = await asyncio.gather(*(
            peer.join(f"r{number % rooms}", **position) for number, (peer, position) in enumerate(zip(peers, positions))))
        for position, answer in zip(positions, answers):
            seqs = [event["seq"] for event in answer["events"]]
            assert not answer["reset"] and seqs == list(range(position["seq"] + 1, answer["seq"] + 1)), "everything that was missed, and once"
        table("all back within, and the events that they had missed", f"{time.monotonic() - begin:.1f} s, {sum(len(answer['events']) for answer in answers):,}")
        table("the server's memory at most", show_memory(server.most_memory))
        assert server.most_memory - server.idle_memory < people * 100 * 1024
        return peers, [{"epoch": answer["epoch"], "seq": answer["seq"]} for answer in answers]

    async def run():
        peers = await connect([""] * people)
        cookies = [peer.cookie for peer in peers]
        answers = await asyncio.gather(*(peer.join(f"r{number % rooms}") for number, peer in enumerate(peers)))
        positions = [{"epoch": answer["epoch"], "seq": answer["seq"]} for answer in answers]
        for talker in peers[::10]:
            talker.send(type="chat", ref="said", room=f"r{peers.index(talker) % rooms}", text="Is anybody still there?")
        for talker in peers[::10]:
            await talker.expect("ok")
        for peer in peers:
            peer.close()
        peers, positions = await come_back(cookies, positions)
        server.kill()
        server.start()
        peers, _ = await come_back(cookies, positions)
        assert server.metric("roost_people") == people
        for peer in peers:
            peer.close()

    asyncio.run(run())


def test_a_room_of_five_thousand(start, fanload, table):
    """A room of 5,000."""
    server = start(*ROOMY)
    report = fanload.run(
        server, "fanout", "--rooms", 1, "--members", 5000, "--senders", 5, "--rate", 5, "--duration", 10, "--warmup", 2, "--drain", 30, "--time-limit", 600)
    table("5 messages a second to everyone", f"{latency(report)}, {report['deliveries_per_cpu_s'] / 1000:,.0f} thousand deliveries per CPU second")
    table("the server's memory at most", show_memory(server.most_memory))
    assert server.most_memory - server.idle_memory < 5000 * 100 * 1024
    server.wait_until_left()
    can_talk(server)


def test_thousands_of_rooms(start, fanload, table):
    """3,000 rooms with two people each."""
    rooms = 3000
    server = start(*ROOMY, "--rooms", str(rooms + 5), rooms=rooms)
    empty = server.memory
    report = fanload.run(server, "fanout", "--rooms", rooms, "--members", 2, "--senders", 1, "--rate", 1500, "--duration", 10, "--drain", 20, "--time-limit", 600)
    table("1,500 messages a second, one room each", latency(report))
    table("the server's memory, with empty rooms and at most", f"{show_memory(empty)}, {show_memory(server.most_memory)}")
    assert server.most_memory - empty < rooms * 200 * 1024
    server.wait_until_left()
    # One room more than there may be is refused, and says so.
    statuses = []
    for number in range(6):
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/room", json.dumps({"title": f"One more {number}"}).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
            assert json.load(error)["code"] == "unavailable"
    assert statuses == [201] * 5 + [503]
    can_talk(server)


def test_half_open_handshakes(start, table):
    """8,000 connections that never finish their first request."""
    count = 8000
    server = start("--connections-per-address", "20000", "--connections", "20000", "--header-time", "5s")
    connections = []
    for number in range(count):
        connection = open_socket(server, f"127.0.0.{2 + number % 4}")
        connection.sendall(b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        connections.append(connection)
    most = server.memory
    # Others are served meanwhile.
    can_talk(server)
    eventually(lambda: server.files <= server.idle_files + LATER_FILES, "all of them closed")
    answers = {connection.recv(4096)[:12] for connection in connections}
    table("memory while they wait", f"{show_memory(most)}, {(most - server.idle_memory) / count / 1024:.1f} KiB each")
    table("what they are answered", ", ".join(sorted(answer.decode() or "nothing" for answer in answers)))
    for connection in connections:
        connection.close()
    assert most - server.idle_memory < count * 40 * 1024
    assert answers <= {b"HTTP/1.1 408", b""}
    can_talk(server)


def test_more_connections_than_there_may_be(start, table):
    """More connections than there may be."""
    server = start("--connections", "300", "--connections-per-address", "100")
    held = [open_socket(server, f"127.0.0.{2 + number // 100}") for number in range(250)]
    eventually(lambda: server.files >= server.idle_files + 250, "all of them taken in")
    assert answer_of(server, "127.0.0.2") == 429, "the 101st from an address"
    held += [open_socket(server, "127.0.0.5") for _ in range(50)]
    eventually(lambda: server.files >= server.idle_files + 300, "all of them taken in")
    assert answer_of(server, "127.0.0.6") == 503, "the 301st of all"
    table("the 101st from one address, the 301st of all", "429, 503")
    for connection in held:
        connection.close()
    eventually(lambda: server.files <= server.idle_files + LATER_FILES, "all of them gone")
    assert answer_of(server) == 200
    can_talk(server)
