"""What a broken connection costs is counted from when it broke."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from integration.connections import events
from integration.connections.models import ConnectionState
from integration.meetings.models import MEETING, CalendarEvent
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import STAFF, as_role, connect, found

URL = "/v1/tenants/acme/zoom/status"
HOUR = timedelta(hours=1)
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


@pytest.mark.parametrize("since_it_broke", [-1, 7201])
def test_meetings_before_it_broke_and_to_come_are_not_counted(
    runtime: Runtime, client: TestClient, clock: TestClock, since_it_broke: int
) -> None:
    plan(runtime, clock() - 2 * HOUR + timedelta(seconds=since_it_broke))
    assert affected(client) == (0.0, 0)


def test_while_it_works_nothing_is_affected(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    plan(runtime, clock() - HOUR)
    connect(runtime, zoom)
    assert affected(client) == (None, None)
