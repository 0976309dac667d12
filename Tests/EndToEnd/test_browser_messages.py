"""Messages and GIFs in the browser: written, refused, whispered, answered, dropped, pasted."""

import re

from playwright.sync_api import expect

from browser_room import friends, open_windows, pair, server  # noqa: F401 (fixtures)
from gif import gif


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
    beginning = bob.page.get_by_text("This is where the room begins.")
    for _ in range(8):
        if beginning.is_visible():
            break
        shown = bob.log.inner_text()
        # Not by the pointer: to move there scrolls, and what is scrolled to is read back by itself.
        older.dispatch_event("click")
        bob.page.wait_for_function(
            "shown => document.getElementById('older').hidden || document.querySelector('[role=log]').innerText !== shown", arg=shown)
    expect(beginning).to_be_visible()
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


def test_what_a_command_takes_is_suggested(friends):
    ann, bob = friends
    ann.composer.press_sequentially("/faq ")
    for choice in ("list", "add", "remove"):
        expect(ann.page.get_by_role("option").filter(has_text=choice).first).to_be_visible()
    ann.composer.press_sequentially("li")
    ann.composer.press("Tab")
    expect(ann.composer).to_have_value("/faq list ")
    ann.composer.press("Enter")
    expect(ann.log.get_by_text("I know no answers here.")).to_be_visible()
    ann.composer.press_sequentially("/mute Bo")
    expect(ann.page.get_by_role("option").filter(has_text="Bob")).to_be_visible()
    ann.composer.fill("")


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
