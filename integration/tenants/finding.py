"""Finding tenants, also by what somebody typed: names are mistyped, shortened, or given by their domain."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, utils
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import NotFound
from integration.tenants.models import Tenant

MOST_FOUND = 8
LEAST_ALIKE = 0.6  # below that a name is not what was meant
NEARLY_AS_ALIKE = 0.15  # further behind the best, it is hardly the one that was meant
SHORTEST_PART = 3  # a letter or two stand within nearly every name


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
    wanted = utils.default_process(query)
    if not wanted:
        return []
    scored = [Found(tenant, _score(wanted, tenant)) for tenant in every(session)]
    alike = (found for found in scored if found.score >= LEAST_ALIKE)
    return sorted(alike, key=lambda found: found.score, reverse=True)[:MOST_FOUND]  # alike ones stay in order of name


def _score(wanted: str, tenant: Tenant) -> float:
    names = (tenant.id, tenant.name, *tenant.domains)
    return round(max(_alike(wanted, utils.default_process(name)) for name in names) / 100, 2)


def _alike(wanted: str, name: str) -> float:
    if wanted == name:
        return 100
    if min(len(wanted), len(name)) < SHORTEST_PART:
        return fuzz.ratio(wanted, name)
    return min(fuzz.WRatio(wanted, name), 99)  # the words in another order are not the very name
