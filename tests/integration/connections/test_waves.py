from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from integration.connections.waves import LASTS, watch_incidents
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    as_role,
    check_when_due,
    connect_many,
    deliver,
    incidents,
    stands,
    token,
    told_people,
    told_staff,
)

BROKEN, WAVE = ("needs_reauthorization", "grant_revoked"), ("degraded", "many_at_once")


@pytest.fixture
def tenants(runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock) -> list[str]:
    found = connect_many(runtime, zoom, 4)
    deliver(client)
    clock.move(3600)
    return found


def fail(runtime: Runtime, *tenants: str) -> None:
    for tenant in tenants:
        with pytest.raises(ZoomError):
            token(runtime, tenant)


def the_incident(client: TestClient) -> dict[str, object] | None:
    body: dict[str, dict[str, object] | None] = client.get("/v1/incident").json()
    return body["incident"]


def test_two_that_are_refused_are_two_that_must_act(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    fail(runtime, *tenants[:2])
    watch_incidents(runtime)
    assert [stands(runtime, one) for one in tenants[:2]] == [BROKEN, BROKEN]
    assert the_incident(client) is None


def test_the_third_makes_it_one_incident_and_takes_back_what_was_said_of_the_others(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    fail(runtime, *tenants[:3])
    assert [stands(runtime, one) for one in tenants[:3]] == [WAVE] * 3
    fail(runtime, tenants[3])
    assert stands(runtime, tenants[3]) == WAVE
    clock.move(120)
    watch_incidents(runtime)
    delivered = deliver(client)
    assert told_people(delivered) == []
    assert told_staff(delivered) == ["Several connections to Zoom are in trouble at once"]
    incident = the_incident(client)
    assert incident is not None
    assert (incident["cause"], incident["tenants"]) == ("many_at_once", 4)
    assert "tenant0" not in str(incident).lower()


def test_a_status_that_it_touches_says_so(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    fail(runtime, *tenants[:3])
    touched = client.get(f"/v1/tenants/{tenants[0]}/zoom/status", headers=as_role("member", tenants[0])).json()
    assert (touched["state"], touched["who_must_act"]) == ("degraded", "retain")
    assert touched["incident"]["text"].startswith("The connection to Zoom fails for several organisations")
    other = client.get(f"/v1/tenants/{tenants[3]}/zoom/status", headers=as_role("member", tenants[3])).json()
    assert other["incident"] is None


def test_failures_that_are_far_apart_are_no_wave(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    for tenant in tenants[:3]:
        fail(runtime, tenant)
        clock.move(6 * 60)
    watch_incidents(runtime)
    assert {stands(runtime, one) for one in tenants[:3]} == {BROKEN}


def test_failures_of_different_causes_are_no_wave(runtime: Runtime, zoom: ZoomStandIn, tenants: list[str]) -> None:
    for tenant, fault in zip(tenants, ("invalid_grant", "app_disabled", "user_removed"), strict=False):
        number = zoom.faults.switch_on(fault)
        fail(runtime, tenant)
        zoom.faults.switch_off(number)
    watch_incidents(runtime)
    assert {stands(runtime, one)[0] for one in tenants[:3]} == {"needs_reauthorization"}
    assert incidents(runtime) == []


def test_a_wave_that_passes_ends_by_itself_and_no_customer_ever_heard_of_it(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    fail(runtime, *tenants[:3])
    zoom.faults.clear()
    for tenant in tenants[:3]:
        check_when_due(runtime, clock, tenant)
    assert {stands(runtime, one) for one in tenants[:3]} == {("connected", "restored")}
    watch_incidents(runtime)
    assert the_incident(client) is None
    delivered = deliver(client)
    assert told_people(delivered) == []
    assert told_staff(delivered)[-1] == "The trouble with Zoom is over"


def test_whoever_is_refused_for_longer_than_a_day_is_told_so_in_the_end(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_grant")
    fail(runtime, *tenants[:3])
    for _ in range(10):  # two hours each
        check_when_due(runtime, clock, tenants[0], after=2 * 3600)
        assert {stands(runtime, one) for one in tenants[:3]} == {WAVE}
        watch_incidents(runtime)
        assert told_people(deliver(client)) == []
    clock.move(LASTS.total_seconds())
    check_when_due(runtime, clock, tenants[0])
    watch_incidents(runtime)
    assert {stands(runtime, one) for one in tenants[:3]} == {BROKEN}
    clock.move(60)
    watch_incidents(runtime)
    assert len(told_people(deliver(client))) == 4  # the fourth came due meanwhile
    assert len(incidents(runtime)) == 1


def test_one_refusal_of_our_app_is_an_incident_for_all(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("invalid_client")
    fail(runtime, *tenants)
    for _ in range(3):
        watch_incidents(runtime)
        clock.move(120)
    delivered = deliver(client)
    assert told_people(delivered) == []
    assert told_staff(delivered) == ["Zoom refuses our app"]
    incident = the_incident(client)
    assert incident is not None
    assert incident["cause"] == "invalid_client"


def test_an_outage_of_zoom_is_one_incident_however_often_it_comes_and_goes_for_some(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    faults = [zoom.faults.switch_on("server_error", account=tenant) for tenant in tenants]
    fail(runtime, *tenants[:3])
    watch_incidents(runtime)
    zoom.faults.switch_off(faults[0])
    check_when_due(runtime, clock, tenants[0])
    assert stands(runtime, tenants[0]) == ("connected", "restored")
    watch_incidents(runtime)
    fail(runtime, tenants[3])
    watch_incidents(runtime)
    assert [one.ended_at for one in incidents(runtime)] == [None]
    zoom.faults.clear()
    for tenant in tenants[1:]:
        if stands(runtime, tenant)[0] == "degraded":
            check_when_due(runtime, clock, tenant)
    watch_incidents(runtime)
    (only,) = incidents(runtime)
    assert only.ended_at == clock.now


def test_a_disturbance_of_a_few_ends_when_only_one_is_left_for_a_while(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, tenants: list[str]
) -> None:
    zoom.faults.switch_on("server_error")
    fail(runtime, *tenants[:3])
    watch_incidents(runtime)
    zoom.faults.clear()
    zoom.faults.switch_on("server_error", account=tenants[0])
    check_when_due(runtime, clock, tenants[1])
    assert stands(runtime, tenants[2]) == ("connected", "restored")
    watch_incidents(runtime)
    assert the_incident(client) is not None
    clock.move(timedelta(minutes=12).total_seconds())
    assert watch_incidents(runtime) == 1
    assert the_incident(client) is None
    assert stands(runtime, tenants[0]) == ("degraded", "zoom_unavailable")


def test_watching_again_and_again_opens_nothing_twice(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, tenants: list[str]
) -> None:
    assert watch_incidents(runtime) == 0
    zoom.faults.switch_on("server_error")
    fail(runtime, *tenants)
    assert watch_incidents(runtime) == 1
    for _ in range(3):
        clock.move(90)
        assert watch_incidents(runtime) == 0
    assert len(incidents(runtime)) == 1
