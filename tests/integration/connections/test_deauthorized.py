from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from integration.connecting.models import Grant
from integration.connections.disconnect import deauthorized_by_zoom
from integration.connections.models import Connection
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    add_grant,
    as_role,
    connect,
    deliver,
    history,
    is_empty,
    row,
    stands,
    told_people,
)

EVENTS = "/v1/tenants/acme/zoom/events"
DELETED = {"access_token": 1, "refresh_token": 1, "zoom_user": 1, "zoom_account_id": 1, "zoom_user_id": 1}


@pytest.fixture(autouse=True)
def connected(runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock) -> None:
    connect(runtime, zoom)
    deliver(client)
    clock.move(60)


def deauthorize(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, *, person: str = "jonas", late: float = 0
) -> None:
    user, now = zoom.people[person], clock.now
    at = now - timedelta(seconds=late)
    with runtime.database.writing() as session:
        deauthorized_by_zoom(session, runtime.vault, account_id=user.account.id, user_id=user.id, at=at, now=now)


def test_everything_of_it_is_deleted_and_a_receipt_stays(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    add_grant(runtime, zoom, "ines")
    deauthorize(runtime, zoom, clock)
    assert is_empty(runtime)
    assert stands(runtime) == ("deauthorized", "uninstalled")
    receipt = client.get(EVENTS, headers=as_role("admin")).json()["events"][0]["receipt"]
    assert (receipt["deleted"], receipt["revoked"]) == (DELETED | {"grants": 1}, True)
    with runtime.database.reading() as session:
        assert session.scalars(select(Grant)).all() == []
    assert told_people(deliver(client)) == [(ADMIN, "deauthorized")]


def test_twice_is_as_good_as_once(runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock) -> None:
    deauthorize(runtime, zoom, clock)
    deauthorize(runtime, zoom, clock)
    assert len(history(runtime)) == 2
    assert len(told_people(deliver(client))) == 1


def test_one_that_is_older_than_the_connection_is_ignored(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    deauthorize(runtime, zoom, clock, late=61)
    assert stands(runtime) == ("connected", "connected")


def test_one_of_another_account_is_ignored(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    deauthorize(runtime, zoom, clock, person="carlos")
    assert stands(runtime) == ("connected", "connected")


def test_one_of_another_user_of_the_account_makes_us_ask_zoom(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    deauthorize(runtime, zoom, clock, person="ines")
    assert stands(runtime) == ("connected", "connected")
    assert row(runtime).check_due_at == clock.now


def test_a_new_sign_in_connects_again(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    deauthorize(runtime, zoom, clock)
    clock.move(60)
    connect(runtime, zoom)
    assert stands(runtime) == ("connected", "connected")
    deauthorize(runtime, zoom, clock, late=30)
    assert stands(runtime) == ("connected", "connected")


def test_a_sign_in_that_is_newer_than_the_deauthorization_stays(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    clock.move(120)
    add_grant(runtime, zoom, "jonas")
    deauthorize(runtime, zoom, clock, late=60)
    assert stands(runtime) == ("deauthorized", "uninstalled")
    with runtime.database.reading() as session:
        assert session.scalars(select(Grant.step)).all() == ["confirm"]


def test_a_sign_in_that_does_not_open_does_not_keep_the_rest_from_being_deleted(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    add_grant(runtime, zoom, "ines")
    with runtime.database.writing() as session:
        session.execute(update(Grant).values(zoom_user="v1.gone." + "A" * 64))
    deauthorize(runtime, zoom, clock)
    assert is_empty(runtime)
    assert "does not open" in caplog.text


def test_a_broken_connection_is_not_to_be_looked_at_because_another_user_removed_the_app(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(state="needs_reauthorization", check_due_at=None))
    deauthorize(runtime, zoom, clock, person="ines")
    assert row(runtime).check_due_at is None
