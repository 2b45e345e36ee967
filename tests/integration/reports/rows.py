"""Rows as the service stores them: tenants, connections, calendar events with their customers, and calls."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from integration.backfill.models import Coverage
from integration.connections.models import Connection
from integration.meetings.models import MEETING, CalendarEvent, Customer, EventCustomer, Evidence, MeetingSession
from integration.tenants.models import Tenant
from integration.vault import Vault

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
MEETING_ID = "93201235621"


def at(text: str) -> datetime:
    """A moment in UTC, such as `2025-01-14 15:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Rows:
    """What a test stores, each with the words it needs."""

    session: Session
    vault: Vault
    tenant_id: str = "acme"
    customers: dict[str, str] = field(default_factory=dict)

    def tenant(self, *, zone: str = "Europe/Berlin", enabled: bool = True, rules: int = 1) -> "Rows":
        """The tenant itself."""
        row = Tenant(id=self.tenant_id, name=self.tenant_id.title(), time_zone=zone, zoom_enabled=enabled, domains=[])
        row.created_at, row.customer_rules = NOW, rules
        self.session.add(row)
        self.session.flush()
        return self

    def connected(self, state: str = "connected", since: datetime = NOW - timedelta(days=300)) -> "Rows":
        """Its connection, without tokens."""
        row = Connection(id=uuid4().hex, tenant_id=self.tenant_id, state=state, cause="connected", since=since)
        row.connected_at = since
        self.session.add(row)
        return self

    def asked(self, first: datetime | None, last: datetime | None) -> "Rows":
        """The time that Zoom was asked about."""
        self.session.add(Coverage(id=self.tenant_id, asked_from=first, asked_until=last, due_at=NOW))
        return self

    def event(
        self,
        start: datetime,
        minutes: int = 60,
        *,
        meeting: str | None = MEETING_ID,
        title: str = "Weekly",
        organizer: str | None = "jonas@acme.example",
        customers: Iterable[str] = ("Globex",),
        **columns: Any,
    ) -> str:
        """A calendar event; its row's id."""
        row_id, named = uuid4().hex, tuple(customers)
        end = start + timedelta(minutes=minutes)
        texts = {"google_id": f"google{row_id}", "meeting_id": meeting, "organizer": organizer, "uid": None}
        details = {"title": title, "html_link": f"https://calendar.example/{row_id[:6]}"}
        values: dict[str, Any] = {
            name: text and self._sealed("calendar_events", name, row_id, text) for name, text in texts.items()
        }
        values |= {
            "details": self._sealed("calendar_events", "details", row_id, json.dumps(details)),
            "google_hash": self.vault.lookup_hash("calendar_event", f"google{row_id}"),
            "meeting_hash": meeting and self.vault.lookup_hash(MEETING, meeting),
            "organizer_hash": organizer and self.vault.lookup_hash("organizer", organizer),
            "scheduled_seconds": int((end - start).total_seconds()),
            "customers": len(named),
            "customer_rules": 1,
        }
        self.session.add(
            CalendarEvent(id=row_id, tenant_id=self.tenant_id, start_at=start, end_at=end, **(values | columns))
        )
        self.session.flush()
        for position, name in enumerate(named):
            self.session.add(EventCustomer(event_id=row_id, customer_id=self.customer(name), position=position))
        return row_id

    def customer(self, name: str) -> str:
        """The customer of this name; its row's id."""
        if name not in self.customers:
            row_id = self.customers[name] = uuid4().hex
            sealed = self._sealed("customers", "name", row_id, name)
            hashed = self.vault.lookup_hash("customer", name)
            self.session.add(Customer(id=row_id, tenant_id=self.tenant_id, name=sealed, name_hash=hashed))
            self.session.flush()
        return self.customers[name]

    def call(
        self,
        start: datetime,
        minutes: float | None,
        *,
        uuid: str | None = None,
        meeting: str = MEETING_ID,
        event: str | None = None,
        state: str | None = None,
        topic: str = "",
    ) -> str:
        """A session, `minutes` long (None: it has no end); its row's id."""
        row_id = uuid4().hex
        uuid = uuid or f"{row_id[:22]}=="
        end = None if minutes is None else start + timedelta(minutes=minutes)
        texts = {"uuid": uuid, "meeting_id": meeting, "topic": topic}
        sealed: dict[str, Any] = {
            name: self._sealed("meeting_sessions", name, row_id, text) for name, text in texts.items()
        }
        row = MeetingSession(
            id=row_id, tenant_id=self.tenant_id, started_at=start, ended_at=end, event_id=event, **sealed
        )
        row.uuid_hash = self.vault.lookup_hash("zoom_uuid", uuid)
        row.meeting_hash = self.vault.lookup_hash(MEETING, meeting)
        row.state = state or ("ended" if end else "running")
        row.started_by = Evidence.STARTED
        self.session.add(row)
        self.session.flush()
        return row_id

    def _sealed(self, table: str, column: str, row: str, text: str) -> str:
        return self.vault.seal(text, table=table, column=column, row=row)
