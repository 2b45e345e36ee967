"""Against brute force: every event is looked at for every session."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from integration.meetings.duration import Interval
from integration.meetings.matching import Planned, assign

BEGIN = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
MINUTE = 60


def at(start: float, end: float) -> Interval:
    """From minute `start` to minute `end`."""
    return Interval(BEGIN + timedelta(minutes=start), BEGIN + timedelta(minutes=end))


def event(key: str, start: float, end: float, tie: str | None = None) -> Planned:
    return Planned(key, at(start, end).start, at(start, end).end, tie or key)


def slowly(session: Interval, events: list[Planned]) -> str | None:
    """What design.md says, one sentence after the other."""
    in_order = sorted(events, key=lambda one: (one.start, one.tie))
    most = max((common(session, one) for one in in_order), default=0)
    if most > 0:
        return next(one.key for one in in_order if common(session, one) == most)
    near = [one for one in in_order if -120 * MINUTE <= away(session, one) <= 30 * MINUTE]
    nearest = min((abs(away(session, one)) for one in near), default=None)
    return next((one.key for one in near if abs(away(session, one)) == nearest), None)


def common(session: Interval, one: Planned) -> float:
    return (min(session.end, one.end) - max(session.start, one.start)).total_seconds()


def away(session: Interval, one: Planned) -> float:
    """Seconds from the session's end to the event's start; less than nothing: from the event's end to the session."""
    if session.end <= one.start:
        return (one.start - session.end).total_seconds()
    return min(0.0, (one.end - session.start).total_seconds())


# Few different times, so that many touch, nest, and fit equally well.
times = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: (min(ends) * 10, max(ends) * 10))
sessions = st.dictionaries(st.uuids().map(str), times.map(lambda ends: at(*ends)), max_size=12)
events = st.lists(st.tuples(times, st.sampled_from("abc")), max_size=12).map(
    lambda rows: [event(str(n), *ends, f"{tie}{n}") for n, (ends, tie) in enumerate(rows)]
)


@given(sessions, events, st.randoms())
def test_each_session_goes_where_the_rule_says(
    held: dict[str, Interval], planned: list[Planned], chance: Random
) -> None:
    wanted = {key: slowly(session, planned) for key, session in held.items()}
    chance.shuffle(planned)
    assert assign(held, planned) == wanted


def test_the_greatest_overlap_wins_and_then_the_earlier_start() -> None:
    planned = [event("a", 0, 60), event("b", 60, 120), event("c", 50, 70)]
    held = {"early": at(58, 100), "ran over": at(5, 75), "both alike": at(50, 70)}
    assert assign(held, planned) == {"early": "b", "ran over": "a", "both alike": "c"}
    assert assign({"even": at(50, 70)}, planned[:2]) == {"even": "a"}


def test_what_overlaps_nothing_goes_to_the_nearest_in_reach() -> None:
    planned = [event("a", 0, 60), event("b", 240, 300)]
    held = {
        "just after": at(61, 62),
        "120 minutes after": at(180, 185),
        "too late for a, too early for b": at(180.1, 209.9),
        "30 minutes before": at(200, 210),
        "nearer to b": at(175, 215),
        "long before": at(-60, -31),
        "before": at(-60, -30),
    }
    assert assign(held, planned) == {
        "just after": "a",
        "120 minutes after": "a",
        "too late for a, too early for b": None,
        "30 minutes before": "b",
        "nearer to b": "b",
        "long before": None,
        "before": "a",
    }


def test_events_that_touch_and_a_call_of_no_length() -> None:
    planned = [event("a", 0, 60), event("b", 60, 120), event("moment", 30, 30)]
    assert assign({"between": at(60, 60), "within": at(90, 90)}, planned) == {"between": "a", "within": "b"}
    assert assign({"around": at(20, 40)}, planned[2:]) == {"around": "moment"}


def test_two_events_at_once_are_told_apart_by_the_smaller_tie() -> None:
    planned = [event("first", 0, 60, "z"), event("second", 0, 60, "y")]
    assert assign({"call": at(0, 60)}, planned) == {"call": "second"}


def test_nothing_planned_and_nothing_held() -> None:
    assert assign({"call": at(0, 1)}, []) == {"call": None}
    assert assign({}, [event("a", 0, 1)]) == {}


def test_a_very_long_call_and_a_very_long_event_hide_nothing() -> None:
    planned = [event("year", 0, 525_600), event("day", 3000, 3060)]
    held = {"days": at(2000, 9000), "day": at(3000, 3060), "end": at(525_000, 525_010)}
    assert assign(held, planned) == {"days": "year", "day": "year", "end": "year"}
    assert assign(held, planned[1:]) == {"days": "day", "day": "day", "end": None}


def test_thousands_are_matched_one_after_the_other() -> None:
    planned = [event(f"e{n}", 60 * n, 60 * n + 45) for n in range(5000)]
    held = {f"s{n}": at(60 * n - 4, 60 * n + 30) for n in range(5000)}
    whole_year = event("long", 0, 60 * 5000, "z")
    assert assign(held, planned) == {f"s{n}": f"e{n}" for n in range(5000)}
    assert set(assign(held, [whole_year, *planned]).values()) <= {"long", "e0"}
