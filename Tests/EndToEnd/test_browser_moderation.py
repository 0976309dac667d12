"""Moderators and owners with a browser: the menu of a person, the room's settings, and what waits for them."""

import re

import pytest
from playwright.sync_api import expect

from roost import DEADLINE

DOOR = """
roost.on("join", function(e)
  if e.room.title == "Club" and not e.user:has("moderator") then return roost.hold { reason = "members only" } end
  if e.room.title == "Old" then return roost.redirect { room = roost.store:get("new") } end
end)
roost.on("chat", function(e) if e.text:find("maybe") then return roost.hold { reason = "unsure" } end end)
roost.command("new", { args = "<id:word>", help = "." }, function(c) roost.store:set("new", c.args.id) end)
"""


@pytest.fixture(scope="module")
def server(start):
    server = start("--resume-grace", "60s", plugins="standard")
    server.write_plugin("door/plugin.json", '{ "permissions": { "chat": ["hold"], "join": ["deny"], "store": "8KiB" } }')
    server.write_plugin("door/init.lua", DOOR)
    server.type("plugin load door")
    return server


@pytest.fixture
def people(visitor):
    """Ann, who owns a room, and Bob and Cleo, who are in it too."""
    ann, bob, cleo = visitor("Ann"), visitor("Bob"), visitor("Cleo")
    room = ann.make_room()
    for person in (ann, bob, cleo):
        person.enter(room)
    return ann, bob, cleo


def offered(person, about):
    """What the menu about somebody offers; it is closed again."""
    button = person.people.get_by_role("button", name=f"More about {about}")
    if button.count() == 0:
        return []
    button.click()
    dialog = person.page.get_by_role("dialog", name=about)
    names = [name for name in dialog.get_by_role("button").all_inner_texts() if name != "Close"]
    dialog.get_by_role("button", name="Close").click()
    return names


def act(person, about, action, confirm=None):
    person.people.get_by_role("button", name=f"More about {about}").click()
    person.page.get_by_role("dialog", name=about).get_by_role("button", name=action, exact=True).click()
    if confirm:
        person.page.get_by_role("dialog", name=confirm).get_by_role("button", name=action, exact=True).click()


def row(person, name):
    return person.people.get_by_role("listitem").filter(has_text=name)


def test_the_menu_offers_what_ones_role_allows(people):
    ann, bob, cleo = people
    expect(row(ann, "Cleo")).to_be_visible()
    everything = ["Whisper", "Mute for 10 minutes", "Let speak again", "Ask to leave", "Ban for a day", "Make moderator", "Make owner"]
    assert offered(ann, "Bob") == everything
    assert offered(bob, "Cleo") == [] and offered(bob, "Ann") == []
    act(ann, "Bob", "Make moderator")
    expect(row(cleo, "Bob")).to_contain_text("Moderator")
    expect(cleo.text("Bob is a moderator now.")).to_be_visible()
    assert offered(bob, "Cleo") == ["Whisper", "Mute for 10 minutes", "Let speak again", "Ask to leave"]
    assert offered(bob, "Ann") == []
    assert "No moderator any more" in offered(ann, "Bob") and "Make moderator" not in offered(ann, "Bob")
    act(ann, "Bob", "No moderator any more")
    expect(row(cleo, "Bob")).not_to_contain_text("Moderator")
    expect(bob.people.get_by_role("button", name="More about Cleo")).to_have_count(0)


def test_a_moderator_mutes_and_kicks(people):
    ann, bob, cleo = people
    act(ann, "Bob", "Make moderator")
    act(bob, "Cleo", "Mute for 10 minutes", "Mute Cleo?")
    expect(cleo.log.get_by_text("Bob has muted you.")).to_be_visible()
    cleo.say("hello?")
    expect(cleo.unsent).to_contain_text("muted")
    act(bob, "Cleo", "Let speak again")
    cleo.page.reload()
    cleo.expect_entered()
    act(bob, "Cleo", "Ask to leave", "Ask Cleo to leave?")
    expect(cleo.page.get_by_role("heading", name="You were asked to leave")).to_be_visible()
    expect(row(ann, "Cleo")).to_have_count(0)


def test_the_owner_bans_and_lets_in_again(people):
    ann, bob, _ = people
    act(ann, "Bob", "Ban for a day", "Ban Bob?")
    expect(bob.page.get_by_role("heading", name="You are banned from this room")).to_be_visible()
    ann.page.get_by_role("button", name="Banned and muted").click()
    dialog = ann.page.get_by_role("dialog", name="Banned and muted")
    expect(dialog).to_contain_text("Bob banned")
    ann.expect_accessible()
    dialog.get_by_role("button", name="Let in again").click()
    expect(dialog).to_contain_text("Nobody is banned or muted.")
    bob.page.reload()
    bob.expect_entered()


def test_the_owner_hands_the_room_over(people):
    ann, bob, cleo = people
    act(ann, "Bob", "Make owner", "Make Bob the owner?")
    expect(row(cleo, "Bob")).to_contain_text("Owner")
    expect(row(cleo, "Ann")).not_to_contain_text("Owner")
    expect(bob.page.get_by_role("button", name="Room settings")).to_be_visible()
    expect(ann.page.get_by_role("button", name="Room settings")).to_be_hidden()


def test_the_owner_changes_the_room(people):
    ann, bob, _ = people
    ann.page.get_by_role("button", name="Room settings").click()
    dialog = ann.page.get_by_role("dialog", name="Room settings")
    ann.expect_accessible()
    dialog.get_by_label("Seats").fill("1")
    dialog.get_by_label("Seats").evaluate("input => input.removeAttribute('min')")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 to")
    dialog.get_by_label("Seats").fill("20")
    dialog.get_by_label("Title").fill("Garden")
    dialog.get_by_label("Topic").fill("Roses")
    dialog.get_by_label("Nobody more gets in").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(bob.page.get_by_role("heading", level=1)).to_have_text("Garden")
    expect(bob.page.locator("#people-count")).to_have_text("3/20")
    expect(bob.page.locator("#room-topic")).to_have_text("Roses")


def test_what_waits_is_decided_above_the_composer(people):
    ann, bob, cleo = people
    act(ann, "Bob", "Make moderator")
    for text in ("maybe yes", "maybe no"):
        cleo.say(text)
    waiting = bob.page.get_by_role("region", name="2 wait for you")
    expect(waiting).to_be_visible()
    bob.expect_accessible()
    bob.screenshot("reviews")
    waiting.get_by_role("listitem").filter(has_text="maybe yes").get_by_role("button", name="Let through").click()
    expect(ann.text("maybe yes")).to_be_visible()
    ann.page.get_by_role("region", name="1 waits for you").get_by_role("button", name="Refuse").click()
    expect(bob.page.locator("#reviews")).to_be_hidden()
    expect(cleo.log.get_by_text("Your message was not let through")).to_be_visible()
    expect(ann.text("maybe no")).to_have_count(0)


@pytest.mark.parametrize("transport", ["websocket", "events", "polling"])
def test_who_knocks_waits_at_the_gate_and_is_let_in(visitor, transport):
    ann, bob = visitor("Ann"), visitor("Bob")
    club = ann.make_room("Club")
    ann.enter(club)
    bob.visit_room(club, f"?transport={transport}")
    expect(bob.page.get_by_role("heading", name="You are knocking")).to_be_visible()
    ann.page.get_by_role("button", name="Let in: Bob").click()
    bob.expect_entered("Club")
    expect(row(ann, "Bob")).to_be_visible()


def test_who_is_turned_away_is_told(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    club = ann.make_room("Club")
    ann.enter(club)
    bob.visit_room(club)
    ann.page.get_by_role("button", name="Turn away: Bob").click()
    expect(bob.page.get_by_role("heading", name="You cannot enter this room")).to_be_visible()
    expect(bob.page.get_by_text("You were not let in.")).to_be_visible()


def test_a_room_that_leads_elsewhere_leads_there(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    new = ann.make_room("New")
    ann.enter(new)
    ann.say(f"/new {new}")
    expect(ann.unsent).to_be_empty()
    old = ann.make_room("Old")
    bob.visit_room(old)
    bob.page.wait_for_url(f"**/room/{new}", timeout=DEADLINE * 1000)
    bob.expect_entered("New")


def test_rooms_that_lead_in_a_circle_are_left_to_the_person(visitor):
    ann, bob = visitor("Ann"), visitor("Bob")
    old, other = ann.make_room("Old"), ann.make_room("Old")
    hub = ann.make_room("Hub")
    ann.enter(hub)
    ann.say(f"/new {other}")
    expect(ann.unsent).to_be_empty()
    bob.page.add_init_script("sessionStorage.setItem('roost.redirects', JSON.stringify(Array(5).fill(Date.now())))")
    bob.visit_room(old)
    expect(bob.page.get_by_role("heading", name="Another room is the right one")).to_be_visible()
    expect(bob.page.get_by_role("link", name="Go there")).to_have_attribute("href", re.compile(other))
