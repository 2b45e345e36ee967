"""Asking about one meeting alone, and what is known by the answer."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from integration.backfill import asking
from integration.backfill.asking import Note
from integration.backfill.coverage import DELAY
from integration.backfill.days import DAY, midnight
from integration.backfill.holding import Held, confirm
from integration.backfill.planning import OneMeeting
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.models import MEETING, CalendarEvent
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom import meetings
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

# A meeting's id expires 30 days after its last use (Zoom's API reference, "Meeting ID and UUID"); a day to be safe.
IDS_LIVE = timedelta(days=29)


def ask_about(runtime: Runtime, held: Held, about: OneMeeting, note: Note) -> int:
    """Ask about one meeting, store what Zoom tells, and mark its events as known. Returns how many those are.

    What Zoom refuses for an unknown reason, or tells in a form that we cannot read, leaves them as they are: 0.
    Raises as `asking.take_in`.
    """
    asked_at = runtime.clock()
    try:
        answer = asking.one_meeting(runtime, held, about.meeting_id, about.days, note)
    except ZoomError as error:
        if error.cause.code != "unknown":
            raise
        if not meetings.knows_nothing(error):
            log.info("not known yet: %s", error, extra={"tenant": held.tenant_id})
            return 0
        lives = timedelta() if error.code == meetings.TOO_OLD else IDS_LIVE
        return _nothing(runtime, held, about, asked_at, asked_at - lives)
    if answer.unread:
        log.error("Zoom told of a meeting, and we cannot read it", extra={"tenant": held.tenant_id})
        return 0
    unclear = (
        ~and_(CalendarEvent.start_at <= start + BEFORE, CalendarEvent.end_at >= start - AFTER)
        for start in answer.unclear
    )
    with runtime.database.writing() as session:
        confirm(session, held)
        return _mark(session, [*_events(runtime.vault, held, about, asked_at), *unclear], asked_at=asked_at)


def _nothing(runtime: Runtime, held: Held, about: OneMeeting, asked_at: datetime, id_lives_since: datetime) -> int:
    """Zoom has nothing under the id: since then no call was held. Of earlier ones it says nothing, and never will."""
    with runtime.database.writing() as session:
        confirm(session, held)
        events = _events(runtime.vault, held, about, asked_at)
        known = _mark(session, [*events, CalendarEvent.start_at >= id_lives_since], asked_at=asked_at)
        return known + _mark(session, [*events, CalendarEvent.start_at < id_lives_since], forgotten_at=asked_at)


def _events(vault: Vault, held: Held, about: OneMeeting, asked_at: datetime) -> Sequence[ColumnElement[bool]]:
    """Those that the question was about, and that could be answered by then."""
    last = min(midnight(about.days.last) + DAY, asked_at - DELAY)
    return (
        CalendarEvent.tenant_id == held.tenant_id,
        CalendarEvent.meeting_hash.in_(vault.lookup_hashes(MEETING, about.meeting_id)),
        CalendarEvent.start_at >= midnight(about.days.first) + BEFORE,
        CalendarEvent.end_at <= last - AFTER,
    )


def _mark(session: Session, events: Sequence[ColumnElement[bool]], **values: datetime) -> int:
    marked = update(CalendarEvent).where(*events).values(values).returning(CalendarEvent.id)
    return len(session.execute(marked, execution_options={"synchronize_session": False}).all())
