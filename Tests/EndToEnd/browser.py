"""People with a browser. They find things as people do: by role and name."""

import os
import re
import shutil
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
SCREENSHOTS = Path(__file__).parent / "screenshots"

expect.set_options(timeout=20_000)


class Visitor:
    """Somebody with a window. `complaints` are errors that the browser's console shows."""

    def __init__(self, context, url, name=None):
        self.context = context
        self.url = url
        self.complaints = []
        self.allowed = []
        self.page = self.new_page()
        if name:
            assert context.request.post(f"{url}/name", data={"name": name}).ok

    def new_page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("console", self._note)
        return page

    def _note(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    @property
    def room(self):
        """The id of the room that the window shows."""
        return self.page.url.rsplit("/", 1)[1].split("?")[0]

    # Going places

    def visit_lobby(self, query=""):
        self.page.goto(f"{self.url}/{query}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def open_room(self, title, seats=None, password=None):
        """Opens a room by the form of the lobby. Returns its id."""
        self.visit_lobby()
        self.page.get_by_label("Title").fill(title)
        if seats:
            self.page.get_by_label("Seats").fill(str(seats))
        if password:
            self.page.get_by_label(re.compile("Password")).fill(password)
        self.page.get_by_role("button", name="Open room").click()
        self.page.wait_for_url("**/room/*")
        self.expect_entered(title)
        return self.room

    def make_room(self, title="Tea house", **fields):
        """Makes a room without a page, for tests that are about something else. Returns its id."""
        return self.context.request.post(f"{self.url}/room", data={"title": title, **fields}).json()["id"]

    def visit_room(self, room, query=""):
        """Opens the room's address, whatever it shows."""
        self.page.goto(f"{self.url}/room/{room}{query}")
        return self

    def enter(self, room, query=""):
        self.visit_room(room, query)
        return self.expect_entered()

    def expect_entered(self, title=None):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title or re.compile("^(?!Roost$)."))
        expect(self.page.locator("#log[aria-busy=true]")).to_have_count(0)
        return self

    # Oneself and others

    @property
    def people(self):
        """The list of people. In a narrow window it is in a drawer."""
        button = self.page.get_by_role("button", name=re.compile("^(People|참가자)"))
        if button.is_visible() and not self.page.get_by_role("dialog").is_visible():
            button.click()
        return self.page.get_by_role("complementary").or_(self.page.get_by_role("dialog")).get_by_role("list").first

    def call_oneself(self, name):
        self.people.get_by_role("button", name="Change your name").click()
        dialog = self.page.get_by_role("dialog", name="What should others call you?")
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)

    # Messages

    @property
    def log(self):
        return self.page.get_by_role("log")

    @property
    def unsent(self):
        """What was written and is not in the room yet."""
        return self.page.locator("#unsent")

    @property
    def composer(self):
        return self.page.get_by_role("textbox", name=re.compile("Message|Whisper to|메시지|귓속말"))

    def say(self, text):
        self.composer.fill(text)
        self.composer.press("Enter")

    def text(self, text):
        """What has exactly this text in the room."""
        return self.log.get_by_text(text, exact=True)

    def expect_once(self, *texts):
        """Each is shown, and shown once, and in this order."""
        for text in texts:
            expect(self.text(text)).to_have_count(1)
            expect(self.text(text)).to_be_visible()
        shown = self.log.inner_text()
        places = [shown.index(text) for text in texts]
        assert places == sorted(places), shown

    # GIFs

    def choose_gif(self, data, name="a.gif", type="image/gif"):
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Send a GIF").click()
        chooser.value.set_files({"name": name, "mimeType": type, "buffer": data})

    def transfer(self, data, name="a.gif", type="image/gif"):
        """A file as it is dragged or pasted."""
        return self.page.evaluate_handle(
            """([bytes, name, type]) => {
                const transfer = new DataTransfer()
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type }))
                return transfer
            }""", [list(data), name, type])

    def drop_gif(self, data, **file):
        transfer = self.transfer(data, **file)
        for type in ("dragenter", "dragover", "drop"):
            self.page.get_by_role("main").dispatch_event(type, {"dataTransfer": transfer, "bubbles": True, "cancelable": True})

    def paste_gif(self, data, **file):
        self.composer.focus()
        self.composer.evaluate(
            "(box, transfer) => box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }))",
            self.transfer(data, **file))

    def pictures(self, name):
        return self.log.get_by_alt_text(name)

    def expect_picture(self, name, count=1):
        """So many pictures of that name are there, and the last one can be drawn."""
        expect(self.pictures(name)).to_have_count(count)
        image = self.pictures(name).last
        expect(image).to_be_visible()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") > 0
        return image

    # Judging

    def expect_accessible(self):
        # Colours that are still fading in would be judged halfway.
        self.page.evaluate("""() => Promise.all(document.getAnimations()
            .filter(animation => animation.effect.getTiming().iterations !== Infinity)
            .map(animation => animation.finished.catch(() => {})))""")
        results = Axe().run(self.page)
        assert results.violations_count == 0, results.generate_report()

    def screenshot(self, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def expect_no_complaints(self, allowed=()):
        complaints = [complaint for complaint in self.complaints if not any(word in complaint for word in allowed)]
        assert complaints == []
