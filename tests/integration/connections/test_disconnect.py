import threading

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from integration.connecting.models import Grant
from integration.connections.disconnect import disconnect
from integration.connections.models import Revocation
from integration.connections.revocations import PATIENCE, revoke_due
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    STAFF,
    add_grant,
    add_tenant,
    as_role,
    connect,
    deliver,
    found,
    history,
    is_empty,
    list_admin,
    stands,
    told_people,
    told_staff,
)

URL = "/v1/tenants/acme/zoom/connection"
DELETED = {"access_token": 1, "refresh_token": 1, "zoom_user": 1, "zoom_account_id": 1, "zoom_user_id": 1}


@pytest.fixture(autouse=True)
def connected(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    deliver(client)


def delete(client: TestClient) -> dict[str, object]:
    response = client.delete(URL, headers=as_role("admin"))
    assert response.status_code == 200, response.text
    receipt: dict[str, object] = response.json()
    return receipt


def revocations(runtime: Runtime) -> list[Revocation]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Revocation)))


def test_it_revokes_deletes_and_gives_a_receipt(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    now = clock.now.isoformat().replace("+00:00", "Z")
    assert delete(client) == {"deleted": DELETED, "at": now, "revoked": True}
    assert zoom.live_pairs() == []
    assert is_empty(runtime)
    assert stands(runtime) == ("deauthorized", "disconnected")
    events = client.get("/v1/tenants/acme/zoom/events", headers=as_role("admin")).json()["events"]
    assert events[0]["receipt"] == {"deleted": DELETED, "at": now, "revoked": True}
    assert (events[0]["actor"], events[0]["state"]) == ("slack:T1/UADMIN", "deauthorized")


def test_again_gives_the_same_receipt(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    first = delete(client)
    clock.move(3600)
    assert delete(client) == first
    assert len(history(runtime)) == 2


def test_many_at_once_disconnect_once(runtime: Runtime, client: TestClient) -> None:
    receipts: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: receipts.append(disconnect(runtime, "acme", cause="disconnected", actor=None).deleted)
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts == [DELETED] * 6
    assert len(history(runtime)) == 2


def test_people_and_staff_are_told(runtime: Runtime, client: TestClient) -> None:
    list_admin(runtime, "slack:T1/UOTHER")
    delete(client)
    delivered = deliver(client)
    assert sorted(told_people(delivered)) == [(ADMIN, "deauthorized"), ("slack:T1/UOTHER", "deauthorized")]
    assert told_staff(delivered) == ["Acme is disconnected from Zoom"]


def test_what_is_not_connected_cannot_be_disconnected(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime, "globex")
    assert client.delete(URL.replace("acme", "globex"), headers=STAFF).status_code == 404


@pytest.mark.parametrize(("role", "tenant"), [("member", "acme"), ("admin", "globex"), ("nobody", "acme")])
def test_it_is_for_the_tenants_admins_and_for_staff(
    runtime: Runtime, client: TestClient, role: str, tenant: str
) -> None:
    assert client.delete(URL, headers=as_role(role, tenant)).status_code == 403
    assert stands(runtime)[0] == "connected"


def test_what_zoom_will_not_revoke_now_is_deleted_all_the_same_and_stays_owed(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="revoke")
    assert delete(client)["revoked"] is False
    assert is_empty(runtime)
    assert zoom.live_pairs()
    zoom.faults.clear()
    clock.move(120)
    assert revoke_due(runtime) == 1
    assert zoom.live_pairs() == []
    assert delete(client)["revoked"] is True
    assert revocations(runtime) == []


def test_a_token_that_ran_out_meanwhile_is_renewed_to_be_revoked(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="revoke")
    delete(client)
    zoom.faults.clear()
    clock.move(6 * 3600)
    assert revoke_due(runtime) == 1
    assert zoom.live_pairs() == []


def test_killed_before_zoom_was_told_a_worker_tells_it(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runtime.zoom_oauth, "revoke", killed)
    with pytest.raises(KeyboardInterrupt):
        disconnect(runtime, "acme", cause="disconnected", actor=None)
    monkeypatch.undo()
    assert is_empty(runtime)
    (left,) = revocations(runtime)
    with runtime.database.writing() as session:
        session.get_one(Revocation, left.id).lease_until_ms = 0
    clock.move(120)
    assert revoke_due(runtime) == 1
    assert zoom.live_pairs() == []


def test_a_grant_that_zoom_has_ended_by_itself_counts_as_revoked(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    zoom.uninstall("acme")
    assert delete(client)["revoked"] is True


def test_whoever_connects_again_with_the_same_user_does_not_lose_it_to_a_late_revocation(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="revoke")
    delete(client)
    zoom.faults.clear()
    connect(runtime, zoom)
    clock.move(120)
    revoke_due(runtime)
    assert revocations(runtime) == []
    assert len(zoom.live_pairs("jonas")) == 1


def test_while_somebody_connects_anew_a_revocation_waits(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="revoke")
    delete(client)
    zoom.faults.clear()
    add_grant(runtime, zoom, "jonas")
    clock.move(120)
    assert revoke_due(runtime) == 0
    assert len(revocations(runtime)) == 1
    assert zoom.live_pairs()


def test_one_whose_key_is_gone_is_deleted_all_the_same_and_the_receipt_is_honest(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        connection.access_token = "v1.gone." + "A" * 64
    receipt = delete(client)
    assert (receipt["deleted"], receipt["revoked"]) == (DELETED, False)
    assert is_empty(runtime)
    assert "cannot be revoked" in caplog.text


def test_a_revocation_that_does_not_open_does_not_hold_up_the_others(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom, "globex", "carlos")
    zoom.faults.switch_on("server_error", where="revoke")
    disconnect(runtime, "globex", cause="disconnected", actor=None)
    delete(client)
    zoom.faults.clear()
    with runtime.database.writing() as session:
        session.scalars(select(Revocation).where(Revocation.tenant_id == "acme")).one().tokens = "v1.gone." + "A" * 64
    clock.move(120)
    assert revoke_due(runtime) == 1
    assert zoom.live_pairs("carlos") == []


def test_after_a_week_in_vain_our_copy_is_deleted_and_staff_are_told(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="oauth")
    delete(client)
    deliver(client)
    clock.move(PATIENCE.total_seconds())
    revoke_due(runtime)
    (left,) = revocations(runtime)
    assert (left.tokens, left.due_at) == (None, None)
    assert told_staff(deliver(client)) == ["A permission could not be withdrawn at Zoom"]
    assert delete(client)["revoked"] is False


def test_grants_that_wait_are_let_go_with_the_connection(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    add_grant(runtime, zoom, "ines")
    assert delete(client)["deleted"] == DELETED | {"grants": 1}
    with runtime.database.reading() as session:
        assert session.scalars(select(Grant.step)).all() == ["discard"]


def test_the_receipt_stays_the_same_when_zoom_is_switched_off_and_on(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("server_error", where="revoke")
    first = delete(client)
    for enabled in (False, True):
        clock.move(60)
        client.patch("/v1/tenants/acme", json={"zoom_enabled": enabled}, headers=STAFF)
    assert delete(client) == first
    events = client.get("/v1/tenants/acme/zoom/events", headers=STAFF).json()["events"]
    assert [one["kind"] for one in events] == ["switch", "switch", "state", "state"]
    assert [one["receipt"] for one in events] == [None, None, first, None]
    assert events[1]["summary"] == "Zoom was disabled."
