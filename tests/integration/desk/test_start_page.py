"""The staff's first page: what needs somebody now."""

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.tenants.models import Tenant
from tests.integration.conftest import TestClock
from tests.integration.desk.reading import browser_of, people_of, read
from tests.integration.desk.steps import AS_DANA, AS_EVE, AS_SAM, answered, hand_over, told


@pytest.fixture
def office(client: TestClient, runtime: Runtime) -> TestClient:
    people_of(runtime)
    with runtime.database.writing() as session:
        session.get_one(Tenant, "acme").zoom_enabled = False
    return client


def test_when_all_is_well_it_says_so(office: TestClient) -> None:
    page = read(browser_of(office), "/staff")
    assert "Nothing needs anybody just now. Enjoy it." in page
    assert "Nobody is waiting." in page
    assert "None of them does." in page
    assert "Overdue 0 Wait for an answer 0 Nobody has them yet 0 In time this month –" in page


def test_the_most_urgent_of_everything_stands_there(office: TestClient, runtime: Runtime, clock: TestClock) -> None:
    lost = hand_over(office, AS_EVE, key="view:V0", name="Eve Moon")
    answered(office, lost)
    [(row, _)] = told(runtime, "support_request.answered")
    office.post("/v1/notifications/claim", headers={"X-Place": "slack:T0ACME, staff"})
    office.post(f"/v1/notifications/{row.id}/ack", json={"outcome": "gave_up", "reason": "user_not_found"})
    hand_over(office, AS_DANA, name="Dana Fox")
    clock.move(7260)
    hand_over(office, AS_EVE, key="view:V2", name="Eve Moon", text="And mine?")
    until = "2025-01-14T22:00:00Z"
    put = office.put("/v1/incident", json={"text": "Zoom is slow today.", "until": until}, headers=AS_SAM)
    assert put.status_code == 200
    page = read(browser_of(office), "/staff")
    assert (
        "1 request is overdue, 1 request waits with time left, 1 organisation needs attention, "
        "1 message may have reached nobody." in page
    )
    assert "Dana Fox (Acme Corp) Why must I connect again? Answer by 12:30 PT today, overdue by 1 min" in page
    assert page.index("Dana Fox") < page.index("And mine?")
    assert "Acme Corp A request is overdue" in page
    assert "“Zoom is slow today.” It stands until 14:00 PT today." in page
    assert "An answer to a support request: did not arrive (user not found), 10:30 PT today" in page
