"""The promises, as a judge of what clients have written down and of what the server has kept in the end.

The model knows nothing of how the server does it. Each way in which a promise can be broken has a name, so that a test can
plant each of them and see it found.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

#: What the plugin of the storm makes of a text: exactly one mark, whichever version of it was at work.
MARKED = re.compile(r"(?s)(?P<text>.*) ~(?P<version>\d+)")
#: Events that are messages, with an author, a `cid` and words.
MESSAGES = ("chat", "gif")
#: What it does not let through.
FORBIDDEN = "forbidden"


@dataclass
class Kept:
    """A room as the server has it when all is over and everyone has left."""

    room: str
    epoch: str
    max: int
    events: list[dict]
    #: How many messages the storm's plugin has counted.
    marked: int


@dataclass
class Judgement:
    violations: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def broken(self, kind: str, text: str):
        self.violations.append(f"{kind}: {text}")


def judge(kept: dict[str, Kept], diaries: dict[str, list[dict]]) -> Judgement:
    """All violations that can be seen. `diaries` by the client's name; the first note of each says who and where it is."""
    judgement = Judgement()
    for room in kept.values():
        judge_history(room, judgement)
    for name, diary in diaries.items():
        judge_client(name, diary, kept, judgement)
    return judgement


# What the server has kept


def judge_history(room: Kept, judgement: Judgement):
    seqs = [event["seq"] for event in room.events]
    if seqs != list(range(1, len(seqs) + 1)):
        judgement.broken("hole", f"room {room.room} has {holes(seqs)} in its history")
    cids, versions = set(), set()
    for event in room.events:
        judgement.counts[event["type"]] += 1
        if event["type"] not in MESSAGES:
            continue
        cid = (event["from"]["id"], event.get("cid"))
        if cid in cids:
            judgement.broken("doubled", f"room {room.room} has {cid} twice, the second time as {event['seq']}")
        cids.add(cid)
        if event["type"] == "gif":
            continue
        marked = MARKED.fullmatch(event["text"])
        if marked is None or MARKED.fullmatch(marked["text"]):
            judgement.broken("handled", f"room {room.room} shows {event['text']!r}, not marked by exactly one version of the plugin")
        else:
            versions.add(marked["version"])
        if FORBIDDEN in event["text"]:
            judgement.broken("unfiltered", f"room {room.room} shows {event['text']!r}")
    # What it counted and could not be stored, or was stored before, was counted in vain.
    if room.marked < (chats := sum(event["type"] == "chat" for event in room.events)):
        judgement.broken("uncounted", f"room {room.room} has {chats} messages, and its plugin's store says {room.marked}")
    judgement.counts["plugin versions at work"] += len(versions)
    judge_presence(room, judgement)


def judge_presence(room: Kept, judgement: Judgement):
    """Every join has its exit, and there are never more people than seats."""
    present: set[str] = set()
    for event in room.events:
        person = event.get("member", {}).get("id")
        if event["type"] == "join":
            if person in present:
                judgement.broken("unpaired", f"{person} joins room {room.room} a second time at {event['seq']}")
            present.add(person)
            if len(present) > room.max or event["count"] > room.max:
                judgement.broken("seats", f"room {room.room} has {len(present)} people (it says {event['count']}) and {room.max} seats at {event['seq']}")
        elif event["type"] == "exit":
            judgement.counts[f"exit {event['reason']}"] += 1
            if person not in present:
                judgement.broken("unpaired", f"{person} leaves room {room.room} at {event['seq']}, but is not in it")
            present.discard(person)
    for person in present:
        judgement.broken("unpaired", f"{person} is still in room {room.room}")


# What a client was told and shown


def judge_client(name: str, diary: list[dict], kept: dict[str, Kept], judgement: Judgement):
    room = kept[diary[0]["room"]]
    by_seq = {event["seq"]: event for event in room.events}
    judge_view(name, diary, room, by_seq, judgement)
    judge_answers(name, diary, by_seq, judgement)


def judge_view(name: str, diary: list[dict], room: Kept, by_seq: dict[int, dict], judgement: Judgement):
    """Shown: each event once, in the one order, as it is kept."""
    position, before = 0, None
    for note in diary:
        if note["what"] == "joined":
            judgement.counts["resumed" if before == "lost" and not note["reset"] else "joined"] += 1
            before = "joined"
            if note["epoch"] != room.epoch:
                judgement.broken("epoch", f"{name} was let into epoch {note['epoch']} of room {room.room}, which is {room.epoch}")
            if note["reset"]:
                judgement.counts["reset"] += 1
                position = note["seq"]
            elif position == 0:
                position = note["seq"]
            elif note["seq"] > position:
                judgement.broken("hole", f"{name} had seen {position}, and was let in from {note['seq']}")
                position = note["seq"]
        elif note["what"] == "lost":
            judgement.counts["lost connections"] += 1
            before = "lost"
        elif note["what"] == "at" and note["seq"] != position:
            judgement.broken("hole", f"{name} has been shown {position} of room {room.room}, and is told to go on from {note['seq']}")
        elif note["what"] == "shown":
            judgement.counts["shown"] += 1
            event = note["event"]
            seq = event["seq"]
            if seq <= position:
                judgement.broken("doubled", f"{name} was shown {seq} of room {room.room} after {position}")
            elif seq != position + 1:
                judgement.broken("hole", f"{name} was shown {seq} of room {room.room} after {position}")
            position = max(position, seq)
            if seq not in by_seq:
                judgement.broken("lost", f"{name} was shown {seq} of room {room.room}, which has no such event")
            elif event != ({name: by_seq[seq].get(name) for name in event} if note.get("partial") else by_seq[seq]):
                judgement.broken("order", f"{name} was shown {event} of room {room.room}, which has {by_seq[seq]}")


def judge_answers(name: str, diary: list[dict], by_seq: dict[int, dict], judgement: Judgement):
    """Acknowledged: kept, under that number, once. Sent: acknowledged or refused in the end."""
    person = diary[0]["person"]
    sent: dict[str, str] = {}
    outcome: dict[str, str] = {}
    seqs = {event["cid"]: event["seq"] for event in by_seq.values() if event["type"] in MESSAGES and event["from"]["id"] == person}
    for note in diary:
        if note["what"] == "sent":
            judgement.counts["sent, retries included"] += 1
            sent[note["cid"]] = note["text"]
        elif note["what"] == "answered":
            judgement.counts["acknowledged"] += 1
            outcome[note["cid"]] = "ok"
            if seqs.get(note["cid"]) != note["seq"]:
                judgement.broken("lost", f"{name} was told that {note['cid']} is {note['seq']}, but it is {seqs.get(note['cid'])}")
        elif note["what"] == "refused":
            judgement.counts[f"refused {note['code']}"] += 1
            outcome[note["cid"]] = note["code"]
    for cid, text in sent.items():
        if outcome.get(cid) not in ("ok", "refused"):
            judgement.broken("unanswered", f"{name} sent {cid}, and the last answer was {outcome.get(cid, 'none')}")
        if outcome.get(cid) == "refused" and FORBIDDEN not in text:
            judgement.broken("refused", f"{name} was refused {text!r}, which no plugin is against")
        if cid in seqs:
            if (shown := words(by_seq[seqs[cid]])) != text:
                judgement.broken("changed", f"{name} sent {cid} as {text!r}, and it is kept as {shown!r}")
        if FORBIDDEN in text and outcome.get(cid) == "ok":
            judgement.broken("unfiltered", f"{name} sent {text!r}, and was told that it is there")
    for cid in seqs.keys() - sent.keys():
        judgement.broken("invented", f"room has {cid} by {name}, who has not sent it")


def words(message: dict) -> str | None:
    """What its author has written: a text without the mark, or a caption."""
    if message["type"] == "gif":
        return message.get("caption")
    marked = MARKED.fullmatch(message["text"])
    return marked and marked["text"]


def holes(seqs: list[int]) -> str:
    """What is wrong with numbers that should be 1, 2, 3 …"""
    missing = sorted(set(range(1, max(seqs, default=0) + 1)) - set(seqs))
    return f"no {missing[:10]}" if missing else f"{[b for a, b in zip(seqs, seqs[1:]) if b <= a][:10]} out of order"
