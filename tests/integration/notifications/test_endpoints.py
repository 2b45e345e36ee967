import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from integration.notifications.models import Notification
from integration.notifications.service import BATCH, LEASE, LONGEST_PAUSE, MAX_ATTEMPTS
from integration.runtime import Runtime
from tests.integration.asking import ASKED, acknowledge, ask, claim, leave_unanswered, notifications, work
from tests.integration.conftest import TestClock

LEASE_SECONDS = LEASE.total_seconds()


@pytest.fixture
def question(client: TestClient, runtime: Runtime, clock: TestClock) -> str:
    """A question that was left unanswered, so that somebody must be told."""
    question = ask(client)
    leave_unanswered(runtime, clock)
    return question


def test_a_bot_gets_the_question_with_all_it_needs_to_answer(client: TestClient, question: str) -> None:
    (one,) = claim(client)
    assert (one["kind"], one["attempts"]) == ("question.unanswered", 1)
    more = {"id": question, "asked_at": "2025-01-14T18:30:00+00:00", "article": None, "support_request": None}
    payload = {"question": ASKED | more}
    assert one["payload"] == payload


def test_an_article_that_was_chosen_comes_with_the_question(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    ask(client, article="connect-zoom")
    leave_unanswered(runtime, clock)
    (one,) = claim(client)
    assert one["payload"]["question"]["article"] == "connect-zoom"  # type: ignore[index]


def test_nothing_owed_is_an_empty_list(client: TestClient) -> None:
    assert claim(client) == []


def test_what_one_bot_has_in_hand_no_other_gets_until_its_lease_ends(
    client: TestClient, question: str, clock: TestClock
) -> None:
    assert len(claim(client)) == 1
    clock.move(LEASE_SECONDS - 1)
    assert claim(client) == []
    clock.move(1)
    (again,) = claim(client)
    assert again["attempts"] == 2


@pytest.mark.parametrize(("outcome", "reason"), [("delivered", None), ("gave_up", "channel_not_found")])
def test_what_was_acknowledged_is_not_handed_out_again(
    client: TestClient, runtime: Runtime, clock: TestClock, question: str, outcome: str, reason: str | None
) -> None:
    (one,) = claim(client)
    more = {"reason": reason} if reason else {}
    assert acknowledge(client, one["id"], outcome, **more) == 204
    clock.move(LEASE_SECONDS * 10)
    assert claim(client) == []
    (kept,) = notifications(runtime)
    assert (kept.state, kept.reason) == (outcome, reason)
    assert said(runtime, kept) == "{}"


def test_the_first_outcome_stays(client: TestClient, runtime: Runtime, question: str) -> None:
    (one,) = claim(client)
    assert acknowledge(client, one["id"], "delivered") == 204
    assert acknowledge(client, one["id"], "gave_up") == 204
    assert [kept.state for kept in notifications(runtime)] == ["delivered"]


def said(runtime: Runtime, kept: Notification) -> str:
    """What is still kept of its words."""
    return runtime.vault.open(kept.payload, table="notifications", column="payload", row=kept.id)


def hand_out_in_vain(client: TestClient, clock: TestClock) -> None:
    for _ in range(MAX_ATTEMPTS):
        assert len(claim(client)) == 1
        clock.move(LONGEST_PAUSE.total_seconds())


def test_after_many_attempts_it_is_parked_with_a_warning(
    client: TestClient, runtime: Runtime, clock: TestClock, question: str, caplog: pytest.LogCaptureFixture
) -> None:
    hand_out_in_vain(client, clock)
    assert claim(client) == []
    with caplog.at_level(logging.WARNING):
        work(runtime)
    (kept,) = notifications(runtime)
    assert (kept.state, kept.attempts) == ("parked", MAX_ATTEMPTS)
    assert kept.reason == f"not acknowledged after {MAX_ATTEMPTS} attempts"
    assert f"parked after {MAX_ATTEMPTS} attempts" in caplog.text
    assert ASKED["text"] not in caplog.text
    assert said(runtime, kept) == "{}"


def test_a_parked_one_may_still_turn_out_delivered(
    client: TestClient, runtime: Runtime, clock: TestClock, question: str
) -> None:
    hand_out_in_vain(client, clock)
    work(runtime)
    (kept,) = notifications(runtime)
    assert acknowledge(client, kept.id) == 204
    assert [one.state for one in notifications(runtime)] == ["delivered"]


def test_it_is_handed_out_once_however_often_the_worker_looks(
    client: TestClient, runtime: Runtime, clock: TestClock, question: str
) -> None:
    for _ in range(3):
        clock.move(40)
        work(runtime)
    assert len(notifications(runtime)) == 1


@pytest.mark.parametrize("unknown", ["0" * 32, "nope"])
def test_one_that_does_not_exist_is_not_found(client: TestClient, unknown: str) -> None:
    assert acknowledge(client, unknown) == 404


@pytest.mark.parametrize("wait", ["-1", "31", "soon", "nan", "inf"])
def test_a_wait_out_of_bounds_is_refused(client: TestClient, wait: str) -> None:
    refused = client.post("/v1/notifications/claim", params={"wait": wait})
    assert refused.status_code == 422
    assert refused.json()["field"] == "wait"


def test_only_a_few_are_claimed_at_once_so_that_each_is_delivered_within_its_lease(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    for number in range(BATCH + 2):
        ask(client, key=f"Ev{number}")
    leave_unanswered(runtime, clock)
    first, second = claim(client), claim(client)
    assert (len(first), len(second)) == (BATCH, 2)
    assert len({one["id"] for one in first + second}) == BATCH + 2


def test_bots_that_claim_at_once_never_get_the_same(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    for number in range(40):
        ask(client, key=f"Ev{number}")
    leave_unanswered(runtime, clock)
    with ThreadPoolExecutor(6) as bots:
        hands = list(bots.map(lambda _: claim(client), range(18)))
    ids = [one["id"] for hand in hands for one in hand]
    assert len(ids) == len(set(ids)) == 40


def test_one_that_does_not_open_is_parked_and_does_not_hold_up_the_others(
    client: TestClient, runtime: Runtime, clock: TestClock, question: str
) -> None:
    with runtime.database.writing() as session:
        session.merge(notifications(runtime)[0]).payload = runtime.vault.seal("{}", table="x", column="y", row="z")
    ask(client, key="Ev2", text="Another?")
    leave_unanswered(runtime, clock)
    (one,) = claim(client)
    assert "Another?" in str(one["payload"])
    assert sorted(kept.state for kept in notifications(runtime)) == ["open", "parked"]


@pytest.mark.parametrize(("serves", "gets"), [("slack:T1", 1), ("slack:T", 0), ("slack:T2", 0), ("slack:_1", 0)])
def test_a_bot_gets_only_what_belongs_to_the_place_it_serves(
    client: TestClient, runtime: Runtime, clock: TestClock, serves: str, gets: int
) -> None:
    ask(client, place="slack:T1/C1/1700000000.000100")
    leave_unanswered(runtime, clock)
    assert len(claim(client, place=serves)) == gets
