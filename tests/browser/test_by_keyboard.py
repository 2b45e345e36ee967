"""All of it without a mouse: where Tab leads, the search's keys, and forms that are filled in, sent and answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import CAN_BE_REACHED, walk
from tests.browser.looking import Eyes, go
from tests.support.pages.site import Site
from tests.support.pages.table import EVERYTHING, Place

WALKED = ("help-home", "help-article", "support", "connect-open", "integrations-maker", "queue", "request-late", "gaps")
PLACES = [place for place in EVERYTHING if place.name in WALKED]


@pytest.fixture
def page(eyes: Eyes) -> Page:
    return eyes.page("nobody")


@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_tab_leads_to_all_there_is_and_out_again_and_one_sees_where_one_is(eyes: Eyes, place: Place) -> None:
    page = eyes.page(place.who)
    go(page, eyes.site, place)
    stops, wrong = walk(page)
    assert wrong == []
    assert stops[0] == "Skip to content"
    assert len(stops) >= page.evaluate(CAN_BE_REACHED)


def test_the_first_stop_skips_to_the_content(page: Page, site: Site) -> None:
    page.goto(site.address("/help/connect-zoom"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_search_is_a_key_away_and_arrows_choose(page: Page, site: Site) -> None:
    page.goto(site.address("/"))
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search the help centre")
    expect(field).to_be_focused()
    page.keyboard.type("conect zoom agan")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="article")).to_have_count(1)
    assert "q=conect+zoom+agan" in page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/help/"))
    page.go_back()
    expect(field).to_have_value("conect zoom agan")


def test_escape_empties_the_search(page: Page, site: Site) -> None:
    page.goto(site.address("/?q=zoom"))
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_value("")
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_request_is_taken_on_and_answered(eyes: Eyes, site: Site) -> None:
    page = eyes.page("staff")
    page.goto(site.address("/staff/queue/{new}"))
    press(page, "I take it on")
    expect(page.get_by_role("status").filter(has_text="took it on")).to_be_visible()
    page.get_by_role("textbox", name="Your answer").focus()
    page.keyboard.type("On the page of meeting hours: Download as a CSV file.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("On the page of meeting hours")).to_be_visible()


def test_a_question_is_sent(page: Page, site: Site) -> None:
    page.goto(site.address("/support"))
    for name, text in (("Your question", "Where is the icon?"), ("Your e-mail address", "ada@customer.example")):
        page.get_by_role("textbox", name=name).focus()
        page.keyboard.type(text)
    press(page, "Send it")
    expect(page.get_by_text("We have your message")).to_be_visible()


def test_what_helped_is_told_and_what_is_missing(page: Page, site: Site) -> None:
    page.goto(site.address("/help/zoom-icon-missing"))
    press(page, "No")
    page.get_by_role("textbox", name="What was missing?").focus()
    page.keyboard.type("A picture")
    press(page, "Send")
    expect(page.get_by_text("Thank")).to_be_visible()


def press(page: Page, name: str) -> None:
    """A button, reached and pressed by key."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")
