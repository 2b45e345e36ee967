"""The times that one meeting took place, or was to: calendar events that have begun, and calls in no event.

Calls of one meeting id that belong to no event are one occasion when each begins less than 12 hours after the one
before has ended (or begun, while nobody knows an end).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from integration.meetings import knowledge
from integration.meetings.duration import Interval
from integration.meetings.knowledge import About, AnyRow
from integration.meetings.models import MEETINGS, CalendarEvent, MeetingSession, SessionState

APART = timedelta(hours=12)
LONGEST = timedelta(days=3)  # hardly any occasion is
MOST_EVENTS = 22  # the one that is shown, the others, and one to see that there are more
MOST_CALLS = 300  # that are read at first


@dataclass(frozen=True)
class Occasion:
    """One of these times. `event` None: `calls`, the earliest first, are in no calendar event."""

    id: str  # of the event's row, or of the first call's
    start: datetime
    end: datetime | None
    event: AnyRow | None
    calls: Sequence[AnyRow] = ()

    @property
    def last(self) -> datetime:
        """When a call of it was on for the last time, as far as is known."""
        moments: list[datetime] = [max(call.started_at, call.ended_at or call.started_at) for call in self.calls]
        return max(moments)

    def is_of(self, day: datetime) -> bool:
        """Is it of this day, which begins then, or of a later one? Calls in no event are of each day they were on."""
        return self.start >= day or (self.event is None and self.last > day)

    def has(self, row_id: str) -> bool:
        """Is it meant by this id? Calls that became known later may have come before the first one."""
        return row_id == self.id or any(call.id == row_id for call in self.calls)


@dataclass(frozen=True)
class Found:
    """What is known of a meeting, the latest first. `tied`: the calls of the latest event, unless there may be more."""

    about: About
    occasions: Sequence[Occasion]
    tied: Sequence[AnyRow] | None


def held(session: Session, tenant_id: str, hashes: Sequence[str], *, until: datetime) -> Found:
    """The latest occasions of the meeting with these look-up hashes that began until a moment, the moment included.

    Raises NotFound for the tenant.
    """
    connection = session.connection()
    whose = {"tenant": tenant_id, **named(hashes)}
    rows = connection.execute(_events(len(hashes)), whose | {"until": until}).all()
    about = knowledge.read(session, tenant_id, rows[0] if rows else None)
    events = [row for row in rows if row.id is not None]
    latest = events[0].id if events else ""
    alone, tied = _calls_until(connection, len(hashes), whose | {"event": latest}, until)
    found = sorted([*map(of_event, events), *alone], key=lambda one: (one.start, one.id), reverse=True)
    return Found(about, found, tied)


def _calls_until(
    connection: Connection, keys: int, whose: Mapping[str, Any], until: datetime
) -> tuple[Sequence[Occasion], Sequence[AnyRow] | None]:
    """The latest occasions in no event that began until a moment, whole, and the calls that are tied to the event.

    None: there may be more of those. Later calls are read too, for they may be of one occasion with earlier ones.
    """
    most, after = MOST_CALLS, LONGEST
    while True:
        calls = connection.execute(_calls(keys), {**whose, "until": until + after, "most": most}).all()
        alone = in_no_event(call for call in calls if call.event_id is None)
        is_all = len(calls) < most
        whole = alone if is_all else alone[1:]  # the earliest one may lack its first calls
        begun = [one for one in whole if one.start <= until]
        if (begun or is_all) and not (begun and begun[-1].last + APART > until + after):
            return begun, [call for call in calls if call.event_id is not None] if is_all else None
        # A room in constant use: one occasion of very many calls, or of more than three days.
        most, after = most * 4, after * 4


def of_event(event: AnyRow) -> Occasion:
    """A calendar event as an occasion."""
    return Occasion(event.id, event.start_at, event.end_at, event)


def in_no_event(calls: Iterable[AnyRow]) -> list[Occasion]:
    """The occasions of calls that belong to no event."""
    groups: list[list[AnyRow]] = []
    until: datetime | None = None
    for call in sorted(calls, key=lambda call: (call.started_at, call.id)):
        if until is None or call.started_at >= until + APART:
            groups.append([])
            until = call.started_at
        groups[-1].append(call)
        until = max(until, call.started_at, call.ended_at or call.started_at)
    return [Occasion(group[0].id, group[0].started_at, _end(group), None, group) for group in groups]


def event_of(session: Session, tenant_id: str, row_id: str) -> AnyRow | None:
    """The event of this row id."""
    return session.connection().execute(_event(), {"tenant": tenant_id, "id": row_id}).one_or_none()


def planned_for(session: Session, tenant_id: str, hashes: Sequence[str], now: datetime) -> datetime | None:
    """When the meeting is planned for next."""
    given = {"tenant": tenant_id, "now": now, **named(hashes)}
    start: datetime | None = session.connection().execute(_planned(len(hashes)), given).scalar_one()
    return start


def calls_of(session: Session, event_id: str) -> Sequence[AnyRow]:
    """The calls that belong to an event."""
    return session.connection().execute(_tied(), {"event": event_id}).all()


def call_of(session: Session, tenant_id: str, row_id: str) -> AnyRow | None:
    """The call of this row id."""
    of_id = _call().where(MeetingSession.id == bindparam("id"))
    return session.connection().execute(of_id, {"tenant": tenant_id, "id": row_id}).one_or_none()


def call_with(session: Session, tenant_id: str, hashes: Sequence[str]) -> AnyRow | None:
    """The call whose uuid has these look-up hashes."""
    of_uuid = _call().where(MeetingSession.uuid_hash.in_(hashes))
    return session.connection().execute(of_uuid, {"tenant": tenant_id}).one_or_none()


def ended(calls: Iterable[AnyRow]) -> list[Interval]:
    """When the calls were held that have ended."""
    return [Interval(call.started_at, call.ended_at) for call in calls if call.state == SessionState.ENDED]


def _end(group: Sequence[AnyRow]) -> datetime | None:
    """None while one of them runs, and when nobody knows of an end."""
    if any(call.state == SessionState.RUNNING for call in group):
        return None
    return max((call.ended_at for call in group if call.ended_at is not None), default=None)


EVENT = (
    CalendarEvent.id,
    CalendarEvent.meeting_id,
    CalendarEvent.meeting_hash,
    CalendarEvent.organizer,
    CalendarEvent.details,
    CalendarEvent.start_at,
    CalendarEvent.end_at,
    CalendarEvent.scheduled_seconds,
    CalendarEvent.customers,
    CalendarEvent.actual_seconds,
    CalendarEvent.running,
    CalendarEvent.asked_at,
    CalendarEvent.forgotten_at,
)
CALL = (
    MeetingSession.id,
    MeetingSession.uuid,
    MeetingSession.state,
    MeetingSession.started_at,
    MeetingSession.ended_at,
    MeetingSession.event_id,
    MeetingSession.topic,
)


def places(count: int) -> list[BindParameter[str]]:
    """For as many hashes as there are keys. A list of any length ("expanding") is written out anew on each call."""
    return [bindparam(f"hash{number}") for number in range(count)]


def named(hashes: Sequence[str]) -> dict[str, Any]:
    """The values of `places`."""
    return {f"hash{number}": one for number, one in enumerate(hashes)}


# Built once, and run without the ORM.
@cache
def _events(count: int) -> Select[*tuple[Any, ...]]:
    """The tenant's row comes with each event, and alone where there is none: that spares a query."""
    event = CalendarEvent
    mine = and_(
        event.tenant_id == bindparam("tenant"),
        event.meeting_hash.in_(places(count)),
        event.start_at <= bindparam("until"),
        *MEETINGS,
    )
    found = knowledge.with_knowledge(*EVENT).outerjoin(event, mine)
    return found.order_by(event.start_at.desc(), event.id.desc()).limit(MOST_EVENTS)


@cache
def _calls(count: int) -> Select[*tuple[Any, ...]]:
    call = MeetingSession
    mine = select(*CALL).where(
        call.tenant_id == bindparam("tenant"),
        call.meeting_hash.in_(places(count)),
        call.started_at <= bindparam("until"),
        # Not as "or": a database might think of the index of events then, where a million calls have none.
        func.coalesce(call.event_id, bindparam("event")) == bindparam("event"),
    )
    return mine.order_by(call.started_at.desc()).limit(bindparam("most"))


@cache
def _planned(count: int) -> Select[*tuple[Any, ...]]:
    event = CalendarEvent
    return select(func.min(event.start_at)).where(
        event.tenant_id == bindparam("tenant"),
        event.meeting_hash.in_(places(count)),
        event.start_at > bindparam("now"),
        *MEETINGS,
    )


@cache
def _event() -> Select[*tuple[Any, ...]]:
    event = CalendarEvent
    return select(*EVENT).where(event.tenant_id == bindparam("tenant"), event.id == bindparam("id"), *MEETINGS)


@cache
def _tied() -> Select[*tuple[Any, ...]]:
    return select(*CALL).where(MeetingSession.event_id == bindparam("event")).order_by(MeetingSession.started_at)


@cache
def _call() -> Select[*tuple[Any, ...]]:
    call = MeetingSession
    return select(*CALL, call.meeting_id, call.meeting_hash).where(call.tenant_id == bindparam("tenant"))
