"""How long one meeting was: which of its times is meant, the proof, and the true cause where nothing is found."""

import base64
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from integration.errors import Invalid, NotFound
from integration.meetings.lookup import find_duration
from integration.meetings.rooms import store_rooms
from integration.meetings.views import DurationAnswer
from integration.meetings.words import Reason
from integration.runtime import Runtime
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.reports.rows import MEETING_ID, NOW, Rows, at

DAY = timedelta(days=1)
MORNING = at("2025-01-14 09:00")
UUID = "/ab+CD/efGHijKLmnOPqrA=="


@pytest.fixture
def store(runtime: Runtime) -> Callable[[Callable[[Rows], Any]], Any]:
    """Store rows of acme's, which is connected and was asked about all but the last hour, unless they say otherwise."""

    def storing(fill: Callable[[Rows], Any]) -> Any:
        with runtime.database.writing() as session:
            return fill(
                Rows(session, runtime.vault).tenant().connected().asked(NOW - 200 * DAY, NOW - timedelta(hours=1))
            )

    return storing


@pytest.fixture
def find(runtime: Runtime) -> Callable[..., DurationAnswer]:
    def finding(meeting: str | None = MEETING_ID, on: str | None = None, **more: Any) -> DurationAnswer:
        with runtime.database.reading() as session:
            day = date.fromisoformat(on) if on else None
            return find_duration(session, runtime.vault, "acme", meeting, day, NOW, **more)

    return finding


def held(rows: Rows, *, minutes: float = 45, **event: Any) -> str:
    """An event of an hour with one call that began on time; the event's id."""
    start = event.pop("start", MORNING)
    event_id = rows.event(start, actual_seconds=int(minutes * 60), **event)
    rows.call(start, minutes, event=event_id, meeting=event.get("meeting", MEETING_ID))
    return event_id


def test_a_call_of_45_minutes_in_a_scheduled_hour_counts_as_45(store: Any, find: Any) -> None:
    store(lambda rows: held(rows, title="Kick-off", customers=["Globex", "Initech"]))
    found = find()
    assert (found.scheduled_seconds, found.counted_seconds, found.adjustment_seconds) == (3600, 2700, -900)
    assert (found.reason, found.actual_seconds, found.article) == (Reason.ADJUSTED, 2700, "meeting-durations")
    assert (found.title, found.event.title, found.event.customers) == ("Kick-off", "Kick-off", ["Globex", "Initech"])
    assert found.event.organizer == "jonas@acme.example"
    assert found.event.html_link.startswith("https://calendar.example/")
    assert (found.meeting_id, found.time_zone, found.others, found.more) == (MEETING_ID, "Europe/Berlin", [], False)


def test_the_proof_has_every_call_the_breaks_and_what_calls_share(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> None:
        event = rows.event(MORNING, actual_seconds=50 * 60)
        for offset, minutes in [(0, 20), (15, 15), (40, 20)]:
            rows.call(MORNING + timedelta(minutes=offset), minutes, event=event)
        rows.call(MORNING + timedelta(minutes=30), None, event=event, state="lost")

    store(fill)
    found = find()
    assert [(one.start - MORNING).seconds // 60 for one in found.sessions] == [0, 15, 30, 40]
    assert [one.state for one in found.sessions] == ["ended", "ended", "lost", "ended"]
    assert [(one.start, one.end) for one in found.gaps] == [
        (MORNING + timedelta(minutes=30), MORNING + timedelta(minutes=40))
    ]
    assert [(one.start, one.end) for one in found.overlaps] == [
        (MORNING + timedelta(minutes=15), MORNING + timedelta(minutes=20))
    ]
    assert found.counted_seconds == found.actual_seconds == 50 * 60
    assert "rounded" in found.rule


@pytest.mark.parametrize(
    "typed",
    [
        "932 0123 5621",
        "932-0123-5621",
        " 93201235621 ",
        "https://us02web.zoom.us/j/93201235621?pwd=abc",
        "Join: https://acme.zoom.us/w/93201235621",
        UUID,
        UUID.rstrip("="),
        UUID.replace("+", " "),
        "%2Fab%2BCD%2FefGHijKLmnOPqrA%3D%3D",
        "%252Fab%252BCD%252FefGHijKLmnOPqrA%253D%253D",
    ],
)
def test_a_meeting_is_named_as_people_name_it(store: Any, find: Any, typed: str) -> None:
    def fill(rows: Rows) -> str:
        event = rows.event(MORNING, actual_seconds=60)
        rows.call(MORNING, 1, event=event, uuid=UUID)
        return event

    event = store(fill)
    assert find(typed).event.id == event
    assert find(typed).sessions[0].uuid == UUID


def test_a_personal_link_leads_to_its_meetings(store: Any, find: Any, runtime: Runtime) -> None:
    waiting = store(lambda rows: rows.event(MORNING, meeting="my/jonas"))
    assert find("https://acme.zoom.us/my/Jonas").event.id == waiting
    with runtime.database.writing() as session:
        store_rooms(session, runtime.vault, "acme", {"my/jonas": "4441234567"}, NOW)
    assert find("my/jonas").event.id == find("444 123 4567").event.id == waiting


@pytest.mark.parametrize("typed", ["", "hello", "123", "my/", "https://meet.example/93201235621", "\0", "x" * 2000])
def test_what_names_no_meeting_is_refused_in_words(store: Any, find: Any, typed: str) -> None:
    store(lambda rows: None)
    with pytest.raises(Invalid) as caught:
        find(typed)
    assert caught.value.field == "meeting"
    assert caught.value.remedy


def test_of_several_times_it_is_the_latest_that_has_begun_and_the_others_may_be_chosen(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> list[str]:
        rows.event(NOW + DAY)
        return [held(rows, start=MORNING - week * 7 * DAY, title=f"Week {week}", minutes=week + 1) for week in range(3)]

    events = store(fill)
    found = find()
    assert found.occurrence == events[0]
    assert [(one.occurrence, one.title, one.counted_seconds, one.reason) for one in found.others] == [
        (events[1], "Week 1", 120, "adjusted"),
        (events[2], "Week 2", 180, "adjusted"),
    ]
    chosen = find(occurrence=events[2])
    assert (chosen.event.title, chosen.counted_seconds) == ("Week 2", 180)
    assert [one.uuid for one in chosen.sessions] != [one.uuid for one in found.sessions]
    assert [one.occurrence for one in chosen.others] == events[:2]
    assert find(None, occurrence=events[2]).event.id == events[2]


def test_only_the_latest_others_are_shown_and_it_says_that_there_are_more(store: Any, find: Any) -> None:
    events = store(lambda rows: [rows.event(MORNING - day * DAY) for day in range(40)])
    found = find()
    assert [one.occurrence for one in found.others] == events[1:21]
    assert found.more
    early = find(occurrence=events[39])
    assert [one.occurrence for one in early.others] == events[:20]
    assert early.more
    assert find(on="2024-12-10").occurrence == events[35]


def test_twenty_others_are_all_of_them(store: Any, find: Any) -> None:
    store(lambda rows: [rows.event(MORNING - day * DAY) for day in range(21)])
    assert (len(find().others), find().more) == (20, False)


def test_a_day_is_that_of_the_tenant_s_zone(store: Any, find: Any) -> None:
    late = store(lambda rows: held(rows, start=at("2025-01-09 23:30")))  # 00:30 in Berlin
    assert find(on="2025-01-10").occurrence == late
    with pytest.raises(NotFound) as caught:
        find(on="2025-01-09")
    assert caught.value.extra["cause"] == "not_on_that_day"
    assert caught.value.field == "on"
    assert [one["occurrence"] for one in caught.value.extra["others"]] == [late]  # type: ignore[attr-defined]


def test_of_several_on_one_day_it_is_the_latest(store: Any, find: Any) -> None:
    first, second = store(lambda rows: [rows.event(MORNING - DAY), rows.event(MORNING - DAY + timedelta(hours=2))])
    found = find(on="2025-01-13")
    assert (found.occurrence, [one.occurrence for one in found.others]) == (second, [first])


@pytest.mark.parametrize(("on", "words"), [("2025-01-15", "future"), ("1999-12-31", "ago"), ("0001-01-01", "ago")])
def test_a_day_that_cannot_be_is_refused(store: Any, find: Any, on: str, words: str) -> None:
    store(held)
    with pytest.raises(Invalid, match=words):
        find(on=on)


def test_all_day_and_cancelled_events_are_not_found(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> list[str]:
        return [rows.event(MORNING, all_day=True), rows.event(MORNING, cancelled=True)]

    for event in store(fill):
        with pytest.raises(NotFound):
            find(None, occurrence=event)
    with pytest.raises(NotFound):
        find()


def test_calls_in_no_event_count_nowhere_and_are_one_occasion_within_12_hours(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> list[str]:
        starts = [MORNING - timedelta(hours=hours) for hours in (0, 1, 13.4, 40)]
        topics = ("", "Stand-up", "Old name", "")
        return [rows.call(start, 30, topic=topic) for start, topic in zip(starts, topics, strict=True)]

    calls = store(fill)
    found = find()
    assert found.title == find(occurrence=calls[3]).others[0].title == "Stand-up"
    assert found.event is found.reason is found.scheduled_seconds is found.adjustment_seconds is None
    assert (found.counted_seconds, found.actual_seconds) == (0, 90 * 60)
    assert "counts nowhere" in found.explanation
    assert found.next_step
    assert (len(found.sessions), len(found.gaps)) == (3, 2)
    assert found.occurrence == calls[2]
    [other] = found.others
    assert (other.occurrence, other.title, other.actual_seconds, other.reason) == (calls[3], None, 1800, None)
    assert find(occurrence=calls[0]).occurrence == calls[2]
    assert find(on="2025-01-12").occurrence == calls[3]


def test_12_hours_after_the_end_is_another_occasion(store: Any, find: Any) -> None:
    store(lambda rows: [rows.call(MORNING, 30), rows.call(MORNING - timedelta(hours=12.5), 30)])
    assert (len(find().sessions), len(find().others)) == (1, 1)


def test_an_occasion_that_goes_on_past_midnight_is_whole_on_its_day(store: Any, find: Any) -> None:
    evening = at("2025-01-12 21:00")
    store(lambda rows: [rows.call(evening + timedelta(hours=hours), 30) for hours in (0, 4, 8)])
    assert (len(find(on="2025-01-12").sessions), find(on="2025-01-12").actual_seconds) == (3, 5400)


def test_calls_of_an_event_and_calls_of_none_are_told_apart(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> tuple[str, str]:
        return held(rows), rows.call(MORNING + timedelta(hours=5), 10)

    event, call = store(fill)
    assert (find().occurrence, [one.occurrence for one in find().others]) == (call, [event])
    assert len(find(occurrence=event).sessions) == 1


def test_a_uuid_names_its_own_time(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> str:
        held(rows)
        before = rows.event(MORNING - 7 * DAY, actual_seconds=600)
        rows.call(MORNING - 7 * DAY, 10, event=before, uuid=UUID)
        return before

    before = store(fill)
    assert find(UUID).occurrence == before
    assert find(UUID).counted_seconds == 600
    assert find(UUID, on="2025-01-14").counted_seconds == 2700


def test_while_keys_are_changed_rows_of_both_keys_are_found(store: Any, runtime: Runtime) -> None:
    old = store(lambda rows: held(rows, start=MORNING - 7 * DAY))
    both = Vault(EncryptionKeys.parse(f"k2:{base64.b64encode(bytes(range(32))).decode()},{KEY_ENTRY}"))
    with runtime.database.writing() as session:
        new = held(Rows(session, both, customers={}), customers=["Initech"])
    with runtime.database.reading() as session:
        found = find_duration(session, both, "acme", MEETING_ID, None, NOW)
    assert (found.occurrence, [one.occurrence for one in found.others], len(found.sessions)) == (new, [old], 1)


def test_an_event_without_zoom_is_shown_by_its_occurrence(store: Any, find: Any) -> None:
    event = store(lambda rows: rows.event(MORNING, meeting=None))
    found = find(None, occurrence=event)
    assert (found.reason, found.meeting_id, found.counted_seconds, found.sessions) == ("not_on_zoom", None, 3600, [])


def test_a_meeting_that_goes_on_counts_as_scheduled(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> None:
        event = rows.event(NOW - timedelta(minutes=10), running=True)
        rows.call(NOW - timedelta(minutes=10), None, event=event)

    store(fill)
    found = find()
    assert (found.reason, found.counted_seconds, found.sessions[0].end) == ("still_running", 3600, None)
    assert found.actual_seconds is None


def test_a_call_whose_end_is_lost_is_not_told_as_running(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> None:
        rows.call(MORNING, None, event=rows.event(MORNING, running=True), state="lost")

    store(fill)
    assert find().reason is Reason.STILL_RUNNING
    assert "nobody has told us when it ended" in find().explanation


def test_a_meeting_whose_time_is_not_over_is_not_missed_yet(store: Any, find: Any) -> None:
    store(lambda rows: rows.event(NOW - timedelta(minutes=10)))
    assert find().reason is Reason.AWAITING_ZOOM
    assert "not over" in find().explanation


def test_it_says_when_nobody_of_another_organisation_is_in_it(store: Any, find: Any) -> None:
    store(lambda rows: held(rows, customers=[]))
    assert find().event.customers == []
    assert "in no report" in find().explanation


def test_of_very_many_calls_the_latest_are_found(store: Any, find: Any) -> None:
    def fill(rows: Rows) -> str:
        event = held(rows)
        for hour in range(305):
            rows.call(MORNING + timedelta(minutes=20 + hour), 0.5)
        return event

    event = store(fill)
    assert len(find(occurrence=event).sessions) == 1


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(hours=5)])
def test_a_room_in_constant_use_is_one_occasion_with_all_its_calls(store: Any, find: Any, apart: timedelta) -> None:
    def fill(rows: Rows) -> list[str]:
        before = rows.call(MORNING - 312 * apart - 2 * DAY, 1)
        return [before, *(rows.call(MORNING - number * apart, 1, uuid=f"{number:021}A==") for number in range(312))]

    before, *_, first = store(fill)
    ways: tuple[dict[str, Any], ...] = (
        {},
        {"meeting": f"{311:021}A=="},
        {"meeting": f"{150:021}A=="},
        {"occurrence": first},
    )
    for found in [find(**way) for way in (*ways, {"on": f"{(MORNING - 200 * apart):%Y-%m-%d}"})]:
        assert (found.occurrence, len(found.sessions)) == (first, 312)
        assert found.actual_seconds == 312 * 60
    assert before in [one.occurrence for one in find().others]


def cause(find: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(NotFound) as caught:
        find(*args, **more)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy
    return str(caught.value.extra["cause"])


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        (None, None, "not_connected"),
        ("needs_reauthorization", None, "not_connected"),
        ("deauthorized", None, "zoom_data_deleted"),
        ("deauthorized", "2025-01-09", "zoom_data_deleted"),
        ("deauthorized", "2025-01-13", "not_connected"),
        ("deauthorized", "2023-12-24", "too_old_for_zoom"),
        (None, "2023-12-24", "too_old_for_zoom"),
        ("connected", None, "awaiting_zoom"),
        ("connected", "2025-01-09", "awaiting_zoom"),
        ("connected", "2023-12-24", "too_old_for_zoom"),
        ("degraded", "2023-12-24", "too_old_for_zoom"),
    ],
)
def test_of_an_unknown_meeting_it_says_the_true_cause(
    runtime: Runtime, find: Any, state: str | None, on: str | None, expected: str
) -> None:
    with runtime.database.writing() as session:
        rows = Rows(session, runtime.vault).tenant()
        if state:
            rows.connected(state, at("2025-01-11 12:00"))
    assert cause(find, on=on) == expected
    assert cause(find, UUID, on) == expected


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        ("connected", "2025-01-13", "not_on_that_day"),
        ("connected", "2025-01-14", "awaiting_zoom"),
        ("connected", "2023-12-24", "too_old_for_zoom"),
        ("deauthorized", "2025-01-09", "zoom_data_deleted"),
        ("deauthorized", "2025-01-13", "not_connected"),
    ],
)
def test_of_a_day_without_it_it_claims_no_more_than_is_known(
    runtime: Runtime, find: Any, state: str, on: str, expected: str
) -> None:
    with runtime.database.writing() as session:
        rows = Rows(session, runtime.vault).tenant().connected(state, at("2025-01-11 12:00"))
        if state == "connected":
            rows.asked(NOW - 20 * DAY, NOW - timedelta(hours=1))
        event = rows.event(MORNING - 7 * DAY)
    with pytest.raises(NotFound) as caught:
        find(on=on)
    extra: Any = caught.value.extra
    assert (caught.value.field, extra["cause"]) == ("on", expected)
    assert [one["occurrence"] for one in extra["others"]] == [event]
    assert ("of that day" in caught.value.message) is (expected != "not_on_that_day")


@pytest.mark.parametrize(
    ("on", "expected"), [(None, "never_seen"), ("2025-01-13", "never_seen"), ("2025-01-14", "awaiting_zoom")]
)
def test_where_zoom_was_asked_about_everything_there_was_no_such_meeting(
    store: Any, find: Any, on: str | None, expected: str
) -> None:
    store(lambda rows: None)
    assert cause(find, on=on) == expected


def test_where_zoom_is_not_enabled_it_says_so(runtime: Runtime, find: Any) -> None:
    with runtime.database.writing() as session:
        Rows(session, runtime.vault).tenant(enabled=False)
    with pytest.raises(NotFound, match="not enabled"):
        find()


def test_a_meeting_that_has_not_begun_is_known(store: Any, find: Any) -> None:
    store(lambda rows: [rows.event(NOW + 2 * DAY), rows.event(NOW + DAY)])
    with pytest.raises(NotFound, match=r"planned for 15 January 2025, 19:30 \(Europe/Berlin\)"):
        find()
    assert cause(find) == "not_begun"


def test_an_occurrence_that_is_gone_is_told(store: Any, find: Any) -> None:
    store(held)
    assert cause(find, occurrence="0" * 32) == "gone"


def test_neither_meeting_nor_occurrence_is_refused(store: Any, find: Any) -> None:
    store(held)
    with pytest.raises(Invalid, match="missing"):
        find(None)


def test_another_tenant_s_meetings_are_never_found(runtime: Runtime, find: Any) -> None:
    with runtime.database.writing() as session:
        Rows(session, runtime.vault).tenant()
        theirs = Rows(session, runtime.vault, "globex").tenant()
        event = held(theirs)
        call = theirs.call(MORNING - 9 * DAY, 10, uuid=UUID)
    for wanted in ({}, {"meeting": UUID}, {"occurrence": event}, {"occurrence": call}, {"on": "2025-01-14"}):
        assert cause(find, **wanted) in ("not_connected", "gone")
