"""How the browser client looks and reads: languages, dark and light, small windows, keyboards, and nothing that axe objects to."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def server(start):
    return start("--resume-grace", "60s", plugins="standard", config="[plugin.guard]\nflood_messages = 1000000\n")


@pytest.fixture(scope="module")
def room(server):
    """A room in which something has been said, by Ann, its owner."""
    ann = server.person("Ann")
    room = ann.create_room("The garden of the tea house")
    ann.join(room)
    ann.say(room, "Good morning! https://example.com/tea")
    ann.say(room, "/topic Green or black?")
    ann.say(room, "/roll 2d6")
    return room


def test_korean_is_spoken_to_who_prefers_it(visitor, room, server):
    kim = visitor("김철수", locale="ko-KR")
    kim.visit_lobby()
    expect(kim.page.get_by_role("heading", name="채팅방", exact=True)).to_be_visible()
    expect(kim.page.get_by_role("button", name="생성")).to_be_visible()
    assert kim.page.locator("html").get_attribute("lang") == "ko"
    kim.screenshot("lobby-ko")
    kim.enter(room)
    expect(kim.text("김철수님이 입장하셨습니다.")).to_be_visible()
    expect(kim.page.get_by_text("The garden of the tea house에 오신 것을 환영합니다.")).to_be_visible()
    expect(kim.page.get_by_role("textbox", name="메시지")).to_be_visible()
    kim.say("안녕하세요")
    kim.expect_once("안녕하세요")
    kim.screenshot("room-ko")
    kim.expect_accessible()
    words = kim.page.get_by_role("banner").inner_text() + kim.page.get_by_role("complementary").inner_text()
    assert not re.search(r"\b(Leave|People|Owner|you|Topic)\b", words), words


def test_another_language_can_be_chosen(visitor):
    ann = visitor("Ann").visit_lobby()
    ann.page.get_by_role("link", name="한국어").click()
    expect(ann.page.get_by_role("heading", name="채팅방", exact=True)).to_be_visible()
    ann.page.get_by_role("link", name="English").click()
    expect(ann.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_and_light_follow_the_system(visitor, room, scheme):
    ann = visitor("Ann", color_scheme=scheme)
    ann.visit_lobby()
    expect(ann.page.get_by_role("link", name="The garden of the tea house")).to_be_visible()
    ann.screenshot(f"lobby-{scheme}")
    ann.expect_accessible()
    ann.enter(room)
    ann.say(f"seen in {scheme}")
    ann.expect_once(f"seen in {scheme}")
    ann.screenshot(f"room-{scheme}")
    ann.expect_accessible()
    assert ann.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    background = ann.page.evaluate("""() => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d")
        for (const element of [document.documentElement, document.body]) {
            canvas.fillStyle = getComputedStyle(element).backgroundColor
            canvas.fillRect(0, 0, 1, 1)
        }
        return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]
    }""")
    assert (sum(background) / 3 > 128) == (scheme == "light"), background


def test_a_lobby_without_rooms_invites_to_open_one(start, visitor):
    ann = visitor("Ann", url=start().url).visit_lobby()
    expect(ann.page.get_by_text("There are no rooms yet. Open the first one.")).to_be_visible()
    ann.screenshot("lobby-empty")
    ann.expect_accessible()


def test_dialogs_are_accessible(visitor, server):
    owner = server.person()
    room = owner.create_room("Closed", password="open sesame")
    ann = visitor("Ann").visit_room(room)
    expect(ann.page.get_by_role("dialog", name="This room needs a password")).to_be_visible()
    ann.expect_accessible()
    ann.page.get_by_role("textbox", name="Password").fill("open sesame")
    ann.page.get_by_role("button", name="Enter").click()
    ann.expect_entered("Closed")
    ann.page.get_by_role("button", name="Change your name").click()
    expect(ann.page.get_by_role("dialog", name="What should others call you?")).to_be_visible()
    ann.expect_accessible()
    ann.page.keyboard.press("Escape")
    expect(ann.page.get_by_role("dialog")).to_have_count(0)
    expect(ann.page.get_by_role("button", name="Change your name")).to_be_focused()


def test_a_name_that_cannot_be_is_refused_where_it_is_typed(visitor, room):
    ann = visitor("Ann").enter(room)
    ann.people.get_by_role("button", name="Change your name").click()
    dialog = ann.page.get_by_role("dialog", name="What should others call you?")
    dialog.get_by_label("Name").fill("\u202eeve")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_role("button", name="Cancel").click()
    expect(ann.people.get_by_text("Ann", exact=True).first).to_be_visible()


def test_everything_fits_on_a_phone(visitor, room):
    ann = visitor("Ann", viewport=PHONE, has_touch=True, is_mobile=True)
    ann.visit_lobby()
    expect(ann.page.get_by_role("link", name="The garden of the tea house")).to_be_visible()
    ann.screenshot("phone-lobby")
    assert ann.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the lobby scrolls sideways"
    ann.expect_accessible()
    ann.enter(room)
    ann.say("x" * 300)
    ann.expect_once("x" * 300)
    assert ann.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the room scrolls sideways"
    expect(ann.composer).to_be_in_viewport()
    ann.screenshot("phone-room")
    ann.expect_accessible()
    ann.page.get_by_role("button", name=re.compile("^People")).click()
    drawer = ann.page.get_by_role("dialog")
    expect(drawer.get_by_text("Ann", exact=True).first).to_be_visible()
    ann.screenshot("phone-people")
    ann.expect_accessible()
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_have_count(0)


def test_a_room_is_opened_and_used_by_keyboard_alone(visitor):
    ann = visitor("Ann").visit_lobby()
    keyboard = ann.page.keyboard

    def tab_to(target):
        for _ in range(60):
            if target.evaluate("element => element === document.activeElement"):
                return
            keyboard.press("Tab")
        raise AssertionError("it cannot be reached by Tab")

    tab_to(ann.page.get_by_label("Title"))
    keyboard.type("By keyboard")
    keyboard.press("Enter")
    ann.expect_entered("By keyboard")
    expect(ann.composer).to_be_focused()
    keyboard.type("no mouse")
    keyboard.press("Shift+Enter")
    keyboard.type("no trouble")
    keyboard.press("Enter")
    expect(ann.log.get_by_text("no mouse\nno trouble")).to_be_visible()
    expect(ann.composer).to_be_focused()
    keyboard.type("/to")
    expect(ann.page.get_by_role("option").filter(has_text="/topic")).to_be_visible()
    keyboard.press("Enter")
    keyboard.type("keys")
    keyboard.press("Enter")
    expect(ann.page.get_by_role("banner").get_by_text("keys")).to_be_visible()
    tab_to(ann.page.get_by_role("link", name="Leave the room"))
    keyboard.press("Enter")
    expect(ann.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()


def test_an_unread_message_is_counted_in_the_title(visitor, room, server):
    ann = visitor("Ann").enter(room)
    bob = server.person("Bob")
    bob.join(room)
    # A headless browser thinks that every page is looked at.
    ann.page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { get: () => "hidden" })
        Object.defineProperty(document, "hidden", { get: () => true })
        document.dispatchEvent(new Event("visibilitychange"))
    }""")
    bob.say(room, "are you there?")
    expect(ann.page).to_have_title(re.compile(r"^\(1\) The garden of the tea house"))


def test_without_javascript_the_page_says_so(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    expect(page.locator("body")).to_contain_text("Roost needs JavaScript.", use_inner_text=True)
    context.close()
