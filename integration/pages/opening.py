"""Whether a person is there now, in words, with the moment at which that changes."""

from dataclasses import dataclass
from datetime import datetime

from kb import support_hours


@dataclass(frozen=True)
class Opening:
    """One sentence in three parts. `told` is the moment `at`, in Pacific time: the visitor's own stands beside it."""

    is_open: bool
    before: str
    told: str
    after: str
    at: datetime


def opening(now: datetime) -> Opening:
    """As of `now` (aware)."""
    is_open = support_hours.is_open(now)
    at = support_hours.closing(now) if is_open else support_hours.next_opening(now)
    local = at.astimezone(support_hours.PACIFIC)
    before, told, after = support_hours.describe(now).partition(f"{local.hour}:{local:%M} PT")
    return Opening(is_open, before, told, after, at)
