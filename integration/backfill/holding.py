"""The right to ask Zoom about one tenant's past, for a while: a lease on a row, and the connection it began with.

No transaction is open during a call to Zoom. What Zoom tells is stored only if, in the storing transaction, the lease
is held still and the connection is the one it began with: nothing comes back that a disconnection has deleted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.backfill.errors import Lost
from integration.backfill.models import Backfill, Coverage
from integration.connections import lease
from integration.connections.lease import database_ms
from integration.connections.models import ALIVE, Connection, ConnectionState
from integration.db import take_turns
from integration.runtime import Runtime
from integration.tenants.models import Tenant

LEASE_SECONDS = 180  # longer than what is asked between two extensions can take (zoom/wire.py, zoom/patience.py)
AGAIN = timedelta(seconds=10)  # whoever takes a turn is due so much later: if it dies, the others come first

Owed = type[Backfill] | type[Coverage]


@dataclass(frozen=True)
class Held:
    """A turn. `connected_at` names the connection."""

    model: Owed
    row_id: str
    owner: str
    tenant_id: str
    connected_at: datetime


@dataclass(frozen=True)
class Standing:
    """How a tenant's connection stands; `connected_at` None: there is none that Zoom can be asked with."""

    state: str
    cause: str
    connected_at: datetime | None


def standing(session: Session, tenant_id: str, *, lock: bool = False) -> Standing:
    """The connection as it is; `lock` keeps it so until the session ends."""
    enabled = session.scalar(select(Tenant.zoom_enabled).where(Tenant.id == tenant_id))
    mine = select(Connection).where(Connection.tenant_id == tenant_id)
    found = session.scalars(
        mine.with_for_update() if lock else mine, execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        cause = "never_connected" if enabled else "not_enabled"
        return Standing(ConnectionState.NOT_CONNECTED if enabled else ConnectionState.NOT_ENABLED, cause, None)
    if not enabled:
        return Standing(ConnectionState.NOT_ENABLED, "disabled_by_staff", None)
    return Standing(found.state, found.cause, found.connected_at if found.state in ALIVE else None)


def confirm(session: Session, held: Held) -> None:
    """Hold the connection and the turn until the session ends, and extend the turn. Raises Lost.

    The first thing in every transaction that stores something. All lock in one order: the connection, the tenant's
    meetings, then what is owed.
    """
    if standing(session, held.tenant_id, lock=True).connected_at != held.connected_at:
        raise Lost("The connection is not the one that this began with.")
    take_turns(session, [held.tenant_id])
    mine = update(held.model).where(held.model.id == held.row_id, held.model.lease_owner == held.owner)
    extended = mine.values(lease_until_ms=database_ms() + LEASE_SECONDS * 1000).returning(held.model.id)
    if session.execute(extended, execution_options={"synchronize_session": False}).first() is None:
        raise Lost("It is in other hands.")


def extend(runtime: Runtime, held: Held) -> None:
    """Say that it goes on. Raises Lost."""
    with runtime.database.writing() as session:
        confirm(session, held)


def release(runtime: Runtime, held: Held) -> None:
    """End the turn, if it is held still."""
    with runtime.database.writing() as session:
        lease.release(session, held.model, held.row_id, held.owner)
