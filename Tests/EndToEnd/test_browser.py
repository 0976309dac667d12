"""The browser client, as people use it: the lobby, rooms, coming and going."""

import pytest
from playwright.sync_api import expect

from browser_room import pair, server  # noqa: F401 (fixtures)


def test_two_people_chat(pair):
    ann, bob = pair
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
    # A page that is closed while it goes elsewhere may never be closed.
    bob.page.wait_for_url(f"{bob.url}/")


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


@pytest.mark.parametrize("title, seats, complaint", [
    ("", 10, "Give the room a title."), ("Tea", 1, "2 to 10,000 seats"), ("Tea", 10_001, "2 to 10,000 seats")])
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
    # The page itself is a 404, which browsers note.
    visitor.allowed += ["404"]
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
