"""What keeps a server from starting: one clear line, and an exit status that is not 0."""

import subprocess
from types import SimpleNamespace

import pytest

import roost
from roost import BINARY, ENVIRONMENT, Server, run


@pytest.fixture(scope="module")
def server(start):
    """A server that runs already."""
    return start()


@pytest.fixture
def folder(tmp_path):
    """The folder of a server that is to start, and `serve(…)`, which starts it in vain."""
    (tmp_path / "Plugins").mkdir()

    def serve(*flags, data=tmp_path / "data", plugins=tmp_path / "Plugins", environment=None, port=0):
        process = subprocess.Popen(
            [BINARY, "serve", "--port", str(port), "--data", data, "--plugins", plugins, *map(str, flags)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=ENVIRONMENT | (environment or {}))
        if process.stdout.readline():
            process.kill()
            pytest.fail("it started:\n" + process.communicate()[1])
        return subprocess.CompletedProcess(process.args, process.wait(), "", process.communicate()[1])

    return SimpleNamespace(path=tmp_path, serve=serve)


def refused(done, *words):
    """It ended with one line that has these words in it."""
    assert done.returncode > 0, done
    complaints = [line for line in done.stderr.splitlines() if line.startswith("roost: ")]
    assert len(complaints) == 1, done.stderr
    assert done.stderr.splitlines()[-1] == complaints[0], "the last line says why"
    for word in words:
        assert str(word) in complaints[0], complaints[0]


def test_a_data_folder_has_one_server(server, folder):
    refused(folder.serve(data=server.data), "another server is using the data folder", server.data)
    assert server.person().ask("ping")["type"] == "pong"


def test_a_port_that_is_in_use_is_named(server, folder):
    refused(folder.serve(port=server.port), f"port {server.port} is in use", "--port")
    assert server.person().ask("ping")["type"] == "pong"


def test_the_data_folder_is_free_again_when_its_server_was_killed(start):
    server = start()
    server.kill()
    assert (server.data / "console.sock").exists()
    server.start()
    assert server.console("status").returncode == 0


@pytest.mark.parametrize("flags, words", [
    (["--prot", "1"], ["prot", "did you mean 'port'"]), (["--burst", "many"], ["burst", "whole number", "many"]), (["--burst", "0"], ["burst", "1"]),
    (["--resume-grace", "soon"], ["resume-grace", "15s"]), (["--body-limit", "big"], ["body-limit", "64KiB"]),
    (["--history", "maybe"], ["history", "keep, none"]), (["--log-level", "loud"], ["log-level", "debug"]), (["--rate"], ["rate", "value"]),
    (["--port", "99999"], ["port", "65535"]), (["hello"], ["hello"]), (["--config", "nothing.toml"], ["nothing.toml"]),
    (["--tls-cert", "cert.pem"], ["tls-key"]), (["--tls-cert", "cert.pem", "--tls-key", "key.pem"], ["cert.pem"])],
    ids=lambda value: " ".join(value) if value and value[0].startswith("--") else None)
def test_a_wrong_flag_is_named(folder, flags, words):
    refused(folder.serve(*flags), *words)
    assert not (folder.path / "data" / "roost.sqlite").exists()


@pytest.mark.parametrize("text, words", [
    ("burst = 'many'", ["roost.toml", "burst", "many"]), ("\n\nbrust = 5", ["roost.toml", "brust", "did you mean 'burst'"]),
    ("a = = 5", ["roost.toml", ":1"]), ("\n\n[plugin", ["roost.toml", ":3"]), ("burst = -1", ["burst"]), ("burst = 1.5", ["burst"]),
    ("[rooms.lobby]\ntitle = 'x'\nmax = 1", ["rooms.lobby"]), ("[rooms.lobby]\ntitle = ''", ["rooms.lobby"]), ("\xff", ["roost.toml"]),
    ("rooms = 0", ["rooms", "1 to 1000000"]), ("plugin = 5", ["plugin"]), ("[rooms.lobby]\nmaks = 5", ["maks"])])
def test_a_wrong_configuration_is_named_with_its_key(folder, text, words):
    (folder.path / "roost.toml").write_bytes(text.encode("latin-1"))
    refused(folder.serve("--config", folder.path / "roost.toml"), *words)


def test_a_wrong_environment_is_named(folder):
    refused(folder.serve(environment={"ROOST_BURST": "many"}), "ROOST_BURST", "burst")
    refused(folder.serve(environment={"ROOST_BRUST": "5"}), "ROOST_BRUST", "did you mean 'burst'")


def test_flags_come_before_the_environment_and_that_before_the_file(start, tmp_path):
    (tmp_path / "file.toml").write_text("burst = 1\nrate = 1\nping = '1s'\n")
    before = dict(roost.ENVIRONMENT)
    roost.ENVIRONMENT |= {"ROOST_RATE": "2", "ROOST_PING": "2s"}
    try:
        server = Server(tmp_path, "--config", tmp_path / "file.toml", "--ping", "3s").start()
    finally:
        roost.ENVIRONMENT.clear()
        roost.ENVIRONMENT.update(before)
    rows = {line.split()[0]: line.split()[1:] for line in server.type("limits --all").split("\n")}
    assert (rows["burst"][0], rows["rate"][0], rows["ping"][0]) == ("1", "2", "3s")
    assert "ROOST_RATE" in " ".join(rows["rate"]) and "file.toml" in " ".join(rows["burst"]) and "--ping" in rows["ping"]
    assert server.stop() == 0


def test_a_data_folder_that_cannot_be_is_named(folder):
    (folder.path / "file").write_text("")
    refused(folder.serve(data=folder.path / "file"), folder.path / "file")
    refused(folder.serve(data=folder.path / "file" / "data"), folder.path / "file" / "data")


def test_a_damaged_data_folder_is_named(folder):
    data = folder.path / "data"
    data.mkdir()
    (data / "roost.sqlite").write_bytes(b"this is no database" * 100)
    refused(folder.serve(), "roost.sqlite")
    (data / "roost.sqlite").unlink()
    (data / "secret").write_bytes(b"short")
    refused(folder.serve(), "secret", "damaged")


def test_a_plugins_folder_that_is_not_there_is_named(folder):
    refused(folder.serve(plugins=folder.path / "nothing"), folder.path / "nothing")


def test_help_and_version_are_no_errors():
    version = run("--version")
    assert version.returncode == 0 and version.stdout.startswith("roost ")
    for command in ([], ["serve"], ["console"], ["plugin", "test"]):
        shown = run(*command, "--help")
        assert shown.returncode == 0 and "USAGE" in shown.stdout, command
    assert "--resume-grace" in run("serve", "--help").stdout


def test_rooms_of_the_configuration_are_always_there(start):
    server = start("--room-grace", "0.2", config='[rooms.lobby]\ntitle = "Lobby"\nmax = 50\ntopic = "Hello"\n')
    shown = server.get("/room/lobby").json
    assert (shown["title"], shown["max"], shown["topic"], shown["owner"]) == ("Lobby", 50, "Hello", None)
    ann = server.person()
    ann.join("lobby")
    ann.ask("exit", room="lobby")
    server.restart()
    assert server.get("/room/lobby").json["title"] == "Lobby"
