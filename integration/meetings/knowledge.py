"""What we can know of a tenant's calls."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from integration.backfill.models import Coverage
from integration.connections.models import Connection, ConnectionState
from integration.tenants import finding
from integration.tenants.models import Tenant

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Knowledge:
    """How the connection stands since when, and which time Zoom was asked about.

    `state` is deauthorized also while Zoom is disabled: then, too, what Zoom had told us is gone.
    """

    state: ConnectionState
    since: datetime | None
    asked_from: datetime | None
    asked_until: datetime | None


@dataclass(frozen=True)
class About:
    """A tenant, as far as durations and reports depend on it. `customer_rules`: the number of the latest ones."""

    tenant_id: str
    name: str
    zone: ZoneInfo
    customer_rules: int
    knowledge: Knowledge


def knowledge_of(session: Session, tenant_id: str) -> Knowledge:
    """What we can know of this tenant's calls. Raises NotFound."""
    return about(session, tenant_id).knowledge


def about(session: Session, tenant_id: str) -> About:
    """The tenant, in one query. Raises NotFound."""
    return read(session, tenant_id, session.connection().execute(_everything(), {"tenant": tenant_id}).one_or_none())


def read(session: Session, tenant_id: str, row: AnyRow | None) -> About:
    """The tenant, from a row with `COLUMNS`. Raises NotFound when there is none."""
    if row is None:
        finding.tenant_of(session, tenant_id)  # raises, naming those that it may be
        raise AssertionError("a tenant without a row")
    state = ConnectionState(row.state or ConnectionState.NOT_CONNECTED)
    if not row.zoom_enabled and state != ConnectionState.DEAUTHORIZED:
        state = ConnectionState.NOT_ENABLED
    knowledge = Knowledge(state, row.since, row.asked_from, row.asked_until)
    return About(tenant_id, row.name, ZoneInfo(row.time_zone), row.customer_rules, knowledge)


COLUMNS = (
    Tenant.name,
    Tenant.time_zone,
    Tenant.customer_rules,
    Tenant.zoom_enabled,
    Connection.state,
    Connection.since,
    Coverage.asked_from,
    Coverage.asked_until,
)


def with_knowledge(*others: Any) -> Select[*tuple[Any, ...]]:
    """A query of these columns and `COLUMNS`, of the tenant that its parameter `tenant` names."""
    return (
        select(*others, *COLUMNS)
        .select_from(Tenant)
        .outerjoin(Connection, Connection.tenant_id == Tenant.id)
        .outerjoin(Coverage, Coverage.id == Tenant.id)
        .where(Tenant.id == bindparam("tenant"))
    )


@cache
def _everything() -> Select[*tuple[Any, ...]]:
    """Built once, and run without the ORM."""
    return with_knowledge()
