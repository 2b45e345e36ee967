"""Against a slow, obvious reference: second by second."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.meetings.duration import RULE, Interval, gaps, minutes, overlaps, spoken, union, union_seconds

BEGIN = datetime(2026, 10, 31, 23, 59, 30, tzinfo=UTC)  # a month's border is near
BERLIN = ZoneInfo("Europe/Berlin")
SPAN = 60


def at(start: int, end: int) -> Interval:
    return Interval(BEGIN + timedelta(seconds=start), BEGIN + timedelta(seconds=end))


pieces = st.tuples(st.integers(0, SPAN), st.integers(0, SPAN)).map(lambda ends: at(min(ends), max(ends)))


def depth(intervals: list[Interval], second: int) -> int:
    moment = BEGIN + timedelta(seconds=second)
    return sum(one.start <= moment < one.end for one in intervals)


def covered(intervals: list[Interval], least: int) -> set[int]:
    return {second for second in range(SPAN) if depth(intervals, second) >= least}


def seconds_in(intervals: list[Interval]) -> set[int]:
    return covered(intervals, 1)


def apart(intervals: list[Interval]) -> bool:
    """Sorted, not empty, and neither overlapping nor touching."""
    edges = [edge for one in intervals for edge in (one.start, one.end)]
    return edges == sorted(set(edges))


@given(st.lists(pieces))
def test_the_union_is_what_any_of_them_covers(intervals: list[Interval]) -> None:
    assert seconds_in(union(intervals)) == covered(intervals, 1)
    assert apart(union(intervals))
    assert union_seconds(intervals) == len(covered(intervals, 1))


@given(st.lists(pieces))
def test_overlaps_are_what_two_or_more_cover(intervals: list[Interval]) -> None:
    assert seconds_in(overlaps(intervals)) == covered(intervals, 2)
    assert apart(overlaps(intervals))


@given(st.lists(pieces))
def test_gaps_are_what_none_covers_between_the_first_and_the_last_second(intervals: list[Interval]) -> None:
    on = covered(intervals, 1)
    between = set(range(min(on), max(on))) if on else set()
    assert seconds_in(gaps(intervals)) == between - on
    assert apart(gaps(intervals))


@given(st.lists(pieces), st.randoms())
def test_order_and_duplicates_change_nothing(intervals: list[Interval], chance: Random) -> None:
    mixed = [*intervals, *intervals]
    chance.shuffle(mixed)
    assert union(mixed) == union(intervals)
    assert union_seconds(iter(mixed)) == union_seconds(intervals)


def test_nesting_touching_and_nothing_long() -> None:
    assert union([at(0, 10), at(2, 3), at(10, 20), at(30, 30)]) == [at(0, 20)]
    assert overlaps([at(0, 10), at(2, 3), at(10, 20), at(5, 5)]) == [at(2, 3)]
    assert gaps([at(0, 10), at(12, 12), at(15, 20)]) == [at(10, 15)]
    assert (union([]), gaps([]), overlaps([]), union_seconds([])) == ([], [], [], 0)


def test_thousands_of_sessions() -> None:
    every_minute = [at(60 * n, 60 * n + 45) for n in range(20_000)]
    assert union_seconds(reversed(every_minute)) == 45 * 20_000
    assert len(gaps(every_minute)) == 19_999
    assert union_seconds([*every_minute, at(0, 60 * 20_000)]) == 60 * 20_000


@given(st.sampled_from([(2026, 3, 28), (2026, 10, 24)]), st.integers(0, 180_000), st.integers(0, 100_000))
def test_where_clocks_are_changed_an_hour_has_still_3600_seconds(
    day: tuple[int, int, int], later: int, seconds: int
) -> None:
    start = datetime(*day, tzinfo=UTC) + timedelta(seconds=later)
    end = start + timedelta(seconds=seconds)
    assert Interval(start.astimezone(BERLIN), end.astimezone(BERLIN)).seconds == seconds


def test_the_nights_of_the_change_in_berlin() -> None:
    spring = Interval(datetime(2026, 3, 29, 1, tzinfo=BERLIN), datetime(2026, 3, 29, 4, tzinfo=BERLIN))
    autumn = Interval(datetime(2026, 10, 25, 1, tzinfo=BERLIN), datetime(2026, 10, 25, 4, tzinfo=BERLIN))
    assert (spring.seconds, autumn.seconds) == (2 * 3600, 4 * 3600)
    twice = Interval(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1))
    assert twice.seconds == 3600


def test_a_fraction_of_a_second_is_cut_off() -> None:
    assert Interval(BEGIN + timedelta(seconds=0.9), BEGIN + timedelta(seconds=2.1)) == at(0, 2)


def test_what_is_no_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        at(1, 0)
    with pytest.raises(ValueError, match="zone"):
        Interval(datetime(2026, 1, 1), datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused


@given(pieces, pieces)
def test_two_intervals_overlap_or_are_some_way_apart(one: Interval, other: Interval) -> None:
    both = seconds_in([one]) & seconds_in([other])
    assert one.overlap(other) == other.overlap(one) == len(both)
    assert one.distance(other) == other.distance(one)
    assert not (one.overlap(other) and one.distance(other))


def test_how_far_two_are_apart() -> None:
    assert at(0, 10).distance(at(25, 30)) == 15
    assert at(0, 10).distance(at(10, 30)) == 0
    assert at(0, 10).distance(at(5, 5)) == 0


@pytest.mark.parametrize(
    ("seconds", "shown", "words"),
    [
        (0, 0, "0 min"),
        (29, 0, "0 min"),
        (30, 1, "1 min"),
        (89, 1, "1 min"),
        (90, 2, "2 min"),
        (2700, 45, "45 min"),
        (3570, 60, "1 h"),
        (4500, 75, "1 h 15 min"),
        (7200, 120, "2 h"),
        (360_060, 6001, "100 h 1 min"),
        (-29, 0, "0 min"),
        (-90, -2, "-2 min"),
        (-4500, -75, "-1 h 15 min"),
    ],
)
def test_minutes_are_rounded_half_up_when_shown(seconds: int, shown: int, words: str) -> None:
    assert minutes(seconds) == shown
    assert spoken(seconds) == words


def test_the_rule_says_how_it_is_rounded() -> None:
    assert "half a minute goes up" in RULE
