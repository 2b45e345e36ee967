"""Which tenant a workspace belongs to. The caller's session commits."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from integration.connecting.ending import end_links
from integration.db import insert
from integration.errors import Invalid, NotFound
from integration.notifications import service as notifications
from integration.notifications import staff
from integration.tenants.finding import search, tenant_of
from integration.tenants.models import Tenant, Workspace
from integration.vault import Vault

log = logging.getLogger(__name__)

UNKNOWN = "unknown_workspace"
MOST_SUGGESTED = 3
WITH_TENANT = select(Workspace, Tenant).outerjoin(Tenant, Tenant.id == Workspace.tenant_id)


@dataclass(frozen=True)
class Linking:
    """What a workspace is to be: a tenant's, Retain's own (`staff`), or nobody's. None leaves `staff`, `name` as is."""

    tenant: str | None
    staff: bool | None = None
    name: str | None = None


def workspace_of(session: Session, team: str) -> tuple[Workspace, Tenant | None]:
    """The workspace and its tenant, if it is linked. Raises NotFound for one that never wrote to us."""
    found = session.execute(WITH_TENANT.where(Workspace.team == team)).one_or_none()
    if found is None:
        raise NotFound(
            f"The workspace {team} is not known here.",
            field="team",
            remedy="Check its id; staff link it with PUT /v1/workspaces/{team} or `workspaces link`.",
        )
    return found[0], found[1]


def link(session: Session, vault: Vault, team: str, linking: Linking, now: datetime) -> bool:
    """Link a workspace, one that never wrote to us included; False when it was so already.

    The connect links of its people end, for the tenant that it is no longer linked to.
    Raises NotFound for the tenant, and Invalid for a workspace that would be Retain's own and a tenant's at once.
    """
    if linking.tenant is not None:
        tenant_of(session, linking.tenant)
    session.execute(_row(session, team, None, now))
    workspace = session.get_one(Workspace, team, with_for_update=True, populate_existing=True)
    is_staff = workspace.staff if linking.staff is None else linking.staff
    if is_staff and linking.tenant is not None:
        raise Invalid(
            f"The workspace {team} would be Retain's own and a tenant's at once.",
            field="staff",
            remedy="Leave out the tenant, or make it no longer Retain's own first: `staff: false`, or `--no-staff`.",
        )
    wanted = {"tenant_id": linking.tenant, "staff": is_staff, "name": linking.name or workspace.name}
    changed = {name: value for name, value in wanted.items() if getattr(workspace, name) != value}
    if (workspace.tenant_id is not None and "tenant_id" in changed) or (workspace.staff and not is_staff):
        # Retain's own people may connect any tenant: `lost` is None for them.
        end_links(session, vault, partial(_is_in, team), now, lost=workspace.tenant_id, kept=linking.tenant)
    for name, value in changed.items():
        setattr(workspace, name, value)
    if workspace.linked_at is None or "tenant_id" in changed or "staff" in changed:
        workspace.linked_at = now if linking.tenant or is_staff else None
    if is_staff or linking.tenant is not None:
        notifications.settle(session, vault, about=_about(team), now=now)
    if changed:
        log.info("workspace linked", extra={"team": team, "tenant": linking.tenant, "staff": is_staff})
    return bool(changed)


def seen(session: Session, vault: Vault, team: str, name: str | None, now: datetime) -> None:
    """Record that a workspace writes to us. Staff are told once of one that nobody has linked."""
    new = session.scalar(_row(session, team, name, now).returning(Workspace.team)) is not None
    workspace = session.get_one(Workspace, team, populate_existing=True)
    workspace.name = name or workspace.name
    if new:
        _tell_staff(session, vault, team, name, now)


def every(session: Session) -> Sequence[tuple[Workspace, Tenant | None]]:
    """All workspaces with their tenants: those that wait for a link first, then by name."""
    waiting_first = (Workspace.linked_at.is_not(None), Workspace.name, Workspace.team)
    return [(workspace, tenant) for workspace, tenant in session.execute(WITH_TENANT.order_by(*waiting_first))]


def _tell_staff(session: Session, vault: Vault, team: str, name: str | None, now: datetime) -> None:
    alike = [{"tenant": found.tenant.id, "name": found.tenant.name} for found in search(session, name or "")]
    staff.tell_staff(
        session,
        vault,
        topic=UNKNOWN,
        title="A new workspace uses the bot",
        text=f"{name or team} belongs to no organisation yet. Its people get general answers until you link it.",
        about=_about(team),
        now=now,
        data={"team": team, "name": name or team, "suggestions": alike[:MOST_SUGGESTED]},
    )


def _is_in(team: str, actors: Any) -> ColumnElement[bool]:
    inside: ColumnElement[bool] = actors.contains(f":{team}/", autoescape=True)
    return inside


def _about(team: str) -> str:
    return f"workspace/{team}"


def _row(session: Session, team: str, name: str | None, now: datetime) -> Any:
    values = {"team": team, "name": name, "staff": False, "first_seen_at": now}
    return insert(session, Workspace).values(values).on_conflict_do_nothing(index_elements=["team"])
