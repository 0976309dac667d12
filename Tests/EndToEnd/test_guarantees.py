"""docs/guarantees.md names the tests that show each promise: they exist."""

import re

import pytest

from roost import REPOSITORY

PAGE = REPOSITORY / "docs/guarantees.md"
NAMED = re.findall(r"^- `(Tests/\S+)`: (.+?)(?:\. .*)?$", PAGE.read_text(), re.MULTILINE)


def test_the_page_names_tests():
    assert len(NAMED) > 30
    listed = re.findall(r"^- `Tests/", PAGE.read_text(), re.MULTILINE)
    assert len(listed) == len(NAMED), "each line is '- `path`: name'"


@pytest.mark.parametrize("path, name", NAMED, ids=[f"{path}-{name}"[:90] for path, name in NAMED])
def test_a_named_test_exists(path, name):
    text = (REPOSITORY / path).read_text()
    definition = {".swift": f'@Test("{name}"', ".py": f"def {name}(", ".mjs": f'test("{name}"'}["." + path.rsplit(".", 1)[1]]
    assert definition in text
