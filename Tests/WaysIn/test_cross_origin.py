"""Pages of other origins (Fetch §3.2): those that the setting `origins` lists come in as the server's own do, others do not."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from ways import DEADLINE, EngineIO, Person

FRIEND, STRANGER = "http://friend.example", "http://stranger.example"


@pytest.fixture(scope="module")
def server(start):
    return start("--origins", FRIEND)


def ask(server, method, path, origin, **headers):
    headers = {"Origin": origin, "Connection": "close"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, server.url + path, headers=headers, timeout=DEADLINE)


@pytest.mark.parametrize("path, status", [("/rooms", 200), ("/healthz", 200), ("/room/nowhere", 404), ("/nothing", 404), ("/socket.io/?EIO=3", 400)])
def test_a_listed_origin_reads_answers_and_errors(server, path, status):
    answer = ask(server, "GET", path, FRIEND)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, FRIEND)
    assert answer.headers["Access-Control-Allow-Credentials"] == "true" and "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in ask(server, "GET", path, STRANGER).headers


@pytest.mark.parametrize("path", ["/room", "/room/k3v9/chat", "/socket.io/"])
def test_a_listed_origin_may_ask_first(server, path):
    wanted = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization,content-type"}
    answer = ask(server, "OPTIONS", path, FRIEND, **wanted)
    assert answer.status_code == 204 and answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert "Access-Control-Allow-Origin" not in ask(server, "OPTIONS", path, STRANGER, **wanted).headers


def test_an_origin_that_is_not_listed_changes_and_hears_nothing(server):
    ann = server.person("Ann")
    room = ann.create_room()
    for path in ("/room", f"/room/{room}/join", f"/room/{room}/chat", f"/room/{room}/gif", "/name"):
        assert ask(server, "POST", path, STRANGER).status_code == 403
    assert ask(server, "DELETE", f"/room/{room}", STRANGER, Cookie=ann.cookie).status_code == 403
    assert ask(server, "GET", f"/room/{room}/events", STRANGER, Cookie=ann.cookie).status_code == 403
    answer = ask(server, "GET", "/socket.io/?EIO=4&transport=polling", STRANGER)
    assert (answer.status_code, answer.json()) == (403, {"code": 4, "message": "Forbidden"})
    assert ann.get(f"/room/{room}").json()["count"] == 0


def test_a_listed_origin_speaks_Socket_IO(server):
    client = EngineIO(server)
    client.headers = {"Origin": FRIEND}
    client.open()
    for answer in (client.post("40/chat,"), client.poll(), client.post("1")):
        assert answer.ok and answer.headers["Access-Control-Allow-Origin"] == FRIEND
    client.headers = {"Origin": STRANGER}
    assert client.post("40/chat,").status_code == 403


def test_any_origin_may_be_listed_and_then_comes_without_cookies(start):
    server = start("--origins", "*")
    answer = ask(server, "GET", "/rooms", STRANGER)
    assert answer.headers["Access-Control-Allow-Origin"] == STRANGER and "Access-Control-Allow-Credentials" not in answer.headers


TRY = """async (url) => {
  const outcome = {}
  const settle = (name, promise) => promise.then(() => outcome[name] = true, () => outcome[name] = false)
  await Promise.all([
    settle("fetch", fetch(`${url}/rooms`, { credentials: "include" }).then((answer) => answer.json())),
    settle("post", fetch(`${url}/room`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"title":"x"}' })
      .then((answer) => answer.ok || Promise.reject())),
    settle("socket", new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/ws`)
      socket.onopen = resolve
      socket.onerror = reject
    })),
    settle("events", new Promise((resolve, reject) => {
      const source = new EventSource(`${url}/rooms`, { withCredentials: true })
      source.onmessage = resolve
      source.onerror = reject
    })),
  ])
  return outcome
}"""


class Page(BaseHTTPRequestHandler):
    """Somebody else's page: the content security policy of Roost's own would keep them from trying at all."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("is_listed", [True, False], ids=["listed", "not listed"])
def test_a_browser_sees_it_the_same_way(start, browser, elsewhere, is_listed):
    server = start("--origins", elsewhere if is_listed else FRIEND)
    page = browser.new_page()
    page.goto(elsewhere)
    assert page.evaluate(TRY, server.url) == dict.fromkeys(("fetch", "post", "socket", "events"), is_listed)
    page.close()
