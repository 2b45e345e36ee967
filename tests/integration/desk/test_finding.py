from datetime import timedelta

from fastapi.testclient import TestClient

from integration.desk.finding import request_of_place
from integration.runtime import Runtime
from tests.integration.asking import acknowledge, claim
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import (
    AS_SAM,
    REQUESTS,
    THREAD,
    answered,
    done,
    hand_over,
    queue,
)


def of_place(runtime: Runtime, place: str) -> str | None:
    with runtime.database.reading() as session:
        return request_of_place(session, place, runtime.clock())


def test_the_queue_begins_with_who_waits_longest_and_ends_with_what_is_snoozed(
    client: TestClient, clock: TestClock
) -> None:
    requests = []
    for number in range(4):
        requests.append(hand_over(client, key=f"view:{number}"))
        clock.move(1800)
    first, second, third, fourth = requests
    done(client, first, "snooze", until=(clock.now + timedelta(minutes=10)).isoformat())
    done(client, third, "claim")
    assert queue(client) == [second, third, fourth, first]
    clock.move(600)
    assert queue(client) == [first, second, third, fourth]
    answered(client, second)
    done(client, third, "resolve")
    assert (queue(client), queue(client, "answered"), queue(client, "resolved")) == ([first, fourth], [second], [third])
    done(client, third, "reopen")
    assert queue(client) == [first, fourth, third]


def test_the_queue_says_how_many_messages_reached_nobody(client: TestClient, clock: TestClock) -> None:
    answered(client, hand_over(client))
    for one in claim(client):
        acknowledge(client, one["id"], "gave_up", reason="account_inactive")
    found = client.get(REQUESTS, params={"state": "answered"}, headers=AS_SAM).json()
    assert found["undelivered"] == 2
    (said,) = found["requests"][0]["said"]
    assert (said["delivery"], said["reason"]) == ("not_delivered", "account_inactive")
    clock.move(7 * 24 * 3600)
    assert client.get(REQUESTS, headers=AS_SAM).json()["undelivered"] == 0


def test_a_conversation_belongs_to_its_newest_request_that_is_not_resolved(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    assert of_place(runtime, THREAD) is None
    first = hand_over(client)
    clock.move(60)
    second = hand_over(client, key="view:V2")
    assert of_place(runtime, THREAD) == second
    done(client, second, "resolve")
    assert of_place(runtime, THREAD) == first
    done(client, first, "resolve")
    assert of_place(runtime, THREAD) == second


def test_the_place_where_answers_stand_is_kept(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client, place=None)
    place = {"place": "slack:T0ACME/D1/2.2"}
    assert client.put(f"{REQUESTS}/{request}/place", json=place).status_code == 204
    assert of_place(runtime, place["place"]) == request
    assert client.put(f"{REQUESTS}/{'0' * 32}/place", json=place).status_code == 404
