"""Moments and spans as people read them. Everything is aware; a reader without a known zone gets Pacific time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kb.support_hours import PACIFIC

_UNITS = ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes"), (1, "second", "seconds"))


def moment(at: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    """Such as "today 10:02 your time", "Tue 10:02 your time", or "Tue 3 Nov, 10:02 PT" from a week ago on."""
    there = at.astimezone(zone or PACIFIC)
    return f"{_day(there, now.astimezone(zone or PACIFIC))} {there:%H:%M} {'your time' if zone else 'PT'}"


def span(length: timedelta) -> str:
    """Such as "40 seconds" or "3 days": the largest unit of which there is at least one, rounded down."""
    seconds = max(0, int(length.total_seconds()))
    for size, one, many in _UNITS:
        if seconds >= size:
            number = seconds // size
            return f"{number} {one if number == 1 else many}"
    return "a moment"


def ago(at: datetime, now: datetime) -> str:
    """Such as "40 seconds ago"; a moment that a clock ahead of ours put into the future is "just now"."""
    return f"{span(now - at)} ago" if now - at >= timedelta(seconds=1) else "just now"


def _day(there: datetime, now: datetime) -> str:
    days = (now.date() - there.date()).days
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days == -1:
        return "tomorrow"
    if abs(days) < 7:
        return f"{there:%a}"
    year = f" {there.year}" if there.year != now.year else ""
    return f"{there:%a} {there.day} {there:%b}{year},"
