"""What is not HTTP/1.1 is refused with 400 and the end of the connection, and nothing in it is carried out (RFC 9112).

Where the RFC lets a server be lenient (bare LF, repeated equal lengths), Roost is asked not to be: each leniency is half of a
smuggled request.
"""

import pytest

from wire import NAMED, get, post, request

NAME = b'{"name":"Ann"}'
CHUNKED = "Transfer-Encoding: chunked"
CHUNKS = b'e\r\n{"name":"Ann"}\r\n0\r\n\r\n'
LONG = "a" * 20_000


def refused(wire, data: bytes, *statuses: int):
    """One answer with one of the statuses, then the end, although the rest of what was sent looks like a request."""
    wire.send(data + get("/healthz"))
    response = wire.response()
    assert response.status in (statuses or (400,)), f"{response.status} {response.body[:200]!r}"
    assert response.closes, "the answer does not say that the connection ends"
    assert wire.has_ended(), "the connection stays open"


def accepted(wire, data: bytes, status: int = 200):
    """It is answered, and so is the next request on the connection."""
    response = wire.send(data).response()
    assert response.status == status, f"{response.status} {response.body[:200]!r}"
    assert wire.send(get("/healthz")).response().body == b"ok\n"


def table(cases: dict[str, object]):
    return pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in cases.items()])


def line(text: str) -> bytes:
    return request(text)


# Request line (RFC 9112 §3)


@table({
    "space-at-end": line("GET /healthz HTTP/1.1 "),
    "space-at-start": line(" GET /healthz HTTP/1.1"),
    "space-in-target": line("GET /health z HTTP/1.1"),
    "tab-instead-of-space": line("GET\t/healthz\tHTTP/1.1"),
    "no-version": line("GET /healthz"),
    "no-target": line("GET HTTP/1.1"),
    "no-method": line("/healthz HTTP/1.1"),
    "lower-case-version": line("GET /healthz http/1.1"),
    "another-protocol": line("GET /healthz ICAP/1.0"),
    "version-without-minor": line("GET /healthz HTTP/1"),
    "version-with-more-digits": line("GET /healthz HTTP/1.10"),
    "version-with-letter": line("GET /healthz HTTP/1.1x"),
    "method-with-equals-sign": line("GE=T /healthz HTTP/1.1"),
    "method-with-nul": line("GE\0T /healthz HTTP/1.1"),
    "relative-target": line("GET healthz HTTP/1.1"),
    "empty-target": line("GET  HTTP/1.1"),
    "target-with-fragment": line("GET /healthz#top HTTP/1.1"),
    "target-with-nul": line("GET /heal\0thz HTTP/1.1"),
    "target-with-control": line("GET /heal\x01thz HTTP/1.1"),
    "target-with-delete": line("GET /heal\x7fthz HTTP/1.1"),
    "target-with-bare-cr": line("GET /heal\rthz HTTP/1.1"),
    "target-not-ascii": line("GET /h\u00e9 HTTP/1.1"),
    "asterisk-with-get": line("GET * HTTP/1.1"),
    "tls-hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n",
    "noise": b"\x00\xff\xfe\x80" * 16 + b"\r\n\r\n",
    "response": b"HTTP/1.1 200 OK\r\nHost: roost.test\r\nContent-Length: 0\r\n\r\n",
})
def test_bad_request_line(wire, data):
    refused(wire, data)


@table({"2.0": line("GET /healthz HTTP/2.0"), "3.0": line("GET /healthz HTTP/3.0"), "0.9": line("GET /healthz HTTP/0.9")})
def test_another_major_version(wire, data):
    refused(wire, data, 400, 505)


def test_http2_preface_is_answered_and_ended(wire):
    wire.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000"))
    response = wire.response()
    assert response.status in (400, 505) and response.closes
    assert wire.has_ended()


def test_upgrade_to_h2c_is_not_taken(wire):
    wire.send(get("/healthz", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"))
    assert wire.response().body == b"ok\n"


def test_empty_lines_before_a_request_are_skipped(wire):
    """RFC 9112 §2.2: at least one should be."""
    accepted(wire, b"\r\n" + get("/healthz"))


# Headers (RFC 9112 §5)


@table({
    "space-before-colon": get("/healthz", "X-Test : 1"),
    "tab-before-colon": get("/healthz", "X-Test\t: 1"),
    "no-colon": get("/healthz", "X-Test"),
    "no-name": get("/healthz", ": 1"),
    "space-in-name": get("/healthz", "X Test: 1"),
    "bracket-in-name": get("/healthz", "X(Test): 1"),
    "name-not-ascii": get("/healthz", "X-T\u00e9st: 1"),
    "nul-in-name": get("/healthz", "X-\0Test: 1"),
    "nul-in-value": get("/healthz", "X-Test: a\0b"),
    "nul-at-end-of-value": get("/healthz", "X-Test: a\0"),
    "bare-cr-in-value": get("/healthz", "X-Test: a\rb"),
    "bare-cr-then-header": get("/healthz", "X-Test: a\rContent-Length: 4"),
    "obs-fold-space": get("/healthz", "X-Test: a", " b"),
    "obs-fold-tab": get("/healthz", "X-Test: a", "\tb"),
    "obs-fold-of-nothing": get("/healthz", "X-Test:", " b"),
    "space-before-first-header": request("GET /healthz HTTP/1.1", " X-Test: a", host=None).replace(b"\r\n\r\n", b"\r\nHost: a\r\n\r\n"),
    "bare-lf-after-request-line": b"GET /healthz HTTP/1.1\nHost: a\r\n\r\n",
    "bare-lf-after-header": b"GET /healthz HTTP/1.1\r\nHost: a\nX-Test: b\r\n\r\n",
    "bare-lf-at-end": b"GET /healthz HTTP/1.1\r\nHost: a\r\n\n",
    "bare-lf-everywhere": b"GET /healthz HTTP/1.1\nHost: a\n\n",
})
def test_bad_header(wire, data):
    refused(wire, data)


@table({
    "no-space-after-colon": get("/healthz", "X-Test:1"),
    "spaces-and-tabs-around-value": get("/healthz", "X-Test: \t 1 \t "),
    "empty-value": get("/healthz", "X-Test:"),
    "obs-text": get("/healthz", "X-Test: caf\u00e9"),
    "every-token-character": get("/healthz", "!#$%&'*+-.^_`|~09azAZ: 1"),
    "names-in-any-case": request("GET /healthz HTTP/1.1", "hOsT: a", host=None),
})
def test_good_header(wire, data):
    accepted(wire, data)


# Host and the four forms of a target (RFC 9112 §3.2)


@table({
    "missing": request("GET /healthz HTTP/1.1", host=None),
    "twice": get("/healthz", "Host: roost.test"),
    "twice-different": get("/healthz", "Host: other.test"),
    "missing-with-absolute-form": request("GET http://roost.test/healthz HTTP/1.1", host=None),
    "two-in-one": request("GET /healthz HTTP/1.1", host="a.test, b.test"),
    "with-space": request("GET /healthz HTTP/1.1", host="a b"),
    "with-path": request("GET /healthz HTTP/1.1", host="a.test/b"),
    "with-user": request("GET /healthz HTTP/1.1", host="me@a.test"),
    "with-letters-as-port": request("GET /healthz HTTP/1.1", host="a.test:http"),
})
def test_bad_host(wire, data):
    refused(wire, data)


@table({
    "with-port": request("GET /healthz HTTP/1.1", host="a.test:8005"),
    "v4": request("GET /healthz HTTP/1.1", host="127.0.0.1:8005"),
    "v6": request("GET /healthz HTTP/1.1", host="[::1]:8005"),
    "empty": request("GET /healthz HTTP/1.1", host=""),
})
def test_good_host(wire, data):
    accepted(wire, data)


@pytest.mark.parametrize("target", ["http://roost.test/healthz", "HTTP://roost.test/healthz", "http://roost.test:80/healthz?x=1"])
def test_absolute_form_is_answered(wire, target):
    wire.send(get(target))
    assert wire.response().body == b"ok\n"


def test_authority_of_an_absolute_form_counts_and_not_host(wire):
    """RFC 9112 §3.2.2: the origin check must not be led astray by a Host that differs."""
    body = NAME
    wire.send(request(
        "POST http://roost.test/name HTTP/1.1", "Origin: http://evil.test", "Content-Type: application/json", f"Content-Length: {len(body)}",
        host="evil.test", body=body))
    assert wire.response().status == 403


def test_options_of_the_server(wire):
    """RFC 9110 §9.3.7."""
    assert wire.send(request("OPTIONS * HTTP/1.1")).response().status in (200, 204)
    assert wire.send(get("/healthz")).response().body == b"ok\n"


# Content-Length (RFC 9112 §6.3, RFC 9110 §8.6)


@pytest.mark.parametrize("lengths", [
    ["5", "6"], ["14", "14"], ["14", "15"], ["5, 6"], ["14, 14"], ["14,"], ["-14"], ["+14"], ["0xe"], ["1 4"], ["14;"], ["14.0"], ["1e1"], [""], ["a"],
    ["\u00b9"], ["14\x0b"], ["99999999999999999999"], ["18446744073709551630"],
], ids=" and ".join)
def test_bad_content_length(wire, lengths):
    refused(wire, post(*(f"Content-Length: {length}" for length in lengths)))


@pytest.mark.parametrize("length", ["14", "014", "14 ", "\t14"])
def test_good_content_length(wire, length):
    accepted(wire, post(f"Content-Length: {length}"))


def test_no_length_is_no_body(wire):
    """RFC 9112 §6.3: neither header, no body. What follows is the next request."""
    accepted(wire, post(body=b""), 400) # no name was given


# Transfer-Encoding (RFC 9112 §6.1)


@table({
    "with-content-length": post("Content-Length: 4", CHUNKED, body=CHUNKS),
    "before-content-length": post(CHUNKED, "Content-Length: 4", body=CHUNKS),
    "with-content-length-0": post("Content-Length: 0", CHUNKED, body=CHUNKS),
    "in-http-1.0": request("POST /name HTTP/1.0", "Content-Type: application/json", "Connection: keep-alive", CHUNKED, body=CHUNKS),
    "then-identity": post("Transfer-Encoding: chunked, identity", body=CHUNKS),
    "identity": post("Transfer-Encoding: identity", body=CHUNKS),
    "identity-then-chunked": post("Transfer-Encoding: identity, chunked", body=CHUNKS),
    "identity-and-chunked": post("Transfer-Encoding: identity", CHUNKED, body=CHUNKS),
    "chunked-and-identity": post(CHUNKED, "Transfer-Encoding: identity", body=CHUNKS),
    "twice": post(CHUNKED, CHUNKED, body=CHUNKS),
    "twice-in-one": post("Transfer-Encoding: chunked, chunked", body=CHUNKS),
    "gzip": post("Transfer-Encoding: gzip", body=CHUNKS),
    "gzip-then-chunked": post("Transfer-Encoding: gzip, chunked", body=CHUNKS),
    "unknown": post("Transfer-Encoding: xchunked", body=CHUNKS),
    "longer": post("Transfer-Encoding: chunkedx", body=CHUNKS),
    "empty": post("Transfer-Encoding:", body=CHUNKS),
    "quoted": post('Transfer-Encoding: "chunked"', body=CHUNKS),
    "parameter": post("Transfer-Encoding: chunked;q=1", body=CHUNKS),
    "vertical-tab": post("Transfer-Encoding:\x0bchunked", body=CHUNKS),
    "vertical-tab-after": post("Transfer-Encoding: chunked\x0b", body=CHUNKS),
    "no-break-space": post("Transfer-Encoding: chunked\u00a0", body=CHUNKS),
    "obs-fold": post("Transfer-Encoding:", " chunked", body=CHUNKS),
    "obs-fold-then-identity": post("Transfer-Encoding: chunked", " , identity", body=CHUNKS),
    "space-before-colon": post("Transfer-Encoding : chunked", body=CHUNKS),
    "bare-cr-before-colon": post("Transfer-Encoding\r: chunked", body=CHUNKS),
})
def test_bad_transfer_encoding(wire, data):
    refused(wire, data, 400, 501)


@pytest.mark.parametrize("name", ["chunked", "CHUNKED", "Chunked"])
def test_good_transfer_encoding(wire, name):
    accepted(wire, post(f"Transfer-Encoding: {name}", body=CHUNKS))


# Chunks (RFC 9112 §7.1)


@table({
    "hexadecimal-prefix": b"0xe\r\n" + NAME + b"\r\n0\r\n\r\n",
    "negative": b"-e\r\n" + NAME + b"\r\n0\r\n\r\n",
    "plus": b"+e\r\n" + NAME + b"\r\n0\r\n\r\n",
    "no-size": b"\r\n" + NAME + b"\r\n0\r\n\r\n",
    "no-number": b"g\r\n" + NAME + b"\r\n0\r\n\r\n",
    "space-before": b" e\r\n" + NAME + b"\r\n0\r\n\r\n",
    "underscore": b"0_e\r\n" + NAME + b"\r\n0\r\n\r\n",
    "over-64-bits": b"1000000000000000e\r\n" + NAME + b"\r\n0\r\n\r\n",
    "far-over-64-bits": b"f" * 40 + b"\r\n" + NAME + b"\r\n0\r\n\r\n",
    "longer-than-it-says": b"d\r\n" + NAME + b"\r\n0\r\n\r\n",
    "shorter-than-it-says": b"f\r\n" + NAME + b"\r\n0\r\n\r\n",
    "no-crlf-after-data": b"e\r\n" + NAME + b"0\r\n\r\n",
    "bare-lf-after-size": b"e\n" + NAME + b"\r\n0\r\n\r\n",
    "bare-lf-after-data": b"e\r\n" + NAME + b"\n0\r\n\r\n",
    "bare-cr-after-size": b"e\r" + NAME + b"\r\n0\r\n\r\n",
    "bare-lf-after-last": b"e\r\n" + NAME + b"\r\n0\n\r\n",
    "bare-lf-in-extension": b"e;a\nb\r\n" + NAME + b"\r\n0\r\n\r\n",
    "nul-in-extension": b"e;a\0b\r\n" + NAME + b"\r\n0\r\n\r\n",
    "trailer-without-colon": b"e\r\n" + NAME + b"\r\n0\r\nX-Test\r\n\r\n",
    "trailer-with-space-before-colon": b"e\r\n" + NAME + b"\r\n0\r\nX-Test : 1\r\n\r\n",
    "trailer-folded": b"e\r\n" + NAME + b"\r\n0\r\nX-Test: 1\r\n 2\r\n\r\n",
})
def test_bad_chunk(wire, data):
    refused(wire, post(CHUNKED, body=data))


@table({
    "upper-case": b"E\r\n" + NAME + b"\r\n0\r\n\r\n",
    "leading-zeros": b"000e\r\n" + NAME + b"\r\n000\r\n\r\n",
    "several": b"1\r\n{\r\n" + b"d\r\n" + NAME[1:] + b"\r\n0\r\n\r\n",
    "extension": b"e;a=b;c=\"d e\"\r\n" + NAME + b"\r\n0;f\r\n\r\n",
    "trailer": b"e\r\n" + NAME + b"\r\n0\r\nX-Test: 1\r\n\r\n",
})
def test_good_chunk(wire, data):
    accepted(wire, post(CHUNKED, body=data))


def test_trailers_change_nothing(wire):
    """RFC 9110 §6.5.1: framing in a trailer is not framing. It may be ignored or refused."""
    wire.send(post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n0\r\nContent-Length: 30\r\nTransfer-Encoding: identity\r\n\r\n"))
    response = wire.response()
    if response.status == 400:
        assert wire.has_ended()
    else:
        assert response.status == 200 and wire.send(get("/healthz")).response().body == b"ok\n"


def test_huge_chunk_extension_is_refused(wire):
    wire.send(post(CHUNKED, body=b"e;" + b"a" * 1_000_000 + b"\r\n" + NAME + b"\r\n0\r\n\r\n"))
    assert wire.response().status in (400, 413, 431)
    assert wire.has_ended()


def test_many_chunk_extensions_are_refused(wire):
    """Each is small; together they are a megabyte for 5000 bytes of body."""
    wire.send(post(CHUNKED, body=(b"1;" + b"a" * 200 + b"\r\n \r\n") * 5_000 + b"0\r\n\r\n"))
    assert wire.response().status in (400, 413, 431)
    assert wire.has_ended()


def test_huge_trailers_are_refused(wire):
    wire.send(post(CHUNKED, body=b"e\r\n" + NAME + b"\r\n0\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 1_000) for i in range(1_000)) + b"\r\n"))
    assert wire.response().status in (400, 413, 431)
    assert wire.has_ended()


# Limits


@table({
    "one-long-value": get("/healthz", f"X-Test: {LONG}"),
    "one-long-name": get("/healthz", f"{LONG}: 1"),
    "many": get("/healthz", *(f"X-{index}: {'a' * 200}" for index in range(99))),
    "many-short": get("/healthz", *(f"X-{index}: a" for index in range(1_000))),
    "without-end": b"GET /healthz HTTP/1.1\r\nX-Test: " + b"a" * 100_000,
    "name-without-end": b"GET /healthz HTTP/1.1\r\n" + b"a" * 100_000,
})
def test_too_large_header(wire, data):
    wire.send(data)
    response = wire.response()
    assert response.status == 431 and response.closes, response
    assert wire.has_ended()


@table({"complete": get("/" + LONG), "query": get("/rooms?q=" + LONG), "without-end": b"GET /" + b"a" * 100_000})
def test_too_long_target(wire, data):
    wire.send(data)
    response = wire.response()
    assert response.status in (414, 431) and response.closes, response
    assert wire.has_ended()


def test_too_long_method(wire):
    wire.send(b"A" * 100_000)
    assert wire.response().status in (400, 431, 501)
    assert wire.has_ended()


@table({
    "announced": post("Content-Length: 1000000", body=b""),
    "announced-and-sent": post("Content-Length: 1000000", body=b"a" * 1_000_000),
    "announced-beyond-32-bits": post("Content-Length: 4294967310"),
    "in-chunks": post(CHUNKED, body=b"fffff\r\n" + b"a" * 0xFFFFF),
    "in-a-chunk-of-63-bits": post(CHUNKED, body=b"7fffffffffffffff\r\n" + b"a" * 100_000),
})
def test_too_large_body(wire, data):
    wire.send(data)
    response = wire.response()
    assert response.status == 413 and response.closes, response
    assert wire.has_ended()


def test_header_of_8_kib_and_90_fields_is_fine(wire):
    accepted(wire, get("/healthz", *(f"X-{index}: {'a' * 80}" for index in range(90))))


def test_target_of_8_kib_is_fine(wire):
    """RFC 9112 §3: 8000 octets at least."""
    accepted(wire, get("/healthz?" + "a" * 8_000))


def test_a_refused_request_is_not_carried_out(connect):
    """What is wrong comes after a request that is right: the right one alone is answered."""
    with connect() as wire:
        wire.send(NAMED + request("GET /healthz HTTP/1.1", "X-Test : 1") + get("/healthz"))
        assert wire.response().status == 200
        assert wire.response().status == 400
        assert wire.has_ended()
