"""Connections: staying open, pipelining, ending, waiting, and clients that are slow (RFC 9112 §9)."""

import json
import os
import time

import pytest

from wire import NAMED, Ended, get, post, request

NAME = b'{"name":"Ann"}'
CHUNKED = "Transfer-Encoding: chunked"

slow = pytest.mark.skipif(
    os.environ.get("ROOST_CONFORMANCE") != "full", reason="waits for the server's own time limits; ROOST_CONFORMANCE=full")


# Keep-alive


def test_a_connection_takes_many_requests(wire):
    for _ in range(100):
        assert wire.send(get("/healthz")).response().body == b"ok\n"


def test_requests_of_all_kinds_share_a_connection(wire):
    assert wire.send(get("/healthz")).response().status == 200
    assert wire.send(NAMED).response().status == 200
    assert wire.send(post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n0\r\n\r\n")).response().status == 200
    assert wire.send(request("HEAD / HTTP/1.1")).response("HEAD").status == 200
    assert wire.send(get("/nothing")).response().status == 404
    assert wire.send(get("/letters.txt")).response().body == b"abcdefghijklmnopqrstuvwxyz"
    assert wire.send(get("/rooms")).response().status == 200


@pytest.mark.parametrize("value", ["close", "Close", "x, close", "close, x", "keep-alive, close"])
def test_close_is_kept(wire, value):
    response = wire.send(get("/healthz", f"Connection: {value}")).response()
    assert response.body == b"ok\n" and response.closes
    assert wire.has_ended()


def test_nothing_is_answered_after_close(wire):
    wire.send(get("/healthz", "Connection: close") + get("/rooms"))
    assert wire.response().body == b"ok\n"
    assert wire.has_ended()


@pytest.mark.parametrize("headers", [[], ["Connection: close"], ["Connection: x"]], ids=["nothing", "close", "other"])
def test_http_1_0_ends_after_the_answer(wire, headers):
    response = wire.send(request("GET /healthz HTTP/1.0", *headers)).response()
    assert response.body == b"ok\n"
    assert wire.has_ended()


def test_http_1_0_needs_no_host(wire):
    assert wire.send(request("GET /healthz HTTP/1.0", host=None)).response().body == b"ok\n"
    assert wire.has_ended()


@pytest.mark.parametrize("value", ["keep-alive", "Keep-Alive"])
def test_http_1_0_keep_alive_is_said_or_not_done(wire, value):
    """RFC 9112 §9.3: a 1.0 client knows only by the answer that the connection stays."""
    response = wire.send(request("GET /healthz HTTP/1.0", f"Connection: {value}")).response()
    assert response.body == b"ok\n"
    if "keep-alive" in (response["connection"] or "").lower():
        assert wire.send(request("GET /healthz HTTP/1.0", f"Connection: {value}")).response().body == b"ok\n"
    else:
        assert wire.has_ended()


def test_http_1_0_gets_no_chunks(wire):
    response = wire.send(request("GET /metrics HTTP/1.0")).response()
    assert response["transfer-encoding"] is None


def test_http_1_0_gets_no_stream_in_chunks(wire):
    """A stream has no length: to a 1.0 client it goes bare, until the connection ends."""
    wire.send(request("GET /rooms HTTP/1.0", "Accept: text/event-stream"))
    assert b"transfer-encoding" not in wire.head().lower()


# Pipelining (§9.3.2)


def test_pipelined_requests_are_answered_in_order(wire):
    wire.send(get("/healthz") + get("/rooms") + get("/letters.txt") + get("/nothing") + get("/healthz"))
    statuses = [wire.response() for _ in range(5)]
    assert [response.status for response in statuses] == [200, 200, 200, 404, 200]
    assert statuses[0].body == statuses[4].body == b"ok\n"
    assert statuses[1].body.startswith(b'{"rooms"') and statuses[2].body.startswith(b"abc")


def test_fifty_pipelined_requests(wire):
    wire.send(get("/healthz") * 50)
    assert [wire.response().body for _ in range(50)] == [b"ok\n"] * 50


def test_pipelined_requests_cut_anywhere(connect):
    data = get("/healthz") + NAMED + get("/letters.txt")
    for cut in range(1, len(data), 7):
        with connect() as wire:
            wire.send(data[:cut])
            wire.send(data[cut:])
            assert [len(wire.response().body) for _ in range(3)] == [3, 13, 26], f"cut at {cut}"


def test_pipelined_bodies_and_heads(wire):
    wire.send(NAMED + request("HEAD /letters.txt HTTP/1.1") + post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n0\r\n\r\n") + get("/healthz"))
    assert wire.response().status == 200
    assert wire.response("HEAD").status == 200
    assert wire.response().status == 200
    assert wire.response().body == b"ok\n"


def test_pipelined_request_before_a_bad_one_is_answered(wire):
    wire.send(get("/healthz") + b"GET /rooms HTTP/1.1\r\nHost : a\r\n\r\n" + get("/rooms"))
    assert wire.response().body == b"ok\n"
    assert wire.response().status == 400
    assert wire.has_ended()


def test_pipelined_requests_and_half_close(wire):
    wire.send(get("/healthz") * 3).finish_sending()
    assert [wire.response().body for _ in range(3)] == [b"ok\n"] * 3
    assert wire.has_ended()


# The client's half closes first


def test_a_request_before_a_half_close_is_answered(wire):
    wire.send(NAMED).finish_sending()
    assert wire.response().status == 200
    assert wire.has_ended()


def test_half_close_before_anything_ends_the_connection(wire):
    wire.finish_sending()
    assert wire.has_ended()


@pytest.mark.parametrize("data", [b"GET /healthz HT", get("/healthz")[:-2]], ids=["in-request-line", "before-last-line"])
def test_half_close_within_a_header(wire, data):
    wire.send(data).finish_sending()
    ended_or_refused(wire)


@pytest.mark.parametrize("data", [
    post("Content-Length: 15"), post(CHUNKED, body=b"e\r\n" + NAME), post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n"),
    post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n0\r\n"), post("Content-Length: 100", path="/room/none/gif"),
], ids=["short", "in-a-chunk", "before-the-last-chunk", "before-the-trailer's-end", "upload"])
def test_half_close_within_a_body(wire, data):
    """RFC 9112 §8: an incomplete request is not carried out."""
    wire.send(data).finish_sending()
    ended_or_refused(wire)


def ended_or_refused(wire):
    try:
        response = wire.response()
    except Ended:
        return
    assert 400 <= response.status < 500
    assert wire.has_ended()


# Expect (RFC 9110 §10.1.1)


def test_100_continue(wire):
    wire.send(post("Content-Length: 14", "Expect: 100-continue", body=b""))
    assert wire.response().status == 100
    assert wire.send(NAME).response().status == 200
    assert wire.send(get("/healthz")).response().body == b"ok\n"


def test_100_continue_in_any_case(wire):
    wire.send(post("Content-Length: 14", "Expect: 100-Continue", body=b""))
    assert wire.response().status == 100


def test_100_continue_of_a_body_that_is_too_large_is_refused_at_once(wire):
    wire.send(post("Content-Length: 1000000", "Expect: 100-continue", body=b""))
    assert wire.response().status == 413
    assert wire.has_ended()


def test_100_continue_of_an_upload_nobody_may_make_is_refused_at_once(wire):
    """A non-member's GIF need not be sent."""
    wire.send(post("Content-Length: 1000000", "Expect: 100-continue", body=b"", path="/room/none/gif"))
    assert wire.response().status in (403, 404)
    assert wire.has_ended()


def test_100_continue_is_not_for_http_1_0(wire):
    wire.send(request("POST /name HTTP/1.0", "Content-Type: application/json", "Content-Length: 14", "Expect: 100-continue", body=NAME))
    assert wire.response().status == 200


def test_another_expectation_fails_or_is_ignored(wire):
    wire.send(post("Content-Length: 14", "Expect: a-miracle"))
    assert wire.response().status in (200, 417)


# Slow clients


def test_a_request_in_single_bytes(wire):
    for byte in post(CHUNKED, body=b"4\r\n" + NAME[:4] + b"\r\na\r\n" + NAME[4:] + b"\r\n0\r\n\r\n"):
        wire.send(bytes([byte]))
    assert wire.response().status == 200


def test_others_are_served_while_one_is_slow(connect):
    waiting = [connect().send(post("Content-Length: 14", body=b"{")) for _ in range(50)]
    with connect() as wire:
        assert wire.send(get("/healthz")).response().body == b"ok\n"
    for wire in waiting:
        assert wire.send(NAME[1:]).response().status == 200
        wire.__exit__()


@slow
@pytest.mark.parametrize("data, most", [
    (b"", 15), (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-", 15), (post("Content-Length: 14", body=b"{"), 40), (post(CHUNKED, body=b"e\r\n{"), 40),
], ids=["nothing", "header", "body", "chunk"])
def test_a_request_that_takes_too_long_is_given_up(connect, data, most):
    """Header 10 s, body 30 s (HTTPSettings: there is no flag for them). Whose request has begun is told so."""
    with connect() as wire:
        wire.send(data)
        try:
            response = wire.response(seconds=most)
            assert response.status == 408 and response.closes
        except Ended:
            assert not data, "the connection ended without 408"
        assert wire.has_ended()


@slow
def test_a_header_in_drops_is_given_up(connect):
    """A byte now and then does not move the limit (slowloris)."""
    with connect() as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nX-Test: ")
        began = time.monotonic()
        while time.monotonic() - began < 14:
            wire.send(b"a")
            time.sleep(1)
        try:
            assert wire.response(seconds=3).status == 408
        except Ended:
            pass


@slow
def test_an_idle_connection_is_closed(wire):
    assert wire.send(get("/healthz")).response().status == 200
    assert wire.has_ended(70)


# What every answer has


@pytest.mark.parametrize("path", ["/healthz", "/rooms", "/", "/letters.txt", "/nothing", "/metrics"])
def test_answers_say_when_and_how_long(wire, path):
    response = wire.send(get(path)).response()
    assert response["date"] and response["date"].endswith(" GMT")
    assert response["content-length"] == str(len(response.body))


def test_an_error_is_the_protocol_s(wire):
    response = wire.send(b"nonsense\r\n\r\n").response()
    assert response.status == 400 and response["content-type"].startswith("application/json")
    assert json.loads(response.body)["type"] == "error"
    assert response["date"], "RFC 9110 §6.6.1: a server with a clock says the time"
