"""What people fill in about times: read, or said what is wrong with it. Times are this machine's."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from integration.zoom.sandbox.errors import NotPossible

LONGEST_MINUTES = 1_440


def moment(form: Mapping[str, str], name: str) -> datetime:
    """A day and time as a browser sends it, in UTC. Raises NotPossible."""
    try:
        return datetime.fromisoformat(form.get(name, "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotPossible("Give a day and a time, such as 2026-11-22T10:00.") from None


def minutes(form: Mapping[str, str], name: str) -> int:
    """Nothing given is 0. Raises NotPossible for what is no number of minutes of a day."""
    given = form.get(name, "") or "0"
    if not (given.isascii() and given.isdigit() and int(given) <= LONGEST_MINUTES):
        raise NotPossible("Minutes are a number between 0 and 1440.")
    return int(given)


def segments(length: int, drops: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a call of so many minutes that was dropped `(after, for)` minutes: offset and length in seconds.

    Raises NotPossible when a drop lies outside of it, or in another.
    """
    parts, at = [], 0
    for after, gone in sorted(drops):
        if not at < after < after + gone < length:
            raise NotPossible("A call drops after it began, and goes on before it ends.")
        parts.append((at * 60, (after - at) * 60))
        at = after + gone
    return [*parts, (at * 60, (length - at) * 60)]


def earlier(now: datetime, by: timedelta) -> datetime:
    """A time that is easily read: so long ago, at a full five minutes."""
    at = now - by
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
