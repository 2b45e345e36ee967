"""Whom staff's reminders come to, and when; in open hours only."""

import threading
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from integration.desk import clocks, reminders
from integration.desk.models import Ending, ResponseClock, SupportRequest
from integration.notifications import service
from integration.notifications.models import Notification, State
from integration.notifications.staff import PLACE
from integration.runtime import Runtime
from integration.tenants import preferences
from tests.integration.asking import acknowledge, claim, notifications, work
from tests.integration.conftest import TestClock
from tests.integration.desk.requests import NOON, SAM, at, clock_row, request_row
from tests.integration.desk.steps import DANA, THREAD, answered, done, hand_over, told

# The target of a request of noon is 14:00.
AT_30, AT_10, MISSED = at("2026-11-23T13:30"), at("2026-11-23T13:50"), at("2026-11-23T14:00:01")
SECOND = timedelta(seconds=1)


def waiting(runtime: Runtime, started: str = "2026-11-23T12:00", **changes: object) -> None:
    with runtime.database.writing() as session:
        session.add(request_row("r1", **changes))
        session.flush()
        session.add(clock_row("r1", started))


def change(runtime: Runtime, **values: object) -> None:
    with runtime.database.writing() as session:
        session.execute(update(SupportRequest).values(**values))


def look(runtime: Runtime, *moments: datetime) -> list[tuple[int, str]]:
    """What a worker's looks at these moments owe: stages, and to whom."""
    known = {row.id for row in notifications(runtime)}
    for now in moments:
        with runtime.database.writing() as session:
            reminders.owe_due(session, runtime.vault, now)
    new = [(row.due_at, said) for row, said in told(runtime, reminders.REMINDER) if row.id not in known and said]
    return [(said["stage"], said["to"]) for _, said in sorted(new, key=lambda one: one[0])]


def states(runtime: Runtime) -> dict[str, str]:
    """Of reminders, by stage and whether to the channel or the claimer."""
    return {"/".join(row.about.split("/")[1:3]): row.state for row in notifications(runtime)}


def test_the_claimer_hears_first_and_the_channel_when_it_gets_near(runtime: Runtime) -> None:
    waiting(runtime, claimed_by=SAM, state="claimed")
    assert look(runtime, NOON, AT_30 - SECOND) == []
    assert look(runtime, AT_30) == [(30, SAM)]
    assert look(runtime, AT_30 + SECOND, AT_10 - SECOND) == []
    assert look(runtime, AT_10) == [(10, SAM), (10, "channel")]
    assert look(runtime, MISSED - SECOND) == []  # the target itself is in time
    assert look(runtime, MISSED) == [(0, SAM), (0, "channel")]
    assert look(runtime, MISSED + SECOND, at("2026-11-24T12:00"), at("2027-01-12T12:00")) == []


def test_what_nobody_has_the_channel_hears_of(runtime: Runtime) -> None:
    waiting(runtime)
    assert look(runtime, AT_30) == [(30, "channel")]
    change(runtime, claimed_by=SAM, state="claimed")
    assert look(runtime, AT_30 + SECOND) == []
    change(runtime, claimed_by=None, state="open")
    assert look(runtime, AT_10) == [(10, "channel")]
    assert look(runtime, MISSED) == [(0, "channel")]


def test_whoever_turned_reminders_off_hears_of_the_miss_alone_and_the_channel_of_all(runtime: Runtime) -> None:
    waiting(runtime, claimed_by=SAM, state="claimed")
    with runtime.database.writing() as session:
        preferences.change(session, SAM, reminders=False, news=None, now=NOON)
    assert look(runtime, AT_30) == [(30, "channel")]
    assert look(runtime, AT_10) == [(10, "channel")]
    assert look(runtime, MISSED) == [(0, SAM), (0, "channel")]


def test_of_stages_that_are_due_at_once_the_most_urgent_is_told(runtime: Runtime) -> None:
    waiting(runtime)
    assert look(runtime, AT_10 + SECOND) == [(10, "channel")]
    assert look(runtime, MISSED + timedelta(hours=1)) == [(0, "channel")]
    assert states(runtime) == {"10/channel": State.SETTLED, "0/channel": State.OPEN}  # no bot had said it yet


def test_a_reminder_says_what_it_is_about_and_goes_to_the_staffs_bot(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, AT_30)
    ((row, said),) = told(runtime, "support_request.reminder")
    assert row.place == PLACE
    assert said.pop("clock") == row.about.partition("/")[0]
    assert said == {
        "request": "r1",
        "tenant": None,
        "stage": 30,
        "to": "channel",
        "respond_by": at("2026-11-23T14:00").isoformat(),
    }


def test_a_snooze_holds_back_what_comes_before_the_miss_and_then_the_most_urgent_is_told(runtime: Runtime) -> None:
    until = AT_10 + timedelta(minutes=2)
    waiting(runtime, snoozed_until=until)
    assert look(runtime, AT_30, AT_10, until - SECOND) == []
    assert look(runtime, until) == [(10, "channel")]


def test_a_snooze_never_holds_back_the_miss(runtime: Runtime) -> None:
    waiting(runtime, snoozed_until=at("2026-11-25T12:00"), claimed_by=SAM, state="claimed")
    assert look(runtime, AT_30, AT_10) == []
    assert look(runtime, MISSED) == [(0, SAM), (0, "channel")]


def test_released_or_snoozed_what_nobody_heard_yet_is_told_anew_to_whom_it_concerns_then(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    clock.now = NOON
    request = hand_over(client)
    done(client, request, "claim")
    assert look(runtime, AT_30) == [(30, SAM)]
    clock.now = AT_30 + SECOND
    done(client, request, "release")
    assert look(runtime, AT_30 + SECOND) == [(30, "channel")]
    clock.now = AT_30 + 2 * SECOND
    until = AT_10 + SECOND
    done(client, request, "snooze", until=until.isoformat())
    assert [one["kind"] for one in claim(client, place="staff")] == ["support_request.opened"]  # and no reminder
    assert look(runtime, AT_10) == []
    assert look(runtime, until) == [(10, "channel")]
    (said,) = [said for _, said in told(runtime, "support_request.reminder")]
    assert said["stage"] == 10


def test_what_a_bot_has_begun_to_say_is_not_said_again(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    clock.now = NOON
    request = hand_over(client)
    look(runtime, AT_30)
    with runtime.database.writing() as session:
        session.execute(update(Notification).values(begun_at=AT_30))
    clock.now = AT_30 + SECOND
    done(client, request, "snooze", until=(AT_30 + 2 * SECOND).isoformat())
    assert look(runtime, AT_30 + 2 * SECOND) == []


@pytest.mark.parametrize("stage", [30, 10])
def test_what_cannot_reach_who_has_it_the_channel_hears_once(client: TestClient, runtime: Runtime, stage: int) -> None:
    waiting(runtime, claimed_by=SAM, state="claimed")
    look(runtime, AT_30 if stage == 30 else AT_10)
    runtime.clock.now = AT_10  # type: ignore[attr-defined]
    first = claim(client, place="staff")[0]
    acknowledge(client, first["id"], "gave_up", reason="user_disabled")
    (said,) = [said for _, said in told(runtime, reminders.REMINDER) if said]
    assert (said["to"], said["stage"]) == ("channel", stage)
    assert sorted(states(runtime)) == [f"{stage}/channel", f"{stage}/claimer"]


def test_at_the_miss_its_asker_hears_that_we_are_late_unless_they_are_answered_first(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    clock.now = NOON
    request = hand_over(client)
    look(runtime, AT_10)
    assert told(runtime, "support_request.late") == []
    look(runtime, MISSED, MISSED + SECOND)
    ((row, said),) = told(runtime, "support_request.late")
    assert row.place == THREAD
    assert said == {"request": request, "actor": DANA, "place": THREAD}
    look(runtime, at("2026-11-23T18:00"))  # nobody delivered it by the closing
    ((row, _),) = told(runtime, "support_request.late")
    assert row.due_at == at("2026-11-24T09:00")
    clock.now = at("2026-11-23T20:00")
    answered(client, request)
    assert [row.state for row, _ in told(runtime, "support_request.late")] == [State.SETTLED]


def test_of_many_that_are_missed_at_once_each_is_told_as_missed_alone(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "MOST_AT_ONCE", 1)
    with runtime.database.writing() as session:
        session.add_all([request_row("r1"), request_row("r2")])
        session.flush()
        session.add_all([clock_row("r1", "2026-11-23T12:00"), clock_row("r2", "2026-11-23T12:00")])
    assert look(runtime, MISSED) == [(0, "channel")]
    assert look(runtime, MISSED + SECOND) == [(0, "channel")]


@pytest.mark.parametrize(
    ("started", "silent", "stage", "heard"),
    [
        # 30 open minutes before Monday 9:20 is Friday 17:50
        ("2026-11-20T16:20", ["2026-11-20T17:49:59"], 30, "2026-11-20T17:50"),
        # of 9:05 the last half hour begins at 17:35; nobody is reminded in the night, and then it is under ten
        ("2026-11-19T16:05", ["2026-11-19T18:00", "2026-11-20T03:00", "2026-11-20T08:59:59"], 10, "2026-11-20T09:00"),
        # due at the closing instant: missed, which is told at the next opening
        ("2026-11-20T16:00", ["2026-11-20T18:00", "2026-11-20T18:00:01", "2026-11-22T12:00"], 0, "2026-11-23T09:00"),
        # Thanksgiving and the day after it are closed
        ("2026-11-25T16:30", ["2026-11-25T18:00", "2026-11-26T12:00", "2026-11-27T12:00"], 30, "2026-11-30T09:00"),
    ],
)
def test_nobody_is_reminded_out_of_hours(
    runtime: Runtime, started: str, silent: list[str], stage: int, heard: str
) -> None:
    waiting(runtime, started)
    assert look(runtime, *map(at, silent)) == []
    assert look(runtime, at(heard)) == [(stage, "channel")]


def test_what_no_bot_has_delivered_by_the_closing_waits_for_the_opening(runtime: Runtime) -> None:
    waiting(runtime, "2026-11-20T16:20")
    assert look(runtime, at("2026-11-20T17:59:59")) == [(30, "channel")]
    with runtime.database.writing() as session:  # a bot takes it, and dies
        assert len(service.claim(session, runtime.vault, at("2026-11-20T17:59:59"))) == 1
    look(runtime, at("2026-11-20T18:00"))
    with runtime.database.writing() as session:
        assert service.claim(session, runtime.vault, at("2026-11-23T08:59:59")) == []
        assert len(service.claim(session, runtime.vault, at("2026-11-23T09:00"))) == 1


def test_once_the_clock_is_stopped_nobody_hears_of_it(runtime: Runtime) -> None:
    waiting(runtime, claimed_by=SAM, state="claimed")
    assert len(look(runtime, AT_30, AT_10)) == 2
    with runtime.database.writing() as session:
        clocks.stop(session, runtime.vault, "r1", Ending.ANSWERED, AT_10 + SECOND)
    assert set(states(runtime).values()) == {State.SETTLED}
    assert look(runtime, MISSED) == []


def test_of_workers_that_look_at_once_one_reminds(runtime: Runtime) -> None:
    waiting(runtime, claimed_by=SAM, state="claimed")
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        with runtime.database.writing() as session:
            reminders.owe_due(session, runtime.vault, AT_10)

    workers = [threading.Thread(target=work) for _ in range(ready.parties)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(states(runtime)) == ["10/channel", "10/claimer"]


def test_a_stage_of_a_target_is_told_once(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, AT_30)
    with runtime.database.writing() as session:
        session.execute(update(ResponseClock).values(reminded=None))
    assert look(runtime, AT_30 + SECOND) == []


def test_a_worker_reminds_when_time_comes_and_a_bot_is_handed_it(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    clock.now = NOON
    request = hand_over(client)
    (card,) = claim(client, place="staff")
    acknowledge(client, card["id"])
    work(runtime)
    assert claim(client, place="staff") == []
    clock.now = AT_30
    work(runtime)
    (found,) = claim(client, place="staff")
    assert found["kind"] == "support_request.reminder"
    payload = found["payload"]
    assert isinstance(payload, dict)
    assert (payload["request"], payload["stage"], payload["to"]) == (request, 30, "channel")
