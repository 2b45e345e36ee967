"""Settling: which event each session belongs to, and how long each event was, kept in their rows.

A session can belong only to an event within reach of it. So where something changed, the sessions within reach are
judged again, among all events within reach of those; and every event that has, or had, one of them is added up again
over all of its sessions. That gives what judging everything anew would give.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, or_, select, update
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.db import take_turns
from integration.errors import VaultError
from integration.meetings.duration import Interval, union, union_seconds
from integration.meetings.matching import AFTER, BEFORE, Planned, assign
from integration.meetings.models import MEETING, MEETINGS, CalendarEvent, MeetingSession, SessionState
from integration.vault import Vault

# Nobody knows how long a call that has no end is: it belongs where its first quarter of an hour does. Not "until now":
# one whose end we never hear of would reach into all later meetings of its id.
SURELY = timedelta(minutes=15)


@dataclass(frozen=True)
class Span:
    """Where something changed: a session of this meeting id, or an event with it, from `start` to `end`.

    For what moved, or has another meeting id now, one span for each of its places.
    """

    tenant_id: str
    meeting_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class _Call:
    """A session, as far as it matters here."""

    id: str
    event_id: str | None
    held: Interval


Reach = Mapping[str, Sequence[Interval]]  # meeting id -> where sessions are judged again: sorted, apart from each other


def settle(session: Session, vault: Vault, spans: Collection[Span]) -> int:
    """Tie the sessions near `spans` to their events, and store how long those events were.

    Called once at the end of a transaction, for all that it changed, and waits until nobody else settles these tenants.
    Who changes rows of sessions or events takes `db.take_turns` on the tenants before that: else two may wait for each
    other's rows and turns.
    Returns how many events count differently. Objects that `session` holds already are not refreshed.
    """
    take_turns(session, {span.tenant_id for span in spans})
    places: dict[str, dict[str, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for span in sorted(spans, key=lambda span: span.start):  # so that neighbours share a query
        near = Interval(span.start - BEFORE, max(span.start, span.end) + AFTER)
        places[span.tenant_id][span.meeting_id].append(near)
    return sum(
        _settle_meetings(session, vault, tenant_id, {meeting: union(meetings[meeting]) for meeting in batch})
        for tenant_id, meetings in places.items()
        for batch in batches(meetings)
    )


def _settle_meetings(session: Session, vault: Vault, tenant_id: str, reach: Reach) -> int:
    meeting_of = {known: meeting for meeting in reach for known in vault.lookup_hashes(MEETING, meeting)}
    calls = _calls_within(session, tenant_id, meeting_of, reach)
    held = [call.held for near in calls.values() for call in near]
    events = _events_around(session, vault, tenant_id, meeting_of, [*held, *_all(reach)])
    tied = {call.id: call.event_id for near in calls.values() for call in near}
    judged = _judge(calls, events)
    _tie(session, {key: event_id for key, event_id in judged.items() if event_id != tied[key]})
    here = {
        event.key
        for meeting, planned in events.items()
        for event in planned
        if _touches(reach[meeting], event.interval)
    }
    return _add_up(session, {event_id for event_id in (*tied.values(), *judged.values(), *here) if event_id})


def _judge(calls: Mapping[str, Sequence[_Call]], events: Mapping[str, Sequence[Planned]]) -> dict[str, str | None]:
    judged: dict[str, str | None] = {}
    for meeting, near in calls.items():
        judged |= assign({call.id: call.held for call in near}, events.get(meeting, ()))
    return judged


def _calls_within(
    session: Session, tenant_id: str, meeting_of: Mapping[str, str], reach: Reach
) -> dict[str, list[_Call]]:
    """The sessions to judge again, by meeting. However long ago one began, it is seen when it lasted until here."""
    since, until = _hull(_all(reach))
    table = MeetingSession
    columns = (table.id, table.meeting_hash, table.state, table.started_at, table.ended_at, table.event_id)
    near = select(*columns).where(
        table.tenant_id == tenant_id,
        table.meeting_hash.in_(meeting_of),
        table.started_at <= until,
        or_(table.ended_at.is_(None), table.ended_at >= since),
    )
    found: dict[str, list[_Call]] = defaultdict(list)
    for row in session.execute(near):
        meeting, held = meeting_of[row.meeting_hash], _held(row)
        if _touches(reach[meeting], held):
            found[meeting].append(_Call(row.id, row.event_id, held))
    return found


def _held(row: Row[*tuple[object, ...]]) -> Interval:
    ended = row.state == SessionState.ENDED
    return Interval(row.started_at, max(row.started_at, row.ended_at) if ended else row.started_at + SURELY)


def _events_around(
    session: Session, vault: Vault, tenant_id: str, meeting_of: Mapping[str, str], places: Iterable[Interval]
) -> dict[str, list[Planned]]:
    """All events that a session in `places` may belong to, by meeting."""
    since, until = _hull(places)
    table = CalendarEvent
    columns = (table.id, table.meeting_hash, table.google_id, table.start_at, table.end_at)
    near = select(*columns).where(
        table.tenant_id == tenant_id,
        table.meeting_hash.in_(meeting_of),
        table.start_at <= until + BEFORE,
        table.end_at >= since - AFTER,
        *MEETINGS,
    )
    rows = session.execute(near).all()
    at_once = Counter((meeting_of[row.meeting_hash], row.start_at) for row in rows)
    found: dict[str, list[Planned]] = defaultdict(list)
    for row in rows:
        meeting = meeting_of[row.meeting_hash]
        tie = _google_id(vault, row) if at_once[meeting, row.start_at] > 1 else ""  # opened only where it decides
        found[meeting].append(Planned(row.id, row.start_at, max(row.start_at, row.end_at), tie))
    return found


def _google_id(vault: Vault, row: Row[*tuple[object, ...]]) -> str:
    try:
        return vault.open(row.google_id, table=CalendarEvent.__tablename__, column="google_id", row=row.id)
    except VaultError:  # a damaged row must not stop the others
        return ""


def _tie(session: Session, changes: Mapping[str, str | None]) -> None:
    rows = [{"id": key, "event_id": event_id} for key, event_id in sorted(changes.items())]
    if rows:
        session.execute(update(MeetingSession), rows)


def _add_up(session: Session, event_ids: Collection[str]) -> int:
    """Store how long these events were, of all their sessions. How many count differently now."""
    changes = [change for batch in batches(sorted(event_ids)) for change in _sums_that_differ(session, batch)]
    if changes:
        session.execute(update(CalendarEvent), changes)
    return len(changes)


def _sums_that_differ(session: Session, event_ids: Sequence[str]) -> Iterator[dict[str, object]]:
    ended: dict[str, list[Interval]] = defaultdict(list)
    running: set[str] = set()
    lost: set[str] = set()
    table = MeetingSession
    columns = (table.event_id, table.state, table.started_at, table.ended_at)
    for row in session.execute(select(*columns).where(table.event_id.in_(event_ids))):
        if row.state == SessionState.RUNNING:
            running.add(row.event_id)
        elif row.state == SessionState.LOST:
            lost.add(row.event_id)
        else:
            ended[row.event_id].append(Interval(row.started_at, max(row.started_at, row.ended_at)))
    stored = select(CalendarEvent.id, CalendarEvent.actual_seconds, CalendarEvent.running)
    for key, *known in session.execute(stored.where(CalendarEvent.id.in_(event_ids))):
        seconds = union_seconds(ended[key]) if key in ended else None
        # Where all that we know is that a call began, nobody may say that there was none.
        unended = key in running or (key in lost and seconds is None)
        if known != [seconds, unended]:
            yield {"id": key, "actual_seconds": seconds, "running": unended}


def _all(reach: Reach) -> Iterator[Interval]:
    return (piece for pieces in reach.values() for piece in pieces)


def _hull(places: Iterable[Interval]) -> tuple[datetime, datetime]:
    """From the first start to the last end."""
    known = list(places)
    return min(place.start for place in known), max(place.end for place in known)


def _touches(pieces: Sequence[Interval], one: Interval) -> bool:
    """Whether `one` has a moment, its ends included, in common with these (sorted, apart from each other)."""
    last = bisect_right(pieces, one.end, key=lambda piece: piece.start)
    return last > 0 and pieces[last - 1].end >= one.start
