"""How long something takes, and how long ago it was, as people read it."""

from datetime import datetime, timedelta

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def span(length: timedelta) -> str:
    """Such as "40 seconds" or "3 days": the largest unit of which there is at least one, rounded down."""
    seconds = int(length.total_seconds())
    for size, name in _UNITS:
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "a moment"


def ago(at: datetime, now: datetime) -> str:
    """Such as "40 seconds ago"; a moment that a clock ahead of ours put into the future is "just now"."""
    return f"{span(now - at)} ago" if now - at >= timedelta(seconds=1) else "just now"
