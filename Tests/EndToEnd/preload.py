"""Stand-ins for what a test cannot do to a machine, loaded into the server with LD_PRELOAD."""

import shutil
import subprocess
from pathlib import Path

import pytest

import roost


def compiled(name, folder):
    """The library made of a C file beside this one."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if not compiler:
        pytest.skip("there is no C compiler to make the stand-in with")
    target = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", target, source, "-ldl", "-lpthread"], check=True)
    return target


def start(server, library, **variables):
    """Starts a server with the library in it."""
    before = dict(roost.ENVIRONMENT)
    roost.ENVIRONMENT |= {"LD_PRELOAD": str(library)} | {name: str(value) for name, value in variables.items()}
    try:
        return server.start()
    finally:
        roost.ENVIRONMENT.clear()
        roost.ENVIRONMENT.update(before)
