"""People whom Retain has listed: admins of a tenant who are not workspace admins, and staff."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from integration.connecting.ending import end_links
from integration.db import insert
from integration.errors import Invalid
from integration.policy import Role
from integration.tenants.finding import tenant_of
from integration.tenants.models import Person, Workspace
from integration.vault import Vault

log = logging.getLogger(__name__)

PEOPLE = Person.__table__
LISTED = select(PEOPLE.c.role, PEOPLE.c.tenant_id).where(PEOPLE.c.actor == bindparam("actor"))


def team_of(actor: str) -> str:
    """The workspace that somebody is in; empty where the actor is no person."""
    return actor.partition(":")[2].partition("/")[0]


def listed_role(session: Session, actor: str, tenant: str | None) -> Role:
    """The role in which `actor` is listed, for `tenant`; nobody when they are not.

    Staff are so in a workspace that is Retain's own: elsewhere the workspace's admins decide who stands behind an id.
    """
    # Past the ORM, in half its time: nearly every request asks.
    listed = session.connection().execute(LISTED, {"actor": actor}).one_or_none()
    if listed is None:
        return Role.NOBODY
    role, of = listed
    counts = _is_in_retains_own(session, actor) if role == Role.STAFF else tenant is not None and of == tenant
    return Role(role) if counts else Role.NOBODY


def _is_in_retains_own(session: Session, actor: str) -> bool:
    return session.scalar(select(Workspace.staff).where(Workspace.team == team_of(actor))) is True


def effective_role(session: Session, actor: str | None, said: Role, tenant: str | None) -> Role:
    """The higher of what the caller says and what Retain has listed for `tenant`. Nobody stays nobody."""
    if actor is None or said in (Role.PROGRAM, Role.NOBODY, Role.STAFF):
        return said
    return max(said, listed_role(session, actor, tenant), key=lambda role: role.rank)


def set_role(session: Session, vault: Vault, actor: str, tenant: str | None, role: Role, now: datetime) -> bool:
    """List a person as admin of a tenant or as staff; as a member they are listed no more. False: it was so already.

    Whoever was listed otherwise is so no longer, and the connect links that they could ask for as that end.
    Raises Invalid, and NotFound for the tenant.
    """
    _check(session, actor, tenant, role)
    before = session.execute(select(Person.tenant_id, Person.role).where(Person.actor == actor)).one_or_none()
    if before == ((tenant, role) if role is not Role.MEMBER else None):
        return False
    if role is Role.MEMBER:
        session.execute(delete(Person).where(Person.actor == actor))
    else:
        listed = {"tenant_id": tenant, "role": role, "changed_at": now}
        statement = insert(session, Person).values(actor=actor, **listed)
        session.execute(statement.on_conflict_do_update(index_elements=["actor"], set_=listed))
    if before is not None and role is not Role.STAFF:
        kept = tenant if role is Role.ADMIN else None
        end_links(session, vault, lambda who: who == actor, now, lost=before.tenant_id, kept=kept)
    log.info("role listed", extra={"person": actor, "tenant": tenant, "role": role})
    return True


def _check(session: Session, actor: str, tenant: str | None, role: Role) -> None:
    if role is Role.NOBODY:
        raise Invalid(
            "Nobody is what people are who are not known; it cannot be given.",
            field="role",
            remedy="Use admin, staff, or member to take a person off the list.",
        )
    if role is Role.STAFF and tenant is not None:
        raise Invalid(
            "Staff are Retain's own people, of no tenant.",
            field="tenant",
            remedy="Leave out the tenant, or list the person as its admin.",
        )
    if role is Role.STAFF and not _is_in_retains_own(session, actor):
        raise Invalid(
            f"{actor} is in no workspace of Retain's own, and staff are so there only.",
            field="actor",
            remedy="Give the id that the person has in Retain's workspace; mark that one with "
            "`python -m integration workspaces link TEAM --staff`.",
        )
    if role is Role.ADMIN and tenant is None:
        raise Invalid(
            "An admin is one of a tenant, and none is named.", field="tenant", remedy="Name the tenant, such as `acme`."
        )
    if tenant is not None:
        tenant_of(session, tenant)


def every(session: Session, tenant: str | None = None) -> Sequence[Person]:
    """The people who are listed, or those of one tenant: staff first, then by tenant."""
    listed = select(Person).order_by(Person.tenant_id.is_not(None), Person.tenant_id, Person.actor)
    if tenant is not None:
        listed = listed.where(Person.tenant_id == tenant)
    return session.scalars(listed).all()
