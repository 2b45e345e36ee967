"""Steps that several tests take."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting.models import ConnectLink, Grant, GrantStep
from integration.connections import backoff, events, refresh, tokens
from integration.connections.due import refresh_due
from integration.connections.models import Connection, ConnectionEvent, ConnectionState, Incident
from integration.notifications.models import Notification
from integration.runtime import Runtime
from integration.tenants.models import Person, Tenant
from integration.zoom.oauth import TokenPair
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock

ADMIN = "slack:T1/UADMIN"
STAFF = {"X-Actor": "slack:T0/USTAFF", "X-Role": "staff"}
HALF = 0.5  # what stands for chance


def as_role(role: str, tenant: str = "acme") -> Mapping[str, str]:
    return {"X-Actor": f"slack:T1/U{role.upper()}", "X-Role": role, "X-Tenant": tenant}


def add_tenant(runtime: Runtime, tenant: str = "acme", *, enabled: bool = True) -> None:
    with runtime.database.writing() as session:
        now = runtime.clock()
        session.add(Tenant(id=tenant, name=tenant.capitalize(), zoom_enabled=enabled, created_at=now))


def connect(runtime: Runtime, zoom: ZoomStandIn, tenant: str = "acme", person: str = "jonas") -> None:
    """A connection as a finished sign-in leaves it."""
    answer = zoom.connect(person)
    user = runtime.zoom.me(answer["access_token"])
    now = runtime.clock()
    pair = TokenPair(
        access_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
        expires_at=now + timedelta(seconds=answer["expires_in"]),
        scopes=frozenset(answer["scope"].split()),
    )
    with runtime.database.writing() as session:
        connection = found(session, tenant)
        if connection is None:
            if session.get(Tenant, tenant) is None:
                session.add(Tenant(id=tenant, name=tenant.capitalize(), zoom_enabled=True, created_at=now))
                session.flush()
            connection = Connection(id=uuid4().hex, tenant_id=tenant, connected_by=ADMIN)
        tokens.store_new_pair(runtime.vault, connection, pair)
        tokens.store_user(runtime.vault, connection, user)
        connection.connected_at = connection.refreshed_at = connection.verified_at = now
        connection.check_due_at = backoff.after_success(now, HALF)
        session.add(connection)
        state = ConnectionState.CONNECTED
        events.change(session, runtime.vault, connection, state=state, cause="connected", now=now, actor=ADMIN)


def connect_many(runtime: Runtime, zoom: ZoomStandIn, count: int) -> list[str]:
    """As many tenants, each with a Zoom account of its own."""
    tenants = [f"tenant{number}" for number in range(count)]
    for tenant in tenants:
        connect(runtime, zoom, tenant, zoom.add_account(tenant))
    return tenants


def list_admin(runtime: Runtime, actor: str, tenant: str = "acme") -> None:
    with runtime.database.writing() as session:
        session.add(Person(actor=actor, tenant_id=tenant, role="admin", changed_at=runtime.clock()))


def found(session: Session, tenant: str = "acme") -> Connection | None:
    return session.scalars(select(Connection).where(Connection.tenant_id == tenant)).one_or_none()


def row(runtime: Runtime, tenant: str = "acme") -> Connection:
    with runtime.database.reading() as session:
        connection = found(session, tenant)
        assert connection is not None
        session.expunge(connection)
        return connection


def stands(runtime: Runtime, tenant: str = "acme") -> tuple[str, str]:
    connection = row(runtime, tenant)
    return connection.state, connection.cause


def token(runtime: Runtime, tenant: str = "acme") -> str:
    """A token, as the product asks for one; nobody waits in earnest."""
    return refresh.access_token(runtime, tenant, sleep=lambda _: None, jitter=lambda: HALF)


def check_when_due(runtime: Runtime, clock: TestClock, tenant: str = "acme", *, after: float = 0) -> None:
    """Let the time come at which the connection is looked at again (`after` seconds at least); the worker does so."""
    due = row(runtime, tenant).check_due_at
    assert due is not None
    clock.move(after)
    clock.now = max(clock.now, due)
    refresh_due(runtime, jitter=lambda: 1.0)


def history(runtime: Runtime, tenant: str = "acme", kind: str = "state") -> list[tuple[str, str]]:
    """State and cause of every change, oldest first."""
    with runtime.database.reading() as session:
        mine = select(ConnectionEvent).where(ConnectionEvent.tenant_id == tenant, ConnectionEvent.kind == kind)
        return [(one.state, one.cause) for one in session.scalars(mine.order_by(ConnectionEvent.number))]


def incidents(runtime: Runtime) -> list[Incident]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Incident).order_by(Incident.began_at)))


def owed(runtime: Runtime, kind: str) -> list[Notification]:
    """What is still to be told, or was."""
    with runtime.database.reading() as session:
        mine = select(Notification).where(Notification.kind == kind, Notification.state != "settled")
        return list(session.scalars(mine.order_by(Notification.created_at, Notification.about)))


def deliver(client: TestClient) -> list[dict[str, Any]]:
    """What a bot is handed now; it delivers all of it."""
    delivered: list[dict[str, Any]] = []
    while True:
        claimed = client.post("/v1/notifications/claim").json()["notifications"]
        if not claimed:
            return delivered
        for one in claimed:
            client.post(f"/v1/notifications/{one['id']}/ack", json={"outcome": "delivered"})
        delivered += claimed


def told_people(delivered: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who was told which change."""
    return [
        (one["payload"]["actor"], one["payload"]["change"]) for one in delivered if one["kind"] == "connection.changed"
    ]


def told_staff(delivered: list[dict[str, Any]]) -> list[str]:
    return [one["payload"]["title"] for one in delivered if one["kind"] == "staff.notice"]


def add_grant(runtime: Runtime, zoom: ZoomStandIn, person: str) -> None:
    """Somebody signed in, and their grant waits for a confirmation."""
    vault, now, row_id, link_id = runtime.vault, runtime.clock(), uuid4().hex, uuid4().hex
    user = zoom.people[person]
    known = f'{{"id": "{user.id}", "account_id": "{user.account.id}", "email": "{user.email}"}}'
    email = vault.seal(user.email, table="connect_links", column="requester_email", row=link_id)
    with runtime.database.writing() as session:
        session.add(
            ConnectLink(
                id=link_id,
                tenant_id="acme",
                token_hash=link_id,
                requested_by=ADMIN,
                made_by=ADMIN,
                requester_email=email,
                state="awaiting_confirmation",
                created_at=now,
                expires_at=now,
            )
        )
        session.flush()
        session.add(
            Grant(
                id=row_id,
                link_id=link_id,
                tenant_id="acme",
                step=GrantStep.CONFIRM,
                tokens=vault.seal("{}", table="grants", column="tokens", row=row_id),
                zoom_user=vault.seal(known, table="grants", column="zoom_user", row=row_id),
                received_at=now,
                expires_at=now + timedelta(minutes=15),
                due_at=now + timedelta(minutes=15),
            )
        )


def is_empty(runtime: Runtime) -> bool:
    left = row(runtime)
    columns = (
        left.access_token, left.refresh_token, left.access_expires_at, left.zoom_user, left.account_id,
        left.account_hash, left.user_id, left.user_hash, left.check_due_at,
    )  # fmt: skip
    return not any(columns)
