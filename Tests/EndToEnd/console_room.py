"""What the console's tests share: a server, a way in, and a room whose names are its own."""

import itertools
import shlex

import pytest

from roost import Room


@pytest.fixture(scope="module")
def server(start):
    config = '[plugin.guard]\nbanned = ["darn"]\nflood_messages = 1000000\nmute_after = 100\n'
    return start("--resume-grace", "60s", plugins="standard", config=config)


@pytest.fixture(params=["typed", "attached"])
def console(server, request):
    """Carries a command out, by either way in, and returns what is printed."""
    if request.param == "typed":
        return server.type

    def attached(line):
        done = server.console(*shlex.split(line))
        assert done.stderr == ""
        return done.stdout.rstrip("\n")

    return attached


numbers = itertools.count(1)


@pytest.fixture
def room(server):
    """A room, and people in it, whose names nobody else has: each ends in `room.number`."""
    number = next(numbers)
    room = Room(server, f"Tea house {number}", suffix=number)
    room.number = number
    return room
