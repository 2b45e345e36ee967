"""The texts of calendar events, opened where they are shown."""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from integration.errors import VaultError
from integration.meetings.models import Customer, EventCustomer
from integration.vault import Vault

NO_TITLE = "(No title)"  # as Google Calendar shows it
UNREADABLE = "(Unreadable)"

log = logging.getLogger(__name__)


def text_of(vault: Vault, table: str, column: str, row_id: str, sealed: str) -> str:
    """What a sealed column holds. What does not open is named so, and logged: the rest is still worth showing."""
    try:
        return vault.open(sealed, table=table, column=column, row=row_id)
    except VaultError as error:
        log.error("a text does not open: %s", error, extra={"row": row_id})
        return UNREADABLE


def event_text(vault: Vault, column: str, row_id: str, sealed: str | None) -> str | None:
    """What a sealed column of an event's row holds, to work with. Raises VaultError when it does not open."""
    return sealed and vault.open(sealed, table="calendar_events", column=column, row=row_id)


def shown_text(vault: Vault, column: str, row_id: str, sealed: str | None) -> str | None:
    """The same, to be shown: never raises."""
    return sealed and text_of(vault, "calendar_events", column, row_id, sealed)


def details_of(vault: Vault, row_id: str, sealed: str) -> Mapping[str, Any]:
    """An event's details; `title` may be missing: see `title_of`."""
    text = text_of(vault, "calendar_events", "details", row_id, sealed)
    if text == UNREADABLE:
        return {"title": UNREADABLE}
    found: dict[str, Any] = json.loads(text)
    return found


def title_of(details: Mapping[str, Any]) -> str:
    """What the event is called."""
    return details.get("title") or NO_TITLE


def customers_of(session: Session, vault: Vault, event_ids: Sequence[str]) -> dict[str, list[str]]:
    """The names of the customers in these events, in their order, by the event's row id."""
    found: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    asked, given = (_of_one(), event_ids[0]) if len(event_ids) == 1 else (_of_many(), event_ids)
    for event_id, customer_id, sealed in session.connection().execute(asked, {"events": given}):
        if customer_id not in names:
            names[customer_id] = text_of(vault, "customers", "name", customer_id, sealed)
        found[event_id].append(names[customer_id])
    return found


# Built once. A list ("expanding") is written out anew on each call, which one event need not wait for.
@cache
def _of_one() -> Select[*tuple[Any, ...]]:
    return _customers().where(EventCustomer.event_id == bindparam("events"))


@cache
def _of_many() -> Select[*tuple[Any, ...]]:
    return _customers().where(EventCustomer.event_id.in_(bindparam("events", expanding=True)))


def _customers() -> Select[*tuple[Any, ...]]:
    return (
        select(EventCustomer.event_id, Customer.id, Customer.name)
        .join(Customer, Customer.id == EventCustomer.customer_id)
        .order_by(EventCustomer.event_id, EventCustomer.position)
    )
