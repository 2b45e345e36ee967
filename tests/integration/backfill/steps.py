"""What is held at Zoom, what stands in the calendar, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from integration.backfill import service
from integration.backfill.filling import run_backfills
from integration.backfill.models import Backfill, Coverage
from integration.backfill.progress import Progress, progress_of
from integration.backfill.repair import ask_what_is_new
from integration.meetings.events import put_events
from integration.meetings.knowledge import knowledge_of
from integration.meetings.models import CalendarEvent, Evidence, MeetingSession
from integration.meetings.reasons import reason_of
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.zoom.causes import cause
from integration.zoom.client import ZoomClient
from integration.zoom.errors import ZoomError
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.meetings import Session
from integration.zoom.wire import make_http
from tests.integration.conftest import TestClock
from tests.support.zoom import IMPATIENT

HALF = 0.5  # what stands for chance
MEETING_ID = "93201235621"
HOUR = 3600
HALF_A_DAY = timedelta(hours=12)


@dataclass
class Scene:
    """The service, Zoom, the clock, and steps through them. No webhook arrives unless a step says so."""

    runtime: Runtime
    zoom: ZoomStandIn
    clock: TestClock

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        return self.clock.now - timedelta(days=days, hours=hours)

    def held(self, began: datetime, minutes: int = 45, meeting_id: str | None = None, **more: Any) -> Session:
        """A call of which no webhook told."""
        (session,) = self.zoom.hold(
            meeting_id=meeting_id, began=began, segments=((0, minutes * 60),), send=False, **more
        )
        return session

    def many(self, count: int, began: datetime, account: str = "acme") -> None:
        """Calls of a minute each, one after the other."""
        self.zoom.add_sessions(
            account,
            [
                (
                    f"{account}{number:05d}/+{began:%m%d%H}==",
                    str(10_000_000_000 + number),
                    began + timedelta(minutes=number),
                    began + timedelta(minutes=number + 1),
                    "jonas@acme.example",
                )
                for number in range(count)
            ],
        )

    def planned(
        self, key: str, start: datetime, meeting_id: str = MEETING_ID, minutes: int = 60, tenant: str = "acme"
    ) -> None:
        """A calendar event of an hour, with a join link (`my/name` too)."""
        link = f"https://acme.zoom.us/{meeting_id if meeting_id.startswith('my/') else f'j/{meeting_id}'}"
        item = {
            "id": key,
            "iCalUID": f"{key}@google.com",
            "status": "confirmed",
            "summary": "A meeting",
            "location": link,
            "start": {"dateTime": start.isoformat()},
            "end": {"dateTime": (start + timedelta(minutes=minutes)).isoformat()},
            "organizer": {"email": "jonas@acme.example"},
            "attendees": [{"email": "kim@globex.example"}],
        }
        with self.runtime.database.writing() as session:
            stored = put_events(session, self.runtime.vault, tenant, [item], self.clock.now)
        assert not stored.errors, stored.errors

    def told(self, call: Session, tenant: str = "acme") -> None:
        """What webhooks would have told of a call; only that it began, if it runs still."""
        evidence = Evidence.ENDED if call.ended else Evidence.STARTED
        seen = Seen(call.uuid, call.meeting_id, call.began, call.ended, evidence)
        with self.runtime.database.writing() as session:
            recorded = record(session, self.runtime.vault, tenant, [seen], self.clock.now)
            settle(session, self.runtime.vault, recorded.spans)

    def start(self, why: service.Why = "asked", tenant: str = "acme", actor: str | None = None) -> str:
        with self.runtime.database.writing() as session:
            return service.start(session, tenant, why, actor, self.clock.now).id

    def turn(self, runtime: Runtime | None = None) -> int:
        """One turn of the duty."""
        return run_backfills(runtime or self.runtime, jitter=lambda: HALF)

    def work(self) -> None:
        """Until nothing is due."""
        for _ in range(200):
            if not self.turn():
                return
        raise AssertionError("the worker finds no end")

    def fill(self, why: service.Why = "asked", tenant: str = "acme") -> Progress:
        self.start(why, tenant)
        self.work()
        return self.progress(tenant)

    def repair(self, runtime: Runtime | None = None) -> int:
        return ask_what_is_new(runtime or self.runtime, jitter=lambda: HALF)

    def later(self, passed: timedelta) -> int:
        """So much later a worker looks."""
        self.clock.now += passed
        return self.repair()

    def progress(self, tenant: str = "acme") -> Progress:
        with self.runtime.database.reading() as session:
            found = progress_of(session, tenant)
            assert found is not None
            return found

    def coverage(self, tenant: str = "acme") -> Coverage:
        with self.runtime.database.reading() as session:
            return session.get_one(Coverage, tenant)

    def covered(self, tenant: str = "acme") -> tuple[datetime | None, datetime | None]:
        found = self.coverage(tenant)
        return found.asked_from, found.asked_until

    def calls(self, tenant: str = "acme") -> list[tuple[str, datetime, datetime | None]]:
        """State, start and end of what is stored, oldest first."""
        with self.runtime.database.reading() as session:
            mine = select(MeetingSession).where(MeetingSession.tenant_id == tenant)
            rows = session.scalars(mine.order_by(MeetingSession.started_at)).all()
            return [(row.state, row.started_at, row.ended_at) for row in rows]

    def count(self, tenant: str = "acme") -> int:
        with self.runtime.database.reading() as session:
            mine = select(func.count()).select_from(MeetingSession).where(MeetingSession.tenant_id == tenant)
            return session.scalars(mine).one()

    def reasons(self, tenant: str = "acme") -> Mapping[datetime, tuple[str, int | None]]:
        """Why each event counts as it does, and its seconds, by its start."""
        with self.runtime.database.reading() as session:
            knowledge = knowledge_of(session, tenant)
            events = session.scalars(select(CalendarEvent).where(CalendarEvent.tenant_id == tenant)).all()
            return {
                one.start_at: (str(reason_of(one, knowledge, self.clock.now)), one.actual_seconds) for one in events
            }

    def asked(self, kind: str) -> int:
        """How often Zoom was asked that."""
        return sum(call.kind == kind for call in self.zoom.calls)

    def due(self, moment: datetime | None = None) -> None:
        """Let the time come: of everything that is due some day, or that moment."""
        if moment is not None:
            self.clock.now = max(self.clock.now, moment)
        with self.runtime.database.writing() as session:
            session.execute(update(Coverage).values(due_at=self.clock.now, lease_until_ms=0))
            running = update(Backfill).where(Backfill.due_at.is_not(None))
            session.execute(running.values(due_at=self.clock.now, lease_until_ms=0))


class Disturbed(ZoomClient):
    """Something happens before each request."""

    def __init__(self, runtime: Runtime, before: Callable[[str, bool], object]) -> None:
        url = runtime.settings.zoom_api_url
        super().__init__(
            api_url=url, http=make_http(url), clock=runtime.clock, sleep=lambda _: None, timeouts=IMPATIENT
        )
        self._before = before

    def get(self, access_token: str, path: str, **params: str | int | None) -> Mapping[str, Any]:
        self._before(path, bool(params.get("next_page_token")))
        return super().get(access_token, path, **params)


def interrupted(runtime: Runtime, happens: Callable[[], object]) -> Runtime:
    """The same process, in which that happens between the first and the second page, once."""
    left = [happens]

    def before(_path: str, further: bool) -> None:
        if further and left:
            left.pop()()

    return replace(runtime, zoom=Disturbed(runtime, before))


def refused(runtime: Runtime, path: str, code: str = "2999") -> Runtime:
    """The same process, to which Zoom refuses this path, with a code that nobody has documented."""

    def before(asked: str, _further: bool) -> None:
        if asked == path:
            raise ZoomError(cause("unknown"), call="api", status=400, code=code)

    return replace(runtime, zoom=Disturbed(runtime, before))
