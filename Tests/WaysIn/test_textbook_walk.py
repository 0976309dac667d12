"""The textbook's chat as its readers walk through it, in a Korean browser and in Roost's own pages: its words in its order.

Numbers are those of the book's third edition.
"""

import re

import pytest
from playwright.sync_api import expect

from gif import gif
from ways import DEADLINE

expect.set_options(timeout=DEADLINE * 1000)


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "15s", "--room-grace", "5s")


class Reader:
    """Somebody with a Korean browser."""

    def __init__(self, browser, server, name):
        self.context = browser.new_context(locale="ko-KR")
        self.context.set_default_timeout(DEADLINE * 1000)
        self.url, self.name = server.url, name
        assert self.context.request.post(f"{self.url}/name", data={"name": name}).ok
        self.page = self.context.new_page()

    def goto(self, path):
        return self.page.goto(self.url + path)

    @property
    def log(self):
        return self.page.get_by_role("log")

    def sees(self, text):
        expect(self.log.get_by_text(text, exact=True)).to_have_count(1)

    def says(self, text):
        box = self.page.get_by_role("textbox", name="메시지")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")
        self.sees(text)

    def card(self, title):
        return self.page.get_by_role("listitem").filter(has_text=title)

    def is_in(self, title):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.page.locator("#log[aria-busy=true]")).to_have_count(0)


@pytest.fixture
def readers(browser, server):
    people = [Reader(browser, server, name) for name in ("조현영", "김독자", "이독자")]
    yield people
    for person in people:
        person.context.close()


def test_a_reader_walks_through_the_chapter(readers):
    owner, guest, late = readers
    guest.goto("/")

    # 12.4: the rooms, and the form for one
    owner.goto("/")
    expect(owner.page.get_by_role("heading", name="채팅방 생성")).to_be_visible()
    seats = owner.page.get_by_label("수용 인원")
    assert (seats.get_attribute("type"), seats.get_attribute("min"), seats.input_value()) == ("number", "2", "10")
    owner.page.get_by_label("방 제목").fill("영화 이야기")
    seats.fill("2")
    owner.page.get_by_label(re.compile("비밀번호")).fill("비밀")
    owner.page.get_by_role("button", name="생성").click()
    owner.page.wait_for_url("**/room/*")
    owner.is_in("영화 이야기")
    room = owner.page.url.rsplit("/", 1)[1]
    assert "?" not in room, "a password in an address"

    # The lobby hears of it by itself.
    card = guest.card("영화 이야기")
    for words in ("비밀방", "방장", "조현영", "입장", "2명 중"):
        expect(card).to_contain_text(words)
    card.get_by_role("link").click()

    # 12.5: a password, joins
    dialog = guest.page.get_by_role("dialog", name="비밀방입니다")
    password = dialog.get_by_label("비밀번호")
    password.fill("틀림")
    password.press("Enter")
    expect(dialog).to_contain_text("비밀번호가 틀렸습니다.")
    password.fill("비밀")
    password.press("Enter")
    guest.is_in("영화 이야기")
    for person in (owner, guest):
        person.sees("김독자님이 입장하셨습니다.")
    expect(guest.page.locator("#people-count")).to_have_text(re.compile(r"^2\b"))

    # A third finds no seat.
    late.goto(f"/room/{room}")
    late.page.get_by_label("비밀번호").fill("비밀")
    late.page.get_by_label("비밀번호").press("Enter")
    expect(late.page.get_by_text("허용 인원이 초과하였습니다")).to_be_visible()

    # 12.6 and 12.7: messages and GIFs
    owner.says("안녕하세요")
    guest.sees("안녕하세요")
    guest.page.locator("#gif-file").set_input_files({"name": "춤.gif", "mimeType": "image/gif", "buffer": gif()})
    picture = owner.log.get_by_alt_text("김독자님이 보낸 GIF")
    expect(picture).to_have_count(1)
    picture.evaluate("image => image.decode()")

    # Everything is there after a reload, the joins too (exercise 2).
    guest.page.reload()
    guest.is_in("영화 이야기")
    for text in ("김독자님이 입장하셨습니다.", "안녕하세요"):
        guest.sees(text)

    # Exits; the room passes on (exercise 4)
    guest.page.get_by_role("link", name="방 나가기").click()
    owner.sees("김독자님이 퇴장하셨습니다.")
    late.goto(f"/room/{room}")
    late.page.get_by_label("비밀번호").fill("비밀")
    late.page.get_by_label("비밀번호").press("Enter")
    late.is_in("영화 이야기")
    owner.page.get_by_role("link", name="방 나가기").click()
    late.sees("조현영님이 퇴장하셨습니다.")
    late.sees("이독자님이 새로운 방장이 되셨습니다.")

    # When the last one has left, the room goes from the lobby.
    guest.goto("/")
    expect(guest.card("영화 이야기")).to_contain_text("이독자")
    late.page.get_by_role("link", name="방 나가기").click()
    expect(guest.card("영화 이야기")).to_have_count(0)


def test_what_is_not_there_is_said_in_the_books_words(readers):
    reader = readers[0]
    assert reader.goto("/room/nowhere").status == 404
    expect(reader.page.get_by_text("존재하지 않는 방입니다")).to_be_visible()
    assert reader.goto("/nowhere").status == 404
    expect(reader.page.get_by_text("GET /nowhere 라우터가 없습니다.")).to_be_visible()
    # The book's later editions bring the reason to the lobby.
    reader.goto("/room/nowhere?password=x")
    reader.page.wait_for_url("**/?error=*")


def test_the_kicked_are_told_in_the_books_words(readers):
    owner, guest, _ = readers
    room = owner.context.request.post(f"{owner.url}/room", data={"title": "방"}).json()["id"]
    owner.goto(f"/room/{room}")
    guest.goto(f"/room/{room}")
    owner.sees("김독자님이 입장하셨습니다.")
    owner.says("곧 강퇴합니다")
    box = owner.page.get_by_role("textbox", name="메시지")
    box.fill("/kick 김독자")
    box.press("Enter")
    expect(guest.page.get_by_text("강퇴되었습니다", exact=True)).to_be_visible()
    owner.sees("김독자님이 강퇴되었습니다.")
