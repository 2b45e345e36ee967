from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from integration.desk.ending import QUIET
from integration.desk.models import RequestEvent, ResponseClock, SupportRequest
from integration.forgetting import forget_old
from integration.runtime import Runtime
from tests.integration.asking import work
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import AS_DANA, answered, clocks, done, hand_over, happened, shown


def test_what_was_answered_and_left_alone_for_a_week_is_resolved(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    request = hand_over(client)
    answered(client, request)
    clock.now += QUIET - timedelta(seconds=60)
    done(client, request, "write", AS_DANA, key="message:1", text="Thanks!", reopens=False)
    clock.move(60)
    work(runtime)
    assert shown(client, request)["state"] == "answered"  # it was touched a minute ago
    clock.now += QUIET
    work(runtime)
    found = shown(client, request)
    assert (found["state"], found["ended"], found["said"][-1]["actor"]) == ("resolved", "answered", None)
    assert [one.ended for one in clocks(runtime)] == ["answered"]


def test_what_waits_for_an_answer_waits(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    request = hand_over(client)
    clock.now += 2 * QUIET
    work(runtime)
    assert shown(client, request)["state"] == "open"
    assert happened(runtime) == ["opened"]


def test_a_request_is_forgotten_a_year_after_it_was_resolved(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    request = hand_over(client)
    hand_over(client, key="view:V2")
    done(client, request, "resolve")

    def counts() -> list[int]:
        with runtime.database.writing() as session:
            forget_old(session, runtime.vault, clock.now)
            tables = (SupportRequest, RequestEvent, ResponseClock)
            return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    clock.now += timedelta(days=365)
    assert counts() == [2, 3, 2]
    clock.move(1)
    assert counts() == [1, 1, 1]
