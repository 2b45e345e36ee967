"""The flight recorder of a tenant's connection: every change is an entry, and entries are only ever appended."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.connections import tell
from integration.connections.models import Connection, ConnectionEvent, ConnectionState, Kind
from integration.vault import Vault


def append(
    session: Session,
    vault: Vault,
    *,
    tenant_id: str,
    kind: Kind,
    state: str,
    cause: str,
    now: datetime,
    actor: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> ConnectionEvent:
    """Record one entry. `kind`: the connection's state or its cause changed, staff switched Zoom on or off, Zoom
    confirmed it, or a note of something else.

    `details` is evidence (codes, counts), never anything of Zoom's people: entries outlive a disconnection.
    """
    new_id = uuid4().hex
    place = {"table": "connection_events", "column": "details", "row": new_id}
    last = select(func.coalesce(func.max(ConnectionEvent.number), 0)).where(ConnectionEvent.tenant_id == tenant_id)
    event = ConnectionEvent(
        id=new_id,
        tenant_id=tenant_id,
        number=session.scalars(last).one() + 1,
        at=now,
        kind=kind,
        state=state,
        cause=cause,
        actor=actor,
        details=vault.seal(json.dumps(details), **place) if details is not None else None,
    )
    session.add(event)
    session.flush()
    return event


def change(
    session: Session,
    vault: Vault,
    connection: Connection,
    *,
    state: ConnectionState,
    cause: str,
    now: datetime,
    actor: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> ConnectionEvent:
    """Set state, cause and `since` (when the state is another one), record it, and owe the people who must know.

    The connection must be in the session, its other columns as they are to be.
    """
    before: str | None = connection.state
    connection.state, connection.cause = state, cause
    if before != state:
        connection.since = now
    event = append(
        session,
        vault,
        tenant_id=connection.tenant_id,
        kind="state",
        state=state,
        cause=cause,
        now=now,
        actor=actor,
        details=details,
    )
    tell.of_change(session, vault, connection, event, before)
    return event


def details_of(vault: Vault, event: ConnectionEvent) -> Mapping[str, Any] | None:
    """What was recorded with it. Raises VaultError when it does not open."""
    if event.details is None:
        return None
    text = vault.open(event.details, table="connection_events", column="details", row=event.id)
    found: Mapping[str, Any] = json.loads(text)
    return found
