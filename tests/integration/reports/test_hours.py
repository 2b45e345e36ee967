"""Meeting hours: which meetings are in a report, how they are grouped, and that everything adds up."""

import base64
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from integration.db import Database
from integration.errors import Invalid
from integration.meetings.knowledge import about
from integration.meetings.lookup import find_duration
from integration.meetings.models import CalendarEvent, Customer
from integration.meetings.words import Reason
from integration.reports.filters import Filters, Scope, scope_of
from integration.reports.hours import read_hours
from integration.reports.meetings import read_meetings
from integration.reports.period import Period
from integration.reports.views import Group, GroupBy, Hours, MeetingRow
from integration.runtime import Runtime
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.reports.rows import NOW, Rows, at

DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
VAULT = Vault(EncryptionKeys.parse(KEY_ENTRY))
NEW_KEY = base64.b64encode(bytes(range(32))).decode()
Read = Callable[..., Hours]


@pytest.fixture
def rows(runtime: Runtime) -> Iterator[Rows]:
    """Rows of acme's, connected, which a test adds before it reads."""
    with runtime.database.writing() as session:
        yield Rows(session, runtime.vault).tenant().connected().asked(NOW - 200 * DAY, NOW)


@pytest.fixture
def read(rows: Rows) -> Read:
    def reading(
        first: str | None = None, last: str | None = None, group_by: GroupBy = "customer", **more: Any
    ) -> Hours:
        rows.session.flush()
        days = [date.fromisoformat(day) if day else None for day in (first, last)]
        return read_hours(rows.session, rows.vault, scope(rows.session, rows.vault, *days, **more), group_by)

    return reading


def scope(session: Session, vault: Vault, first: date | None = None, last: date | None = None, **filters: str) -> Scope:
    """Acme's meetings on these days, as of now."""
    return scope_of(session, vault, about(session, "acme"), Filters(first, last, **filters), NOW)


def sums(hours: Hours) -> dict[str, tuple[int, int, int]]:
    return {one.name: (one.meetings, one.scheduled_seconds, one.counted_seconds) for one in hours.groups}


def test_adjusted_meetings_count_as_long_as_they_were_and_others_as_scheduled(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), actual_seconds=2700)
    rows.event(at("2025-01-11 09:00"), meeting=None)
    rows.event(at("2025-01-12 09:00"), customers=["Initech"], running=True, actual_seconds=1)
    found = read()
    assert sums(found) == {"Globex": (2, 7200, 6300), "Initech": (1, 3600, 3600)}
    assert [one.uncounted for one in found.groups] == [1, 1]
    assert found.uncounted == {Reason.NOT_ON_ZOOM: 1, Reason.STILL_RUNNING: 1}
    assert (found.total.meetings, found.total.scheduled_seconds, found.total.counted_seconds) == (3, 10800, 9900)
    assert (found.first, found.last, found.time_zone) == (date(2025, 1, 1), date(2025, 1, 14), "Europe/Berlin")


def test_a_meeting_with_two_customers_counts_for_each_and_once_in_the_total(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), customers=["Globex", "Initech"], actual_seconds=1800)
    rows.event(at("2025-01-10 12:00"), customers=["Initech"])
    found = read()
    assert sums(found) == {"Initech": (2, 7200, 5400), "Globex": (1, 3600, 1800)}
    assert (found.total.meetings, found.total.counted_seconds) == (2, 5400)
    assert found.counted_more_than_once is not None
    assert found.counted_more_than_once.model_dump() == {
        "meetings": 1,
        "scheduled_seconds": 3600,
        "counted_seconds": 1800,
    }
    assert read(group_by="month").counted_more_than_once is None


def test_only_meetings_with_customers_that_have_begun_are_in_it(rows: Rows, read: Read) -> None:
    rows.event(NOW, title="just begun")
    rows.event(NOW + timedelta(seconds=1))
    rows.event(at("2025-01-10 09:00"), customers=[])
    rows.event(at("2025-01-10 09:00"), all_day=True)
    rows.event(at("2025-01-10 09:00"), cancelled=True)
    rows.event(at("2024-12-31 22:59"))  # in Berlin it is still 2024
    rows.event(at("2024-12-31 23:00"))  # and here no longer
    assert read(last="2025-12-31").total.meetings == 2


def test_months_are_in_the_tenant_s_zone_in_order_and_none_is_left_out(rows: Rows, read: Read) -> None:
    rows.event(at("2024-10-31 22:30"))  # 23:30 in Berlin, an hour after the clocks went back
    rows.event(at("2024-12-31 23:30"), actual_seconds=60)  # January in Berlin
    found = read("2024-10-15", "2025-03-31", group_by="month")
    assert [(one.key, one.name, one.meetings) for one in found.groups] == [
        ("2024-10", "October 2024", 1),
        ("2024-11", "November 2024", 0),
        ("2024-12", "December 2024", 0),
        ("2025-01", "January 2025", 1),
    ]


def test_organizers_are_named_and_those_of_nobody_too(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), organizer="jonas@acme.example")
    rows.event(at("2025-01-10 11:00"), organizer="jonas@acme.example")
    rows.event(at("2025-01-10 12:00"), organizer=None, minutes=30)
    found = read(group_by="organizer")
    assert sums(found) == {"jonas@acme.example": (2, 7200, 7200), "No organizer": (1, 1800, 1800)}
    for group in found.groups:
        assert read(organizer=group.key).total.meetings == group.meetings
    assert read(organizer="Jonas@acme.example").total.meetings == 2


def test_while_keys_are_changed_an_organizer_is_one_group(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"))
    rows.event(at("2025-01-10 11:00"))
    both = Vault(EncryptionKeys.parse(f"k2:{NEW_KEY},{KEY_ENTRY}"))
    rows.vault = both
    rows.event(at("2025-01-10 13:00"))
    rows.session.flush()
    [group] = read(group_by="organizer").groups
    assert group.meetings == 3
    assert read(organizer=group.key).total.meetings == 3


def test_the_most_counted_come_first_then_by_name(rows: Rows, read: Read) -> None:
    for name, minutes in [("beta", 30), ("Alpha", 30), ("Gamma", 90)]:
        rows.event(at("2025-01-10 09:00"), minutes, customers=[name])
    assert [one.name for one in read().groups] == ["Gamma", "Alpha", "beta"]


def test_it_may_be_about_one_customer_by_key_or_name(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), customers=["Globex", "Initech"], organizer="sam@acme.example")
    rows.event(at("2025-01-11 09:00"), customers=["Globex"])
    for customer in (rows.customers["Initech"], "Initech", " initech "):
        assert sums(read(customer=customer)) == {"Initech": (1, 3600, 3600)}
        assert read(customer=customer).total.meetings == 1
        assert sums(read(customer=customer, group_by="organizer")) == {"sam@acme.example": (1, 3600, 3600)}
    assert read(customer="Globex", organizer="sam@acme.example").total.meetings == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first": "2025-01-10", "last": "2025-01-09"}, "from"),
        ({"first": "2019-01-01", "last": "2025-01-09"}, "from"),
        ({"first": "1999-12-31"}, "from"),
        ({"last": "9999-12-31"}, "to"),
        ({"customer": "Hooli"}, "customer"),
        ({"organizer": "k1.nobody"}, "organizer"),
        ({"organizer": "nobody@acme.example"}, "organizer"),
    ],
)
def test_what_cannot_be_is_refused_in_words(rows: Rows, read: Read, asked: dict[str, Any], field: str) -> None:
    rows.event(at("2025-01-10 09:00"))
    with pytest.raises(Invalid) as caught:
        read(**asked)
    assert caught.value.field == field
    assert caught.value.remedy


@pytest.mark.parametrize("group_by", ["customer", "organizer", "month"])
def test_days_without_meetings_are_an_empty_report(rows: Rows, read: Read, group_by: str) -> None:
    found = read("2024-02-01", "2024-02-29", group_by=group_by)
    assert (found.total.meetings, found.uncounted, found.pending) == (0, {}, 0)
    assert sum(one.meetings for one in found.groups) == 0
    assert read("2026-02-01", group_by=group_by).groups == []


def test_events_whose_customers_are_told_apart_anew_are_pending(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), customer_rules=0)
    rows.event(at("2025-01-11 09:00"), customer_rules=0, cancelled=True)
    rows.event(at("2025-01-12 09:00"))
    assert read().pending == 1


def test_what_does_not_open_keeps_nothing_else_back(rows: Rows, read: Read) -> None:
    rows.event(at("2025-01-10 09:00"), customers=["Globex"])
    rows.event(at("2025-01-11 09:00"), customers=["Initech"], organizer="sam@acme.example")
    rows.session.flush()
    damaged = rows.vault.seal("x", table="elsewhere", column="x", row="x")
    rows.session.execute(update(Customer).where(Customer.id == rows.customers["Globex"]).values(name=damaged))
    events = update(CalendarEvent).where(CalendarEvent.start_at == at("2025-01-10 09:00"))
    rows.session.execute(events.values(organizer=damaged, details=damaged, meeting_id=damaged))
    rows.session.expire_all()
    assert sums(read()) == {"(Unreadable)": (1, 3600, 3600), "Initech": (1, 3600, 3600)}
    by_organizer = read(group_by="organizer")
    assert sorted(sums(by_organizer)) == ["(Unreadable)", "sam@acme.example"]
    for group in by_organizer.groups:
        assert read(organizer=group.key).total.meetings == 1
    assert read(customer="Initech").total.meetings == 1
    found = read_meetings(rows.session, rows.vault, scope(rows.session, rows.vault)).meetings
    assert [one.title for one in found] == ["Weekly", "(Unreadable)"]
    shown = find_duration(rows.session, rows.vault, "acme", None, None, NOW, occurrence=found[1].occurrence)
    assert (shown.event is not None and shown.event.title, shown.counted_seconds) == ("(Unreadable)", 3600)


def test_another_tenant_s_meetings_are_in_nothing(rows: Rows, read: Read) -> None:
    theirs = Rows(rows.session, rows.vault, "globex-corp").tenant()
    theirs.event(at("2025-01-10 09:00"))
    assert read().total.meetings == 0
    for asked in (
        {"customer": theirs.customers["Globex"]},
        {"customer": "Globex"},
        {"organizer": "jonas@acme.example"},
    ):
        with pytest.raises(Invalid):
            read(**asked)


@pytest.fixture(scope="module")
def stored(module_database_url: URL) -> Iterator[Database]:
    database = Database(module_database_url)
    yield database
    database.close()


meeting = st.fixed_dictionaries(
    {
        "start": st.integers(0, 75 * 24 * 2).map(lambda half_hours: NOW - timedelta(minutes=30 * half_hours)),
        "minutes": st.integers(0, 300),
        "meeting": st.sampled_from((None, "93201235621")),
        "organizer": st.sampled_from((None, "jonas@acme.example", "sam@acme.example")),
        "customers": st.lists(st.sampled_from(("Globex", "Initech", "Hooli")), max_size=3, unique=True),
        "actual_seconds": st.none() | st.integers(0, 20_000),
        "running": st.booleans(),
    }
)


def everything(session: Session, days: Period | None = None, **asked: Any) -> list[MeetingRow]:
    """All pages of the meetings behind a number."""
    narrowed = {name: asked.pop(name) for name in ("reason", "uncounted") if name in asked}
    chosen = (days.first, days.last) if days else (FIRST, LAST)
    found: list[MeetingRow] = []
    after = None
    while True:
        theirs = scope(session, VAULT, *chosen, **asked)
        page = read_meetings(session, VAULT, theirs, after=after, limit=4, **narrowed)
        found += page.meetings
        total = page.total
        after = page.next
        if after is None:
            assert of(total) == added(found)
            return found


def added(rows: list[Any]) -> tuple[int, int, int]:
    """Meetings, scheduled and counted seconds, whether of groups or of single meetings."""
    return (
        sum(row.meetings if isinstance(row, Group) else 1 for row in rows),
        sum(row.scheduled_seconds for row in rows),
        sum(row.counted_seconds for row in rows),
    )


def of(sums: Any) -> tuple[int, int, int]:
    return (sums.meetings, sums.scheduled_seconds, sums.counted_seconds)


FIRST, LAST = date(2024, 11, 20), date(2025, 1, 14)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    meetings=st.lists(meeting, max_size=14), state=st.sampled_from(("connected", "deauthorized")), asked=st.booleans()
)
def test_everything_adds_up(stored: Database, meetings: list[dict[str, Any]], state: str, asked: bool) -> None:
    with stored.engine.connect() as connection, Session(connection) as session:
        rows = Rows(session, VAULT).tenant().connected(state, since=NOW - 20 * DAY)
        rows.asked(NOW - 40 * DAY if asked else None, NOW - 5 * DAY)
        for one in meetings:
            rows.event(**one)
        session.flush()
        by = {
            group_by: read_hours(session, VAULT, scope(session, VAULT, FIRST, LAST), group_by)
            for group_by in get_args(GroupBy)
        }
        total = by["customer"].total
        again = by["customer"].counted_more_than_once
        assert added(by["month"].groups) == added(by["organizer"].groups) == of(total) == added(everything(session))
        assert added(by["customer"].groups) == tuple(a + b for a, b in zip(of(total), of(again), strict=True))
        for hours in by.values():
            assert hours.total == total
            assert hours.uncounted == by["customer"].uncounted
            for group in hours.groups:
                behind = everything(session, **filter_of(hours, group))
                assert added(behind) == of(group)
                assert sum(row.reason != Reason.ADJUSTED for row in behind) == group.uncounted
        for reason in Reason:
            assert len(everything(session, reason=reason)) == expected(by["customer"], reason)
        assert len(everything(session, uncounted=True)) == sum(by["customer"].uncounted.values())


def filter_of(hours: Hours, group: Group) -> dict[str, Any]:
    """What of the meetings opens this number."""
    if hours.group_by == "month":
        return {"days": Period(FIRST, LAST, BERLIN).months()[group.key]}
    return {hours.group_by: group.key}


def expected(hours: Hours, reason: Reason) -> int:
    if reason is Reason.ADJUSTED:
        return hours.total.meetings - sum(hours.uncounted.values())
    return hours.uncounted.get(reason, 0)
