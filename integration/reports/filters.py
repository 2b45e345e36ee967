"""Which meetings a report is about: those with customers that have begun, of one customer or organizer where asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from integration.errors import Invalid
from integration.meetings.models import CalendarEvent, Customer, EventCustomer
from integration.meetings.opening import UNREADABLE, shown_text, text_of
from integration.reports.period import Period
from integration.vault import Vault

NO_ORGANIZER = "none"  # the key of meetings whose calendar event names nobody


@dataclass(frozen=True)
class Wanted:
    """Whose meetings. `customer`: a row's id. `organizer`: every look-up hash of the address; empty: of nobody's."""

    customer: str | None = None
    organizer: Sequence[str] | None = None


def wanted(session: Session, vault: Vault, tenant_id: str, customer: str | None, organizer: str | None) -> Wanted:
    """Read the two filters: keys of a report's groups, or a customer's name and an organizer's address.

    Raises Invalid for one that the tenant does not have.
    """
    return Wanted(
        None if customer is None else _customer(session, vault, tenant_id, customer),
        None if organizer is None else _organizer(session, vault, tenant_id, organizer),
    )


def counted_in(tenant_id: str, period: Period, now: datetime, whose: Wanted) -> list[ColumnElement[bool]]:
    """SQL for the events of a report. For one customer the statement must join `EventCustomer`."""
    event = CalendarEvent
    rules: list[ColumnElement[bool]] = [
        event.tenant_id == tenant_id,
        event.start_at >= period.start,
        event.start_at <= min(period.end - timedelta.resolution, now),
        event.customers > 0,
        ~event.all_day,
        ~event.cancelled,
    ]
    if whose.customer is not None:
        rules.append(EventCustomer.customer_id == whose.customer)
    if whose.organizer is not None:
        is_theirs = event.organizer_hash.in_(whose.organizer)
        rules.append(is_theirs if whose.organizer else event.organizer_hash.is_(None))
    return rules


def _customer(session: Session, vault: Vault, tenant_id: str, text: str) -> str:
    mine = select(Customer.id, Customer.name).where(Customer.tenant_id == tenant_id)
    if session.scalar(mine.where(Customer.id == text)) is not None:
        return text
    typed = text.strip().casefold()
    for row in session.execute(mine):
        if text_of(vault, "customers", "name", row.id, row.name).casefold() == typed:
            return str(row.id)
    raise Invalid(
        "There is no such customer.",
        field="customer",
        remedy="Name one as the report names it, or use its key; the report by customer lists them.",
    )


def _organizer(session: Session, vault: Vault, tenant_id: str, text: str) -> Sequence[str]:
    if text == NO_ORGANIZER:
        return ()
    hashes = [text] if "@" not in text else vault.lookup_hashes("organizer", text.strip().lower())
    event = CalendarEvent
    theirs = select(event.id, event.organizer).where(event.tenant_id == tenant_id, event.organizer_hash.in_(hashes))
    row = session.execute(theirs.limit(1)).one_or_none()
    if row is None:
        raise Invalid(
            "Nobody of this key or address has organized a meeting.",
            field="organizer",
            remedy="Name one as the report names them, or use their key; the report by organizer lists them.",
        )
    # While keys are changed, some rows are found by the one and some by the other.
    address = shown_text(vault, "organizer", row.id, row.organizer)
    return hashes if address is None or address == UNREADABLE else vault.lookup_hashes("organizer", address)
