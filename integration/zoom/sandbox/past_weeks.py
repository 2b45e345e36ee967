"""What an account has behind it at the first start: some weeks of planned meetings, and the calls that became of them.

The same on the same day: uuids, ids and times come from what they are about.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from integration.zoom.sandbox import calendar
from integration.zoom.sandbox.calendar import Event
from integration.zoom.sandbox.meetings import Guest, Session
from integration.zoom.sandbox.model import User, digits_of, opaque_id, personal_id
from integration.zoom.sandbox.world import World

A_DAY = 1_440
ACME_TIME = ZoneInfo("America/Los_Angeles")
KIM = ("kim@globex.example", "tess@globex.example")
LEO = ("leo@initech.example",)
NORA = ("nora@umbrella.example", "ops@umbrella.example")
BAKER = ("riverside.bakery@gmail.com",)
COLLEAGUE = ("person07@acme.example",)
# What became of a meeting: parts of a call, each from and to in minutes since the planned start.
Call = tuple[tuple[float, float], ...]
NEVER: Call = ()
ON_TIME, SHORT, LONG, EARLY = ((0, 60),), ((1, 46),), ((2, 71.5),), ((-4, 38),)
DROPPED, TWICE, SPLIT = ((0, 20), (23, 45)), ((1, 12), (14, 31), (32.5, 58)), ((0, 35), (60, 90))
HALF, QUICK, LATE = ((0, 30),), ((3, 17.25),), ((12, 41),)
# How links are given out: the same for a series, a new one each time, a person's own, none, or another tool's.
SERIES, FRESH, PERSONAL, NOWHERE = "series", "fresh", "personal", ""
ELSEWHERE = "https://teams.example/l/meetup/8812"


@dataclass(frozen=True)
class Habitual:
    """A meeting of every week, at an hour of Acme's, and what became of it in each of four weeks."""

    day: int
    hour: float
    minutes: int
    title: str
    host: str
    invited: tuple[str, ...]
    link: str
    calls: tuple[Call, Call, Call, Call]


WEEK = (
    Habitual(0, 9, 60, "Globex weekly", "jonas", KIM, SERIES, (SHORT, ON_TIME, TWICE, LONG)),
    Habitual(0, 13, 30, "Initech check-in", "maya", LEO, FRESH, (HALF, NEVER, QUICK, HALF)),
    Habitual(1, 10, 45, "Umbrella onboarding", "maya", NORA, PERSONAL, (SHORT, EARLY, LATE, NEVER)),
    Habitual(1, 11, 45, "Umbrella questions", "maya", NORA, PERSONAL, (HALF, NEVER, QUICK, SHORT)),
    Habitual(1, 15, 60, "Joint planning: Globex and Initech", "jonas", KIM + LEO, FRESH,
             (LONG, DROPPED, ON_TIME, SHORT)),
    Habitual(2, 9.5, 30, "Riverside Bakery", "rosa", BAKER, FRESH, (QUICK, HALF, NEVER, HALF)),
    Habitual(2, 14, 60, "Globex on site", "jonas", KIM, NOWHERE, (NEVER, NEVER, NEVER, NEVER)),
    Habitual(3, 11, 30, "Acme stand-up", "rosa", COLLEAGUE, SERIES, (HALF, HALF, QUICK, HALF)),
    Habitual(3, 16, 90, "Umbrella workshop", "rosa", NORA, FRESH, (SPLIT, TWICE, SPLIT, NEVER)),
    Habitual(4, 10, 30, "Initech invoices", "maya", LEO, SERIES, (LATE, HALF, NEVER, QUICK)),
    Habitual(4, 12, 45, "Umbrella review", "jonas", NORA, ELSEWHERE, (NEVER, NEVER, NEVER, NEVER)),
)  # fmt: skip
FAIR = Habitual(3, 0, A_DAY, "Globex fair", "maya", KIM, NOWHERE, (NEVER, NEVER, NEVER, NEVER))
YEAR_AGO = Habitual(2, 9, 60, "Globex kick-off", "jonas", KIM, FRESH, (SHORT, SHORT, SHORT, SHORT))
LONG_AGO = timedelta(weeks=58)


def remember(world: World, weeks: int) -> None:
    """Fills calendar and history with so many weeks before now, and this one so far. Nobody is told yet."""
    now = world.real()
    monday = (now.astimezone(ACME_TIME) - timedelta(days=now.astimezone(ACME_TIME).weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None
    )
    with world.lock:
        for ago in range(weeks, -1, -1):
            for habitual in WEEK:
                _remember(world, habitual, monday - timedelta(weeks=ago), ago % 4, now)
        _remember(world, FAIR, monday - timedelta(weeks=2), 0, now)
        _remember(world, YEAR_AGO, monday - LONG_AGO, 0, now)


def _remember(world: World, habitual: Habitual, monday: datetime, week: int, now: datetime) -> None:
    local = monday + timedelta(days=habitual.day, hours=habitual.hour)
    start = local.replace(tzinfo=ACME_TIME).astimezone(UTC)
    if start + timedelta(hours=3) > now:
        return
    host = world.user(habitual.host)
    event = _event(habitual, host, start)
    world.calendar.add([event])
    world.meetings.add(_sessions(habitual, event, habitual.calls[week]))


def _event(habitual: Habitual, host: User, start: datetime) -> Event:
    series = calendar.new_id(habitual.title) if habitual.link in (SERIES, PERSONAL) else ""
    own = calendar.new_id(f"{habitual.title}/{start.isoformat()}")
    return Event(
        id=f"{series}_{start:%Y%m%dT%H%M%SZ}" if series else own,
        organizer=host,
        title=habitual.title,
        start=start,
        end=start + timedelta(minutes=habitual.minutes),
        updated=start - timedelta(days=6),
        attendees=habitual.invited,
        link=_link(habitual, host, start),
        series=series,
        original=start if series else None,
        all_day=habitual.minutes == A_DAY,
    )


def _link(habitual: Habitual, host: User, start: datetime) -> str:
    if habitual.link == PERSONAL:
        return calendar.personal_link(host)
    if habitual.link not in (SERIES, FRESH):
        return habitual.link
    about = habitual.title if habitual.link == SERIES else f"{habitual.title}/{start.isoformat()}"
    return calendar.join_link(host, str(80_000_000_000 + digits_of(opaque_id(about), 9)))


def _sessions(habitual: Habitual, event: Event, call: Call) -> Iterator[Session]:
    guests = tuple(Guest(email.partition("@")[0].capitalize(), email) for email in habitual.invited)
    own = event.meeting_id == str(personal_id(event.organizer))
    for first, last in call:
        began, ended = (event.start + timedelta(minutes=minutes) for minutes in (first, last))
        uuid = base64.b64encode(hashlib.sha256(f"{event.id}/{first}".encode()).digest()[:16]).decode()
        planned = 0 if own else event.minutes
        yield Session(uuid, event.meeting_id, event.organizer, event.title, began, ended, planned, guests)
