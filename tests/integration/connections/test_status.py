from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from integration.connecting.models import ConnectLink
from integration.connections import events
from integration.connections.models import Connection
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import ADMIN, STAFF, add_tenant, as_role, connect, row, token

URL = "/v1/tenants/acme/zoom/status"
FIELDS = {
    "tenant", "name", "state", "since", "cause", "who_must_act", "explanation", "article", "next_step", "freshness",
    "connected_by", "account", "verified_at", "refreshed_at", "last_webhook_at", "hours_affected", "meetings_affected",
    "backfill", "as_of", "checked", "incident", "notice", "may",
}  # fmt: skip


def status(client: TestClient, role: str = "admin", **params: str) -> dict[str, object]:
    headers = STAFF if role == "staff" else as_role(role)
    response = client.get(URL, headers=headers, params=params)
    assert response.status_code == 200, response.text
    body: dict[str, object] = response.json()
    assert set(body) == FIELDS
    return body


def stated(shown: dict[str, object]) -> tuple[object, object, object]:
    return shown["state"], shown["cause"], shown["freshness"]


def test_a_tenant_that_is_not_enabled(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime, enabled=False)
    shown = status(client)
    assert stated(shown) == ("not_enabled", "not_enabled", "unknown")
    assert (shown["article"], shown["may"]) == ("zoom-icon-missing", ["history"])
    assert status(client, "staff")["may"] == ["history", "enable_zoom"]


def test_a_tenant_that_has_never_connected(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime)
    shown = status(client)
    assert stated(shown) == ("not_connected", "never_connected", "unknown")
    assert (shown["who_must_act"], shown["may"]) == ("tenant_admin", ["history", "connect_link"])


def test_a_tenant_that_staff_switched_off(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    for enabled, expected in ((False, ("not_enabled", "disabled_by_staff")), (True, ("connected", "connected"))):
        patched = client.patch("/v1/tenants/acme", json={"zoom_enabled": enabled}, headers=STAFF)
        assert patched.status_code == 200, patched.text
        assert stated(status(client))[:2] == expected


def test_an_admin_sees_who_connected_which_account_and_when_it_was_proven(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    remember_link(runtime)
    shown = status(client)
    now = clock.now.isoformat().replace("+00:00", "Z")
    assert stated(shown) == ("connected", "connected", "verified")
    assert shown["connected_by"] == {"actor": ADMIN, "name": "Jonas Weber", "email": "jonas@acme.example"}
    assert shown["account"] == {"email": "jonas@acme.example", "name": "Jonas Weber", "role": "Owner"}
    assert [shown[name] for name in ("since", "verified_at", "refreshed_at", "as_of")] == [now] * 4
    assert shown["may"] == ["verify", "history", "connect_link", "disconnect"]


def remember_link(runtime: Runtime) -> None:
    vault, now = runtime.vault, runtime.clock()
    place = {"table": "connect_links", "row": "l" * 32}
    with runtime.database.writing() as session:
        session.add(
            ConnectLink(
                id="l" * 32,
                tenant_id="acme",
                token_hash="h",
                requested_by=ADMIN,
                made_by=ADMIN,
                requester_email=vault.seal("jonas@acme.example", column="requester_email", **place),
                requester_name=vault.seal("Jonas Weber", column="requester_name", **place),
                state="connected",
                created_at=now,
                expires_at=now,
            )
        )


def test_what_does_not_open_is_left_out_and_the_rest_is_told(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    connect(runtime, zoom)
    remember_link(runtime)
    gone = "v1.gone." + "A" * 64
    with runtime.database.writing() as session:
        session.execute(update(ConnectLink).values(requester_email=gone))
        session.execute(update(Connection).values(zoom_user=gone, access_token=gone, refresh_token=gone))
    shown = status(client, live="true")
    assert (shown["state"], shown["account"]) == ("connected", None)
    assert shown["connected_by"] == {"actor": ADMIN, "name": None, "email": None}
    assert isinstance(shown["checked"], dict)
    assert (shown["checked"]["ok"], shown["checked"]["cause"]) == (False, "sealed")


def test_a_member_sees_what_is_true_and_no_details(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    shown = status(client, "member")
    assert stated(shown) == ("connected", "connected", "verified")
    assert [shown[name] for name in ("connected_by", "account", "refreshed_at", "last_webhook_at")] == [None] * 4
    assert shown["verified_at"] is not None
    assert shown["may"] == []
    assert "jonas" not in str(shown)


@pytest.mark.parametrize(("minutes", "freshness"), [(0, "verified"), (10, "verified"), (10.1, "believed")])
def test_it_says_how_fresh_what_it_says_is(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, minutes: float, freshness: str
) -> None:
    connect(runtime, zoom)
    clock.move(minutes * 60)
    shown = status(client)
    assert shown["freshness"] == freshness
    assert str(shown["explanation"]).startswith("As far as we know") == (freshness == "believed")


def test_it_says_since_when_it_is_so_whatever_causes_take_turns(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    clock.move(3600)
    began = clock.now
    for fault in ("server_error", "rate_limited"):
        number = zoom.faults.switch_on(fault)
        with pytest.raises(ZoomError):
            token(runtime)
        zoom.faults.switch_off(number)
        clock.move(600)
    shown = status(client)
    assert (shown["state"], shown["cause"]) == ("degraded", "rate_limited")
    assert shown["since"] == began.isoformat().replace("+00:00", "Z")


def test_what_is_no_tenant_is_not_found(client: TestClient) -> None:
    refused = client.get(URL, headers=STAFF)
    assert refused.status_code == 404
    assert refused.json()["field"] == "tenant"


@pytest.mark.parametrize(
    ("role", "tenant", "allowed"),
    [("nobody", "acme", False), ("member", "acme", True), ("member", "globex", False), ("admin", "globex", False)],
)
def test_it_is_for_the_tenants_own_people(
    runtime: Runtime, client: TestClient, role: str, tenant: str, allowed: bool
) -> None:
    add_tenant(runtime)
    response = client.get(URL, headers=as_role(role, tenant))
    assert response.status_code == (200 if allowed else 403)


class TestThePast:
    """`as_of` against a replay: what was said then is what is answered later."""

    def test_every_moment_is_answered_as_it_was(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        client.post("/v1/tenants", json={"id": "acme", "name": "Acme"}, headers=STAFF)
        said: list[tuple[str, dict[str, object]]] = []

        def look() -> None:
            clock.move(30)
            said.append((clock.now.isoformat(), status(client)))
            clock.move(1800)

        look()
        client.patch("/v1/tenants/acme", json={"zoom_enabled": True}, headers=STAFF)
        look()
        connect(runtime, zoom)
        look()
        self.suffer(runtime, zoom, clock, "server_error")
        look()
        self.suffer(runtime, zoom, clock, "rate_limited")
        look()
        token(runtime)
        look()
        self.suffer(runtime, zoom, clock, "invalid_grant")
        look()
        connect(runtime, zoom, person="ines")
        look()
        client.delete("/v1/tenants/acme/zoom/connection", headers=as_role("admin"))
        look()
        assert len({(one["state"], one["cause"]) for _, one in said}) == 8
        for moment, then in said:
            now = status(client, as_of=moment)
            same = ("state", "cause", "since", "explanation", "who_must_act", "verified_at", "freshness")
            assert [now[name] for name in same] == [then[name] for name in same], moment

    def suffer(self, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, fault: str) -> None:
        clock.now = max(clock.now, (row(runtime).check_due_at or clock.now))
        clock.move(3600)
        number = zoom.faults.switch_on(fault)
        with pytest.raises(ZoomError):
            token(runtime)
        zoom.faults.switch_off(number)
        clock.move(3600)

    def test_switching_zoom_off_and_on_proves_nothing_and_connects_nobody(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        connect(runtime, zoom)
        for enabled in (False, True):
            clock.move(3600)
            client.patch("/v1/tenants/acme", json={"zoom_enabled": enabled}, headers=STAFF)
            now, then = status(client), status(client, as_of=clock.now.isoformat())
            assert {name for name in FIELDS - {"as_of"} if now[name] != then[name]} == set()
        assert (now["state"], now["freshness"]) == ("connected", "believed")
        assert isinstance(now["connected_by"], dict)
        assert now["connected_by"]["actor"] == ADMIN

    def test_of_what_was_before_anything_is_recorded_nothing_is_known(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        connect(runtime, zoom)
        before = (clock.now - timedelta(days=1)).isoformat()
        assert stated(status(client, as_of=before)) == ("not_enabled", "not_enabled", "unknown")

    def test_a_later_account_is_not_shown_for_an_earlier_time(
        self, runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
    ) -> None:
        connect(runtime, zoom)
        clock.move(3600)
        earlier = clock.now.isoformat()
        clock.move(3600)
        connect(runtime, zoom, person="ines")
        assert status(client, as_of=earlier)["account"] is None
        assert "Ines" in str(status(client)["account"])

    @pytest.mark.parametrize(
        "as_of", ["2125-01-01T00:00:00Z", "1999-12-31T00:00:00Z", "0001-01-01T00:00:00+14:00", "2025-01-01", "soon"]
    )
    def test_a_moment_that_cannot_be_answered_is_refused(
        self, runtime: Runtime, client: TestClient, as_of: str
    ) -> None:
        add_tenant(runtime)
        refused = client.get(URL, headers=STAFF, params={"as_of": as_of})
        assert refused.status_code == 422
        assert refused.json()["field"] == "as_of"

    def test_the_past_cannot_be_checked_live(self, runtime: Runtime, client: TestClient, clock: TestClock) -> None:
        add_tenant(runtime)
        refused = client.get(URL, headers=STAFF, params={"as_of": clock.now.isoformat(), "live": "true"})
        assert refused.status_code == 422


def test_an_event_of_another_tenant_is_not_taken_for_ours(runtime: Runtime, client: TestClient) -> None:
    add_tenant(runtime)
    add_tenant(runtime, "globex")
    with runtime.database.writing() as session:
        events.append(
            session,
            runtime.vault,
            tenant_id="globex",
            kind="state",
            state="connected",
            cause="connected",
            now=runtime.clock(),
        )
    assert stated(status(client, as_of=runtime.clock().isoformat()))[0] == "not_enabled"
