import pytest
from fastapi.testclient import TestClient

from integration.connections import events
from integration.connections.models import ConnectionEvent, Kind
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import ADMIN, STAFF, add_tenant, as_role, connect, token

EVENTS = "/v1/tenants/acme/zoom/events"


def entries(client: TestClient) -> list[dict[str, object]]:
    response = client.get(EVENTS, headers=as_role("admin"))
    assert response.status_code == 200, response.text
    found: list[dict[str, object]] = response.json()["events"]
    return found


def test_the_history_tells_what_happened_newest_first_in_words(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    clock.move(3600)
    zoom.faults.switch_on("server_error", times=1)
    with pytest.raises(ZoomError):
        token(runtime)
    newest, oldest = entries(client)
    assert set(newest) == {"id", "at", "kind", "state", "cause", "actor", "summary", "receipt"}
    assert (newest["kind"], newest["state"], newest["cause"]) == ("state", "degraded", "zoom_unavailable")
    assert str(newest["summary"]).startswith("In trouble: Zoom does not answer us properly")
    assert (newest["actor"], newest["receipt"]) == (None, None)
    assert oldest["summary"] == "Connected."
    assert (oldest["state"], oldest["actor"], oldest["at"]) == ("connected", ADMIN, "2025-01-14T18:30:00Z")


@pytest.mark.parametrize(
    ("kind", "state", "cause", "summary"),
    [
        ("state", "deauthorized", "disconnected", "Disconnected."),
        ("state", "connected", "restored", "Connected: The connection to Zoom works again."),
        ("switch", "not_enabled", "disabled_by_staff", "Zoom was disabled."),
        ("switch", "not_connected", "never_connected", "Zoom was enabled."),
        ("verified", "connected", "connected", "Checked: Zoom confirmed the connection."),
        ("note", "connected", "rate_limited", "Checked, in vain: Zoom asks us to slow down, because"),
    ],
)
def test_every_kind_of_entry_says_what_it_is(
    runtime: Runtime, client: TestClient, kind: Kind, state: str, cause: str, summary: str
) -> None:
    add_tenant(runtime)
    with runtime.database.writing() as session:
        now = runtime.clock()
        events.append(session, runtime.vault, tenant_id="acme", kind=kind, state=state, cause=cause, now=now)
    assert str(entries(client)[0]["summary"]).startswith(summary)


def test_events_of_one_moment_keep_their_order(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime)
    with runtime.database.writing() as session:
        for cause in ("never_connected", "connected", "zoom_unavailable"):
            events.append(
                session,
                runtime.vault,
                tenant_id="acme",
                kind="note",
                state="not_connected",
                cause=cause,
                now=runtime.clock(),
            )
    assert [one["cause"] for one in entries(client)] == ["zoom_unavailable", "connected", "never_connected"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [(as_role("member"), 403), (as_role("admin"), 200), (as_role("admin", "globex"), 403), (STAFF, 200), ({}, 403)],
)
def test_the_history_is_for_admins_of_the_tenant_and_for_staff(
    runtime: Runtime, client: TestClient, headers: dict[str, str], status: int
) -> None:
    add_tenant(runtime)
    assert client.get(EVENTS, headers=headers).status_code == status


def test_the_history_of_nobody_is_not_found(client: TestClient) -> None:
    assert client.get(EVENTS, headers=STAFF).status_code == 404


def test_an_entry_that_does_not_open_does_not_hide_the_others(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    connect(runtime, zoom)
    client.delete("/v1/tenants/acme/zoom/connection", headers=STAFF)
    spoiled = entries(client)[0]["id"]
    with runtime.database.writing() as session:
        session.get_one(ConnectionEvent, spoiled).details = "v1.gone." + "A" * 64
    assert [one["receipt"] for one in entries(client)] == [None, None]
    assert "does not open" in caplog.text
