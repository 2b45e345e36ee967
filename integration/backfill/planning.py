"""What to ask Zoom for: months of its history, newest first, and single meetings for what those leave open."""

import logging
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from integration.backfill.asking import OneMeeting
from integration.backfill.coverage import DAY, DELAY, midnight
from integration.errors import VaultError
from integration.meetings.knowledge import knowledge_of
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.models import MEETING, MEETINGS, CalendarEvent
from integration.meetings.opening import event_text
from integration.meetings.reasons import ZOOM_REMEMBERS, reason_column
from integration.meetings.rooms import is_personal
from integration.meetings.words import Reason
from integration.vault import Vault

log = logging.getLogger(__name__)

MONTHS = 6  # as far back as Zoom's reports go (Zoom's API reference, "Reports")


@dataclass(frozen=True)
class Days:
    """From the first to the last day, UTC, both included."""

    first: date
    last: date


def months(today: date) -> list[Days]:
    """The past half year, in windows of a month at most, newest first."""
    windows, last = [], today
    for _ in range(MONTHS):
        first = _month_before(last) + DAY
        windows.append(Days(first, last))
        last = first - DAY
    return windows


def within_reach(window: Days, today: date) -> Days | None:
    """What Zoom's reports still tell of a window that was planned some days ago; None: nothing."""
    first = max(window.first, months(today)[-1].first)
    return Days(first, window.last) if first <= window.last else None


def open_meetings(session: Session, vault: Vault, tenant_id: str, now: datetime) -> list[OneMeeting]:
    """The meetings of which nobody has told us anything and Zoom can say something: to be asked about singly, those
    of the latest events first.
    """
    waiting = (
        *_of(tenant_id),
        reason_column(knowledge_of(session, tenant_id), now) == str(Reason.AWAITING_ZOOM),
        CalendarEvent.start_at >= now - ZOOM_REMEMBERS,
        CalendarEvent.end_at <= now - AFTER - DELAY,
    )
    return [
        OneMeeting(found.meeting_id, (found.start - BEFORE).date(), (found.end + AFTER).date())
        for found in _meetings(session, vault, waiting)
        if found.meeting_id.isdigit()
    ]


def unresolved_rooms(session: Session, vault: Vault, tenant_id: str, now: datetime) -> set[str]:
    """The personal links (`my/name`) in the past year's events of which nobody knows which meeting they lead to."""
    untied = (CalendarEvent.actual_seconds.is_(None), CalendarEvent.running.is_(False))
    found = _meetings(session, vault, (*_of(tenant_id), *untied, CalendarEvent.start_at >= now - ZOOM_REMEMBERS))
    return {one.meeting_id for one in found if is_personal(one.meeting_id)}


def mark_asked(session: Session, vault: Vault, tenant_id: str, about: OneMeeting, asked_at: datetime) -> int:
    """Zoom was asked about this meeting alone: its events on those days are known, but for what is unclear.

    Returns how many events that is.
    """
    last = min(midnight(about.last_day) + DAY, asked_at - DELAY)
    unclear = (
        ~and_(CalendarEvent.start_at <= start + BEFORE, CalendarEvent.end_at >= start - AFTER)
        for start in about.unclear
    )
    known = (
        update(CalendarEvent)
        .where(
            CalendarEvent.tenant_id == tenant_id,
            CalendarEvent.meeting_hash.in_(vault.lookup_hashes(MEETING, about.meeting_id)),
            CalendarEvent.start_at >= midnight(about.first_day) + BEFORE,
            CalendarEvent.end_at <= last - AFTER,
            *unclear,
        )
        .values(asked_at=asked_at)
        .returning(CalendarEvent.id)
    )
    return len(session.execute(known, execution_options={"synchronize_session": False}).all())


def _month_before(day: date) -> date:
    first = day.replace(day=1) - timedelta(days=1)  # in the month before
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


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
    """The meetings of these events, the latest first. Of those with one id, one row is opened."""
    grouped = (
        select(
            func.min(CalendarEvent.id).label("id"),
            func.min(CalendarEvent.start_at).label("start"),
            func.max(CalendarEvent.end_at).label("end"),
        )
        .where(*where)
        .group_by(CalendarEvent.meeting_hash)
        .subquery()
    )
    found = (
        select(CalendarEvent.id, CalendarEvent.meeting_id, grouped.c.start, grouped.c.end)
        .join(grouped, grouped.c.id == CalendarEvent.id)
        .order_by(grouped.c.end.desc(), CalendarEvent.id)
    )
    for row in session.execute(found).all():
        try:
            meeting_id = event_text(vault, "meeting_id", row.id, row.meeting_id) or ""
        except VaultError as error:  # one damaged row must not hold up the others
            log.error("which meeting an event is does not open: %s", error, extra={"event": row.id})
        else:
            yield _Meeting(meeting_id, row.start, row.end)
