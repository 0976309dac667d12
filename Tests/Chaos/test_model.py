"""The model finds each way in which a promise can be broken, in diaries that were doctored for it; and nothing in honest ones."""

import copy

import pytest

from model import Kept, judge

ANN, BO = {"id": "u_ann", "name": "Ann"}, {"id": "u_bo", "name": "Bo"}


def event(seq: int, type: str, person: dict, **fields) -> dict:
    return {"seq": seq, "room": "r", "type": type, "at": seq, "from" if type == "chat" else "member": person, **fields}


def chat(seq: int, person: dict, text: str) -> dict:
    return event(seq, "chat", person, cid=f"c{seq}", text=f"{text} ~{1 + seq // 4}")


EVENTS = [
    event(1, "join", ANN, count=1), event(2, "join", BO, count=2), chat(3, ANN, "hello"), chat(4, BO, "hello, Ann"),
    event(5, "exit", BO, count=1, reason="timeout"), event(6, "join", BO, count=2), chat(7, ANN, "welcome back"),
    event(8, "exit", ANN, count=1, reason="left"), event(9, "exit", BO, count=0, reason="crash"),
]


def shown(*seqs: int) -> list[dict]:
    return [{"what": "shown", "epoch": "e", "event": EVENTS[seq - 1]} for seq in seqs]


def joined(seq: int, epoch: str = "e", reset: bool = False) -> dict:
    return {"what": "joined", "epoch": epoch, "seq": seq, "reset": reset}


def sent(cid: str, text: str) -> dict:
    return {"what": "sent", "cid": cid, "text": text}


class Evidence:
    """What honest clients would have written of an honest server. Tests doctor it."""

    def __init__(self):
        self.kept = Kept("r", "e", 2, copy.deepcopy(EVENTS), marked=3)
        self.ann = [
            {"what": "is", "person": "u_ann", "room": "r"}, joined(0), *shown(1, 2),
            sent("c3", "hello"), {"what": "answered", "cid": "c3", "seq": 3}, *shown(3, 4, 5, 6),
            sent("no", "forbidden"), {"what": "refused", "cid": "no", "code": "refused"},
            sent("c7", "welcome back"), {"what": "refused", "cid": "c7", "code": "rate"}, {"what": "lost", "why": ""},
            joined(6), sent("c7", "welcome back"), {"what": "answered", "cid": "c7", "seq": 7}, *shown(7),
        ]
        self.bo = [
            {"what": "is", "person": "u_bo", "room": "r"}, joined(1), *shown(2, 3), sent("c4", "hello, Ann"), {"what": "lost", "why": ""},
            joined(3), *shown(4, 5, 6), {"what": "at", "seq": 6}, {"what": "answered", "cid": "c4", "seq": 4}, *shown(7, 8),
        ]

    def violations(self) -> list[str]:
        self.ann, self.bo = copy.deepcopy(self.ann), copy.deepcopy(self.bo)
        return judge({"r": self.kept}, {"ann": self.ann, "bo": self.bo}).violations


def without(notes: list[dict], note: dict) -> list[dict]:
    assert note in notes
    return [other for other in notes if other != note]


def test_honest_diaries_have_no_violations():
    evidence = Evidence()
    assert evidence.violations() == []
    evidence.ann[-1] = {"what": "shown", "epoch": "e", "event": {"seq": 7, "type": "chat", "text": EVENTS[6]["text"]}, "partial": True}
    assert evidence.violations() == []


def acknowledged_and_not_kept(e: Evidence):
    e.kept.events[2]["cid"] = "another"


def acknowledged_under_another_number(e: Evidence):
    e.ann[e.ann.index({"what": "answered", "cid": "c3", "seq": 3})]["seq"] = 4


def shown_and_not_kept(e: Evidence):
    e.kept.events.pop()
    e.bo += shown(9)


def never_answered(e: Evidence):
    e.bo = without(e.bo, {"what": "answered", "cid": "c4", "seq": 4})


def last_answer_was_later(e: Evidence):
    e.ann = without(e.ann, {"what": "answered", "cid": "c7", "seq": 7})


def shown_twice(e: Evidence):
    e.ann += shown(7)


def shown_twice_after_coming_back(e: Evidence):
    e.bo += [{"what": "lost", "why": ""}, joined(7), *shown(8)]


def kept_twice(e: Evidence):
    e.kept.events[6] |= {"cid": "c3"}


def hole_in_the_history(e: Evidence):
    del e.kept.events[4]


def hole_in_what_is_shown(e: Evidence):
    e.bo = without(e.bo, shown(5)[0])


def hole_after_coming_back(e: Evidence):
    e.bo += [{"what": "lost", "why": ""}, joined(9)]


def hole_that_a_poll_passes_over(e: Evidence):
    e.bo[e.bo.index({"what": "at", "seq": 6})]["seq"] = 7


def shown_otherwise_than_kept(e: Evidence):
    e.ann = copy.deepcopy(e.ann)
    e.ann[-1]["event"]["text"] = "welcome, Jack ~2"


def told_in_part_otherwise_than_kept(e: Evidence):
    e.ann[-1] = {"what": "shown", "epoch": "e", "event": {"seq": 7, "type": "chat", "text": "hello?"}, "partial": True}


def shown_in_another_order(e: Evidence):
    e.kept.events[2], e.kept.events[3] = e.kept.events[3] | {"seq": 3}, e.kept.events[2] | {"seq": 4}


def kept_otherwise_than_sent(e: Evidence):
    e.ann[e.ann.index(sent("c3", "hello"))]["text"] = "hullo"


def gif_with_another_caption(e: Evidence):
    e.kept.events[2] = event(3, "gif", ANN, cid="c3", caption="hullo") | {"from": ANN}


def another_epoch(e: Evidence):
    e.bo += [{"what": "lost", "why": ""}, joined(0, epoch="f", reset=True)]


def join_without_exit(e: Evidence):
    e.kept.events.pop()


def second_join_without_exit(e: Evidence):
    e.kept.events[4] = chat(5, ANN, "still here") | {"cid": "c3b"}
    e.ann.insert(1, sent("c3b", "still here"))


def exit_without_join(e: Evidence):
    e.kept.events[1] = event(2, "exit", BO, count=1, reason="left")


def more_people_than_seats(e: Evidence):
    e.kept.max = 1


def handled_by_two_versions(e: Evidence):
    e.kept.events[2]["text"] += " ~2"


def handled_by_none(e: Evidence):
    e.kept.events[2]["text"] = "hello"


def forbidden_and_shown(e: Evidence):
    e.kept.events[2]["text"] = "forbidden ~1"


def forbidden_and_accepted(e: Evidence):
    e.ann[e.ann.index({"what": "refused", "cid": "no", "code": "refused"})] = {"what": "answered", "cid": "no", "seq": 3}


def refused_for_no_reason(e: Evidence):
    e.bo += [sent("why", "hello?"), {"what": "refused", "cid": "why", "code": "refused"}]


def kept_without_its_count(e: Evidence):
    e.kept.marked = 2


def nobody_has_sent_it(e: Evidence):
    e.bo = without(without(e.bo, sent("c4", "hello, Ann")), {"what": "answered", "cid": "c4", "seq": 4})


@pytest.mark.parametrize("kind, doctor", [
    ("lost", acknowledged_and_not_kept), ("lost", acknowledged_under_another_number), ("lost", shown_and_not_kept),
    ("unanswered", never_answered), ("unanswered", last_answer_was_later),
    ("doubled", shown_twice), ("doubled", shown_twice_after_coming_back), ("doubled", kept_twice),
    ("hole", hole_in_the_history), ("hole", hole_in_what_is_shown), ("hole", hole_after_coming_back), ("hole", hole_that_a_poll_passes_over),
    ("order", shown_otherwise_than_kept), ("order", shown_in_another_order), ("order", told_in_part_otherwise_than_kept),
    ("changed", kept_otherwise_than_sent), ("changed", gif_with_another_caption), ("epoch", another_epoch),
    ("unpaired", join_without_exit), ("unpaired", second_join_without_exit), ("unpaired", exit_without_join),
    ("seats", more_people_than_seats), ("handled", handled_by_two_versions), ("handled", handled_by_none),
    ("unfiltered", forbidden_and_shown), ("unfiltered", forbidden_and_accepted), ("refused", refused_for_no_reason),
    ("uncounted", kept_without_its_count), ("invented", nobody_has_sent_it),
], ids=lambda value: value if isinstance(value, str) else value.__name__)
def test_the_model_finds(kind, doctor):
    evidence = Evidence()
    doctor(evidence)
    assert [found for found in evidence.violations() if found.startswith(f"{kind}:")]
