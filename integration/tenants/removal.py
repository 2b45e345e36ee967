"""The end of a tenant: our permission at Zoom is withdrawn, and everything that is kept of it is deleted."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting.models import Grant
from integration.connections import lease, revocations
from integration.connections.disconnect import disconnect
from integration.connections.models import Connection, Revocation
from integration.connections.revocations import Unwanted
from integration.db import Base
from integration.errors import Unavailable
from integration.runtime import Runtime
from integration.tenants.belongings import belongings, webhooks_of
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
    counts = {table: len(rows) for table, rows in belongings(session, vault, tenant_id).items()}
    return {"tenants": 1} | {table: count for table, count in counts.items() if count}


def remove(runtime: Runtime, tenant_id: str, *, actor: str | None) -> Removal:
    """Delete the tenant and all that is kept of it. Call it with no transaction open.

    What Zoom gave us is deleted whatever Zoom says; where Zoom does not answer, the withdrawal stays owed, and a
    worker sees to it. Interrupted, it may be called again. Raises NotFound, and Unavailable while somebody connects.
    """
    with runtime.database.reading() as session:
        deleted = what_would_go(session, runtime.vault, tenant_id)
        _require_quiet(session, tenant_id)
        webhooks = [row.id for row in webhooks_of(session, runtime.vault, tenant_id)]  # found by what goes first
        connected = session.scalar(select(Connection.id).where(Connection.tenant_id == tenant_id)) is not None
    if connected:
        disconnect(runtime, tenant_id, cause="disconnected", actor=actor)
    with runtime.database.writing() as session:
        owed = _withdraw_grants(session, runtime.vault, tenant_id, runtime.clock())
        _delete(session, runtime.vault, tenant_id, webhooks)
    for revocation in owed:
        revocations.carry_out(runtime, revocation)
    with runtime.database.reading() as session:
        revoked = session.scalar(select(Revocation.id).where(Revocation.tenant_id == tenant_id).limit(1)) is None
    log.info("tenant deleted", extra={"tenant": tenant_id, "actor": actor, "deleted": deleted, "revoked": revoked})
    return Removal(tenant_id, deleted, runtime.clock(), revoked)


def _withdraw_grants(session: Session, vault: Vault, tenant_id: str, now: datetime) -> list[str]:
    """What Zoom gave us and what is no connection yet: its revocation is owed, and outlives the tenant."""
    session.get(Tenant, tenant_id, with_for_update=True)  # nobody begins to connect from here on
    _require_quiet(session, tenant_id)
    mine = session.scalars(select(Grant).where(Grant.tenant_id == tenant_id))
    return [revocations.owe(session, vault, tenant_id, _unwanted(vault, grant), now) for grant in mine]


def _require_quiet(session: Session, tenant_id: str) -> None:
    """Whoever holds a grant may be getting a new pair for it from Zoom: deleting it now would lose that one."""
    held = select(Grant.id).where(Grant.tenant_id == tenant_id, ~lease.is_free(Grant))
    if session.scalar(held.limit(1)) is not None:
        raise Unavailable(
            "Somebody is connecting Zoom for this tenant just now.",
            field="tenant",
            remedy="Try again in two minutes.",
        )


def _unwanted(vault: Vault, grant: Grant) -> Unwanted:
    pair = json.loads(vault.open(grant.tokens, table="grants", column="tokens", row=grant.id))
    user = grant.zoom_user and json.loads(vault.open(grant.zoom_user, table="grants", column="zoom_user", row=grant.id))
    return Unwanted(
        pair["access_token"],
        pair["refresh_token"],
        datetime.fromisoformat(pair["expires_at"]),
        user["id"] if user else None,
    )


def _delete(session: Session, vault: Vault, tenant_id: str, webhooks: list[str]) -> None:
    rows = belongings(session, vault, tenant_id)
    rows["webhooks"] += session.scalars(select(Webhook).where(Webhook.id.in_(webhooks)))
    rows["tenants"] = [tenant_of(session, tenant_id)]
    for table in reversed(Base.metadata.sorted_tables):  # what points at others goes first
        for row in rows.get(table.name, ()):
            session.delete(row)
        session.flush()
