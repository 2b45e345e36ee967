import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from integration.connecting.models import ConnectLink, Grant, GrantStep
from integration.connections.disconnect import deauthorized_by_zoom, disconnect
from integration.connections.models import Revocation
from integration.connections.revocations import PATIENCE, revoke_due
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    STAFF,
    add_tenant,
    as_role,
    connect,
    deliver,
    history,
    list_admin,
    row,
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


def revocations(runtime: Runtime) -> list[Revocation]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Revocation)))


def is_empty(runtime: Runtime) -> bool:
    left = row(runtime)
    columns = (
        left.access_token, left.refresh_token, left.access_expires_at, left.zoom_user, left.account_id,
        left.account_hash, left.user_id, left.user_hash, left.check_due_at,
    )  # fmt: skip
    return not any(columns)


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


def deauthorize(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, *, person: str = "jonas", late: float = 0
) -> None:
    user, now = zoom.people[person], clock.now
    at = now - timedelta(seconds=late)
    with runtime.database.writing() as session:
        deauthorized_by_zoom(session, runtime.vault, account_id=user.account.id, user_id=user.id, at=at, now=now)


class TestZoomSaysThatItWasUninstalled:
    def test_everything_of_it_is_deleted_and_a_receipt_stays(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        add_grant(runtime, zoom, "ines")
        clock.move(60)
        deauthorize(runtime, zoom, clock)
        assert is_empty(runtime)
        assert stands(runtime) == ("deauthorized", "uninstalled")
        assert delete(client)["deleted"] == DELETED | {"grants": 1}
        assert delete(client)["revoked"] is True
        with runtime.database.reading() as session:
            assert session.scalars(select(Grant)).all() == []
        assert told_people(deliver(client)) == [(ADMIN, "deauthorized")]

    def test_twice_is_as_good_as_once(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        clock.move(60)
        deauthorize(runtime, zoom, clock)
        deauthorize(runtime, zoom, clock)
        assert len(history(runtime)) == 2
        assert len(told_people(deliver(client))) == 1

    def test_one_that_is_older_than_the_connection_is_ignored(
        self, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
    ) -> None:
        clock.move(60)
        deauthorize(runtime, zoom, clock, late=61)
        assert stands(runtime) == ("connected", "connected")

    def test_one_of_another_account_is_ignored(self, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
        clock.move(60)
        deauthorize(runtime, zoom, clock, person="carlos")
        assert stands(runtime) == ("connected", "connected")

    def test_one_of_another_user_of_the_account_makes_us_ask_zoom(
        self, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
    ) -> None:
        clock.move(60)
        deauthorize(runtime, zoom, clock, person="ines")
        assert stands(runtime) == ("connected", "connected")
        assert row(runtime).check_due_at == clock.now

    def test_a_new_sign_in_connects_again(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        clock.move(60)
        deauthorize(runtime, zoom, clock)
        clock.move(60)
        connect(runtime, zoom)
        assert stands(runtime) == ("connected", "connected")
        deauthorize(runtime, zoom, clock, late=30)
        assert stands(runtime) == ("connected", "connected")
