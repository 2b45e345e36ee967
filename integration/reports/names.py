"""What a report calls its groups: each group's key in the database becomes a key for callers, and a name."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.meetings.knowledge import AnyRow
from integration.meetings.models import ORGANIZER, CalendarEvent, Customer
from integration.meetings.opening import UNREADABLE, shown_text, text_of
from integration.reports.views import GroupBy
from integration.reports.whose import NO_ORGANIZER, NOBODY
from integration.vault import Vault

Names = Mapping[str | None, tuple[str, str]]


def names_of(session: Session, vault: Vault, tenant_id: str, group_by: GroupBy, rows: Iterable[AnyRow]) -> Names:
    """Key and name for each `key` of the rows; by organizer each row's `example` is an event of theirs."""
    if group_by == "customer":
        return _customers(session, vault, tenant_id, {row.key for row in rows})
    if group_by == "organizer":
        return _organizers(session, vault, {row.key: row.example for row in rows})
    return {row.key: (row.key, month_name(row.key)) for row in rows}


def month_name(key: str) -> str:
    """`2025-01` as people write it: January 2025."""
    return f"{date.fromisoformat(f'{key}-01'):%B %Y}"


def _customers(session: Session, vault: Vault, tenant_id: str, ids: set[str]) -> Names:
    mine = select(Customer.id, Customer.name).where(Customer.tenant_id == tenant_id)
    return {
        row_id: (row_id, text_of(vault, "customers", "name", row_id, sealed))
        for row_id, sealed in session.connection().execute(mine)
        if row_id in ids
    }


def _organizers(session: Session, vault: Vault, examples: Mapping[str | None, str]) -> Names:
    """While keys are changed the same address has two hashes: its key for callers is the newer one, for both."""
    found: dict[str | None, tuple[str, str]] = {None: (NO_ORGANIZER, NOBODY)}
    for some in batches(sorted(one for key, one in examples.items() if key is not None)):
        event = CalendarEvent
        asked = select(event.organizer_hash, event.id, event.organizer).where(event.id.in_(some))
        for key, row_id, sealed in session.connection().execute(asked):
            address = shown_text(vault, "organizer", row_id, sealed) or UNREADABLE
            found[key] = (str(key) if address == UNREADABLE else vault.lookup_hash(ORGANIZER, address), address)
    return found
