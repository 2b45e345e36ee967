"""From `/retain connect` to "connected" by clicks alone; then trouble, the uninstall, and what each person is told."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import create_engine

from tests.e2e.clicking import opened_by, replies
from tests.e2e.test_chat import ask, choose_person
from tests.support.stack import Stack

WHY = "I'm being asked to authorize the Zoom app again. Why?"
SLOW = 30_000  # milliseconds: some of it waits for the worker and the bot


@pytest.fixture(autouse=True)
def calm(stack: Stack) -> Iterator[None]:
    """No trouble of an earlier test, and none left for the next."""
    trouble(stack)
    yield
    trouble(stack)


def trouble(stack: Stack, kind: str | None = None, where: str = "all") -> None:
    """One fault of the Zoom stand-in, or none."""
    requests.post(f"{stack.zoom}/faults/off", timeout=10).raise_for_status()
    if kind:
        form = {"kind": kind, "where": where}
        requests.post(f"{stack.zoom}/faults/on", data=form, timeout=10).raise_for_status()


def expire_access_tokens(stack: Stack) -> None:
    """Set the clock of Zoom's stand-in an hour forward: Zoom refuses what we hold, and we refresh."""
    requests.post(f"{stack.zoom}/faults/clock", data={"seconds": "3700"}, timeout=10).raise_for_status()


def card(page: Page, words: str) -> Locator:
    """The newest message that says so."""
    return page.get_by_role("article").filter(has_text=words).last


def send_link(page: Page, stack: Stack) -> Page:
    """As an admin: the connect link from Slack, opened in a new tab."""
    ask(page, "/retain connect")
    link = page.get_by_role("link", name="/connect/").last
    expect(link).to_be_visible(timeout=SLOW)
    opened = opened_by(page, link)
    expect(opened.get_by_role("heading", name="Connect Zoom for Acme Corp")).to_be_visible()
    return opened


def consent(tab: Page, who: str) -> None:
    """From the link's page through Zoom's, as somebody there, and back."""
    tab.get_by_role("button", name="Continue to Zoom").click()
    tab.get_by_role("radio", name=who).check()
    tab.get_by_role("button", name="Allow").click()


def connect(page: Page, stack: Stack) -> None:
    """Jonas, who is admin in Slack and owner at Zoom, connects Acme."""
    choose_person(page, "Jonas Weber")
    tab = send_link(page, stack)
    consent(tab, "Jonas Weber")
    expect(tab.get_by_role("heading", name="Zoom is connected")).to_be_visible(timeout=SLOW)
    tab.close()
    expect(page.get_by_text("Zoom is connected for Acme Corp").first).to_be_visible(timeout=SLOW)


def verify(page: Page) -> None:
    """`/retain status`, and Zoom asked anew."""
    before = replies(page).count()
    ask(page, "/retain status")
    expect(replies(page)).to_have_count(before + 1, timeout=SLOW)
    replies(page).last.get_by_role("button", name="Verify now").click()


def test_an_admin_connects_by_clicks_alone_and_everyone_sees_their_share(page: Page, stack: Stack) -> None:
    connect(page, stack)
    verify(page)
    expect(page.get_by_text("Acme Corp: Zoom is connected and works").last).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("jonas@acme.example").last).to_be_visible()
    choose_person(page, "Maya Chen")
    ask(page, "/retain status")
    expect(card(page, "Acme Corp: Zoom is connected and works")).to_be_visible()
    expect(page.get_by_text("jonas@acme.example")).to_have_count(0)
    ask(page, WHY)
    expect(card(page, "You need not connect again")).to_be_visible()
    choose_person(page, "Sam Rivera")
    ask(page, "/retain status acme")
    expect(card(page, "Acme Corp: Zoom is connected and works")).to_be_visible()


def test_a_stranger_at_zoom_is_confirmed_by_the_one_who_asked(page: Page, stack: Stack) -> None:
    choose_person(page, "Jonas Weber")
    tab = send_link(page, stack)
    consent(tab, "Ines Duarte")
    expect(page.get_by_text("it@acme-it.example").first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Yes, connect it").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Zoom is connected for Acme Corp").first).to_be_visible(timeout=SLOW)


def test_who_is_no_zoom_admin_gets_a_text_to_pass_on_and_nothing_is_connected(page: Page, stack: Stack) -> None:
    choose_person(page, "Jonas Weber")
    tab = send_link(page, stack)
    consent(tab, "Maya Chen")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("admin")
    expect(page.get_by_role("button", name="Ask my Zoom admin").last).to_be_visible(timeout=SLOW)


def test_denied_consent_has_a_page_of_its_own(page: Page, stack: Stack) -> None:
    choose_person(page, "Jonas Weber")
    tab = send_link(page, stack)
    tab.get_by_role("button", name="Continue to Zoom").click()
    tab.get_by_role("radio", name="Jonas Weber").check()
    tab.get_by_role("button", name="Deny").click()
    expect(tab.get_by_text("Nothing was connected")).to_be_visible()


def test_trouble_that_passes_is_told_with_who_must_act_and_is_over_when_it_is(page: Page, stack: Stack) -> None:
    connect(page, stack)
    for kind in ("server_error", "rate_limited", "half_written"):
        trouble(stack, kind)
        verify(page)
        told = replies(page).last
        expect(told).to_contain_text("the connection to Zoom has trouble", timeout=SLOW)
        expect(told).to_contain_text("Who must act: Zoom")
        expect(told).to_contain_text("You need not do anything")
        trouble(stack)
        verify(page)
        expect(replies(page).last).to_contain_text("Zoom is connected and works", timeout=SLOW)


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("invalid_grant", "an admin of your organisation"),
        ("scopes_changed", "an admin of your organisation"),
        ("app_disabled", "a Zoom admin of your organisation"),
        ("user_removed", "an admin of your organisation"),
    ],
)
def test_trouble_that_stays_is_told_with_who_must_act(page: Page, stack: Stack, kind: str, who: str) -> None:
    connect(page, stack)
    trouble(stack, kind)
    expire_access_tokens(stack)  # so that verifying refreshes first: some trouble strikes only there
    verify(page)
    told = card(page, "Zoom has to be connected again")
    expect(told).to_contain_text(f"Who must act: {who}", timeout=SLOW)


def test_an_uninstall_at_zoom_deletes_what_zoom_gave_us(page: Page, stack: Stack) -> None:
    connect(page, stack)
    requests.post(f"{stack.zoom}/marketplace/uninstall", data={"account": "acme"}, timeout=10).raise_for_status()
    expect(page.get_by_text("uninstalled").last).to_be_visible(timeout=SLOW)
    with closing(create_engine(f"sqlite:///{stack.folder / '.sandbox' / 'retain.db'}").raw_connection()) as database:
        row = database.cursor().execute(
            "SELECT state, access_token, refresh_token, zoom_user, account_id FROM connections"
        )
        assert row.fetchall() == [("deauthorized", None, None, None, None)]


def test_staff_enable_zoom_for_an_organisation_by_one_button(page: Page, stack: Stack) -> None:
    choose_person(page, "Sam Rivera")
    ask(page, "/retain status globx")
    page.get_by_role("button", name="Enable Zoom for Globex").click()
    page.get_by_role("dialog").get_by_role("button", name="Enable").click()
    expect(page.get_by_text("Globex: Zoom is not connected").last).to_be_visible(timeout=SLOW)
