"""What of a tenant's meetings came from Zoom: it goes when the connection ends. The calendar's part stays."""

from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, Coverage
from integration.db import Base, take_turns
from integration.meetings.models import CalendarEvent, MeetingSession, PersonalRoom
from integration.meetings.rooms import forget_rooms
from integration.vault import Vault

FROM_ZOOM: dict[type[Base], Any] = {
    MeetingSession: MeetingSession.tenant_id,
    Backfill: Backfill.tenant_id,
    Coverage: Coverage.id,
}
UNSEEN = {"synchronize_session": False}  # nothing of these rows is loaded


def forget_zoom_data(session: Session, vault: Vault, tenant_id: str) -> dict[str, int]:
    """Delete it, and what was worked out from it; return how many rows there were, by table."""
    take_turns(session, [tenant_id])  # as whoever settles does: both write events and sessions
    deleted = {PersonalRoom.__tablename__: forget_rooms(session, vault, tenant_id)}
    for model, tenant in FROM_ZOOM.items():
        gone = session.execute(delete(model).where(tenant == tenant_id), execution_options=UNSEEN)
        deleted[model.__tablename__] = gone.rowcount  # type: ignore[attr-defined]  # a DELETE has one
    stored = (CalendarEvent.actual_seconds, CalendarEvent.asked_at, CalendarEvent.forgotten_at)
    touched = or_(CalendarEvent.running, *(column.is_not(None) for column in stored))
    session.execute(
        update(CalendarEvent)
        .where(CalendarEvent.tenant_id == tenant_id, touched)
        .values(actual_seconds=None, running=False, asked_at=None, forgotten_at=None),
        execution_options=UNSEEN,
    )
    return {table: count for table, count in deleted.items() if count}
