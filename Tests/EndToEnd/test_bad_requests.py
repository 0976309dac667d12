"""Requests that are wrong: a clear status and error for whoever sent them."""

import shutil

import pytest

from roost import REPOSITORY, Client, eventually
from wire import Wire

SECRET = "nobody may read this"


@pytest.fixture(scope="module")
def server(start, tmp_path_factory):
    """A server with something to steal: a secret beside its public folder."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "secret.txt").write_text(SECRET)
    shutil.copytree(REPOSITORY / "Public", folder / "public")
    return start("--resume-grace", "60s", public=folder / "public")


def ask(server, head, body=b""):
    """Sends a request as it stands and returns the answer."""
    wire = Wire(server).send("\r\n".join(head.replace("HOST", f"Host: 127.0.0.1:{server.port}").split("\n")) + "\r\n\r\n").send(body)
    answer = wire.response()
    wire.close()
    return answer


def is_error(answer, status, code):
    assert answer.status == status, answer
    assert answer.json["type"] == "error" and answer.json["code"] == code and answer.json["text"], answer
    return True


# HTTP itself


@pytest.mark.parametrize("header", ["X-Long: " + "x" * 20_000, "\n".join(f"X-{n}: {'y' * 100}" for n in range(180))], ids=["one", "many"])
def test_a_header_over_16_KiB_is_431(bystanders, server, header):
    is_error(ask(server, f"GET /rooms HTTP/1.1\nHOST\n{header}"), 431, "bad_request")


def test_an_endless_address_is_refused(bystanders, server):
    assert ask(server, f"GET /{'a' * 20_000} HTTP/1.1\nHOST").status in (414, 431)


@pytest.mark.parametrize("framing", [
    "Content-Length: 5\nContent-Length: 6", "Content-Length: 5\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\nContent-Length: 5",
    "Content-Length: -1", "Content-Length: 5x", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: 5, 6", "Content-Length: ",
    "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
    "Transfer-Encoding : chunked", "Content-Length: 99999999999999999999",
])
def test_a_body_whose_length_is_in_doubt_is_refused(bystanders, server, framing):
    answer = ask(server, f"POST /name HTTP/1.1\nHOST\nContent-Type: application/json\n{framing}", b'0\r\n\r\nGET /rooms HTTP/1.1\r\n\r\n')
    assert answer.status in (400, 413, 501), answer


def test_a_smuggled_request_is_not_answered(bystanders, server):
    wire = Wire(server).send(
        f"POST /name HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        f"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n")
    assert wire.response().status == 400
    assert wire.end() == b"", "the connection ends with the refusal"


@pytest.mark.parametrize("request_", [
    "GET /rooms HTTP/1.1", "GET /rooms HTTP/1.1\nHOST\nHOST", "GET /rooms HTTP/9.9\nHOST", "GET /rooms\nHOST",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET /rooms HTTP/1.1\nHOST\n folded: yes", "GET /rooms HTTP/1.1\nHOST\nbad header",
    "GET /rooms HTTP/1.1\nHOST\nX-Nul: a\0b", "hello",
], ids=["no Host", "two Hosts", "version", "no version", "TLS", "folded", "no colon", "nul", "hello"])
def test_what_is_no_http_is_refused(bystanders, server, request_):
    assert ask(server, request_).status in (400, 505)


def test_a_body_over_64_KiB_is_413(bystanders, server):
    is_error(server.http("POST", "/room", fields={"title": "x" * 70_000}), 413, "too_long")
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    is_error(ask(server, "POST /room HTTP/1.1\nHOST\nTransfer-Encoding: chunked", chunk * 2 + b"0\r\n\r\n"), 413, "too_long")


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"-5\r\nhello\r\n", b"5\r\nhelloworld", b"fffffffffffffffff\r\n"])
def test_a_broken_chunk_is_refused(bystanders, server, chunk):
    answer = ask(server, "POST /room HTTP/1.1\nHOST\nContent-Type: application/json\nTransfer-Encoding: chunked", chunk + b"\r\n0\r\n\r\n")
    assert answer.status in (400, 413), answer


# What there is


@pytest.mark.parametrize("path", ["/nothing", "/room/k3v9/nothing", "/gif", "/gif/", "/js/nothing.js", "/index.php", "/%FF", "/ws/x"])
def test_an_unknown_address_is_404(bystanders, server, path):
    is_error(server.get(path), 404, "not_found")


@pytest.mark.parametrize("method, path", [
    ("PUT", "/rooms"), ("DELETE", "/rooms"), ("POST", "/rooms"), ("PATCH", "/room/k3v9"), ("DELETE", "/room/k3v9/history"), ("GET", "/name"),
    ("PUT", "/room/k3v9/gif"), ("POST", "/gif/x.gif"), ("TRACE", "/rooms"), ("DELETE", "/healthz"), ("POST", "/")])
def test_another_method_is_405_and_says_which_there_are(bystanders, server, method, path):
    answer = server.http(method, path)
    assert answer.status == 405, answer
    assert answer.headers["Allow"], answer.headers


TRAVERSALS = [
    "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/js/../../secret.txt", "/js/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt", "/..\\secret.txt", "/.%2e/secret.txt", "//secret.txt", "/./../secret.txt", "/%252e%252e/secret.txt",
    "/..%00/secret.txt", "/%c0%ae%c0%ae/secret.txt", "/room/..%2f..%2fsecret.txt",
    "/gif/..%2f..%2froost.sqlite", "/gif/../../roost.sqlite", "/gif/..%2fsecret", "/gif/" + "a" * 64 + ".gif%00", "/gif/%2e%2e%2f%2e%2e%2fsecret",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_nothing_outside_the_public_folder_is_served(bystanders, server, path):
    answer = ask(server, f"GET {path} HTTP/1.1\nHOST")
    assert 400 <= answer.status < 500, answer
    assert SECRET.encode() not in answer.body and b"SQLite" not in answer.body


def test_what_the_public_folder_has_is_served(server):
    answer = server.get("/favicon.svg")
    assert answer.status == 200 and b"<svg" in answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/rooms", "/nothing", "/js/lobby.js", "/healthz"])
def test_every_answer_carries_the_headers_of_safety(server, path):
    headers = server.get(path).headers
    assert "script-src" not in headers["Content-Security-Policy"] or "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY" or "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"]


# The fields of a request


@pytest.mark.parametrize("fields, field", [
    ({}, "title"), ({"title": 5}, "title"), ({"title": None}, "title"), ({"title": ""}, "title"), ({"title": " "}, "title"),
    ({"title": "x" * 61}, "title"), ({"title": "a\0b"}, "title"), ({"title": "Tea", "max": 1}, "max"), ({"title": "Tea", "max": 10_001}, "max"),
    ({"title": "Tea", "max": "many"}, "max"), ({"title": "Tea", "max": -3}, "max"), ({"title": "Tea", "password": 5}, "password")])
def test_a_room_that_cannot_be_is_not_made(bystanders, server, fields, field):
    before = server.get("/rooms").json["rooms"]
    answer = server.http("POST", "/room", fields=fields)
    assert 400 <= answer.status < 500 and answer.json["field"] == field, answer
    assert answer.json["code"] in ("bad_request", "bad_text", "too_long")
    assert server.get("/rooms").json["rooms"] == before


@pytest.mark.parametrize("body, kind", [
    ("{", "application/json"), ("", "application/json"), ("[]", "application/json"), ("null", "application/json"), ('"title"', "application/json"),
    ("<title>Tea</title>", "text/xml"), ("title=Tea", "text/plain")])
def test_a_body_that_cannot_be_read_is_a_bad_request(bystanders, server, body, kind):
    answer = server.http("POST", "/room", body, headers={"Content-Type": kind})
    assert answer.status in (400, 415) and answer.json["code"] == "bad_request", answer


@pytest.mark.parametrize("query", ["", "?before=", "?before=x", "?before=5&limit=0", "?before=5&limit=201", "?before=5&limit=x", "?before=1.5"])
def test_a_page_of_history_that_cannot_be_is_a_bad_request(bystanders, server, query):
    is_error(bystanders.offender.http("GET", f"/room/{bystanders.room}/history{query}"), 400, "bad_request")


def test_a_room_that_is_not_there_is_404(bystanders, server):
    is_error(server.get("/room/nowhere"), 404, "not_found")
    is_error(server.http("DELETE", "/room/nowhere"), 404, "not_found")
    is_error(server.http("POST", "/room/nowhere/join", fields={}), 404, "not_found")


def test_who_is_not_in_a_room_may_not_speak_in_it(bystanders, server):
    for action, fields in (("chat", {"text": "hi"}), ("whisper", {"to": bystanders.ann.id, "text": "hi"}), ("exit", {})):
        is_error(server.http("POST", f"/room/{bystanders.room}/{action}", fields=fields), 403, "not_member")
    is_error(server.get(f"/room/{bystanders.room}/history?before=9"), 403, "not_member")


# Origins and the opening handshake


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1", "file://", ""])
def test_a_foreign_page_may_not_connect(bystanders, server, origin):
    answer = ask(server, "GET /ws HTTP/1.1\nHOST\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
                         f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nOrigin: {origin}")
    is_error(answer, 403, "forbidden")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_page_may_not_change_anything(bystanders, server, origin):
    offender = bystanders.offender
    for path, fields in (("/room", {"title": "Evil"}), (f"/room/{bystanders.room}/chat", {"text": "evil"}), ("/name", {"name": "Evil"})):
        is_error(offender.http("POST", path, fields=fields, headers={"Origin": origin}), 403, "forbidden")
    is_error(offender.http("DELETE", f"/room/{bystanders.room}", headers={"Origin": origin}), 403, "forbidden")


def test_the_servers_own_page_may_connect(server):
    assert Client(server, origin=server.url).ask("ping")["type"] == "pong"


@pytest.mark.parametrize("change, status", [
    (("Version: 13", "Version: 8"), 426), (("Version: 13", "Version: 99"), 426), (("dGhlIHNhbXBsZSBub25jZQ==", "short"), 400),
    (("Connection: Upgrade", "Connection: close"), 400), (("GET", "POST"), 400), (("HTTP/1.1", "HTTP/1.0"), 400), (("/ws", "/socket"), 404)])
def test_a_wrong_opening_handshake_is_refused(bystanders, server, change, status):
    head = ("GET /ws HTTP/1.1\nHOST\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    assert change[0] in head
    assert ask(server, head.replace(*change)).status == status


# Connections


def test_connections_that_clients_have_closed_are_gone(start):
    server = start()
    for _ in range(30):
        server.get("/rooms")
    eventually(lambda: server.connections() == 0, "the end of connections that clients have closed")


def test_too_many_connections_from_one_address_are_turned_away(start):
    server = start("--connections-per-address", "3", quick=False)
    people = [server.person() for _ in range(3)]
    wire = Wire(server).send("GET /rooms HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = wire.response()
    assert answer.status in (429, 503) and answer.json["code"] == "unavailable", answer
    assert all(person.ask("ping")["type"] == "pong" for person in people)
