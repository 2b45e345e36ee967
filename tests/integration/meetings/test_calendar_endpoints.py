"""The addresses at which calendars are sent and customers are named."""

import logging
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from tests.integration.asking import work
from tests.integration.meetings.planning import Books, google_event

EVENTS = "/v1/tenants/acme/calendar-events"
CUSTOMERS = "/v1/tenants/acme/customers"
ADMIN = {"X-Actor": "slack:T1/U1", "X-Role": "admin", "X-Tenant": "acme"}
STAFF = {"X-Actor": "slack:TR/US", "X-Role": "staff"}


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def send(client: TestClient, *items: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.put(EVENTS, json={"items": items}, headers=headers)


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.json()
    assert found["remedy"]
    return found


def test_a_sync_sends_events_and_hears_what_became_of_each(client: TestClient, books: Books) -> None:
    answer = send(client, google_event(), google_event("e2", people=["jo@gmail.com"]), {"id": "e3"}, 5)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["stored"], found["unchanged"]) == (2, 0)
    assert [(one["index"], one["id"], one["field"]) for one in found["errors"]] == [
        (2, "e3", "start"),
        (3, None, "item"),
    ]
    assert send(client, google_event()).json() == {"stored": 0, "unchanged": 1, "errors": []}
    assert len(books.rows()) == 2


def test_a_sync_may_say_whose_calendar_it_is(client: TestClient, books: Books) -> None:
    for whose in ("kim@acme.example", "jonas@acme.example"):
        assert client.put(EVENTS, json={"items": [google_event()], "calendar": whose}).status_code == 200
    gone = {"items": [{"id": "e1", "status": "cancelled"}], "calendar": "kim@acme.example"}
    assert client.put(EVENTS, json=gone).json()["unchanged"] == 1
    assert client.put(EVENTS, json=gone | {"calendar": "jonas@acme.example"}).json()["stored"] == 1


def test_more_than_google_gives_at_a_time_is_refused_by_its_field(client: TestClient, books: Books) -> None:
    refused = problem(send(client, *[{}] * 2501), 422)
    assert refused["field"] == "items"
    assert "2,500" in refused["remedy"]
    assert problem(client.put(EVENTS, json={"items": "all"}), 422)["field"] == "items"
    assert books.rows() == []


def test_a_tenant_that_is_not_there_is_404(client: TestClient) -> None:
    problem(client.put("/v1/tenants/nobody/calendar-events", json={"items": []}), 404)
    problem(client.get("/v1/tenants/nobody/customers", headers=STAFF), 404)
    problem(client.put("/v1/tenants/nobody/customers", json={"customers": []}, headers=STAFF), 404)


def test_calendars_are_for_programs_and_staff_alone(client: TestClient, books: Books) -> None:
    for somebody in (ADMIN, ADMIN | {"X-Role": "member"}, ADMIN | {"X-Role": "nobody"}, {"X-Actor": "slack:T1/U1"}):
        problem(send(client, google_event(), headers=somebody), 403)
    assert books.rows() == []
    assert send(client, google_event(), headers=STAFF).json()["stored"] == 1
    problem(send(client, google_event(), headers={"Authorization": "Bearer nobody-s-key-0123456789"}), 401)


def test_customers_are_listed_and_named(client: TestClient, books: Books, runtime: Runtime) -> None:
    send(client, google_event(people=["hank@globex.example", "anna@globex.de", "jo@gmail.com"]))
    found = client.get(CUSTOMERS, headers=ADMIN).json()["customers"]
    assert [one["name"] for one in found] == ["globex.de", "globex.example", "jo@gmail.com"]
    body = {"customers": [{"name": " Globex  Inc ", "domains": ["Globex.example"]}]}
    answer = client.put(CUSTOMERS, json=body, headers=ADMIN)
    assert answer.status_code == 200
    same_one = {"id": found[1]["id"], "name": "Globex Inc", "domains": ["globex.example"]}
    assert same_one in answer.json()["customers"]
    twice = [{"name": "Globex Inc", "domains": ["globex.de"]}, {"name": "Globex Inc", "domains": ["Jo@gmail.com"]}]
    client.put(CUSTOMERS, json={"customers": twice}, headers=ADMIN)
    work(runtime)
    (only,) = client.get(CUSTOMERS, headers=ADMIN).json()["customers"]
    assert only["domains"] == ["globex.de", "globex.example", "jo@gmail.com"]
    assert books.customers_in(books.row()) == ["Globex Inc"]


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({"name": "Mail", "domains": ["gmail.com"]}, "customers.0.domains.0"),
        ({"name": "Us", "domains": ["eu.acme.example"]}, "customers"),
        ({"name": "Nobody", "domains": []}, "customers.0.domains"),
        ({"name": "Nobody", "domains": ["nonsense"]}, "customers.0.domains.0"),
        ({"name": "  ", "domains": ["globex.example"]}, "customers.0.name"),
    ],
)
def test_names_that_cannot_be_are_refused(client: TestClient, books: Books, named: Any, field: str) -> None:
    refused = problem(client.put(CUSTOMERS, json={"customers": [named]}, headers=ADMIN), 422)
    assert refused["field"] == field
    assert books.customers() == {}


def test_customers_are_for_the_tenant_s_admins_and_for_staff(client: TestClient, books: Books) -> None:
    others: list[dict[str, str]] = [{}, ADMIN | {"X-Tenant": "globex"}, ADMIN | {"X-Role": "member"}]
    for somebody in others:
        problem(client.get(CUSTOMERS, headers=somebody), 403)
        problem(client.put(CUSTOMERS, json={"customers": []}, headers=somebody), 403)
    assert client.get(CUSTOMERS, headers=STAFF).json() == {"customers": []}
    assert books.customers() == {}


def test_nothing_that_people_wrote_reaches_the_log(
    client: TestClient, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(client, google_event(), google_event("e2", end=-5), {"id": "e3", "summary": ["Quarterly"]})
    client.put(CUSTOMERS, json={"customers": [{"name": "Hush", "domains": ["globex.example"]}]}, headers=ADMIN)
    assert list(books.customers()) == ["Hush"]
    for word in ("Quarterly", "globex", "hank", "jonas", "Hush", "93201235621"):
        assert word not in caplog.text
