"""The chat of the textbook (조현영, Node.js 교과서, chapter 11 or 12): its routes, events, payloads and words.

The people here are the book's: a browser that sends forms and follows redirects, and a Socket.IO client as the book's pages have it.
Numbers are those of textbook.md.
"""

import re
import urllib.parse

import pytest
import requests

from gif import form, gif
from ways import DEADLINE, SocketIO, sent

COLOR = re.compile(r"#[0-9a-f]{6}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "2s", "--room-grace", "5s")


class Browser:
    """Somebody with a browser: their cookie, and what a browser sends along."""

    def __init__(self, server):
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(
            {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "ko-KR,ko;q=0.9,en-US;q=0.8",
             "Connection": "close"})
        self.page = server.url + "/"
        assert self.visit("/").status_code == 200

    @property
    def url(self):
        return self.server.url

    def visit(self, path):
        """Opens a page as a link does, without following redirects."""
        answer = self.session.get(self.url + path, headers={"Referer": self.page}, allow_redirects=False, timeout=DEADLINE)
        if answer.status_code == 200:
            self.page = self.url + path
        return answer

    def submit(self, path, **fields):
        """Sends a form."""
        headers = {"Origin": self.url, "Referer": self.page}
        return self.session.post(self.url + path, data=fields, headers=headers, allow_redirects=False, timeout=DEADLINE)

    def script(self, method, path, **options):
        """A request of a page's script: axios, as the book has it."""
        headers = {"Accept": "application/json, text/plain, */*", "Origin": self.url, "Referer": self.page, **options.pop("headers", {})}
        return self.session.request(method, self.url + path, headers=headers, timeout=DEADLINE, **options)

    def create(self, title="방", **fields):
        answer = self.submit("/room", title=title, **{"max": "10", "password": "", **fields})
        assert answer.status_code in (302, 303), answer.text[:200]
        return re.fullmatch(r"/room/([^/?]+)", answer.headers["Location"].removeprefix(self.url)).group(1)

    def socket(self, namespace="/chat", referer=None):
        return SocketIO(self, None, [namespace], headers={"Referer": referer or self.page, "Origin": self.url}).open()

    def in_room(self, room):
        """A page of a room with its socket, as the third edition has it."""
        self.page = f"{self.url}/room/{room}"
        client = self.socket(referer=self.url + "/")
        client.emit("join", room)
        self.id = client.expect("joined")["you"]["id"]
        return client


def problem(answer):
    """What the lobby is to show."""
    assert answer.status_code in (302, 303), answer.text[:200]
    return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["error"][0]


# 6.2 Routes


@pytest.mark.parametrize("path", ["/", "/room"])
def test_the_pages_are_there(server, path):
    answer = Browser(server).visit(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("password", ["", "비밀"], ids=["public", "private"])
def test_a_form_makes_a_room_and_the_lobby_hears_of_it(server, password):
    ann, watcher = Browser(server), Browser(server)
    with watcher.socket("/room") as lobby:
        room = ann.create("영화 이야기", max="5", password=password)
        document = lobby.expect("newRoom", "/room", _id=room)
    assert document.keys() >= {"_id", "title", "max", "owner", "password", "createdAt"}
    assert (document["title"], document["max"], document["password"]) == ("영화 이야기", 5, bool(password))
    assert COLOR.fullmatch(document["owner"]) and DATE.fullmatch(document["createdAt"])


def test_a_room_is_entered_by_its_address(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create(password="비밀")
    answer = bob.visit(f"/room/{room}?password=" + urllib.parse.quote("비밀"))
    assert answer.status_code in (302, 303) and answer.headers["Location"] == f"/room/{room}"
    assert bob.visit(f"/room/{room}").status_code == 200
    assert bob.script("POST", f"/room/{room}/chat", json={"chat": "들어왔다"}).status_code == 200


def test_what_keeps_somebody_out_is_said_in_the_books_words_and_order(server):
    ann, bob, eve = Browser(server), Browser(server), Browser(server)
    assert problem(eve.visit("/room/nowhere?password=x")) == "존재하지 않는 방입니다."
    room = ann.create(max="2", password="비밀")
    with ann.in_room(room), bob.socket() as client:
        assert problem(eve.visit(f"/room/{room}?password=wrong")) == "비밀번호가 틀렸습니다."
        assert client.ask("join", {"room": room, "password": "비밀"})["type"] == "joined"
        assert problem(eve.visit(f"/room/{room}?password=wrong")) == "비밀번호가 틀렸습니다."
        assert problem(eve.visit(f"/room/{room}?password=" + urllib.parse.quote("비밀"))) == "허용 인원이 초과하였습니다."


def test_the_page_of_a_room_that_is_not_there_is_not_found(server):
    answer = Browser(server).visit("/room/nowhere")
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html") and "ETag" not in answer.headers


@pytest.mark.parametrize("fields", [{"title": "", "max": "10"}, {"title": "방", "max": "1"}, {"max": "10"}, {"title": "방", "max": "많이"}],
                         ids=["an empty title", "a maximum of one", "no title", "a maximum that is no number"])
def test_a_form_that_is_wrong_goes_back_to_the_lobby_with_the_reason(server, fields):
    assert problem(Browser(server).submit("/room", **fields))


def test_the_owner_removes_a_room(server):
    ann, watcher = Browser(server), Browser(server)
    with watcher.socket("/room") as lobby:
        room = ann.create()
        lobby.expect("newRoom", "/room", _id=room)
        assert ann.script("DELETE", f"/room/{room}").ok
        lobby.news.expect(lambda event: event == ("/room", "removeRoom", room), "removeRoom")
    assert ann.script("GET", f"/room/{room}").status_code == 404


@pytest.mark.parametrize("send", ["JSON", "form"])
def test_what_is_posted_is_heard_in_the_room(server, send):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first, bob.in_room(room) as second:
        if send == "JSON":
            assert ann.script("POST", f"/room/{room}/chat", json={"chat": "안녕하세요"}).status_code == 200
        else:
            assert ann.submit(f"/room/{room}/chat", chat="안녕하세요").status_code in (302, 303)
        for client in (first, second):
            document = client.expect("chat", chat="안녕하세요")
            assert document.keys() >= {"_id", "room", "user", "chat", "createdAt"} and "gif" not in document
            assert document["room"] == room and COLOR.fullmatch(document["user"]) and DATE.fullmatch(document["createdAt"])


def test_a_GIF_is_posted_and_seen(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room), bob.in_room(room) as second:
        answer = ann.script("POST", f"/room/{room}/gif", **sent(form(gif=gif())))
        assert answer.ok, answer.text
        document = second.expect("chat", id=ann.id)
        assert document.keys() >= {"_id", "room", "user", "gif", "createdAt"} and "chat" not in document
        shown = bob.visit(f"/gif/{document['gif']}")
        assert (shown.status_code, shown.headers["Content-Type"], shown.content) == (200, "image/gif", gif())


def test_what_is_nowhere_is_not_found(server):
    answer = Browser(server).visit("/nowhere")
    assert answer.status_code == 404 and answer.text.strip().endswith("라우터가 없습니다.")


# 6.3 Socket events


def test_the_third_edition_joins_by_an_event(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first:
        with bob.in_room(room) as second:
            event = first.expect("join", id=bob.id)
            assert event["user"] == "system"
            assert re.fullmatch(r"#[0-9a-f]{6}님이 입장하셨습니다\.", event["chat"])
            second.emit("chat", {"room": room, "chat": "말"})
            assert first.expect("chat", chat="말")["user"] + "님이 입장하셨습니다." == event["chat"]
        event = first.expect("exit", id=bob.id)
        assert event["user"] == "system" and re.fullmatch(r"#[0-9a-f]{6}님이 퇴장하셨습니다\.", event["chat"])


def test_earlier_editions_join_by_the_page_they_are_on(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first:
        bob.visit(f"/room/{room}")
        with bob.socket() as second:
            event = second.expect("join")
            assert first.expect("join", id=event["id"])["chat"] == event["chat"]
            ann.script("POST", f"/room/{room}/chat", json={"chat": "말"})
            second.expect("chat", chat="말")
        assert first.expect("exit", id=event["id"])["user"] == "system"


def test_the_page_of_a_room_with_a_password_opens_only_to_who_has_entered(server):
    ann, bob, eve = Browser(server), Browser(server), Browser(server)
    room = ann.create(password="비밀")
    with ann.in_room(room) as first:
        with eve.socket(referer=f"{server.url}/room/{room}") as refused:
            assert refused.expect("refused")["code"] == "wrong_password"
            ann.script("POST", f"/room/{room}/chat", json={"chat": "몰래"})
            first.expect("chat", chat="몰래")
            assert not refused.named("chat") and not refused.named("join")
        bob.visit(f"/room/{room}?password=" + urllib.parse.quote("비밀"))
        with bob.socket(referer=f"{server.url}/room/{room}") as second:
            ann.script("POST", f"/room/{room}/chat", json={"chat": "들려?"})
            second.expect("chat", chat="들려?")


@pytest.mark.parametrize("referer", ["http://{host}/room/", "http://{host}/room/nowhere", "nonsense", "/room/%00", "x" * 4000])
def test_a_page_of_no_room_joins_nothing(server, referer):
    with Browser(server).socket(referer=referer.format(host=server.address)) as client:
        assert client.ask("chat", {"chat": "x"})["type"] == "error"
        assert not client.named("join")


def test_a_room_that_is_empty_for_long_goes_and_the_lobby_hears_of_it(server):
    ann, watcher = Browser(server), Browser(server)
    with watcher.socket("/room") as lobby:
        room = ann.create()
        ann.in_room(room).close()
        lobby.news.expect(lambda event: event == ("/room", "removeRoom", room), "removeRoom")


def test_a_color_belongs_to_a_person_in_every_room(server):
    ann = Browser(server)
    colors = set()
    for title in ("하나", "둘"):
        with ann.in_room(ann.create(title)) as client:
            client.emit("chat", {"chat": title})
            colors.add(client.expect("chat", chat=title)["user"])
    assert len(colors) == 1 and COLOR.fullmatch(colors.pop())


# 6.4 Exercises


def test_exercise_1_joins_and_exits_say_how_many_are_there(server):
    ann, bob, eve = (Browser(server) for _ in range(3))
    room = ann.create()
    with ann.in_room(room) as first:
        assert first.expect("join", id=ann.id)["number"] == 1
        with bob.in_room(room):
            assert first.expect("join", id=bob.id)["number"] == 2
            with eve.in_room(room):
                assert first.expect("join", id=eve.id)["number"] == 3
            assert first.expect("exit", id=eve.id)["number"] == 2
        assert first.expect("exit", id=bob.id)["number"] == 1


def test_exercise_2_joins_and_exits_are_kept(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first:
        with bob.in_room(room):
            first.expect("join", id=bob.id)
        first.expect("exit", id=bob.id)
        events = ann.script("GET", f"/room/{room}/history?before=1000").json()["events"]
        assert [(event["type"], event["member"]["id"]) for event in events if event["type"] in ("join", "exit")] == [
            ("join", ann.id), ("join", bob.id), ("exit", bob.id)]


def test_exercise_3_a_whisper_reaches_one_person(server):
    ann, bob, eve = (Browser(server) for _ in range(3))
    room = ann.create()
    with ann.in_room(room) as first, bob.in_room(room) as second, eve.in_room(room) as third:
        first.emit("dm", {"target": bob.id, "msg": "비밀이야"})
        whisper = second.expect("dm", msg="비밀이야")
        assert whisper.keys() >= {"target", "msg", "from"} and COLOR.fullmatch(whisper["from"])
        first.emit("chat", {"chat": "끝"})
        third.expect("chat", chat="끝")
        assert not third.named("dm")


def test_exercise_4_the_room_passes_to_another_when_its_owner_leaves(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    first = ann.in_room(room)
    with bob.in_room(room) as second:
        first.close()
        event = second.expect("owner", id=bob.id)
        assert re.fullmatch(r"#[0-9a-f]{6}님이 새로운 방장이 되셨습니다\.", event["chat"])
        assert bob.script("GET", f"/room/{room}").json()["owner"]["id"] == bob.id
        assert bob.script("DELETE", f"/room/{room}").ok


@pytest.mark.parametrize("event, field", [("delegate", "id"), ("dele_user", "userid"), ("delegate", "userid")])
def test_exercise_4_an_owner_delegates(server, event, field):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first, bob.in_room(room) as second:
        first.emit(event, {field: bob.id})
        for client in (first, second):
            assert client.expect("owner", id=bob.id)["chat"].endswith("님이 새로운 방장이 되셨습니다.")


def test_exercise_5_an_owner_kicks(server):
    ann, bob = Browser(server), Browser(server)
    room = ann.create()
    with ann.in_room(room) as first, bob.in_room(room) as second:
        first.emit("ban", {"id": bob.id})
        assert second.expect("ban")["chat"] == "강퇴되었습니다."
        second.expect("disconnect")
        first.expect("exit", id=bob.id)
    # A reader's wish: they must not return.
    assert "ban" in problem(bob.visit(f"/room/{room}?password="))
    with bob.socket(referer=f"{server.url}/room/{room}") as again:
        assert again.expect("refused")["code"] == "banned"
