"""The days that a report is about, in the tenant's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from integration.errors import Invalid
from integration.meetings.days import FIRST_DAY, LAST_DAY, end_of, start_of

LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Period:
    """From the start of the day `first` until just before the day after `last`."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The moment at which its first day begins, in UTC."""
        return start_of(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which the day after its last one begins, in UTC."""
        return end_of(self.last, self.zone)

    def months(self) -> dict[str, "Period"]:
        """Its part of each month that has a day in it, in order, by the month's key: such as `2025-01`."""
        found = {}
        first = self.first
        while first <= self.last:
            following = next_month(first)
            found[f"{first:%Y-%m}"] = Period(first, min(self.last, following - timedelta(days=1)), self.zone)
            first = following
        return found


def period_of(zone: ZoneInfo, first: date | None, last: date | None, now: datetime) -> Period:
    """From `first` (or the first day of this month) to `last` (or today), both included.

    Raises Invalid, naming `from` or `to`, when they are the wrong way round or too far apart.
    """
    today = now.astimezone(zone).date()
    last = last or max(today, first or today)
    first = first or min(today, last).replace(day=1)
    for name, day in (("from", first), ("to", last)):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid(f"{day} is not a day of this century.", field=name, remedy="Write days like 2025-01-31.")
    if last < first:
        raise Invalid(
            f"The first day ({first}) is after the last one ({last}).", field="from", remedy="Exchange the two days."
        )
    if last - first > LONGEST:
        raise Invalid(
            "The days are more than five years apart.", field="from", remedy="Ask for five years or less at a time."
        )
    return Period(first, last, zone)


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
