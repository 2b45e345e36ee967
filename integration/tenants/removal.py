"""The end of a tenant: our permission at Zoom is withdrawn, and everything that is kept of it is deleted."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import Grant
from integration.connections import lease, revocations, tokens
from integration.connections.disconnect import disconnect
from integration.connections.models import Connection, Revocation
from integration.connections.revocations import Unwanted
from integration.db import Base
from integration.desk import finding
from integration.errors import Unavailable, VaultError
from integration.runtime import Runtime
from integration.tenants.belongings import Rows, support_requests, with_staff_notices
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant
from integration.vault import Vault
from integration.webhooks.models import Webhook

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removal:
    """How many rows there were, by table, and whether Zoom has confirmed that our permission there is withdrawn."""

    tenant: str
    deleted: dict[str, int]
    at: datetime
    revoked: bool


def what_would_go(session: Session, vault: Vault, tenant_id: str) -> dict[str, int]:
    """How many rows `remove` would delete, by table. Raises NotFound."""
    tenant_of(session, tenant_id)
    return _counted(session, with_staff_notices(session, vault, tenant_id))


def _counted(session: Session, theirs: Rows) -> dict[str, int]:
    counts = {
        model.__tablename__: session.scalar(select(func.count()).select_from(model).where(where)) or 0
        for model, where in theirs.items()
    }
    return {table: count for table, count in counts.items() if count}


def remove(runtime: Runtime, tenant_id: str, *, actor: str | None) -> Removal:
    """Delete the tenant and all that is kept of it. Call it with no transaction open.

    What Zoom gave us is deleted whatever Zoom says; where Zoom does not answer, the withdrawal stays owed, and a
    worker sees to it. Interrupted, it may be called again. Raises NotFound, and Unavailable while somebody connects.
    """
    with runtime.database.reading() as session:
        tenant_of(session, tenant_id)
        _require_quiet(session, tenant_id)
        theirs = with_staff_notices(session, runtime.vault, tenant_id)
        deleted = _counted(session, theirs)
        connection = session.scalars(Connection.of_tenant(tenant_id)).one_or_none()
        lost = connection is not None and _is_lost(runtime.vault, connection, runtime.clock())
    if connection is not None:
        disconnect(runtime, tenant_id, cause="disconnected", actor=actor)
    with runtime.database.writing() as session:
        withdrawn = _withdraw(session, runtime.vault, tenant_id, runtime.clock())
        # Webhooks are found by the connection's account, which is gone; staff may have been told of its end.
        _delete(session, with_staff_notices(session, runtime.vault, tenant_id) | {Webhook: theirs[Webhook]})
    for revocation in withdrawn:
        if revocation is not None:
            revocations.carry_out(runtime, revocation)
    with runtime.database.reading() as session:
        owed = session.scalar(select(Revocation.id).where(Revocation.tenant_id == tenant_id).limit(1)) is not None
    revoked = not (owed or lost or None in withdrawn)
    log.info("tenant deleted", extra={"tenant": tenant_id, "actor": actor, "deleted": deleted, "revoked": revoked})
    return Removal(tenant_id, deleted, runtime.clock(), revoked)


def _is_lost(vault: Vault, connection: Connection, now: datetime) -> bool:
    """Does it hold a permission that we cannot withdraw, for its key is gone?"""
    return tokens.has_tokens(connection) and revocations.of_connection(vault, connection, now) is None


def _withdraw(session: Session, vault: Vault, tenant_id: str, now: datetime) -> list[str | None]:
    """What Zoom gave us and we still hold: its revocation is owed, and outlives the tenant. None: it does not open."""
    connections = Connection.of_tenant(tenant_id).with_for_update()
    session.scalars(connections).all()  # before the tenant, as whoever changes a connection locks them
    session.get(Tenant, tenant_id, with_for_update=True)  # nobody begins to connect from here on
    finding.held_for_deletion(session, support_requests(session, tenant_id))
    _require_quiet(session, tenant_id)
    # Somebody who had signed in before may have connected since `disconnect`.
    renewed = [one for one in session.scalars(connections) if tokens.has_tokens(one)]
    grants = session.scalars(select(Grant).where(Grant.tenant_id == tenant_id))
    held = [revocations.of_connection(vault, one, now) for one in renewed] + [_unwanted(vault, one) for one in grants]
    return [revocations.owe(session, vault, tenant_id, one, now) if one is not None else None for one in held]


def _require_quiet(session: Session, tenant_id: str) -> None:
    """Whoever holds a grant may be getting a new pair for it from Zoom: deleting it now would lose that one."""
    held = select(Grant.id).where(Grant.tenant_id == tenant_id, ~lease.is_free(Grant))
    if session.scalar(held.limit(1)) is not None:
        raise Unavailable(
            "Somebody is connecting Zoom for this tenant just now.",
            field="tenant",
            remedy="Try again in two minutes.",
        )


def _unwanted(vault: Vault, grant: Grant) -> Unwanted | None:
    try:
        pair, user = sealed.pair_of(vault, grant), sealed.user_of(vault, grant)
    except VaultError as error:  # whoever wants it deleted must not wait for a lost key
        log.error("a permission cannot be revoked: %s", error, extra={"tenant": grant.tenant_id})
        return None
    return Unwanted(pair, user.id if user is not None else None)


def _delete(session: Session, theirs: Rows) -> None:
    """What points at others goes first."""
    by_table = {model.__table__: (model, where) for model, where in theirs.items()}
    for table in reversed(Base.metadata.sorted_tables):
        if table in by_table:
            model, where = by_table[table]
            session.execute(delete(model).where(where), execution_options={"synchronize_session": False})
