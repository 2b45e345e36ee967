"""Every way in which Zoom can refuse: which state it makes, in which words, and who hears of it."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from integration.connections.results import RESCUE
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    as_role,
    check_when_due,
    connect,
    deliver,
    history,
    row,
    stands,
    token,
    told_people,
    told_staff,
)


@pytest.fixture(autouse=True)
def connected(runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock) -> None:
    connect(runtime, zoom)
    deliver(client)
    clock.move(3600)  # the access token is old


def fail(runtime: Runtime) -> str:
    with pytest.raises(ZoomError) as caught:
        token(runtime)
    return caught.value.cause.code


def status(client: TestClient) -> dict[str, object]:
    response = client.get("/v1/tenants/acme/zoom/status", headers=as_role("member"))
    assert response.status_code == 200, response.text
    body: dict[str, object] = response.json()
    return body


TRANSIENT = [
    ("server_error", "zoom_unavailable", "zoom"),
    ("timeout", "zoom_unavailable", "zoom"),
    ("half_written", "zoom_unavailable", "zoom"),
    ("unreadable", "zoom_unavailable", "zoom"),
    ("cut_before", "zoom_unavailable", "zoom"),
    ("cut_after", "zoom_unavailable", "zoom"),
    ("error_after", "zoom_unavailable", "zoom"),
    ("rate_limited", "rate_limited", "zoom"),
    ("rate_limited_today", "rate_limited_today", "zoom"),
    ("invalid_client", "invalid_client", "retain"),
]
FINAL = [
    ("invalid_grant", "grant_revoked", "tenant_admin", "needs_reauthorization"),
    ("app_disabled", "app_disabled", "zoom_admin", "lost"),
    ("user_removed", "user_removed", "tenant_admin", "needs_reauthorization"),
]


@pytest.mark.parametrize(("fault", "cause", "who"), TRANSIENT)
def test_what_passes_or_is_ours_degrades_and_reaches_no_customer(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, fault: str, cause: str, who: str
) -> None:
    zoom.faults.switch_on(fault, where="refresh")
    assert fail(runtime) == cause
    shown = status(client)
    assert (shown["state"], shown["cause"], shown["who_must_act"]) == ("degraded", cause, who)
    assert "need not do anything" in str(shown["next_step"])
    assert "connect link" not in str(shown["next_step"])
    clock.move(3600)
    assert told_people(deliver(client)) == []
    assert row(runtime).check_due_at is not None


@pytest.mark.parametrize(("fault", "cause", "who", "change"), FINAL)
def test_what_is_final_asks_for_the_one_who_must_act_after_a_minutes_grace(
    runtime: Runtime,
    zoom: ZoomStandIn,
    client: TestClient,
    clock: TestClock,
    fault: str,
    cause: str,
    who: str,
    change: str,
) -> None:
    zoom.faults.switch_on(fault, where="refresh")
    assert fail(runtime) == cause
    shown = status(client)
    assert (shown["state"], shown["cause"], shown["who_must_act"]) == ("needs_reauthorization", cause, who)
    assert row(runtime).check_due_at is None
    clock.move(59)
    assert deliver(client) == []
    clock.move(1)
    delivered = deliver(client)
    assert told_people(delivered) == [(ADMIN, change)]
    assert told_staff(delivered) == ["Acme has to authorize Zoom again"]


def test_zooms_own_moment_is_waited_for(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    zoom.faults.switch_on("rate_limited_today", where="refresh")
    fail(runtime)
    due = row(runtime).check_due_at
    assert due is not None
    assert due.time().isoformat() == "00:00:00"  # midnight, as its header says


@pytest.mark.parametrize("fault", ["cut_after", "half_written", "error_after"])
def test_a_refresh_whose_answer_was_lost_is_tried_for_a_day_before_anyone_is_asked(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, fault: str
) -> None:
    """Zoom has rotated the token, and we hold the former one: that is ours to bear."""
    zoom.faults.switch_on(fault, where="refresh", times=1)
    fail(runtime)
    began = clock.now
    check_when_due(runtime, clock)
    assert stands(runtime) == ("degraded", "refresh_interrupted")
    while clock.now < began + RESCUE:
        assert told_people(deliver(client)) == []
        assert stands(runtime) == ("degraded", "refresh_interrupted")
        check_when_due(runtime, clock, after=2 * 3600)
    assert stands(runtime) == ("needs_reauthorization", "refresh_interrupted")
    shown = status(client)
    assert shown["who_must_act"] == "tenant_admin"
    assert str(shown["explanation"]).startswith("We were interrupted")
    assert str(shown["next_step"]).startswith("Tell an admin")
    clock.move(60)
    assert told_people(deliver(client)) == [(ADMIN, "needs_reauthorization")]


def test_staff_hear_once_of_a_refresh_that_was_cut_off(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("cut_after", where="refresh", times=1)
    fail(runtime)
    titles: list[str] = []
    for _ in range(6):
        check_when_due(runtime, clock)
        titles += told_staff(deliver(client))
    assert titles == ["Something on our side troubles Acme's connection to Zoom"]


def test_a_cut_off_refresh_is_rescued_when_zoom_takes_the_earlier_token(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.habits(old_refresh="lingers")
    zoom.faults.switch_on("cut_after", where="refresh", times=1)
    fail(runtime)
    check_when_due(runtime, clock)
    assert stands(runtime) == ("connected", "restored")
    assert row(runtime).refresh_began_at is None
    assert deliver(client) == []


def test_a_plain_refusal_after_a_proper_one_is_final(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> None:
    """A limit was reached: Zoom answered, so nothing was cut off."""
    zoom.faults.switch_on("rate_limited", where="refresh", times=1)
    fail(runtime)
    zoom.faults.switch_on("invalid_grant")
    check_when_due(runtime, clock)
    assert stands(runtime) == ("needs_reauthorization", "grant_revoked")


def test_an_outage_of_days_exhausts_nobody(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    """Nango counts failures per calendar day, and gives up on the fourth (facts of peers)."""
    zoom.faults.switch_on("server_error")
    began = clock.now
    fail(runtime)
    while clock.now < began + timedelta(days=5):
        check_when_due(runtime, clock, after=6 * 3600)
        assert stands(runtime) == ("degraded", "zoom_unavailable")
    zoom.faults.clear()
    check_when_due(runtime, clock)
    assert stands(runtime) == ("connected", "restored")
    assert deliver(client) == []
    assert len(history(runtime)) == 3  # one entry for the outage, however often it was tried


def test_our_own_bad_secret_disconnects_nobody(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    """Attendee takes invalid_client for a lost connection, and never tries it again (facts of peers)."""
    zoom.faults.switch_on("invalid_client")
    for _ in range(5):
        clock.now = max(clock.now, row(runtime).check_due_at or clock.now)
        assert fail(runtime) == "invalid_client"
    zoom.faults.clear()
    check_when_due(runtime, clock)
    assert stands(runtime) == ("connected", "restored")
    assert told_people(deliver(client)) == []


def test_a_network_error_is_no_lost_connection(runtime: Runtime, zoom: ZoomStandIn) -> None:
    """Appointment calls both an error (facts of peers)."""
    zoom.faults.switch_on("cut_before")
    assert fail(runtime) == "zoom_unavailable"
    assert stands(runtime)[0] == "degraded"


def test_a_new_consent_replaces_the_tokens_of_one_that_was_broken(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    """Appointment discards the new token when there is a row (facts of peers)."""
    zoom.faults.switch_on("invalid_grant", times=1)
    fail(runtime)
    before = row(runtime)
    connect(runtime, zoom)
    assert row(runtime).id == before.id
    assert runtime.zoom.me(token(runtime)).email == "jonas@acme.example"
    assert stands(runtime) == ("connected", "connected")


def test_people_hear_that_it_works_again_when_they_heard_that_it_did_not(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("app_disabled")
    fail(runtime)
    clock.move(60)
    assert told_people(deliver(client)) == [(ADMIN, "lost")]
    zoom.faults.clear()
    live = client.get("/v1/tenants/acme/zoom/status?live=true", headers=as_role("admin")).json()
    assert live["checked"] == {"ok": True, "cause": None, "explanation": None}
    assert told_people(deliver(client)) == [(ADMIN, "restored")]


def test_people_who_heard_nothing_yet_never_hear_of_what_passed_within_the_grace(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    zoom.faults.switch_on("app_disabled")
    fail(runtime)
    clock.move(30)
    zoom.faults.clear()
    client.get("/v1/tenants/acme/zoom/status?live=true", headers=as_role("admin"))
    clock.move(3600)
    assert deliver(client) == []
    assert stands(runtime) == ("connected", "restored")


def test_a_refresh_that_allows_less_than_the_product_needs_is_kept_and_not_called_connected(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    number = zoom.faults.switch_on("scopes_changed", where="refresh")
    assert fail(runtime) == "scopes_changed"
    assert stands(runtime) == ("needs_reauthorization", "scopes_changed")
    assert (row(runtime).verified_at, row(runtime).refreshed_at) == (clock.now - timedelta(hours=1), clock.now)
    assert row(runtime).lease_owner is None
    zoom.faults.switch_off(number)
    live = client.get("/v1/tenants/acme/zoom/status?live=true", headers=as_role("admin")).json()
    assert (live["state"], live["freshness"]) == ("connected", "verified")
