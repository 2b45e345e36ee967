from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from integration.notifications import service
from integration.notifications.service import LEASE, LONGEST_PAUSE, MAX_ATTEMPTS
from integration.runtime import Runtime
from tests.integration.asking import acknowledge, claim, notifications, work
from tests.integration.conftest import TestClock


def owe(runtime: Runtime, about: str = "1", kind: str = "k", **payload: str) -> None:
    with runtime.database.writing() as session:
        service.owe(session, runtime.vault, kind=kind, about=about, payload=payload, now=runtime.clock(), place="staff")


def begin(client: TestClient, one: dict[str, object], **changes: object) -> tuple[int, dict[str, object]]:
    response = client.post(f"/v1/notifications/{one['id']}/begin", json={"attempt": one["attempts"], **changes})
    return response.status_code, response.json()


def test_who_begins_second_is_told_that_it_may_stand_and_since_when(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    owe(runtime)
    (first,) = claim(client)
    began = clock.now
    assert (first["begun"], begin(client, first)) == (False, (200, {"again": False, "since": f"{began:%FT%TZ}"}))
    clock.move(LEASE.total_seconds())
    (second,) = claim(client)
    assert (second["begun"], begin(client, second)) == (True, (200, {"again": True, "since": f"{began:%FT%TZ}"}))


def test_beginning_renews_the_lease(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    owe(runtime)
    (one,) = claim(client)
    clock.move(50)
    begin(client, one)
    clock.move(59)
    assert claim(client) == []
    clock.move(1)
    assert len(claim(client)) == 1


def test_only_who_has_it_in_hand_may_begin(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    owe(runtime)
    (slow,) = claim(client)
    clock.move(LEASE.total_seconds())
    (other,) = claim(client)
    status, problem = begin(client, slow)
    assert (status, problem["state"]) == (409, "open")
    assert begin(client, other)[0] == 200
    acknowledge(client, other["id"])
    assert begin(client, other)[1]["state"] == "delivered"
    assert client.post(f"/v1/notifications/{'0' * 32}/begin").status_code == 404


@pytest.mark.parametrize("attempt", [1, 2])
def test_what_was_certainly_not_sent_need_not_be_looked_for(
    client: TestClient, runtime: Runtime, clock: TestClock, attempt: int
) -> None:
    owe(runtime)
    (one,) = claim(client)
    begin(client, one)
    client.post(f"/v1/notifications/{one['id']}/ack", json={"outcome": "not_sent", "attempt": attempt})
    assert claim(client) == []
    clock.move(LEASE.total_seconds())
    (again,) = claim(client)
    assert again["begun"] is (attempt == 2)  # somebody else's word about an earlier try takes nothing back


def test_what_may_have_arrived_is_not_handed_out_again(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    owe(runtime)
    (one,) = claim(client)
    begin(client, one)
    assert acknowledge(client, one["id"], "possibly_delivered", reason="missing_scope") == 204
    clock.move(LONGEST_PAUSE.total_seconds())
    assert claim(client) == []
    assert [(kept.state, kept.reason) for kept in notifications(runtime)] == [("possibly_delivered", "missing_scope")]


def test_one_that_was_begun_and_never_acknowledged_may_have_arrived(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    owe(runtime)
    for attempt in range(MAX_ATTEMPTS):
        (one,) = claim(client)
        if attempt == 0:
            begin(client, one)
        clock.move(LONGEST_PAUSE.total_seconds())
    work(runtime)
    assert [kept.state for kept in notifications(runtime)] == ["possibly_delivered"]


def test_staff_see_what_reached_nobody_of_late(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    outcomes = {"1": "gave_up", "2": "delivered", "3": "possibly_delivered"}
    for about, outcome in outcomes.items():
        owe(runtime, about)
        (one,) = claim(client)
        acknowledge(client, one["id"], outcome, reason="is_archived")
        clock.now += timedelta(days=1)
    staff = {"X-Actor": "slack:T1/U1", "X-Role": "staff"}

    def seen(**query: int) -> list[tuple[str, str, str]]:
        response = client.get("/v1/notifications/undelivered", params=query, headers=staff)
        return [(one["state"], one["place"], one["reason"]) for one in response.json()["notifications"]]

    gave_up, possibly = (("gave_up", "staff", "is_archived"), ("possibly_delivered", "staff", "is_archived"))
    assert seen() == [possibly, gave_up]
    assert seen(days=2) == [possibly]
    refused = client.get("/v1/notifications/undelivered", headers=staff | {"X-Role": "admin", "X-Tenant": "acme"})
    assert refused.status_code == 403
