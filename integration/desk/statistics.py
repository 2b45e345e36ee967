"""How often the promise was kept: a clock counts for the Pacific month in which it started.

Counted is what had a response (in time or late), and what is past its target without one, still open or closed. What
was closed before its target without a response is told apart; what runs and has time left is not counted yet.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk.models import Ending, ResponseClock
from integration.errors import Invalid
from integration.meetings.days import FIRST_DAY, LAST_DAY
from integration.reports.period import Period, next_month
from kb import support_hours
from kb.calendar import Calendar
from kb.support_hours import PACIFIC, RESPONSE

TARGET_MINUTES = int(RESPONSE.total_seconds()) // 60
PUBLISHED = timedelta(days=90)
FEWEST = 5  # with fewer, a share says more about one request than about us


@dataclass(frozen=True)
class Run:
    """One clock, as it stands."""

    started_at: datetime
    respond_by: datetime
    stopped_at: datetime | None
    ended: str | None
    request_id: str = ""


class Outcome(StrEnum):
    """What a clock says of the promise."""

    KEPT = "kept"
    LATE = "late"  # a response, after the target
    MISSED_OPEN = "missed_open"  # past its target, and nobody has responded
    MISSED_CLOSED = "missed_closed"  # closed after its target, without a response
    CLOSED = "closed_without_response"  # closed before its target: not counted
    STILL_OPEN = "still_open"  # before its target: not counted yet


RESPONDED = (Outcome.KEPT, Outcome.LATE)
COUNTED = (*RESPONDED, Outcome.MISSED_OPEN, Outcome.MISSED_CLOSED)


def outcome(run: Run, now: datetime) -> Outcome:
    """What a clock says of the promise at `now`. The target itself is in time."""
    if run.stopped_at is None:
        return Outcome.MISSED_OPEN if now > run.respond_by else Outcome.STILL_OPEN
    in_time = run.stopped_at <= run.respond_by
    if run.ended == Ending.CLOSED:
        return Outcome.CLOSED if in_time else Outcome.MISSED_CLOSED
    return Outcome.KEPT if in_time else Outcome.LATE


def minutes_taken(run: Run, now: datetime, calendar: Calendar | None = None) -> float | None:
    """The business minutes that the response took; None: there was none."""
    if run.stopped_at is None or outcome(run, now) not in RESPONDED:
        return None
    return support_hours.business_minutes(run.started_at, run.stopped_at, calendar)


@dataclass(frozen=True)
class Tally:
    """Clocks added up as of `now`."""

    runs: Sequence[Run]
    now: datetime
    calendar: Calendar | None = None

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        return [outcome(run, self.now) for run in self.runs]

    @cached_property
    def minutes(self) -> Sequence[float]:
        """The business minutes that responses took, ascending."""
        taken = (minutes_taken(run, self.now, self.calendar) for run in self.runs)
        return sorted(minutes for minutes in taken if minutes is not None)

    def number(self, *which: Outcome) -> int:
        """How many clocks had one of these outcomes."""
        return sum(1 for one in self.outcomes if one in which)

    @property
    def counted(self) -> int:
        return self.number(*COUNTED)

    @property
    def kept(self) -> int:
        return self.number(Outcome.KEPT)

    @property
    def share(self) -> float | None:
        """Of what is counted, how much was kept: 0 to 1; None where nothing is counted."""
        return self.kept / self.counted if self.counted else None

    def percentile(self, percent: int) -> float | None:
        """The nearest rank: the shortest time within which at least so many percent of the responses came."""
        if not self.minutes:
            return None
        return self.minutes[max(math.ceil(percent * len(self.minutes) / 100), 1) - 1]


def month_of(first: date) -> Period:
    """The Pacific month that begins with this day."""
    return Period(first, next_month(first) - timedelta(days=1), PACIFIC)


def month_asked(month: str | None, now: datetime) -> Period:
    """The month that was asked for, such as `2026-11`, or else the one of `now`. Raises Invalid."""
    if not month:
        return month_of(now.astimezone(PACIFIC).date().replace(day=1))
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = None
    if first is None or not FIRST_DAY <= first <= LAST_DAY:
        raise Invalid(f"“{month[:20]}” is not a month.", field="month", remedy="Write it like 2026-11.")
    return month_of(first)


def weeks_of(period: Period, now: datetime) -> Sequence[Period]:
    """Its weeks from Monday to Sunday, or what of them is in it, as far as they have begun at `now`."""
    found, first = [], period.first
    while first <= min(period.last, now.astimezone(PACIFIC).date()):
        last = min(first + timedelta(days=6 - first.weekday()), period.last)
        found.append(Period(first, last, period.zone))
        first = last + timedelta(days=1)
    return found


def runs_of(session: Session, period: Period) -> Sequence[Run]:
    """The clocks that started in it, in order."""
    return _runs(session, period.start, period.end)


def within(runs: Iterable[Run], period: Period) -> Sequence[Run]:
    """Those that started in it."""
    return [run for run in runs if period.start <= run.started_at < period.end]


def lately(session: Session, now: datetime) -> Tally:
    """What is published: the clocks that started in the last 90 days."""
    return Tally(_runs(session, now - PUBLISHED, None), now)


def percent(kept: int, counted: int) -> int | None:
    """How much was kept, in whole percent, rounded down: nobody reads of 100% who was the one that waited.

    None where nothing is counted.
    """
    return kept * 100 // counted if counted else None


def published_share(recent: Tally) -> float | None:
    """What we say of ourselves in public; None while there are too few to say anything by."""
    return recent.share if recent.counted >= FEWEST else None


def _runs(session: Session, start: datetime, end: datetime | None) -> Sequence[Run]:
    clock = ResponseClock
    columns = select(clock.started_at, clock.respond_by, clock.stopped_at, clock.ended, clock.request_id)
    found = columns.where(clock.started_at >= start).order_by(clock.started_at, clock.id)
    if end is not None:
        found = found.where(clock.started_at < end)
    return [Run(*row) for row in session.execute(found)]
