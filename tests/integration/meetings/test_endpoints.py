"""`GET …/duration` over HTTP: its JSON, its problems, and whom it is open to."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.meetings.views import DurationAnswer
from integration.runtime import Runtime
from tests.integration.reports.rows import MEETING_ID, NOW, Rows, at

PATH = "/v1/tenants/acme/duration"
STAFF = {"X-Actor": "slack:T1/U1", "X-Role": "staff"}
ADMIN = {"X-Actor": "slack:T1/U1", "X-Role": "admin", "X-Tenant": "acme"}
START = at("2025-01-10 15:00")
NAMES = {
    *("tenant", "time_zone", "meeting_id", "title", "event", "scheduled_seconds", "actual_seconds", "counted_seconds"),
    *("adjustment_seconds", "reason", "explanation", "next_step", "article", "rule", "sessions", "gaps", "overlaps"),
    *("occurrence", "others", "more"),
}


@pytest.fixture
def held(runtime: Runtime) -> str:
    """An hour's event of acme's with a call of 45 minutes; its row's id."""
    with runtime.database.writing() as session:
        rows = Rows(session, runtime.vault).tenant().connected().asked(at("2024-06-01 00:00"), NOW)
        event = rows.event(START, actual_seconds=2700, title="Kick-off")
        rows.call(START, 45, event=event, uuid="/ab+CD/efGHijKLmnOPqrA==")
        return event


def test_the_answer_as_json(client: TestClient, held: str) -> None:
    response = client.get(PATH, params={"meeting": "932 0123 5621"}, headers=ADMIN)
    DurationAnswer.model_validate_json(response.content)  # which is made without looking at its types
    answer = response.json()
    assert set(answer) == NAMES
    assert {key: answer[key] for key in ("tenant", "meeting_id", "scheduled_seconds", "counted_seconds", "reason")} == {
        "tenant": "acme",
        "meeting_id": MEETING_ID,
        "scheduled_seconds": 3600,
        "counted_seconds": 2700,
        "reason": "adjusted",
    }
    assert answer["event"] | {"html_link": ""} == {
        "id": held,
        "title": "Kick-off",
        "start": "2025-01-10T15:00:00Z",
        "end": "2025-01-10T16:00:00Z",
        "organizer": "jonas@acme.example",
        "customers": ["Globex"],
        "html_link": "",
    }
    assert answer["sessions"] == [
        {
            "uuid": "/ab+CD/efGHijKLmnOPqrA==",
            "start": "2025-01-10T15:00:00Z",
            "end": "2025-01-10T15:45:00Z",
            "state": "ended",
        }
    ]
    assert (answer["occurrence"], answer["others"], answer["more"]) == (held, [], False)


@pytest.mark.parametrize(
    "query",
    [
        "meeting=%2Fab%2BCD%2FefGHijKLmnOPqrA%3D%3D",
        "meeting=/ab+CD/efGHijKLmnOPqrA==",
        "meeting=932-0123-5621&on=2025-01-10",
    ],
)
def test_a_uuid_may_stand_in_the_address_as_it_is(client: TestClient, held: str, query: str) -> None:
    assert client.get(f"{PATH}?{query}", headers=ADMIN).json()["occurrence"] == held


def test_an_occurrence_is_enough(client: TestClient, held: str) -> None:
    assert client.get(PATH, params={"occurrence": held}, headers=STAFF).json()["counted_seconds"] == 2700


def test_nothing_found_says_why_and_what_to_do(client: TestClient, held: str) -> None:
    response = client.get(PATH, params={"meeting": MEETING_ID, "on": "2025-01-09"}, headers=ADMIN)
    problem = response.json()
    assert (response.status_code, problem["cause"], problem["field"]) == (404, "not_on_that_day", "on")
    assert [(one["occurrence"], one["title"], one["start"]) for one in problem["others"]] == [
        (held, "Kick-off", "2025-01-10T15:00:00Z")
    ]
    assert problem["remedy"]
    unknown = client.get(PATH, params={"meeting": "111 2222 3333"}, headers=ADMIN).json()
    assert (unknown["status"], unknown["cause"], unknown["others"]) == (404, "never_seen", [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "meeting"),
        ({"meeting": "kick-off"}, "meeting"),
        ({"meeting": "x" * 2001}, "meeting"),
        ({"meeting": MEETING_ID, "on": "yesterday"}, "on"),
        ({"meeting": MEETING_ID, "on": "2099-01-01"}, "on"),
        ({"occurrence": "\0"}, "occurrence"),
    ],
)
def test_what_cannot_be_read_names_the_field(client: TestClient, held: str, query: dict[str, Any], field: str) -> None:
    response = client.get(PATH, params=query, headers=ADMIN)
    assert (response.status_code, response.json()["field"]) == (422, field)


def test_it_is_open_to_the_tenant_s_admins_and_to_staff_alone(client: TestClient, held: str) -> None:
    for headers, status in [
        (STAFF, 200),
        (ADMIN, 200),
        (ADMIN | {"X-Tenant": "globex"}, 403),
        (ADMIN | {"X-Role": "member"}, 403),
        ({}, 403),
    ]:
        response = client.get(PATH, params={"meeting": MEETING_ID}, headers=headers)
        assert response.status_code == status
        assert (MEETING_ID in response.text) is (status == 200)


def test_an_occurrence_of_another_tenant_is_not_found(client: TestClient, runtime: Runtime, held: str) -> None:
    with runtime.database.writing() as session:
        Rows(session, runtime.vault, "globex").tenant()
    theirs = ADMIN | {"X-Tenant": "globex"}
    for query in ({"occurrence": held}, {"meeting": MEETING_ID}, {"meeting": "/ab+CD/efGHijKLmnOPqrA=="}):
        response = client.get("/v1/tenants/globex/duration", params=query, headers=theirs)
        assert response.status_code == 404
        assert "Kick-off" not in response.text


def test_an_unknown_tenant_is_named(client: TestClient, held: str) -> None:
    response = client.get("/v1/tenants/acmee/duration", params={"meeting": MEETING_ID}, headers=STAFF)
    assert (response.status_code, response.json()["field"]) == (404, "tenant")
    assert "acme" in response.json()["remedy"]
