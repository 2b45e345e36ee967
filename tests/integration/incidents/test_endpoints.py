from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.connections.models import Connection, Incident
from integration.connections.waves import SAY_SO, STILL_SAID, watch_incidents
from integration.incidents.service import LIFTED, STANDS
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import STAFF, add_tenant, as_role, deliver, told_staff

DOWN = "Zoom is down; hours will be repaired"
NOBODY = {"X-Actor": "slack:T1/UGUEST", "X-Role": "nobody"}


def read(client: TestClient, headers: dict[str, str] = NOBODY) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/incident", headers=headers).raise_for_status().json()
    return found


def put(client: TestClient, clock: TestClock, minutes: float = 60, **more: Any) -> Any:
    until = (clock.now + timedelta(minutes=minutes)).isoformat()
    return client.put("/v1/incident", json={"text": DOWN, "until": until} | more, headers=STAFF)


def begin(runtime: Runtime, cause: str = "zoom_unavailable") -> str:
    """Trouble of many, as the worker finds it."""
    with runtime.database.writing() as session:
        now = runtime.clock()
        session.add(Incident(id="1" * 32, cause=cause, tenants=3, began_at=now, last_seen_at=now))
    return "1" * 32


def test_a_notice_stands_for_everybody_until_its_time_is_over(client: TestClient, clock: TestClock) -> None:
    assert read(client) == {"incident": None, "notice": None, "proposed": None}
    made = put(client, clock, articles=["connect-zoom"]).raise_for_status().json()
    notice = read(client)["notice"]
    assert (notice["text"], notice["articles"], notice["set_by"]) == (DOWN, ["connect-zoom"], None)
    assert read(client, STAFF)["notice"] == made
    assert made["set_by"] == STAFF["X-Actor"]
    clock.move(3599)
    assert read(client)["notice"] == notice
    clock.move(1)
    assert read(client)["notice"] is None


def test_another_one_takes_its_place_and_lifting_leaves_none(client: TestClient, clock: TestClock) -> None:
    put(client, clock).raise_for_status()
    put(client, clock, minutes=10, text="  Zoom is\nback, slowly ").raise_for_status()
    assert read(client)["notice"]["text"] == "Zoom is back, slowly"
    for _ in range(2):
        assert client.delete("/v1/incident", headers=STAFF).status_code == 204
        assert read(client)["notice"] is None
    clock.move(60)
    assert read(client)["notice"] is None  # nor does the first one come back
    assert sorted(told_staff(deliver(client))) == [STANDS, STANDS, LIFTED]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("text", {"text": " "}),
        ("text", {"text": "x" * 501}),
        ("text", {"text": "Zoom\0"}),
        ("until", {"until": "2025-01-14T18:30:00Z"}),
        ("until", {"until": "2025-01-21T18:30:01Z"}),
        ("until", {"until": "9999-12-31T23:59:59-23:00"}),
        ("until", {"until": "2025-01-14T19:30:00"}),
        ("articles", {"articles": ["connect-zoo"]}),
        ("incident_id", {"incident_id": "0" * 32}),
    ],
)
def test_what_is_not_acceptable_is_named_and_nothing_is_said(
    client: TestClient, clock: TestClock, field: str, body: dict[str, Any]
) -> None:
    refused = put(client, clock, **body)
    assert refused.status_code == 422
    assert refused.json()["field"] == field
    assert read(client)["notice"] is None


@pytest.mark.parametrize("headers", [as_role("admin"), as_role("member"), {"X-Role": "staff"}])
def test_only_staff_by_name_set_and_lift_it(client: TestClient, clock: TestClock, headers: dict[str, str]) -> None:
    put(client, clock).raise_for_status()
    until = (clock.now + timedelta(hours=1)).isoformat()
    refused = client.put("/v1/incident", json={"text": "No", "until": until}, headers=headers)
    assert refused.status_code in (403, 422)
    assert client.delete("/v1/incident", headers=headers).status_code in (403, 422)
    assert read(client)["notice"]["text"] == DOWN


def test_of_an_incident_one_is_proposed_to_staff_until_they_spoke_of_it(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    incident_id = begin(runtime)
    assert read(client)["incident"]["cause"] == "zoom_unavailable"
    assert read(client)["proposed"] is None
    proposed = read(client, STAFF)["proposed"]
    assert proposed["incident_id"] == incident_id
    assert proposed["text"].startswith("Zoom does not answer us properly")
    put(client, clock, **proposed).raise_for_status()
    told = read(client, STAFF)
    assert (told["incident"], told["proposed"]) == (None, None)  # people read of it once
    client.delete("/v1/incident", headers=STAFF)
    assert read(client, STAFF)["incident"] is not None
    assert read(client, STAFF)["proposed"] is None


def test_staff_hear_that_it_still_stands_when_the_incident_is_over(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    add_tenant(runtime)
    with runtime.database.writing() as session:
        moments = {"since": clock.now, "connected_at": clock.now}
        session.add(Connection(id="1", tenant_id="acme", state="degraded", cause="invalid_client", **moments))
    watch_incidents(runtime)
    (begun,) = deliver(client)
    assert SAY_SO in begun["payload"]["text"]
    assert not begun["payload"]["data"]["notice_stands"]
    put(client, clock, **read(client, STAFF)["proposed"]).raise_for_status()
    with runtime.database.writing() as session:
        session.get_one(Connection, "1").state = "connected"
    watch_incidents(runtime)
    over = next(one["payload"] for one in deliver(client) if one["payload"]["topic"] == "incident")
    assert over["text"].endswith(STILL_SAID)
    assert over["data"]["notice_stands"]


@pytest.mark.parametrize(
    ("articles", "touched"), [([], True), (["reauthorize-zoom"], True), (["meeting-durations"], False)]
)
def test_a_status_carries_the_notice_that_touches_connections(
    client: TestClient, runtime: Runtime, clock: TestClock, articles: list[str], touched: bool
) -> None:
    add_tenant(runtime)
    put(client, clock, articles=articles).raise_for_status()
    path = "/v1/tenants/acme/zoom/status"
    notice = client.get(path, headers=as_role("member")).json()["notice"]
    assert (notice is not None and notice["text"] == DOWN) is touched
    set_at = clock.now
    clock.move(3600)
    assert client.get(path, headers=as_role("member")).json()["notice"] is None
    past = client.get(path, params={"as_of": set_at.isoformat()}, headers=as_role("member")).json()
    assert (past["notice"] is not None) is touched
