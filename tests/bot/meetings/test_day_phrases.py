"""Days as people type them: what is read, and that nothing is read wrongly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.amounts import told
from bot.meetings.day_phrases import MONTHS, WEEKDAYS, Days, apart, last_months, read, unreadable

TODAY = date(2026, 11, 24)  # a Tuesday
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def between(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    [
        ("today", "2026-11-24", "2026-11-24"),
        ("Yesterday", "2026-11-23", "2026-11-23"),
        ("the day before yesterday", "2026-11-22", "2026-11-22"),
        ("tuesday", "2026-11-24", "2026-11-24"),
        ("last tuesday", "2026-11-17", "2026-11-17"),
        ("on Fri", "2026-11-20", "2026-11-20"),
        ("this week", "2026-11-23", "2026-11-24"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("this month", "2026-11-01", "2026-11-24"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("Q3", "2026-07-01", "2026-09-30"),
        ("q4 2025", "2025-10-01", "2025-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("last 7 days", "2026-11-18", "2026-11-24"),
        ("past 2 weeks", "2026-11-11", "2026-11-24"),
        ("last 3 months", "2026-09-01", "2026-11-24"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("10/2026", "2026-10-01", "2026-10-31"),
        ("in October?", "2026-10-01", "2026-10-31"),
        ("december", "2025-12-01", "2025-12-31"),
        ("sept 2025", "2025-09-01", "2025-09-30"),
        ("2026-10-12", "2026-10-12", "2026-10-12"),
        ("11/19/2026", "2026-11-19", "2026-11-19"),
        ("19/11/2026", "2026-11-19", "2026-11-19"),
        ("10/10/2026", "2026-10-10", "2026-10-10"),
        ("10/13/2026 - 10/15/2026", "2026-10-13", "2026-10-15"),
        ("12.10.2026", "2026-10-12", "2026-10-12"),
        ("12 October", "2026-10-12", "2026-10-12"),
        ("October 12th, 2025", "2025-10-12", "2025-10-12"),
        ("25 november", "2025-11-25", "2025-11-25"),
        ("29 february", "2024-02-29", "2024-02-29"),
        ("2026-10-01 2026-10-15", "2026-10-01", "2026-10-15"),
        ("from 2026-10-15 to 2026-10-01", "2026-10-01", "2026-10-15"),
        ("2026-10-01..2026-10-15", "2026-10-01", "2026-10-15"),
        ("1 october – 15 october", "2026-10-01", "2026-10-15"),
        ("1 nov to 30 nov", "2026-11-01", "2026-11-24"),
        ("1 october to 3 november 2025", "2025-10-01", "2025-11-03"),
        ("15 december to 10 january", "2025-12-15", "2026-01-10"),
        ("september to october", "2026-09-01", "2026-10-31"),
        ("since october", "2026-10-01", "2026-11-24"),
        ("2027-01-05", "2027-01-05", "2027-01-05"),
        ("tomorrow", "2026-11-25", "2026-11-25"),
        ("next friday", "2026-11-27", "2026-11-27"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("next month", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_phrase_means_days_of_the_past_unless_it_says_next(phrase: str, first: str, last: str) -> None:
    assert read(phrase, TODAY) == between(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "12/10/2026", "31 june", "2026-13", "2026-02-30", "last 0 days", "last", "initech", "marching",
     "lasst monday", "1999", "in", "to", "2026-10-01 to", "since", "monday.com"],
)  # fmt: skip
def test_what_is_no_phrase_or_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert read(text, TODAY) is None


def test_where_the_month_comes_first_it_is_read_first() -> None:
    assert read("10/01/2026 10/15/2026", TODAY, month_first=True) == between("2026-10-01", "2026-10-15")
    assert read("13/10/2026", TODAY, month_first=True) == between("2026-10-13", "2026-10-13")
    assert read("13/13/2026", TODAY, month_first=True) is None


@pytest.mark.parametrize(
    ("text", "name", "phrase"),
    [
        ("Initech last month", "Initech", "last month"),
        ("for initech in october", "for initech", "in october"),
        ("initech 2026-10-01 2026-10-15", "initech", "2026-10-01 2026-10-15"),
        ("last   month  acme   corp", "acme corp", "last month"),
        ("november globex.example", "globex.example", "november"),
        ("last month initech 2026", "last month initech", "2026"),
        ("yesterday", "", "yesterday"),
        ("march partners", "partners", "march"),
        ("acme", "acme", ""),
        ("", "", ""),
    ],
)
def test_days_stand_behind_a_name_or_before_it(text: str, name: str, phrase: str) -> None:
    assert apart(text, TODAY) == (name, phrase, read(phrase, TODAY) if phrase else None)


@pytest.mark.parametrize("date", ["2026-10-32", "03/04/2026", "31.2.2026", "13/2026", "2026-13", "11/31/26"])
def test_what_looks_like_a_date_and_is_none_is_told_apart(date: str) -> None:
    assert read(date, TODAY) is None
    assert unreadable(f"acme {date}") == date


@pytest.mark.parametrize("text", ["initech", "route 66", "1.800.flowers", "acme/globex", "globex.example"])
def test_a_name_is_no_date(text: str) -> None:
    assert unreadable(text) is None


@given(days, days, days)
def test_two_dates_are_those_days_in_order(today: date, one: date, other: date) -> None:
    found = read(f"{one} {other}", today)
    first, last = min(one, other), max(one, other)
    assert found == Days(first, min(last, today) if first <= today else last)


@given(days, st.sampled_from([*MONTHS, *WEEKDAYS, "today", "last month", "last 12 months", "q2", "this year"]))
def test_without_a_year_it_has_begun_and_is_less_than_two_years_ago(today: date, phrase: str) -> None:
    found = read(phrase, today)
    assert found is not None
    assert today - timedelta(days=730) < found.first <= found.last <= today


@given(days, st.integers(1, 60))
def test_months_until_today_begin_with_a_first(today: date, number: int) -> None:
    found = last_months(number, today)
    assert (found.first.day, found.last) == (1, today)
    assert 12 * (today.year - found.first.year) + today.month - found.first.month == number - 1


@given(st.text(max_size=60), days)
def test_no_text_breaks_it(text: str, today: date) -> None:
    found = read(text, today)
    assert found is None or found.first <= found.last
    assert sorted(" ".join(apart(text, today)[:2]).split()) == sorted(text.split())


@given(days, days)
def test_days_as_they_are_told_are_read_back(one: date, other: date) -> None:
    shown = Days(min(one, other), max(one, other))
    assert read(told(shown).removeprefix(f"{shown.first:%a} "), shown.last) == shown


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-24", "2026-11-24", "Tue 24 November 2026"),
        ("2026-10-01", "2026-10-31", "October 2026"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2026-10-01", "2026-10-15", "1 to 15 October 2026"),
        ("2026-10-31", "2026-11-01", "31 October to 1 November 2026"),
        ("2025-12-31", "2026-01-01", "31 December 2025 to 1 January 2026"),
    ],
)
def test_days_are_told_shortly(first: str, last: str, words: str) -> None:
    assert told(between(first, last)) == words
