import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from integration.connections import backoff, turns
from integration.connections.due import AT_ONCE, refresh_due
from integration.connections.models import Connection
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import connect, connect_many, found, owed, row, stands, token


def calls(zoom: ZoomStandIn) -> int:
    return sum(call.kind == "refresh" for call in zoom.calls)


def test_an_idle_connection_is_refreshed_daily_so_that_its_token_never_dies(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    connect(runtime, zoom)
    for _ in range(100):
        clock.move(timedelta(days=1).total_seconds())
        assert refresh_due(runtime) == 1
        assert refresh_due(runtime) == 0
    assert stands(runtime) == ("connected", "connected")


def test_one_that_is_in_use_is_not_refreshed_by_the_way(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    connect(runtime, zoom)
    for _ in range(30):
        clock.move(3600)
        token(runtime)
        assert refresh_due(runtime) == 0


def test_what_is_broken_or_switched_off_is_left_alone(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    connect(runtime, zoom)
    connect(runtime, zoom, "globex", "carlos")
    with runtime.database.writing() as session:
        session.execute(update(Tenant).where(Tenant.id == "globex").values(zoom_enabled=False))
    clock.move(3600)
    zoom.faults.switch_on("invalid_grant", times=1)
    with pytest.raises(ZoomError):
        token(runtime)
    clock.move(timedelta(days=2).total_seconds())
    assert refresh_due(runtime) == 0


def test_one_slow_account_does_not_hold_up_the_others(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    tenants = connect_many(runtime, zoom, 2 * AT_ONCE)
    clock.move(timedelta(days=1).total_seconds())
    zoom.faults.switch_on("timeout", where="refresh", account=tenants[0])
    assert refresh_due(runtime) == len(tenants)
    assert stands(runtime, tenants[0]) == ("degraded", "zoom_unavailable")
    assert {stands(runtime, one) for one in tenants[1:]} == {("connected", "connected")}


def test_workers_share_what_is_due(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    tenants = connect_many(runtime, zoom, 12)
    clock.move(timedelta(days=1).total_seconds())
    workers = [threading.Thread(target=refresh_due, args=(runtime,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {stands(runtime, one) for one in tenants} == {("connected", "connected")}
    assert calls(zoom) == len(tenants)


def test_a_refresh_that_was_cut_off_is_taken_up_as_soon_as_its_lease_is_over(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    connect(runtime, zoom)
    assert turns.take(runtime, row(runtime))
    clock.move(turns.LEASE_SECONDS)
    assert refresh_due(runtime) == 0
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(lease_until_ms=0))
    assert refresh_due(runtime) == 1
    assert row(runtime).refresh_began_at is None


def test_one_whose_key_is_gone_is_named_and_does_not_hold_up_the_others(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    connect(runtime, zoom)
    connect(runtime, zoom, "globex", "carlos")
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.refresh_token = "v1.gone." + "A" * 64
    clock.move(timedelta(days=1).total_seconds())
    assert refresh_due(runtime) == 2
    assert row(runtime, "globex").refreshed_at == clock.now
    assert row(runtime).check_due_at == clock.now + backoff.LONGEST
    assert "cannot be refreshed" in caplog.text
    clock.move(timedelta(days=1).total_seconds())
    refresh_due(runtime)
    assert len(owed(runtime, "staff.notice")) == 1
