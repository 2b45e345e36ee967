"""Settling where something changed gives what judging everything anew gives, which is done here the slow way."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from integration.db import take_turns
from integration.meetings.duration import Interval, union_seconds
from integration.meetings.matching import Planned
from integration.meetings.models import MEETING, CalendarEvent, Evidence, MeetingSession, SessionState
from integration.meetings.settling import Span, settle
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.meetings.test_matching import slowly

BEGIN = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
NOW = BEGIN + timedelta(days=3)
ROOM = "93201235621"
OTHER = "85512340000"
NEWER = "k2:" + KEY_ENTRY.partition(":")[2].swapcase()


def minute(number: int) -> datetime:
    return BEGIN + timedelta(minutes=number)


@dataclass
class Books:
    """One tenant's rows, and the places that changed since the last settling."""

    session: Session
    vault: Vault
    tenant_id: str
    spans: list[Span] = field(default_factory=list)
    meeting_of: dict[str, str] = field(default_factory=dict)  # by its hash

    def settle(self) -> int:
        self.session.flush()
        changed = settle(self.session, self.vault, self.spans)
        self.session.expire_all()
        self.spans.clear()
        return changed

    def changed(self, row: MeetingSession | CalendarEvent) -> None:
        """Here, now: for a change of place, called before and after."""
        start, end = (
            (row.start_at, row.end_at) if isinstance(row, CalendarEvent) else (row.started_at, row.ended_at or NOW)
        )
        self.spans.append(Span(self.tenant_id, self.meeting_of[row.meeting_hash or ""], start, end))

    def hash_of(self, meeting: str, vault: Vault | None = None) -> str:
        made = (vault or self.vault).lookup_hash(MEETING, meeting)
        self.meeting_of[made] = meeting
        return made

    def call(self, start: int, end: int | None, *, meeting: str = ROOM, vault: Vault | None = None) -> MeetingSession:
        key = uuid4().hex
        row = MeetingSession(
            id=key,
            tenant_id=self.tenant_id,
            uuid="sealed",
            uuid_hash=key,
            meeting_id="sealed",
            meeting_hash=self.hash_of(meeting, vault),
            details="sealed",
            state=SessionState.RUNNING if end is None else SessionState.ENDED,
            started_at=minute(start),
            ended_at=None if end is None else minute(end),
            started_by=Evidence.STARTED,
            ended_by=None if end is None else Evidence.ENDED,
            first_seen_at=NOW,
        )
        self.session.add(row)
        self.changed(row)
        return row

    def event(self, start: int, end: int, *, meeting: str = ROOM, google_id: str | None = None) -> CalendarEvent:
        key = uuid4().hex
        name = google_id or key
        row = CalendarEvent(
            id=key,
            tenant_id=self.tenant_id,
            google_id=self.vault.seal(name, table="calendar_events", column="google_id", row=key),
            google_hash=name,
            meeting_id="sealed",
            meeting_hash=self.hash_of(meeting),
            details="sealed",
            start_at=minute(start),
            end_at=minute(end),
            scheduled_seconds=(end - start) * 60,
            all_day=False,
            cancelled=False,
            running=False,
        )
        self.session.add(row)
        self.changed(row)
        return row

    def rows(self, model: type[Any]) -> list[Any]:
        return list(self.session.scalars(select(model).where(model.tenant_id == self.tenant_id).order_by(model.id)))


@pytest.fixture
def books(runtime: Runtime) -> Iterator[Books]:
    with Session(runtime.database.engine) as session:
        yield open_books(session, runtime.vault)
        session.rollback()


def open_books(session: Session, vault: Vault) -> Books:
    tenant_id = uuid4().hex
    session.add(Tenant(id=tenant_id, name="Acme", domains=[], created_at=NOW))
    session.flush()
    return Books(session, vault, tenant_id)


def as_stored(books: Books) -> tuple[dict[str, str | None], dict[str, tuple[int | None, bool]]]:
    ties = {row.id: row.event_id for row in books.rows(MeetingSession)}
    return ties, {row.id: (row.actual_seconds, row.running) for row in books.rows(CalendarEvent)}


def as_judged_anew(books: Books) -> tuple[dict[str, str | None], dict[str, tuple[int | None, bool]]]:
    events = books.rows(CalendarEvent)
    planned = {
        meeting: [
            Planned(row.id, row.start_at, row.end_at, row.google_hash)
            for row in events
            if books.meeting_of[row.meeting_hash] == meeting and not (row.cancelled or row.all_day)
        ]
        for meeting in (ROOM, OTHER)
    }
    calls = books.rows(MeetingSession)
    ties = {
        row.id: slowly(held(row), planned[books.meeting_of[row.meeting_hash]]) if held(row) else None for row in calls
    }
    return ties, {row.id: sums([call for call in calls if ties[call.id] == row.id]) for row in events}


def held(row: MeetingSession) -> Any:
    if row.state == SessionState.LOST:
        return None
    quarter = row.started_at + timedelta(minutes=15)  # as far as one that runs is judged
    return Interval(row.started_at, row.ended_at or quarter)


def sums(calls: list[MeetingSession]) -> tuple[int | None, bool]:
    ended = [held(call) for call in calls if call.state == SessionState.ENDED]
    return union_seconds(ended) if ended else None, any(call.state == SessionState.RUNNING for call in calls)


class Life:
    """What happens to a tenant, by chance, in few hours and with two meeting ids, so that much meets."""

    def __init__(self, books: Books, chance: Random, older: Vault) -> None:
        self.books, self.chance, self.older = books, chance, older

    def step(self) -> None:
        self.chance.choice([self.call, self.call, self.event, self.event, self.change_call, self.change_event])()

    def call(self) -> None:
        start = self.chance.randrange(0, 1200, 10)
        lasts = self.chance.choice([0, 10, 30, 60, 200, 1200, None])
        end = None if lasts is None else start + lasts
        vault = self.chance.choice([self.older, self.books.vault])
        self.books.call(start, end, meeting=self.meeting(), vault=vault)

    def event(self) -> None:
        start = self.chance.randrange(0, 1200, 30)
        self.books.event(start, start + self.chance.choice([0, 30, 60, 600]), meeting=self.meeting())

    def change_call(self) -> None:
        if rows := self.books.rows(MeetingSession):
            row = self.chance.choice(rows)
            self.books.changed(row)
            if self.chance.random() < 0.3:
                row.state, row.ended_at = SessionState.LOST, None
            else:
                row.state = SessionState.ENDED
                row.started_at -= timedelta(minutes=self.chance.choice([0, 10, 100]))
                row.ended_at = max(row.started_at, min(row.ended_at or NOW, minute(self.chance.randrange(0, 1300, 10))))
            self.books.changed(row)

    def change_event(self) -> None:
        if rows := self.books.rows(CalendarEvent):
            row = self.chance.choice(rows)
            self.books.changed(row)
            match self.chance.randrange(4):
                case 0:
                    row.cancelled = not row.cancelled
                case 1:
                    row.meeting_hash = self.books.hash_of(self.meeting())
                case 2:
                    row.all_day = not row.all_day
                case _:
                    row.start_at += timedelta(minutes=self.chance.choice([-300, -30, 10, 60, 500]))
                    row.end_at = row.start_at + timedelta(minutes=self.chance.choice([0, 30, 60]))
            self.books.changed(row)

    def meeting(self) -> str:
        return self.chance.choice([ROOM, ROOM, OTHER])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.integers(0, 2**32))
def test_settling_where_something_changed_equals_judging_everything_anew(
    runtime: Runtime, steps: list[int], seed: int
) -> None:
    older = Vault(EncryptionKeys.parse(KEY_ENTRY))
    newer = Vault(EncryptionKeys.parse(f"{NEWER},{KEY_ENTRY}"))
    with Session(runtime.database.engine) as session:
        life = Life(open_books(session, newer), Random(seed), older)
        for together in steps:
            for _ in range(together):
                life.step()
            life.books.settle()
            assert as_stored(life.books) == as_judged_anew(life.books)
        assert settle(session, newer, [Span(life.books.tenant_id, ROOM, BEGIN, NOW)]) == 0
        session.rollback()


def test_a_rejoined_call_counts_once_per_second(books: Books) -> None:
    event = books.event(0, 60)
    for start, end in [(0, 20), (10, 30), (40, 55), (55, 55)]:
        books.call(start, end)
    assert books.settle() == 1
    assert (event.actual_seconds, event.running) == (45 * 60, False)
    assert books.settle() == 0


def test_a_call_that_runs_marks_its_event_until_it_ends_or_is_lost(books: Books) -> None:
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
    assert (event.actual_seconds, event.running, call.event_id) == (None, False, None)


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
