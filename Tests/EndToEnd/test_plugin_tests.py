"""`roost plugin test`: the standard plugins pass theirs, and a test that fails says where."""

import re

import pytest

from roost import STANDARD_PLUGINS, run


@pytest.mark.parametrize("plugin", sorted(path.name for path in STANDARD_PLUGINS.iterdir() if (path / "plugin.json").exists()))
def test_a_standard_plugin_passes_its_own_tests(plugin):
    done = run("plugin", "test", STANDARD_PLUGINS / plugin)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_standard_plugins_are_tested_at_once():
    done = run("plugin", "test", STANDARD_PLUGINS)
    passed, failed = map(int, re.search(r"(\d+) passed, (\d+) failed", done.stdout).groups())
    assert passed >= 25 and failed == 0, done.stdout


def test_a_test_that_fails_is_shown_with_its_place(tmp_path):
    for name, text in {"init.lua": "", "plugin.json": '{"id": "broken", "version": "1.0.0", "api": 1, "hooks": ["chat"]}',
                       "test.lua": 'test("two is three", function(t)\n  assert(2 == 3, "it is not")\nend)'}.items():
        (tmp_path / "broken").mkdir(exist_ok=True)
        (tmp_path / "broken" / name).write_text(text)
    done = run("plugin", "test", tmp_path / "broken")
    assert done.returncode == 1
    assert "broken: two is three" in done.stdout and "it is not" in done.stdout and "test.lua:2" in done.stdout
    assert "0 passed, 1 failed" in done.stdout


def test_a_folder_without_plugins_or_nothing_at_all_is_an_error(tmp_path):
    done = run("plugin", "test", tmp_path)
    assert done.returncode != 0 and "no tests" in done.stdout + done.stderr
    done = run("plugin", "test", tmp_path / "nothing")
    assert done.returncode != 0 and "nothing" in done.stderr
