"""Which calendar event a call belongs to. Pure.

One meeting id may serve many events (recurring meetings, personal rooms), and one event many calls (rejoins).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integration.meetings.duration import Interval

BEFORE = timedelta(minutes=30)
AFTER = timedelta(minutes=120)


@dataclass(frozen=True)
class Planned:
    """A calendar event. `tie`: of two that fit a call equally well and start at once, the smaller one has it."""

    key: str
    start: datetime
    end: datetime
    tie: str

    @property
    def interval(self) -> Interval:
        """When it was planned."""
        return Interval(self.start, self.end)


def assign(sessions: Mapping[str, Interval], events: Sequence[Planned]) -> dict[str, str | None]:
    """For each session (by its id) of one meeting id the key of its event, or None.

    A session belongs to the event which it overlaps most; without any overlap to the nearest of those that start at
    most `BEFORE` after its end or end at most `AFTER` before its start. What fits equally well goes to the event that
    starts first, then to the smaller `tie`. One that still runs is given as from its start to now.
    """
    planned = sorted(((event.interval, event) for event in events), key=lambda pair: pair[0].start)
    return {key: _best(session, near) for key, session, near in _neighbours(sessions, planned)}


Pair = tuple[Interval, Planned]


def _neighbours(
    sessions: Mapping[str, Interval], planned: Sequence[Pair]
) -> Iterator[tuple[str, Interval, Iterable[Pair]]]:
    """Each session with the events that it may belong to; `planned` is in order of its starts."""
    reach = [interval.start - BEFORE for interval, _ in planned]
    alive: list[Pair] = []  # those whose reach began before this session did, and goes on
    begun = 0
    for key, session in sorted(sessions.items(), key=lambda item: item[1].start):
        started = bisect_right(reach, session.start)
        alive = [pair for pair in (*alive, *planned[begun:started]) if pair[0].end + AFTER >= session.start]
        begun = started
        yield key, session, (*alive, *planned[begun : bisect_right(reach, session.end)])


def _best(session: Interval, near: Iterable[Pair]) -> str | None:
    def fit(pair: Pair) -> tuple[int, int, datetime, str]:
        interval, event = pair
        return -session.overlap(interval), session.distance(interval), interval.start, event.tie

    best = min(near, key=fit, default=None)
    return best[1].key if best else None
