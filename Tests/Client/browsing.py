"""What tests ask of the page in page/."""

import time

from playwright.sync_api import Page

#: Seconds that something may take.
PATIENCE = 20


def wait(page: Page, condition: str, seconds: float = PATIENCE):
    """Until it is true. (Playwright's own waiting evaluates strings in the page, which its content policy forbids.)"""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {condition}")
        page.wait_for_timeout(20)


def shown(page: Page) -> list[str]:
    """The messages as they stand there, each with its number."""
    return page.evaluate("client.shown()")


def wait_for_message(page: Page, text: str):
    wait(page, f"client.shown().some((line) => line.endsWith({text!r}))")
