from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.engine import URL

from integration.questions import service
from integration.questions.models import Feedback, Question
from integration.runtime import Runtime
from tests.integration.asking import ASKED, ask, leave_unanswered, mark_answered, notifications
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import hand_over, told


def text_of(runtime: Runtime) -> str:
    kept = only_question(runtime)
    return runtime.vault.open(kept.text, table="questions", column="text", row=kept.id)


def only_question(runtime: Runtime) -> Question:
    with runtime.database.reading() as session:
        return session.scalars(select(Question)).one()


def opinions(runtime: Runtime) -> list[Feedback]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Feedback).order_by(Feedback.actor)))


def test_a_question_is_recorded_as_it_was_asked(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    question_id = ask(client)
    kept = only_question(runtime)
    assert (kept.id, kept.key, kept.actor, kept.place) == (question_id, "Ev1", "slack:T1/U1", "slack:T1/C1/1.2")
    assert kept.asked_at == clock.now
    assert text_of(runtime) == ASKED["text"]


def test_who_somebody_is_is_not_kept(client: TestClient, runtime: Runtime) -> None:
    question = ask(client, text="<@U0BOT> I am ann@acme.example, why must I connect?")
    assert text_of(runtime) == "I am •••, why must I connect?"
    comment = {"actor": "slack:T1/U1", "helpful": False, "comment": "Call me: +1 415 555 0100"}
    assert client.post(f"/v1/questions/{question}/feedback", json=comment).status_code == 204
    (opinion,) = opinions(runtime)
    assert opinion.comment is not None
    row = f"{question}/slack:T1/U1"
    said = runtime.vault.open(opinion.comment, table="question_feedback", column="comment", row=row)
    assert said == "Call me: •••"


def test_what_is_written_in_a_requests_conversation_is_for_people_and_whole_until_it_reached_them(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    assert client.post("/v1/questions", json=ASKED).json()["support_request"] is None
    request = hand_over(client, place="slack:T0ACME/D1/7.7")
    wrote = {"key": "Ev2", "text": "Call me: +1 415 555 0100", "place": "slack:T0ACME/D1/7.7"}
    claimed = client.post("/v1/questions", json=ASKED | wrote).json()
    assert claimed["support_request"] == request
    assert client.post("/v1/questions", json=ASKED | wrote).json()["support_request"] == request
    clock.move(service.PATIENCE.total_seconds())
    mark_answered(client, claimed["id"])
    assert claimed["id"] not in [payload["question"]["id"] for payload in _unanswered(runtime)]
    kept = _texts(runtime)
    assert sorted(kept) == ["Call me: •••", ASKED["text"]]


def test_what_was_asked_before_it_was_handed_over_was_not_written_to_people(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    ask(client)
    clock.move(1)
    hand_over(client, place=ASKED["place"])
    assert client.post("/v1/questions", json=ASKED).json()["support_request"] is None
    leave_unanswered(runtime, clock)
    (payload,) = _unanswered(runtime)
    assert payload["question"]["support_request"] is None


def test_what_was_written_to_people_is_handed_out_whole(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    request = hand_over(client, place=ASKED["place"])
    ask(client, text="Call me: +1 415 555 0100")
    leave_unanswered(runtime, clock)
    (payload,) = _unanswered(runtime)
    assert (payload["question"]["text"], payload["question"]["support_request"]) == (
        "Call me: +1 415 555 0100",
        request,
    )


def _unanswered(runtime: Runtime) -> list[dict[str, Any]]:
    return [payload for _, payload in told(runtime, service.UNANSWERED) if payload]


def _texts(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        rows = session.scalars(select(Question)).all()
        return [runtime.vault.open(one.text, table="questions", column="text", row=one.id) for one in rows]


def test_a_key_is_claimed_once(client: TestClient) -> None:
    first = ask(client)
    refused = client.post("/v1/questions", json=ASKED | {"text": "the same event, delivered again"})
    assert refused.status_code == 409
    assert refused.json()["id"] == first
    assert refused.json()["answered"] is False
    mark_answered(client, first)
    assert client.post("/v1/questions", json=ASKED).json()["answered"] is True
    assert ask(client, key="Ev2") != first


@pytest.mark.parametrize("text", ["x", "x" * 40_000, "nul \0 inside", "🙂", "'; DROP TABLE questions; --", "a\r\n\tb"])
def test_any_words_can_be_asked(client: TestClient, runtime: Runtime, text: str) -> None:
    ask(client, text=text)
    kept = only_question(runtime)
    assert runtime.vault.open(kept.text, table="questions", column="text", row=kept.id) == text


def test_the_last_answer_counts_and_may_be_repeated(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    question = ask(client)
    mark_answered(client, question, status="unknown", article=None, confidence=None)
    mark_answered(client, question)
    clock.move(5)
    mark_answered(client, question)
    kept = only_question(runtime)
    assert (kept.status, kept.article, kept.confidence) == ("answered", "reauthorize-zoom", 0.9)
    assert kept.answered_at == clock.now


@pytest.mark.parametrize("wrong", [{"confidence": 1.1}, {"confidence": -0.1}, {"status": "maybe"}, {"article": "a\0"}])
def test_an_answer_out_of_bounds_is_refused(client: TestClient, wrong: dict[str, object]) -> None:
    body = {"status": "answered"} | wrong
    refused = client.post(f"/v1/questions/{ask(client)}/answered", json=body)
    assert refused.status_code == 422
    assert refused.json()["field"] == next(iter(wrong))


@pytest.mark.parametrize("unknown", ["0" * 32, "nope", "'", "0" * 33])
def test_a_question_that_does_not_exist_is_not_found(client: TestClient, unknown: str) -> None:
    for path, body in {"answered": {"status": "unknown"}, "feedback": {"actor": "a", "helpful": True}}.items():
        refused = client.post(f"/v1/questions/{unknown}/{path}", json=body)
        assert refused.status_code == 404
        assert refused.headers["content-type"] == "application/problem+json"


def test_everybody_has_one_opinion_and_the_last_one_counts(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    url = f"/v1/questions/{ask(client)}/feedback"
    client.post(url, json={"actor": "slack:T1/U1", "helpful": False, "comment": "No pictures."})
    client.post(url, json={"actor": "slack:T1/U2", "helpful": True})
    clock.move(60)
    last = {"actor": "slack:T1/U1", "helpful": True, "comment": "Found it after all."}
    assert client.post(url, json=last).status_code == 204
    one, other = opinions(runtime)
    assert (one.helpful, one.given_at) == (True, clock.now)
    assert one.comment is not None
    row = f"{one.question_id}/{one.actor}"
    comment = runtime.vault.open(one.comment, table="question_feedback", column="comment", row=row)
    assert comment == "Found it after all."
    assert (other.helpful, other.comment) == (True, None)


def test_an_answer_settles_what_was_owed_about_the_question(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    question = ask(client)
    leave_unanswered(runtime, clock)
    mark_answered(client, question)
    assert [one.state for one in notifications(runtime)] == ["settled"]


def test_what_people_wrote_is_not_in_the_database_file(
    client: TestClient, runtime: Runtime, clock: TestClock, database_url: URL
) -> None:
    question = ask(client, text="Xylophone in the boardroom?")
    comment = {"actor": "slack:T1/U1", "helpful": False, "comment": "Marimba, rather."}
    client.post(f"/v1/questions/{question}/feedback", json=comment)
    leave_unanswered(runtime, clock)
    kept = _everything_stored(runtime, database_url)
    assert b"slack:T1/U1" in kept
    assert b"Xylophone" not in kept
    assert b"Marimba" not in kept


def _everything_stored(runtime: Runtime, url: URL) -> bytes:
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        path = Path(url.database)
        return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    with runtime.database.reading() as session:
        rows: list[object] = [*session.scalars(select(Question)), *opinions(runtime), *notifications(runtime)]
        return b"\n".join(repr(vars(row)).encode() for row in rows)


def test_of_many_who_claim_a_key_at_once_one_gets_it(client: TestClient, runtime: Runtime) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post("/v1/questions", json=ASKED), range(24)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 23
    assert {answer.json()["id"] for answer in answers} == {only_question(runtime).id}
