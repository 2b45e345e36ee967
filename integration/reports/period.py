"""The days that a report is about, in the tenant's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from integration.errors import Invalid
from integration.meetings.days import FIRST_DAY, LAST_DAY, end_of, start_of

LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Month:
    """A month of a period: its key, such as `2025-01`, and the moment it begins there."""

    key: str
    start: datetime


@dataclass(frozen=True)
class Period:
    """From the start of the day `first` until just before the day after `last`: `start` and `end` are in UTC."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return start_of(self.first, self.zone)

    @property
    def end(self) -> datetime:
        return end_of(self.last, self.zone)

    def months(self) -> list[Month]:
        """Each month that has a day in it, in order."""
        found = [Month(f"{self.first:%Y-%m}", self.start)]
        day = next_month(self.first)
        while day <= self.last:
            found.append(Month(f"{day:%Y-%m}", start_of(day, self.zone)))
            day = next_month(day)
        return found

    def within(self, month: date) -> "Period | None":
        """The part that lies in the month of this day; None without any."""
        first = max(self.first, month.replace(day=1))
        last = min(self.last, next_month(month) - timedelta(days=1))
        return Period(first, last, self.zone) if first <= last else None


def period_of(zone: ZoneInfo, first: date | None, last: date | None, now: datetime) -> Period:
    """From `first` (or the first day of this month) to `last` (or today), both included.

    Raises Invalid, naming `from` or `to`, when they are the wrong way round or too far apart.
    """
    today = now.astimezone(zone).date()
    last = last or max(today, first or today)
    first = first or min(today, last).replace(day=1)
    for name, day in (("from", first), ("to", last)):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid(f"{name} is not a day of this century.", field=name, remedy="Write days like 2025-01-31.")
    if last < first:
        raise Invalid(f"from ({first}) is after to ({last}).", field="from", remedy="Exchange the two days.")
    if last - first > LONGEST:
        raise Invalid(
            "The days are more than five years apart.", field="from", remedy="Ask for five years or less at a time."
        )
    return Period(first, last, zone)


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
