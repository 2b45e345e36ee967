"""What cannot be seen by opening an address: scenes of the chat, and the way through Zoom and back."""

from collections.abc import Callable

import requests
from playwright.sync_api import Browser, Page

from tests.screenshots.chat import CHAT, handed_over
from tests.screenshots.looks import Looks, all_looks
from tests.support.stack import Stack

Draw = Callable[[Page, str], None]
DESK = ("queue", "sla", "gaps", "notifications")
# How a connect link is used, in the order in which it can go wrong: as whom, and which button of Zoom's is pressed.
ATTEMPTS = (
    ("denied", "Jonas Weber", "Deny"),
    ("not-admin", "Maya Chen", "Allow"),
    ("connected", "Jonas Weber", "Allow"),
)


def draw_journeys(stack: Stack, browser: Browser) -> None:
    for looks in all_looks():
        context = looks.window(browser)
        for name, steps in CHAT.items():
            requests.post(f"{stack.chat}sandbox/reset", json={}, timeout=10).raise_for_status()
            page = context.new_page()
            page.goto(stack.chat)
            page.get_by_role("textbox", name="Message").first.wait_for()
            if steps:
                steps(page)
            looks.keep(page, f"chat-{name}", whole=False)
            page.close()
        page = context.new_page()
        page.goto(stack.chat)
        connecting(page, looks)
        desk(page, looks)
        zoom_stand_in(page, stack, looks)
        context.close()


def choose(page: Page, name: str) -> None:
    if page.locator("#thread").is_visible():  # a narrow page's thread covers all else
        page.locator("#thread-close").click()
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


def sign_in_at_zoom(tab: Page, who: str, button: str) -> None:
    tab.get_by_role("button", name="Continue to Zoom").click()
    tab.get_by_role("radio", name=who).check()
    tab.get_by_role("button", name=button).click()
    tab.get_by_role("heading", level=1).wait_for()


def connecting(page: Page, looks: Looks) -> None:
    """From `/retain connect` to connected, with what can come in between."""
    choose(page, "Jonas Weber")
    box = page.get_by_role("textbox", name="Message").first
    for name, who, button in ATTEMPTS:
        box.fill("/retain connect")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1_500)
        tab = link_page(page)
        if name == "denied":
            looks.keep(page, "chat-connect-link", whole=False)
            tab.get_by_role("button", name="Continue to Zoom").click()
            tab.get_by_role("radio").first.wait_for()
            looks.keep(tab, "zoom-consent")
            tab.go_back()
        sign_in_at_zoom(tab, who, button)
        looks.keep(tab, f"connect-{name}")
        tab.close()
        page.wait_for_timeout(2_500)  # the card follows along
        looks.keep(page, f"chat-connect-{name}", whole=False)
    box.fill("/retain status")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="History").last.click()
    page.get_by_role("dialog").get_by_text("Connected").first.wait_for()
    looks.keep(page, "chat-history", whole=False)
    page.keyboard.press("Escape")
    looks.keep(page, "chat-status", whole=False)


def at_desk(page: Page) -> None:
    choose(page, "Sam Rivera")
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    page.locator("#channels").get_by_text("support-desk").click()


def desk(page: Page, looks: Looks) -> None:
    """What the staff see of a hand-over in Slack: card, queue, how the promise was kept, gaps, a notice."""
    choose(page, "Maya Chen")
    handed_over(page)
    page.keyboard.press("Escape")
    at_desk(page)
    page.get_by_role("button", name="Claim").last.click()
    page.get_by_text("Claimed by").last.wait_for()
    page.wait_for_timeout(1_500)
    looks.keep(page, "chat-desk-card", whole=False)
    box = page.get_by_role("textbox", name="Message #support-desk")
    for command in DESK:
        box.fill(f"/retain {command}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(3_000)
        looks.keep(page, f"chat-desk-{command}", whole=False)
    box.fill('/retain incident "Zoom is down; hours will be repaired"')
    page.keyboard.press("Enter")
    page.locator("#modal").get_by_role("button").last.wait_for()
    looks.keep(page, "chat-desk-incident", whole=False)
    page.keyboard.press("Escape")


def zoom_stand_in(page: Page, stack: Stack, looks: Looks) -> None:
    """Its own pages."""
    for name in ("", "calendar", "meetings", "events", "faults", "marketplace"):
        page.goto(f"{stack.zoom}/{name}")
        looks.keep(page, f"zoom-{name or 'home'}")
