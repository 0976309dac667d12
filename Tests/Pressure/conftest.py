"""Servers under pressure, and the table of what was measured."""

import resource

import pytest

from load import Fanload, PressedServer, build_fanload

ROWS: list[tuple[str, str, str]] = []


def pytest_configure(config):
    # Ten thousand sockets on either side.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def pytest_terminal_summary(terminalreporter):
    if ROWS:
        terminalreporter.write_line("")
        terminalreporter.write_line("| Pressure | Figure | Value |")
        terminalreporter.write_line("|---|---|---|")
        for row in ROWS:
            terminalreporter.write_line(f"| {' | '.join(row)} |")


@pytest.fixture
def table(request):
    """A function that adds a line to the table: what was measured, and what came out."""
    title = (request.node.function.__doc__ or request.node.name).split(".")[0].split("\n")[0]

    def add(figure: str, value: str):
        ROWS.append((title, figure, value))

    return add


@pytest.fixture
def start():
    """A function that starts a server with rooms `r0` to `r<rooms - 1>` and settings, of which some are for one machine's load."""
    servers = []

    def start(*settings: str, rooms: int = 10, core: int | None = None) -> PressedServer:
        servers.append(PressedServer(*settings, rooms=rooms, core=core))
        return servers[-1]

    yield start
    for server in servers:
        assert server.is_running, "the server ended: " + "".join(server.said[-20:])
        server.stop()


@pytest.fixture(scope="session")
def fanload(tmp_path_factory) -> Fanload:
    """The load generator; tests that need it are skipped where its source is not there."""
    return build_fanload(tmp_path_factory.mktemp("fanload"))
