"""When a connection is looked at again."""

from datetime import datetime, timedelta

from integration.pauses import pause

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
SHORTEST = timedelta(seconds=1)
IDLE = timedelta(days=1)  # refresh tokens die when they are not used for 90 days


def after_failure(now: datetime, failures: int, jitter: float, *, not_before: datetime | None = None) -> datetime:
    """After so many failures in a row: exponential with full jitter (`jitter` from 0 to 1), an hour at most.

    Never before the moment that Zoom named (`not_before`).
    """
    due = now + max(SHORTEST, pause(failures, FIRST, LONGEST, jitter, least=0))
    return max(due, not_before) if not_before is not None else due


def after_success(now: datetime, jitter: float) -> datetime:
    """A day later, or a little earlier: connections that were made together part ways."""
    return now + IDLE - IDLE * jitter / 10
