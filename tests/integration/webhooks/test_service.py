"""Deliveries are acted upon in batches; what fails is tried again, and holds up nothing else."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from integration.meetings.models import MeetingSession
from integration.runtime import Runtime
from integration.webhooks.models import Webhook
from integration.webhooks.service import BATCH, MAX_ATTEMPTS, Processed, act_upon_due
from tests.integration.conftest import TestClock
from tests.integration.webhooks.steps import about, calls, connect, connection, states, work
from tests.integration.webhooks.zoom_says import event, stored, tell

NAMES_NOBODY = event("app_deauthorized", account_id="acc-1")


@pytest.fixture(autouse=True)
def acme(runtime: Runtime, clock: TestClock) -> None:
    connect(runtime, clock)


def break_call(runtime: Runtime, clock: TestClock, client: TestClient, damage: dict[str, Any]) -> None:
    """A call is known whose row is not as we left it: what comes next about it fails."""
    tell(client, about("meeting.started", uuid="broken"), clock.now)
    work(runtime, clock)
    with runtime.database.writing() as session:
        session.execute(update(MeetingSession).values(**damage))
    with runtime.database.writing() as session:
        session.query(Webhook).delete()


# A text that is not in the vault's format; an end that nobody told of.
REFUSED, BUG = {"topic": ""}, {"ended_at": MeetingSession.started_at}


@pytest.mark.parametrize(("damage", "reason"), [(REFUSED, "A stored text is not in"), (BUG, "a bug: TypeError")])
def test_what_fails_is_put_off_longer_each_time_and_then_parked(
    anonymous: TestClient,
    runtime: Runtime,
    clock: TestClock,
    caplog: pytest.LogCaptureFixture,
    damage: dict[str, Any],
    reason: str,
) -> None:
    break_call(runtime, clock, anonymous, damage)
    tell(anonymous, about("meeting.ended", uuid="broken", topic="Secret plans"), clock.now)
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert work(runtime, clock) == Processed(taken=1, of_nobody=0, failed=1)
        (row,) = stored(runtime)
        pauses.append((row.due_at - clock.now).total_seconds())
        clock.move(pauses[-1] - 0.001)
        assert work(runtime, clock).taken == 0
        clock.move(0.001)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    work(runtime, clock)
    (row,) = stored(runtime)
    assert (row.state, row.attempts, row.settled_at) == ("parked", MAX_ATTEMPTS, clock.now)
    assert (row.reason or "").startswith(reason)
    (record,) = [one for one in caplog.records if "parked" in one.getMessage()]
    assert (record.levelno, vars(record)["webhook"]) == (logging.ERROR, row.id)
    assert "Secret plans" not in caplog.text
    clock.move(86400)
    assert work(runtime, clock).taken == 0


@pytest.mark.parametrize("damage", [REFUSED, BUG])
def test_one_that_fails_holds_up_no_other_and_leaves_nothing_behind(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, damage: dict[str, Any]
) -> None:
    break_call(runtime, clock, anonymous, damage)
    before = connection(runtime).last_webhook_at
    clock.move(60)
    tell(anonymous, about("meeting.ended", uuid="broken"), clock.now)
    assert work(runtime, clock) == Processed(taken=1, of_nobody=0, failed=1)
    assert connection(runtime).last_webhook_at == before
    clock.move(3600)
    for number in range(3):
        tell(anonymous, about("meeting.ended", uuid=f"u{number}"), clock.now)
    assert work(runtime, clock) == Processed(taken=4, of_nobody=0, failed=1)
    assert sorted(states(runtime)) == [("meeting.ended", "done", 1)] * 3 + [("meeting.ended", "open", 2)]
    with runtime.database.writing() as session:  # mended, it is acted upon as well
        row = session.scalars(select(MeetingSession).where(MeetingSession.ended_by.is_(None))).one()
        row.topic = runtime.vault.seal("", table="meeting_sessions", column="topic", row=row.id)
        row.ended_at = None
    clock.move(3600)
    assert work(runtime, clock) == Processed(taken=1, of_nobody=0, failed=0)
    assert len([ended for *_, ended in calls(runtime) if ended]) == 4


def test_what_cannot_be_read_holds_up_no_other(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    tell(anonymous, b"nonsense", clock.now)
    tell(anonymous, NAMES_NOBODY, clock.now)
    tell(anonymous, about("meeting.started"), clock.now)
    with runtime.database.writing() as session:
        session.execute(update(Webhook).where(Webhook.event == "meeting.started").values(payload="v1.gone.AAAA"))
    tell(anonymous, about("meeting.ended"), clock.now)
    assert work(runtime, clock) == Processed(taken=4, of_nobody=0, failed=3)
    assert sorted(states(runtime)) == [
        ("app_deauthorized", "open", 1),
        ("meeting.ended", "done", 1),
        ("meeting.started", "open", 1),
        ("unreadable", "open", 1),
    ]


def test_many_are_taken_in_batches(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    tell(anonymous, about("meeting.ended"), clock.now)
    with runtime.database.writing() as session:
        (first,) = session.scalars(select(Webhook))
        columns = {column.name: getattr(first, column.name) for column in Webhook.__table__.columns}
        for number in range(BATCH):
            row = f"{number:032x}"
            payload = runtime.vault.seal(
                about("meeting.ended", uuid=row).decode(), table="webhooks", column="payload", row=row
            )
            session.add(Webhook(**columns | {"id": row, "digest": row, "payload": payload}))
    assert [work(runtime, clock).taken for _ in range(3)] == [BATCH, 1, 0]
    assert len(calls(runtime)) == BATCH + 1


def test_the_worker_counts_what_became_of_them(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    for body in (about("meeting.ended"), about("meeting.ended", account="acc-9"), NAMES_NOBODY):
        tell(anonymous, body, clock.now)
    assert (act_upon_due(runtime), act_upon_due(runtime)) == (3, 0)
    samples = [sample for family in runtime.metrics.webhooks.collect() for sample in family.samples]
    counted = {sample.labels["result"]: sample.value for sample in samples if sample.name.endswith("_total")}
    assert {name: counted[name] for name in ("acted_upon", "of_nobody", "failed")} == {
        "acted_upon": 1,
        "of_nobody": 1,
        "failed": 1,
    }


def test_what_was_acted_upon_is_forgotten_at_once_but_known_when_it_comes_again(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    body = about("meeting.ended", topic="Secret plans")
    tell(anonymous, body, clock.now)
    work(runtime, clock)
    (row,) = stored(runtime)
    assert runtime.vault.open(row.payload, table="webhooks", column="payload", row=row.id) == ""
    tell(anonymous, body, clock.now)
    assert len(stored(runtime)) == 1
