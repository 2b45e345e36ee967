"""Settling where something changed gives what judging everything anew gives, which is done here the slow way."""

from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from integration.meetings.duration import Interval, union_seconds
from integration.meetings.matching import Planned
from integration.meetings.models import CalendarEvent, MeetingSession, SessionState
from integration.meetings.settling import Span, settle
from integration.runtime import Runtime
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY
from tests.integration.meetings.books import BEGIN, NOW, ROOM, Books, minute, open_books
from tests.integration.meetings.test_matching import slowly

OTHER = "85512340000"
NEWER = "k2:" + KEY_ENTRY.partition(":")[2].swapcase()


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
    ties = {row.id: slowly(held(row), planned[books.meeting_of[row.meeting_hash]]) for row in calls}
    return ties, {row.id: sums([call for call in calls if ties[call.id] == row.id]) for row in events}


def held(row: MeetingSession) -> Interval:
    quarter = row.started_at + timedelta(minutes=15)  # as far as one without an end is judged
    return Interval(row.started_at, row.ended_at or quarter)


def sums(calls: list[MeetingSession]) -> tuple[int | None, bool]:
    ended = [held(call) for call in calls if call.state == SessionState.ENDED]
    states = {call.state for call in calls}
    unended = SessionState.RUNNING in states or states == {SessionState.LOST}
    return union_seconds(ended) if ended else None, unended


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
