"""TLS: https and wss, and certificates that are replaced while the server runs."""

import http.client
import os
import re
import socket
import ssl
import subprocess

import pytest

from ways import DEADLINE, eventually, run, untrusting


def make_certificate(folder, name, days=30, key="ec", san="DNS:localhost,IP:127.0.0.1"):
    """A self-signed certificate and its key, by openssl."""
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if key == "ec" else ["-newkey", "rsa:2048"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, "-nodes", "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName={san}",
         "-keyout", private, "-out", certificate], check=True, capture_output=True)
    return certificate, private


@pytest.fixture(scope="module")
def server(start, tmp_path_factory):
    return start(certificate=make_certificate(tmp_path_factory.mktemp("tls"), "localhost"))


def subject(server):
    """The name in the certificate that the server shows now."""
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as plain:
        with untrusting().wrap_socket(plain, server_hostname="localhost") as secure:
            der = secure.getpeercert(binary_form=True)
    text = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-subject"], input=der, capture_output=True).stdout.decode()
    return re.search(r"CN\s*=\s*(\S+)", text).group(1)


def handshake(server, version):
    context = untrusting()
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return secure.version(), secure.recv(12)


def test_everything_works_over_https_and_wss(server):
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    native = ann.native()
    native.join(room)
    clients = [bob.socket(by) for by in (["polling"], ["websocket"], None)]
    stream = bob.stream(f"/room/{room}/events")
    for client in clients:
        client.join(room)
    native.ask("chat", room=room, text="one")
    bob.say(room, "two")
    clients[0].ask("chat", {"chat": "three"})
    assert all(client.texts("three") == ["one", "two", "three"] for client in (native, stream, *clients))
    stream.close()
    for client in clients:
        client.close()


def test_a_certificate_that_is_trusted_is_verified(server):
    context = ssl.create_default_context(cafile=server.certificate[0])
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=DEADLINE)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_cookies_are_for_TLS_alone_and_browsers_are_to_stay_with_it(server):
    connection = http.client.HTTPSConnection("localhost", server.port, context=untrusting(), timeout=DEADLINE)
    connection.request("GET", "/rooms")
    answer = connection.getresponse()
    flags = {flag.strip() for flag in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    connection.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def test_versions_that_are_safe_are_spoken(server, version):
    assert handshake(server, version)[1] == b"HTTP/1.1 200"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=lambda version: version.name)
def test_versions_that_are_not_safe_are_refused(server, version):
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        handshake(server, version)


@pytest.mark.parametrize("bytes", [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x00", b"\x00" * 2000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
                         ids=["plain HTTP", "the beginning of a handshake", "zeros", "a piece of a ClientHello"])
def test_what_is_no_TLS_ends_its_connection_alone(server, leaves_nothing, bytes):
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as plain:
        plain.settimeout(DEADLINE)
        try:
            plain.sendall(bytes)
            plain.shutdown(socket.SHUT_WR)
            while plain.recv(4096):
                pass
        except OSError:
            pass  # The server has ended it already.


# Replacing certificates


def replace(server, files):
    """As certbot does: each file is replaced in one step."""
    for new, old in zip(files, server.certificate):
        os.replace(new, old)


def break_it(server, flaw, folder):
    certificate, key = server.certificate
    if flaw == "nonsense":
        certificate.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    elif flaw == "key of another":
        os.replace(make_certificate(folder, "other")[0], certificate)
    elif flaw == "empty":
        key.write_text("")
    else:
        certificate.unlink()


FLAWS = ["nonsense", "key of another", "empty", "gone"]


@pytest.fixture(scope="module")
def renewing(start, tmp_path_factory):
    """Servers whose first certificate is being replaced, all at the same time: one by a good one, the others by bad ones."""
    servers = {}
    for kind in ["good", *FLAWS]:
        folder = tmp_path_factory.mktemp("tls")
        servers[kind] = start(certificate=make_certificate(folder, "first")), folder
        assert subject(servers[kind][0]) == "first"
    for flaw in FLAWS:
        break_it(servers[flaw][0], flaw, servers[flaw][1])
    return servers


def test_a_new_certificate_is_taken_up_and_open_connections_go_on(renewing):
    server, folder = renewing["good"]
    ann = server.person("Ann")
    room = ann.create_room()
    before, polling = ann.native(), ann.socket(["polling"])
    before.join(room)
    polling.join(room)
    replace(server, make_certificate(folder, "second", key="rsa"))
    eventually(lambda: subject(server) == "second", "the new certificate")
    server.log.match("certificate .* has changed")
    assert before.ask("chat", room=room, text="still here")["type"] == "ok"
    assert polling.ask("chat", {"chat": "me too"})["type"] == "ok"
    assert before.texts("me too") == polling.texts("me too") == ["still here", "me too"]
    before.socket.close()
    polling.close()


@pytest.fixture(scope="module")
def noticed(renewing):
    """What each server said of its bad certificate; after that they all get a good one."""
    lines = {flaw: renewing[flaw][0].log.expect(lambda line: "certificate cannot be used" in line, "a line in the log") for flaw in FLAWS}
    for flaw in FLAWS:
        assert subject(renewing[flaw][0]) == "first", "the old certificate is gone"
        assert renewing[flaw][0].person().get("/healthz").status_code == 200
    for flaw in FLAWS:
        replace(renewing[flaw][0], make_certificate(renewing[flaw][1], "third"))
    return lines


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_broken_new_certificate_keeps_the_old_one(renewing, noticed, flaw):
    server, _ = renewing[flaw]
    assert "error" in noticed[flaw] and "the old one stays" in noticed[flaw]
    eventually(lambda: subject(server) == "third", "the next good certificate")
    # However often it was looked at, it was said once.
    assert len([line for line in server.log.items if "certificate cannot be used" in line]) == 1


@pytest.mark.parametrize("files, said", [
    (("nothing.pem", "nothing.key"), "nothing.pem"), (("good.pem", "nothing.key"), "nothing.key"), (("good.pem", "other.key"), "good.pem"),
    (("bad.pem", "good.key"), "bad.pem")], ids=["no certificate", "no key", "another's key", "no PEM"])
def test_a_server_does_not_start_with_a_bad_certificate(tmp_path, files, said):
    make_certificate(tmp_path, "good")
    make_certificate(tmp_path, "other")
    (tmp_path / "bad.pem").write_text("nonsense")
    certificate, key = (tmp_path / name for name in files)
    ended = run("serve", "--port", 0, "--data", tmp_path / "data", "--tls-cert", certificate, "--tls-key", key)
    assert ended.returncode != 0 and "listening" not in ended.stdout
    assert said in ended.stderr and len(ended.stderr.splitlines()) == 1, ended.stderr


def test_a_certificate_without_its_key_is_a_bad_setting(tmp_path):
    certificate, _ = make_certificate(tmp_path, "good")
    ended = run("serve", "--port", 0, "--data", tmp_path / "data", "--tls-cert", certificate)
    assert ended.returncode != 0 and "tls-key" in ended.stderr, ended.stderr
