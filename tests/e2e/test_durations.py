"""A meeting is planned for an hour and held for less: by clicks, through the calendar, Zoom, webhooks and Slack."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import ask, choose_person
from tests.e2e.test_connecting import SLOW, card, connect
from tests.support.stack import Stack


@pytest.fixture
def elsewhere(page: Page) -> Iterator[Page]:
    """Another tab of the same browser: the calendar, and Zoom."""
    tab = page.context.new_page()
    yield tab
    tab.close()


def plan(elsewhere: Page, stack: Stack) -> str:
    """An hour with a customer that is just over; the meeting's id."""
    elsewhere.goto(f"{stack.zoom}/calendar")
    elsewhere.get_by_role("button", name="Plan an hour with Globex that is just over").click()
    expect(elsewhere.get_by_label("What was sent").get_by_text("not taken")).to_have_count(0)
    elsewhere.get_by_role("link", name="Hold:").first.click()
    chosen = elsewhere.locator("[name=meeting] option:checked").text_content() or ""
    found = re.match(r"[\d ]+", chosen)
    assert found, chosen
    return found[0].strip()


def hold(elsewhere: Page, minutes: int, drops: list[tuple[int, int]] | None = None) -> None:
    """Hold what the form is filled with, for so many minutes in all."""
    elsewhere.locator("[name=minutes]").fill(str(minutes))
    for number, (after, gone) in enumerate(drops or [], 1):
        elsewhere.locator(f"[name=after{number}]").fill(str(after))
        elsewhere.locator(f"[name=gone{number}]").fill(str(gone))
    elsewhere.get_by_role("button", name="Hold it").click()
    expect(elsewhere.get_by_role("heading", name="Held")).to_be_visible()


def lasted(page: Page, meeting: str, words: str) -> None:
    """`/retain duration` says so; the worker may need a moment."""
    for _ in range(20):
        before = page.get_by_role("article").count()
        ask(page, f"/retain duration {meeting}")
        expect(page.get_by_role("article")).to_have_count(before + 1)
        if words in page.get_by_role("article").last.inner_text():
            return
        page.wait_for_timeout(250)
    expect(page.get_by_role("article").last).to_contain_text(words)


def test_an_hour_that_lasted_45_minutes_counts_as_45_and_the_hours_show_it(
    page: Page, stack: Stack, elsewhere: Page
) -> None:
    connect(page, stack)
    meeting = plan(elsewhere, stack)
    hold(elsewhere, 45)
    lasted(page, meeting, "45 min")
    told = page.get_by_role("article").last
    expect(told).to_contain_text("1 h")
    expect(told).to_contain_text("15 min")
    ask(page, "/retain hours globex this month")
    expect(card(page, "Globex")).to_be_visible(timeout=SLOW)
    ask(page, "/retain hours")
    expect(page.get_by_role("article").last).to_contain_text("globex", ignore_case=True)


def test_dropped_twice_moved_and_held_again_it_is_still_right(page: Page, stack: Stack, elsewhere: Page) -> None:
    connect(page, stack)
    meeting = plan(elsewhere, stack)
    hold(elsewhere, 50, [(20, 3), (35, 2)])
    lasted(page, meeting, "45 min")
    elsewhere.goto(f"{stack.zoom}/calendar")
    elsewhere.get_by_label("Move:").first.click()
    elsewhere.get_by_label("New length in minutes").first.fill("90")
    elsewhere.get_by_role("button", name="Move it").first.click()
    expect(elsewhere.get_by_text("90 min").first).to_be_visible()
    lasted(page, meeting, "1 h 30 min")
    expect(page.get_by_role("article").last).to_contain_text("45 min")
    elsewhere.goto(f"{stack.zoom}/meetings")
    elsewhere.get_by_role("link", name="Hold again:").first.click()
    began = elsewhere.locator("[name=began]").input_value()
    elsewhere.locator("[name=began]").fill(f"2025-06-02{began[10:]}")  # in no calendar: it must not touch the other
    hold(elsewhere, 30)
    lasted(page, meeting, "45 min")


def test_members_are_told_who_may_see_it(page: Page) -> None:
    choose_person(page, "Maya Chen")
    ask(page, "/retain hours")
    expect(page.get_by_role("article").last).to_contain_text("admin")
