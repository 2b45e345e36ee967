"""How often the promise was kept, as JSON and as the staff's page."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.reading import browser_of, people_of, read
from tests.integration.desk.requests import at, clock_row, request_row
from tests.integration.desk.steps import AS_DANA, AS_SAM

# In November 2026: started, stopped, ended.
NOVEMBER = [
    ("2026-11-02T10:00", "2026-11-02T10:20", "answered"),
    ("2026-11-03T10:00", "2026-11-03T12:00", "elsewhere"),
    ("2026-11-10T17:00", "2026-11-11T10:30", "answered"),  # 150 minutes
    ("2026-11-17T10:00", "2026-11-17T10:40", "answered"),
    ("2026-11-17T11:00", "2026-11-17T11:05", "closed"),
    ("2026-11-18T11:00", "2026-11-18T16:00", "closed"),
    ("2026-11-23T09:00", None, ""),
    ("2026-11-23T11:30", None, ""),
]
NOW = at("2026-11-23T12:00")


@pytest.fixture
def november(runtime: Runtime, clock: TestClock) -> None:
    clock.now = NOW
    with runtime.database.writing() as session:
        for number, (started, stopped, ended) in enumerate(
            [("2026-10-31T23:00", "2026-11-02T09:30", "answered"), *NOVEMBER]
        ):
            session.add(request_row(f"r{number}"))
            session.flush()
            session.add(clock_row(f"r{number}", started, stopped, ended))


@pytest.mark.usefixtures("november")
def test_a_month_in_numbers(client: TestClient) -> None:
    response = client.get("/v1/sla", headers=AS_SAM)
    assert response.status_code == 200, response.text
    found = response.json()
    weeks = found.pop("weeks")
    assert found == {
        "month": "2026-11",
        "first": "2026-11-01",
        "last": "2026-11-30",
        "time_zone": "America/Los_Angeles",
        "target_minutes": 120,
        "counted": 6,
        "kept": 3,
        "late": 1,
        "missed_open": 1,
        "missed_closed": 1,
        "share": 0.5,
        "median_minutes": 40.0,
        "p90_minutes": 150.0,
        "closed_without_response": 1,
        "still_open": 1,
    }
    assert [(week["first"][-2:], week["last"][-2:], week["counted"], week["kept"]) for week in weeks] == [
        ("01", "01", 0, 0),
        ("02", "08", 2, 2),
        ("09", "15", 1, 0),
        ("16", "22", 2, 1),
        ("23", "29", 1, 0),
    ]


@pytest.mark.usefixtures("november")
def test_other_months_and_what_is_none(client: TestClient) -> None:
    october = client.get("/v1/sla", params={"month": "2026-10"}, headers=AS_SAM).json()
    assert (october["counted"], october["kept"], october["median_minutes"]) == (1, 1, 30.0)
    empty = client.get("/v1/sla", params={"month": "2026-12"}, headers=AS_SAM).json()
    assert (empty["counted"], empty["share"], empty["median_minutes"], empty["weeks"]) == (0, None, None, [])
    refused = client.get("/v1/sla", params={"month": "2026-13"}, headers=AS_SAM)
    assert (refused.status_code, refused.json()["field"]) == (422, "month")


@pytest.mark.usefixtures("november")
def test_customers_read_the_share_of_the_last_90_days(client: TestClient, clock: TestClock) -> None:
    found = client.get("/v1/promise", headers=AS_DANA).json()
    assert found == {"days": 90, "counted": 7, "kept": 4, "share": 4 / 7, "median_minutes": 40.0}
    clock.now = at("2027-02-10T12:00")
    few = client.get("/v1/promise", headers=AS_DANA).json()
    assert (few["counted"], few["share"]) == (4, None)


def test_only_staff_see_the_months(client: TestClient) -> None:
    assert client.get("/v1/sla", headers=AS_DANA).status_code == 403
    assert client.get("/v1/sla").status_code == 403


# The page


@pytest.fixture
def staff(client: TestClient, runtime: Runtime, november: None) -> TestClient:
    """A browser in which one of the staff is signed in."""
    people_of(runtime)
    return browser_of(client)


def test_the_page_shows_the_month_its_weeks_and_the_months_before(staff: TestClient) -> None:
    page = read(staff, "/staff/sla")
    assert "Response times in November 2026" in page
    assert "Answered in time 50%" in page
    assert "3 of 6" in page
    assert "Median 40 min 9 of 10 within 2 h 30 min" in page
    assert "1 past the promised time and still waiting" in page
    assert "16–22 November 2026 2 1 50% 40 min 40 min" in page
    assert "October 2026 1 1 100% 30 min 30 min" in page
    assert "are of the 4 that were answered" in page
    assert "“In the last 90 days, 4 of 7 support requests had a response in time (57%).”" in page
    html = staff.get("/staff/sla").text
    assert html.count("<svg") == 2
    assert "2–8 November 2026: 2 in time" in html
    assert not re.search(r"<script>|<style|style=", html)


def test_another_month_can_be_chosen_and_an_empty_one_says_so(staff: TestClient) -> None:
    assert "Response times in October 2026" in read(staff, "/staff/sla?month=2026-10")
    assert "No support requests in this month" in read(staff, "/staff/sla?month=2026-07")
    assert "Write it like 2026-11" in read(staff, "/staff/sla?month=Juli", 422)


def test_nobody_else_sees_the_page(staff: TestClient, client: TestClient) -> None:
    refused = read(browser_of(client, AS_DANA | {"X-Role": "admin"}), "/staff/sla", 403)
    assert "not open to you" in refused
    assert "own people" in refused
    staff.cookies.clear()
    assert "You are not signed in here" in read(staff, "/staff/sla", 401)


def test_the_file_has_every_request_of_the_month(staff: TestClient) -> None:
    response = staff.get("/staff/sla.csv?month=2026-11")
    assert response.headers["Content-Disposition"] == 'attachment; filename="response-times-2026-11.csv"'
    heads, *lines = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")))
    assert (len(heads), len(lines)) == (6, len(NOVEMBER))
    assert lines[2] == [
        *("r3", "2026-11-11T01:00:00Z", "2026-11-11T18:00:00Z", "2026-11-11T18:30:00Z"),
        *("answered later than promised", "150.0"),
    ]
    assert [line[4] for line in lines].count("answered in time") == 3
    assert lines[-1][3:] == ["", "waiting with time left: not counted yet", ""]
