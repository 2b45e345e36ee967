"""How the promise was kept: what counts, in which month and week, and how long responses took."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.desk import statistics
from integration.desk.models import Ending
from integration.desk.statistics import Outcome, Run, Tally, month_asked, outcome, weeks_of, within
from integration.errors import Invalid
from tests.integration.desk.requests import NOON, at

TARGET = NOON + timedelta(hours=2)
SECOND = timedelta(seconds=1)


def run(stopped: datetime | None, ended: str | None = "answered") -> Run:
    return Run(NOON, TARGET, stopped, ended if stopped else None)


@pytest.mark.parametrize(
    ("clock", "now", "found"),
    [
        (run(TARGET), TARGET, Outcome.KEPT),  # the target itself is in time
        (run(TARGET, "elsewhere"), TARGET, Outcome.KEPT),
        (run(TARGET + SECOND), TARGET, Outcome.LATE),
        (run(None), TARGET, Outcome.STILL_OPEN),
        (run(None), TARGET + SECOND, Outcome.MISSED_OPEN),
        (run(TARGET, Ending.CLOSED), TARGET, Outcome.CLOSED),
        (run(TARGET + SECOND, Ending.CLOSED), TARGET, Outcome.MISSED_CLOSED),
    ],
)
def test_a_clock_says_what_became_of_the_promise(clock: Run, now: datetime, found: Outcome) -> None:
    assert outcome(clock, now) is found


def test_what_is_missed_counts_and_what_is_open_or_closed_early_does_not() -> None:
    found = Tally(
        [run(TARGET), run(TARGET + SECOND), run(None), run(NOON, "closed"), run(TARGET + SECOND, "closed")], NOON
    )
    assert (found.counted, found.kept, found.share) == (3, 1, 1 / 3)
    assert Tally([run(None), run(NOON, "closed")], NOON).share is None


def test_times_are_business_minutes_of_responses_by_the_nearest_rank() -> None:
    minutes = [10, 20, 30, 40]
    found = Tally([run(NOON + timedelta(minutes=n)) for n in minutes] + [run(NOON, "closed"), run(None)], NOON)
    assert (found.percentile(50), found.percentile(90)) == (20, 40)
    overnight = Tally([Run(at("2026-11-20T17:50"), TARGET, at("2026-11-23T09:10"), "answered")], NOON)
    assert overnight.percentile(50) == overnight.percentile(90) == 20
    assert Tally([run(None)], NOON).percentile(50) is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=40), st.sampled_from([1, 50, 90, 100]))
def test_a_percentile_is_the_least_time_that_covers_so_many(minutes: list[int], percent: int) -> None:
    found = Tally([run(NOON + timedelta(minutes=n)) for n in minutes], NOON).percentile(percent)
    covering = [one for one in minutes if sum(other <= one for other in minutes) * 100 >= percent * len(minutes)]
    assert found == min(covering)


@settings(deadline=None)
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_whole_percent_is_rounded_down_whatever_the_numbers(one: int, other: int) -> None:
    kept, counted = sorted((one, other))
    told = statistics.percent(kept, counted)
    if counted == 0:
        assert told is None
    else:
        assert told is not None
        assert told * counted <= kept * 100 < (told + 1) * counted
        assert (told == 100) is (kept == counted)


@pytest.mark.parametrize(("kept", "counted"), [(29, 100), (57, 100), (29, 50)])
def test_a_whole_percent_is_not_one_less_than_it_is(kept: int, counted: int) -> None:
    assert statistics.percent(kept, counted) == kept * 100 / counted


def test_a_month_is_one_of_pacific_time() -> None:
    march = month_asked("2026-03", NOON)
    assert (march.start, march.end) == (at("2026-03-01T00:00"), at("2026-04-01T00:00"))
    assert march.end - march.start == timedelta(days=31, hours=-1)  # clocks go forward
    new_year = datetime(2027, 1, 1, 7, 59, tzinfo=UTC)
    assert f"{month_asked(None, new_year).first}" == "2026-12-01"
    assert f"{month_asked('', new_year + timedelta(minutes=1)).first}" == "2027-01-01"


@pytest.mark.parametrize(
    "month", ["2026", "2026-13", "2026-1", "November", "0001-01", "9999-12", "2026-11-01", "x" * 40]
)
def test_what_is_no_month_is_refused_with_a_remedy(month: str) -> None:
    with pytest.raises(Invalid) as caught:
        month_asked(month, NOON)
    assert caught.value.field == "month"
    assert "2026-11" in str(caught.value.remedy)


def test_weeks_begin_on_mondays_and_end_with_the_month_or_today() -> None:
    november = month_asked("2026-11", NOON)
    shown = [(one.first.day, one.last.day) for one in weeks_of(november, NOON)]
    assert shown == [(1, 1), (2, 8), (9, 15), (16, 22), (23, 29)]
    later = [(one.first.day, one.last.day) for one in weeks_of(november, at("2027-01-01T00:00"))]
    assert later == [*shown, (30, 30)]
    assert weeks_of(month_asked("2026-12", NOON), NOON) == []


@settings(deadline=None, max_examples=30)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - it adds the zone
def test_each_clock_is_in_one_week_of_its_month(moment: datetime) -> None:
    month = month_asked(None, moment)
    weeks = weeks_of(month, month.end)
    assert weeks[0].first == month.first
    assert weeks[-1].last == month.last
    assert sum(len(within([Run(moment, moment, None, None)], one)) for one in weeks) == 1


def test_too_few_are_not_published() -> None:
    assert statistics.published_share(Tally([run(TARGET)] * 4, NOON)) is None
    assert statistics.published_share(Tally([run(TARGET)] * 4 + [run(None)], TARGET + SECOND)) == 0.8
