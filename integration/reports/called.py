"""What the customer or organizer is called that a page is narrowed to, by the key in the page's address."""

from sqlalchemy import select

from integration.meetings.models import CalendarEvent, Customer
from integration.reports.filters import NO_ORGANIZER
from integration.reports.visiting import Visit


def customer_name(visit: Visit, key: str) -> str:
    """The customer's name; what was asked for where it is no key (the report finds customers by name, too)."""
    row = visit.session.get(Customer, key)
    if row is None or row.tenant_id != visit.tenant.id:
        return key
    return visit.runtime.vault.open(row.name, table="customers", column="name", row=row.id)


def organizer_name(visit: Visit, key: str) -> str:
    """The organizer's address; what was asked for where it is no key."""
    if key == NO_ORGANIZER:
        return "No organizer"
    event = CalendarEvent
    theirs = select(event.id, event.organizer).where(event.tenant_id == visit.tenant.id, event.organizer_hash == key)
    row = visit.session.execute(theirs.limit(1)).one_or_none()
    if row is None or row.organizer is None:
        return key
    return visit.runtime.vault.open(row.organizer, table="calendar_events", column="organizer", row=row.id)
