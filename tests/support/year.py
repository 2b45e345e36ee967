"""A made-up year of a tenant, from a seed: its calendar, its calls, what reaches us of them, and the truth.

The truth is known by construction: each event is held in some way whose length is known (year_calls.py), and what is
lost on the way to us is chosen beside it. Nothing of the product's arithmetic or matching is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.support.year_calendar import Event, all_day, as_google_has_it, cancelled, customers, join_link
from tests.support.year_calls import Held, among_others, any_way, as_planned, into_the_next, not_held
from tests.support.year_facts import Arrival, Call, Chances, Host, Json, Times, Truth, Year, people
from tests.support.year_webhooks import arrivals

__all__ = ["Arrival", "Call", "Host", "Truth", "Year", "make_year"]

UNTIL = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAYS = 355  # less than Zoom remembers
STARTED, ENDED = "started", "ended"
DAY = timedelta(days=1)


def make_year(
    seed: int = 1,
    meetings: int = 10_000,
    *,
    until: datetime = UNTIL,
    time_zone: str = "Europe/Berlin",
    account_id: str = "acc-acme",
    hosts: Sequence[Host] | None = None,
    days: int = DAYS,
) -> Year:
    """So many calendar events (or a few more) in the `days` before `until`, always the same ones for a seed.

    The last of them is over two days before `until`. Raises ValueError when that is too much for their personal rooms.
    """
    zone = ZoneInfo(time_zone)
    first_day = until.astimezone(zone).date() - timedelta(days=days)
    hosts = people(max(20, meetings // 500)) if hosts is None else hosts
    year = Year(until, time_zone, account_id, tuple(hosts))
    making = _Making(year, Chances(Random(seed), zone, first_day, days - 2))
    while len(making.year.truth) + len(making.year.ignored) < meetings:
        making.chances.random.choices(list(PLOTS), list(PLOTS.values()))[0](making)
    return making.finished()


@dataclass
class _Making:
    """A year that is being made."""

    year: Year
    chances: Chances
    written: list[tuple[datetime, Json]] = field(default_factory=list)
    taken: set[tuple[str, date]] = field(default_factory=set)  # whose personal room is in use on which day

    def finished(self) -> Year:
        self.year.items = [item for _, item in sorted(self.written, key=lambda pair: pair[0])]
        self.year.calls.sort(key=lambda call: call.start)
        self.year.arrivals = arrivals(self.chances, self.year.calls, self.year.account_id)
        return self.year

    def event(self, planned: Times, meeting_id: str = "", *, host: Host | None = None, series: str = "") -> Event:
        """An event that is not in the calendar yet; without a meeting id it is not on Zoom."""
        chances, host = self.chances, host or self.chances.random.choice(self.year.hosts)
        key = "".join(chances.random.choices("0123456789abcdefghijklmnopqrstuv", k=22))
        room = host.room if meeting_id == host.pmi else ""
        link = join_link(chances, meeting_id, room) if meeting_id else ""
        return Event(
            f"{series}_{planned[0]:%Y%m%dT%H%M%SZ}" if series else key, planned, host, link, customers(chances), series
        )

    def write(self, event: Event, make: Callable[[Chances, Event, datetime], Json] = as_google_has_it) -> datetime:
        """Put it into the calendar, some days ahead. When that was."""
        at = event.planned[0] - self.chances.seconds(86_400, 30 * 86_400)
        self.written.append((at, make(self.chances, event, at)))
        return at

    def hold(self, event: Event, meeting_id: str, held: Held, *, all_told: bool = False) -> None:
        """What became of it. `all_told`: none of its webhooks is lost."""
        calls, seconds = held
        reason = "no_session" if seconds is None else "adjusted"
        lost, told = self._losses(event, calls) if calls and not all_told else ([frozenset()] * len(calls), reason)
        for (start, end), gone in zip(calls, lost, strict=True):
            made = Call(self.chances.uuid(), meeting_id, start, end, event.host, event.id, gone)
            self.year.calls.append(made)
        self.tell(event, seconds, reason, "awaiting_zoom" if told == "no_session" else told)

    def unplanned(self, meeting_id: str, start: datetime, end: datetime, host: Host) -> None:
        """A call in no event."""
        self.year.calls.append(Call(self.chances.uuid(), meeting_id, start, end, host))

    def tell(self, event: Event, seconds: int | None, reason: str, told: str | None) -> None:
        start, end = event.planned
        scheduled = int((end - start).total_seconds())
        whose = event.customers, event.host.email
        self.year.truth[event.id] = Truth(start, scheduled, seconds, reason, told, *whose)

    def _losses(self, event: Event, calls: Sequence[Times]) -> tuple[list[frozenset[str]], str | None]:
        """Which webhooks are lost, of each call, and what can be said of the event without them."""
        nothing, everything = frozenset[str](), frozenset({STARTED, ENDED})
        lost = [nothing] * len(calls)
        one = self.chances.random.randrange(len(calls))
        match self.chances.random.choices(["nothing", "starts", "an end", "all", "a call"], [930, 25, 20, 10, 15])[0]:
            case "starts":
                return [frozenset({STARTED})] * len(calls), "adjusted"
            case "an end":
                lost[one] = frozenset({ENDED})
                near = event.planned[0] - timedelta(minutes=45) <= calls[one][0]  # else it is nobody's while it runs
                return lost, "still_running" if near else "awaiting_zoom"
            case "all":
                return [everything] * len(calls), "awaiting_zoom"
            case "a call" if len(calls) > 1:
                lost[one] = everything
                return lost, None
        return lost, "adjusted"


def _single(making: _Making) -> None:
    meeting_id = making.chances.digits(11)
    event = making.event(making.chances.planned(), meeting_id)
    making.write(event)
    making.hold(event, meeting_id, any_way(making.chances, event.planned))


def _moved(making: _Making) -> None:
    """To another time, after it was written; it is held there."""
    meeting_id = making.chances.digits(11)
    event = making.event(making.chances.planned(), meeting_id)
    at = making.write(event)
    _move(making, event.moved(making.chances.planned()), at, meeting_id)


def _move(making: _Making, event: Event, at: datetime, meeting_id: str) -> None:
    later = at + making.chances.seconds(60, 86_400)
    making.written.append((later, as_google_has_it(making.chances, event, later)))
    making.hold(event, meeting_id, any_way(making.chances, event.planned))


def _cancelled(making: _Making) -> None:
    """And yet it was held, at times: that is a call in no event."""
    meeting_id = making.chances.digits(11)
    event = making.event(making.chances.planned(), meeting_id)
    _cancel(making, event, making.write(event))
    if making.chances.often(30):
        making.unplanned(meeting_id, *event.planned, event.host)


def _cancel(making: _Making, event: Event, at: datetime) -> None:
    later = at + making.chances.seconds(60, 86_400)
    making.written.append((later, cancelled(event, later)))
    making.year.ignored.add(event.id)


def _all_day(making: _Making) -> None:
    event = making.event(making.chances.planned(), making.chances.digits(11))
    making.write(event, all_day)
    making.year.ignored.add(event.id)


def _not_on_zoom(making: _Making) -> None:
    event = making.event(making.chances.planned())
    making.write(event)
    making.tell(event, None, "not_on_zoom", "not_on_zoom")


def _series(making: _Making) -> None:
    """Every week or every working day at the same time by the clock on the wall, with one meeting id."""
    chances, random = making.chances, making.chances.random
    meeting_id, series = chances.digits(11), f"s{chances.digits(12)}"
    host, minutes, every = (
        random.choice(making.year.hosts),
        8 * 60 + 15 * random.randrange(30),
        random.choice([1, 7, 7]),
    )
    length = timedelta(minutes=random.choice([15, 30, 60]))
    begin = random.randrange(max(1, chances.days - 60))
    days = [chances.first_day + timedelta(days=begin + every * number) for number in range(random.randint(5, 45))]
    for day in days:
        if day.weekday() < 5 and day < chances.first_day + timedelta(days=chances.days):
            start = chances.at(day, minutes)
            event = making.event((start, start + length), meeting_id, host=host, series=series)
            _instance(making, event, meeting_id)


def _instance(making: _Making, event: Event, meeting_id: str) -> None:
    chances = making.chances
    at = making.write(event)
    if chances.often(4):
        _cancel(making, event, at)
    elif chances.often(6):
        later = timedelta(minutes=chances.random.choice([-90, -60, 30, 60, 120]))
        start, end = event.planned
        moved = Event(
            event.id, (start + later, end + later), event.host, event.link, event.customers, event.series, start
        )
        _move(making, moved, at, meeting_id)
    else:
        making.hold(event, meeting_id, any_way(chances, event.planned))


def _personal(making: _Making) -> None:
    """A morning in somebody's personal room: events that touch, share some minutes, or are apart for some."""
    host, day = _free_room(making)
    start = making.chances.at(day, 9 * 60)
    for _ in range(making.chances.random.randint(2, 4)):
        end = start + timedelta(minutes=making.chances.random.choice([30, 45, 60]))
        event = making.event((start, end), host.pmi, host=host)
        making.write(event)
        start = end + timedelta(minutes=making.chances.random.choice([0, 0, 0, -1, -5, -8, 5, 15]))
        way = into_the_next if start == end and making.chances.often(25) else among_others
        making.hold(event, host.pmi, way(making.chances, event.planned))


def _double_booked(making: _Making) -> None:
    """Two events at once in one room: the longest overlap decides, then the earlier start, then the smaller id."""
    host, day = _free_room(making)
    start = making.chances.at(day, 14 * 60)
    end = start + timedelta(minutes=120)
    inner = (start + timedelta(minutes=30), start + timedelta(minutes=60))
    other = making.chances.random.choice([inner, (start, end)])
    events = [making.event(planned, host.pmi, host=host) for planned in ((start, end), other)]
    if other != inner:
        events.sort(key=lambda event: event.id)
    calls, seconds = as_planned(making.chances, (start, end))
    for event, held in zip(events, (([*calls, inner], seconds), not_held(making.chances, other)), strict=True):
        making.write(event)
        making.hold(event, host.pmi, held, all_told=True)


def _free_room(making: _Making) -> tuple[Host, date]:
    for _ in range(1000):
        host, day = making.chances.random.choice(making.year.hosts), making.chances.day()
        if (host.pmi, day) not in making.taken:
            making.taken.add((host.pmi, day))
            return host, day
    raise ValueError("there are too few days or hosts for so many meetings")


def _at_night(making: _Making) -> None:
    """Where days and months meet, and where clocks are changed."""
    chances = making.chances
    days = [chances.first_day + timedelta(days=number) for number in range(1, chances.days)]
    changed = [day for day in days if chances.at(day, 240) - chances.at(day, 0) != timedelta(hours=4)]
    nights = [*changed, *(day for day in days if (day + DAY).day == 1)]
    if not nights:
        return
    day = chances.random.choice(nights)
    start = chances.at(day, 23 * 60 + 30 if day not in changed else chances.random.choice([0, 30, 60, 90, 180]))
    meeting_id = chances.digits(11)
    event = making.event((start, start + timedelta(hours=2)), meeting_id)
    making.write(event)
    making.hold(event, meeting_id, any_way(chances, event.planned))


def _unplanned(making: _Making) -> None:
    """Calls in no event: instant ones, and evenings in a personal room."""
    host = making.chances.random.choice(making.year.hosts)
    start = making.chances.at(making.chances.day(), 20 * 60) + making.chances.seconds(0, 3600)
    meeting_id = making.chances.random.choice([host.pmi, making.chances.digits(11)])
    making.unplanned(meeting_id, start, start + making.chances.seconds(0, 3600), host)


# How often each is chosen, in a thousand.
PLOTS: dict[Callable[[_Making], None], int] = {
    _single: 350,
    _moved: 60,
    _cancelled: 40,
    _all_day: 15,
    _not_on_zoom: 100,
    _series: 25,
    _personal: 200,
    _double_booked: 20,
    _at_night: 40,
    _unplanned: 150,
}
