"""What days a reader may choose on the page of meeting hours, and how days are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from integration.errors import Invalid
from integration.reports.period import Period

FEWEST_MONTHS = 6  # of the chart over time: with one or two it would show nothing


@dataclass(frozen=True)
class Choice:
    """Days to choose by one click; `chosen`: they are shown now."""

    name: str
    first: date
    last: date
    chosen: bool


def day_of(name: str, text: str | None) -> date | None:
    """The day that was typed or chosen, None without one. Raises Invalid in words for people."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"“{text[:20]}” is not a day.", field=name, remedy="Write days like 2025-01-31, or go back and choose them."
        ) from None


def choices(shown: Period, now: datetime) -> Sequence[Choice]:
    """The usual days, as of today in the tenant's zone."""
    today = now.astimezone(shown.zone).date()
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    offered = (
        ("This month", month, today),
        ("Last month", before.replace(day=1), before),
        ("Last 3 months", months_back(today, 2), today),
        ("Last 12 months", months_back(today, 11), today),
    )
    return [Choice(name, first, last, (first, last) == (shown.first, shown.last)) for name, first, last in offered]


def days_of(period: Period) -> str:
    """The days as people write them: `1–22 November 2026`, `1 October – 22 November 2026`."""
    first, last = period.first, period.last
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} – {end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%B} – {end}"


def months_back(day: date, months: int) -> date:
    """The first day of the month that many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def over_time(shown: Period) -> Period:
    """The days of the chart over time: those that are shown, and at least the half year up to their end."""
    first = months_back(shown.last, FEWEST_MONTHS - 1)
    return shown if shown.first <= first else Period(first, shown.last, shown.zone)
