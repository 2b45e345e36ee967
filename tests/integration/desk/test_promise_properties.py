"""Targets, reminders and statistics against a slow reference: random calendars, random sequences of what people do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from integration.db import Database
from integration.desk import acting, reminders, statistics, targets, writing
from integration.desk.models import ResponseClock, SupportRequest
from integration.desk.opening import NewRequest, open_request
from integration.desk.statistics import Outcome
from integration.notifications import outcomes, service
from integration.notifications.models import Notification
from integration.tenants import preferences
from integration.vault import Vault
from kb import support_hours
from kb.calendar import Calendar, HalfDay
from tests.integration.conftest import make_settings
from tests.integration.desk.promise_reference import DAYS, MINUTE, PACIFIC, Hours, Promise, Told

SAM, ROBIN = "slack:T0RETAIN/USAM", "slack:T0RETAIN/UROBIN"
# A Wednesday or a Thursday before: an ordinary weekend, clocks forward, clocks back, Thanksgiving, the year's end.
STARTS = [date(2026, 9, 9), date(2026, 3, 5), date(2026, 10, 29), date(2026, 11, 25), date(2026, 12, 23)]
LAST = (DAYS - 8) * 1440  # later, a target might lie outside the window

# When something happens: so many minutes after what came before, after a request's target, or the end of its snooze.
EDGES = [
    *(("target", minutes) for minutes in (-31, -30, -29, -11, -10, -9, -1, 0, 0, 1, 30)),
    *(("snoozed", minutes) for minutes in (-1, 0, 1)),
    *(("later", minutes) for minutes in (0, 1, 5, 30, 60, 121, 540, 900)),
]
# What happens, to that request if it concerns one.
DEEDS = [
    *[("tick",)] * 10,
    *[("bot",)] * 3,
    *[("open",)] * 3,
    *(("claim", who) for who in (SAM, SAM, ROBIN)),
    *(("snooze", minutes) for minutes in (1, 15, 30, 100, 1000)),
    *(("mute", who, muted) for who in (SAM, ROBIN) for muted in (True, False)),
    *((deed,) for deed in ("release", "answer", "answered_elsewhere", "resolve", "reopen", "write", "thank")),
    ("change_hours",),
]
OF_NONE = ("tick", "bot", "open", "mute", "change_hours")
moments = st.sampled_from(EDGES) | st.tuples(st.just("later"), st.integers(0, 2000))
stories = st.lists(st.tuples(st.integers(0, 2), moments, st.sampled_from(DEEDS)), min_size=20, max_size=40)


@st.composite
def calendars(draw: st.DrawFn, start: date) -> Calendar:
    days = st.builds(lambda n: start + timedelta(days=n), st.integers(0, DAYS))
    halves = st.builds(HalfDay, st.just("x"), st.builds(time, st.integers(9, 17), st.integers(1, 59)))
    closed: Mapping[date, str] = draw(st.dictionaries(days, st.just("x"), max_size=2))
    half = draw(st.dictionaries(days, halves, max_size=3))
    return Calendar(closed, {day: value for day, value in half.items() if day not in closed})


@dataclass(frozen=True)
class Drawn:
    """When it begins (09:00 Pacific), the calendars that follow one another, and what happens after which minutes."""

    start: datetime
    calendars: list[Calendar]
    story: list[tuple[int, tuple[str, int], tuple[Any, ...]]]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    day = draw(st.sampled_from(STARTS))
    start = datetime.combine(day, time(9), PACIFIC).astimezone(UTC)
    begin = (0, ("later", 0), ("open",))
    return Drawn(start, draw(st.lists(calendars(day), min_size=1, max_size=3)), [begin, *draw(stories)])


@dataclass
class Both:
    """The service, in one transaction, and the reference: whatever is done is done to both."""

    session: Session
    vault: Vault
    drawn: Drawn
    calendar: Calendar = field(init=False)
    promise: Promise = field(init=False)
    now: int = 0
    ids: list[str] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hours = [Hours(one, self.drawn.start) for one in self.drawn.calendars]
        self.calendar, self.promise = self.drawn.calendars[0], Promise(self._hours[0])

    @property
    def moment(self) -> datetime:
        return self.at(self.now)

    def at(self, minute: int) -> datetime:
        return self.drawn.start + minute * MINUTE

    def minute(self, moment: datetime) -> int:
        """Raises where it is not a whole one."""
        whole, rest = divmod(moment - self.drawn.start, MINUTE)
        assert not rest
        return whole

    def go(self, place: int, since: str, minutes: int) -> None:
        """Let time pass until then, unless that is over (or never)."""
        when: int | None = self.now
        if since != "later" and place < len(self.ids):
            request = self.promise.requests[place]
            when = request.clock.target if since == "target" else request.snoozed
        if when is not None:
            self.now = max(self.now, when + minutes)

    def happen(self, place: int, deed: str, *given: object) -> None:
        about: Callable[..., None] = getattr(self, deed)
        if deed in OF_NONE:
            about(*given)
        elif place < len(self.ids):
            about(place, *given)

    def request(self, place: int) -> SupportRequest:
        found = self.session.get(SupportRequest, self.ids[place])
        assert found is not None
        return found

    # What may happen

    def open(self) -> None:
        if len(self.ids) < 3:
            new = NewRequest(key=uuid4().hex, text="Help", via="slack", actor="slack:T1/U1")
            self.ids.append(open_request(self.session, self.vault, new, self.moment)[0].id)
            self.promise.open(self.now)

    def claim(self, place: int, who: str) -> None:
        if not self.promise.requests[place].resolved and self.promise.requests[place].claimer in (None, who):
            acting.claim(self.session, self.vault, self.request(place), who, self.moment)
            self.promise.claim(place, who)

    def release(self, place: int) -> None:
        if not self.promise.requests[place].resolved:
            acting.release(self.session, self.vault, self.request(place), SAM, self.moment)
            self.promise.release(place)

    def snooze(self, place: int, minutes: int) -> None:
        if not self.promise.requests[place].resolved:
            until = self.now + minutes
            acting.snooze(self.session, self.vault, self.request(place), SAM, self.moment, until=self.at(until))
            self.promise.snooze(place, until)

    def answer(self, place: int) -> None:
        if not self.promise.requests[place].resolved:
            said = {"key": uuid4().hex, "text": "Because", "anyway": True}
            acting.answer(self.session, self.vault, self.request(place), ROBIN, self.moment, **said)  # type: ignore[arg-type]
            self.promise.stop(place, self.now, who=ROBIN, responded=True)

    def answered_elsewhere(self, place: int) -> None:
        if self.promise.requests[place].waits:
            acting.answered_elsewhere(self.session, self.vault, self.request(place), SAM, self.moment)
            self.promise.stop(place, self.now, who=SAM, responded=True)

    def resolve(self, place: int) -> None:
        if not self.promise.requests[place].resolved:
            acting.resolve(self.session, self.vault, self.request(place), SAM, self.moment)
            self.promise.stop(place, self.now, who=None, responded=False)

    def reopen(self, place: int) -> None:
        acting.reopen(self.session, self.vault, self.request(place), SAM, self.moment)
        self._reopened(place)

    def write(self, place: int) -> None:
        self._write(place, reopens=True)
        self._reopened(place)

    def thank(self, place: int) -> None:
        self._write(place, reopens=False)

    def _write(self, place: int, *, reopens: bool) -> None:
        said = {"key": uuid4().hex, "text": "And another thing", "reopens": reopens}
        writing.write(self.session, self.vault, self.request(place), "slack:T1/U1", self.moment, **said)  # type: ignore[arg-type]

    def _reopened(self, place: int) -> None:
        if not self.promise.requests[place].waits:
            self.promise.reopen(place, self.now)

    def mute(self, who: str, muted: bool) -> None:
        preferences.change(self.session, who, reminders=not muted, news=None, now=self.moment)
        self.session.expire_all()
        (self.promise.muted.add if muted else self.promise.muted.discard)(who)

    def change_hours(self) -> None:
        place = (self.drawn.calendars.index(self.calendar) + 1) % len(self._hours)
        self.calendar, self.promise.hours = self.drawn.calendars[place], self._hours[place]

    def tick(self) -> None:
        targets.recompute(self.session, self.vault, self.moment)
        reminders.owe_due(self.session, self.vault, self.moment)
        self.promise.tick(self.now)
        self.hear()

    def bot(self) -> None:
        """A worker's look, then a bot's: it is handed reminders in open hours only, and of clocks that run."""
        self.tick()
        while claimed := service.claim(self.session, self.vault, self.moment):
            for one in claimed:
                if one.kind == reminders.REMINDER:
                    assert self.promise.hours.open[self.now]
                    assert self.promise.requests[self.ids.index(one.payload["request"])].waits
                    self.promise.heard.add(self.told[one.id])
                outcomes.acknowledge(self.session, self.vault, {}, one.id, outcomes.Ack("delivered"), self.moment)

    # What is so

    def targets(self) -> list[list[int]]:
        found = []
        for request in self.ids:
            mine = select(ResponseClock.respond_by).where(ResponseClock.request_id == request)
            found.append([self.minute(one) for one in self.session.scalars(mine.order_by(ResponseClock.number))])
        return found

    def hear(self) -> None:
        """Take down what is owed by now: once it is delivered, what it says is forgotten. Drop what was taken back."""
        openings = {one.id: one.number - 1 for one in self.session.scalars(select(ResponseClock))}
        rows = self.session.scalars(select(Notification).where(Notification.kind == reminders.REMINDER)).all()
        self.told = {row.id: self.told[row.id] for row in rows if row.id in self.told}
        for row in rows:
            if row.id not in self.told:
                said = service.payload_of(self.vault, row)
                self.told[row.id] = Told(
                    self.ids.index(said["request"]),
                    openings[said["clock"]],
                    said["stage"],
                    self.minute(datetime.fromisoformat(said["respond_by"])),
                    said["to"],
                    self.minute(row.created_at),
                )

    def statistics(self) -> dict[str, object]:
        found = statistics.lately(self.session, self.moment)
        numbers = {how.value: found.number(how) for how in Outcome}
        return {**numbers, "median": found.percentile(50), "p90": found.percentile(90)}


@pytest.fixture(scope="module")
def database(module_database_url: URL) -> Iterator[Database]:
    made = Database(module_database_url)
    yield made
    made.close()


# To shrink a story takes minutes: it is shown as it was drawn.
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(drawn())
def test_whatever_people_do_targets_reminders_and_statistics_are_the_references(
    database: Database, module_database_url: URL, drawn: Drawn
) -> None:
    vault = Vault(make_settings(module_database_url).encryption_keys)
    with Session(database.engine) as session, pytest.MonkeyPatch.context() as patch:
        both = Both(session, vault, drawn)
        patch.setattr(support_hours, "default_calendar", lambda: both.calendar)
        for place, moment, deed in drawn.story:
            both.go(place, *moment)
            if both.now > LAST:
                break
            both.happen(place, *deed)
            assert both.targets() == [[one.target for one in each.clocks] for each in both.promise.requests]
        both.hear()
        assert sorted(both.told.values()) == sorted(both.promise.told)
        assert both.statistics() == both.promise.statistics(both.now)
        session.rollback()
