import logging
import threading
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url, update
from sqlalchemy.engine import URL

from integration import migrations
from integration.questions.models import Question
from integration.runtime import Runtime, make_runtime
from integration.work import DUTIES, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, Duty, Worker
from tests.integration.asking import acknowledge, ask, claim, leave_unanswered, mark_answered, notifications, work
from tests.integration.conftest import TestClock, make_settings

NEVER = threading.Event()


def test_a_question_is_owed_when_it_was_left_for_thirty_seconds(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    ask(client)
    clock.move(29.9)
    work(runtime)
    assert notifications(runtime) == []
    clock.move(0.1)
    work(runtime)
    assert len(notifications(runtime)) == 1


def test_an_answered_question_is_never_owed(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    mark_answered(client, ask(client))
    leave_unanswered(runtime, clock)
    assert notifications(runtime) == []


def test_many_workers_at_once_hand_each_question_out_once(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    for number in range(60):
        ask(client, key=f"Ev{number}")
    clock.move(30)
    threads = [threading.Thread(target=work, args=(runtime,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(runtime)
    about = [one.about for one in notifications(runtime)]
    assert len(about) == len(set(about)) == 60


def test_a_question_that_does_not_open_is_named_and_does_not_hold_up_the_others(
    client: TestClient, runtime: Runtime, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    spoiled = ask(client)
    with runtime.database.writing() as session:
        session.execute(update(Question).values(text="v1.gone.AAAA"))
    whole = ask(client, key="Ev2")
    leave_unanswered(runtime, clock)
    assert [one.about for one in notifications(runtime)] == [whole]
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert vars(record)["question"] == spoiled


def test_a_bug_in_one_duty_keeps_no_other_from_its_work(
    client: TestClient, runtime: Runtime, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_runtime: Runtime) -> int:
        raise RuntimeError("a bug")

    ask(client)
    clock.move(30)
    Worker(runtime, duties=(Duty("stumble", broken), *DUTIES)).round(NEVER)
    assert len(notifications(runtime)) == 1
    assert "duty failed: stumble" in caplog.text


def test_it_goes_on_at_once_while_there_is_work_and_rests_when_there_is_none(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    worker = Worker(runtime)
    assert worker.round(NEVER) == PAUSE_SECONDS
    ask(client)
    clock.move(30)
    assert worker.round(NEVER) == 0


def test_a_duty_that_found_nothing_to_do_rests_for_its_time(runtime: Runtime, clock: TestClock) -> None:
    found, done = iter([2, 1, 0, 0]), []

    def do(_runtime: Runtime) -> int:
        done.append(clock.now)
        return next(found)

    worker = Worker(runtime, duties=(Duty("rarely", do, rest=timedelta(hours=1)),))
    assert [worker.round(NEVER) for _ in range(5)] == [0, 0, *[PAUSE_SECONDS] * 3]
    assert len(done) == 3
    clock.move(3600)
    worker.round(NEVER)
    assert len(done) == 4


def test_what_is_no_longer_needed_is_forgotten(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    ask(client)
    leave_unanswered(runtime, clock)
    (one,) = claim(client)
    acknowledge(client, one["id"])
    clock.move(timedelta(days=31).total_seconds())
    work(runtime)
    assert notifications(runtime) == []


def test_it_stops_after_the_duty_at_hand(runtime: Runtime) -> None:
    stop, done = threading.Event(), []

    def first(_runtime: Runtime) -> int:
        done.append("first")
        stop.set()
        return 1

    def second(_runtime: Runtime) -> int:
        done.append("second")
        return 1

    Worker(runtime, duties=(Duty("first", first), Duty("second", second))).run(stop)
    assert done == ["first"]


def outage(url: URL, clock: TestClock) -> Worker:
    return Worker(make_runtime(make_settings(url), clock), jitter=lambda: 1.0)


def test_while_the_database_is_away_it_backs_off_and_says_so_once(
    clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    worker = outage(make_url("postgresql+psycopg://u:pass-word@127.0.0.1:1/db"), clock)
    pauses = [worker.round(NEVER) for _ in range(7)]
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    worker.jitter = lambda: 0.0
    assert worker.round(NEVER) == LONGEST_PAUSE_SECONDS / 2
    assert caplog.text.count("the database cannot be used") == 1
    assert "pass-word" not in caplog.text


def test_it_waits_for_the_tables_and_then_works(
    empty_database_url: URL, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    worker = outage(empty_database_url, clock)
    worker.round(NEVER)
    worker.round(NEVER)
    assert caplog.text.count("python -m integration db upgrade") == 1
    migrations.upgrade(empty_database_url)
    assert worker.round(NEVER) == PAUSE_SECONDS
    assert "the database answers again" in caplog.text
    worker.runtime.database.close()


def test_what_a_worker_hands_out_a_bot_can_claim(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    question = ask(client)
    leave_unanswered(runtime, clock)
    assert [one["kind"] for one in claim(client)] == ["question.unanswered"]
    mark_answered(client, question)
    clock.move(120)
    assert claim(client) == []
