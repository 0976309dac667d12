"""Messages after they were sent, in the browser: the menu beside them, edits, deletions, reactions, reports."""

import re

import pytest
from playwright.sync_api import expect

from browser_room import friends, open_windows, pair  # noqa: F401 (fixtures)
from gif import gif

HIDER = """
roost.on("chat", function(e) if e.text:find("spoil") then return roost.modify { spoiler = true } end end)
roost.on("gif", function(e) return roost.modify { still = true } end)
roost.on("edit", function(e) if e.text:find("loud") then return roost.drop("Not so loud, please.") end end)
"""


@pytest.fixture(scope="module")
def server(start):
    server = start("--resume-grace", "60s", plugins="standard", config="[plugin.guard]\nflood_messages = 1000000\n")
    server.write_plugin("hider.lua", HIDER)
    server.type("plugin load hider")
    return server


def message(person, text):
    return person.log.locator(".message").filter(has_text=text).last


def open_menu(person, text, seq=None):
    it = person.log.locator(f'.message[data-seq="{seq}"]') if seq else message(person, text)
    it.hover()
    it.get_by_role("button", name=re.compile("^More about")).click()
    menu = person.page.get_by_role("dialog", name=re.compile("^More about"))
    expect(menu).to_be_visible()
    return menu


def test_an_edit_is_seen_by_everyone_and_marked(friends):
    ann, bob = friends
    ann.say("helo there")
    bob.expect_once("helo there")
    open_menu(ann, "helo there").get_by_role("button", name="Edit").click()
    expect(ann.page.get_by_text("Change your message")).to_be_visible()
    assert ann.composer.input_value() == "helo there"
    ann.screenshot("editing")
    ann.expect_accessible()
    ann.say("hello there")
    for person in (ann, bob):
        expect(message(person, "hello there")).to_contain_text("edited")
        expect(person.text("helo there")).to_have_count(0)
    assert ann.composer.input_value() == ""
    expect(ann.page.get_by_text("Change your message")).to_have_count(1)
    expect(ann.page.get_by_text("Change your message")).to_be_hidden()


def test_what_was_being_written_comes_back_after_an_edit(friends):
    ann, _ = friends
    ann.say("first")
    ann.expect_once("first")
    ann.composer.fill("half a tho")
    open_menu(ann, "first").get_by_role("button", name="Edit").click()
    ann.composer.press("Escape")
    assert ann.composer.input_value() == "half a tho"
    ann.composer.fill("")


def test_the_arrow_up_edits_what_one_has_said_last(friends):
    ann, bob = friends
    ann.say("lst")
    ann.expect_once("lst")
    ann.composer.press("ArrowUp")
    assert ann.composer.input_value() == "lst"
    ann.say("last")
    expect(message(bob, "last")).to_contain_text("edited")


def test_a_refused_edit_says_why_and_stays_to_be_changed(friends):
    ann, bob = friends
    ann.say("calm")
    ann.expect_once("calm")
    open_menu(ann, "calm").get_by_role("button", name="Edit").click()
    ann.say("loud!")
    expect(ann.page.locator("#aim").get_by_text("Not so loud, please.")).to_be_visible()
    assert ann.composer.input_value() == "loud!"
    ann.say("calmer")
    expect(message(bob, "calmer")).to_contain_text("edited")


def test_others_messages_offer_no_edit_and_members_no_deletion(friends):
    ann, bob = friends
    ann.say("the owner's")
    bob.say("a member's")
    ann.expect_once("the owner's", "a member's")
    menu = open_menu(bob, "the owner's")
    expect(menu.get_by_role("button", name="Reply")).to_be_visible()
    expect(menu.get_by_role("button", name="Report")).to_be_visible()
    for name in ("Edit", "Delete"):
        expect(menu.get_by_role("button", name=name)).to_have_count(0)
    bob.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    menu = open_menu(ann, "a member's")
    expect(menu.get_by_role("button", name="Edit")).to_have_count(0)
    expect(menu.get_by_role("button", name="Delete")).to_be_visible()
    ann.page.keyboard.press("Escape")


def test_a_deleted_message_leaves_a_mark_and_quotes_say_so(friends):
    ann, bob = friends
    bob.say("delete me")
    expect(message(ann, "delete me")).to_be_visible()
    seq = message(ann, "delete me").get_attribute("data-seq")
    open_menu(ann, "delete me").get_by_role("button", name="Reply").click()
    ann.say("why?")
    expect(message(bob, "why?")).to_be_visible()
    open_menu(ann, "delete me", seq).get_by_role("button", name="Delete").click()
    dialog = ann.page.get_by_role("dialog", name="Delete this message?")
    ann.screenshot("delete")
    ann.expect_accessible()
    dialog.get_by_role("button", name="Delete").click()
    for person in (ann, bob):
        expect(person.log.get_by_text("This message was deleted by Ann.")).to_be_visible()
        expect(person.log.get_by_text("delete me")).to_have_count(0)
        expect(message(person, "why?").get_by_role("button", name=re.compile("^Answers"))).to_contain_text("This message was deleted.")
    bob.page.reload()
    bob.expect_entered()
    expect(bob.log.get_by_text("This message was deleted by Ann.")).to_be_visible()
    assert "delete me" not in bob.page.content()


def test_reactions_are_buttons_that_say_whose_they_are(friends):
    ann, bob = friends
    ann.say("cake?")
    bob.expect_once("cake?")
    open_menu(bob, "cake?").get_by_role("button", name="React with 🎉").click()
    button = message(ann, "cake?").get_by_role("button", name="🎉, 1: Bob")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    mine = message(ann, "cake?").get_by_role("button", name="🎉, 2: You, Bob")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(message(bob, "cake?").get_by_role("button", name="🎉, 2: You, Ann")).to_be_visible()
    ann.screenshot("reactions")
    ann.expect_accessible()
    mine.click()
    expect(message(bob, "cake?").get_by_role("button", name="🎉, 1: You")).to_be_visible()
    ann.page.reload()
    ann.expect_entered()
    expect(message(ann, "cake?").get_by_role("button", name="🎉, 1: Bob")).to_be_visible()


def test_any_emoji_can_be_typed_and_nothing_else(friends):
    ann, bob = friends
    ann.say("which one?")
    bob.expect_once("which one?")
    field = open_menu(bob, "which one?").get_by_role("textbox", name="React with another emoji")
    field.fill("🦔")
    field.press("Enter")
    expect(message(ann, "which one?").get_by_role("button", name="🦔, 1: Bob")).to_be_visible()
    field = open_menu(bob, "which one?").get_by_role("textbox", name="React with another emoji")
    field.fill("hedgehog")
    field.press("Enter")
    expect(bob.log.get_by_text("A reaction is one emoji.")).to_be_visible()


def test_the_menu_is_used_with_the_keyboard_alone(friends):
    ann, bob = friends
    ann.say("by keyboard")
    ann.expect_once("by keyboard")
    it = message(ann, "by keyboard")
    more = it.get_by_role("button", name=re.compile("^More about"))
    more.focus()
    expect(more).to_be_visible()
    ann.page.keyboard.press("Enter")
    menu = ann.page.get_by_role("dialog", name=re.compile("^More about"))
    expect(menu.get_by_role("button", name="React with 👍")).to_be_focused()
    ann.screenshot("message-menu")
    ann.expect_accessible()
    ann.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    ann.page.keyboard.press("Enter")
    ann.page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="React with ❤️")).to_be_focused()
    ann.page.keyboard.press("Enter")
    expect(message(bob, "by keyboard").get_by_role("button", name="❤️, 1: Ann")).to_be_visible()


def test_a_report_is_acknowledged(friends, server):
    ann, bob = friends
    ann.say("quite rude")
    bob.expect_once("quite rude")
    open_menu(bob, "quite rude").get_by_role("button", name="Report").click()
    dialog = bob.page.get_by_role("dialog", name="Report the message of Ann?")
    bob.screenshot("report")
    bob.expect_accessible()
    dialog.get_by_label("Why").fill("it is rude")
    dialog.get_by_role("button", name="Report").click()
    expect(bob.log.get_by_text("Thank you. Moderators will look at the message.")).to_be_visible()
    assert "it is rude" in server.type("reports")


def test_what_plugins_hide_is_shown_on_demand(friends):
    ann, bob = friends
    ann.say("spoiler: the gardener did it")
    button = bob.log.get_by_role("button", name="Hidden: press to see it").last
    expect(button).to_be_visible()
    expect(bob.log.get_by_text("gardener")).to_have_count(0)
    bob.screenshot("spoiler")
    button.click()
    expect(bob.log.get_by_text("the gardener did it")).to_be_visible()


def test_a_still_gif_plays_when_it_is_pressed(friends):
    ann, bob = friends
    ann.choose_gif(gif(color="445566", frames=3))
    picture = bob.log.get_by_role("button", name="Play: GIF from Ann").last
    expect(picture).to_be_visible()
    picture.click()
    expect(bob.log.get_by_role("button", name="Pause: GIF from Ann").last).to_be_visible()
    open_menu(ann, "").get_by_role("button", name="Edit the caption").click()
    ann.say("a square")
    expect(bob.log.get_by_text("a square")).to_be_visible()


@pytest.mark.parametrize("looks", [{"color_scheme": "light"}, {"color_scheme": "dark"}], ids=lambda looks: looks["color_scheme"])
def test_on_a_phone_everything_fits(visitor, looks):
    phone = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True, **looks}
    ann, bob = visitor("Ann"), visitor("Bob", **phone)
    room = ann.make_room()
    ann.enter(room)
    bob.enter(room, "?lang=ko" if looks["color_scheme"] == "dark" else "?lang=en")
    ann.say("a rather long message that has to be wrapped in a narrow window, with reactions under it")
    bob.say("short")
    ann.expect_once("short")
    for emoji in ("🎉", "👍", "😂"):
        open_menu(ann, "rather long").get_by_role("button", name=f"React with {emoji}").click()
        expect(message(bob, "rather long").locator(".reaction").filter(has_text=emoji)).to_be_visible()
    message(bob, "short").locator(".more-button").tap()
    expect(bob.page.locator(".menu")).to_be_visible()
    bob.screenshot(f"phone-menu-{looks['color_scheme']}")
    bob.expect_accessible()
    width = bob.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, width
    bob.page.locator(".menu-item").first.tap()
    expect(bob.page.locator("#aim")).to_be_visible()
