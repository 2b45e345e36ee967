"""Of whom a report is, when it is not of everybody: a customer, or an organizer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import Invalid
from integration.meetings.models import ORGANIZER, CalendarEvent, Customer
from integration.meetings.opening import UNREADABLE, shown_text, text_of
from integration.vault import Vault

NO_ORGANIZER = "none"  # the key of meetings whose calendar event names nobody
NOBODY = "No organizer"


@dataclass(frozen=True)
class Whose:
    """Whose meetings. `customer`: a row's id. `organizer`: every look-up hash of the address; empty: of nobody's.

    `names`: what they are called, by `customer` and `organizer`.
    """

    customer: str | None = None
    organizer: Sequence[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def find_whose(session: Session, vault: Vault, tenant_id: str, customer: str | None, organizer: str | None) -> Whose:
    """Read the two filters: keys of a report's groups, or a customer's name and an organizer's address.

    Raises Invalid for one that the tenant does not have.
    """
    names: dict[str, str] = {}
    found: Sequence[str] | None = None
    if customer is not None:
        customer, names["customer"] = _customer(session, vault, tenant_id, customer)
    if organizer is not None:
        found, names["organizer"] = _organizer(session, vault, tenant_id, organizer)
    return Whose(customer, found, names)


def _customer(session: Session, vault: Vault, tenant_id: str, text: str) -> tuple[str, str]:
    mine = select(Customer.id, Customer.name).where(Customer.tenant_id == tenant_id)
    by_key = session.execute(mine.where(Customer.id == text)).one_or_none()
    if by_key is not None:
        return text, text_of(vault, "customers", "name", text, by_key.name)
    typed = text.strip().casefold()
    for row in session.execute(mine):
        name = text_of(vault, "customers", "name", row.id, row.name)
        if name.casefold() == typed:
            return row.id, name
    raise Invalid(
        "There is no such customer.",
        field="customer",
        remedy="Name one as the report names it, or use its key; the report by customer lists them.",
    )


def _organizer(session: Session, vault: Vault, tenant_id: str, text: str) -> tuple[Sequence[str], str]:
    if text == NO_ORGANIZER:
        return (), NOBODY
    hashes = [text] if "@" not in text else vault.lookup_hashes(ORGANIZER, text.strip().lower())
    event = CalendarEvent
    theirs = select(event.id, event.organizer).where(event.tenant_id == tenant_id, event.organizer_hash.in_(hashes))
    row = session.execute(theirs.limit(1)).one_or_none()
    if row is None:
        raise Invalid(
            "Nobody of this key or address has organized a meeting.",
            field="organizer",
            remedy="Name one as the report names them, or use their key; the report by organizer lists them.",
        )
    address = shown_text(vault, "organizer", row.id, row.organizer) or UNREADABLE
    # While keys are changed, some rows are found by the one and some by the other.
    return hashes if address == UNREADABLE else vault.lookup_hashes(ORGANIZER, address), address
