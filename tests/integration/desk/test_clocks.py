"""Clocks of support requests: one at a time, stopped once, and their reminders with them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from integration.desk import clocks
from integration.desk.models import Ending
from integration.runtime import Runtime
from tests.integration.desk.requests import NOON, at, request_row

HOUR = timedelta(hours=1)


@pytest.fixture
def session(runtime: Runtime) -> Iterator[Session]:
    with Session(runtime.database.engine) as session:
        session.add(request_row("r1"))
        session.flush()
        yield session


def test_a_clock_runs_from_the_start_and_a_second_one_only_once_it_is_stopped(
    session: Session, runtime: Runtime
) -> None:
    first = clocks.start(session, "r1", NOON)
    assert (first.number, first.started_at, first.respond_by, first.stopped_at) == (1, NOON, NOON + 2 * HOUR, None)
    assert clocks.start(session, "r1", NOON + HOUR) is first
    clocks.stop(session, runtime.vault, "r1", Ending.ANSWERED, NOON + HOUR)
    again = clocks.start(session, "r1", NOON + 3 * HOUR)
    assert (again.number, again.respond_by) == (2, NOON + 5 * HOUR)
    assert clocks.latest(session, "r1") is again


def test_it_is_stopped_once_and_the_first_ending_stays(session: Session, runtime: Runtime) -> None:
    assert clocks.stop(session, runtime.vault, "r1", Ending.CLOSED, NOON) is None
    clocks.start(session, "r1", NOON)
    stopped = clocks.stop(session, runtime.vault, "r1", Ending.ELSEWHERE, NOON + HOUR)
    assert stopped is not None
    assert (stopped.stopped_at, stopped.ended) == (NOON + HOUR, "elsewhere")
    assert clocks.stop(session, runtime.vault, "r1", Ending.CLOSED, NOON + 2 * HOUR) is None
    assert stopped.ended == "elsewhere"


def test_it_never_ends_before_it_began(session: Session, runtime: Runtime) -> None:
    """Two machines' clocks differ by a little."""
    clocks.start(session, "r1", NOON)
    stopped = clocks.stop(session, runtime.vault, "r1", Ending.ANSWERED, NOON - timedelta(milliseconds=5))
    assert stopped is not None
    assert stopped.stopped_at == NOON


def test_out_of_hours_the_target_is_counted_from_the_opening(session: Session) -> None:
    assert clocks.start(session, "r1", at("2026-11-20T17:00")).respond_by == at("2026-11-23T10:00")
