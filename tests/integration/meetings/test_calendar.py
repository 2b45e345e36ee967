"""Google Calendar's events, read as Google gives them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.meetings.calendar import NOT_MEETINGS, Entry, Refusal, read_event

SINGLE: dict[str, Any] = {
    "kind": "calendar#event",
    "id": "6rk1",
    "status": "confirmed",
    "htmlLink": "https://www.google.com/calendar/event?eid=abc",
    "updated": "2026-10-01T08:00:00.512Z",
    "summary": "Quarterly review",
    "location": "https://us02web.zoom.us/j/93201235621?pwd=abc",
    "iCalUID": "6rk1@google.com",
    "creator": {"email": "jonas@acme.example", "self": True},
    "organizer": {"email": "Jonas@Acme.example", "self": True},
    "start": {"dateTime": "2026-10-12T09:00:00-07:00", "timeZone": "America/Los_Angeles"},
    "end": {"dateTime": "2026-10-12T10:00:00-07:00", "timeZone": "America/Los_Angeles"},
    "attendees": [
        {"email": "jonas@acme.example", "organizer": True, "self": True, "responseStatus": "accepted"},
        {"email": "Hank@Globex.Example", "responseStatus": "needsAction"},
        {"email": "c_188@resource.calendar.google.com", "resource": True, "displayName": "Room 4"},
    ],
    "reminders": {"useDefault": True},
}


def entry(**changes: Any) -> Entry:
    found = read_event(SINGLE | changes)
    assert isinstance(found, Entry), found
    return found


def refusal(**changes: Any) -> Refusal:
    found = read_event(SINGLE | changes)
    assert isinstance(found, Refusal), found
    assert found.detail
    assert found.remedy
    return found


def test_a_single_event() -> None:
    assert entry() == Entry(
        google_id="6rk1",
        uid="6rk1@google.com",
        updated_at=datetime(2026, 10, 1, 8, 0, 0, 512_000, tzinfo=UTC),
        cancelled=False,
        all_day=False,
        start=datetime(2026, 10, 12, 16, tzinfo=UTC),
        end=datetime(2026, 10, 12, 17, tzinfo=UTC),
        meeting_id="93201235621",
        join_url="https://us02web.zoom.us/j/93201235621?pwd=abc",
        organizer="jonas@acme.example",
        attendees=("hank@globex.example",),
        title="Quarterly review",
        html_link="https://www.google.com/calendar/event?eid=abc",
        calendars=("jonas@acme.example",),
    )


def test_what_google_leaves_out_or_gives_as_null_is_nothing() -> None:
    times = {name: SINGLE[name] for name in ("start", "end")}
    nothing = dict.fromkeys(SINGLE.keys() - {"id", "start", "end", "kind", "reminders"})
    bare = Entry("x", None, None, cancelled=False, all_day=False, start=entry().start, end=entry().end)
    assert read_event({"id": "x"} | times) == bare
    assert read_event(nothing | {"id": "x", "conferenceData": None} | times) == bare


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ({"dateTime": "2026-10-12T09:00:00Z"}, "2026-10-12T09:00:00Z"),
        ({"dateTime": "2026-10-12T09:00:00.999+02:00"}, "2026-10-12T07:00:00Z"),
        ({"dateTime": "2026-10-12T09:00:00+02:00", "timeZone": "America/Los_Angeles"}, "2026-10-12T07:00:00Z"),
        ({"dateTime": "2026-10-12T09:00:00", "timeZone": "Europe/Berlin"}, "2026-10-12T07:00:00Z"),
        ({"dateTime": "2026-01-12T09:00:00", "timeZone": "Europe/Berlin"}, "2026-01-12T08:00:00Z"),
        ({"dateTime": "2026-10-12T09:00:00Z", "date": None}, "2026-10-12T09:00:00Z"),
    ],
)
def test_a_time_has_an_offset_or_a_zone(start: dict[str, Any], expected: str) -> None:
    assert entry(start=start, end={"dateTime": "2026-10-12T18:00:00Z"}).start == datetime.fromisoformat(expected)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_length_is_between_instants_also_where_clocks_are_changed(day: str, hours: int) -> None:
    next_day = datetime.fromisoformat(day) + timedelta(days=1)
    times = [{"dateTime": at, "timeZone": "Europe/Berlin"} for at in (f"{day}T00:00:00", next_day.isoformat())]
    found = entry(start=times[0], end=times[1])
    assert found.start is not None
    assert found.end is not None
    assert found.end - found.start == timedelta(hours=hours)


def test_an_instance_is_known_by_its_first_time_also_when_it_was_moved() -> None:
    instance = {
        "id": "6rk1_20261012T160000Z",
        "recurringEventId": "6rk1",
        "originalStartTime": {"dateTime": "2026-10-12T09:00:00-07:00"},
        "recurrence": None,
    }
    moved = {"start": {"dateTime": "2026-10-13T09:00:00Z"}, "end": {"dateTime": "2026-10-13T09:30:00Z"}}
    assert entry(**instance).uid == "6rk1@google.com 2026-10-12T16:00:00+00:00"
    assert entry(**instance, **moved).uid == entry(**instance).uid
    assert entry(**instance, **moved).start == datetime(2026, 10, 13, 9, tzinfo=UTC)
    assert entry(**instance | {"originalStartTime": None}).uid == entry(**instance).uid
    assert entry(**instance | {"originalStartTime": {"date": "2026-10-19"}}).uid != entry(**instance).uid


def test_a_cancelled_one_needs_no_more_than_its_id() -> None:
    assert read_event({"id": "x", "status": "cancelled"}) == Entry("x", None, None, True, False, None, None)
    found = entry(status="cancelled")
    assert (found.cancelled, found.title, found.attendees, found.meeting_id) == (True, None, (), None)
    assert found.start == entry().start


def test_days_and_what_is_no_meeting_are_marked() -> None:
    assert entry(start={"date": "2026-10-12"}, end={"date": "2026-10-13"}).all_day
    for kind in NOT_MEETINGS:
        assert entry(eventType=kind).all_day
    assert not entry(eventType="fromGmail").all_day


@pytest.mark.parametrize(
    "nobody",
    [
        "room@resource.calendar.google.com",
        "team@group.calendar.google.com",
        "unknownorganizer@calendar.google.com",
        "",
        "no address",
        "@acme.example",
        "jonas@",
    ],
)
def test_rooms_calendars_and_what_is_no_address_are_nobody(nobody: str) -> None:
    assert entry(attendees=[{"email": nobody}, {"displayName": "no e-mail"}]).attendees == ()
    assert entry(organizer={"email": nobody}).organizer == "jonas@acme.example"  # who wrote it there
    assert entry(organizer={"email": nobody}, creator=None).organizer is None


def test_a_resource_is_nobody_whatever_its_address() -> None:
    assert entry(attendees=[{"email": "beamer@globex.example", "resource": True}]).attendees == ()


def test_an_outside_organizer_is_one_of_the_people() -> None:
    found = entry(organizer={"email": "hank@globex.example"})
    assert found.organizer == "hank@globex.example"
    assert found.attendees == ("hank@globex.example",)


def test_the_calendar_s_own_person_is_not_whatever_their_address() -> None:
    assert entry(attendees=[{"email": "jonas@gmail.com", "self": True}], organizer=None).attendees == ()


def test_half_a_character_spoils_nothing() -> None:
    found = entry(summary="Review \ud83d", organizer={"email": "j\ud83d@acme.example"})
    assert (found.title, found.organizer) == ("Review ?", "j?@acme.example")


def test_a_link_that_is_not_the_web_s_is_left_out() -> None:
    assert entry(htmlLink="javascript:alert(1)").html_link is None


def test_a_whole_series_is_refused_with_how_to_ask_for_its_meetings() -> None:
    found = refusal(recurrence=["RRULE:FREQ=WEEKLY"])
    assert found.field == "recurrence"
    assert "singleEvents=true" in found.remedy


def test_no_length_at_all_is_one_and_less_is_refused() -> None:
    assert entry(end=SINGLE["start"]).end == entry().start
    assert refusal(end={"dateTime": "2026-10-12T08:59:59-07:00"}).field == "end"
    assert refusal(end={"dateTime": "2028-10-12T09:00:00-07:00"}).field == "end"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": 5}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"start": None}, "start"),
        ({"end": {}}, "end"),
        ({"start": {"dateTime": "tomorrow"}}, "start.dateTime"),
        ({"start": {"dateTime": "2026-10-12T09:00:00"}}, "start.dateTime"),
        ({"start": {"dateTime": "2026-10-12T09:00:00", "timeZone": "Europe/Berlim"}}, "start.timeZone"),
        ({"start": {"dateTime": "0001-01-01T00:00:00+14:00"}}, "start.dateTime"),
        ({"end": {"dateTime": "9999-12-31T23:59:59-14:00"}}, "end.dateTime"),
        ({"updated": "yesterday"}, "updated"),
        ({"attendees": [{"email": "a@b.example"}, {"email": 3}]}, "attendees.1.email"),
        ({"attendees": "everybody"}, "attendees"),
        ({"summary": ["a"]}, "summary"),
        ({"location": 7}, "location"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field_without_repeating_it(changes: dict[str, Any], field: str) -> None:
    found = refusal(**changes)
    assert found.field == field
    assert "everybody" not in found.detail
    assert "tomorrow" not in found.detail


@pytest.mark.parametrize("item", [None, 5, "event", [], [SINGLE], True])
def test_what_is_no_object_is_refused(item: Any) -> None:
    found = read_event(item)
    assert isinstance(found, Refusal)
    assert found.field == "item"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
moment = st.fixed_dictionaries(
    {},
    optional={
        "dateTime": st.datetimes(timezones=st.none() | st.timezones()).map(datetime.isoformat) | anything,
        "date": st.dates().map(str) | anything,
        "timeZone": st.sampled_from(["Europe/Berlin", "America", "../etc/passwd", ""]) | anything,
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("start", "end", "originalStartTime"), moment)
        | dict.fromkeys(("status", "attendees", "organizer", "conferenceData", "recurrence", "description"), anything),
    )
)
def test_whatever_stands_there_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    found = read_event(SINGLE | changes)
    if isinstance(found, Entry) and not found.cancelled:
        assert found.start is not None
        assert found.end is not None
        assert found.start <= found.end
