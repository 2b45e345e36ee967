"""From `/retain hours` to the reports' pages, by clicks, in a browser that enforces their policies and cookies."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.clicking import opened_by, replies
from tests.e2e.test_chat import ask, choose_person
from tests.e2e.test_connecting import SLOW
from tests.support.stack import Stack


@contextmanager
def refusing_nothing(tab: Page) -> Iterator[None]:
    """The browser blocks nothing of the page: no style, script or picture that our policy does not allow."""
    refused: list[str] = []
    tab.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    yield
    assert [text for text in refused if "the server responded with a status" not in text] == []


def open_page(page: Page, typed: str) -> Page:
    """The page behind the button of what a command tells, in a tab of its own, before its own button is pressed."""
    before = replies(page).count()
    ask(page, typed)
    expect(replies(page)).to_have_count(before + 1, timeout=SLOW)
    button = replies(page).last.get_by_role("button", name="Open the report")
    opened = opened_by(page, button)
    expect(opened.get_by_role("heading", level=1)).to_contain_text("Open your page")
    return opened


@pytest.mark.parametrize("width", [390, 1200])
def test_from_slack_to_the_hours_to_a_meeting_to_its_proof(page: Page, stack: Stack, width: int) -> None:
    choose_person(page, "Jonas Weber")
    tab = open_page(page, "/retain hours last 3 months")
    link = tab.url
    tab.set_viewport_size({"width": width, "height": 800})
    with refusing_nothing(tab):
        tab.get_by_role("button", name="Open it in this browser").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Meeting hours of Acme Corp")
        expect(tab.locator("svg.chart:visible").first).to_be_visible()
        fits(tab, width)
        tab.get_by_role("link", name="Meetings", exact=True).first.click()
        expect(tab.get_by_role("columnheader", name="Meetings").first).to_have_attribute("aria-sort", "descending")
        counted = tab.locator("tfoot .total").first.get_by_role("link").first
        counted.click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Meetings with customers")
        fits(tab, width)
        tab.locator("tbody").get_by_role("link").first.click()
        expect(tab.locator("svg.timeline")).to_be_visible()
        fits(tab, width)
    tab.goto(link)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Meeting hours of Acme Corp")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("You are signed out")
    tab.go_back()
    tab.goto(link)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("used already")
    tab.close()


def fits(tab: Page, width: int) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_proof_of_one_meeting_is_a_click_away(page: Page) -> None:
    choose_person(page, "Sam Rivera")
    tab = open_page(page, "/retain hours acme last 3 months")
    tab.get_by_role("button", name="Open it in this browser").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Meeting hours of Acme Corp")
    tab.get_by_role("link", name="One meeting").click()
    tab.get_by_role("textbox", name="Meeting id").fill("999 9999 9999")
    tab.get_by_role("button", name="Look it up").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    assert "tenant=acme" in tab.url
    tab.close()
