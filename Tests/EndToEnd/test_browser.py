"""The browser client, as people use it: the lobby, rooms, messages, GIFs, whispers."""

import re

import pytest
from playwright.sync_api import expect

from browser import Visitor
from gif import gif

QUIET = """
roost.on("chat", function(e) if e.text:find("loud") then return roost.drop("Not so loud, please.") end end)
"""


@pytest.fixture(scope="module")
def server(start):
    server = start("--resume-grace", "60s", plugins="standard", config="[plugin.guard]\nflood_messages = 1000000\n")
    server.write_plugin("quiet.lua", QUIET)
    server.type("plugin load quiet")
    return server


@pytest.fixture
def pair(visitor):
    """Ann, who owns a room, and Bob, who is in it too."""
    ann, bob = visitor("Ann"), visitor("Bob")
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room)
    return ann, bob


@pytest.fixture(scope="module")
def open_windows(windows, server):
    """Ann and Bob in a room of theirs, where they stay for all tests that only add to it."""
    ann, bob = Visitor(windows("Ann of the house"), server.url, "Ann"), Visitor(windows("Bob of the house"), server.url, "Bob")
    room = ann.make_room()
    return ann.enter(room), bob.enter(room)


@pytest.fixture
def friends(open_windows):
    for person in open_windows:
        # What a failed test has left behind is not the next one's business.
        if person.unsent.inner_text() or person.composer.input_value() or person.page.get_by_role("dialog").count():
            person.page.reload()
            person.expect_entered()
        person.complaints.clear()
    yield open_windows
    for person in open_windows:
        person.expect_no_complaints(person.allowed)
        person.allowed.clear()


# Rooms


def test_two_people_chat(friends):
    ann, bob = friends
    ann.say("Hello Bob, is there any tea?")
    bob.expect_once("Hello Bob, is there any tea?")
    bob.say("There is!\nGreen or black?")
    ann.expect_once("Hello Bob, is there any tea?", "There is!\nGreen or black?")
    expect(ann.unsent).to_be_empty()
    expect(ann.composer).to_have_value("")
    ann.screenshot("room")


def test_whoever_is_there_is_listed(pair, visitor):
    ann, bob = pair
    for person in (ann, bob):
        for name in ("Ann", "Bob"):
            expect(person.people.get_by_text(name, exact=True)).to_be_visible()
    expect(ann.people.get_by_role("listitem").filter(has_text="Ann")).to_contain_text("Owner")
    bob.page.get_by_role("link", name="Leave the room").click()
    expect(ann.people.get_by_text("Bob", exact=True)).to_have_count(0)


def test_the_lobby_keeps_itself_up_to_date(visitor):
    watcher, ann = visitor("Watcher").visit_lobby(), visitor("Ann")
    room = ann.open_room("A room to watch", seats=5)
    card = watcher.page.get_by_role("listitem").filter(has=watcher.page.get_by_role("link", name="A room to watch"))
    expect(card).to_contain_text("1 of 5 people")
    expect(card).to_contain_text("Ann")
    visitor("Bob").enter(room)
    expect(card).to_contain_text("2 of 5 people")
    ann.call_oneself("Annabel")
    expect(card).to_contain_text("Annabel")
    ann.page.get_by_role("button", name="Remove this room").click()
    ann.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(card).to_have_count(0)


def test_a_room_is_entered_from_the_lobby(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    ann.enter(ann.make_room("Entered by its card"))
    bob.visit_lobby()
    bob.page.get_by_role("link", name="Entered by its card").click()
    bob.expect_entered("Entered by its card")
    expect(ann.people.get_by_text("Bob", exact=True)).to_be_visible()


@pytest.mark.parametrize("title, seats, complaint", [("", 10, "Give the room a title."), ("Tea", 1, "2 to 10,000 seats"), ("Tea", 10_001, "2 to 10,000 seats")])
def test_a_wrong_form_says_what_is_wrong_and_where(visitor, title, seats, complaint):
    ann = visitor("Ann").visit_lobby()
    ann.page.get_by_label("Title").fill(title)
    ann.page.get_by_label("Seats").fill(str(seats))
    ann.page.get_by_role("button", name="Open room").click()
    field = ann.page.get_by_label("Title" if not title else "Seats")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(ann.page.get_by_text(complaint)).to_be_visible()


def test_a_room_that_is_not_there_says_so(visitor):
    ann = visitor("Ann").visit_room("nowhere")
    expect(ann.page.get_by_role("heading", name="There is no such room")).to_be_visible()
    ann.page.get_by_role("link", name="Back to the rooms").click()
    expect(ann.page.get_by_role("heading", name="Rooms")).to_be_visible()


def test_a_full_room_lets_in_when_somebody_has_left(visitor):
    ann, bob, cleo = visitor("Ann"), visitor("Bob"), visitor("Cleo")
    room = ann.make_room("Two seats", max=2)
    ann.enter(room)
    bob.enter(room)
    cleo.visit_room(room)
    expect(cleo.page.get_by_role("heading", name="The room is full")).to_be_visible()
    bob.page.get_by_role("link", name="Leave the room").click()
    expect(bob.page.get_by_role("heading", name="Rooms")).to_be_visible()
    cleo.page.get_by_role("button", name="Try again").click()
    cleo.expect_entered("Two seats")


def test_a_room_with_a_password_asks_for_it(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    room = ann.open_room("Secret garden", password="open sesame")
    ann.say("the treasure is under the oak")
    bob.visit_room(room)
    dialog = bob.page.get_by_role("dialog", name="This room needs a password")
    expect(dialog).to_be_visible()
    expect(bob.page.get_by_text("under the oak")).to_have_count(0)
    dialog.get_by_label("Password").fill("open sesam")
    dialog.get_by_role("button", name="Enter").click()
    expect(dialog.get_by_role("alert")).to_have_text("That is not the password.")
    bob.screenshot("password")
    dialog.get_by_label("Password").fill("open sesame")
    dialog.get_by_label("Password").press("Enter")
    bob.expect_entered("Secret garden")
    bob.expect_once("the treasure is under the oak")
    assert "sesame" not in bob.page.url
    assert not bob.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]).includes('sesame')")


def test_leaving_is_heard_at_once(pair):
    ann, bob = pair
    bob.page.get_by_role("link", name="Leave the room").click()
    expect(bob.page.get_by_role("heading", name="Rooms")).to_be_visible()
    expect(ann.text("Bob has left.")).to_be_visible()


def test_closing_the_window_is_not_heard_at_once(pair, server):
    ann, bob = pair
    bob.page.close()
    ann.say("Bob?")
    ann.expect_once("Bob?")
    expect(ann.text("Bob has left.")).to_have_count(0)
    bob.page = bob.new_page()
    bob.enter(ann.room)
    bob.expect_once("Bob?")
    expect(ann.text("Bob has joined.")).to_have_count(1)
    expect(ann.people.get_by_text("Bob", exact=True)).to_have_count(1)


def test_whoever_is_put_out_is_told_why(pair, server):
    ann, bob = pair
    ann.people.get_by_role("button", name="More about Bob").click()
    ann.page.get_by_role("dialog").get_by_role("button", name="Ask to leave").click()
    ann.page.get_by_role("dialog", name="Ask Bob to leave?").get_by_role("button", name="Ask to leave").click()
    expect(bob.page.get_by_role("heading", name="You were asked to leave")).to_be_visible()
    expect(ann.people.get_by_text("Bob", exact=True)).to_have_count(0)
    bob.screenshot("kicked")
    bob.expect_accessible()


# Messages


def test_a_reload_keeps_the_history(pair):
    ann, bob = pair
    for number in range(5):
        ann.say(f"message {number}")
    bob.expect_once(*(f"message {number}" for number in range(5)))
    bob.page.reload()
    bob.expect_entered("Tea house")
    bob.expect_once(*(f"message {number}" for number in range(5)))
    expect(bob.people.get_by_text("Bob", exact=True)).to_be_visible()


def test_earlier_messages_are_read_back(pair, server):
    ann, bob = pair
    room = ann.room
    speaker = server.person("Speaker")
    speaker.join(room)
    for number in range(150):
        speaker.say(room, f"message {number:03}")
    expect(bob.text("message 149")).to_be_visible()
    bob.page.reload()
    bob.expect_entered("Tea house")
    expect(bob.text("message 149")).to_be_in_viewport()
    expect(bob.text("message 000")).to_have_count(0)
    older = bob.page.get_by_role("button", name="Earlier messages")
    for _ in range(8):
        if bob.page.get_by_text("This is where the room begins.").is_visible():
            break
        shown = bob.log.inner_text()
        older.click()
        bob.page.wait_for_function("shown => document.querySelector('[role=log]').innerText !== shown", arg=shown)
    expect(bob.page.get_by_text("This is where the room begins.")).to_be_visible()
    bob.expect_once(*(f"message {number:03}" for number in range(150)))


def test_a_refused_message_is_shown_with_its_reason(friends):
    ann, bob = friends
    bob.say("VERY loud")
    note = bob.unsent.get_by_text("Not so loud, please.")
    expect(note).to_be_visible()
    expect(bob.unsent.get_by_text("VERY loud")).to_be_visible()
    bob.screenshot("refused")
    bob.expect_accessible()
    expect(ann.text("VERY loud")).to_have_count(0)
    bob.unsent.get_by_role("button", name="Remove").click()
    expect(bob.unsent).to_be_empty()
    bob.say("softly")
    ann.expect_once("softly")


def test_a_message_is_text_whatever_is_in_it(friends):
    ann, bob = friends
    evil = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script> & <b>bold</b>"
    ann.say(evil)
    bob.expect_once(evil)
    ann.call_oneself("<b>Ann</b>")
    expect(ann.people.get_by_text("<b>Ann</b>", exact=True)).to_be_visible()
    expect(bob.people.get_by_text("<b>Ann</b>", exact=True)).to_be_visible()
    ann.call_oneself("Ann")
    assert "pwned" not in bob.page.title()


def test_links_lead_out_safely(friends):
    ann, bob = friends
    ann.say("see https://example.com/tea?x=1 and javascript:alert(1)")
    link = bob.log.get_by_role("link", name="https://example.com/tea?x=1")
    expect(link).to_have_attribute("href", "https://example.com/tea?x=1")
    assert "noopener" in link.get_attribute("rel") and link.get_attribute("target") == "_blank"
    expect(bob.log.get_by_role("link")).to_have_count(1)


def test_a_whisper_is_seen_by_two_alone(pair, visitor):
    ann, bob = pair
    cleo = visitor("Cleo")
    cleo.enter(ann.room)
    ann.people.get_by_role("button", name="Whisper to Bob").click()
    ann.say("the cake is for Cleo")
    for person in (ann, bob):
        expect(person.log.get_by_text("the cake is for Cleo")).to_be_visible()
    expect(bob.log.get_by_text("Ann whispers to you")).to_be_visible()
    bob.log.get_by_role("button", name="Whisper back").click()
    bob.say("she will be glad")
    expect(ann.log.get_by_text("Bob whispers to you")).to_be_visible()
    ann.screenshot("whisper")
    ann.expect_accessible()
    ann.page.get_by_role("button", name="Stop whispering").click()
    ann.say("hello everyone")
    cleo.expect_once("hello everyone")
    assert "cake" not in cleo.page.content() and "glad" not in cleo.page.content()


def test_a_reply_shows_what_it_answers(friends):
    ann, bob = friends
    ann.say("tea or coffee?")
    bob.text("tea or coffee?").hover()
    bob.log.get_by_role("button", name="Reply to Ann").last.click()
    bob.say("tea, please")
    message = ann.log.get_by_text("tea, please")
    expect(message).to_be_visible()
    expect(ann.log.get_by_text("tea or coffee?")).to_have_count(2)


def test_others_see_who_is_writing(friends):
    ann, bob = friends
    bob.composer.press_sequentially("hm")
    expect(ann.page.get_by_text("Bob is writing…")).to_be_visible()
    bob.composer.fill("")
    expect(ann.page.get_by_text("Bob is writing…")).to_have_count(0)


def test_commands_are_suggested_and_carried_out(friends):
    ann, bob = friends
    ann.composer.press_sequentially("/ro")
    option = ann.page.get_by_role("option").filter(has_text="/roll")
    expect(option).to_be_visible()
    ann.screenshot("commands")
    ann.composer.press("Tab")
    ann.composer.press_sequentially("2d6")
    ann.composer.press("Enter")
    expect(bob.log.get_by_text(re.compile(r"🎲 Ann \(2d6\): \d \+ \d = \d+"))).to_be_visible()
    expect(ann.unsent).to_be_empty()


def test_a_notice_is_for_one_person_alone(friends, server):
    ann, bob = friends
    room = ann.room
    bob_id = re.search(r"(u_\w+) +Bob ", server.type(f"users {room}"))[1]
    server.type(f'tell {bob_id} "The kettle is on"')
    expect(bob.page.get_by_text("The kettle is on")).to_be_visible()
    expect(ann.page.get_by_text("The kettle is on")).to_have_count(0)


def test_two_windows_of_one_person_show_the_same(pair):
    ann, bob = pair
    window = ann.page
    ann.page = ann.new_page()
    ann.enter(window.url.rsplit("/", 1)[1])
    ann.say("from the second window")
    ann.expect_once("from the second window")
    ann.page = window
    ann.expect_once("from the second window")
    bob.expect_once("from the second window")
    expect(bob.people.get_by_text("Ann", exact=True)).to_have_count(1)


# GIFs


def expect_another_gif(friends, send):
    """Ann sends a GIF, and both see one more than before. Returns the picture that Bob sees."""
    ann, bob = friends
    count = bob.pictures("GIF from Ann").count() + 1
    send()
    ann.expect_picture("GIF from Ann", count)
    image = bob.expect_picture("GIF from Ann", count)
    expect(ann.unsent).to_be_empty()
    return image


def test_a_gif_is_sent_by_the_button(friends):
    ann, bob = friends
    expect_another_gif(friends, lambda: ann.choose_gif(gif("cc3366", frames=3, width=40, height=30)))
    ann.screenshot("gif")
    ann.expect_accessible()
    bob.log.get_by_role("button", name="Pause: GIF from Ann").last.click()
    expect(bob.log.get_by_role("button", name="Play: GIF from Ann").last).to_be_visible()


def test_a_gif_is_dropped(friends):
    expect_another_gif(friends, lambda: friends[0].drop_gif(gif("33cc66", width=30, height=30)))


def test_a_gif_is_pasted(friends):
    expect_another_gif(friends, lambda: friends[0].paste_gif(gif("3366cc", width=30, height=30)))


def test_several_gifs_are_sent_at_once(friends):
    ann, bob = friends
    count = bob.pictures("GIF from Ann").count() + 3
    for color in ("112233", "445566", "778899"):
        ann.drop_gif(gif(color, width=30, height=30))
    bob.expect_picture("GIF from Ann", count)
    expect(ann.unsent).to_be_empty()


def test_what_is_no_gif_is_not_sent(friends):
    ann, bob = friends
    ann.choose_gif(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, name="cat.png", type="image/png")
    expect(ann.unsent.get_by_text("cat.png is not a GIF. Only GIFs can be sent here.")).to_be_visible()
    ann.unsent.get_by_role("button", name="Remove").click()
    expect(ann.unsent).to_be_empty()


def test_a_damaged_gif_is_refused_with_its_reason(friends):
    ann, bob = friends
    ann.allowed.append("400 (Bad Request)")
    count = bob.pictures("GIF from Ann").count()
    ann.choose_gif(gif(frames=3)[:-10])
    expect(ann.unsent.get_by_text(re.compile("cut short"))).to_be_visible()
    ann.unsent.get_by_role("button", name="Remove").click()
    expect(bob.pictures("GIF from Ann")).to_have_count(count)


def test_a_gif_stands_still_for_who_prefers_less_motion(friends, visitor):
    ann, _ = friends
    calm = visitor("Calm", reduced_motion="reduce")
    calm.enter(ann.room)
    ann.choose_gif(gif("99cc33", frames=3, width=40, height=30))
    image = calm.log.get_by_role("button", name="Play: GIF from Ann").last.get_by_role("img")
    expect(image).to_have_attribute("src", re.compile("-still"))
    calm.log.get_by_role("button", name="Play: GIF from Ann").last.press("Enter")
    expect(calm.log.get_by_role("button", name="Pause: GIF from Ann").last.get_by_role("img")).not_to_have_attribute("src", re.compile("-still"))
