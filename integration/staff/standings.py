"""Where every tenant stands, in as many queries for thousands of them as for one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from integration.connections.history import Standing
from integration.connections.models import Connection, ConnectionEvent
from integration.connections.status import standing_of
from integration.desk.models import WAITING, ResponseClock, SupportRequest
from integration.meetings.knowledge import AnyRow
from integration.tenants.models import Tenant


@dataclass(frozen=True)
class Waiting:
    """A tenant's support requests for which a clock runs: how many, how many are overdue, and the first target."""

    number: int
    overdue: int
    respond_by: datetime


@dataclass(frozen=True)
class TenantNow:
    """A tenant as it stands now; `waiting` is None where nobody of it waits for us."""

    id: str
    name: str
    domains: Sequence[str]
    standing: Standing
    waiting: Waiting | None


def every(session: Session, now: datetime, *, only: str | None = None) -> list[TenantNow]:
    """All tenants by name, or `only` the one of this id. Each stands where `status.read_status` says that it does."""
    switches, waiting = _last_switches(session, only), _waiting(session, now, only)
    return [
        TenantNow(
            id=row.tenant_id,
            name=row.name,
            domains=row.domains,
            standing=standing_of(row, lambda row=row: switches.get(row.tenant_id)),  # type: ignore[misc]
            waiting=waiting.get(row.tenant_id),
        )
        for row in _rows(session, only)
    ]


def _rows(session: Session, only: str | None) -> Iterator[AnyRow]:
    found = select(
        Tenant.id.label("tenant_id"),
        Tenant.name,
        Tenant.domains,
        Tenant.zoom_enabled,
        Connection.id.label("connection_id"),
        Connection.state,
        Connection.cause,
        Connection.since,
        Connection.verified_at,
        Connection.connected_by,
    ).outerjoin(Connection, Connection.tenant_id == Tenant.id)
    found = found if only is None else found.where(Tenant.id == only)
    yield from session.connection().execute(found.order_by(func.lower(Tenant.name), Tenant.id))


def _last_switches(session: Session, only: str | None) -> Mapping[str, AnyRow]:
    """When Zoom was last switched on or off, of the tenants that have no connection in use: the others do not ask."""
    event = ConnectionEvent
    idle = (
        select(Tenant.id)
        .outerjoin(Connection, Connection.tenant_id == Tenant.id)
        .where(or_(~Tenant.zoom_enabled, Connection.id.is_(None)))
    )
    idle = idle if only is None else idle.where(Tenant.id == only)
    found = select(event.tenant_id, event.at, event.state, event.cause).where(
        event.kind == "switch", event.tenant_id.in_(idle)
    )
    return {row.tenant_id: row for row in session.connection().execute(found.order_by(event.number))}


def _waiting(session: Session, now: datetime, only: str | None) -> Mapping[str, Waiting]:
    request, clock = SupportRequest, ResponseClock
    found = (
        select(
            request.tenant_id,
            func.count(),
            func.sum(case((clock.respond_by < now, 1), else_=0)),
            func.min(clock.respond_by),
        )
        .join(clock, (clock.request_id == request.id) & clock.stopped_at.is_(None))
        .where(request.state.in_(WAITING), request.tenant_id.is_not(None))
        .group_by(request.tenant_id)
    )
    found = found if only is None else found.where(request.tenant_id == only)
    return {tenant: Waiting(*numbers) for tenant, *numbers in session.connection().execute(found)}
