"""Support hours against a reference that walks the clock minute by minute and knows one rule."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.calendar import Calendar, HalfDay, default_calendar
from kb.errors import KbError, NoZoneError
from kb.support_hours import (
    after,
    business_minutes,
    closing,
    describe,
    describe_due,
    describe_moment,
    describe_respond_by,
    is_open,
    next_opening,
    respond_by,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
KOLKATA = ZoneInfo("Asia/Kolkata")
VANCOUVER = ZoneInfo("America/Vancouver")

NO_HOLIDAYS = Calendar({}, {})

unhurried = settings(deadline=None)  # machines are shared: nothing here measures time


def pacific(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC)


# The reference


def slow_is_open(moment: datetime, calendar: Calendar) -> bool:
    local = moment.astimezone(PACIFIC)
    if local.strftime("%a") in {"Sat", "Sun"} or local.date() in calendar.closed:
        return False
    half = calendar.half.get(local.date())
    return "09:00" <= local.strftime("%H:%M") < (half.closes.strftime("%H:%M") if half else "18:00")


def next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def slow_next_opening(now: datetime, calendar: Calendar) -> datetime:
    before, after = now, next_minute(now)
    while slow_is_open(before, calendar) or not slow_is_open(after, calendar):
        before, after = after, next_minute(after)
    return after


def slow_respond_by(asked: datetime, calendar: Calendar) -> datetime:
    return slow_after(asked, timedelta(hours=2), calendar)


def slow_after(moment: datetime, left: timedelta, calendar: Calendar) -> datetime:
    while True:
        after = next_minute(moment)
        if slow_is_open(moment, calendar):
            if after - moment >= left:
                return moment + left
            left -= after - moment
        moment = after


def slow_minutes(a: datetime, b: datetime, calendar: Calendar) -> float:
    total, moment = timedelta(), a
    while moment < b:
        after = min(next_minute(moment), b)
        if slow_is_open(moment, calendar):
            total += after - moment
        moment = after
    return total / timedelta(minutes=1)


# What is tried: any moment, and above all the ones beside a boundary, a holiday or a clock change

LATEST = datetime(2029, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
EDGES = [
    pacific(f"{day}T{clock}")
    for day in (
        "2026-03-06",  # the Friday before clocks go forward
        "2026-03-09",
        "2026-10-30",  # the Friday before clocks go back
        "2026-11-02",
        "2026-11-25",  # before Thanksgiving
        "2026-12-23",
        "2026-12-24",  # a half day
        "2026-12-31",
        "2027-12-23",
    )
    for clock in ("00:00", "09:00", "11:00", "13:00", "16:00", "18:00", "23:59")
]
anytime = st.datetimes(datetime(2026, 1, 1), LATEST, timezones=st.just(UTC))  # noqa: DTZ001 - the same
near_edge = st.builds(
    lambda edge, offset: edge.astimezone(UTC) + offset,
    st.sampled_from(EDGES),
    st.sampled_from([timedelta(seconds=s) for s in (-3600, -60, -1, 0, 1, 60, 3600)])
    | st.timedeltas(timedelta(minutes=-1), timedelta(minutes=1)),
)
moments = anytime | near_edge
days = st.dates(date(2026, 11, 1), date(2026, 12, 31))
half_days = st.builds(HalfDay, st.just("x"), st.builds(time, st.integers(9, 17), st.integers(1, 59)))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    closed: Mapping[date, str] = draw(st.dictionaries(days, st.just("x"), max_size=15))
    half: Mapping[date, HalfDay] = draw(st.dictionaries(days, half_days, max_size=15))
    return Calendar(closed, {day: value for day, value in half.items() if day not in closed})


any_calendar = st.builds(default_calendar) | calendars()


@unhurried
@given(moments, any_calendar)
def test_a_moment_is_open_as_the_reference_says(now: datetime, calendar: Calendar) -> None:
    assert is_open(now, calendar) == slow_is_open(now, calendar)


@unhurried
@given(moments, any_calendar)
@example(pacific("2026-11-23T09:00").astimezone(UTC), NO_HOLIDAYS)
def test_the_next_opening_is_the_references(now: datetime, calendar: Calendar) -> None:
    assert next_opening(now, calendar) == slow_next_opening(now, calendar)


@unhurried
@given(moments, any_calendar)
def test_a_response_is_due_when_the_reference_says(asked: datetime, calendar: Calendar) -> None:
    assert respond_by(asked, calendar) == slow_respond_by(asked, calendar)


@unhurried
@given(moments, st.timedeltas(timedelta(), timedelta(hours=10)), any_calendar)
@example(pacific("2026-11-23T18:00").astimezone(UTC), timedelta(), NO_HOLIDAYS)
def test_open_time_has_passed_when_the_reference_says(now: datetime, length: timedelta, calendar: Calendar) -> None:
    then = after(now, length, calendar)
    assert then == slow_after(now, length, calendar)
    assert then >= now
    assert business_minutes(now, then, calendar) == length / timedelta(minutes=1)


@unhurried
@given(moments, any_calendar)
def test_after_no_time_it_is_open(now: datetime, calendar: Calendar) -> None:
    opened = after(now, timedelta(), calendar)
    assert is_open(opened, calendar)
    assert opened == (now if is_open(now, calendar) else next_opening(now, calendar))


@unhurried
@given(moments, any_calendar)
def test_two_open_hours_lie_between_question_and_response(asked: datetime, calendar: Calendar) -> None:
    due = respond_by(asked, calendar)
    assert due.tzinfo is UTC
    assert business_minutes(asked, due, calendar) == 120


@unhurried
@given(moments, any_calendar)
def test_a_response_is_due_in_open_time_or_at_a_closing_instant(asked: datetime, calendar: Calendar) -> None:
    due = respond_by(asked, calendar)
    assert is_open(due, calendar) or is_open(due - timedelta(microseconds=1), calendar)


@unhurried
@given(moments, st.timedeltas(timedelta(), timedelta(days=5)), any_calendar)
def test_a_later_question_is_never_due_earlier(asked: datetime, later: timedelta, calendar: Calendar) -> None:
    assert respond_by(asked, calendar) <= respond_by(asked + later, calendar)


@unhurried
@given(moments, st.timedeltas(timedelta(), timedelta(days=6)), any_calendar)
def test_open_minutes_are_the_references(a: datetime, length: timedelta, calendar: Calendar) -> None:
    assert business_minutes(a, a + length, calendar) == slow_minutes(a, a + length, calendar)


@unhurried
@given(st.lists(moments, min_size=3, max_size=3), any_calendar)
def test_open_minutes_add_up_and_change_sign(three: list[datetime], calendar: Calendar) -> None:
    a, b, c = three
    parts = business_minutes(a, b, calendar) + business_minutes(b, c, calendar)
    assert parts == pytest.approx(business_minutes(a, c, calendar), abs=1e-6)
    assert business_minutes(a, b, calendar) == -business_minutes(b, a, calendar)


@unhurried
@given(moments, any_calendar)
def test_hours_close_after_they_open(now: datetime, calendar: Calendar) -> None:
    close = closing(now, calendar)
    assert close > now
    assert not is_open(close, calendar)
    assert is_open(close - timedelta(microseconds=1), calendar)
    assert close <= next_opening(now, calendar) or not is_open(now, calendar)


def test_decades_ahead_every_day_still_counts() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365 * 40)]
    midnights = [datetime.combine(day, time(), PACIFIC) for day in days]
    for day, (start, end) in zip(days, pairwise(midnights), strict=False):
        noon_is_open = slow_is_open(start + timedelta(hours=12), default_calendar())
        minutes = business_minutes(start, end)
        assert minutes == (540 if day not in default_calendar().half else 240) * noon_is_open
    assert business_minutes(midnights[0], midnights[-1]) == sum(
        business_minutes(start, end) for start, end in pairwise(midnights)
    )
    far = pacific("2066-03-13T12:00")  # a Saturday, clocks go forward overnight
    assert respond_by(far) == pacific("2066-03-15T11:00")


# By hand


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23T10:00", "2026-11-23T12:00"),
        ("2026-11-23T16:00", "2026-11-23T18:00"),  # the closing instant is allowed
        ("2026-11-23T16:00:01", "2026-11-24T09:00:01"),
        ("2026-11-23T17:59:59", "2026-11-24T10:59:59"),
        ("2026-11-23T18:00", "2026-11-24T11:00"),
        ("2026-11-23T03:00", "2026-11-23T11:00"),
        ("2026-11-20T17:00", "2026-11-23T10:00"),  # over a weekend
        ("2026-11-25T17:00", "2026-11-30T10:00"),  # over Thanksgiving and the day after
        ("2026-12-24T11:00", "2026-12-24T13:00"),  # a half day
        ("2026-12-24T12:30", "2026-12-28T10:30"),
        ("2026-03-06T17:00", "2026-03-09T10:00"),  # clocks go forward on Sunday
        ("2026-10-30T17:00", "2026-11-02T10:00"),  # clocks go back on Sunday
    ],
)
def test_a_response_is_due_two_business_hours_later(asked: str, due: str) -> None:
    assert respond_by(pacific(asked)) == pacific(due)


def test_a_half_day_shorter_than_two_hours_counts_for_what_it_is() -> None:
    calendar = Calendar({}, {date(2026, 11, day): HalfDay("x", time(9, 30)) for day in (23, 24, 25)})
    assert respond_by(pacific("2026-11-23T08:00"), calendar) == pacific("2026-11-26T09:30")


def test_a_holiday_on_a_weekend_takes_nothing_off() -> None:
    calendar = Calendar({date(2026, 7, 4): "x"}, {date(2026, 7, 5): HalfDay("x", time(12))})
    assert business_minutes(pacific("2026-07-03T09:00"), pacific("2026-07-06T18:00"), calendar) == 1080


@pytest.mark.parametrize(
    "call", [is_open, next_opening, closing, respond_by, lambda now: business_minutes(now, now), describe]
)
def test_a_moment_without_a_zone_is_refused_with_a_remedy(call: object) -> None:
    assert callable(call)
    with pytest.raises(NoZoneError) as caught:
        call(datetime(2026, 11, 23, 10))  # noqa: DTZ001 - that is the point
    assert caught.value.field == "now"
    assert "datetime.now(UTC)" in str(caught.value)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0001-12-31T12:00", "9999-01-01T12:00", "9999-12-31T23:59:59"])
@pytest.mark.parametrize("zone", [UTC, PACIFIC, TOKYO])
def test_the_first_and_the_last_year_are_refused_with_a_remedy(moment: str, zone: ZoneInfo) -> None:
    for call in (is_open, next_opening, closing, respond_by, describe):
        with pytest.raises(KbError, match="years 2 to 9998"):
            call(datetime.fromisoformat(moment).replace(tzinfo=zone))


@pytest.mark.parametrize("day", ["0002-01-02", "9998-12-28"])
def test_every_other_year_is_reckoned(day: str) -> None:
    for zone in (UTC, PACIFIC, TOKYO):
        asked = datetime.fromisoformat(day).replace(tzinfo=zone)
        assert describe(asked, TOKYO)
        assert describe_respond_by(asked, TOKYO)
        assert business_minutes(asked, respond_by(asked)) == 120


def test_any_kind_of_zone_is_the_same_moment() -> None:
    asked = pacific("2026-11-23T10:00")
    for zone in (UTC, BERLIN, timezone(timedelta(hours=5, minutes=30))):
        assert respond_by(asked.astimezone(zone)) == respond_by(asked)


# In words

EVE_OF_THANKSGIVING = "Open now, until 18:00 PT (Thursday 03:00 your time)"


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        ("2026-11-23T10:00", BERLIN, "Open now, until 18:00 PT (Tuesday 03:00 your time)"),
        ("2026-11-23T10:00", None, "Open now, until 18:00 PT"),
        ("2026-11-23T10:00", PACIFIC, "Open now, until 18:00 PT"),
        ("2026-11-23T10:00", VANCOUVER, "Open now, until 18:00 PT"),
        ("2026-12-24T10:00", None, "Open now, until 13:00 PT; then closed until Monday (Christmas Day)"),
        ("2026-11-25T17:00", BERLIN, f"{EVE_OF_THANKSGIVING}; then closed until Monday (Thanksgiving)"),
        ("2026-11-25T18:00", None, "Closed; opens Monday 9:00 PT, after Thanksgiving"),
        ("2026-09-06T12:00", None, "Closed; opens Tuesday 9:00 PT, after Labor Day"),
        ("2026-11-21T10:00", BERLIN, "Closed; opens Monday 9:00 PT (18:00 your time)"),
        ("2026-11-22T10:00", TOKYO, "Closed; opens Monday 9:00 PT (Tuesday 02:00 your time)"),
        ("2026-11-22T10:00", KOLKATA, "Closed; opens Monday 9:00 PT (22:30 your time)"),
        ("2026-11-22T10:00", None, "Closed; opens Monday 9:00 PT"),
        ("2026-11-23T06:00", None, "Closed; opens today 9:00 PT"),
        ("2026-11-23T06:00", BERLIN, "Closed; opens today 9:00 PT (18:00 your time)"),
        ("2026-11-23T08:00", TOKYO, "Closed; opens Monday 9:00 PT (Tuesday 02:00 your time)"),
        ("2026-11-23T20:00", None, "Closed; opens Tuesday 9:00 PT"),
        ("2026-11-26T12:00", BERLIN, "Closed today (Thanksgiving); opens Monday 9:00 PT (18:00 your time)"),
        ("2026-11-26T12:00", TOKYO, "Closed (Thanksgiving); opens Monday 9:00 PT (Tuesday 02:00 your time)"),
        ("2026-12-24T14:00", None, "Closed early today (Christmas Eve); opens Monday 9:00 PT"),
        ("2026-12-24T07:00", None, "Closed; opens today 9:00 PT"),
    ],
)
def test_support_hours_in_words(now: str, zone: ZoneInfo | None, words: str) -> None:
    assert describe(pacific(now), zone) == words


def test_an_opening_a_week_ahead_names_its_date() -> None:
    shut = Calendar({date(2026, 12, 28) + timedelta(days=n): "the winter break" for n in range(5)}, {})
    friday = pacific("2026-12-25T19:00")
    assert describe(friday, None, shut) == "Closed; opens Monday, January 4, 9:00 PT, after the winter break"
    thursday = pacific("2026-12-24T10:00")
    assert describe(thursday, None, shut).endswith("until 18:00 PT")
    christmas = Calendar({**shut.closed, date(2026, 12, 25): "Christmas Day"}, {})
    assert describe(thursday, None, christmas).endswith("; then closed until Monday, January 4 (Christmas Day)")
    assert describe_respond_by(friday, None, shut) == "by Mon, January 4, 11:00 PT"
    assert describe(friday + timedelta(days=5), None, shut) == ("Closed today (the winter break); opens Monday 9:00 PT")


@pytest.mark.parametrize(
    ("asked", "zone", "words"),
    [
        ("2026-11-20T17:40", BERLIN, "by Mon 10:40 PT (19:40 your time)"),
        ("2026-11-20T17:40", TOKYO, "by Mon 10:40 PT (Tue 03:40 your time)"),
        ("2026-11-23T10:00", None, "by 12:00 PT today"),
        ("2026-11-23T10:00", BERLIN, "by 12:00 PT today (21:00 your time)"),
        ("2026-11-23T14:00", BERLIN, "by 16:00 PT today (Tue 01:00 your time)"),
        ("2026-11-23T10:00", TOKYO, "by Mon 12:00 PT (Tue 05:00 your time)"),
        ("2026-11-23T17:00", VANCOUVER, "by Tue 10:00 PT"),
        ("2026-11-23T10:00:01", None, "by 12:01 PT today"),
    ],
)
def test_a_due_time_in_words(asked: str, zone: ZoneInfo | None, words: str) -> None:
    assert describe_respond_by(pacific(asked), zone) == words


@pytest.mark.parametrize(
    ("due", "now", "zone", "words"),
    [
        ("2026-11-23T10:40", "2026-11-20T17:55", BERLIN, "by Mon 10:40 PT (19:40 your time)"),
        ("2026-11-23T10:40", "2026-11-23T10:39", None, "by 10:40 PT today"),
        ("2026-11-23T10:40", "2026-11-23T15:00", BERLIN, "by Mon 10:40 PT (19:40 your time)"),  # there it is Tuesday
        ("2026-11-23T10:40", "2026-11-24T09:00", None, "by Mon, November 23, 10:40 PT"),  # not next Monday
        ("2026-11-23T10:40:01", "2026-12-01T09:00", None, "by Mon, November 23, 10:41 PT"),
    ],
)
def test_a_given_due_time_is_told_as_of_now(due: str, now: str, zone: ZoneInfo | None, words: str) -> None:
    assert describe_due(pacific(due), pacific(now), zone) == words


@unhurried
@given(moments, st.sampled_from([None, PACIFIC, BERLIN, TOKYO, KOLKATA, ZoneInfo("Pacific/Kiritimati")]))
def test_words_are_found_for_every_moment(now: datetime, zone: ZoneInfo | None) -> None:
    assert describe(now, zone).startswith("Open now, until " if is_open(now) else "Closed")
    assert describe_respond_by(now, zone).startswith("by ")


def test_what_is_to_come_is_rounded_up_and_what_was_is_not() -> None:
    now = datetime(2025, 1, 14, 18, 30, 30, tzinfo=UTC)
    moments = (now - timedelta(minutes=10), now, now + timedelta(minutes=10))
    assert [describe_moment(one, now, None) for one in moments] == [
        "10:20 PT today",
        "10:30 PT today",
        "10:41 PT today",
    ]
    assert describe_due(now - timedelta(minutes=10), now, None) == "by 10:21 PT today"  # as it was promised
