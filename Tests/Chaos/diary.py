"""What each client did and saw, in its order: the evidence that the model judges by, and that a failed run leaves behind."""

import json
from pathlib import Path


class Diary:
    """One client's notes, each a line of JSON that is in the file before anything else happens.

    `what` is one of
    - `sent` (`cid`, `text`), before it goes out, once per attempt; `answered` (`cid`, `seq`); `refused` (`cid`, `code`)
    - `joined` (`epoch`, `seq`, `reset`): let in, and shown everything after `seq`, which was seen before
    - `shown` (`epoch`, `event`): what came, as it came; `partial` if not all of the event can be told by the transport
    - `at` (`seq`): the number that the server says one has come to
    - `lost` (`why`): the connection is gone
    """

    def __init__(self, path: Path, person: str, room: str):
        self._file = path.open("w", buffering=1)
        self.note("is", person=person, room=room)

    def note(self, what: str, **fields):
        self._file.write(json.dumps({"what": what, **fields}, ensure_ascii=False) + "\n")

    def close(self):
        self._file.close()


def read(path: Path) -> list[dict]:
    """The notes of one client; the first says whose they are."""
    return [json.loads(line) for line in path.read_text().splitlines()]
