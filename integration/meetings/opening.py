"""The texts of calendar events, opened where they are shown."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from integration.meetings.models import Customer, EventCustomer
from integration.vault import Vault

NO_TITLE = "(No title)"  # as Google Calendar shows it


def event_text(vault: Vault, column: str, row_id: str, sealed: str | None) -> str | None:
    """What a sealed column of an event's row holds. Raises VaultError when it does not open."""
    return sealed and vault.open(sealed, table="calendar_events", column=column, row=row_id)


def details_of(vault: Vault, row_id: str, sealed: str) -> Mapping[str, Any]:
    """An event's details; `title` is never empty. Raises VaultError when they do not open."""
    found: dict[str, Any] = json.loads(event_text(vault, "details", row_id, sealed) or "{}")
    return found | {"title": found.get("title") or NO_TITLE}


def customers_of(connection: Connection, vault: Vault, event_ids: Sequence[str]) -> dict[str, list[str]]:
    """The names of the customers in these events, in their order, by the event's row id."""
    found: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for event_id, customer_id, sealed in connection.execute(_customers(), {"events": event_ids}):
        if customer_id not in names:
            names[customer_id] = vault.open(sealed, table="customers", column="name", row=customer_id)
        found[event_id].append(names[customer_id])
    return found


@cache
def _customers() -> Select[*tuple[Any, ...]]:
    """Built once, and run without the ORM."""
    return (
        select(EventCustomer.event_id, Customer.id, Customer.name)
        .join(Customer, Customer.id == EventCustomer.customer_id)
        .where(EventCustomer.event_id.in_(bindparam("events", expanding=True)))
        .order_by(EventCustomer.event_id, EventCustomer.position)
    )
