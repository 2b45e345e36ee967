"""One tenant's rows of sessions and events, for tests of settling: few hours, and few meeting ids."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.meetings.models import MEETING, CalendarEvent, Evidence, MeetingSession, SessionState
from integration.meetings.settling import Span, settle
from integration.tenants.models import Tenant
from integration.vault import Vault

BEGIN = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
NOW = BEGIN + timedelta(days=3)
ROOM = "93201235621"


def minute(number: int) -> datetime:
    return BEGIN + timedelta(minutes=number)


@dataclass
class Books:
    """One tenant's rows, and the places that changed since the last settling."""

    session: Session
    vault: Vault
    tenant_id: str
    spans: list[Span] = field(default_factory=list)
    meeting_of: dict[str, str] = field(default_factory=dict)  # by its hash

    def settle(self) -> int:
        self.session.flush()
        changed = settle(self.session, self.vault, self.spans)
        self.session.expire_all()
        self.spans.clear()
        return changed

    def changed(self, row: MeetingSession | CalendarEvent) -> None:
        """Here, now: for a change of place, called before and after."""
        start, end = (
            (row.start_at, row.end_at) if isinstance(row, CalendarEvent) else (row.started_at, row.ended_at or NOW)
        )
        self.spans.append(Span(self.tenant_id, self.meeting_of[row.meeting_hash or ""], start, end))

    def hash_of(self, meeting: str, vault: Vault | None = None) -> str:
        made = (vault or self.vault).lookup_hash(MEETING, meeting)
        self.meeting_of[made] = meeting
        return made

    def call(self, start: int, end: int | None, *, meeting: str = ROOM, vault: Vault | None = None) -> MeetingSession:
        key = uuid4().hex
        row = MeetingSession(
            id=key,
            tenant_id=self.tenant_id,
            uuid="sealed",
            uuid_hash=key,
            meeting_id="sealed",
            meeting_hash=self.hash_of(meeting, vault),
            topic="sealed",
            state=SessionState.RUNNING if end is None else SessionState.ENDED,
            started_at=minute(start),
            ended_at=None if end is None else minute(end),
            started_by=Evidence.STARTED,
            ended_by=None if end is None else Evidence.ENDED,
        )
        self.session.add(row)
        self.changed(row)
        return row

    def event(self, start: int, end: int, *, meeting: str = ROOM, google_id: str | None = None) -> CalendarEvent:
        key = uuid4().hex
        name = google_id or key
        row = CalendarEvent(
            id=key,
            tenant_id=self.tenant_id,
            google_id=self.vault.seal(name, table="calendar_events", column="google_id", row=key),
            google_hash=name,
            meeting_id="sealed",
            meeting_hash=self.hash_of(meeting),
            details="sealed",
            start_at=minute(start),
            end_at=minute(end),
            scheduled_seconds=(end - start) * 60,
            all_day=False,
            cancelled=False,
            running=False,
        )
        self.session.add(row)
        self.changed(row)
        return row

    def rows(self, model: type[Any]) -> list[Any]:
        return list(self.session.scalars(select(model).where(model.tenant_id == self.tenant_id).order_by(model.id)))


def open_books(session: Session, vault: Vault) -> Books:
    tenant_id = uuid4().hex
    session.add(Tenant(id=tenant_id, name="Acme", domains=[], created_at=NOW))
    session.flush()
    return Books(session, vault, tenant_id)
