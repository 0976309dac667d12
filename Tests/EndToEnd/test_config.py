"""`roost config`: the settings without a server."""

import tomllib

from roost import STANDARD_PLUGINS, run


def write(folder, text):
    file = folder / "roost.toml"
    file.write_text(text)
    return ["--plugins", STANDARD_PLUGINS, "--config", file]


def test_a_configuration_without_mistakes_is_fine(tmp_path):
    done = run("config", "check", *write(tmp_path, 'port = 9000\n[plugin.guard]\nbanned = ["darn"]\n[hooks.order]\nchat = ["guard"]\n'))
    assert done.returncode == 0 and "fine" in done.stdout, done.stdout + done.stderr


def test_mistakes_are_named_with_their_places(tmp_path):
    done = run("config", "check", *write(tmp_path, '[plugin.guard]\nbaned = ["darn"]\n[plugin.greeet]\n[hooks.order]\ncaht = ["guard"]\n'))
    assert done.returncode == 1
    assert "[plugin.guard] sets 'baned', which the plugin does not have; did you mean 'banned'?" in done.stdout
    assert "'greeet'" in done.stdout and "did you mean 'greet'?" in done.stdout
    assert "names the event 'caht', which does not exist; did you mean 'chat'?" in done.stdout
    done = run("config", "check", *write(tmp_path, "prot = 9000\n"))
    assert done.returncode == 1 and "there is no setting 'prot'; did you mean 'port'?" in done.stderr and "roost.toml" in done.stderr
    done = run("config", "check", "--time-zone", "Asia/Soul")
    assert done.returncode == 1 and "must be a time zone" in done.stderr


def test_what_is_printed_is_a_file_that_says_the_same(tmp_path):
    flags = write(tmp_path, 'origins = ["https://a.example", "https://b.example"]\n[plugin.guard]\nbanned = ["darn", "바보"]\nmute_after = 5\n'
                            '[rooms.lobby]\ntitle = "Lobby"\npassword = "secret"\n[hooks.order]\nchat = ["guard", "greet"]\n')
    done = run("config", "print", *flags, "--port", "9001")
    assert done.returncode == 0 and "secret" not in done.stdout
    printed = tomllib.loads(done.stdout)
    assert printed["port"] == 9001 and printed["origins"] == ["https://a.example", "https://b.example"] and printed["rate"] == 5
    assert printed["plugin"]["guard"] == {"banned": ["darn", "바보"], "mute_after": 5}
    assert printed["hooks"]["order"]["chat"] == ["guard", "greet"] and printed["rooms"]["lobby"] == {"title": "Lobby"}
    assert "# --port" in done.stdout and "# standard" in done.stdout
    (tmp_path / "again.toml").write_text(done.stdout)
    again = run("config", "print", "--config", tmp_path / "again.toml")
    assert tomllib.loads(again.stdout) == printed
