"""Files, HEAD and methods (RFC 9110): validators, ranges, paths that lead elsewhere, what is not allowed."""

import pytest

from conftest import LETTERS, PAGE, SECRET
from wire import get, request


def head(wire, path, *headers):
    return wire.send(request(f"HEAD {path} HTTP/1.1", *headers)).response("HEAD")


def fetch(wire, path, *headers):
    return wire.send(get(path, *headers)).response()


# Files


def test_a_file_and_what_describes_it(wire):
    response = fetch(wire, "/letters.txt")
    assert response.status == 200 and response.body == LETTERS
    assert response["content-type"].startswith("text/plain")
    assert response["etag"] and response["last-modified"].endswith(" GMT")
    assert response["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path, kind", [("/js/main.js", "text/javascript"), ("/index.html", "text/html"), ("/empty.txt", "text/plain")])
def test_types(wire, path, kind):
    assert fetch(wire, path)["content-type"].split(";")[0] in (kind, "application/javascript" if "javascript" in kind else kind)


def test_an_empty_file(wire):
    response = fetch(wire, "/empty.txt")
    assert response.status == 200 and response["content-length"] == "0"


def test_the_pages(wire):
    assert fetch(wire, "/").body == PAGE
    assert fetch(wire, "/room/any", "Accept: text/html").body == PAGE


def test_a_folder_is_not_listed(wire):
    for path in ("/js", "/js/"):
        response = fetch(wire, path)
        assert response.status in (301, 308, 403, 404) and b"main.js" not in response.body


# HEAD (RFC 9110 §9.3.2)


@pytest.mark.parametrize("path", ["/", "/letters.txt", "/js/main.js", "/healthz", "/rooms", "/nothing"])
def test_head_is_get_without_its_body(wire, path):
    full, bare = fetch(wire, path), head(wire, path)
    assert bare.status == full.status
    assert bare["content-length"] in (full["content-length"], None), f"HEAD says {bare['content-length']}, GET {full['content-length']}"
    for name in ("content-type", "etag", "last-modified", "cache-control", "accept-ranges"):
        assert bare[name] == full[name], name
    assert fetch(wire, "/healthz").body == b"ok\n"


# Conditions (RFC 9110 §13)


def conditions(wire):
    tag = fetch(wire, "/letters.txt")["etag"]
    bare = tag.removeprefix("W/")
    return {"itself": tag, "weak": "W/" + bare, "strong": bare, "list": f'"other", {tag}', "star": "*"}


@pytest.mark.parametrize("which", ["itself", "weak", "strong", "list", "star"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match(wire, which, method):
    value = conditions(wire)[which]
    response = wire.send(request(f"{method} /letters.txt HTTP/1.1", f"If-None-Match: {value}")).response(method)
    assert response.status == 304 and not response.body
    assert response["etag"], "§15.4.5: the tag is sent again"
    assert fetch(wire, "/healthz").body == b"ok\n"


def test_if_none_match_of_another(wire):
    assert fetch(wire, "/letters.txt", 'If-None-Match: "other"').body == LETTERS


def test_if_none_match_goes_before_if_modified_since(wire):
    date = fetch(wire, "/letters.txt")["last-modified"]
    assert fetch(wire, "/letters.txt", 'If-None-Match: "other"', f"If-Modified-Since: {date}").status == 200


def test_if_modified_since(wire):
    date = fetch(wire, "/letters.txt")["last-modified"]
    assert fetch(wire, "/letters.txt", f"If-Modified-Since: {date}").status == 304
    assert fetch(wire, "/letters.txt", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert fetch(wire, "/letters.txt", "If-Modified-Since: yesterday").status == 200


# Ranges (RFC 9110 §14)


@pytest.mark.parametrize("range_, first, last", [
    ("0-0", 0, 0), ("0-9", 0, 9), ("5-5", 5, 5), ("20-", 20, 25), ("-6", 20, 25), ("0-25", 0, 25), ("0-", 0, 25), ("10-1000", 10, 25),
    ("-1000", 0, 25), ("25-", 25, 25), ("0-99999999999999999999", 0, 25),
])
def test_range(wire, range_, first, last):
    response = fetch(wire, "/letters.txt", f"Range: bytes={range_}")
    assert response.status == 206, response
    assert response.body == LETTERS[first : last + 1]
    assert response["content-range"] == f"bytes {first}-{last}/26"


@pytest.mark.parametrize("range_", ["26-", "26-30", "1000-2000", "-0", "99999999999999999999-"])
def test_range_outside(wire, range_):
    response = fetch(wire, "/letters.txt", f"Range: bytes={range_}")
    assert response.status == 416, response
    assert response["content-range"] == "bytes */26"
    assert LETTERS not in response.body


@pytest.mark.parametrize("value", ["bytes=9-0", "bytes=", "bytes=a-b", "bytes=-", "bytes", "bytes=--5", "bytes=5", "bytes=1-2-3", "bytes=0x1-5"])
def test_range_that_is_none_is_ignored_or_refused(wire, value):
    """§14.2: either may be, but nothing is made up."""
    response = fetch(wire, "/letters.txt", f"Range: {value}")
    assert response.status == 416 or response.status == 200 and response.body == LETTERS, response


def test_range_in_another_unit_is_ignored(wire):
    assert fetch(wire, "/letters.txt", "Range: lines=0-5").body == LETTERS


def test_several_ranges_are_whole_or_in_parts(wire):
    response = fetch(wire, "/letters.txt", "Range: bytes=0-1,4-5")
    assert response.status == 200 and response.body == LETTERS or response.status == 206 and response["content-type"].startswith("multipart/byteranges")


def test_a_thousand_ranges_cost_nothing(wire):
    response = fetch(wire, "/letters.txt", "Range: bytes=" + ",".join(["0-"] * 1000))
    assert response.status in (200, 206, 416) and len(response.body) < 1_000


def test_range_and_head(wire):
    """§14.2: Range is for GET alone."""
    assert head(wire, "/letters.txt", "Range: bytes=0-1").status == 200


def test_if_range(wire):
    date = fetch(wire, "/letters.txt")["last-modified"]
    assert fetch(wire, "/letters.txt", "Range: bytes=0-1", 'If-Range: "other"').status == 200
    assert fetch(wire, "/letters.txt", "Range: bytes=0-1", "If-Range: Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert fetch(wire, "/letters.txt", "Range: bytes=0-1", f"If-Range: {date}").status in (200, 206)


def test_range_gives_way_to_if_none_match(wire):
    tag = fetch(wire, "/letters.txt")["etag"]
    assert fetch(wire, "/letters.txt", "Range: bytes=0-1", f"If-None-Match: {tag}").status == 304


# Paths


@pytest.mark.parametrize("path", [
    "/../secret.txt", "/js/../../secret.txt", "/%2e%2e/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt", "/%2E%2E/secret.txt",
    "/..%2fsecret.txt", "/..%2Fsecret.txt", "/js/..%2f..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/..\\secret.txt", "/..%5csecret.txt",
    "/js/..\\..\\secret.txt", "/%252e%252e/secret.txt", "/..;/secret.txt", "//../secret.txt", "/./../secret.txt", "/....//secret.txt",
    "/%c0%ae%c0%ae/secret.txt", "/../Public-not/secret.txt", "/..%2fPublic-not/secret.txt", "/-not/secret.txt", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd", "/%2fetc/passwd", "/js/%2e%2e/%2e%2e/secret.txt", "/letters.txt/../../secret.txt", "http://roost.test/../secret.txt",
    "/../Public/letters.txt",
])
def test_no_path_leads_out_of_the_folder(wire, path):
    response = fetch(wire, path)
    assert response.status in (400, 404), f"{response.status} {response.body[:100]!r}"
    assert SECRET not in response.body and b"root:" not in response.body


@pytest.mark.parametrize("path", ["//js", "//js/", "///js", "/js", "/js/%00", "//%00"])
def test_redirects_stay_on_this_server(wire, path):
    """`Location: //js/` would be the page of a host called js."""
    response = fetch(wire, path)
    assert response.status in (301, 308, 400, 403, 404)
    assert not (response["location"] or "").startswith("//"), response["location"]


@pytest.mark.parametrize("path", ["/letters.txt%00", "/letters.txt%00.html", "/%00", "/js/%00/main.js", "/%00letters.txt"])
def test_nul_in_a_path(wire, path):
    response = fetch(wire, path)
    assert response.status in (400, 404) and response.body != LETTERS


@pytest.mark.parametrize("path", ["/%", "/%2", "/%zz", "/letters%2", "/%u0041", "/%ff%fe", "/letters.txt%"])
def test_broken_percent_encoding(wire, path):
    assert fetch(wire, path).status in (400, 404)
    assert fetch(wire, "/healthz").body == b"ok\n"


@pytest.mark.parametrize("path", ["/letters.txt?x=../..", "/%6cetters.txt", "/letters.txt?%00"])
def test_ways_to_write_a_path_that_is_fine(wire, path):
    assert fetch(wire, path).body == LETTERS


# Methods (RFC 9110 §9.1, §15.5.6)


@pytest.mark.parametrize("line", ["BREW /healthz", "get /healthz", "PROPFIND /", "A /", "X-TEST /rooms", "M-SEARCH /rooms", "PURGE /letters.txt"])
def test_unknown_method(wire, line):
    # The parser refuses names that no RFC has, before anything else is looked at: 400.
    response = wire.send(request(f"{line} HTTP/1.1")).response()
    assert response.status in (400, 405, 501), response
    assert response.status != 405 or response["allow"]


@pytest.mark.parametrize("line, allowed", [
    ("DELETE /healthz", "GET"), ("PUT /", "GET"), ("POST /rooms", "GET"), ("GET /name", "POST"), ("PATCH /room/none", "GET"), ("POST /letters.txt", "GET"),
    ("PUT /room", "POST"), ("GET /room/none/chat", "POST"), ("TRACE /healthz", "GET"),
])
def test_method_that_is_not_for_this(wire, line, allowed):
    response = wire.send(request(f"{line} HTTP/1.1", "Content-Length: 0")).response()
    assert response.status == 405, response
    assert allowed in (response["allow"] or "").split(", ")
    assert fetch(wire, "/healthz").body == b"ok\n"


def test_trace_does_not_send_the_request_back(wire):
    response = wire.send(request("TRACE /healthz HTTP/1.1", "Cookie: secret=1")).response()
    assert b"secret" not in response.body


def test_options_says_what_is_allowed(wire):
    response = wire.send(request("OPTIONS /rooms HTTP/1.1")).response("OPTIONS")
    assert response.status in (200, 204) and "GET" in (response["allow"] or "")


def test_connect_is_not_for_this_server(wire):
    response = wire.send(request("CONNECT roost.test:80 HTTP/1.1")).response()
    assert response.status in (400, 405, 501)
