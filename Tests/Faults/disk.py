"""A small disk of its own for a server: it can be filled, freed, and made read-only while the rest of the machine goes on."""

import shutil
import subprocess
import tempfile
from pathlib import Path


class NotPermitted(Exception):
    """This machine lets nobody mount here."""


class SmallDisk:
    """A file system in memory, mounted in a mount namespace of its own, so that nothing is left of it at the end.

    `folder` is where it is for a process that is started with `prefix`, `path` the same folder for everyone else.
    """

    def __init__(self, megabytes: int):
        self.folder = Path(tempfile.mkdtemp(prefix="roost-disk-"))
        mount = f"mount -t tmpfs -o size={megabytes}m roost '{self.folder}' && echo mounted && exec sleep infinity"
        # Who is not root is root in a namespace of users, where that is allowed.
        for way in [["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]]:
            self._holder = subprocess.Popen([*way, "sh", "-c", mount], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if self._holder.stdout.readline():
                break
            self._problem = self._holder.communicate()[1].strip()
        else:
            self.folder.rmdir()
            raise NotPermitted(f"no disk can be mounted here: {self._problem}")
        users = ["--user", "--preserve-credentials"] if "--map-root-user" in way else []
        self.prefix = ["nsenter", "--target", str(self._holder.pid), *users, "--mount", "--"]
        self.path = Path(f"/proc/{self._holder.pid}/root{self.folder}")

    @property
    def _filler(self) -> Path:
        return self.path / "filler"

    def fill(self, leaving: int = 0):
        """Leaves at most so many bytes."""
        with self._filler.open("ab", buffering=0) as file:
            while (free := shutil.disk_usage(self.path).free - leaving) > 0:
                try:
                    file.write(bytes(min(free, 1 << 20)))
                except OSError:
                    break

    def free(self):
        self._filler.unlink(missing_ok=True)

    def set_read_only(self, is_read_only: bool):
        """While no process has a file open for writing there."""
        mode = "ro" if is_read_only else "rw"
        subprocess.run([*self.prefix, "mount", "-o", f"remount,{mode}", str(self.folder)], check=True)

    def remove(self):
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()
        self._holder.stderr.close()
        self.folder.rmdir()
