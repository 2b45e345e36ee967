"""Months to ask for, and what is surely in them. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from integration.backfill.days import DAY, Days, midnight, months, oldest, since, surely, within_reach

DATES = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(DATES)
def test_no_window_is_longer_than_a_month_and_what_is_surely_in_them_has_no_gap(today: date) -> None:
    windows = months(today)
    assert (windows[0].last, windows[-1].first) == (today + DAY, oldest(today))
    assert timedelta(days=180) <= today - oldest(today) <= timedelta(days=184)
    for window, older in pairwise(windows):
        assert surely(older)[1] >= surely(window)[0]
    for window in windows:
        days_of_month = monthrange(window.first.year, window.first.month)[1]
        assert timedelta() <= window.last - window.first < timedelta(days=days_of_month)


@given(DATES, st.integers(-12, 14))
def test_what_is_surely_in_days_is_in_them_in_every_zone(day: date, ahead: int) -> None:
    start, end = surely(Days(day, day + DAY))
    assert start < end
    for moment in (start, end - timedelta(seconds=1)):
        assert day <= (moment + timedelta(hours=ahead)).date() <= day + DAY


@given(DATES, st.integers(0, 400))
def test_what_waited_for_days_is_asked_for_as_far_as_reports_still_go(planned: date, waited: int) -> None:
    today = planned + timedelta(days=waited)
    for window in months(planned):
        reached = within_reach(window, today)
        if reached is None:
            assert window.last < oldest(today)
        else:
            assert reached == Days(max(window.first, oldest(today)), window.last)


@given(DATES, st.integers(0, 23), st.integers(0, 24))
def test_what_is_new_is_asked_for_from_before_that_moment_until_now(day: date, hour: int, passed: int) -> None:
    moment = midnight(day) + timedelta(hours=hour)
    now = moment + timedelta(days=passed)
    days = since(moment, now.date())
    start, end = surely(days)
    assert start <= moment
    assert end > now
    assert days.last - days.first < timedelta(days=31)
