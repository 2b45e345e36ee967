from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.spans import ago, span

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "said"), [(0, "a moment"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7_300, "2 hours")]
)
def test_a_span_is_told_in_its_largest_unit(length: int, said: str) -> None:
    assert span(timedelta(seconds=length)) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(days=2, hours=5), "2 days ago"),
        (timedelta(hours=1, minutes=59), "1 hour ago"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(0), "just now"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(passed: timedelta, said: str) -> None:
    assert ago(NOW - passed, NOW) == said


@given(st.timedeltas(min_value=timedelta(days=-999), max_value=timedelta(days=999)))
def test_a_clock_that_is_ahead_makes_nothing_absurd(length: timedelta) -> None:
    said = ago(NOW - length, NOW)
    assert "-" not in said
    assert said == "just now" if length < timedelta(seconds=1) else said.endswith(" ago")
