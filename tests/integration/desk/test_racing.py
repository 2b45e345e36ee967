"""Several people act on one request in the same moment."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from integration.desk import telling
from integration.runtime import Runtime
from tests.integration.desk.steps import (
    AS_DANA,
    AS_SAM,
    ASKED,
    REQUESTS,
    act,
    answered,
    clocks,
    hand_over,
    happened,
    shown,
    told,
)

MANY = 6


def test_of_many_who_claim_at_once_one_gets_it_and_the_others_are_told_who(
    client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    people = [AS_SAM | {"X-Actor": f"slack:T0RETAIN/U{number}"} for number in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool:
        responses = list(pool.map(lambda who: act(client, request, "claim", who), people))
    (winner,) = (one.json()["claimed_by"] for one in responses if one.status_code == 200)
    losers = [one for one in responses if one.status_code == 409]
    assert [one.json()["claimed_by"] for one in losers] == [winner] * (MANY - 1)
    assert happened(runtime) == ["opened", "claimed"]


def test_a_form_that_arrives_many_times_at_once_is_one_request(client: TestClient, runtime: Runtime) -> None:
    with ThreadPoolExecutor(MANY) as pool:
        responses = list(pool.map(lambda _: client.post(REQUESTS, json=ASKED, headers=AS_DANA), range(MANY)))
    assert sorted(one.status_code for one in responses) == [200] * (MANY - 1) + [201]
    assert len({one.json()["id"] for one in responses}) == 1
    assert len(clocks(runtime)) == len(told(runtime, telling.OPENED)) == 1


def test_answers_and_messages_at_once_are_all_kept_and_each_once(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    twice = [number // 2 for number in range(MANY)]

    def say(number: int) -> int:
        return act(client, request, "write", AS_DANA, key=f"m{number}", text=f"{number}", reopens=False).status_code

    with ThreadPoolExecutor(MANY + 1) as pool:
        answering = pool.submit(answered, client, request)
        assert set(pool.map(say, twice)) == {200}
        answering.result()
    found = shown(client, request)
    assert sorted(one["text"] for one in found["said"] if one["kind"] == "wrote") == ["0", "1", "2"]
    assert (found["state"], found["version"]) == ("answered", 4)
    assert [one.ended for one in clocks(runtime)] == ["answered"]
