"""Steps of tests about calendars: events as Google gives them, and what is stored of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from integration.db import Base
from integration.meetings.customers import list_customers
from integration.meetings.events import Stored, put_events
from integration.meetings.models import CUSTOMER, CalendarEvent, Customer, EventCustomer, Evidence
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.tenants import service
from integration.tenants.service import NewTenant

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROOM = "93201235621"
OTHER_ROOM = "85512340000"
GLOBEX = "hank@globex.example"


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def google_event(
    event_id: str = "e1",
    start: int = 0,
    end: int = 60,
    *,
    link: str | None = f"https://zoom.us/j/{ROOM}",
    people: Sequence[str] = (GLOBEX,),
    updated: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """One of Google's; times in minutes from `NOON`."""
    return {
        "id": event_id,
        "iCalUID": f"{event_id}@google.com",
        "status": "confirmed",
        "updated": at(updated).isoformat(),
        "summary": "Quarterly review",
        "location": link,
        "start": {"dateTime": at(start).isoformat()},
        "end": {"dateTime": at(end).isoformat()},
        "organizer": {"email": "jonas@acme.example"},
        "attendees": [{"email": one} for one in people],
    } | more


@dataclass
class Books:
    """One tenant's calendar and calls."""

    runtime: Runtime
    tenant_id: str = "acme"
    domains: list[str] = field(default_factory=lambda: ["acme.example"])

    def __post_init__(self) -> None:
        with self.runtime.database.writing() as session:
            service.add(
                session, self.runtime.vault, NewTenant(id=self.tenant_id, name="Acme", domains=self.domains), NOW
            )

    def put(self, *items: Any, now: datetime = NOW) -> Stored:
        with self.runtime.database.writing() as session:
            return put_events(session, self.runtime.vault, self.tenant_id, items, now)

    def call(self, start: int, end: int, meeting_id: str = ROOM) -> None:
        """A call was held, and is settled."""
        seen = Seen(f"{meeting_id}/{start}", meeting_id, at(start), at(end), Evidence.REPORTED)
        with self.runtime.database.writing() as session:
            recorded = record(session, self.runtime.vault, self.tenant_id, [seen], NOW)
            settle(session, self.runtime.vault, recorded.spans)

    def rows(self) -> list[CalendarEvent]:
        with self.runtime.database.reading() as session:
            return list(session.scalars(select(CalendarEvent).order_by(CalendarEvent.start_at, CalendarEvent.id)))

    def row(self) -> CalendarEvent:
        (only,) = self.rows()
        return only

    def text(self, row: Base, column: str) -> str:
        sealed = getattr(row, column)
        place = {"table": row.__tablename__, "column": column, "row": getattr(row, "id")}  # noqa: B009 - any table's
        return self.runtime.vault.open(sealed, **place)

    def customers(self) -> dict[str, list[str]]:
        """Everybody's domains by their names."""
        with self.runtime.database.reading() as session:
            return {one.name: one.domains for one in list_customers(session, self.runtime.vault, self.tenant_id)}

    def customers_in(self, row: CalendarEvent) -> list[str]:
        """Who was in an event, by name and in order."""
        asked = select(Customer).join(EventCustomer).where(EventCustomer.event_id == row.id)
        with self.runtime.database.reading() as session:
            found = session.scalars(asked.order_by(EventCustomer.position)).all()
            assert row.customers == len(found)
            names = [self.text(one, "name") for one in found]
            assert [one.name_hash for one in found] == [self.runtime.vault.lookup_hash(CUSTOMER, one) for one in names]
            return names
