import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    add_tenant,
    as_role,
    connect,
    deliver,
    found,
    history,
    row,
    token,
    told_people,
)

LIVE = "/v1/tenants/acme/zoom/status?live=true"


@pytest.fixture(autouse=True)
def connected(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    deliver(client)


def verify(client: TestClient, role: str = "admin") -> dict[str, object]:
    response = client.get(LIVE, headers=as_role(role))
    assert response.status_code == 200, response.text
    body: dict[str, object] = response.json()
    return body


def kinds(zoom: ZoomStandIn) -> list[str]:
    return [call.kind for call in zoom.calls]


def test_it_asks_zoom_and_records_that_it_did(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    clock.move(20 * 60)
    shown = verify(client)
    assert shown["checked"] == {"ok": True, "cause": None, "explanation": None}
    assert (shown["freshness"], shown["explanation"]) == ("verified", "Zoom is connected.")
    assert row(runtime).verified_at == clock.now
    assert history(runtime, kind="verified") == [("connected", "connected")]
    events = client.get("/v1/tenants/acme/zoom/events", headers=as_role("admin")).json()["events"]
    assert (events[0]["summary"], events[0]["actor"]) == ("Checked: Zoom confirmed the connection.", "slack:T1/UADMIN")
    assert kinds(zoom)[-2:] == ["me", "users"]


def test_it_is_not_for_members(zoom: ZoomStandIn, client: TestClient) -> None:
    before = len(zoom.calls)
    assert client.get(LIVE, headers=as_role("member")).status_code == 403
    assert len(zoom.calls) == before


def test_an_access_token_that_is_refused_is_renewed_once(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    spoil(runtime)
    shown = verify(client)
    assert shown["checked"] == {"ok": True, "cause": None, "explanation": None}
    assert kinds(zoom)[-4:] == ["me", "refresh", "me", "users"]


def spoil(runtime: Runtime) -> None:
    """The access token in the row is one that Zoom does not know."""
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        place = {"table": "connections", "column": "access_token", "row": connection.id}
        connection.access_token = runtime.vault.seal("not-a-token-of-zoom", **place)


def test_an_app_that_was_removed_is_found_out(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    """Appointment reads "ok" after a revocation, as its get_me never raises on 401 (facts of peers)."""
    zoom.uninstall("acme")
    shown = verify(client)
    assert (shown["state"], shown["who_must_act"]) == ("needs_reauthorization", "tenant_admin")
    checked = shown["checked"]
    assert isinstance(checked, dict)
    assert (checked["ok"], checked["cause"]) == (False, shown["cause"])
    clock.move(60)
    assert told_people(deliver(client)) == [(ADMIN, "needs_reauthorization")]


@pytest.mark.parametrize("fault", ["server_error", "unreadable", "cut_before"])
def test_when_zoom_does_not_answer_nothing_is_said_to_be_broken(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, fault: str
) -> None:
    before = row(runtime).verified_at
    zoom.faults.switch_on(fault, where="api")
    shown = verify(client)
    assert (shown["state"], shown["cause"]) == ("degraded", "zoom_unavailable")
    assert shown["verified_at"] == str(before and before.isoformat()).replace("+00:00", "Z")
    assert history(runtime, kind="note") == [("degraded", "zoom_unavailable")]


def test_one_that_was_refused_for_good_is_tried_because_a_person_asks(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    clock.move(3600)
    zoom.faults.switch_on("app_disabled")
    with pytest.raises(ZoomError):
        token(runtime)
    assert verify(client)["state"] == "needs_reauthorization"
    zoom.faults.clear()
    assert verify(client)["state"] == "connected"
    assert history(runtime)[-1] == ("connected", "restored")


def test_a_refresh_alone_does_not_mend_what_the_api_refused(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("scopes_changed", where="api")
    assert verify(client)["cause"] == "scopes_changed"
    clock.move(60)
    deliver(client)
    assert verify(client)["cause"] == "scopes_changed"
    assert deliver(client) == []
    assert history(runtime) == [("connected", "connected"), ("needs_reauthorization", "scopes_changed")]


def test_one_whose_user_is_no_admin_any_more_is_not_called_verified(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    jonas, maya = zoom.people["jonas"], zoom.people["maya"]
    with monkeypatch.context() as demoted:
        demoted.setitem(vars(jonas), "role", maya.role)
        shown = verify(client)
        assert (shown["state"], shown["cause"], shown["who_must_act"]) == (
            "needs_reauthorization",
            "not_admin",
            "zoom_admin",
        )
        assert str(shown["explanation"]).startswith("The Zoom user behind the connection no longer has")
    assert verify(client)["state"] == "connected"


def test_one_that_zoom_allows_too_little_is_not_called_verified(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    """The report is not among what is read here, but the product needs it."""
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.scopes = connection.scopes.replace("report:read:list_history_meetings:admin", "")
    assert verify(client)["cause"] == "scopes_changed"
    assert verify(client)["state"] == "connected"  # the refresh of a second look said otherwise


def test_after_a_limit_of_a_second_a_person_gets_their_check(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    zoom.faults.switch_on("rate_limited")
    assert verify(client)["state"] == "degraded"
    zoom.faults.clear()
    shown = verify(client)
    assert shown["checked"] == {"ok": True, "cause": None, "explanation": None}
    assert (shown["state"], shown["freshness"]) == ("connected", "verified")


def test_the_limit_of_a_day_is_respected_by_people_too_and_no_check_is_claimed(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    clock.move(3600)
    zoom.faults.switch_on("rate_limited_today")
    verify(client)
    tried = len(zoom.calls)
    shown = verify(client)
    assert shown["checked"] is None
    assert (shown["cause"], len(zoom.calls)) == ("rate_limited_today", tried)


def test_what_was_never_connected_is_checked_in_vain(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime, "globex")
    url = LIVE.replace("acme", "globex")
    shown = client.get(url, headers=as_role("admin", "globex")).json()
    assert (shown["state"], shown["checked"]["cause"]) == ("not_connected", "never_connected")
    assert shown["freshness"] == "unknown"


def test_a_change_of_name_or_role_at_zoom_is_taken_over(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        old = '{"email": "old@acme.example", "name": "Old name", "role": null}'
        place = {"table": "connections", "column": "zoom_user", "row": connection.id}
        connection.zoom_user = runtime.vault.seal(old, **place)
    account = verify(client)["account"]
    assert account == {"email": "jonas@acme.example", "name": "Jonas Weber", "role": "Owner"}
