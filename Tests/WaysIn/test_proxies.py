"""Behind a real nginx, and behind proxies that say who is behind them."""

import os
import shutil
import socket
import subprocess
import threading

import pytest
import requests

from test_tls import make_certificate
from ways import DEADLINE, EngineIO, Person, SocketIO, Wire, eventually, run

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx")

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_read_timeout 75s;
  upstream roost {{ server 127.0.0.1:{upstream}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port}; listen [::1]:{port}; listen 127.0.0.1:{tls} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ proxy_pass http://roost; }}
  }}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Nginx:
    """nginx as a README would have it in front of a server, on a port for http and another for https."""

    def __init__(self, folder, server):
        self.port, self.tls_port = free_port(), free_port()
        certificate, key = make_certificate(folder, "proxy")
        configuration = folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(folder=folder, upstream=server.port, port=self.port, tls=self.tls_port, certificate=certificate, key=key))
        self.process = subprocess.Popen([NGINX, "-e", "stderr", "-c", configuration], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        eventually(self.answers, "an answer of nginx")

    def answers(self):
        assert self.process.poll() is None, self.process.stderr.read()
        try:
            return requests.get(self.url + "/healthz", timeout=DEADLINE).status_code == 200
        except requests.ConnectionError:
            return False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def secure_url(self):
        return f"https://localhost:{self.tls_port}"

    @property
    def ipv6_url(self):
        return f"http://[::1]:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


@pytest.fixture(scope="module")
def trusting(start):
    return start("--trusted-proxy", "loopback", "--resume-grace", "1s")


@pytest.fixture(scope="module")
def wary(start):
    return start("--resume-grace", "1s")


@pytest.fixture(scope="module")
def nginx(trusting, tmp_path_factory):
    nginx = Nginx(tmp_path_factory.mktemp("nginx"), trusting)
    yield nginx
    nginx.stop()


# Through nginx


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_way_in_works_through_nginx(trusting, nginx, scheme):
    url = nginx.url if scheme == "http" else nginx.secure_url
    ann, bob = trusting.person("Ann", url=url), trusting.person("Bob", url=url)
    room = ann.create_room()
    native = ann.native()
    native.join(room)
    clients = [bob.socket(by) for by in (["polling"], ["websocket"], None)]
    for client in clients:
        client.join(room)
    stream = bob.stream(f"/room/{room}/events")
    stream.expect("joined")
    position = bob.poll(room).json()
    found = []
    since = f"{position['epoch']}:{position['seq']}"
    waiting = threading.Thread(target=lambda: found.append(bob.poll(room, since, 25).json()))
    waiting.start()
    native.ask("chat", room=room, text="하나")
    bob.say(room, "둘")
    clients[0].ask("chat", {"chat": "셋"})
    for client in (native, stream, *clients):
        assert client.texts("셋") == ["하나", "둘", "셋"]
    waiting.join()
    assert found[0]["events"][0]["text"] == "하나"
    assert [client.transport for client in clients] == ["polling", "websocket", "websocket"]
    stream.close()
    native.socket.close()
    for client in clients:
        client.close()


def test_one_connection_of_the_proxy_serves_many_people(trusting, nginx):
    people = [trusting.person(f"P{number}", url=nginx.url) for number in range(10)]
    room = people[0].create_room(max=20)
    sockets = [person.native() for person in people]
    for client in sockets:
        client.join(room)
    for number, person in enumerate(people):
        person.say(room, f"{number}")
    people[0].say(room, "end")
    assert all(client.texts("end") == [*map(str, range(10)), "end"] for client in sockets)
    assert len({person.id for person in people}) == 10
    for client in sockets:
        client.socket.close()


def test_pages_and_files_come_through_nginx(nginx):
    answer = requests.get(nginx.url + "/", headers={"Accept": "text/html"}, timeout=DEADLINE)
    assert answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]
    assert requests.get(nginx.url + "/nothing", timeout=DEADLINE).status_code == 404


def test_the_address_is_the_clients(trusting, nginx):
    ann = trusting.person("Ann", url=nginx.url)
    with ann.native(), ann.socket(["polling"]), ann.socket(["websocket"]):
        addresses = {address for address in trusting.addresses(ann.id).values()}
    assert addresses == {"127.0.0.1"}  # The client's own: it is on this machine, too.


def test_an_IPv6_client_has_its_own_address(trusting, nginx):
    ann = trusting.person("Ann", url=nginx.ipv6_url)
    with ann.native():
        assert trusting.addresses(ann.id) == {"websocket": "::1"}


def test_what_a_client_says_of_itself_to_nginx_is_not_believed(trusting, nginx):
    # nginx appends the address that it was called from: here that is a trusted one, so the list is read on to the left.
    # A client from elsewhere would end the reading: see `test_addresses_are_read_from_the_right`.
    ann = Person(trusting, url=nginx.url, headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    with ann.native():
        assert trusting.addresses(ann.id) == {"websocket": "203.0.113.9"}


def test_cookies_are_secure_behind_https(nginx):
    flags = lambda url: {flag.strip() for flag in requests.get(url + "/rooms", timeout=DEADLINE, verify=False).headers["Set-Cookie"].split(";")[1:]}
    assert "Secure" in flags(nginx.secure_url)
    assert "Secure" not in flags(nginx.url)


# Headers by hand


def address(server, header, value, way="native"):
    """The address of somebody whose requests have this header."""
    person = Person(server)
    headers = {header: value}
    if way == "native":
        with person.native(headers=headers):
            return server.addresses(person.id)["websocket"]
    if way == "socket.io":
        with SocketIO(person, ["polling"], headers=headers).open():
            return server.addresses(person.id)["socket.io"]
    room = person.create_room()
    with Wire(server) as wire:
        wire.request("GET", f"/room/{room}/events", headers={"Accept": "text/event-stream", "Cookie": person.cookie, **headers})
        while '"joined"' not in wire.read_line():
            pass
        return server.addresses(person.id)["sse"]


@pytest.mark.parametrize("value, expected", [
    ("203.0.113.9", "203.0.113.9"),
    ("198.51.100.7, 203.0.113.9", "203.0.113.9"),
    ("198.51.100.7, 203.0.113.9, 127.0.0.1", "203.0.113.9"),
    ("203.0.113.9, 127.0.0.5, ::1", "203.0.113.9"),
    ("evil, 203.0.113.9", "203.0.113.9"),
    ("203.0.113.9, evil", "127.0.0.1"),
    ("203.0.113.9, unknown", "127.0.0.1"),
    ("203.0.113.9,", "203.0.113.9"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
    ("[2001:db8::1]:4711", "2001:db8::1"),
    ("203.0.113.9:4711", "203.0.113.9"),
    ("::ffff:203.0.113.9", "203.0.113.9"),
    ("203.0.113.9, ::ffff:127.0.0.1", "203.0.113.9"),
    ("999.1.1.1", "127.0.0.1"),
    ("203.0.113.009", "127.0.0.1"),
    ("<script>", "127.0.0.1"),
    ("", "127.0.0.1")], ids=lambda value: value or "nothing")
def test_addresses_are_read_from_the_right(trusting, value, expected):
    assert address(trusting, "X-Forwarded-For", value) == expected


@pytest.mark.parametrize("way", ["native", "socket.io", "sse"])
def test_a_proxy_that_is_trusted_is_believed_whatever_the_way_in(trusting, way):
    assert address(trusting, "X-Forwarded-For", "198.51.100.7, 203.0.113.9", way) == "203.0.113.9"


@pytest.mark.parametrize("way", ["native", "socket.io", "sse"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"])
def test_nobody_else_is_believed(wary, way, header):
    assert address(wary, header, "for=203.0.113.9" if header == "Forwarded" else "203.0.113.9", way) == "127.0.0.1"


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP", "CF-Connecting-IP"])
def test_only_the_header_that_is_agreed_on_is_believed(trusting, header):
    assert address(trusting, header, "for=203.0.113.9" if header == "Forwarded" else "203.0.113.9") == "127.0.0.1"


@pytest.fixture(scope="module")
def forwarded(start):
    return start("--trusted-proxy", "127.0.0.0/8", "--proxy-header", "forwarded")


@pytest.mark.parametrize("value, expected", [
    ("for=203.0.113.9", "203.0.113.9"), ('for="[2001:db8::1]:80";proto=https', "2001:db8::1"), ("for=198.51.100.7, for=203.0.113.9", "203.0.113.9"),
    ("for=203.0.113.9, for=127.0.0.1;by=127.0.0.2", "203.0.113.9"), ('for="x, for=198.51.100.7", for=203.0.113.9', "203.0.113.9"),
    ("for=_hidden", "127.0.0.1"), ("for=unknown", "127.0.0.1"), ("nonsense", "127.0.0.1"), ('for="', "127.0.0.1")])
def test_Forwarded_is_read_from_the_right(forwarded, value, expected):
    assert address(forwarded, "Forwarded", value) == expected
    assert address(forwarded, "X-Forwarded-For", "198.51.100.1") == "127.0.0.1"


@pytest.mark.parametrize("fixture, proto, expected", [
    ("trusting", "https", True), ("trusting", "http", False), ("trusting", "HTTPS", True), ("trusting", "https, http", False),
    ("trusting", "http, https", True), ("trusting", "nonsense", False), ("wary", "https", False)])
def test_a_cookie_is_Secure_if_a_trusted_proxy_says_https(request, fixture, proto, expected):
    server = request.getfixturevalue(fixture)
    answer = requests.get(server.url + "/rooms", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": proto}, timeout=DEADLINE)
    assert ("; Secure" in answer.headers["Set-Cookie"]) is expected
    assert ("Strict-Transport-Security" in answer.headers) is expected
    with EngineIO(server) as client:
        answer = client.fetch("EIO=4&transport=polling", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": proto})
    assert ("; Secure" in answer.headers["Set-Cookie"]) is expected


def test_clients_behind_a_proxy_are_counted_by_their_own_addresses(start):
    server = start("--connections-per-address", "3", "--trusted-proxy", "loopback", quick=False)
    person = Person(server)
    several = [person.native(headers={"X-Forwarded-For": "203.0.113.9"}) for _ in range(3)]
    with pytest.raises(Exception, match="429"):
        person.native(headers={"X-Forwarded-For": "203.0.113.9"})
    with pytest.raises(Exception, match="429"):
        person.native(headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    others = [person.native(headers={"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(10, 20)]
    several.pop().socket.close()
    again = eventually(lambda: connected(person, "203.0.113.9"), "room for another connection")
    for client in (*several, *others, again):
        client.socket.close()


def connected(person, address):
    try:
        return person.native(headers={"X-Forwarded-For": address})
    except Exception as refusal:
        assert "429" in str(refusal)
        return None


def test_a_forged_address_gives_no_more_connections_or_password_attempts(start):
    server = start("--connections-per-address", "20", "--password-attempts", "3", "--rate", "0", quick=False)
    ann = server.person("Ann")
    room = ann.create_room(password="secret")
    codes = []
    for number in range(6):
        eve = Person(server, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        codes.append(eve.post(f"/room/{room}/join", {"password": "guess"}).json()["code"])
    assert codes[:3] == ["wrong_password"] * 3 and codes[3:] == ["rate"] * 3


# Where the server itself is


@pytest.mark.parametrize("host", ["::1", "::"])
def test_a_server_on_IPv6_knows_addresses_in_their_plain_form(start, host):
    server = start(host=host)
    server.host = "::1"
    ann = server.person("Ann")
    with ann.native():
        assert server.addresses(ann.id) == {"websocket": "::1"}
    if host == "::":
        server.host = "127.0.0.1"
        bob = server.person("Bob")
        with bob.native():
            # An IPv4 address in IPv6's clothes is the IPv4 address.
            assert server.addresses(bob.id) == {"websocket": "127.0.0.1"}


def test_a_proxy_that_comes_by_IPv4_to_an_IPv6_socket_is_recognized(start):
    server = start("--trusted-proxy", "127.0.0.1", host="::")
    server.host = "127.0.0.1"
    assert address(server, "X-Forwarded-For", "203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize("value", ["nonsense", "10.0.0.0/99", "0.0.0.0/0", "localhost", "loopback,nonsense"])
def test_a_list_of_proxies_that_cannot_be_read_is_a_bad_setting(tmp_path, value):
    ended = run("serve", "--port", 0, "--data", tmp_path / "data", "--trusted-proxy", value)
    assert ended.returncode != 0 and "trusted" in ended.stderr.lower(), ended.stderr
