"""When Zoom wants to be asked again (https://developers.zoom.us/docs/api/rate-limits/)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
EPOCH_FROM = 10_000_000  # a larger number of seconds is a moment, not a wait


def retry_at(headers: Mapping[str, str], *, now: datetime, limit: str) -> datetime | None:
    """The earliest moment (aware, UTC) for another try, or None where Zoom names none.

    `limit` is the cause's code. Both documented headers may be absent: then a limit per second is over after one
    second, and one per day at midnight UTC (when it is counted anew is not documented). Never more than a day ahead.
    """
    named = _moment(headers.get("Retry-After"), now) or _moment(headers.get("X-RateLimit-Reset"), now)
    if named is None and limit == "rate_limited":
        named = now + SECOND
    if named is None and limit == "rate_limited_today":
        named = (now.astimezone(UTC) + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    return None if named is None else min(max(named, now), now + DAY)


def _moment(text: str | None, now: datetime) -> datetime | None:
    """Seconds from now, seconds since 1970, an ISO date and time, or an HTTP date."""
    text = (text or "").strip()
    try:
        number = float(text)
    except ValueError:
        return _date(text)
    try:
        return datetime.fromtimestamp(number, UTC) if number > EPOCH_FROM else now + timedelta(seconds=number)
    except (ValueError, OverflowError, OSError):  # not a number, or no moment on a calendar
        return None


def _date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError):
            continue
        return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
    return None
