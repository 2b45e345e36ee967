"""Personal links, and the meetings they lead to."""

import pytest
from sqlalchemy import update

from integration.meetings.models import CalendarEvent, PersonalRoom
from integration.meetings.rooms import resolve, store_rooms
from integration.meetings.settling import settle
from integration.meetings.zoom_data import forget_zoom_data
from integration.runtime import Runtime
from tests.integration.meetings.planning import NOW, OTHER_ROOM, ROOM, Books, at, google_event

LINK = "https://acme.zoom.us/my/Jonas"


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def tell(books: Books, **rooms: str) -> int:
    """Zoom's list of users has come; how many places are to be settled."""
    with books.runtime.database.writing() as session:
        told = {f"my/{name}": digits for name, digits in rooms.items()}
        spans = store_rooms(session, books.runtime.vault, books.tenant_id, told, NOW)
        settle(session, books.runtime.vault, spans)
        return len(spans)


def meetings(books: Books) -> list[str]:
    return [books.text(row, "meeting_id") for row in books.rows()]


def test_an_event_waits_until_zoom_has_told_the_room(books: Books) -> None:
    books.call(0, 45)
    books.put(google_event(link=LINK), google_event("e2", 500, 530, link="https://zoom.us/my/maya"))
    assert meetings(books) == ["my/jonas", "my/maya"]
    assert books.rows()[0].actual_seconds is None
    assert tell(books, jonas=ROOM) == 1
    assert meetings(books) == [ROOM, "my/maya"]
    assert books.rows()[0].actual_seconds == 45 * 60
    assert tell(books, jonas=ROOM) == 0


def test_where_the_room_is_known_the_event_has_its_meeting_at_once(books: Books) -> None:
    tell(books, jonas=ROOM, maya=OTHER_ROOM)
    books.call(0, 45)
    books.put(google_event(link=LINK))
    assert books.row().actual_seconds == 45 * 60
    assert books.put(google_event(link=LINK)).unchanged == 1
    with books.runtime.database.reading() as session:
        found = [resolve(session, books.runtime.vault, "acme", one) for one in ("my/jonas", "my/nobody", OTHER_ROOM)]
    assert found == [ROOM, "my/nobody", OTHER_ROOM]


def test_rooms_are_one_tenant_s(books: Books) -> None:
    other = Books(books.runtime, "zeta")
    tell(other, jonas=ROOM)
    books.put(google_event(link=LINK))
    assert meetings(books) == ["my/jonas"]


def test_another_id_of_a_room_is_for_what_is_still_to_come(books: Books) -> None:
    tell(books, jonas=ROOM)
    soon = int((NOW - at(0)).total_seconds() // 60) + 60
    books.put(google_event(link=LINK), google_event("e2", soon, soon + 30, link=LINK))
    books.put(google_event("e3", soon, soon + 30))  # a link to the very meeting
    assert tell(books, jonas=OTHER_ROOM) == 2
    by_id = {books.text(row, "google_id"): books.text(row, "meeting_id") for row in books.rows()}
    assert by_id == {"e1": ROOM, "e2": OTHER_ROOM, "e3": ROOM}
    assert books.put(google_event(link=LINK), google_event("e2", soon, soon + 30, link=LINK)).unchanged == 2
    books.put(google_event(start=5, updated=1, link=LINK))
    assert OTHER_ROOM in meetings(books)[:1]


def test_what_zoom_said_of_rooms_is_forgotten_in_events_as_well(books: Books) -> None:
    tell(books, jonas=ROOM)
    books.call(0, 45)
    books.put(google_event(link=LINK), google_event("e2", 90, 120), google_event("e3", 200, 230, link=LINK))
    with books.runtime.database.writing() as session:
        session.execute(update(CalendarEvent).where(CalendarEvent.start_at == at(200)).values(details="damaged"))
    with books.runtime.database.writing() as session:
        forgotten = forget_zoom_data(session, books.runtime.vault, "acme")
    assert forgotten == {"personal_rooms": 1, "meeting_sessions": 1}
    assert meetings(books) == ["my/jonas", ROOM, ROOM]
    tell(books, jonas=ROOM)
    books.call(0, 45)
    assert [row.actual_seconds for row in books.rows()] == [45 * 60, None, None]


def test_names_and_rooms_are_sealed(books: Books) -> None:
    tell(books, jonas=ROOM)
    with books.runtime.database.reading() as session:
        (row,) = session.query(PersonalRoom).all()
    assert (books.text(row, "name"), books.text(row, "meeting_id")) == ("my/jonas", ROOM)
    assert "jonas" not in row.name + row.name_hash
