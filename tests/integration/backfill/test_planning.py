"""Months to ask for, and what is covered by them. Pure."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from integration.backfill.coverage import DAY, DELAY, LOOK_BACK, add, midnight
from integration.backfill.models import Coverage
from integration.backfill.planning import MONTHS, Days, months, within_reach

DATES = st.dates(date(2020, 1, 1), date(2032, 12, 31))
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@given(DATES)
def test_months_follow_each_other_without_a_gap_and_none_is_longer_than_a_month(today: date) -> None:
    windows = months(today)
    assert len(windows) == MONTHS
    assert windows[0].last == today
    for window, older in pairwise(windows):
        assert older.last == window.first - DAY
    for window in windows:
        days_of_month = monthrange(window.first.year, window.first.month)[1]
        assert timedelta() <= window.last - window.first < timedelta(days=days_of_month)


@given(DATES, st.integers(0, 400))
def test_what_waited_for_days_is_asked_for_as_far_as_reports_still_go(planned: date, waited: int) -> None:
    today = planned + timedelta(days=waited)
    oldest = months(today)[-1].first
    for window in months(planned):
        reached = within_reach(window, today)
        if reached is None:
            assert window.last < oldest
        else:
            assert reached == Days(max(window.first, oldest), window.last)


def coverage(first: date | None = None, until: datetime | None = None) -> Coverage:
    return Coverage(id="acme", asked_from=midnight(first) if first else None, asked_until=until, due_at=NOW)


def interval(found: Coverage) -> tuple[datetime | None, datetime | None]:
    return found.asked_from, found.asked_until


def test_what_ended_a_moment_ago_need_not_be_in_the_report_yet() -> None:
    found = coverage()
    add(found, date(2026, 10, 23), NOW.date(), NOW)
    assert interval(found) == (midnight(date(2026, 10, 23)), NOW - DELAY)


def test_an_older_month_next_to_it_is_added_and_one_further_away_is_not() -> None:
    found = coverage(date(2026, 10, 23), NOW)
    add(found, date(2026, 9, 23), date(2026, 10, 22), NOW)
    assert interval(found) == (midnight(date(2026, 9, 23)), NOW)
    add(found, date(2026, 7, 1), date(2026, 7, 31), NOW)
    assert interval(found) == (midnight(date(2026, 9, 23)), NOW)


def test_newer_days_are_added_only_where_they_reach_back_beyond_the_longest_call() -> None:
    until = NOW - timedelta(days=5)
    found = coverage(date(2026, 6, 1), until)
    add(found, (until - LOOK_BACK).date(), NOW.date(), NOW)
    assert interval(found) == (midnight(date(2026, 6, 1)), NOW - DELAY)
    left_open = coverage(date(2026, 6, 1), until)
    add(left_open, until.date(), NOW.date(), NOW)
    assert interval(left_open) == (midnight(until.date()), NOW - DELAY)


def test_what_is_known_is_never_less_after_asking_for_a_part_of_it_again() -> None:
    found = coverage(date(2026, 6, 1), NOW)
    add(found, date(2026, 10, 23), NOW.date() - DAY, NOW)
    assert interval(found) == (midnight(date(2026, 6, 1)), NOW)


def test_a_day_that_has_hardly_begun_covers_nothing() -> None:
    found = coverage()
    add(found, NOW.date(), NOW.date(), midnight(NOW.date()) + timedelta(minutes=10))
    assert interval(found) == (None, None)
