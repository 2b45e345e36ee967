"""The worker's duty: looking at connections before anybody needs them."""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from integration.connections import backoff, lease, refresh
from integration.connections.models import ALIVE, Connection
from integration.errors import VaultError
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
    """Only whoever restores its key can help: look again from time to time."""
    with runtime.database.writing() as session:
        found = session.scalars(select(Connection).where(Connection.tenant_id == tenant).with_for_update())
        if connection := found.one_or_none():
            connection.check_due_at = runtime.clock() + backoff.LONGEST
