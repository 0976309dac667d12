"""Server-sent events, as a browser's EventSource reads them (WHATWG HTML §9.2)."""

import http.client
import json

from roost import DEADLINE


class EventStream:
    """An open stream. `last_id` is what a browser would send as `Last-Event-ID`."""

    def __init__(self, server, path, cookie=None, **headers):
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
        headers = {"Accept": "text/event-stream"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            headers["Cookie"] = cookie
        self._connection.request("GET", path, headers=headers)
        self.response = self._connection.getresponse()
        self.status = self.response.status
        self.cookie = cookie or (self.response.headers.get("Set-Cookie") or "").split(";")[0]
        self.last_id = None

    def next(self):
        """The next message; None at the stream's end."""
        data = []
        while line := self.response.readline():
            line = line.decode().rstrip("\n")
            if line.startswith("data:"):
                data.append(line[5:].removeprefix(" "))
            elif line.startswith("id:"):
                self.last_id = line[3:].strip()
            elif not line and data:
                return json.loads("\n".join(data))
        return None

    def expect(self, type, **fields):
        """The next message of that type and with these fields; others are passed over."""
        fields["type"] = type
        while (message := self.next()) is not None:
            if all(message.get(name) == value for name, value in fields.items()):
                return message
        raise AssertionError(f"the stream ended before {fields}")

    def close(self):
        self.response.close()
        self._connection.close()
