"""What the help centre's scripts do, in a real browser. Without them its pages are tested beside this file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import make_url

from integration.runtime import make_runtime
from integration.searching import search_of
from tests.integration.conftest import TestClock, make_settings, serving_for
from tests.integration.serving import serving
from tests.support.browser import require_chromium, running_browser

PATIENCE_MS = 20_000
UNTIL_KEPT = """async () => {
  while (!(await caches.match("/help/connect-zoom"))) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require_chromium()
    search_of()  # whoever searches first waits for it
    expect.set_options(timeout=PATIENCE_MS)
    with running_browser() as started:
        yield started


@pytest.fixture
def page(browser: Browser, tmp_path: Path, sqlite_template: Path, built_app: FastAPI) -> Iterator[Page]:
    """A new window; addresses are paths of the help centre."""
    shutil.copy(sqlite_template, tmp_path / "pages.db")
    runtime = make_runtime(make_settings(make_url(f"sqlite:///{tmp_path / 'pages.db'}")), TestClock())
    with serving(serving_for(runtime, built_app)) as served:
        context = browser.new_context(
            base_url=served.url, service_workers="block", permissions=["clipboard-read", "clipboard-write"]
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
        context.close()


def test_by_keyboard_alone_one_searches_chooses_and_reads(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search the help centre")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("zoom acount")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Find the owner of your Zoom account")
    expect(page.get_by_role("status").filter(has_text="articles")).to_be_attached()
    assert page.url.endswith("/?q=zoom+acount")
    expect(page.locator("[role=option] mark").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")  # past the last: back to the field
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "found-0")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find the owner of your Zoom account")
    page.go_back()
    expect(options.first).to_contain_text("Find the owner of your Zoom account")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    assert page.url.endswith("/")


def test_an_answer_that_comes_too_late_changes_nothing(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright notes its name on it, which a built-in method does not take
        held.append(route)

    page.route("**/search?q=pizza", hold)
    page.goto("/")
    field = page.get_by_role("combobox")
    with page.expect_request("**/search?q=pizza"):
        field.fill("pizza")
    field.fill("support hours")
    found = page.get_by_role("heading", name="Best fit for “support hours”")
    expect(found).to_be_visible()
    held[0].fulfill(body="<h2>Nothing here fits “pizza”</h2>")
    expect(page.get_by_role("option").first).to_contain_text("Support hours")
    expect(found).to_be_visible()


def test_on_an_article_what_was_found_goes_when_one_reads_on(page: Page) -> None:
    page.goto("/help/connect-zoom?q=set+up")
    page.get_by_role("combobox").fill("pizza")
    expect(page.get_by_role("heading", name="Nothing here fits “pizza”")).to_be_visible()
    assert page.url.endswith("/help/connect-zoom?q=set+up")
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("heading", name="Nothing here fits “pizza”")).to_have_count(0)


def test_a_search_that_is_not_reached_says_so(page: Page) -> None:
    page.route("**/search?q=owner", lambda route: route.abort())
    page.goto("/")
    page.get_by_role("combobox").fill("owner")
    expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_attached()
    expect(page.locator("#found").get_by_text("can still be read")).to_be_visible()
    page.get_by_role("combobox").fill("zoom owner")
    expect(page.get_by_role("option").first).to_be_visible()


def test_a_vote_is_cast_without_leaving_the_page(page: Page) -> None:
    page.goto("/help/connect-zoom?q=set+up")
    page.get_by_role("button", name="No", exact=True).click()
    missing = page.get_by_role("textbox", name="What was missing?")
    expect(missing).to_be_focused()
    missing.fill("Pictures")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect Zoom to Retain")
    assert page.url.endswith("/help/connect-zoom?q=set+up")


def test_what_was_read_stays_readable_without_what_is_of_that_day_or_was_typed(
    browser: Browser, tmp_path: Path, sqlite_template: Path, built_app: FastAPI
) -> None:
    shutil.copy(sqlite_template, tmp_path / "pages.db")
    runtime = make_runtime(make_settings(make_url(f"sqlite:///{tmp_path / 'pages.db'}")), TestClock())
    with browser.new_context() as context:
        page = context.new_page()
        with serving(serving_for(runtime, built_app)) as served:
            page.goto(f"{served.url}/")
            page.wait_for_function("() => navigator.serviceWorker.controller")
            expect(page.locator(".now")).to_be_visible()
            page.goto(f"{served.url}/help/connect-zoom?q=my+secret")
            expect(page.get_by_text("my secret")).to_be_visible()
            page.evaluate(UNTIL_KEPT)
        page.goto(f"{served.url}/help/connect-zoom")
        expect(page.get_by_role("heading", level=1)).to_have_text("Connect Zoom to Retain")
        assert "my secret" not in page.content()
        expect(page.locator(".hours")).to_be_hidden()
        page.goto(f"{served.url}/help/security-privacy")
        expect(page.get_by_role("link", name="Connect Zoom to Retain")).to_be_visible()
        page.goto(f"{served.url}/?q=my+secret")
        expect(page.get_by_role("heading", level=1)).to_have_text("Help with Retain and Zoom")
        expect(page.locator(".now")).to_be_hidden()


def test_the_address_of_a_section_is_copied_by_a_button(page: Page) -> None:
    page.goto("/help/connect-zoom?q=set+up")
    page.get_by_role("button", name="Copy link to “Who should do it”").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "http://localhost:8000/help/connect-zoom#who-should-do-it"
