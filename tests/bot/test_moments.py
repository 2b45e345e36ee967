"""Moments and spans as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moments import ago, moment, span

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # a Tuesday, 19:30 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(), "today 19:30 your time"),
        (timedelta(hours=19), "today 00:30 your time"),
        (timedelta(hours=20), "yesterday 23:30 your time"),
        (timedelta(days=3), "Sat 19:30 your time"),
        (timedelta(days=21), "Tue 3 Nov, 19:30 your time"),
        (timedelta(days=400), "Mon 20 Oct 2025, 20:30 your time"),
        (timedelta(days=-1), "tomorrow 19:30 your time"),
    ],
)
def test_a_moment_is_told_by_the_readers_own_day(before: timedelta, said: str) -> None:
    assert moment(NOW - before, NOW, BERLIN) == said


def test_without_a_zone_it_is_pacific_time() -> None:
    assert moment(NOW, NOW, None) == "today 10:30 PT"


@pytest.mark.parametrize(
    ("length", "said"), [(0, "a moment"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7_300, "2 hours")]
)
def test_a_span_is_told_in_its_largest_unit(length: int, said: str) -> None:
    assert span(timedelta(seconds=length)) == said


@given(st.timedeltas(min_value=timedelta(days=-999), max_value=timedelta(days=999)))
def test_a_clock_that_is_ahead_makes_nothing_absurd(length: timedelta) -> None:
    said = ago(NOW - length, NOW)
    assert "-" not in said
    assert said == "just now" if length < timedelta(seconds=1) else said.endswith(" ago")
