"""GIFs: uploaded, shown, served to those who may see them, and gone with their room."""

import hashlib
import urllib.parse

import pytest

from gif import form, gif, image
from roost import Room, eventually

COLORS = iter(f"{number:06x}" for number in range(0x111111, 0xffffff, 0x1234))


@pytest.fixture
def picture():
    """A GIF that no other test has uploaded."""
    return gif(color=next(COLORS), frames=3, width=8, height=6)


@pytest.fixture
def room(server):
    return Room(server)


def upload(person, room, body, query=""):
    answer = person.http("POST", f"/room/{room}/gif{query}", **body)
    assert answer.status == 201, answer
    return answer.json["seq"]


def files(server):
    return sorted(path.name for path in (server.data / "files").iterdir())


def test_a_gif_by_form_reaches_everyone(room, picture):
    seq = upload(room.ann, room.id, form(gif=picture, caption="look 👀", cid="g-1"))
    for person in (room.ann, room.bob):
        event = person.expect("gif", room=room.id)
        assert (event["seq"], event["from"]["id"], event["caption"], event["cid"]) == (seq, room.ann.id, "look 👀", "g-1")
        facts = event["gif"]
        assert (facts["width"], facts["height"], facts["frames"], facts["bytes"]) == (8, 6, 3, len(picture))
        assert facts["seconds"] == pytest.approx(0.3)
        assert facts["url"].startswith("/gif/") and facts["still"].startswith("/gif/")


def test_a_gif_as_it_is_reaches_everyone(room, picture):
    caption = urllib.parse.quote("with spaces & 한글")
    seq = upload(room.ann, room.id, image(picture), f"?cid=g-2&caption={caption}")
    event = room.bob.expect("gif")
    assert (event["seq"], event["caption"], event["cid"]) == (seq, "with spaces & 한글", "g-2")
    assert room.bob.http("GET", event["gif"]["url"]).body == picture


def test_a_gif_without_a_caption_has_none(room, picture):
    upload(room.ann, room.id, image(picture))
    assert "caption" not in room.bob.expect("gif")


def test_the_same_cid_is_the_same_gif(room, picture):
    first = upload(room.ann, room.id, form(gif=picture, cid="once"))
    assert upload(room.ann, room.id, form(gif=picture, cid="once")) == first
    assert len(room.bob.everything("gif")) == 1


def test_a_gif_is_in_the_history(room, picture):
    seq = upload(room.ann, room.id, image(picture))
    assert [event["type"] for event in room.bob.ask("history", room=room.id, before=seq + 1)["events"]] == ["join", "join", "gif"]


def test_a_gif_is_served_as_one_and_as_nothing_else(room, picture):
    upload(room.ann, room.id, image(picture))
    answer = room.bob.http("GET", room.bob.expect("gif")["gif"]["url"])
    assert answer.status == 200 and answer.body == picture
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert int(answer.headers["Content-Length"]) == len(picture)
    caching = answer.headers["Cache-Control"]
    assert "private" in caching and int(caching.split("max-age=")[1].split(",")[0]) >= 7 * 24 * 3600
    assert answer.headers["ETag"].startswith('"')


def test_a_gif_that_is_known_is_not_sent_again(room, picture):
    upload(room.ann, room.id, image(picture))
    url = room.bob.expect("gif")["gif"]["url"]
    tag = room.bob.http("GET", url).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = room.bob.http("GET", url, headers={"If-None-Match": known})
        assert (again.status, again.body) == (304, b""), known
        assert again.headers["ETag"] == tag
    assert room.bob.http("GET", url, headers={"If-None-Match": '"other"'}).status == 200


def test_any_gif_that_is_known_is_not_sent_again(room, picture):
    upload(room.ann, room.id, image(picture))
    assert room.bob.http("GET", room.bob.expect("gif")["gif"]["url"], headers={"If-None-Match": "*"}).status == 304


def test_its_headers_alone_can_be_asked_for(room, picture):
    upload(room.ann, room.id, image(picture))
    answer = room.bob.http("HEAD", room.bob.expect("gif")["gif"]["url"])
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"", "image/gif")


def test_the_still_picture_is_one_frame_of_the_same_size(room, picture):
    upload(room.ann, room.id, image(picture))
    still = room.bob.http("GET", room.bob.expect("gif")["gif"]["still"])
    assert still.status == 200 and still.headers["Content-Type"] == "image/gif"
    assert still.body[:6] in (b"GIF87a", b"GIF89a") and still.body[6:10] == picture[6:10]
    assert len(still.body) < len(picture)
    assert still.body.endswith(b"\x3b")


def test_the_gif_of_a_closed_room_is_not_for_others(server, picture):
    ann, outsider = server.person("Ann"), server.person("Outsider")
    room = ann.create_room(password="open sesame")
    ann.join(room)
    upload(ann, room, image(picture))
    facts = ann.expect("gif")["gif"]
    for url in (facts["url"], facts["still"]):
        assert ann.http("GET", url).status == 200
        assert outsider.http("GET", url).status == 404
        assert server.get(url).status == 404
        assert outsider.http("GET", url, headers={"If-None-Match": "*"}).status == 404
    outsider.join(room, password="open sesame")
    assert outsider.http("GET", facts["url"]).status == 200


def test_who_was_banned_sees_the_gifs_of_a_closed_room_no_more(server, picture):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room(password="open sesame")
    ann.join(room)
    bob.join(room, password="open sesame")
    upload(ann, room, image(picture))
    url = bob.expect("gif")["gif"]["url"]
    assert bob.http("GET", url).status == 200
    server.console("ban", bob.id, room)
    bob.closed()
    assert bob.http("GET", url).status == 404


def test_two_uploads_of_the_same_picture_are_one_file(server, room, picture):
    before = files(server)
    upload(room.ann, room.id, form(gif=picture, cid="a"))
    upload(room.bob, room.id, image(picture))
    first, second = room.bob.expect("gif"), room.bob.expect("gif")
    assert first["gif"] == second["gif"] and first["seq"] != second["seq"]
    digest = hashlib.sha256(picture).hexdigest()
    assert sorted(set(files(server)) - set(before)) == [f"{digest}-still.gif", f"{digest}.gif"]


def test_a_gif_goes_with_the_last_room_that_shows_it(server, room, picture):
    other = room.bob.create_room("Other")
    room.bob.join(other)
    upload(room.ann, room.id, image(picture))
    upload(room.bob, other, image(picture))
    url = room.bob.expect("gif")["gif"]["url"]
    assert room.ann.http("DELETE", f"/room/{room.id}").status == 204
    room.bob.expect("exit", room=room.id)
    room.bob.say(other, "still here")
    assert room.bob.http("GET", url).status == 200
    assert room.bob.http("DELETE", f"/room/{other}").status == 204
    digest = hashlib.sha256(picture).hexdigest()
    eventually(lambda: not [name for name in files(server) if digest in name], "the file's removal")
    assert server.get(url).status == 404


def test_a_gif_survives_a_restart(start, picture):
    server = start()
    ann = server.person("Ann")
    room = ann.create_room()
    ann.join(room)
    upload(ann, room, image(picture))
    url = ann.expect("gif")["gif"]["url"]
    (server.data / "files" / "upload-99.tmp").write_bytes(b"left behind by a crash")
    server.restart()
    assert server.get(url).body == picture
    assert not [name for name in files(server) if name.endswith(".tmp")]


def test_many_gifs_at_once_all_arrive(room):
    from concurrent.futures import ThreadPoolExecutor

    pictures = [gif(color=next(COLORS), padding=100_000) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(lambda picture: upload(room.ann, room.id, image(picture)), pictures))
    assert sorted(seqs) == list(range(3, 11))
    events = {event["seq"]: event for event in room.bob.everything("gif")}
    for seq, picture in zip(seqs, pictures):
        assert room.bob.http("GET", events[seq]["gif"]["url"]).body == picture


def test_a_gif_of_exactly_5_MiB_is_taken(room):
    target = 5 * 1024 * 1024
    guess = gif(color=next(COLORS), padding=target - target // 256 - 100)
    picture = guess
    for padding in range(target - target // 256 - 100, target):
        missing = target - len(gif(padding=padding))
        if missing == 0:
            picture = gif(color="abcdef", padding=padding)
            break
    assert len(picture) == target
    upload(room.ann, room.id, image(picture))
    assert room.bob.expect("gif")["gif"]["bytes"] == target
