from typing import Any

from fastapi.testclient import TestClient

from integration.desk import telling
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import (
    AS_DANA,
    AS_EVE,
    AS_SAM,
    DANA,
    REQUESTS,
    act,
    answered,
    clocks,
    done,
    hand_over,
    happened,
    shown,
    told,
)


def write(client: TestClient, request: str, key: str = "message:1", **body: Any) -> dict[str, Any]:
    return done(client, request, "write", AS_DANA, **{"key": key, "text": "It says “token revoked”.", **body})


def test_what_is_added_while_it_waits_starts_no_new_clock(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    request = hand_over(client)
    clock.move(60)
    own = write(client, request)
    assert (own["state"], own["respond_by"]) == ("open", "2025-01-14T20:30:00Z")
    assert write(client, request, text="told twice") == own
    assert happened(runtime) == ["opened", "wrote"]
    found = shown(client, request)
    assert [(one["kind"], one["text"]) for one in found["said"]] == [("wrote", "It says “token revoked”.")]
    ((owed, payload),) = told(runtime, telling.WROTE)
    assert (owed.place, owed.about) == ("staff", found["said"][0]["id"])
    assert (payload["request"], payload["actor"], payload["text"]) == (request, DANA, found["said"][0]["text"])


def test_what_is_written_after_the_answer_opens_it_again_with_a_new_clock(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    request = hand_over(client)
    answered(client, request)
    clock.move(3600)
    own = write(client, request)
    assert (own["state"], own["claimed"], own["respond_by"]) == ("claimed", True, "2025-01-14T21:30:00Z")
    assert [(one.number, one.ended) for one in clocks(runtime)] == [(1, "answered"), (2, None)]
    assert happened(runtime) == ["opened", "answered", "reopened", "wrote"]
    done(client, request, "resolve")
    assert write(client, request, "message:2")["state"] == "claimed"
    assert len(clocks(runtime)) == 3


def test_thanks_reopen_nothing_and_reach_the_staff(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    answered(client, request)
    assert write(client, request, text="Thanks!", reopens=False)["state"] == "answered"
    assert len(clocks(runtime)) == len(told(runtime, telling.WROTE)) == 1


def test_its_asker_may_say_that_it_is_solved(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    solved = done(client, request, "solved", AS_DANA)
    assert (solved["state"], solved["ended"]) == ("resolved", "closed")
    assert done(client, request, "solved", AS_DANA) == solved
    (said,) = shown(client, request)["said"]
    assert (said["kind"], said["actor"]) == ("resolved", DANA)
    assert happened(runtime) == ["opened", "resolved"]


def test_nobody_else_writes_in_it(client: TestClient) -> None:
    request = hand_over(client)
    for who in (AS_EVE, AS_SAM):
        for what, body in {"write": {"key": "m", "text": "t"}, "solved": {}}.items():
            refused = act(client, request, what, who, **body)
            assert (refused.status_code, refused.json()["field"]) == (404, "id"), (who, what)


def test_people_see_their_own_until_they_are_resolved(client: TestClient, clock: TestClock) -> None:
    first = hand_over(client)
    clock.move(60)
    second = hand_over(client, key="view:V2")
    hand_over(client, AS_EVE, key="view:V3")

    def mine() -> list[str]:
        return [one["id"] for one in client.get(f"{REQUESTS}/mine", headers=AS_DANA).json()["requests"]]

    assert mine() == [second, first]
    answered(client, second)
    assert mine() == [second, first]
    done(client, second, "resolve")
    assert mine() == [first]
