"""The promise as a slow reference: it walks the clock minute by minute and keeps everything in lists.

All its times are whole minutes since `START` of a window; the arithmetic of parts of minutes is that of kb's tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from kb.calendar import Calendar

PACIFIC = ZoneInfo("America/Los_Angeles")
DAYS = 14
MINUTE = timedelta(minutes=1)
TARGET = 120


class Hours:
    """Whether each minute of the window is open, by one rule."""

    def __init__(self, calendar: Calendar, start: datetime) -> None:
        self.open = [_is_open(day, clock, calendar) for day, clock in _minutes(start)]
        self._before = [0, *accumulate(self.open)]

    def between(self, a: int, b: int) -> int:
        """Open minutes from one to the other; negative the wrong way round."""
        return self._before[b] - self._before[a]

    def respond_by(self, started: int) -> int:
        """The first minute by which the target's open minutes have passed."""
        now, passed = started, 0
        while passed < TARGET:
            passed += self.open[now]
            now += 1
        return now


@cache
def _minutes(start: datetime) -> Sequence[tuple[date, tuple[int, int]]]:
    """Day and clock of each minute of the window."""
    local = ((start + n * MINUTE).astimezone(PACIFIC) for n in range(DAYS * 1440))
    return [(one.date(), (one.hour, one.minute)) for one in local]


def _is_open(day: date, clock: tuple[int, int], calendar: Calendar) -> bool:
    if clock < (9, 0) or clock >= (18, 0) or day.weekday() > 4 or day in calendar.closed:
        return False
    half = calendar.half.get(day)
    return half is None or clock < (half.closes.hour, half.closes.minute)


@dataclass
class Clock:
    started: int
    target: int
    stopped: int | None = None
    responded: bool = False
    told: int | None = None


@dataclass
class Request:
    clocks: list[Clock]
    claimer: str | None = None
    snoozed: int | None = None
    resolved: bool = False

    @property
    def clock(self) -> Clock:
        return self.clocks[-1]

    @property
    def waits(self) -> bool:
        return self.clock.stopped is None


@dataclass(frozen=True, order=True)
class Told:
    """A reminder: of which request and opening (both from 0), which stage, of what target, to whom, and when."""

    request: int
    opening: int
    stage: int
    target: int
    to: str
    at: int


@dataclass
class Promise:
    """Everything that was promised, and what became of it."""

    hours: Hours
    requests: list[Request] = field(default_factory=list)
    muted: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    heard: set[Told] = field(default_factory=set)  # delivered: nobody can take it back

    def open(self, now: int) -> None:
        self.requests.append(Request([self._started(now)]))

    def _started(self, now: int) -> Clock:
        return Clock(now, self.hours.respond_by(now))

    def claim(self, which: int, who: str) -> None:
        self.requests[which].claimer = who

    def release(self, which: int) -> None:
        if self.requests[which].claimer is not None:
            self.requests[which].claimer = None
            self._take_back(which)

    def snooze(self, which: int, until: int) -> None:
        if self.requests[which].snoozed != until:
            self.requests[which].snoozed = until
            self._take_back(which)

    def _take_back(self, which: int) -> None:
        """What of the present stage no bot has delivered yet is told anew, to whoever has the request then."""
        clock, opening = self.requests[which].clock, len(self.requests[which].clocks) - 1
        present = (which, opening, clock.told, clock.target)
        unheard = {one for one in self.told if (one.request, one.opening, one.stage, one.target) == present}
        unheard -= self.heard
        if unheard and clock.told and clock.stopped is None:
            self.told = [one for one in self.told if one not in unheard]
            clock.told = None

    def stop(self, which: int, now: int, *, who: str | None, responded: bool) -> None:
        request = self.requests[which]
        if request.waits:
            request.clock.stopped, request.clock.responded = now, responded
        request.snoozed, request.resolved = None, not responded
        request.claimer = request.claimer or who

    def reopen(self, which: int, now: int) -> None:
        request = self.requests[which]
        request.clocks.append(self._started(now))
        request.snoozed, request.resolved = None, False

    def tick(self, now: int) -> None:
        """The worker looks: at targets that the calendar has moved, then at what is near."""
        for place, request in enumerate(self.requests):
            clock = request.clock
            if not request.waits:
                continue
            if (target := self.hours.respond_by(clock.started)) != clock.target:
                clock.target, clock.told = target, None
            stage = self._stage(request, now)
            if stage is not None and (clock.told is None or stage < clock.told):
                clock.told = stage
                self._tell(place, stage, now)

    def _stage(self, request: Request, now: int) -> int | None:
        if not self.hours.open[now]:
            return None
        if now > request.clock.target:
            return 0
        if request.snoozed is not None and now < request.snoozed:
            return None
        left = self.hours.between(now, request.clock.target)
        return 10 if left <= 10 else 30 if left <= 30 else None

    def _tell(self, place: int, stage: int, now: int) -> None:
        request = self.requests[place]
        known = {(one.request, one.opening, one.stage, one.target, one.to == "channel") for one in self.told}
        for to in self._hearers(request, stage):
            told = Told(place, len(request.clocks) - 1, stage, request.clock.target, to, now)
            if (place, told.opening, stage, told.target, to == "channel") not in known:
                self.told.append(told)

    def _hearers(self, request: Request, stage: int) -> Sequence[str]:
        claimer = request.claimer
        if claimer is None:
            return ["channel"]
        hearers = [] if claimer in self.muted and stage > 0 else [claimer]
        return hearers if hearers and stage == 30 else [*hearers, "channel"]

    def statistics(self, now: int) -> dict[str, object]:
        """Of all clocks: numbers by outcome, and the time that half and nine tenths of the responses took."""
        clocks = [clock for request in self.requests for clock in request.clocks]
        ended = [clock for clock in clocks if clock.stopped is not None]
        took = [self.hours.between(one.started, one.stopped or 0) for one in ended if one.responded]
        in_time = [one for one in ended if (one.stopped or 0) <= one.target]
        running = [clock for clock in clocks if clock.stopped is None]
        missed = [clock for clock in running if clock.target < now]
        numbers = {
            "kept": sum(one.responded for one in in_time),
            "late": len(took) - sum(one.responded for one in in_time),
            "closed_without_response": sum(not one.responded for one in in_time),
            "missed_closed": len(ended) - len(took) - sum(not one.responded for one in in_time),
            "missed_open": len(missed),
            "still_open": len(running) - len(missed),
        }
        return {**numbers, "median": _least(took, 50), "p90": _least(took, 90)}


def _least(took: Sequence[int], percent: int) -> int | None:
    """The shortest of the times within which that many percent of them lie."""
    enough = [one for one in took if sum(other <= one for other in took) * 100 >= percent * len(took)]
    return min(enough, default=None)
