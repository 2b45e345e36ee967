"""The worker's duty: going through a tenant's past at Zoom, one window a turn, so that tenants get on side by side."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.backfill import asking, coverage, holding, planning, service, singly, telling
from integration.backfill.asking import Note
from integration.backfill.days import Days, within_reach
from integration.backfill.errors import Lost, NotAllowed
from integration.backfill.holding import Held
from integration.backfill.models import Backfill, BackfillState, BackfillWindow
from integration.backfill.planning import OneMeeting
from integration.connections import backoff, lease
from integration.errors import Unavailable, VaultError
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

BATCH = 3
# After so many refusals in a row for which nobody knows the reason, it is no use to go on.
UNKNOWN_AT_MOST = 5
Jitter = Callable[[], float]


@dataclass(frozen=True)
class Window:
    """One thing to ask for. `meeting_id` None: everything that began on these days."""

    id: str
    days: Days
    meeting_id: str | None


def run_backfills(runtime: Runtime, *, jitter: Jitter = random.random) -> int:
    """Ask for the next window of back-fills that are due, those that waited longest first. Returns how many."""
    due = (
        select(Backfill.id)
        .where(Backfill.state == BackfillState.RUNNING, Backfill.due_at <= runtime.clock(), lease.is_free(Backfill))
        .order_by(Backfill.due_at, Backfill.id)
        .limit(BATCH)
    )
    with runtime.database.reading() as session:
        found = session.scalars(due).all()
    return sum(go_on(runtime, backfill_id, jitter=jitter) for backfill_id in found)


def go_on(runtime: Runtime, backfill_id: str, *, jitter: Jitter = random.random) -> bool:
    """Ask for the next window of this back-fill. False: it is over, waits, or is in other hands."""
    with runtime.database.writing() as session:
        held = _take(session, backfill_id, runtime.clock())
    if held is None:
        return False
    try:
        _next(runtime, held)
    except Lost as error:
        log.info("%s", error, extra={"tenant": held.tenant_id})
    except ZoomError as error:
        _trouble(runtime, held, error, jitter())
    except Unavailable:
        _wait(runtime, held, None, runtime.clock() + backoff.FIRST)
    except VaultError as error:
        log.error("a back-fill cannot go on: %s", error, extra={"tenant": held.tenant_id})
        _wait(runtime, held, "sealed", runtime.clock() + backoff.LONGEST)
    finally:
        holding.release(runtime, held)
    return True


def _take(session: Session, backfill_id: str, now: datetime) -> Held | None:
    """The turn, if it is one to be had; without a connection the back-fill ends here."""
    seen = session.get(Backfill, backfill_id)
    if seen is None:
        return None
    stands = holding.standing(session, seen.tenant_id, lock=True)
    owner = uuid4().hex
    if not lease.take(session, Backfill, backfill_id, owner, seconds=holding.LEASE_SECONDS):
        return None
    backfill = session.get_one(Backfill, backfill_id, populate_existing=True)
    waits = backfill.due_at is None or backfill.due_at > now
    if backfill.state == BackfillState.RUNNING and stands.connected_at is None:
        service.finish(backfill, BackfillState.STOPPED, now, cause=stands.cause)
    if backfill.state != BackfillState.RUNNING or waits or stands.connected_at is None:
        session.flush()
        lease.release(session, Backfill, backfill_id, owner)
        return None
    backfill.due_at = now + holding.AGAIN
    return Held(Backfill, backfill_id, owner, backfill.tenant_id, stands.connected_at)


def _next(runtime: Runtime, held: Held) -> None:
    with runtime.database.reading() as session:
        row = service.next_window(session, held.row_id)
        window = _opened(runtime, row) if row is not None else None
    if window is None:
        with runtime.database.writing() as session:
            _go_on_to_next(session, runtime, held, runtime.clock())
    elif window.meeting_id is None:
        _history(runtime, held, window)
    else:
        _meeting(runtime, held, window, OneMeeting(window.meeting_id, window.days))


def _opened(runtime: Runtime, row: BackfillWindow) -> Window:
    days = Days(row.first_day, row.last_day)
    if row.meeting_id is None:
        return Window(row.id, days, None)
    place = {"table": service.WINDOWS, "column": "meeting_id", "row": row.id}
    return Window(row.id, days, runtime.vault.open(row.meeting_id, **place))


def _history(runtime: Runtime, held: Held, window: Window) -> None:
    """A month. Where Zoom does not allow reports, single meetings are asked about instead of all the months."""
    asked_at = runtime.clock()
    days = within_reach(window.days, asked_at.astimezone(UTC).date())
    try:
        is_complete = days is not None and asking.history(runtime, held, days, _counted(window))
    except NotAllowed:
        _without_history(runtime, held)
        return
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        if days is not None and is_complete:
            coverage.add(coverage.lock(session, held.tenant_id, asked_at), days, asked_at)
        _done(session, runtime, held, window)


def _meeting(runtime: Runtime, held: Held, window: Window, about: OneMeeting) -> None:
    """What Zoom will not tell of one alone must not hold up the others: that is asked about again some day."""
    try:
        singly.ask_about(runtime, held, about, _counted(window))
    except NotAllowed as error:
        _stop(runtime, held, error.cause)
        return
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        _done(session, runtime, held, window)


def _counted(window: Window) -> Note:
    def count(session: Session, found: int, fresh: int) -> None:
        row = session.get_one(BackfillWindow, window.id)
        row.found, row.fresh = max(row.found, found), row.fresh + fresh

    return count


def _done(session: Session, runtime: Runtime, held: Held, window: Window) -> None:
    now = runtime.clock()
    session.get_one(BackfillWindow, window.id).done_at = now
    session.flush()
    _go_on_to_next(session, runtime, held, now)


def _go_on_to_next(session: Session, runtime: Runtime, held: Held, now: datetime) -> None:
    """What comes next: another window, the single meetings that the history left open, or the end."""
    backfill = session.get_one(Backfill, held.row_id, with_for_update=True, populate_existing=True)
    backfill.failures, backfill.cause, backfill.due_at = 0, None, now
    if service.next_window(session, backfill.id) is not None:
        return
    if not service.has_meetings(session, backfill.id):
        found = planning.open_meetings(session, runtime.vault, backfill.tenant_id, now)
        service.add_meetings(session, runtime.vault, backfill, found)
        if found:
            return
    service.finish(backfill, BackfillState.DONE, now)
    telling.of_end(session, runtime.vault, backfill, now)
    log.info("a back-fill is done", extra={"tenant": backfill.tenant_id})


def _without_history(runtime: Runtime, held: Held) -> None:
    log.info("Zoom allows no reports: meetings are asked about one by one", extra={"tenant": held.tenant_id})
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        service.drop_undone(session, held.row_id)
        _go_on_to_next(session, runtime, held, runtime.clock())


def _trouble(runtime: Runtime, held: Held, error: ZoomError, jitter: float) -> None:
    """Zoom refused, or did not answer: stop when that is final, else wait; never before the time that Zoom named."""
    log.warning("a back-fill does not get on: %s", error, extra={"tenant": held.tenant_id})
    if error.cause.final:
        _stop(runtime, held, error.cause.code)
        return
    with runtime.database.writing() as session:
        backfill = _mine(session, held)
        if backfill is None:
            return
        now, backfill.failures = runtime.clock(), backfill.failures + 1
        if error.cause.code == "unknown" and backfill.failures >= UNKNOWN_AT_MOST:
            service.finish(backfill, BackfillState.STOPPED, now, cause="unknown")
            return
        backfill.cause = error.cause.code
        backfill.due_at = backoff.after_failure(now, backfill.failures, jitter, not_before=error.retry_at)


def _stop(runtime: Runtime, held: Held, cause: str) -> None:
    with runtime.database.writing() as session:
        if backfill := _mine(session, held):
            service.finish(backfill, BackfillState.STOPPED, runtime.clock(), cause=cause)


def _wait(runtime: Runtime, held: Held, cause: str | None, until: datetime) -> None:
    with runtime.database.writing() as session:
        if backfill := _mine(session, held):
            backfill.cause, backfill.due_at = cause, until


def _mine(session: Session, held: Held) -> Backfill | None:
    """The row, locked, if the turn is held still."""
    if not lease.held(session, Backfill, held.row_id, held.owner):
        return None
    backfill = session.get(Backfill, held.row_id, populate_existing=True)
    return backfill if backfill is not None and backfill.state == BackfillState.RUNNING else None
