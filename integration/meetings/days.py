"""Days of a tenant's zone as moments."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)  # that anybody may ask about


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the next day begins in a zone, in UTC."""
    return start_of(day + timedelta(days=1), zone)
