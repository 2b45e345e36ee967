"""Staff hear of what did not surely arrive."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from tests.integration.asking import acknowledge, claim
from tests.integration.desk.steps import AS_DANA, AS_SAM, answered, hand_over, stand_card, told

NOT_SURELY = [("gave_up", "has not"), ("possibly_delivered", "may not have")]
QUESTION = f"Why must I connect again, {'and again ' * 20}?\nThanks"


def told_when(client: TestClient, kind: str, outcome: str) -> list[dict[str, Any]]:
    """What staff are told when all of this kind end so."""
    for one in claim(client):
        acknowledge(client, one["id"], outcome if one["kind"] == kind else "delivered", reason="user_disabled")
    return [dict(one["payload"]) for one in claim(client) if one["kind"] == "staff.notice"]  # type: ignore[call-overload]


@pytest.mark.parametrize(("outcome", "perhaps"), NOT_SURELY)
def test_of_an_answer_that_did_not_surely_arrive_they_hear_whose_it_was_and_what_to_do(
    client: TestClient, outcome: str, perhaps: str
) -> None:
    assert client.post("/v1/tenants", json={"id": "acme", "name": "Acme Corp"}, headers=AS_SAM).status_code == 201
    request = hand_over(client, name="Dana", text=QUESTION)
    answered(client, request)
    (notice,) = told_when(client, "support_request.answered", outcome)
    assert (notice["topic"], notice["data"]) == ("undelivered_answer", {"request": request})
    assert notice["title"] == f"Your answer {perhaps} reached Dana (Acme Corp)"
    assert "“Why must I connect again, and again" in notice["text"]
    assert "Thanks" not in notice["text"]
    assert "user_disabled" in notice["text"]
    assert "an admin of Acme Corp" in notice["text"]


@pytest.mark.parametrize(("outcome", "perhaps"), NOT_SURELY)
def test_of_a_request_whose_card_does_not_surely_stand_they_hear_too(
    client: TestClient, outcome: str, perhaps: str
) -> None:
    request = hand_over(client)
    (notice,) = told_when(client, "support_request.opened", outcome)
    assert (notice["topic"], notice["data"]) == ("undelivered_request", {"request": request})
    assert f"{perhaps} been shown" in notice["title"]
    assert "user_disabled" in notice["text"]


def test_a_card_that_stands_needs_no_word_of_its_delivery(client: TestClient) -> None:
    request = hand_over(client)
    (card,) = claim(client)
    stand_card(client, request)
    acknowledge(client, card["id"], "possibly_delivered")
    assert claim(client) == []


def test_what_was_delivered_staff_need_not_hear_of(client: TestClient, runtime: Runtime) -> None:
    answered(client, hand_over(client))
    assert told_when(client, "support_request.answered", "delivered") == []
    assert told(runtime, "staff.notice") == []


def test_nothing_of_a_person_stays_in_what_staff_were_told(client: TestClient, runtime: Runtime) -> None:
    answered(client, hand_over(client, name="Dana"))
    assert len(told_when(client, "support_request.answered", "gave_up")) == 1
    forgotten = client.delete("/v1/people", params={"actor": AS_DANA["X-Actor"]}, headers=AS_SAM)
    assert forgotten.status_code == 200
    assert told(runtime, "staff.notice") == []
