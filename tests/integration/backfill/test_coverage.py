"""What is covered by what Zoom was asked for. Pure."""

from datetime import UTC, date, datetime, timedelta

from integration.backfill.coverage import DELAY, LOOK_BACK, add
from integration.backfill.days import DAY, EASTERNMOST, WESTERNMOST, Days, midnight, since
from integration.backfill.models import Coverage

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TOMORROW = NOW.date() + DAY


def coverage(first: date | None = None, until: datetime | None = None) -> Coverage:
    return Coverage(
        id="acme", asked_from=midnight(first) + WESTERNMOST if first else None, asked_until=until, due_at=NOW
    )


def interval(found: Coverage) -> tuple[datetime | None, datetime | None]:
    return found.asked_from, found.asked_until


def test_what_ended_a_moment_ago_need_not_be_in_the_report_yet() -> None:
    found = coverage()
    add(found, Days(date(2026, 10, 24), TOMORROW), NOW)
    assert interval(found) == (midnight(date(2026, 10, 24)) + WESTERNMOST, NOW - DELAY)


def test_of_the_border_days_only_what_is_in_them_in_every_zone_is_known() -> None:
    found = coverage()
    add(found, Days(date(2026, 10, 24), date(2026, 11, 20)), NOW)
    assert interval(found) == (
        midnight(date(2026, 10, 24)) + WESTERNMOST,
        midnight(date(2026, 11, 21)) - EASTERNMOST,
    )


def test_an_older_month_next_to_it_is_added_and_one_further_away_is_not() -> None:
    found = coverage(date(2026, 10, 24), NOW)
    add(found, Days(date(2026, 9, 26), date(2026, 10, 25)), NOW)
    known = (midnight(date(2026, 9, 26)) + WESTERNMOST, NOW)
    assert interval(found) == known
    add(found, Days(date(2026, 7, 1), date(2026, 7, 31)), NOW)
    assert interval(found) == known


def test_newer_days_are_added_only_where_they_reach_back_beyond_the_longest_call() -> None:
    until = NOW - timedelta(days=5)
    found = coverage(date(2026, 6, 1), until)
    add(found, since(until - LOOK_BACK, NOW.date()), NOW)
    assert interval(found) == (midnight(date(2026, 6, 1)) + WESTERNMOST, NOW - DELAY)
    left_open = coverage(date(2026, 6, 1), until)
    add(left_open, Days(until.date(), TOMORROW), NOW)
    assert interval(left_open) == (midnight(until.date()) + WESTERNMOST, NOW - DELAY)


def test_what_is_known_is_never_less_after_asking_for_a_part_of_it_again() -> None:
    found = coverage(date(2026, 6, 1), NOW)
    add(found, Days(date(2026, 10, 23), NOW.date() - DAY), NOW)
    assert interval(found) == (midnight(date(2026, 6, 1)) + WESTERNMOST, NOW)


def test_a_day_that_has_hardly_begun_somewhere_covers_nothing() -> None:
    found = coverage()
    add(found, Days(NOW.date(), NOW.date()), midnight(NOW.date()) + WESTERNMOST)
    assert interval(found) == (None, None)
