"""Members that do not read, and members that do not stop talking."""

import asyncio
import statistics
import time

from load import LATER_FILES, MIB, Peer, latency, show_memory

#: What a connection may have waiting, in bytes.
UNSENT = 1 * MIB
#: No limit on sending, for those whose fan-out is measured.
FAST = ["--rate", "0", "--connections-per-address", "20000", "--connections", "20000", "--disabled-plugins", "guard"]


def test_stalled_members(start, fanload, table):
    """Members that stop reading."""
    usual = ["--rooms", 1, "--members", 60, "--senders", 5, "--rate", 300, "--payload-bytes", 3500, "--duration", 20, "--drain", 20]
    server = start(*FAST)
    alone = fanload.run(server, "fanout", *usual)
    server.wait_until_left()
    before = server.most_memory
    stalled = 20
    running = fanload.begin(server, "fanout", *usual, "--stalled", stalled)
    connected = []
    while running.poll() is None:
        connected.append(server.metric("roost_connections") - 1)
        time.sleep(0.1)
    beside = fanload.report(running)
    assert 60 in connected and 60 - stalled in connected, "who does not read is closed"
    table("connections at first, and once those who stalled were closed", f"60, {60 - stalled}")
    table("the others, without and with 20 of 60 stalled", f"{latency(alone)}; {latency(beside)}")
    table("the server's memory, idle, then at most without and with", f"{show_memory(server.idle_memory)}, {show_memory(before)}, {show_memory(server.most_memory)}")
    # What waits for each is bounded, and the channel's own copy of it.
    assert server.most_memory - before < stalled * 2 * UNSENT + 32 * MIB
    server.wait_until_left()
    assert server.files <= server.idle_files + LATER_FILES


def test_stalled_members_slow_nobody(start, fanload, table):
    """What others wait for a message, beside members that stop reading. In turns, for the machine is not the same from one minute to the next."""
    readers, stalled, rounds = 40, 20, 7
    usual = ["--rooms", 1, "--senders", 5, "--rate", 300, "--payload-bytes", 3500, "--duration", 8, "--drain", 20]
    server = start(*FAST, "--resume-grace", "1s", "--loops", "1", core=0)

    def p99(*who) -> float:
        report = fanload.run(server, "fanout", *usual, *who, core=1)
        server.wait_until_left()
        return report["latency_ms"]["p99"]

    without, beside = [], []
    for number in range(rounds):
        # Neither is always the first.
        for stall in (False, True) if number % 2 else (True, False):
            if stall:
                beside.append(p99("--members", readers + stalled, "--stalled", stalled))
            else:
                without.append(p99("--members", readers))
    ratios = [slower / usually for usually, slower in zip(without, beside)]

    def spread(values: list[float]) -> str:
        return f"{statistics.median(values):.2f} [{min(values):.2f} … {max(values):.2f}]"

    table(f"p99 of {readers} who read, alone, ms: median of {rounds} rounds [least … most]", spread(without))
    table(f"the same beside {stalled} who do not", spread(beside))
    table("the ratio within a round", spread(ratios))
    # Where the machine is busy with something else, single rounds say nothing.
    assert statistics.median(ratios) < 1.5


def test_a_stalled_member_is_closed_and_resumes(start, table):
    """A member that stops reading for a while."""
    server = start(*FAST)

    async def run():
        sleeper, speaker = await Peer.connect(server, receive_buffer=4096), await Peer.connect(server)
        joined = await sleeper.join("r0")
        await speaker.join("r0")
        # More than the kernel keeps for a connection (4 MiB at most by default) and the server beside it.
        count = 4000
        for number in range(count):
            speaker.send(type="chat", ref=number, room="r0", text=f"{number} " + "x" * 3900)
            # Those who speak read, or they would be the next.
            while (message := await speaker.receive())["type"] != "ok":
                pass
        seen, code = joined["seq"], None
        while code is None:
            message = await sleeper.receive()
            if isinstance(message, int):
                code = message
            elif "seq" in message and message["type"] not in ("ok", "joined"):
                assert message["seq"] == seen + 1
                seen = message["seq"]
        table("messages of 4 kB it got before it was closed, of 4,000", f"{seen:,}, then {code}")
        assert code in (4004, 1006) and seen < count
        # Back, from where it was, page by page where the gap is larger than what is resumed at once.
        sleeper.close()
        back = await Peer.connect(server, sleeper.cookie)
        again = await back.join("r0", epoch=joined["epoch"], seq=seen)
        if again["reset"]:
            assert again["seq"] - seen > 500
        else:
            assert [event["seq"] for event in again["events"]] == list(range(seen + 1, again["seq"] + 1))
        before = again["events"][0]["seq"]
        while before > seen + 1:
            back.send(type="history", ref="page", room="r0", before=before, limit=200)
            page = await back.expect("history")
            before = page["events"][0]["seq"]
            assert len(page["events"]) == 200 or before <= seen + 1
        for peer in (back, speaker):
            peer.close()

    asyncio.run(run())
    assert server.most_memory - server.idle_memory < 4 * UNSENT + 64 * MIB


def test_floods(start, fanload, table):
    """People who send far beyond the rate."""
    server = start("--connections-per-address", "20000", "--disabled-plugins", "guard")
    flooders, each = 40, 2_000
    usual = ["--rooms", 1, "--members", 50, "--senders", 20, "--rate", 40, "--duration", 15, "--warmup", 3]

    async def flood(answers: dict[str, int]):
        peer = await Peer.connect(server)
        await peer.join("r1")

        async def send():
            for number in range(each):
                peer.send(type="chat", ref=number, room="r1", text=f"flood {number}")
                await peer.writer.drain()

        sending = asyncio.create_task(send())
        left = each
        while left:
            message = await peer.receive()
            assert isinstance(message, dict), f"closed with {message}"
            if isinstance(message.get("ref"), int):
                kind = message.get("code", message["type"])
                assert kind != "rate" or message["retry_after"] > 0
                answers[kind] = answers.get(kind, 0) + 1
                left -= 1
        await sending
        peer.close()

    async def floods() -> dict[str, int]:
        answers: dict[str, int] = {}
        await asyncio.gather(*(flood(answers) for _ in range(flooders)))
        return answers

    alone = fanload.run(server, "fanout", *usual)
    running = fanload.begin(server, "fanout", *usual)
    answers = asyncio.run(floods())
    beside = fanload.report(running)
    table(f"{flooders} people send {each:,} each at once: the answers", ", ".join(f"{count:,} {kind}" for kind, count in sorted(answers.items())))
    table("others in another room, without and with the flood", f"{latency(alone)}; {latency(beside)}")
    table("the server's memory, idle and at most", f"{show_memory(server.idle_memory)}, {show_memory(server.most_memory)}")
    assert sum(answers.values()) == flooders * each
    # Each may have its burst of 10 and 5 a second, for as long as it took.
    assert answers.keys() == {"ok", "rate"} and answers["rate"] > flooders * each * 0.5
    assert server.most_memory - server.idle_memory < 128 * MIB
