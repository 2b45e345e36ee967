"""Adding and changing tenants. The caller's session commits."""

import logging
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from integration.connections import events
from integration.connections.models import Connection, ConnectionState
from integration.db import insert
from integration.errors import Conflict
from integration.meetings.customers import rules_changed
from integration.tenants.fields import Domains, Slug, TenantName, Zone
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant
from integration.vault import Vault

log = logging.getLogger(__name__)

DEFAULT_ZONE = "America/Los_Angeles"


class NewTenant(BaseModel):
    """A tenant as it is asked for."""

    id: Slug = Field(description="A slug: lower case letters and digits, single hyphens between them.")
    name: TenantName
    domains: Domains = Field(default=[], description="Of the organisation's own e-mail addresses.")
    time_zone: Zone = Field(default=DEFAULT_ZONE, description="Of the IANA database.")
    zoom_enabled: bool = False


class TenantChanges(BaseModel):
    """What to change; None leaves it as it is."""

    name: TenantName | None = None
    domains: Domains | None = None
    time_zone: Zone | None = None
    zoom_enabled: bool | None = None


def add(session: Session, vault: Vault, new: NewTenant, now: datetime, *, actor: str | None = None) -> bool:
    """Add a tenant; False when it is there already, exactly so.

    Raises Conflict that names the first field in which the one that is there differs.
    """
    row = new.model_dump() | {"zoom_enabled": False, "created_at": now}
    statement = insert(session, Tenant).values(row).on_conflict_do_nothing(index_elements=["id"])
    if session.scalar(statement.returning(Tenant.id)) is not None:
        _switch_zoom(session, vault, tenant_of(session, new.id), enabled=new.zoom_enabled, now=now, actor=actor)
        return True
    there = tenant_of(session, new.id)
    differs = next((name for name, wanted in new.model_dump().items() if getattr(there, name) != wanted), None)
    if differs:
        raise Conflict(
            f"There is a tenant {new.id} already ({there.name}), which differs in: {differs}.",
            field=differs,
            remedy=f"Change that one (PATCH /v1/tenants/{new.id}, or `tenants change {new.id}`), "
            "or choose another id for another organisation.",
        )
    return False


def change(
    session: Session, vault: Vault, tenant_id: str, changes: TenantChanges, now: datetime, *, actor: str | None = None
) -> bool:
    """Change a tenant; False when it was so already. Enabling or disabling Zoom is an event. Raises NotFound."""
    tenant = tenant_of(session, tenant_id, lock=True)
    wanted = changes.model_dump(exclude_none=True)
    enabled = wanted.pop("zoom_enabled", tenant.zoom_enabled)
    changed = {name: value for name, value in wanted.items() if getattr(tenant, name) != value}
    for name, value in changed.items():
        setattr(tenant, name, value)
    if "domains" in changed:
        rules_changed(session, tenant_id)
    return _switch_zoom(session, vault, tenant, enabled=enabled, now=now, actor=actor) or bool(changed)


def _switch_zoom(
    session: Session, vault: Vault, tenant: Tenant, *, enabled: bool, now: datetime, actor: str | None
) -> bool:
    """A connection that is there stays: while Zoom is disabled it is not used, and afterwards it goes on."""
    if tenant.zoom_enabled == enabled:
        return False
    tenant.zoom_enabled = enabled
    state, cause = ConnectionState.NOT_ENABLED, "disabled_by_staff"
    if enabled:
        state, cause = _where_it_stands(session, tenant.id)
    events.append(
        session, vault, tenant_id=tenant.id, kind="switch", state=state, cause=cause, now=now, actor=actor, details=None
    )
    log.info("zoom switched", extra={"tenant": tenant.id, "enabled": enabled, "actor": actor})
    return True


def _where_it_stands(session: Session, tenant_id: str) -> tuple[ConnectionState, str]:
    connection = session.scalars(Connection.of_tenant(tenant_id)).one_or_none()
    if connection is None:
        return ConnectionState.NOT_CONNECTED, "never_connected"
    return ConnectionState(connection.state), connection.cause
