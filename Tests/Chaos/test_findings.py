"""What storms have found, each by itself."""

import json
import threading
import urllib.request

from server import Server

#: Keeps each message waiting for a while before it passes, and says that it does.
SLOW = """
roost.on("chat", function(e)
  roost.log.warn("a message waits")
  roost.sleep(1)
end, { deadline = 5 })
"""


class Voice:
    """Somebody who speaks by POST."""

    def __init__(self, server: Server):
        self.server = server
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/rooms") as answer:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def post(self, path: str, **fields) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}{path}", json.dumps(fields).encode(), {"Content-Type": "application/json", "Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def test_a_message_that_is_under_way_when_the_server_ends_gets_its_own_answer(tmp_path):
    """Seed 104: the answer was the server's farewell, and a client could take that for an acknowledgement."""
    (tmp_path / "slow.lua").write_text(SLOW)
    server = Server(plugins=tmp_path)
    room = server.make_room()
    ann = Voice(server)
    ann.post(f"/room/{room}/join")
    answers = []
    speaking = threading.Thread(target=lambda: answers.append(ann.post(f"/room/{room}/chat", text="wait for me", cid="1")))
    speaking.start()
    server.expect("a message waits")
    assert server.end() == 0
    speaking.join(30)
    assert [answer["type"] for answer in answers] == ["ok"]
    server.start()
    assert ann.post(f"/room/{room}/join")["type"] == "joined"
    assert ann.post(f"/room/{room}/chat", text="wait for me", cid="1")["seq"] == answers[0]["seq"]
    server.stop()
