"""What a made-up year consists of, and the times at which things happen in it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Host:
    """Somebody of the tenant who holds meetings. `room`: the name in the personal link; `pmi`: where it leads."""

    email: str
    id: str
    pmi: str
    room: str


@dataclass(frozen=True)
class Call:
    """One session, as Zoom has it. `event`: Google's id of the event that it belongs to; "": it is in none.

    `lost`: which of its webhooks never reach us (started, ended).
    """

    uuid: str
    meeting_id: str
    start: datetime
    end: datetime
    host: Host
    event: str = ""
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Truth:
    """How long an event really was, and what must be said of it.

    `seconds` None: it was never held on Zoom. `reason`: with all that Zoom knows; `told`: from webhooks alone. `told`
    None: what was lost cannot be missed, for other calls of the event were told completely.
    """

    start: datetime
    scheduled: int
    seconds: int | None
    reason: str
    told: str | None
    customers: tuple[str, ...]  # their domains
    organizer: str


@dataclass(frozen=True)
class Arrival:
    """A webhook that reaches us, as Zoom sends it."""

    at: datetime
    body: Json


@dataclass
class Year:
    """A tenant's year, until `now`.

    `items`: Google's events, in the order in which they were written; what was moved or cancelled stands twice.
    `truth`: by Google's id, without `ignored` (cancelled or all-day). `calls` include those that are in no event.
    """

    now: datetime
    time_zone: str
    account_id: str
    hosts: Sequence[Host]
    domains: Sequence[str] = ("acme.example",)
    items: list[Json] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    truth: dict[str, Truth] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)

    @property
    def rooms(self) -> Mapping[str, str]:
        """Where personal links lead: `my/name` and the meeting id."""
        return {f"my/{host.room}": host.pmi for host in self.hosts}


NAMES = (
    "jonas", "mia", "lena", "paul", "ada", "emil", "nora", "finn", "ida", "theo",
    "clara", "oskar", "ella", "hugo", "greta", "anton", "lotte", "karl", "frida", "max",
)  # fmt: skip


def people(count: int) -> tuple[Host, ...]:
    """So many hosts, each with a personal room."""
    whose = [NAMES[number % len(NAMES)] + (str(number) if number >= len(NAMES) else "") for number in range(count)]
    return tuple(
        Host(f"{name}@acme.example", f"z8{name:_<20}"[:22], f"{4_155_550_100 + number}", f"{name}.weber")
        for number, name in enumerate(whose)
    )


@dataclass
class Chances:
    """Everything random, from one seed, and times of the tenant's working days."""

    random: Random
    zone: ZoneInfo
    first_day: date
    days: int

    def day(self) -> date:
        """A working day; some work on Saturdays."""
        while True:
            day = self.first_day + timedelta(days=self.random.randrange(self.days))
            if day.weekday() < 5 or (day.weekday() == 5 and self.often(5)):
                return day

    def at(self, day: date, minutes: int) -> datetime:
        """So many minutes after midnight by the clock on the wall, in UTC."""
        local = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=self.zone)
        return local.astimezone(UTC)

    def planned(self, day: date | None = None) -> Times:
        """A meeting of the working day, on the quarter of an hour."""
        start = self.at(day or self.day(), 8 * 60 + 15 * self.random.randrange(33))
        return start, start + timedelta(minutes=self.random.choice([15, 30, 30, 45, 60, 60, 60, 90, 120]))

    def often(self, percent: float) -> bool:
        """True so often."""
        return self.random.random() * 100 < percent

    def seconds(self, least: int, most: int) -> timedelta:
        """Some seconds, both bounds included."""
        return timedelta(seconds=self.random.randint(least, most))

    def digits(self, count: int) -> str:
        """A number that does not begin with 0."""
        return str(self.random.randrange(10 ** (count - 1), 10**count))

    def uuid(self) -> str:
        """As Zoom's: base64, which may contain / and +."""
        return base64.b64encode(self.random.randbytes(16)).decode()
