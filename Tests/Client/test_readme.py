"""The example in the library's README, as it stands there."""

import re

from browsing import wait
from server import REPOSITORY

PAGE = """<!doctype html><title>Example</title><link rel="icon" href="data:,"><pre id="log"></pre>
<script type="module" src="/test/example.js"></script>"""


def example() -> str:
    """The first block of code."""
    text = (REPOSITORY / "Public/js/roost/README.md").read_text()
    return re.search(r"```js\n(.*?)```", text, re.DOTALL)[1]


def test_it_takes_ten_lines_to_be_in_a_room(server, proxy, browser):
    code = example()
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    room = server.make_room(password="sesame")
    assert '"k3v9"' in code and '"…"' in code
    code = code.replace('"k3v9"', f'"{room}"').replace('"…"', '"sesame"')
    page = browser.new_page()
    wrong, said = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.route("**/test/example.html", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route("**/test/example.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
    page.goto(f"http://127.0.0.1:{proxy.port}/test/example.html")
    for _ in range(2):
        wait(page, "document.getElementById('log').textContent.match(/: Hello!/g)?.length === 1")
        # It comes back, and shows nothing twice.
        proxy.cut()
        server.kill()
        server.start()
        page.wait_for_timeout(1000)
    assert any(line.startswith("joined") for line in said)
    assert not wrong, wrong
    page.close()
