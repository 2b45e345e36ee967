"""The worker's duty: looking at connections before anybody needs them."""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connections import backoff, lease, refresh
from integration.connections.models import ALIVE, Connection
from integration.errors import VaultError
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

AT_ONCE = 8  # so that one slow Zoom account does not hold up the others
BATCH = 40


def refresh_due(runtime: Runtime, *, jitter: Callable[[], float] = random.random) -> int:
    """Refresh what is due: idle connections daily, failing ones when their pause is over, and those whose refresh was
    cut off. Returns how many were looked at.
    """
    tenants = _due(runtime)
    if not tenants:
        return 0
    with ThreadPoolExecutor(min(AT_ONCE, len(tenants)), thread_name_prefix="refresh") as threads:
        return sum(threads.map(lambda tenant: _look_after(runtime, tenant, jitter), tenants))


def _due(runtime: Runtime) -> Sequence[str]:
    due = (
        select(Connection.tenant_id)
        .join(Tenant, Tenant.id == Connection.tenant_id)
        .where(
            Connection.check_due_at <= runtime.clock(),
            Connection.state.in_(ALIVE),
            Tenant.zoom_enabled,
            lease.is_free(Connection),
        )
        .order_by(Connection.check_due_at)
        .limit(BATCH)
    )
    with runtime.database.reading() as session:
        return session.scalars(due).all()


def _look_after(runtime: Runtime, tenant: str, jitter: Callable[[], float]) -> int:
    try:
        return int(refresh.keep_alive(runtime, tenant, jitter=jitter))
    except ZoomError as error:
        log.info("%s", error, extra={"tenant": tenant})  # the connection's events have it
    except VaultError as error:
        log.error("a connection cannot be refreshed: %s", error, extra={"tenant": tenant})
        _postpone(runtime, tenant)
    return 1


def _postpone(runtime: Runtime, tenant: str) -> None:
    """Only whoever restores its key can help: tell them, and look again from time to time."""
    with runtime.database.writing() as session:
        found = session.scalars(Connection.of_tenant(tenant).with_for_update())
        if connection := found.one_or_none():
            connection.check_due_at = runtime.clock() + backoff.LONGEST
            _tell_staff(session, runtime, connection)


def _tell_staff(session: Session, runtime: Runtime, connection: Connection) -> None:
    """Once for each time that it stops to open."""
    worked_until = connection.refreshed_at or connection.connected_at
    tell_staff(
        session,
        runtime.vault,
        topic="connection",
        title="The tokens of a connection to Zoom do not open",
        text="The key that sealed them is not among ENCRYPTION_KEYS. Please put it back; then all goes on by itself. "
        "If it is lost, the organisation has to connect Zoom again.",
        about=f"{connection.id}/sealed/{int(worked_until.timestamp())}",
        now=runtime.clock(),
        tenant=connection.tenant_id,
    )
