"""The worker's duty: asking every connected tenant's Zoom, a few times a day, what no webhook told of."""

import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from integration.backfill import asking, coverage, days, holding, planning, rooms, service, singly
from integration.backfill.asking import Note
from integration.backfill.coverage import LOOK_BACK
from integration.backfill.days import DAY
from integration.backfill.errors import Lost, NotAllowed
from integration.backfill.holding import Held
from integration.backfill.models import Backfill, BackfillState, Coverage
from integration.backfill.progress import NOT_ALLOWED, latest
from integration.connections import backoff, lease
from integration.connections.models import ALIVE, Connection
from integration.errors import Unavailable, VaultError
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)
LONGEST_GAP = timedelta(days=24)  # beyond it, with what is looked back, one request would be for more than a month
BATCH = 3
MEETINGS_AT_ONCE = 10
Jitter = Callable[[], float]


def ask_what_is_new(runtime: Runtime, *, jitter: Jitter = random.random) -> int:
    """Ask for tenants that are due, and owe a back-fill where there never was one. Returns for how many."""
    now = runtime.clock()
    due = or_(Coverage.due_at <= now, Coverage.wanted_at <= now)
    connected = (
        select(Connection.tenant_id, Coverage.id.label("known"))
        .join(Tenant, Tenant.id == Connection.tenant_id)
        .outerjoin(Coverage, Coverage.id == Connection.tenant_id)
        .where(Connection.state.in_(ALIVE), Tenant.zoom_enabled)
        .where(Coverage.id.is_(None) | (due & lease.is_free(Coverage)))
        .order_by(Coverage.due_at, Connection.tenant_id)
        .limit(BATCH)
    )
    with runtime.database.reading() as session:
        found = session.execute(connected).all()
    return sum(_look(runtime, row.tenant_id, jitter) if row.known else _begin(runtime, row.tenant_id) for row in found)


def _begin(runtime: Runtime, tenant_id: str) -> bool:
    with runtime.database.writing() as session:
        if holding.standing(session, tenant_id, lock=True).connected_at is None:
            return False
        service.start(session, tenant_id, "missed", None, runtime.clock())
    return True


def _look(runtime: Runtime, tenant_id: str, jitter: Jitter) -> bool:
    with runtime.database.writing() as session:
        held = _take(session, tenant_id, runtime.clock())
    if held is None:
        return False
    due = runtime.clock() + EVERY * (1 - jitter() / 10)
    try:
        more = _ask(runtime, held)
    except Lost as error:
        log.info("%s", error, extra={"tenant": tenant_id})
    except ZoomError as error:
        log.warning("what is new cannot be asked for: %s", error, extra={"tenant": tenant_id})
        _due_again(runtime, held, due, jitter(), failed=error)
    except (Unavailable, VaultError) as error:
        log.warning("what is new cannot be asked for: %s", error, extra={"tenant": tenant_id})
        _due_again(runtime, held, runtime.clock() + backoff.LONGEST, jitter())
    else:
        _due_again(runtime, held, runtime.clock() if more else due, jitter())
    finally:
        holding.release(runtime, held)
    return True


def _take(session: Session, tenant_id: str, now: datetime) -> Held | None:
    stands = holding.standing(session, tenant_id, lock=True)
    owner = uuid4().hex
    if stands.connected_at is None:
        return None
    if not lease.take(session, Coverage, tenant_id, owner, seconds=holding.LEASE_SECONDS):
        return None
    row = session.get_one(Coverage, tenant_id, populate_existing=True)
    if min(row.due_at, row.wanted_at or row.due_at) > now:
        lease.release(session, Coverage, tenant_id, owner)
        return None
    row.due_at, row.wanted_at = now + holding.AGAIN, None  # who wants something from now on is asked for next time
    return Held(Coverage, tenant_id, owner, tenant_id, stands.connected_at)


def _ask(runtime: Runtime, held: Held) -> bool:
    """One round. True: there is more to ask for at once."""
    with runtime.database.reading() as session:
        known = session.get(Coverage, held.tenant_id)
        last = session.scalars(latest(held.tenant_id)).one_or_none()
    if known is None:
        raise Lost("What Zoom gave us was deleted.")
    more = _calls(runtime, held, known.asked_until, last)
    # Last, for it may take a request for each of the account's users.
    return rooms.look(runtime, held, known) or more


def _calls(runtime: Runtime, held: Held, asked_until: datetime | None, last: Backfill | None) -> bool:
    filling = last is not None and last.state == BackfillState.RUNNING
    if filling and asked_until is None:
        return False  # that begins with what is newest
    now = runtime.clock()
    if _needs_backfill(last, asked_until, now) or _history(runtime, held, asked_until, now):
        _start(runtime, held)
        return False
    return not filling and _single_meetings(runtime, held)


def _needs_backfill(last: Backfill | None, asked_until: datetime | None, now: datetime) -> bool:
    """Was the past never gone through to the end, or is the gap too long for one request?"""
    if last is None or (last.state == BackfillState.STOPPED and last.cause != NOT_ALLOWED):
        return True
    gap = asked_until is not None and now - asked_until > LONGEST_GAP
    return gap and now - last.created_at > DAY  # not all day long: it stays where what Zoom tells cannot be read


def _history(runtime: Runtime, held: Held, asked_until: datetime | None, now: datetime) -> bool:
    """What began since two days before Zoom was last asked. True: Zoom did not allow that before, and does now."""
    asked_for = days.since((asked_until or now) - LOOK_BACK, now.astimezone(UTC).date())
    try:
        is_complete = asking.history(runtime, held, asked_for, _missed(runtime, held))
    except NotAllowed:
        return False
    if not is_complete:
        return False
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        coverage.add(coverage.lock(session, held.tenant_id, now), asked_for, now)
    return asked_until is None


def _single_meetings(runtime: Runtime, held: Held) -> bool:
    """Events that the history does not reach, or that Zoom allows no history of. True: there are more.

    Some of them, drawn by lot: those of which Zoom will not say anything must not stand before the others for ever.
    """
    with runtime.database.reading() as session:
        found = planning.open_meetings(session, runtime.vault, held.tenant_id, runtime.clock())
    some = random.sample(found, min(len(found), MEETINGS_AT_ONCE))  # no secret
    try:
        known = sum(singly.ask_about(runtime, held, about, _missed(runtime, held)) for about in some)
    except NotAllowed:
        return False
    return known > 0 and len(found) > len(some)


def _missed(runtime: Runtime, held: Held) -> Note:
    def count(_session: Session, _found: int, fresh: int) -> None:
        runtime.metrics.missed_sessions.inc(fresh)
        if fresh:
            log.info("Zoom told of what no webhook had", extra={"tenant": held.tenant_id, "sessions": fresh})

    return count


def _start(runtime: Runtime, held: Held) -> None:
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        service.start(session, held.tenant_id, "missed", None, runtime.clock())


def _due_again(runtime: Runtime, held: Held, due: datetime, jitter: float, *, failed: ZoomError | None = None) -> None:
    """When Zoom is asked again: sooner when it was in vain, and never before the time that it named."""
    with runtime.database.writing() as session:
        if not lease.held(session, Coverage, held.row_id, held.owner):
            return
        row = session.get_one(Coverage, held.row_id, populate_existing=True)
        row.failures = row.failures + 1 if failed is not None else 0
        row.due_at = due
        if failed is not None:
            row.wanted_at = None  # Zoom is not to be asked sooner than that
        if failed is not None and not failed.cause.final:
            row.due_at = backoff.after_failure(runtime.clock(), row.failures, jitter, not_before=failed.retry_at)
