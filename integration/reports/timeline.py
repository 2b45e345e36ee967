"""Where things stand on the drawing of one meeting: the planned time, each call, breaks and overlaps on one axis.

Places are percentages of the drawing's width, so that it fits a phone and a wide page with letters of one size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integration.meetings.duration import Interval, gaps, overlaps, union

MOST_TICKS = 5  # as many times of day as stand beside each other on a phone
MOST_LANES = 12
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))
MARGIN = 0.02  # of the whole time, on either side
THINNEST = 0.3  # percent: what lasted no time is seen, too
THINNEST_RUNNING = 2.5  # percent: its dashes make a box
HEAD, BAR, BETWEEN, FOOT = 28, 22, 4, 34  # pixels: above a line for its name, the line, between calls, below for times


@dataclass(frozen=True)
class Piece:
    """A stretch of time: where it begins and how wide it is, in percent; `text` says from when to when."""

    left: float
    width: float
    text: str
    running: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the drawing. `kind`: planned, call, counted; breaks and overlaps stand on the line that counts."""

    kind: str
    name: str
    top: int
    pieces: Sequence[Piece]
    gaps: Sequence[Piece] = ()
    overlaps: Sequence[Piece] = ()


@dataclass(frozen=True)
class Timeline:
    """What to draw, from top to bottom. `left_out`: calls for which there is no room, though they are counted."""

    rows: Sequence[Row]
    ticks: Sequence[Piece]
    height: int
    text: str
    left_out: int


def timeline(
    planned: Interval | None, ended: Sequence[Interval], running: Sequence[datetime], zone: ZoneInfo, now: datetime
) -> Timeline | None:
    """The drawing of a meeting with its calls: those that `ended`, and since when others are `running`.

    None when there is nothing to draw: no time is known that is longer than a second.
    """
    still = [Interval(began, max(began, now)) for began in running]
    known = [*([planned] if planned else []), *ended, *still]
    if not known or max(one.end for one in known) == min(one.start for one in known):
        return None
    axis = _Axis.around(known, zone)
    lanes = _lanes([*ended, *still])
    rows = list(_rows(planned, lanes[:MOST_LANES], [] if still else ended, still, axis))
    left_out = sum(len(lane) for lane in lanes[MOST_LANES:])
    return Timeline(rows, axis.ticks(), rows[-1].top + BAR + FOOT, _in_words(planned, [*ended, *still], axis), left_out)


def _rows(
    planned: Interval | None,
    lanes: Sequence[Sequence[Interval]],
    counted: Sequence[Interval],
    still: Sequence[Interval],
    axis: "_Axis",
) -> Iterator[Row]:
    top = HEAD
    if planned is not None:
        yield Row("planned", "Planned", top, [axis.piece(planned, "Planned")])
        top += BAR + HEAD
    for number, lane in enumerate(lanes):
        pieces = [axis.piece(one, "Call", running=one in still) for one in lane]
        yield Row("call", "" if number else "On Zoom", top, pieces)
        top += BAR + (BETWEEN if number < len(lanes) - 1 else HEAD)
    if counted:
        together = [axis.piece(one, "Counted") for one in union(counted)]
        breaks = [axis.piece(one, "Break") for one in gaps(counted)]
        shared = [axis.piece(one, "Two calls at once") for one in overlaps(counted)]
        yield Row("counted", "Together", top, together, breaks, shared)


def _lanes(calls: Sequence[Interval]) -> list[list[Interval]]:
    """Calls that overlap stand on lines of their own, in as few lines as will do."""
    lanes: list[list[Interval]] = []
    for call in sorted(calls):
        free = next((lane for lane in lanes if lane[-1].end <= call.start), None)
        if free is None:
            lanes.append([call])
        else:
            free.append(call)
    return lanes


def _in_words(planned: Interval | None, calls: Sequence[Interval], axis: "_Axis") -> str:
    parts = [axis.piece(planned, "Planned").text] if planned is not None else []
    if calls:
        whole = Interval(min(one.start for one in calls), max(one.end for one in calls))
        parts.append(axis.piece(whole, "One call" if len(calls) == 1 else f"{len(calls)} calls within").text)
    return "; ".join(parts)


@dataclass(frozen=True)
class _Axis:
    start: datetime
    length: timedelta
    zone: ZoneInfo

    @classmethod
    def around(cls, known: Sequence[Interval], zone: ZoneInfo) -> "_Axis":
        first, last = min(one.start for one in known), max(one.end for one in known)
        margin = (last - first) * MARGIN
        return cls(first - margin, last - first + 2 * margin, zone)

    def place(self, moment: datetime) -> float:
        return round((moment - self.start) / self.length * 100, 3)

    def piece(self, one: Interval, name: str, *, running: bool = False) -> Piece:
        left = self.place(one.start)
        width = max(round(self.place(one.end) - left, 3), THINNEST_RUNNING if running else THINNEST)
        return Piece(left, width, f"{name} {self.clock(one.start)}–{self.clock(one.end)}", running)

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M:%S}".removesuffix(":00")

    def ticks(self) -> list[Piece]:
        """Round times of the reader's day, a few of them."""
        step = next((one for one in STEPS if self.length / one <= MOST_TICKS), STEPS[-1])
        midnight = self.start.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        passed = self.start - midnight
        moment = midnight.astimezone(self.start.tzinfo) + -(-passed // step) * step
        found = []
        while moment <= self.start + self.length:
            found.append(Piece(self.place(moment), 0, f"{moment.astimezone(self.zone):%H:%M}"))
            moment += step
        return found
