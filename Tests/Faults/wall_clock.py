"""The time of day of one process, which a test sets as somebody sets a machine's clock."""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("wall_clock.c")


class WallClock:
    """`environment` is for the process; `set` changes what it takes for the time, at once. Clocks that only run are not changed.

    `folder` gets the compiled library and the number that it reads.
    """

    def __init__(self, folder: Path):
        compiler = shutil.which("cc") or shutil.which("clang")
        if compiler is None:
            raise FileNotFoundError("there is no C compiler")
        library = folder / "wall_clock.so"
        subprocess.run([compiler, "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        self._shift = folder / "wall_clock_shift"
        self._shift.write_bytes(struct.pack("=q", 0))
        self.environment = {"LD_PRELOAD": str(library), "WALL_CLOCK_SHIFT": str(self._shift)}

    def set(self, seconds: int):
        """So much ahead of the real time, or behind it."""
        with self._shift.open("r+b") as file:
            file.write(struct.pack("=q", seconds))
