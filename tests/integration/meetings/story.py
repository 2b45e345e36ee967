"""Living through a made-up year, part by part: the calendar, webhooks, Zoom's reports; and what came of it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select

from integration.backfill import coverage
from integration.backfill.days import DAY, Days
from integration.connections.models import Connection, ConnectionState
from integration.meetings.events import MOST_ITEMS, put_events
from integration.meetings.knowledge import about, knowledge_of
from integration.meetings.models import CalendarEvent, Evidence, MeetingSession
from integration.meetings.reasons import reason_of
from integration.meetings.rooms import store_rooms
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from integration.reports.filters import Filters, scope_of
from integration.reports.hours import read_hours
from integration.reports.views import GroupBy, Hours
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.webhooks.acting import act, happening
from integration.webhooks.delivery import read_delivery
from integration.webhooks.service import BATCH
from tests.support.year import Arrival, Call, Year

Outcome = tuple[str, int | None]  # the reason, and the seconds where it is "adjusted"
_T = TypeVar("_T")


@dataclass
class Story:
    """A tenant that lives through a year, part by part."""

    runtime: Runtime
    year: Year
    tenant_id: str = "acme"

    def begin(self) -> "Story":
        """The tenant is connected from before the year's first call."""
        vault, since = self.runtime.vault, self.year.now - timedelta(days=400)
        account = vault.seal(self.year.account_id, table="connections", column="account_id", row="c1")
        with self.runtime.database.writing() as session:
            session.add(Tenant(id=self.tenant_id, name="Acme", zoom_enabled=True, created_at=since))
            session.flush()
            tenant = session.get_one(Tenant, self.tenant_id)
            tenant.domains, tenant.time_zone = list(self.year.domains), self.year.time_zone
            connected = ConnectionState.CONNECTED
            connection = Connection(id="c1", tenant_id=self.tenant_id, state=connected, cause="connected", since=since)
            connection.connected_at, connection.account_id = since, account
            connection.account_hash = vault.lookup_hash("zoom_account", self.year.account_id)
            session.add(connection)
        return self

    def calendar(self, items: Sequence[Any] | None = None) -> None:
        """Retain's calendar sync sends what was written."""
        for batch in _batches(self.year.items if items is None else items, MOST_ITEMS):
            with self.runtime.database.writing() as session:
                stored = put_events(session, self.runtime.vault, self.tenant_id, batch, self.year.now)
                assert stored.errors == []

    def rooms(self) -> None:
        """Zoom's list of users says where personal links lead."""
        with self.runtime.database.writing() as session:
            vault, now = self.runtime.vault, self.year.now
            settle(session, vault, store_rooms(session, vault, self.tenant_id, self.year.rooms, now))

    def webhooks(self, arrivals: Sequence[Arrival] | None = None) -> None:
        """Those that reach us, in the order in which they do."""
        for batch in _batches(self.year.arrivals if arrivals is None else arrivals, BATCH):
            happenings = []
            for one in batch:
                delivery = read_delivery(json.dumps(one.body))
                assert delivery is not None
                happenings.append(happening(delivery, one.at))
            with self.runtime.database.writing() as session:
                assert act(session, self.runtime.vault, happenings, batch[-1].at) == 0

    def reports(self, calls: Sequence[Call] | None = None) -> None:
        """Zoom's history, page by page, without the way over HTTP. Says that it is all, so the rest must follow."""
        for page in _batches(self.year.calls if calls is None else calls, 300):
            seen = [Seen(one.uuid, one.meeting_id, one.start, one.end, Evidence.REPORTED) for one in page]
            with self.runtime.database.writing() as session:
                recorded = record(session, self.runtime.vault, self.tenant_id, seen, self.year.now)
                settle(session, self.runtime.vault, recorded.spans)
        with self.runtime.database.writing() as session:
            today = self.year.now.date()
            row = coverage.lock(session, self.tenant_id, self.year.now)
            coverage.add(row, Days(today - 365 * DAY, today + DAY), self.year.now)

    def outcomes(self) -> dict[str, Outcome]:
        """Of every event that is not cancelled or for whole days, by Google's id."""
        with self.runtime.database.reading() as session:
            knowledge = knowledge_of(session, self.tenant_id)
            mine = select(CalendarEvent).where(~CalendarEvent.cancelled, ~CalendarEvent.all_day)
            found = {}
            for row in session.scalars(mine):
                reason = str(reason_of(row, knowledge, self.year.now))
                key = opened(self.runtime, row, "google_id")
                found[key] = (reason, row.actual_seconds if reason == "adjusted" else None)
            return found

    def ties(self) -> dict[str, str]:
        """Each call's event, by uuid and Google's id; "": none."""
        with self.runtime.database.reading() as session:
            keys = {row.id: opened(self.runtime, row, "google_id") for row in session.scalars(select(CalendarEvent))}
            calls = session.scalars(select(MeetingSession))
            return {opened(self.runtime, row, "uuid"): keys[row.event_id] if row.event_id else "" for row in calls}

    def portions(self, count: int) -> list[Callable[[], None]]:
        """The calendar, the webhooks and the reports, each in so many portions; they may come in any order."""
        parts: list[Callable[[], None]] = []
        for number in range(count):
            mine = slice(number, None, count)
            parts += [
                partial(self.calendar, self.year.items[mine]),
                partial(self.webhooks, self.year.arrivals[mine]),
                partial(self.reports, self.year.calls[mine]),
            ]
        return parts

    def hours(self, group_by: GroupBy) -> Hours:
        """The report about the whole year."""
        with self.runtime.database.reading() as session:
            now, vault = self.year.now, self.runtime.vault
            days = Filters((now - timedelta(days=360)).date(), now.date())
            return read_hours(
                session, vault, scope_of(session, vault, about(session, self.tenant_id), days, now), group_by
            )


def _batches(things: Sequence[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def opened(runtime: Runtime, row: CalendarEvent | MeetingSession, column: str) -> str:
    return runtime.vault.open(getattr(row, column), table=row.__tablename__, column=column, row=row.id)
