from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.desk import telling
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import (
    AS_DANA,
    AS_EVE,
    ASKED,
    DANA,
    REQUESTS,
    THREAD,
    clocks,
    hand_over,
    happened,
    kept,
    shown,
    told,
)

TENANT = {"id": "acme", "name": "Acme", "zoom_enabled": True, "domains": ["acme.example"], "time_zone": "UTC"}
STAFF = {"X-Actor": "slack:T0RETAIN/USAM", "X-Role": "staff"}
ALL: dict[str, Any] = ASKED | {
    "more": "It worked until Monday.",
    "article": "reauthorize-zoom",
    "question_id": "0" * 32,
    "link": "https://acme.slack.example/archives/D1/p1736879400000100",
    "name": "Dana Reyes",
    "time_zone": "Europe/London",
}


def test_the_asker_hears_until_when_they_are_answered(client: TestClient, clock: TestClock) -> None:
    opened = client.post(REQUESTS, json=ASKED, headers=AS_DANA)
    assert opened.status_code == 201
    asked_at = clock.now.isoformat().replace("+00:00", "Z")
    assert opened.json() == {
        "id": opened.json()["id"],
        "state": "open",
        "text": ASKED["text"],
        "asked_at": asked_at,
        "respond_by": "2025-01-14T20:30:00Z",  # 10:30 in Los Angeles, and two hours
        "stopped_at": None,
        "ended": None,
        "claimed": False,
    }


def test_staff_get_all_that_is_known_of_it(client: TestClient, runtime: Runtime) -> None:
    assert client.post("/v1/tenants", json=TENANT, headers=STAFF).status_code == 201
    request = hand_over(client, **ALL)
    found = shown(client, request)
    for name in ("text", "more", "article", "question_id", "link", "time_zone", "place", "via"):
        assert found[name] == ALL[name], name
    assert found["contact"] == {"name": "Dana Reyes", "email": None, "organisation": None}
    assert (found["tenant"], found["tenant_name"], found["actor"]) == ("acme", "Acme", DANA)
    assert found["zoom"] == {"state": "not_connected", "cause": "never_connected"}
    assert (found["minutes_left"], found["openings"], found["version"], found["said"]) == (120, 1, 0, [])
    ((owed, payload),) = told(runtime, telling.OPENED)
    assert (owed.place, owed.about, payload) == ("staff", request, {"request": request, "tenant": "acme"})


def test_what_people_wrote_is_sealed(client: TestClient, runtime: Runtime) -> None:
    hand_over(client, **ALL)
    (row,) = kept(runtime)
    for column in ("text", "more", "link", "contact"):
        assert getattr(row, column).startswith("v1."), column


def test_a_form_sent_twice_is_one_request(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    request = hand_over(client)
    clock.move(60)
    again = client.post(REQUESTS, json=ASKED | {"text": "sent again"}, headers=AS_DANA)
    assert (again.status_code, again.json()["id"], again.json()["text"]) == (200, request, ASKED["text"])
    assert len(clocks(runtime)) == len(told(runtime, telling.OPENED)) == 1
    assert happened(runtime) == ["opened"]


def test_another_persons_key_shows_nothing_of_theirs(client: TestClient) -> None:
    hand_over(client)
    refused = client.post(REQUESTS, json=ASKED, headers=AS_EVE)
    assert (refused.status_code, refused.json()["field"]) == (409, "key")
    assert ASKED["text"] not in refused.text


def test_nobody_is_turned_away_over_a_tenant_or_a_zone_that_is_not_known(client: TestClient) -> None:
    found = shown(client, hand_over(client, time_zone="Mars/Olympus"))
    assert (found["tenant"], found["tenant_name"], found["zoom"], found["time_zone"]) == (None, None, None, None)
    stranger = {"X-Actor": "slack:T9/U9", "X-Role": "nobody"}
    assert shown(client, hand_over(client, stranger, key="view:V2"))["actor"] == "slack:T9/U9"


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"via": "web"}, {"link": "javascript:alert(1)"}, {"question_id": "'"}]
)
def test_what_is_out_of_bounds_is_refused(client: TestClient, wrong: dict[str, object]) -> None:
    refused = client.post(REQUESTS, json=ASKED | wrong, headers=AS_DANA)
    assert (refused.status_code, refused.json()["field"]) == (422, next(iter(wrong)))


def test_a_request_is_a_persons(client: TestClient) -> None:
    refused = client.post(REQUESTS, json=ASKED)
    assert (refused.status_code, refused.json()["field"]) == (422, "X-Actor")


def test_out_of_hours_the_clock_begins_with_the_next_opening(client: TestClient, clock: TestClock) -> None:
    clock.now += timedelta(hours=8)  # 18:30 in Los Angeles
    opened = client.post(REQUESTS, json=ASKED | {"place": THREAD}, headers=AS_DANA).json()
    assert opened["respond_by"] == "2025-01-15T19:00:00Z"
