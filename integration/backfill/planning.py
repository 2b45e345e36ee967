"""Which meetings to ask Zoom about alone, and which personal links nobody knows."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from integration.backfill.coverage import DELAY
from integration.backfill.days import Days
from integration.errors import VaultError
from integration.meetings.knowledge import knowledge_of
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.models import MEETINGS, CalendarEvent
from integration.meetings.opening import event_text
from integration.meetings.reasons import ZOOM_REMEMBERS, complete_column
from integration.meetings.rooms import is_personal
from integration.vault import Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OneMeeting:
    """A meeting to ask about alone: what was held under this id on these days (UTC)."""

    meeting_id: str
    days: Days


def open_meetings(session: Session, vault: Vault, tenant_id: str, now: datetime) -> list[OneMeeting]:
    """The meetings of which Zoom may know more than we: those in time that it was not asked about completely, measured
    or not. To be asked about singly: first those of which nobody told us anything, of the latest events.
    """
    unknown = (
        *_of(tenant_id),
        complete_column(knowledge_of(session, tenant_id)).is_not(true()),
        CalendarEvent.forgotten_at.is_(None),
        CalendarEvent.start_at >= now - ZOOM_REMEMBERS,
        CalendarEvent.end_at <= now - AFTER - DELAY,
    )
    return [
        OneMeeting(found.meeting_id, Days((found.start - BEFORE).date(), (found.end + AFTER).date()))
        for found in _meetings(session, vault, unknown)
        if found.meeting_id.isdigit()
    ]


def unresolved_rooms(session: Session, vault: Vault, tenant_id: str, now: datetime) -> set[str]:
    """The personal links (`my/name`) in the past year's events of which nobody knows which meeting they lead to."""
    untied = (CalendarEvent.actual_seconds.is_(None), CalendarEvent.running.is_(False))
    found = _meetings(session, vault, (*_of(tenant_id), *untied, CalendarEvent.start_at >= now - ZOOM_REMEMBERS))
    return {one.meeting_id for one in found if is_personal(one.meeting_id)}


def _of(tenant_id: str) -> Sequence[ColumnElement[bool]]:
    return (
        CalendarEvent.tenant_id == tenant_id,
        CalendarEvent.meeting_hash.is_not(None),
        *MEETINGS,
    )


@dataclass(frozen=True)
class _Meeting:
    """A meeting's id as events have it, and from when to when those events are. Times in UTC."""

    meeting_id: str
    start: datetime
    end: datetime


def _meetings(session: Session, vault: Vault, where: Sequence[ColumnElement[bool]]) -> Iterator[_Meeting]:
    """The meetings of these events, those of which nothing is known before the others, then the latest first. Of those
    with one id, one row is opened.
    """
    grouped = (
        select(
            func.min(CalendarEvent.id).label("id"),
            func.min(CalendarEvent.start_at).label("start"),
            func.max(CalendarEvent.end_at).label("end"),
            (func.count(CalendarEvent.actual_seconds) == func.count()).label("measured"),
        )
        .where(*where)
        .group_by(CalendarEvent.meeting_hash)
        .subquery()
    )
    found = (
        select(CalendarEvent.id, CalendarEvent.meeting_id, grouped.c.start, grouped.c.end)
        .join(grouped, grouped.c.id == CalendarEvent.id)
        .order_by(grouped.c.measured, grouped.c.end.desc(), CalendarEvent.id)
    )
    for row in session.execute(found).all():
        try:
            meeting_id = event_text(vault, "meeting_id", row.id, row.meeting_id) or ""
        except VaultError as error:  # one damaged row must not hold up the others
            log.error("which meeting an event is does not open: %s", error, extra={"event": row.id})
        else:
            yield _Meeting(meeting_id, row.start, row.end)
