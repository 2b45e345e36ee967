"""A connected tenant, what Zoom says of its calls, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from integration.connections.models import Connection, ConnectionState
from integration.meetings.models import MeetingSession
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.vault import Vault
from integration.webhooks.service import Processed, process_due
from tests.integration.conftest import TestClock
from tests.integration.webhooks.zoom_says import event, stored


def work(runtime: Runtime, clock: TestClock, vault: Vault | None = None) -> Processed:
    with runtime.database.writing() as session:
        return process_due(session, vault or runtime.vault, clock.now, jitter=lambda: 1.0)


def connect(runtime: Runtime, clock: TestClock, *, tenant: str = "acme", account: str = "acc-1") -> None:
    """A tenant that is connected, as far as webhooks care."""
    with runtime.database.writing() as session:
        session.add(Tenant(id=tenant, name=tenant, zoom_enabled=True, created_at=clock.now))
        session.flush()
        session.add(Connection(id=f"c-{tenant}", tenant_id=tenant, **connected(runtime, clock, tenant, account)))


def connected(runtime: Runtime, clock: TestClock, tenant: str, account: str) -> dict[str, Any]:
    """What a connection's row holds, as far as webhooks care."""
    seal = {"table": "connections", "row": f"c-{tenant}"}
    return {
        "state": ConnectionState.CONNECTED,
        "cause": "connected",
        "since": clock.now,
        "connected_at": clock.now,
        "account_id": runtime.vault.seal(account, column="account_id", **seal),
        "account_hash": runtime.vault.lookup_hash("zoom_account", account),
        "user_id": runtime.vault.seal("user-1", column="user_id", **seal),
        "user_hash": runtime.vault.lookup_hash("zoom_user", "user-1"),
    }


def connection(runtime: Runtime, tenant: str = "acme") -> Connection:
    with runtime.database.reading() as session:
        found = session.get(Connection, f"c-{tenant}")
    assert found is not None
    return found


def states(runtime: Runtime) -> list[tuple[str, str, int]]:
    return [(row.event, row.state, row.attempts) for row in stored(runtime)]


def about(name: str, *, account: str = "acc-1", **call: Any) -> bytes:
    """An event about a call that began at 17:00; a field that is None is left out."""
    given = {"uuid": "u1==", "id": "93201235621", "start_time": "2025-01-14T17:00:00Z", "topic": "Plans"} | call
    return event(name, account_id=account, object={name: value for name, value in given.items() if value is not None})


def calls(runtime: Runtime) -> list[tuple[str, str, str, datetime, datetime | None]]:
    """Every call that is known: tenant, uuid, meeting id, start, end. By start."""
    with runtime.database.reading() as session:
        rows = session.scalars(select(MeetingSession).order_by(MeetingSession.started_at, MeetingSession.tenant_id))
        return [
            (
                row.tenant_id,
                opened(runtime, row, "uuid"),
                opened(runtime, row, "meeting_id"),
                row.started_at,
                row.ended_at,
            )
            for row in rows
        ]


def topics(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        return [opened(runtime, row, "topic") for row in session.scalars(select(MeetingSession))]


def opened(runtime: Runtime, row: MeetingSession, column: str) -> str:
    return runtime.vault.open(getattr(row, column), table="meeting_sessions", column=column, row=row.id)
