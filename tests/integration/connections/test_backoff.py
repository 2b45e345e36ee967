from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integration.connections import backoff

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
shares = st.floats(0, 1)
failures = st.integers(0, 10_000)


@given(failures, shares)
def test_it_waits_a_second_at_least_and_an_hour_at_most(count: int, jitter: float) -> None:
    pause = backoff.after_failure(NOW, count, jitter) - NOW
    assert timedelta(seconds=1) <= pause <= timedelta(hours=1)


@given(failures, shares)
def test_more_failures_never_mean_a_shorter_pause(count: int, jitter: float) -> None:
    assert backoff.after_failure(NOW, count, jitter) <= backoff.after_failure(NOW, count + 1, jitter)


@given(failures, st.tuples(shares, shares).map(sorted))
def test_chance_spreads_tries_over_the_whole_pause(count: int, jitter: list[float]) -> None:
    earlier, later = (backoff.after_failure(NOW, count, share) for share in jitter)
    assert earlier <= later


@given(failures, shares, st.timedeltas(timedelta(0), timedelta(days=1)))
def test_it_never_comes_before_the_moment_that_zoom_named(count: int, jitter: float, wait: timedelta) -> None:
    assert backoff.after_failure(NOW, count, jitter, not_before=NOW + wait) >= NOW + wait


def test_the_pause_doubles() -> None:
    pauses = [(backoff.after_failure(NOW, count, 1.0) - NOW).total_seconds() for count in range(1, 10)]
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@given(shares)
def test_what_works_is_looked_at_within_a_day(jitter: float) -> None:
    pause = backoff.after_success(NOW, jitter) - NOW
    assert timedelta(hours=21) < pause <= timedelta(days=1)
