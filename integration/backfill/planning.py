"""What to ask Zoom for: months of its history, newest first, and single meetings for what those leave open."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from integration.backfill.asking import OneMeeting
from integration.backfill.coverage import DAY, DELAY, midnight
from integration.meetings.knowledge import knowledge_of
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.models import MEETING, CalendarEvent
from integration.meetings.reasons import ZOOM_REMEMBERS, reason_column
from integration.meetings.words import Reason
from integration.vault import Vault

MONTHS = 6  # as far back as Zoom's reports go (Zoom's API reference, "Reports")
PERSONAL = "my/"


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
    waiting = [*_of(tenant_id), _awaiting_zoom(session, tenant_id, now), CalendarEvent.end_at <= now - AFTER - DELAY]
    found = (
        select(
            func.min(CalendarEvent.id).label("id"),
            func.min(CalendarEvent.start_at).label("start"),
            func.max(CalendarEvent.end_at).label("end"),
        )
        .where(*waiting, CalendarEvent.start_at >= now - ZOOM_REMEMBERS)
        .group_by(CalendarEvent.meeting_hash)
        .order_by(func.max(CalendarEvent.end_at).desc(), func.min(CalendarEvent.id))
    )
    meetings = []
    for row in session.execute(found):
        meeting_id = _meeting_of(session, vault, row.id)
        if meeting_id.isdigit():
            first, last = (row.start - BEFORE).astimezone(UTC).date(), (row.end + AFTER).astimezone(UTC).date()
            meetings.append(OneMeeting(meeting_id, first, last))
    return meetings


def unresolved_rooms(session: Session, vault: Vault, tenant_id: str) -> set[str]:
    """The personal links (`my/name`) in events of which we do not know yet which meeting they lead to."""
    untied = (*_of(tenant_id), CalendarEvent.actual_seconds.is_(None), CalendarEvent.running.is_(False))
    some = select(func.min(CalendarEvent.id)).where(*untied).group_by(CalendarEvent.meeting_hash)
    found = {_meeting_of(session, vault, event_id) for event_id in session.scalars(some).all()}
    return {meeting_id for meeting_id in found if meeting_id.startswith(PERSONAL)}


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
        CalendarEvent.all_day.is_(False),
        CalendarEvent.cancelled.is_(False),
    )


def _awaiting_zoom(session: Session, tenant_id: str, now: datetime) -> ColumnElement[bool]:
    return reason_column(knowledge_of(session, tenant_id), now) == str(Reason.AWAITING_ZOOM)


def _meeting_of(session: Session, vault: Vault, event_id: str) -> str:
    sealed = session.scalars(select(CalendarEvent.meeting_id).where(CalendarEvent.id == event_id)).one()
    return vault.open(sealed or "", table=CalendarEvent.__tablename__, column="meeting_id", row=event_id)
