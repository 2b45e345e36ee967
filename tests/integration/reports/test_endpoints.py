"""`GET …/meeting-hours` and `…/meetings` over HTTP: JSON, CSV, pages, problems, and whom they are open to."""

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.reports.accepting import prefers
from integration.reports.views import Hours
from integration.runtime import Runtime
from tests.integration.reports.rows import NOW, Rows, at

HOURS, MEETINGS = "/v1/tenants/acme/meeting-hours", "/v1/tenants/acme/meetings"
STAFF = {"X-Actor": "slack:T1/U1", "X-Role": "staff"}
ADMIN = {"X-Actor": "slack:T1/U1", "X-Role": "admin", "X-Tenant": "acme"}
JANUARY = {"from": "2025-01-01", "to": "2025-01-31"}


@pytest.fixture
def events(runtime: Runtime) -> list[str]:
    """Three meetings of acme's, the latest first; one of them with two customers."""
    with runtime.database.writing() as session:
        rows = Rows(session, runtime.vault).tenant().connected().asked(at("2024-06-01 00:00"), NOW)
        return [
            rows.event(at("2025-01-12 09:00"), meeting=None, title="Lunch"),
            rows.event(at("2025-01-11 09:00"), customers=["Globex", "=HYPERLINK(1)"], actual_seconds=2700),
            rows.event(at("2025-01-10 09:00"), actual_seconds=3900, title="Kick-off"),
        ]


def test_the_report_as_json(client: TestClient, events: list[str]) -> None:
    response = client.get(HOURS, params=JANUARY, headers=ADMIN)
    Hours.model_validate_json(response.content)  # which is made without looking at its types
    report = response.json()
    assert set(report) == {
        *("tenant", "time_zone", "from", "to", "group_by", "groups", "total", "counted_more_than_once", "uncounted"),
        *("pending", "rule"),
    }
    assert set(report["groups"][0]) == {
        *("key", "name", "meetings", "scheduled_seconds", "counted_seconds", "uncounted")
    }
    assert {name: report[name] for name in ("tenant", "time_zone", "from", "to", "group_by", "pending")} == {
        "tenant": "acme",
        "time_zone": "Europe/Berlin",
        "from": "2025-01-01",
        "to": "2025-01-31",
        "group_by": "customer",
        "pending": 0,
    }
    assert [(one["name"], one["meetings"], one["counted_seconds"], one["uncounted"]) for one in report["groups"]] == [
        ("Globex", 3, 10200, 1),
        ("=HYPERLINK(1)", 1, 2700, 0),
    ]
    assert report["total"] == {"meetings": 3, "scheduled_seconds": 10800, "counted_seconds": 10200}
    assert report["counted_more_than_once"] == {"meetings": 1, "scheduled_seconds": 3600, "counted_seconds": 2700}
    assert report["uncounted"] == {"not_on_zoom": 1}
    assert "rounded" in report["rule"]


@pytest.mark.parametrize(("query", "headers"), [({"format": "csv"}, {}), ({}, {"Accept": "text/csv"})])
def test_the_report_as_csv(
    client: TestClient, events: list[str], query: dict[str, str], headers: dict[str, str]
) -> None:
    response = client.get(HOURS, params=JANUARY | query, headers=ADMIN | headers)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    named = 'attachment; filename="meeting-hours-acme-2025-01-01-2025-01-31-by-customer.csv"'
    assert response.headers["content-disposition"] == named
    assert response.content.startswith(b"\xef\xbb\xbfCustomer,Meetings,")
    assert response.content.count(b"\r\n") == response.content.count(b"\n") == 5
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[1:] == [
        ["Globex", "3", "3.00", "2.83", "-0.17", "10800", "10200", "1"],
        ["'=HYPERLINK(1)", "1", "1.00", "0.75", "-0.25", "3600", "2700", "0"],
        ["Counted for several customers", "-1", "-1.00", "-0.75", "0.25", "-3600", "-2700", "0"],
        ["Total", "3", "3.00", "2.83", "-0.17", "10800", "10200", "1"],
    ]
    for column in (1, 5, 6, 7):
        assert sum(int(line[column]) for line in lines[1:-1]) == int(lines[-1][column])


def test_json_asked_for_by_name_wins_over_the_header(client: TestClient, events: list[str]) -> None:
    response = client.get(HOURS, params={"format": "json"}, headers=ADMIN | {"Accept": "text/csv"})
    assert response.headers["content-type"] == "application/json"


def test_who_would_rather_have_json_gets_it_and_caches_are_told(client: TestClient, events: list[str]) -> None:
    response = client.get(HOURS, headers=ADMIN | {"Accept": "application/json, text/csv;q=0.1"})
    assert (response.headers["content-type"], response.headers["vary"]) == ("application/json", "Accept")


@pytest.mark.parametrize(
    ("accept", "as_csv"),
    [
        ("text/csv", True),
        ("Text/CSV; charset=utf-8; header=present", True),
        ("text/csv, */*", True),
        ("text/csv, application/json;q=0.9", True),
        ("text/*, application/json;q=0.5", True),
        ("text/html, text/csv;q=0.2", True),
        ("text/csv, application/json", False),
        ("application/json, text/csv;q=0.1", False),
        ("text/csv;q=0.3, */*;q=0.4", False),
        ("text/csv;q=0", False),
        ("text/csv;q=much", False),
        ("application/text/csv", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_csv_is_for_who_prefers_it_to_json(accept: str, *, as_csv: bool) -> None:
    assert prefers(accept, "text/csv", to="application/json") is as_csv


def test_the_meetings_behind_a_number_page_by_page(client: TestClient, events: list[str]) -> None:
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = JANUARY | {"limit": 2}
    while True:
        page = client.get(MEETINGS, params=query, headers=ADMIN).json()
        found += page["meetings"]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert [one["occurrence"] for one in found] == events
    assert [one["reason"] for one in found] == ["not_on_zoom", "adjusted", "adjusted"]
    assert found[1]["customers"] == ["Globex", "=HYPERLINK(1)"]
    assert found[2] | {"occurrence": ""} == {
        "occurrence": "",
        "meeting_id": "93201235621",
        "title": "Kick-off",
        "start": "2025-01-10T09:00:00Z",
        "end": "2025-01-10T10:00:00Z",
        "organizer": "jonas@acme.example",
        "customers": ["Globex"],
        "scheduled_seconds": 3600,
        "counted_seconds": 3900,
        "reason": "adjusted",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"reason": "adjusted"}, 2),
        ({"uncounted": "true"}, 1),
        ({"customer": "=hyperlink(1)"}, 1),
        ({"organizer": "jonas@acme.example", "to": "2025-01-11"}, 2),
    ],
)
def test_meetings_may_be_narrowed_down(
    client: TestClient, events: list[str], query: dict[str, str], count: int
) -> None:
    assert len(client.get(MEETINGS, params=JANUARY | query, headers=ADMIN).json()["meetings"]) == count


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        (HOURS, {"from": "2025-02-01", "to": "2025-01-01"}, "from"),
        (HOURS, {"from": "last week"}, "from"),
        (HOURS, {"group_by": "day"}, "group_by"),
        (HOURS, {"customer": "Hooli"}, "customer"),
        (HOURS, {"customer": "\0"}, "customer"),
        (HOURS, {"from": "2015-01-01"}, "from"),
        (MEETINGS, {"after": "x"}, "after"),
        (MEETINGS, {"after": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5IGE="}, "after"),  # a moment that no calendar has
        (MEETINGS, {"after": "MCAA"}, "after"),  # a row's id that no database takes
        (MEETINGS, {"reason": "because"}, "reason"),
        (MEETINGS, {"limit": "501"}, "limit"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    client: TestClient, events: list[str], path: str, query: dict[str, str], field: str
) -> None:
    response = client.get(path, params=query, headers=ADMIN)
    assert (response.status_code, response.json()["field"]) == (422, field)
    assert response.json()["remedy"]


@pytest.mark.parametrize("path", [HOURS, MEETINGS])
def test_nobody_sees_another_tenant_s_numbers(client: TestClient, events: list[str], path: str) -> None:
    for headers, status in [
        (STAFF, 200),
        (ADMIN, 200),
        (ADMIN | {"X-Tenant": "globex"}, 403),
        (ADMIN | {"X-Role": "member"}, 403),
        ({}, 403),
    ]:
        assert client.get(path, params=JANUARY, headers=headers).status_code == status
