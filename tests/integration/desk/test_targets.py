"""When hours or holidays change, so do the targets of what runs, the cards that show them, and the reminders."""

from datetime import date, time

from sqlalchemy import select

from integration.desk import clocks, reminders, targets, telling
from integration.desk.models import Ending, ResponseClock
from integration.notifications.models import State
from integration.runtime import Runtime
from kb.calendar import Calendar, HalfDay
from kb.support_hours import PACIFIC
from tests.integration.asking import notifications
from tests.integration.desk.requests import at, clock_row, request_row
from tests.integration.desk.steps import told

MONDAY = date(2026, 11, 23)
SHUT = Calendar({MONDAY: "a holiday"}, {})
SHORT = Calendar({}, {MONDAY: HalfDay("a half day", time(13))})
CARD = "slack:T0RETAIN/CSTAFF/1.1"


def waiting(runtime: Runtime) -> None:
    """Since Monday noon, so due at 14:00; with a card."""
    with runtime.database.writing() as session:
        session.add(request_row("r1", card=CARD))
        session.flush()
        session.add(clock_row("r1", "2026-11-23T12:00"))


def look(runtime: Runtime, now: str, calendar: Calendar | None = None) -> int:
    """A worker's, at targets and then at reminders; how many targets moved."""
    with runtime.database.writing() as session:
        moved = targets.recompute(session, runtime.vault, at(now), calendar)
    with runtime.database.writing() as session:
        reminders.owe_due(session, runtime.vault, at(now), calendar)
    return moved


def target(runtime: Runtime) -> str:
    with runtime.database.reading() as session:
        (clock,) = session.scalars(select(ResponseClock))
        return f"{clock.respond_by.astimezone(PACIFIC):%a %H:%M}"


def reminded(runtime: Runtime) -> list[tuple[int, str]]:
    return [(said["stage"], row.state) for row, said in told(runtime, reminders.REMINDER) if said]


def test_a_new_holiday_moves_what_runs_and_its_card(runtime: Runtime) -> None:
    waiting(runtime)
    assert look(runtime, "2026-11-23T12:01") == 0
    assert look(runtime, "2026-11-23T12:02", SHUT) == 1
    assert target(runtime) == "Tue 11:00"
    ((_, said),) = told(runtime, telling.CHANGED)
    assert (said["request"], said["version"]) == ("r1", 1)
    assert look(runtime, "2026-11-23T12:03", SHUT) == 0


def test_shorter_hours_move_it_by_what_they_take(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, "2026-11-23T12:02", SHORT)
    assert target(runtime) == "Tue 10:00"


def test_what_is_stopped_keeps_its_target(runtime: Runtime) -> None:
    waiting(runtime)
    with runtime.database.writing() as session:
        clocks.stop(session, runtime.vault, "r1", Ending.ANSWERED, at("2026-11-23T12:30"))
    assert look(runtime, "2026-11-23T12:31", SHUT) == 0
    assert target(runtime) == "Mon 14:00"


def test_of_the_new_target_staff_are_reminded_anew_and_not_of_the_old_one(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, "2026-11-23T13:30")
    assert reminded(runtime) == [(30, State.OPEN)]
    look(runtime, "2026-11-23T13:35", SHUT)
    assert reminded(runtime) == []  # settled: what it said is forgotten
    look(runtime, "2026-11-24T10:29", SHUT)
    assert reminded(runtime) == []
    look(runtime, "2026-11-24T10:30", SHUT)
    assert reminded(runtime) == [(30, State.OPEN)]


def test_a_target_that_comes_nearer_is_told_at_once(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, "2026-11-23T12:02", SHUT)
    look(runtime, "2026-11-23T13:55")  # the holiday was a mistake
    assert target(runtime) == "Mon 14:00"
    assert reminded(runtime) == [(10, State.OPEN)]


def test_a_target_that_comes_back_is_not_told_twice(runtime: Runtime) -> None:
    waiting(runtime)
    look(runtime, "2026-11-23T13:30")
    look(runtime, "2026-11-23T13:31", SHUT)
    look(runtime, "2026-11-23T13:32")
    assert [row.state for row in notifications(runtime) if row.kind == reminders.REMINDER] == [State.SETTLED]
