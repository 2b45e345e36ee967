"""`make screenshots`: every page and state, light and dark, wide and narrow, into screenshots/.

Nothing is compared: a person looks at them. `screenshots/chat-answer-wide.png` is the README's picture.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page

from tests.support.browser import chromium_path, running_browser
from tests.support.stack import Stack, running_stack

FOLDER = Path("screenshots")
QUESTION = "I'm being asked to authorize the Zoom app again. Why?"
SIZES = {"wide": (1200, 800), "phone": (390, 844)}


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Message").first.fill(question)
    page.keyboard.press("Enter")
    replies = page.get_by_text("1 reply")
    replies.wait_for()
    if not page.locator("#thread").is_visible():  # a narrow page shows threads on demand
        replies.click()
    page.get_by_text("PT").last.wait_for()


def answer(page: Page) -> None:
    ask(page, QUESTION)


def helpful(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("Thanks, noted").wait_for()


def suggested(page: Page) -> None:
    ask(page, "zoom")


def unknown(page: Page) -> None:
    ask(page, "What is the capital of Mongolia?")


def person(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Talk to a person").click()
    page.locator("#modal").get_by_role("button", name="Send").wait_for()


def missing(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="No, this was not helpful").click()
    page.locator("#modal").get_by_role("textbox", name="What was missing?").wait_for()


def handed_over(page: Page) -> None:
    person(page)
    page.locator("#modal").get_by_role("button", name="Send").click()
    page.get_by_text("Your question is with the people at Retain.").first.wait_for()


def help_text(page: Page) -> None:
    ask(page, "hi")


def home(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    page.get_by_text("Common questions").wait_for()


def home_answer(page: Page) -> None:
    home(page)
    page.get_by_role("button", name="Connect Zoom to Retain").click()
    page.get_by_role("dialog").get_by_text("Was this helpful?").wait_for()


def in_channel(page: Page, text: str) -> None:
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    page.locator("#channels").get_by_text("general").click()
    page.get_by_role("textbox", name="Message #general").fill(text)
    page.keyboard.press("Enter")


def command(page: Page) -> None:
    in_channel(page, f"/retain ask {QUESTION}")
    page.get_by_text("Was this helpful?").wait_for()


def mention(page: Page) -> None:
    in_channel(page, f"@Retain {QUESTION}")
    page.get_by_text("1 reply").wait_for()


CHAT: dict[str, Callable[[Page], None] | None] = {
    "empty": None,
    "answer": answer,
    "helpful": helpful,
    "suggested": suggested,
    "unknown": unknown,
    "person": person,
    "missing": missing,
    "handed-over": handed_over,
    "help": help_text,
    "home": home,
    "home-answer": home_answer,
    "command": command,
    "mention": mention,
}
PAGES = {"home": "/", "article": "/help/deauthorize-zoom", "missing": "/help/nothing", "integrations": "/integrations"}
PAGES |= {"no-such-link": "/connect/nothing", "support": "/support", "support-about": "/support?about=connect-zoom"}


def choose(page: Page, name: str) -> None:
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    page.locator("#me").click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()
    if page.locator("#side-close").is_visible():  # a narrow page: what is behind the list is wanted
        page.locator("#side-close").click()


def link_page(page: Page) -> Page:
    """The newest connect link's page, in a tab of its own."""
    link = page.get_by_role("link", name="/connect/").last
    link.wait_for()
    with page.expect_popup() as opened:
        link.click()
    opened.value.get_by_role("button", name="Continue to Zoom").wait_for()
    return opened.value


def sign_in(tab: Page, who: str, button: str = "Allow") -> None:
    tab.get_by_role("button", name="Continue to Zoom").click()
    tab.get_by_role("radio", name=who).check()
    tab.get_by_role("button", name=button).click()
    tab.get_by_role("heading", level=1).wait_for()


def connecting(page: Page, draw_page: Callable[[Page, str], None]) -> None:
    """From `/retain connect` to connected, with what can come in between."""
    choose(page, "Jonas Weber")
    box = page.get_by_role("textbox", name="Message").first
    for name, who, button in (
        ("denied", "Jonas Weber", "Deny"),
        ("not-admin", "Maya Chen", "Allow"),
        ("connected", "Jonas Weber", "Allow"),
    ):
        box.fill("/retain connect")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1_500)
        tab = link_page(page)
        if name == "denied":
            draw_page(page, "chat-connect-link")
            draw_page(tab, "connect-page")
            tab.get_by_role("button", name="Continue to Zoom").click()
            tab.get_by_role("radio").first.wait_for()
            draw_page(tab, "zoom-consent")
            tab.go_back()
        sign_in(tab, who, button)
        draw_page(tab, f"connect-{name}")
        tab.close()
        page.wait_for_timeout(2_500)  # the card follows along
        draw_page(page, f"chat-connect-{name}")
    box.fill("/retain status")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="History").last.click()
    page.get_by_role("dialog").get_by_text("Connected").first.wait_for()
    draw_page(page, "chat-history")
    page.keyboard.press("Escape")
    draw_page(page, "chat-status")


def reports(page: Page, draw_page: Callable[[Page, str], None]) -> None:
    """From `/retain hours` to the hours, the meetings behind them, the proof of one, and out again."""
    choose(page, "Jonas Weber")
    page.get_by_role("textbox", name="Message").first.fill("/retain hours last 3 months")
    page.keyboard.press("Enter")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the report").last.click()
    tab = opened.value
    tab.get_by_role("button", name="Open it in this browser").wait_for()
    draw_page(tab, "report-sign-in")
    tab.get_by_role("button", name="Open it in this browser").click()
    tab.get_by_role("heading", name="Meeting hours of").wait_for()
    draw_page(tab, "report-hours")
    tab.locator("tfoot .total").first.get_by_role("link").first.click()
    tab.get_by_role("heading", name="Meetings with customers").wait_for()
    draw_page(tab, "report-meetings")
    tab.locator("tbody").get_by_role("link").first.click()
    tab.locator("svg.timeline").wait_for()
    draw_page(tab, "report-duration")
    tab.get_by_role("link", name="One meeting").click()
    draw_page(tab, "report-look-up")
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("heading", name="You are signed out").wait_for()
    draw_page(tab, "report-signed-out")
    tab.close()


def at_desk(page: Page) -> None:
    choose(page, "Sam Rivera")
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    page.locator("#channels").get_by_text("support-desk").click()


def desk(page: Page, draw_page: Callable[[Page, str], None]) -> None:
    """What the staff see of a hand-over: card, queue, how the promise was kept, gaps, a notice; and their pages."""
    choose(page, "Maya Chen")
    handed_over(page)
    page.keyboard.press("Escape")
    at_desk(page)
    page.get_by_role("button", name="Claim").last.click()
    page.get_by_text("Claimed by").last.wait_for()
    page.wait_for_timeout(1_500)
    draw_page(page, "chat-desk-card")
    box = page.get_by_role("textbox", name="Message #support-desk")
    for command in ("queue", "sla", "gaps", "notifications"):
        box.fill(f"/retain {command}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(3_000)
        draw_page(page, f"chat-desk-{command}")
    box.fill("/retain sla")
    page.keyboard.press("Enter")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="See it as a page").last.click()
    tab = opened.value
    tab.get_by_role("button", name="Open it in this browser").click()
    tab.get_by_role("link", name="Gaps").wait_for()
    draw_page(tab, "staff-sla")
    tab.get_by_role("link", name="Gaps").click()
    tab.get_by_role("heading", level=1).wait_for()
    draw_page(tab, "staff-gaps")
    tab.close()
    box.fill('/retain incident "Zoom is down; hours will be repaired"')
    page.keyboard.press("Enter")
    page.locator("#modal").get_by_role("button").last.wait_for()
    draw_page(page, "chat-desk-incident")
    page.keyboard.press("Escape")


def draw(stack: Stack, browser: Browser) -> None:
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            suffix = size if scheme == "light" else f"{size}-dark"
            for name, steps in CHAT.items():
                requests.post(f"{stack.chat}sandbox/reset", json={}, timeout=10).raise_for_status()
                page = context.new_page()
                page.goto(stack.chat)
                page.get_by_role("textbox", name="Message").first.wait_for()
                if steps:
                    steps(page)
                page.wait_for_timeout(400)  # for what moves to come to rest
                page.screenshot(path=FOLDER / f"chat-{name}-{suffix}.png")
                page.close()
            page = context.new_page()
            page.goto(stack.chat)
            connecting(page, lambda shown, name, suffix=suffix: _keep(shown, f"{name}-{suffix}"))  # type: ignore[misc]
            reports(page, lambda shown, name, suffix=suffix: _keep(shown, f"{name}-{suffix}"))  # type: ignore[misc]
            desk(page, lambda shown, name, suffix=suffix: _keep(shown, f"{name}-{suffix}"))  # type: ignore[misc]
            page.close()
            for name, path in PAGES.items():
                page = context.new_page()
                page.goto(stack.help_centre + path)
                page.screenshot(path=FOLDER / f"help-{name}-{suffix}.png", full_page=True)
                page.close()
            context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=not name.startswith("chat"))


def main() -> int:
    if chromium_path() is None:
        print("Chromium is missing. Remedy: apt-get install chromium, then make screenshots.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack, running_browser() as browser:
        draw(stack, browser)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
