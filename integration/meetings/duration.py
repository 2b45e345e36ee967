"""How long something was: arithmetic with intervals, in whole seconds. Pure.

Intervals are half-open: one that ends at 10:00:00 and one that begins then touch, and do not overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

RULE = (
    "What counts is the time during which at least one call of the meeting was on: time that two calls share counts "
    "once, and breaks between calls do not count. Everything is added up in seconds; only what is shown is rounded, to "
    "the nearest minute, and half a minute goes up."
)


@dataclass(frozen=True, order=True)
class Interval:
    """From `start` until just before `end`, both aware. Kept in UTC and to the second; a fraction is cut off.

    Raises ValueError for a time without a zone, and when it ends before it starts. An empty one is allowed.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # In UTC, for Python subtracts times of one zone by the clock on the wall: wrong where that is changed.
        object.__setattr__(self, "start", _exact(self.start))
        object.__setattr__(self, "end", _exact(self.end))
        if self.end < self.start:
            raise ValueError("an interval cannot end before it starts")

    @property
    def seconds(self) -> int:
        """Its length."""
        return int((self.end - self.start).total_seconds())

    def overlap(self, other: "Interval") -> int:
        """The seconds that both have."""
        return max(0, int((min(self.end, other.end) - max(self.start, other.start)).total_seconds()))

    def distance(self, other: "Interval") -> int:
        """The seconds between the two; 0 when they touch or overlap."""
        return max(0, int((max(self.start, other.start) - min(self.end, other.end)).total_seconds()))


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The time that is in any of them: sorted, apart from each other; what touches is merged, what is empty is gone."""
    return _covered(intervals, least=1)


def union_seconds(intervals: Iterable[Interval]) -> int:
    """How long at least one of them was on."""
    return sum(piece.seconds for piece in union(intervals))


def gaps(intervals: Iterable[Interval]) -> list[Interval]:
    """The breaks: time between the first start and the last end that is in none of them, sorted."""
    return [Interval(before.end, after.start) for before, after in pairwise(union(intervals))]


def overlaps(intervals: Iterable[Interval]) -> list[Interval]:
    """The time that is in two or more of them: sorted, apart from each other; what touches is merged."""
    return _covered(intervals, least=2)


def minutes(seconds: int) -> int:
    """Whole minutes, rounded half up; less than nothing is rounded as its amount is (-90 is -2, as 90 is 2)."""
    rounded = (abs(seconds) + 30) // 60
    return rounded if seconds >= 0 else -rounded


def spoken(seconds: int) -> str:
    """A length as people read it: `45 min`, `2 h`, `1 h 15 min`, `-5 min`; rounded as `minutes` does."""
    whole = minutes(seconds)
    hours, rest = divmod(abs(whole), 60)
    sign = "-" if whole < 0 else ""
    if not hours:
        return f"{sign}{rest} min"
    return f"{sign}{hours} h {rest} min" if rest else f"{sign}{hours} h"


def _covered(intervals: Iterable[Interval], least: int) -> list[Interval]:
    """The time that is in at least `least` of them, counted from start to end."""
    steps = [step for one in intervals for step in ((one.start, 1), (one.end, -1))]
    pieces: list[Interval] = []
    depth, since = 0, None
    for moment, change in sorted(steps, key=lambda step: (step[0], -step[1])):  # starts first: what touches is one
        depth += change
        if since is None and depth >= least:
            since = moment
        elif since is not None and depth < least:
            if since < moment:
                pieces.append(Interval(since, moment))
            since = None
    return pieces


def _exact(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("an interval needs times with a zone")
    return moment.astimezone(UTC).replace(microsecond=0)
