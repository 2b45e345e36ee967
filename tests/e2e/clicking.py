"""Clicks as people make them: what was redrawn under the pointer is clicked once more."""

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NothingHappened

TRIES = 3
PATIENCE = 6_000  # milliseconds


def replies(page: Page) -> Locator:
    """What commands were answered with, for one's own eyes: other messages may come at any moment between them."""
    return page.get_by_role("article").filter(has_text="Only visible to you")


def opened_by(page: Page, clicked: Locator) -> Page:
    """The tab that a click opens. The chat page draws a message anew when the app changes it, at any moment."""
    for left in reversed(range(TRIES)):
        try:
            with page.expect_popup(timeout=PATIENCE) as opened:
                clicked.click()
        except NothingHappened:
            if not left:
                raise
        else:
            return opened.value
    raise AssertionError("unreachable: the last try returns or raises")
