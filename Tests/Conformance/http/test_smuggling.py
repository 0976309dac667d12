"""Bytes of a body are never answered as a request, whatever a proxy before the server makes of them."""

import pytest

from wire import NAMED, Ended, get, post, request

INNER = b"GET /healthz HTTP/1.1\r\nHost: roost.test\r\n\r\n"
"""The smuggled request: its answer is `ok`, which nothing else is."""

CHUNKED = "Transfer-Encoding: chunked"


MARK = get("/js/main.js")
MARKED = b"export const roost = 1\n"


def answers(wire) -> list:
    """Everything the server says until it ends the connection, or until a request sent after its first answer is answered."""
    found = []
    try:
        while True:
            response = wire.response()
            if response.body == MARKED:
                return found
            if response.status != 100:
                found.append(response)
                if len(found) == 1:
                    wire.send(MARK)
    except Ended:
        return found


PAIRS = {
    # Who goes by Content-Length sees one request, who goes by Transfer-Encoding two, or the other way round.
    "cl-te": post(f"Content-Length: {len(INNER) + 5}", CHUNKED, body=b"0\r\n\r\n" + INNER),
    "te-cl": post("Content-Length: 4", CHUNKED, body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER)),
    "cl-cl": post("Content-Length: 0", f"Content-Length: {len(INNER)}", body=INNER),
    "cl-list": post(f"Content-Length: 0, {len(INNER)}", body=INNER),
    "cl-plus": post("Content-Length: +0", body=INNER),
    "cl-space-before-colon": post(f"Content-Length : {len(INNER)}", body=INNER),
    "cl-folded": post("Content-Length:", f" {len(INNER)}", body=INNER),
    "cl-overflow-to-0": post("Content-Length: 18446744073709551616", body=INNER),
    "te-unknown": post("Transfer-Encoding: xchunked", "Content-Length: 0", body=b"0\r\n\r\n" + INNER),
    "te-identity-last": post("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + INNER),
    "te-two-headers": post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=b"0\r\n\r\n" + INNER),
    "te-space-before-colon": post("Transfer-Encoding : chunked", f"Content-Length: {len(INNER) + 5}", body=b"0\r\n\r\n" + INNER),
    "te-tab": post("Transfer-Encoding:\x0bchunked", f"Content-Length: {len(INNER) + 5}", body=b"0\r\n\r\n" + INNER),
    "te-behind-bare-lf": post("X-Test: a\nTransfer-Encoding: chunked", f"Content-Length: {len(INNER) + 5}", body=b"0\r\n\r\n" + INNER),
    "te-behind-bare-cr": post("X-Test: a\rTransfer-Encoding: chunked", f"Content-Length: {len(INNER) + 5}", body=b"0\r\n\r\n" + INNER),
    "te-behind-nul": post("X-Test: a\0\r\nTransfer-Encoding: chunked", f"Content-Length: {len(INNER) + 5}", body=b"0\r\n\r\n" + INNER),
    "te-in-1.0": request("POST /name HTTP/1.0", "Connection: keep-alive", CHUNKED, body=b"0\r\n\r\n" + INNER),
    "chunk-size-overflow": post(CHUNKED, body=b"10000000000000000\r\n\r\n" + INNER),
    "chunk-size-prefix": post(CHUNKED, body=b"0x0\r\n\r\n" + INNER),
    "chunk-extension-bare-lf": post(CHUNKED, body=b"0;\n\r\n" + INNER),
    "chunk-end-missing": post(CHUNKED, body=b"1\r\nab\r\n0\r\n\r\n" + INNER),
    "trailer-bare-lf": post(CHUNKED, body=b"0\r\nX-Test: a\n\r\n" + INNER),
}


@pytest.mark.parametrize("data", PAIRS.values(), ids=PAIRS)
def test_ambiguous_framing_ends_the_connection(wire, data):
    wire.send(data)
    found = answers(wire)
    assert len(found) == 1, f"{len(found)} answers: {found}"
    assert found[0].status in (400, 501) and found[0].closes
    assert wire.has_ended()


BODIES = {
    "get": get("/rooms", f"Content-Length: {len(INNER)}") + INNER,
    "get-chunked": get("/rooms", CHUNKED) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER),
    "delete": request("DELETE /room/none HTTP/1.1", f"Content-Length: {len(INNER)}", body=INNER),
    "options": request("OPTIONS /rooms HTTP/1.1", f"Content-Length: {len(INNER)}", body=INNER),
    "not-found": post(f"Content-Length: {len(INNER)}", body=INNER, path="/nothing"),
    "not-json": post(f"Content-Length: {len(INNER)}", body=INNER),
    "not-a-member": post(f"Content-Length: {len(INNER)}", body=INNER, path="/room/none/chat"),
    "upload-refused": post(f"Content-Length: {len(INNER)}", body=INNER, path="/room/none/gif"),
    "unknown-protocol": post("Connection: Upgrade", "Upgrade: other", f"Content-Length: {len(INNER)}", body=INNER),
    "unknown-protocol-chunked": post("Connection: Upgrade", "Upgrade: other", CHUNKED, body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER)),
    "websocket-refused": get("/ws", "Connection: Upgrade", "Upgrade: websocket", f"Content-Length: {len(INNER)}") + INNER,
    "websocket-elsewhere": get("/rooms", "Connection: Upgrade", "Upgrade: websocket", f"Content-Length: {len(INNER)}") + INNER,
    "connect": request("CONNECT roost.test:80 HTTP/1.1", f"Content-Length: {len(INNER)}", body=INNER),
    "static-file": get("/letters.txt", f"Content-Length: {len(INNER)}") + INNER,
    "origin-refused": post("Origin: http://evil.test", f"Content-Length: {len(INNER)}", body=INNER),
    "expected-continue": post("Expect: 100-continue", f"Content-Length: {len(INNER)}", body=INNER),
    "too-large": post("Content-Length: 1000000", body=INNER * 1000),
}


@pytest.mark.parametrize("data", BODIES.values(), ids=BODIES)
def test_a_body_is_not_a_request(wire, data):
    wire.send(data)
    found = answers(wire)
    assert len(found) == 1, f"{len(found)} answers: {found}"
    assert found[0].body != b"ok\n"


@pytest.mark.parametrize("path", ["/name", "/nothing", "/room/none/chat", "/room/none/gif"])
def test_after_a_body_the_next_request_is_answered_or_the_connection_ends(wire, path):
    first = wire.send(post(f"Content-Length: {len(INNER)}", body=INNER, path=path)).response()
    assert first.body != b"ok\n"
    if first.closes:
        assert wire.has_ended()
    else:
        assert wire.send(NAMED).response().body == b'{"type":"ok"}'


def test_after_head_the_next_answer_is_read_right(wire):
    """A server that sends a body to HEAD has it read as the next answer."""
    wire.send(request("HEAD /letters.txt HTTP/1.1", f"Content-Length: {len(INNER)}", body=INNER))
    assert wire.response("HEAD").status == 200
    assert wire.send(NAMED).response().body == b'{"type":"ok"}'


def test_bytes_after_a_refused_upgrade_are_no_frames_and_no_second_chance(wire):
    """A proxy that believes in the upgrade passes everything on. What follows the refusal is not answered twice."""
    wire.send(get("/ws", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 12") + INNER)
    found = answers(wire)
    assert found[0].status in (400, 426)
    assert len(found) == 1 and found[0].closes or len(found) == 2 and found[1].body == b"ok\n"
