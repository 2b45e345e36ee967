"""Finding tenants, also by what somebody typed: names are mistyped, shortened, or given by their domain."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import NotFound
from integration.tenants.models import Tenant
from kb.likeness import LEAST_ALIKE, likeness

MOST_FOUND = 8
NEARLY_AS_ALIKE = 0.15  # further behind the best, it is hardly the one that was meant


@dataclass(frozen=True)
class Found:
    """A tenant, and how well it fits what was looked for: 1 is the very one."""

    tenant: Tenant
    score: float


def tenant_of(session: Session, tenant_id: str, *, lock: bool = False) -> Tenant:
    """The tenant; `lock` keeps others from changing it until the session ends. Raises NotFound with who was meant."""
    tenant = session.get(Tenant, tenant_id, with_for_update=lock)
    if tenant is None:
        found = search(session, tenant_id)[:3]
        alike = [one.tenant.id for one in found if one.score > found[0].score - NEARLY_AS_ALIKE]
        raise NotFound(
            f"There is no tenant {tenant_id}.",
            field="tenant",
            remedy=f"Did you mean {' or '.join(alike)}?" if alike else "Add it with POST /v1/tenants or `tenants add`.",
        )
    return tenant


def every(session: Session) -> Sequence[Tenant]:
    """All tenants by name."""
    return session.scalars(select(Tenant).order_by(Tenant.name, Tenant.id)).all()


def search(session: Session, query: str) -> list[Found]:
    """The tenants that somebody who types `query` may mean, best first: by name, id and domains."""
    scored = [Found(one, round(likeness(query, (one.id, one.name, *one.domains)), 2)) for one in every(session)]
    alike = (found for found in scored if found.score >= LEAST_ALIKE)
    return sorted(alike, key=lambda found: found.score, reverse=True)[:MOST_FOUND]  # alike ones stay in order of name
