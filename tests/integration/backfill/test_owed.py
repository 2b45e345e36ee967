"""When a tenant connects, its past is owed; a worker that is killed on the way is followed by another one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.engine import URL

from integration.backfill.models import Backfill, Coverage
from integration.runtime import Runtime, make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.backfill.steps import Scene
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connecting.steps import Scene as Connecting
from tests.integration.connecting.steps import add_tenant
from tests.integration.connections.steps import connect
from tests.integration.serving import environment, process
from tests.support.zoom import reached_at, running_zoom


def test_with_the_connection_its_back_fill_is_owed(
    client: TestClient, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    add_tenant(runtime, "acme", "Acme Ltd", domains=["acme.example"])
    people, scene = Connecting(client, runtime, zoom, clock, {}), Scene(runtime, zoom, clock)
    people.connect()
    first = scene.progress()
    assert (first.state, first.why, first.windows) == ("running", "connected", 7)
    scene.turn()
    clock.move(1)
    people.connect()  # once more: what went on for the former connection is replaced
    again = scene.progress()
    assert (again.state, again.why, again.windows_done) == ("running", "connected", 0)
    assert again.since == clock.now
    scene.work()
    assert scene.progress().state == "done"
    with runtime.database.reading() as session:
        states = sorted((one.state, one.cause) for one in session.query(Backfill))
    assert states == [("done", None), ("stopped", "replaced")]


@pytest.fixture
def by_the_real_clock(database_url: URL) -> Iterator[tuple[Runtime, ZoomStandIn]]:
    """A worker's process has no other."""
    with running_zoom() as zoom:
        runtime = make_runtime(make_settings(database_url, **reached_at(zoom)))
        yield runtime, zoom
        runtime.database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # test_crashes has both; a process takes long
def test_a_worker_that_is_killed_while_zoom_is_asked_loses_and_doubles_nothing(
    database_url: URL, by_the_real_clock: tuple[Runtime, ZoomStandIn]
) -> None:
    runtime, zoom = by_the_real_clock
    connect(runtime, zoom)
    clock = TestClock()
    clock.now = datetime.now(UTC)
    scene = Scene(runtime, zoom, clock)
    scene.many(400, clock.now - timedelta(days=3))
    scene.start()
    zoom.faults.switch_on("timeout", where="history", times=1)
    env = dict(environment(database_url, ZOOM_API_URL=zoom.api_url, ZOOM_OAUTH_URL=zoom.oauth_url))
    with process("integration", "worker", env=env) as worker:
        zoom.wait_for_hanging(timeout=30)
        worker.kill()
        assert worker.wait(30) == -9
    assert scene.progress().windows_done < 7
    assert scene.turn() == 0  # its lease has not run out
    with runtime.database.writing() as session:
        session.execute(update(Backfill).values(lease_until_ms=0, due_at=runtime.clock()))
        session.execute(update(Coverage).values(lease_until_ms=0))
    scene.work()
    done = scene.progress()
    assert (done.state, done.sessions_found, done.fresh, scene.count()) == ("done", 400, 400, 400)
