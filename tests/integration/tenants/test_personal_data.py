"""What is kept of one person ends when they ask for it; everybody else's stays."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from integration.db import Base
from integration.desk.opening import Contact, NewRequest, open_request
from integration.notification_kinds import KINDS
from integration.notifications import outcomes
from integration.notifications import service as notifications
from integration.notifications.models import Notification
from integration.notifications.outcomes import Ack
from integration.runtime import Runtime
from integration.tenants.models import Preference
from integration.tenants.personal_data import DELETED
from tests.integration.asking import ask, leave_unanswered
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import (
    AS_DANA,
    AS_EVE,
    AS_SAM,
    DANA,
    THREAD,
    act,
    answered,
    clocks,
    hand_over,
    kept,
    shown,
    stand_card,
    told,
)

EVE = AS_EVE["X-Actor"]
WORDS = ("Xylophone", "Marimba", "Celesta", "Timpani")


def forget(client: TestClient, actor: str = DANA) -> dict[str, int]:
    response = client.delete("/v1/people", params={"actor": actor}, headers=AS_SAM)
    assert response.status_code == 200, response.text
    deleted: dict[str, int] = response.json()["deleted"]
    return deleted


def everything(runtime: Runtime) -> str:
    """All that is stored, opened where it is sealed."""
    found: list[Any] = []
    with runtime.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                key = "/".join(str(row[column.name]) for column in table.primary_key)
                for name, value in row.items():
                    sealed = table.columns[name].info.get("sealed") and value is not None
                    place = {"table": table.name, "column": name, "row": key}
                    found.append(runtime.vault.open(value, **place) if sealed else str(value))
    return json.dumps(found, ensure_ascii=False)


@pytest.fixture
def past(client: TestClient, runtime: Runtime, clock: TestClock) -> tuple[str, str]:
    """Dana and Eve asked, rated each other's answers, and handed over: Dana's one is answered, one waits."""
    for actor in (DANA, EVE):
        question = ask(client, key=actor, actor=actor, text=f"{WORDS[0]} of {actor}?")
        for by in (DANA, EVE):
            said = {"actor": by, "helpful": False, "comment": f"{WORDS[1]} by {by}"}
            client.post(f"/v1/questions/{question}/feedback", json=said)
        with runtime.database.writing() as session:
            session.add(Preference(actor=actor, news=False, changed_at=clock.now))
            notifications.owe(
                session, runtime.vault, kind="k", about=actor, payload={"text": WORDS[0]}, now=clock.now, place=actor
            )
    first = hand_over(client, text=f"{WORDS[2]}?", more=WORDS[3], link="https://slack.example/1", key="view:D1")
    stand_card(client, first)
    answered(client, first, text=f"{WORDS[3]} for you")
    act(client, first, "write", AS_DANA, key=f"message:{DANA}", text=WORDS[1])
    hand_over(client, AS_EVE, key="view:E1", text="Eve's words", place="slack:T0ACME/D2/1.1")
    return first, hand_over(client, key="view:D2", text=WORDS[2], place=None)


def test_nothing_of_a_person_is_left_and_all_of_the_others(
    client: TestClient, runtime: Runtime, clock: TestClock, past: tuple[str, str]
) -> None:
    leave_unanswered(runtime, clock)
    deleted = forget(client)
    assert deleted == {
        "question_feedback": 3,
        "questions": 1,
        "person_preferences": 1,
        "notifications": 4,
        "support_requests": 2,
    }
    left = everything(runtime)
    assert DANA not in left
    assert THREAD not in left
    assert not [word for word in WORDS[2:] if word in left]
    assert f"{WORDS[0]} of {EVE}?" in left
    assert f"{WORDS[1]} by {EVE}" in left
    assert "Eve's words" in left


def test_how_the_promise_was_kept_stays_and_what_waits_is_resolved(
    client: TestClient, runtime: Runtime, past: tuple[str, str]
) -> None:
    answered_one, waiting = past
    before = [(clock.started_at, clock.respond_by) for clock in clocks(runtime)]
    forget(client)
    assert [(clock.started_at, clock.respond_by) for clock in clocks(runtime)] == before
    requests = {one.id: one for one in kept(runtime)}
    assert (requests[waiting].state, requests[waiting].actor) == ("resolved", None)
    card = shown(client, answered_one)
    assert (card["text"], card["more"], card["actor"], card["state"]) == (DELETED, None, None, "resolved")
    assert told(runtime, "support_request.changed")[-1][1]["request"] == answered_one  # its card is drawn anew


def test_what_they_were_to_be_told_in_their_conversation_goes_too(client: TestClient, runtime: Runtime) -> None:
    act(client, hand_over(client), "resolve")
    assert [row.place for row, _ in told(runtime, "support_request.closed")] == [THREAD]
    forget(client)
    assert told(runtime, "support_request.closed") == []


def test_whoever_used_the_form_of_the_help_centre_is_known_by_their_address(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    for number, address in enumerate(("Ann@acme.example", "bob@acme.example")):
        contact = Contact(name="Somebody", email=address)
        new = NewRequest(f"form:{number}", WORDS[number], "web", contact=contact)
        with runtime.database.writing() as session:
            open_request(session, runtime.vault, new, clock.now)
    assert forget(client, "ann@ACME.example") == {"support_requests": 1}
    left = everything(runtime)
    assert [word in left for word in ("Ann@", WORDS[0], "bob@", WORDS[1])] == [False, False, True, True]


def test_who_forgets_and_who_says_that_an_answer_arrived_wait_for_each_other(
    client: TestClient, runtime: Runtime
) -> None:
    answered(client, hand_over(client))
    ((answer, _),) = told(runtime, "support_request.answered")
    with ThreadPoolExecutor(1) as pool, runtime.database.writing() as session:
        session.get_one(Notification, answer.id, with_for_update=True)
        forgetting = pool.submit(forget, client)
        until_somebody_waits(session)
        outcomes.acknowledge(session, runtime.vault, KINDS, answer.id, Ack("delivered"), runtime.clock())
        session.commit()
        assert forgetting.result()["support_requests"] == 1


def until_somebody_waits(session: Session) -> None:
    """On SQLite there is one writer anyway."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while session.get_bind().dialect.name == "postgresql" and not session.scalar(waiting):
        pass


def test_done_again_it_finds_no_more(client: TestClient, past: tuple[str, str]) -> None:
    forget(client)
    assert forget(client) == {}
    assert forget(client, "slack:T0ACME/UNOBODY") == {}


def test_only_staff_may(client: TestClient) -> None:
    for headers in (AS_DANA, {}, AS_DANA | {"X-Role": "admin"}):
        assert client.delete("/v1/people", params={"actor": DANA}, headers=headers).status_code == 403
    assert client.delete("/v1/people", headers=AS_SAM).status_code == 422
