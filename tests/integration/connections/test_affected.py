"""What a broken connection costs is counted as reports count it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from integration.backfill.models import Coverage
from integration.connections import events
from integration.connections.models import Connection, ConnectionState
from integration.meetings.models import MEETING, CalendarEvent
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import STAFF, as_role, connect, found

URL = "/v1/tenants/acme/zoom/status"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_COUNTED = [
    {"meeting_hash": None},
    {"customers": 0},
    {"actual_seconds": 0},
    {"running": True},
    {"all_day": True},
    {"cancelled": True},
]


def plan(runtime: Runtime, start: datetime, **changes: Any) -> None:
    """An hour with a customer, on Zoom."""
    values = {
        "id": uuid4().hex,
        "tenant_id": "acme",
        "google_id": "-",
        "google_hash": uuid4().hex,
        "meeting_hash": runtime.vault.lookup_hash(MEETING, "93201235621"),
        "details": "-",
        "start_at": start,
        "end_at": start + HOUR,
        "scheduled_seconds": 3600,
        "customers": 1,
    }
    with runtime.database.writing() as session:
        session.add(CalendarEvent(**values | changes))


@pytest.fixture(autouse=True)
def broken(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    """Zoom is connected, breaks, and two hours go by."""
    connect(runtime, zoom)
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        state = ConnectionState.NEEDS_REAUTHORIZATION
        events.change(session, runtime.vault, connection, state=state, cause="grant_revoked", now=clock())
    clock.move(7200)


def affected(client: TestClient, role: str = "admin") -> tuple[object, object]:
    headers = STAFF if role == "staff" else as_role(role)
    shown = client.get(URL, headers=headers).json()
    return shown["hours_affected"], shown["meetings_affected"]


@pytest.mark.parametrize(("role", "told"), [("admin", (1.0, 1)), ("staff", (1.0, 1)), ("member", (None, None))])
def test_who_may_know_hours_is_told_how_many(
    runtime: Runtime, client: TestClient, clock: TestClock, role: str, told: tuple[object, object]
) -> None:
    plan(runtime, clock() - HOUR)
    assert affected(client, role) == told


@pytest.mark.parametrize("changes", NOT_COUNTED)
def test_what_the_break_does_not_touch_is_not_counted(
    runtime: Runtime, client: TestClient, clock: TestClock, changes: dict[str, Any]
) -> None:
    plan(runtime, clock() - HOUR, **changes)
    assert affected(client) == (0.0, 0)


@pytest.mark.parametrize(("began", "meetings"), [(timedelta(seconds=1), 0), (-3 * HOUR, 1), (-DAY, 0), (-366 * DAY, 0)])
def test_what_was_measured_or_is_to_come_or_too_old_for_zoom_is_not_counted(
    runtime: Runtime, client: TestClient, clock: TestClock, began: timedelta, meetings: int
) -> None:
    """Zoom was asked about all of the day before; the hour before the break is missing like what came after."""
    with runtime.database.writing() as session:
        known = clock() - 300 * DAY, clock() - 4 * HOUR
        row = session.get(Coverage, "acme") or Coverage(id="acme", due_at=clock())
        row.asked_from, row.asked_until = known
        session.add(row)
    plan(runtime, clock() + began)
    assert affected(client)[1] == meetings


@pytest.mark.parametrize("state", [ConnectionState.NEEDS_REAUTHORIZATION, ConnectionState.DEAUTHORIZED])
def test_status_and_report_agree(
    runtime: Runtime, client: TestClient, clock: TestClock, state: ConnectionState
) -> None:
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(state=state))
    for hours in (1, 5, 30 * 24):
        plan(runtime, clock() - hours * HOUR)
    plan(runtime, clock() - HOUR, actual_seconds=60)
    query = {"from": f"{clock() - 40 * DAY:%Y-%m-%d}", "group_by": "month"}
    report = client.get("/v1/tenants/acme/meeting-hours", params=query, headers=STAFF).json()
    assert affected(client) == (3.0, sum(report["uncounted"].values())) == (3.0, 3)


def test_while_it_works_nothing_is_affected(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    plan(runtime, clock() - HOUR)
    connect(runtime, zoom)
    assert affected(client) == (None, None)
