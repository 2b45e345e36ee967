"""A meeting is planned for an hour and held for less: by clicks, through the calendar, Zoom, webhooks and Slack."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.clicking import replies
from tests.e2e.test_chat import ask, choose_person
from tests.e2e.test_connecting import SLOW, card, connect
from tests.support.stack import Stack

THERE = ZoneInfo("America/Los_Angeles")  # whose days Acme counts
CUSTOMER = "lea@wayne.example"  # whom nobody else meets


@pytest.fixture
def elsewhere(page: Page) -> Iterator[Page]:
    """Another tab of the same browser: the calendar, and Zoom."""
    tab = page.context.new_page()
    yield tab
    tab.close()


def plan(elsewhere: Page, stack: Stack, title: str, *, link: str = "new", days_ago: int = 0) -> str:
    """An hour with a customer, just over or days ago, in the form that holds it; the meeting's id."""
    elsewhere.goto(f"{stack.zoom}/calendar")
    elsewhere.get_by_text("Add another event").click()
    elsewhere.locator("[name=title]").fill(title)
    elsewhere.locator("[name=attendees]").fill(CUSTOMER)
    elsewhere.locator("[name=link]").select_option(link)
    start = elsewhere.locator("form[action='/calendar/add'] [name=start]")
    start.fill(earlier(start.input_value(), timedelta(days=days_ago)))
    elsewhere.get_by_role("button", name="Add", exact=True).click()
    expect(elsewhere.get_by_label("What was sent").get_by_text("not taken")).to_have_count(0)
    elsewhere.get_by_role("link", name=f"Hold: {title}").click()
    chosen = elsewhere.locator("[name=meeting] option:checked").text_content() or ""
    found = re.match(r"[\d ]+", chosen)
    assert found, chosen
    return found[0].strip()


def earlier(local: str, by: timedelta) -> str:
    """What a field of date and time holds, moved back."""
    return (datetime.fromisoformat(local) - by).isoformat(timespec="minutes")


def when(elsewhere: Page) -> datetime:
    """When it is held, by the form: the stand-ins' clock may be ahead of ours."""
    return datetime.fromisoformat(elsewhere.locator("[name=began]").input_value())


def hold(elsewhere: Page, minutes: int, drops: list[tuple[int, int]] | None = None) -> None:
    """Hold what the form is filled with, for so many minutes in all."""
    elsewhere.locator("[name=minutes]").fill(str(minutes))
    for number, (after, gone) in enumerate(drops or [], 1):
        elsewhere.locator(f"[name=after{number}]").fill(str(after))
        elsewhere.locator(f"[name=gone{number}]").fill(str(gone))
    elsewhere.get_by_role("button", name="Hold it").click()
    expect(elsewhere.get_by_role("heading", name="Held")).to_be_visible()


def told(page: Page, meeting: str, shown: Callable[[Locator], bool]) -> Locator:
    """What `/retain duration` says as soon as it shows something; the worker may need a moment."""
    for _ in range(20):
        before = replies(page).count()
        ask(page, f"/retain duration {meeting}")
        expect(replies(page)).to_have_count(before + 1, timeout=SLOW)
        last = replies(page).last
        if shown(last):
            return last
        page.wait_for_timeout(250)
    raise AssertionError(f"It only says: {last.inner_text()}")


def lasted(page: Page, meeting: str, title: str, length: str, planned: str) -> None:
    """It says how long the meeting counts, and how long it was planned for."""
    last = told(page, meeting, lambda last: f"“{title}” counts as {length}" in last.inner_text())
    expect(last).to_contain_text(f"({planned})")


def test_an_hour_that_lasted_45_minutes_counts_as_45_and_the_hours_show_it(
    page: Page, stack: Stack, elsewhere: Page
) -> None:
    connect(page, stack)
    meeting = plan(elsewhere, stack, "Kick-off")
    today = when(elsewhere).date()
    hold(elsewhere, 45)
    lasted(page, meeting, "Kick-off", "45 min", "1 h")
    expect(replies(page).last).to_contain_text("15 min less than scheduled")
    ask(page, f"/retain hours wayne.example {today - timedelta(days=2)} {today}")
    hours = card(page, "Meeting hours with wayne.example")
    expect(hours).to_contain_text("Counted: 45 min in 1 meeting, 15 min less than scheduled.", timeout=SLOW)
    expect(hours).to_contain_text("Scheduled: 1 h.")


def test_dropped_twice_moved_and_held_again_it_is_still_right(page: Page, stack: Stack, elsewhere: Page) -> None:
    connect(page, stack)
    meeting = plan(elsewhere, stack, "Handover")
    hold(elsewhere, 50, [(20, 3), (35, 2)])
    lasted(page, meeting, "Handover", "45 min", "1 h")
    elsewhere.goto(f"{stack.zoom}/calendar")
    event = elsewhere.get_by_role("listitem").filter(has_text="Handover")
    event.get_by_label("Move:").click()
    start = event.get_by_label("New start")
    start.fill(earlier(start.input_value(), timedelta(minutes=30)))
    event.get_by_label("New length in minutes").fill("90")
    event.get_by_role("button", name="Move it").click()
    expect(event.get_by_text("90 min")).to_be_visible()
    lasted(page, meeting, "Handover", "45 min", "1 h 30 min")
    digits = meeting.replace(" ", "")
    assert plan(elsewhere, stack, "Handover again", link=digits, days_ago=3).replace(" ", "") == digits
    began = when(elsewhere)
    hold(elsewhere, 30)
    lasted(page, f"{meeting} {began.astimezone(THERE).date()}", "Handover again", "30 min", "1 h")
    lasted(page, meeting, "Handover", "45 min", "1 h 30 min")
    replies(page).last.get_by_role("combobox").select_option(index=1)
    expect(replies(page).last).to_contain_text("“Handover again” counts as 30 min", timeout=SLOW)


def test_members_are_told_who_may_see_it(page: Page) -> None:
    choose_person(page, "Maya Chen")
    ask(page, "/retain hours")
    expect(replies(page).last).to_contain_text("admin")
