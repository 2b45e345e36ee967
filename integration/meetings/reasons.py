"""Why a calendar event counts as it does: one rule, as SQL for reports and in Python for one meeting.

First that fits. Nothing of it is stored: it changes with time and with the connection.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal_column, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from integration.connections.models import ALIVE, ConnectionState
from integration.db import UtcDateTime
from integration.meetings.knowledge import AnyRow, Knowledge
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.models import CalendarEvent
from integration.meetings.words import NOT_CONNECTED_IN, WORDS, Reason, Words

# Of a row: meeting_hash, running, actual_seconds, start_at, end_at, asked_at, forgotten_at; for what counts also
# scheduled_seconds.
EventRow = CalendarEvent | AnyRow
ZOOM_REMEMBERS = timedelta(days=365)  # past meetings older than that are refused with 12702 (Zoom's API reference)


def words_for(reason: Reason, knowledge: Knowledge) -> Words:
    """The reason in words, as it is for this tenant."""
    if reason is Reason.NOT_CONNECTED:
        return NOT_CONNECTED_IN.get(knowledge.state, WORDS[reason])
    return WORDS[reason]


def reason_of(event: EventRow, knowledge: Knowledge, now: datetime) -> Reason:
    """Why this event counts as it does."""
    if event.meeting_hash is None:
        return Reason.NOT_ON_ZOOM
    if event.running:
        return Reason.STILL_RUNNING
    if event.actual_seconds is not None:
        return Reason.ADJUSTED
    if _is_complete(event, knowledge):
        return Reason.NO_SESSION
    if event.start_at < now - ZOOM_REMEMBERS or event.forgotten_at is not None:
        return Reason.TOO_OLD_FOR_ZOOM  # whatever was deleted: to connect again would not help
    return Reason.AWAITING_ZOOM if knowledge.state in ALIVE else _without_connection(event, knowledge)


def _is_complete(event: EventRow, knowledge: Knowledge) -> bool:
    """Would we know of every call that could be this event's?"""
    if event.asked_at is not None and event.asked_at >= event.end_at + AFTER:
        return True
    first, last = knowledge.asked_from, knowledge.asked_until
    return first is not None and last is not None and first <= event.start_at - BEFORE and last >= event.end_at + AFTER


def _without_connection(event: EventRow, knowledge: Knowledge) -> Reason:
    before = knowledge.since is not None and event.start_at < knowledge.since
    deleted = knowledge.state == ConnectionState.DEAUTHORIZED and before
    return Reason.ZOOM_DATA_DELETED if deleted else Reason.NOT_CONNECTED


def reason_column(knowledge: Knowledge, now: datetime) -> ColumnElement[str]:
    """SQL for the reason of an event; the statement must select from `CalendarEvent`."""
    event = CalendarEvent
    rules: list[tuple[Any, ColumnElement[str]]] = [
        (event.meeting_hash.is_(None), _constant(Reason.NOT_ON_ZOOM)),
        (event.running, _constant(Reason.STILL_RUNNING)),
        (event.actual_seconds.is_not(None), _constant(Reason.ADJUSTED)),
        (complete_column(knowledge), _constant(Reason.NO_SESSION)),
        (event.start_at < now - ZOOM_REMEMBERS, _constant(Reason.TOO_OLD_FOR_ZOOM)),
        (event.forgotten_at.is_not(None), _constant(Reason.TOO_OLD_FOR_ZOOM)),
    ]
    if knowledge.state in ALIVE:
        return case(*rules, else_=_constant(Reason.AWAITING_ZOOM))
    if knowledge.state == ConnectionState.DEAUTHORIZED and knowledge.since is not None:
        rules.append((event.start_at < knowledge.since, _constant(Reason.ZOOM_DATA_DELETED)))
    return case(*rules, else_=_constant(Reason.NOT_CONNECTED))


def counted_column(judged: Any) -> ColumnElement[int]:
    """SQL for the seconds that count, from the columns reason, actual_seconds and scheduled_seconds of a subquery."""
    return case((judged.reason == Reason.ADJUSTED, judged.actual_seconds), else_=judged.scheduled_seconds)


def counted_of(event: EventRow, reason: Reason) -> int:
    """The seconds that count of an event with this reason."""
    return int(event.actual_seconds or 0) if reason is Reason.ADJUSTED else int(event.scheduled_seconds)


def complete_column(knowledge: Knowledge) -> ColumnElement[bool]:
    """SQL: would we know of every call that could be this event's? It may be NULL, which means no."""
    alone = CalendarEvent.asked_at >= after_end(CalendarEvent.end_at)
    if knowledge.asked_from is None or knowledge.asked_until is None:
        return alone
    with_all = and_(
        CalendarEvent.start_at >= knowledge.asked_from + BEFORE, CalendarEvent.end_at <= knowledge.asked_until - AFTER
    )
    return or_(with_all, alone)


def _constant(reason: Reason) -> ColumnElement[str]:
    # A literal: as a parameter PostgreSQL would not know it for the same when it groups.
    return literal_column(f"'{reason}'")


class after_end(FunctionElement[datetime]):  # noqa: N801 - it is a function of SQL
    """The moment `AFTER` a time."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(after_end, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} + INTERVAL '{int(AFTER.total_seconds())} seconds'"


@compiles(after_end, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # As SQLAlchemy writes times there, so that texts compare as times do: events' are in whole seconds.
    time = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {time}, '+{int(AFTER.total_seconds())} seconds')"
