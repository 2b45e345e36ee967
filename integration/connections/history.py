"""The past of a connection, read from its events: where it stood at a moment, and what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from integration.connections.models import ConnectionEvent, ConnectionState, Kind

CONNECTED = ConnectionState.CONNECTED


@dataclass(frozen=True)
class Standing:
    """Where a connection stood at a moment."""

    state: ConnectionState
    cause: str
    since: datetime | None
    verified_at: datetime | None = None
    connected_by: str | None = None


class Switch(Protocol):
    """An event by which staff switched Zoom on or off."""

    @property
    def at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def cause(self) -> str: ...


def last_state(session: Session, tenant_id: str, state: ConnectionState) -> ConnectionEvent | None:
    """The connection's latest change to `state` that was recorded."""
    return session.scalars(_of(tenant_id, "state").where(ConnectionEvent.state == state).limit(1)).one_or_none()


def last_switch(session: Session, tenant_id: str, at: datetime) -> ConnectionEvent | None:
    """When staff last switched Zoom on or off, until then. Its state says which, and how the connection stood."""
    return session.scalars(_of(tenant_id, "switch").where(ConnectionEvent.at <= at).limit(1)).one_or_none()


def standing_at(session: Session, tenant_id: str, at: datetime) -> Standing:
    """Where the connection stood then. Nothing recorded until then: it was not enabled, as every tenant begins."""
    switch = last_switch(session, tenant_id, at)
    event = session.scalars(_of(tenant_id, "state").where(ConnectionEvent.at <= at).limit(1)).one_or_none()
    verified_at, connected_by = _verified_at(session, tenant_id, at), _connected_by(session, tenant_id, at)
    if switch is not None and (event is None or switch.state == ConnectionState.NOT_ENABLED):
        return Standing(ConnectionState(switch.state), switch.cause, switch.at, verified_at, connected_by)
    if event is None:
        return Standing(ConnectionState.NOT_ENABLED, "not_enabled", None)
    since = _since(session, event)
    return Standing(ConnectionState(event.state), event.cause, since, verified_at, connected_by)


def events(session: Session, tenant_id: str, *, limit: int) -> list[ConnectionEvent]:
    """What happened, newest first."""
    found = select(ConnectionEvent).where(ConnectionEvent.tenant_id == tenant_id)
    return list(session.scalars(found.order_by(*_NEWEST_FIRST).limit(limit)))


_NEWEST_FIRST = (ConnectionEvent.number.desc(), ConnectionEvent.id)


def _of(tenant_id: str, kind: Kind) -> Select[ConnectionEvent]:
    found = select(ConnectionEvent).where(ConnectionEvent.tenant_id == tenant_id, ConnectionEvent.kind == kind)
    return found.order_by(*_NEWEST_FIRST)


def _connected_by(session: Session, tenant_id: str, at: datetime) -> str | None:
    made = _of(tenant_id, "state").where(
        ConnectionEvent.at <= at, ConnectionEvent.state == CONNECTED, ConnectionEvent.cause == "connected"
    )
    connected = session.scalars(made.limit(1)).one_or_none()
    return connected.actor if connected else None


def _since(session: Session, event: ConnectionEvent) -> datetime:
    """When the state of this event began: other causes of the same state may have come before."""
    earlier = (ConnectionEvent.tenant_id == event.tenant_id, ConnectionEvent.kind == "state")
    other = select(func.coalesce(func.max(ConnectionEvent.number), 0)).where(
        *earlier, ConnectionEvent.number < event.number, ConnectionEvent.state != event.state
    )
    began = select(func.min(ConnectionEvent.number)).where(
        *earlier, ConnectionEvent.number > other.scalar_subquery(), ConnectionEvent.number <= event.number
    )
    first = select(ConnectionEvent.at).where(*earlier, ConnectionEvent.number == began.scalar_subquery())
    return session.scalars(first.limit(1)).one()


def _verified_at(session: Session, tenant_id: str, at: datetime) -> datetime | None:
    """When Zoom last confirmed the connection, of what was recorded until then."""
    worked = and_(ConnectionEvent.kind == "state", ConnectionEvent.state == CONNECTED)
    proofs = select(func.max(ConnectionEvent.at)).where(
        ConnectionEvent.tenant_id == tenant_id,
        ConnectionEvent.at <= at,
        or_(ConnectionEvent.kind == "verified", worked),
    )
    return session.scalars(proofs).one()
