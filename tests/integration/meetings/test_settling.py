"""Which event a call is tied to, and how long the event was then, as it stands in their rows."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from integration.db import take_turns
from integration.meetings.models import CalendarEvent, MeetingSession, SessionState
from integration.runtime import Runtime
from tests.integration.meetings.books import Books, minute, open_books


@pytest.fixture
def books(runtime: Runtime) -> Iterator[Books]:
    with Session(runtime.database.engine) as session:
        yield open_books(session, runtime.vault)
        session.rollback()


def test_a_rejoined_call_counts_once_per_second(books: Books) -> None:
    event = books.event(0, 60)
    for start, end in [(0, 20), (10, 30), (40, 55), (55, 55)]:
        books.call(start, end)
    assert books.settle() == 1
    assert (event.actual_seconds, event.running) == (45 * 60, False)
    assert books.settle() == 0


def test_a_call_that_began_marks_its_event_until_it_has_ended_or_another_has(books: Books) -> None:
    event = books.event(0, 60)
    call = books.call(0, None)
    books.settle()
    assert (event.actual_seconds, event.running) == (None, True)
    books.changed(call)
    call.state, call.ended_at = SessionState.ENDED, minute(45)
    books.settle()
    assert (event.actual_seconds, event.running) == (45 * 60, False)
    call.state, call.ended_at = SessionState.LOST, None
    books.changed(call)
    books.settle()
    assert (event.actual_seconds, event.running, call.event_id) == (None, True, event.id)
    books.call(50, 60)
    books.settle()
    assert (event.actual_seconds, event.running) == (10 * 60, False)


def test_a_call_whose_end_nobody_hears_of_stays_with_its_own_event(books: Books) -> None:
    own, next_one, longer = books.event(0, 60), books.event(60, 120), books.event(1000, 1300)
    call = books.call(56, None)
    books.call(62, 100)
    books.settle()
    assert call.event_id == next_one.id  # begun four minutes early
    books.changed(call)
    call.started_at = minute(40)
    books.call(1000, 1200)
    books.settle()
    assert call.event_id == own.id
    assert (next_one.actual_seconds, next_one.running) == (38 * 60, False)
    assert (longer.actual_seconds, longer.running) == (200 * 60, False)


def test_an_event_that_moves_away_leaves_its_calls_to_its_neighbour(books: Books) -> None:
    first, second = books.event(0, 60), books.event(60, 120)
    call = books.call(5, 50)
    books.settle()
    assert call.event_id == first.id
    books.changed(first)
    first.start_at, first.end_at = minute(2000), minute(2060)
    books.changed(first)
    assert books.settle() == 2
    assert call.event_id == second.id
    assert (first.actual_seconds, second.actual_seconds) == (None, 45 * 60)


def test_a_call_of_days_belongs_to_the_event_within_it(books: Books) -> None:
    call = books.call(0, 4000)
    books.settle()
    event = books.event(3000, 3060)
    books.settle()
    assert (call.event_id, event.actual_seconds) == (event.id, 4000 * 60)


def test_a_long_call_finds_the_event_at_its_other_end(books: Books) -> None:
    near, far = books.event(0, 30), books.event(620, 650)
    call = books.call(0, 600)
    books.settle()
    assert call.event_id == near.id
    books.changed(near)
    near.cancelled = True
    books.settle()
    assert call.event_id == far.id


def test_a_call_of_no_length_is_evidence(books: Books) -> None:
    event = books.event(0, 60)
    books.call(10, 10)
    books.settle()
    assert event.actual_seconds == 0


def test_of_two_events_at_once_the_smaller_google_id_has_the_call(books: Books) -> None:
    later = books.event(0, 60, google_id="b")
    sooner = books.event(0, 60, google_id="a")
    call = books.call(0, 60)
    books.settle()
    assert call.event_id == sooner.id
    assert later.actual_seconds is None


def test_a_damaged_row_does_not_stop_the_others(books: Books) -> None:
    books.event(0, 60).google_id = "v1.k9.damaged"
    books.event(0, 60)
    other = books.event(200, 260)
    books.call(0, 60)
    books.call(200, 245)
    books.settle()
    assert other.actual_seconds == 45 * 60
    assert {event.actual_seconds for event in books.rows(CalendarEvent)} == {None, 60 * 60, 45 * 60}


def test_an_event_whose_calls_are_gone_is_put_right_when_its_place_is_settled(books: Books) -> None:
    event = books.event(0, 60)
    books.call(0, 30)
    books.settle()
    books.session.execute(delete(MeetingSession).where(MeetingSession.tenant_id == books.tenant_id))
    books.changed(event)
    assert books.settle() == 1
    assert event.actual_seconds is None


def test_another_tenants_meeting_of_the_same_id_is_left_alone(books: Books) -> None:
    other = open_books(books.session, books.vault)
    books.event(0, 60)
    call = other.call(0, 60)
    books.settle()
    other.settle()
    assert call.event_id is None
    assert books.rows(CalendarEvent)[0].actual_seconds is None


def test_two_who_settle_at_once_both_see_the_whole(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        tenant_id = open_books(session, runtime.vault).tenant_id
        Books(session, runtime.vault, tenant_id).event(0, 60)
    at_once = threading.Barrier(2)

    def hold(start: int, end: int) -> None:
        at_once.wait(10)
        with runtime.database.writing() as session:
            mine = Books(session, runtime.vault, tenant_id)
            take_turns(session, [tenant_id])
            mine.call(start, end)
            mine.settle()

    for begin in range(0, 40, 10):
        both = [threading.Thread(target=hold, args=(begin, begin + 5)), threading.Thread(target=hold, args=(begin, 45))]
        for one in both:
            one.start()
        for one in both:
            one.join(20)
    with runtime.database.reading() as session:
        assert session.scalar(select(CalendarEvent.actual_seconds)) == 45 * 60
        assert session.scalar(select(func.count()).where(MeetingSession.event_id.is_not(None))) == 8


def test_many_meetings_are_settled_with_few_queries(books: Books) -> None:
    for number in range(600):
        books.event(0, 60, meeting=f"{93_000_000_000 + number}")
        books.call(number % 60, 70, meeting=f"{93_000_000_000 + number}")
    statements: list[str] = []
    books.session.flush()
    event.listen(books.session.connection(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert books.settle() == 600
    assert len(statements) <= 20
