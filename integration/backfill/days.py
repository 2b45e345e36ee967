"""Days and months, as Zoom is asked for them. Pure.

Zoom's reports take days, and nobody says whose: UTC's, or those of the account's own time zone. So what is asked for
reaches further than what is known by it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MONTHS = 6  # as far back as Zoom's reports go (Zoom's API reference, "Reports")
DAY = timedelta(days=1)
# Where a day begins first, and where last, next to UTC.
EASTERNMOST, WESTERNMOST = timedelta(hours=14), timedelta(hours=12)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date


def midnight(day: date) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def surely(days: Days) -> tuple[datetime, datetime]:
    """What lies in these days wherever they are meant: from, and until."""
    return midnight(days.first) + WESTERNMOST, midnight(days.last) + DAY - EASTERNMOST


def months(today: date) -> list[Days]:
    """The past half year until tomorrow, which it is already in the east: in windows of a month at most, newest first.

    Each begins with the last two days of the one before it: that leaves no gap between what is surely in them.
    """
    windows, last = list[Days](), today + DAY
    while not windows or windows[-1].first > oldest(today):
        windows.append(Days(max(_month_before(last) + DAY, oldest(today)), last))
        last = windows[-1].first + DAY
    return windows


def oldest(today: date) -> date:
    """The first day that Zoom's reports still tell of."""
    day = today
    for _ in range(MONTHS):
        day = _month_before(day)
    return day + DAY


def within_reach(window: Days, today: date) -> Days | None:
    """What Zoom's reports still tell of a window that was planned some days ago; None: nothing."""
    first = max(window.first, oldest(today))
    return Days(first, window.last) if first <= window.last else None


def since(moment: datetime, today: date) -> Days:
    """From before that moment, wherever its day is meant, until tomorrow; a month at most."""
    last = today + DAY
    return Days(max((moment - WESTERNMOST).astimezone(UTC).date(), _month_before(last) + DAY), last)


def _month_before(day: date) -> date:
    first = day.replace(day=1) - DAY  # in the month before
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))
