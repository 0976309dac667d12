"""Uploads that are wrong: a clear 4xx, nothing shown, and nothing left behind."""

import pytest

from gif import BOUNDARY, form, gif, image
from roost import eventually
from wire import Wire

MiB = 1024 * 1024


@pytest.fixture
def upload(bystanders, server):
    """Uploads into the bystanders' room; at the end, nothing of it may be left."""
    def upload(body, query=""):
        return bystanders.offender.http("POST", f"/room/{bystanders.room}/gif{query}", **body)

    before = files(server)
    yield upload
    eventually(lambda: files(server) <= before, "the removal of what was uploaded", seconds=5)


def files(server):
    return set((server.data / "files").iterdir())


def is_refused(answer, status, code="bad_request"):
    assert answer.status == status and answer.json["code"] == code, answer
    assert answer.json["text"].endswith("."), answer
    return True


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
WHOLE = gif(frames=3, width=8, height=6, padding=3000)
colors = (f"{number:06x}" for number in range(0x111111, 0xffffff, 0x1234))


@pytest.mark.parametrize("way", [image, lambda data: form(gif=data)], ids=["as it is", "form"])
@pytest.mark.parametrize("data", [b"", PNG, b"GIF", b"GIF88a" + WHOLE[6:], b"<svg/>", b"\xff\xd8\xff\xe0" * 50, b"GIF89a"],
                         ids=["nothing", "PNG", "three bytes", "another version", "SVG", "JPEG", "a header"])
def test_what_is_no_gif_is_refused(upload, data, way):
    is_refused(upload(way(data)), 400)


@pytest.mark.parametrize("length", [5, 12, 18, 100, 1500, len(WHOLE) - 30, len(WHOLE) - 2, len(WHOLE) - 1])
@pytest.mark.parametrize("way", [image, lambda data: form(gif=data)], ids=["as it is", "form"])
def test_a_gif_cut_short_is_refused(upload, length, way):
    is_refused(upload(way(WHOLE[:length])), 400)


@pytest.mark.parametrize("data", [
    WHOLE + b"PK\x03\x04 a second file", WHOLE + b"\0", gif(width=0), WHOLE[:13] + WHOLE[19:], WHOLE.replace(b"\x2c", b"\x2d", 1),
    b"GIF89a\x02\x00\x02\x00\x00\x00\x00\x3b"], ids=["zip behind", "byte behind", "no width", "no colours", "unknown block", "no frame"])
def test_a_damaged_gif_is_refused(upload, data):
    is_refused(upload(image(data)), 400)


@pytest.mark.parametrize("data", [gif(width=4097, height=1), gif(frames=1001, width=1, height=1), gif(frames=13, delay=1000)],
                         ids=["too wide", "too many frames", "too long"])
def test_a_gif_over_a_limit_is_refused(upload, data):
    is_refused(upload(image(data)), 413, "too_long")


@pytest.mark.parametrize("way", [image, lambda data: form(gif=data)], ids=["as it is", "form"])
@pytest.mark.parametrize("extra", [1000, 60_000, 200_000, 3 * MiB])
def test_a_gif_over_5_MiB_is_413(upload, way, extra):
    is_refused(upload(way(gif(padding=5 * MiB + extra))), 413, "too_long")


def test_an_announced_length_over_the_limit_is_413_before_anything_is_sent(server, bystanders, upload):
    wire = Wire(server).send(
        f"POST /room/{bystanders.room}/gif HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {bystanders.offender.cookie}\r\n"
        f"Content-Type: image/gif\r\nContent-Length: {1 << 40}\r\n\r\n")
    is_refused(wire.response(), 413, "too_long")


def test_a_chunked_upload_over_the_limit_is_413(server, bystanders, upload):
    wire = Wire(server).send(
        f"POST /room/{bystanders.room}/gif HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {bystanders.offender.cookie}\r\n"
        "Content-Type: image/gif\r\nTransfer-Encoding: chunked\r\n\r\n")
    data = gif(padding=6 * MiB)
    for at in range(0, len(data), 65_536):
        piece = data[at:at + 65_536]
        wire.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    wire.send(b"0\r\n\r\n")
    is_refused(wire.response(), 413, "too_long")


def whole():
    """A GIF that nothing else in this file has uploaded."""
    return gif(color=next(colors), padding=3000)


HEADERS = form(gif=b"")["headers"]
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="gif"; filename="a.gif"\r\n\r\n'.encode()


@pytest.mark.parametrize("body", [
    {"headers": {}, "body": whole()},
    {"headers": {"Content-Type": "text/plain"}, "body": whole()},
    {"headers": {"Content-Type": "image/png"}, "body": whole()},
    {"headers": {"Content-Type": "multipart/form-data"}, "body": form(gif=whole())["body"]},
    {"headers": {"Content-Type": "multipart/form-data; boundary="}, "body": form(gif=whole())["body"]},
    {"headers": {"Content-Type": "multipart/form-data; boundary=" + "x" * 71}, "body": form(gif=whole())["body"]},
    {"headers": {"Content-Type": "multipart/form-data; boundary=other"}, "body": form(gif=whole())["body"]},
    {"headers": HEADERS, "body": b""},
    {"headers": HEADERS, "body": b"hello"},
    {"headers": HEADERS, "body": PART + whole()},
    {"headers": HEADERS, "body": PART + whole() + f"\r\n--{BOUNDARY}".encode()},
    {"headers": HEADERS, "body": PART + whole() + f"\r\n--{BOUNDARY}\r\n".encode()},
    {"headers": HEADERS, "body": PART + whole() + f"\r\n--{BOUNDARY}xx\r\n".encode()},
    {"headers": HEADERS, "body": f"--{BOUNDARY}\r\n\r\n".encode() + whole() + f"\r\n--{BOUNDARY}--\r\n".encode()},
    {"headers": HEADERS, "body": f"--{BOUNDARY}\r\n".encode() + b"X: y\r\n" * 2000},
    form(caption="no file"),
    form(file=whole()),
    form(gif=whole(), end="\r\n") | {"body": PART + whole() + b"\r\n" + form(gif=whole())["body"]},
    form(gif=whole(), cid="x" * 65),
    form(gif=whole(), caption="x" * 17_000),
    form(gif=whole(), caption="a\0b"),
], ids=["no type", "text", "PNG", "no boundary", "empty boundary", "long boundary", "another boundary", "empty", "no form", "no end", "half an end",
        "open end", "odd end", "no name", "long header", "no file", "another name", "two files", "long cid", "long caption", "bad caption"])
def test_a_wrong_form_is_refused(upload, body):
    answer = upload(body)
    assert answer.status in (400, 413, 415) and answer.json["type"] == "error", answer
    assert answer.json["code"] in ("bad_request", "too_long", "bad_text") and answer.json["text"].endswith(".")


@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize("way", [image, lambda data: form(gif=data)], ids=["as it is", "form"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_upload_that_is_broken_off_leaves_nothing_behind(server, bystanders, upload, share, way, how):
    body = way(gif(padding=MiB))
    wire = Wire(server).send(
        f"POST /room/{bystanders.room}/gif HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {bystanders.offender.cookie}\r\n"
        f"Content-Type: {body['headers']['Content-Type']}\r\nContent-Length: {len(body['body'])}\r\n\r\n")
    wire.send(body["body"][:int(len(body["body"]) * share)])
    eventually(lambda: any(path.suffix == ".tmp" for path in files(server)), "the upload's beginning")
    if how == "reset":
        wire.reset()
    else:
        wire.close()


def test_who_is_not_in_the_room_may_not_upload(server, bystanders):
    stranger = server.person()
    is_refused(stranger.http("POST", f"/room/{bystanders.room}/gif", **image(WHOLE)), 403, "not_member")
    is_refused(server.http("POST", f"/room/{bystanders.room}/gif", **image(WHOLE)), 403, "not_member")
    assert server.http("POST", "/room/nowhere/gif", **image(WHOLE)).status in (403, 404)


def test_a_gif_that_a_plugin_refuses_leaves_nothing_behind(start):
    server = start(plugins={"nogifs.lua": 'roost.on("gif", function() return roost.drop("No GIFs on Mondays.") end)'})
    ann, bob = server.person(), server.person()
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    answer = ann.http("POST", f"/room/{room}/gif", **image(WHOLE))
    assert (answer.status, answer.json["code"], answer.json["text"], answer.json["by"]) == (403, "refused", "No GIFs on Mondays.", "nogifs")
    assert bob.everything("gif") == []
    assert list((server.data / "files").iterdir()) == []


def test_who_is_muted_may_not_upload(server, bystanders, upload):
    server.console("mute", bystanders.offender.id, bystanders.room)
    is_refused(upload(image(WHOLE)), 403, "muted")
