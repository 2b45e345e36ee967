from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from integration.connections.models import ConnectionEvent, Incident
from integration.db import Base
from integration.forgetting import MOST_AT_ONCE, forget_old
from integration.incidents.models import IncidentNotice
from integration.notifications.models import Notification
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.webhooks.models import Webhook
from tests.integration.conftest import TestClock

Make = Callable[[str, datetime], Base]


def notification(state: str) -> Make:
    def make(row: str, at: datetime) -> Base:
        settled = None if state == "open" else at
        return Notification(
            id=row, kind="k", about=row, payload="v1.k1.x", state=state, created_at=at, due_at=at, settled_at=settled
        )

    return make


def webhook(state: str) -> Make:
    def make(row: str, at: datetime) -> Base:
        settled = None if state == "open" else at
        return Webhook(
            id=row, digest=row, event="e", payload="v1.k1.x", received_at=at, state=state, due_at=at, settled_at=settled
        )

    return make


def happened(kind: str) -> Make:
    def make(row: str, at: datetime) -> Base:
        return ConnectionEvent(
            id=row, tenant_id="acme", number=1, at=at, kind=kind, state="connected", cause="connected"
        )

    return make


def incident(*, ended: bool) -> Make:
    def make(row: str, at: datetime) -> Base:
        return Incident(id=row, cause="unknown", began_at=at, last_seen_at=at, ended_at=at if ended else None)

    return make


def notice(row: str, at: datetime) -> Base:
    return IncidentNotice(id=row, text="Zoom is down", articles=[], set_by="slack:T0/U0", set_at=at, until=at)


def add(runtime: Runtime, make: Make, at: datetime, count: int = 1) -> None:
    with runtime.database.writing() as session:
        if session.get(Tenant, "acme") is None:
            session.add(Tenant(id="acme", name="Acme", created_at=at))
            session.flush()
        session.add_all(make(f"row-{number}", at) for number in range(count))


def forget(runtime: Runtime) -> int:
    with runtime.database.writing() as session:
        return forget_old(session, runtime.vault, runtime.clock())


@pytest.mark.parametrize(
    ("make", "days"),
    [
        (notification("delivered"), 30),
        (notification("gave_up"), 30),
        (notification("parked"), 30),
        (notification("settled"), 30),
        (webhook("done"), 7),
        (webhook("parked"), 30),
        (happened("verified"), 90),
        (incident(ended=True), 365),
        (notice, 365),
    ],
)
def test_it_is_kept_for_its_time_and_then_forgotten(runtime: Runtime, clock: TestClock, make: Make, days: int) -> None:
    add(runtime, make, clock.now)
    clock.move(timedelta(days=days).total_seconds())
    assert forget(runtime) == 0
    clock.move(1)
    assert forget(runtime) == 1
    assert forget(runtime) == 0


@pytest.mark.parametrize(
    "make", [notification("open"), webhook("open"), happened("state"), happened("note"), incident(ended=False)]
)
def test_what_is_still_owed_or_is_the_past_of_a_connection_is_kept(
    runtime: Runtime, clock: TestClock, make: Make
) -> None:
    add(runtime, make, clock.now)
    clock.move(timedelta(days=1000).total_seconds())
    assert forget(runtime) == 0


def test_much_of_it_is_forgotten_in_batches(runtime: Runtime, clock: TestClock) -> None:
    add(runtime, webhook("done"), clock.now, count=MOST_AT_ONCE + 1)
    clock.move(timedelta(days=8).total_seconds())
    assert [forget(runtime), forget(runtime), forget(runtime)] == [MOST_AT_ONCE, 1, 0]


def test_what_somebody_is_changing_just_now_is_left_to_the_next_time(runtime: Runtime, clock: TestClock) -> None:
    if runtime.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    add(runtime, notification("parked"), clock.now)
    clock.move(timedelta(days=31).total_seconds())
    with runtime.database.writing() as session:
        session.get(Notification, "row-0", with_for_update=True)
        assert forget(runtime) == 0
    assert forget(runtime) == 1
