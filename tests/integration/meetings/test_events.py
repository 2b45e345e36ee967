"""What is stored of calendars, and what it does to the meetings' lengths."""

import itertools
import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from integration import rotation
from integration.backfill.coverage import WITHIN
from integration.backfill.models import Coverage
from integration.errors import NotFound
from integration.meetings.events import put_events
from integration.meetings.models import CalendarEvent
from integration.runtime import Runtime
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.meetings.planning import NOW, OTHER_ROOM, ROOM, Books, at, google_event

NEWER_KEY = "k2:" + KEY_ENTRY.partition(":")[2].swapcase()
CANCELLED = {"id": "e1", "status": "cancelled"}
JONAS, KIM = "jonas@acme.example", "kim@acme.example"


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def test_an_event_is_stored_once_and_opens_again(books: Books) -> None:
    assert books.put(google_event()).stored == 1
    row = books.row()
    assert (row.start_at, row.end_at, row.scheduled_seconds) == (at(0), at(60), 3600)
    assert (row.all_day, row.cancelled, row.customers, row.actual_seconds) == (False, False, 1, None)
    texts = {name: books.text(row, name) for name in ("google_id", "uid", "meeting_id", "organizer")}
    assert list(texts.values()) == ["e1", "e1@google.com", ROOM, "jonas@acme.example"]
    assert json.loads(books.text(row, "details")) == {
        "title": "Quarterly review",
        "join_url": f"https://zoom.us/j/{ROOM}",
        "attendees": ["jonas@acme.example", "hank@globex.example"],
    }
    again = books.put(google_event(), google_event())
    assert (again.stored, again.unchanged, again.errors) == (0, 2, [])


def test_nothing_that_people_wrote_stands_in_the_database_as_it_is(books: Books) -> None:
    books.put(google_event())
    with books.runtime.database.reading() as session:
        for table in ("calendar_events", "customers", "customer_domains"):
            (row,) = session.execute(text(f"SELECT * FROM {table}")).mappings()
            shown = str({name: value for name, value in row.items() if name not in ("id", "tenant_id")})
            for word in ("Quarterly", "globex", "jonas", ROOM, "e1@"):
                assert word not in shown


def test_bad_items_are_told_and_hold_up_no_others(books: Books) -> None:
    master = google_event("series", recurrence=["RRULE:FREQ=DAILY"])
    done = books.put(google_event("good"), master, "nonsense", {"id": "bare"}, google_event("fine"))
    assert (done.stored, done.unchanged) == (2, 0)
    assert [(one.index, one.id, one.field) for one in done.errors] == [
        (1, "series", "recurrence"),
        (2, None, "item"),
        (3, "bare", "start"),
    ]
    assert all(one.detail and one.remedy for one in done.errors)
    assert len(books.rows()) == 2


def test_a_tenant_that_is_not_there_is_said(books: Books) -> None:
    with books.runtime.database.reading() as session, pytest.raises(NotFound):
        put_events(session, books.runtime.vault, "nobody", [google_event()], NOW)


def test_whatever_the_order_the_newest_is_kept(runtime: Runtime) -> None:
    versions = [
        google_event(updated=1, end=30),
        google_event(updated=2, end=45, link=None),
        google_event(updated=3, end=50, people=[]),
    ]
    for number, order in enumerate(itertools.permutations(versions)):
        books = Books(runtime, f"tenant-{number}")
        if number % 2:
            books.put(*order)
        else:
            for one in order:
                books.put(one)
        (row,) = [one for one in books.rows() if one.tenant_id == books.tenant_id]
        assert (row.end_at, row.customers) == (at(50), 0)


def test_a_call_counts_for_the_event_of_its_time(books: Books) -> None:
    books.call(0, 45)
    books.put(google_event())
    assert books.row().actual_seconds == 45 * 60
    books.put(google_event(start=600, end=660, updated=1))
    assert books.row().actual_seconds is None
    books.call(600, 610)
    assert books.row().actual_seconds == 10 * 60
    books.put(google_event(updated=2))
    assert books.row().actual_seconds == 45 * 60


def test_what_zoom_was_asked_about_is_asked_again_where_the_event_moved(books: Books) -> None:
    def asked(event: dict[str, Any]) -> bool:
        with books.runtime.database.writing() as session:
            session.execute(update(CalendarEvent).values(asked_at=NOW, forgotten_at=NOW))
        assert books.put(event).stored == 1
        row = books.row()
        assert (row.asked_at is None) == (row.forgotten_at is None)
        return row.asked_at is None

    books.put(google_event())
    assert not asked(google_event(updated=1, people=[]))
    assert asked(google_event(updated=2, end=50))
    assert asked(google_event(updated=3, end=50, link=f"https://zoom.us/j/{OTHER_ROOM}"))
    assert asked(google_event(updated=4, status="cancelled"))


def test_zoom_is_asked_soon_about_past_events_and_once_for_many(books: Books) -> None:
    def wanted(event: dict[str, Any], since: datetime | None = None) -> datetime | None:
        with books.runtime.database.writing() as session:
            session.execute(update(Coverage).values(wanted_at=since))
        assert books.put(event).stored == 1
        with books.runtime.database.reading() as session:
            return session.scalars(select(Coverage.wanted_at)).one()

    with books.runtime.database.writing() as session:
        session.add(Coverage(id="acme", due_at=NOW + timedelta(hours=6)))
    passed = int((NOW - at(0)).total_seconds()) // 60
    assert wanted(google_event("past")) == NOW + WITHIN
    assert wanted(google_event("another"), NOW) == NOW
    assert wanted(google_event("to come", start=passed + 60, end=passed + 90)) is None
    assert wanted(google_event("just over", start=passed - 90, end=passed - 60)) is None
    assert wanted(google_event("past", updated=1, status="cancelled")) is None
    with books.runtime.database.writing() as session:
        session.execute(update(Coverage).values(asked_from=at(-60), asked_until=NOW))
    assert wanted(google_event("known already")) is None
    assert wanted(google_event("room", link="https://zoom.us/my/kim")) == NOW + WITHIN


def test_a_call_goes_to_another_event_when_its_own_leaves(books: Books) -> None:
    books.call(0, 45)
    books.put(google_event("e1"), google_event("e2", start=60, end=90))
    assert [row.actual_seconds for row in books.rows()] == [45 * 60, None]
    books.put(google_event("e1", link=f"https://zoom.us/j/{OTHER_ROOM}", updated=1))
    assert [row.actual_seconds for row in books.rows()] == [None, 45 * 60]
    books.put(google_event("e1", updated=2))
    books.put(google_event("e1", start=0, end=1440, updated=3, eventType="outOfOffice"))
    assert [row.actual_seconds for row in books.rows()] == [None, 45 * 60]


def test_days_are_kept_and_count_for_nothing(books: Books) -> None:
    books.call(0, 45)
    books.put(google_event(start=0, end=0) | {"start": {"date": "2026-10-12"}, "end": {"date": "2026-10-13"}})
    row = books.row()
    assert (row.all_day, row.scheduled_seconds, row.customers, row.actual_seconds) == (True, 0, 0, None)


def test_an_hour_in_which_clocks_are_put_back_is_two(books: Books) -> None:
    books.put(
        google_event()
        | {
            "start": {"dateTime": "2026-10-25T02:00:00", "timeZone": "Europe/Berlin"},
            "end": {"dateTime": "2026-10-25T03:00:00", "timeZone": "Europe/Berlin"},
        }
    )
    assert books.row().scheduled_seconds == 7200


def test_meetings_of_a_series_are_one_each(books: Books) -> None:
    def instance(day: int, event_id: str, **more: Any) -> dict[str, Any]:
        start = day * 1440
        original: dict[str, Any] = {"originalStartTime": {"dateTime": at(start).isoformat()}, "recurringEventId": "e1"}
        return google_event(event_id, start, start + 60, iCalUID="e1@google.com", **original) | more

    books.put(instance(0, "e1_0"), instance(7, "e1_7"), instance(7, "copy"))
    assert [row.start_at for row in books.rows()] == [at(0), at(7 * 1440)]
    moved = {"start": {"dateTime": at(100).isoformat()}, "end": {"dateTime": at(130).isoformat()}}
    books.put(instance(7, "e1_7", updated=at(1).isoformat(), **moved))
    assert [row.start_at for row in books.rows()] == [at(0), at(100)]


def on_keys(runtime: Runtime, entries: str) -> Runtime:
    return replace(runtime, vault=Vault(EncryptionKeys.parse(entries)))


def test_rows_on_an_older_key_are_found_and_moved_on(books: Books) -> None:
    both = f"{NEWER_KEY},{KEY_ENTRY}"
    books.put(google_event(), google_event("e2", start=90, end=120, people=["jo@gmail.com"]))
    books.call(0, 45)
    before = books.runtime
    books.runtime = on_keys(before, both)
    copy = google_event("copy", iCalUID="e1@google.com")
    assert books.put(google_event(), copy, google_event("e2", 90, 120, people=["jo@gmail.com"])).unchanged == 3
    assert books.put(google_event(end=50, updated=1), google_event("e3", start=200, end=210)).stored == 2
    assert len(books.rows()) == 3
    assert books.rows()[0].actual_seconds == 45 * 60
    assert list(books.customers()) == ["globex.example", "jo@gmail.com"]
    assert rotation.rotate(before.database, books.runtime.vault).complete
    books.runtime = on_keys(before, NEWER_KEY)
    assert books.put(google_event(end=50, updated=1)).unchanged == 1


def damage(books: Books, column: str) -> None:
    """Somebody wrote to the database by hand."""
    with books.runtime.database.writing() as session:
        session.execute(text(f"UPDATE calendar_events SET {column} = 'v1.k1.' || {column}"))


def test_a_row_that_does_not_open_is_mended_by_what_comes_next(books: Books) -> None:
    books.put(google_event())
    damage(books, "details")
    assert books.put(google_event(), google_event("e2", 90, 120)).stored == 2
    assert json.loads(books.text(books.rows()[0], "details"))["title"] == "Quarterly review"
    damage(books, "google_id")
    assert books.put(google_event()).stored == 1


def test_many_are_stored_in_one_go(books: Books) -> None:
    rooms = [f"https://zoom.us/j/{93200000000 + number}" for number in range(40)]
    items = [
        google_event(
            f"e{number}", number * 10, number * 10 + 9, link=rooms[number % 40], people=[f"a@c{number % 60}.de"]
        )
        for number in range(1200)
    ]
    assert books.put(*items).stored == 1200
    assert len(books.customers()) == 60
    assert books.put(*items).unchanged == 1200
    assert {row.customers for row in books.rows()} == {1}


def test_who_sends_the_same_at_once_stores_it_once(books: Books) -> None:
    items = [google_event(f"e{number}", number, number + 5) for number in range(30)]
    threads = [threading.Thread(target=books.put, args=order) for order in (items, items[::-1], items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(books.rows()) == 30
    assert list(books.customers()) == ["globex.example"]
