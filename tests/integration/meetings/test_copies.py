"""Of one meeting every calendar has a copy: when it is cancelled, and for whom."""

from typing import Any

import pytest

from integration.meetings.events import put_events
from integration.runtime import Runtime
from tests.integration.meetings.planning import GLOBEX, NOW, Books, at, google_event

CANCELLED = {"id": "e1", "status": "cancelled"}
JONAS, KIM = "jonas@acme.example", "kim@acme.example"


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def test_a_cancelled_event_leaves_a_mark_and_nothing_of_itself(books: Books) -> None:
    books.call(0, 45)
    books.put(google_event(updated=1))
    assert books.put(CANCELLED).stored == 1
    row = books.row()
    assert (row.cancelled, row.customers, row.actual_seconds, row.scheduled_seconds) == (True, 0, None, 0)
    assert (row.start_at, row.meeting_id, row.organizer, books.text(row, "details")) == (at(0), None, None, "{}")
    assert books.customers() == {}
    assert books.put(CANCELLED).unchanged == 1
    assert books.put(google_event(updated=0)).unchanged == 1
    assert books.row().cancelled


def cancelled(updated: int) -> dict[str, Any]:
    """By its organizer."""
    return google_event(updated=updated, status="cancelled", organizer={"email": JONAS, "self": True})


def test_what_was_cancelled_comes_back_by_what_is_not_older(books: Books) -> None:
    books.put(cancelled(5), google_event(updated=4))
    assert books.row().cancelled
    books.put(google_event(updated=5))
    assert not books.row().cancelled
    assert books.customers_in(books.row()) == ["globex.example"]
    assert books.put(cancelled(5)).unchanged == 1
    assert books.put(cancelled(6)).stored == 1


def in_calendar(whose: str, updated: int = 0, event_id: str = "e1", **more: Any) -> dict[str, Any]:
    """The copy of the meeting e1 (jonas asked kim and hank) in somebody's calendar, as Google gives it."""
    people = [{"email": one} | ({"self": True} if one == whose else {}) for one in (JONAS, KIM, GLOBEX)]
    organizer = {"email": JONAS} | ({"self": True} if whose == JONAS else {})
    found = google_event(event_id, updated=updated, iCalUID="e1@google.com", **more)
    return found | {"organizer": organizer, "attendees": people}


@pytest.mark.parametrize("their_id", ["e1", "imported"])
@pytest.mark.parametrize("first", [True, False])
def test_somebody_who_leaves_takes_the_meeting_from_nobody_else(books: Books, their_id: str, first: bool) -> None:
    theirs = [in_calendar(KIM, 0, their_id), in_calendar(KIM, 9, their_id, status="cancelled")]
    organizers = [in_calendar(JONAS)]
    for one in [*theirs, *organizers] if first else [*organizers, *theirs]:
        books.put(one)
    books.put(in_calendar(KIM, 9, their_id, status="cancelled"))
    (row,) = [row for row in books.rows() if not row.cancelled]
    assert (row.customers, row.scheduled_seconds) == (1, 3600)
    books.put(in_calendar(JONAS, 10, status="cancelled"))
    assert all(row.cancelled for row in books.rows())


def test_a_guest_who_is_taken_off_the_list_takes_the_meeting_from_nobody_else(books: Books) -> None:
    """Their copy is cancelled, and names them nowhere any more."""
    off = google_event(updated=9, status="cancelled", people=[GLOBEX])
    books.put(off, in_calendar(JONAS), in_calendar(KIM), off)
    assert not books.row().cancelled
    books.put(in_calendar(JONAS, 10, status="cancelled"))
    assert books.row().cancelled


def test_a_customer_s_meeting_goes_with_the_last_guest(books: Books) -> None:
    def copy_of(whose: str, **more: Any) -> dict[str, Any]:
        guests = [{"email": one} | ({"self": True} if one == whose else {}) for one in (JONAS, KIM)]
        return google_event(**more) | {"organizer": {"email": GLOBEX}, "attendees": guests}

    books.put(copy_of(JONAS), copy_of(KIM))
    books.put(copy_of(JONAS, updated=1, status="cancelled"))
    assert not books.row().cancelled
    books.put(copy_of(KIM, updated=1, status="cancelled"))
    assert books.row().cancelled
    books.put(copy_of(KIM))
    assert not books.row().cancelled  # a copy comes to light that nobody knew of


def test_whose_calendar_it_is_may_be_said_where_google_gives_the_id_alone(books: Books) -> None:
    def put(whose: str, item: dict[str, Any]) -> None:
        with books.runtime.database.writing() as session:
            put_events(session, books.runtime.vault, "acme", [item], NOW, calendar=whose)

    for whose in (KIM, JONAS):
        put(whose, google_event())
    put(KIM, CANCELLED)
    assert not books.row().cancelled
    put(JONAS, CANCELLED)
    assert books.row().cancelled


def test_one_that_was_never_seen_and_is_cancelled_is_kept_as_such(books: Books) -> None:
    assert books.put(CANCELLED, {"id": "e2", "status": "cancelled"} | {"start": {"date": "2026-10-12"}}).stored == 2
    assert all(row.cancelled for row in books.rows())
    assert books.put(google_event()).stored == 1  # nothing says that it is older


def copy(updated: int = 0, **more: Any) -> dict[str, Any]:
    """The event e1 as it stands in another calendar."""
    return google_event("e1-elsewhere", updated=updated, iCalUID="e1@google.com", **more)


def test_one_meeting_in_several_calendars_is_kept_once(books: Books) -> None:
    assert books.put(google_event(), copy(1)).stored == 1
    assert books.put(copy(2, start=5), copy(3, status="cancelled")).unchanged == 2
    assert (books.row().start_at, books.row().cancelled) == (at(0), False)


def test_a_copy_takes_over_only_when_it_is_newer_than_the_cancellation(books: Books) -> None:
    books.put(google_event(updated=1), google_event(updated=5, status="cancelled"), copy(4))
    assert [row.cancelled for row in books.rows()] == [True]
    books.put(copy(6))
    assert sorted(row.cancelled for row in books.rows()) == [False, True]
    books.put(google_event(updated=7))  # once more one meeting, once
    assert sorted(row.cancelled for row in books.rows()) == [False, True]
