"""The worker's duty: asking every connected tenant's Zoom, a few times a day, what no webhook told of."""

import logging
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.backfill import asking, coverage, holding, planning, rooms, service
from integration.backfill.asking import OneMeeting
from integration.backfill.coverage import LOOK_BACK
from integration.backfill.errors import Lost, NotAllowed
from integration.backfill.holding import Held
from integration.backfill.models import Backfill, BackfillState, Coverage
from integration.backfill.progress import NOT_ALLOWED, latest
from integration.connections import backoff, lease
from integration.connections.models import ALIVE, Connection
from integration.errors import Unavailable, VaultError
from integration.meetings.sessions import Seen
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)
ROOMS_EVERY, ROOMS_WANTED_EVERY = timedelta(days=1), timedelta(hours=1)
LONGEST_GAP = timedelta(days=25)  # beyond it, with what is looked back, one request would be for more than a month
BATCH = 3
MEETINGS_AT_ONCE = 10
Jitter = Callable[[], float]


def ask_what_is_new(runtime: Runtime, *, jitter: Jitter = random.random) -> int:
    """Ask for tenants that are due, and owe a back-fill where there never was one. Returns for how many."""
    now = runtime.clock()
    connected = (
        select(Connection.tenant_id, Coverage.id.label("known"))
        .join(Tenant, Tenant.id == Connection.tenant_id)
        .outerjoin(Coverage, Coverage.id == Connection.tenant_id)
        .where(Connection.state.in_(ALIVE), Tenant.zoom_enabled)
        .where(Coverage.id.is_(None) | ((Coverage.due_at <= now) & lease.is_free(Coverage)))
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
        _settle(runtime, held, due, jitter(), failed=error)
    except (Unavailable, VaultError) as error:
        log.warning("what is new cannot be asked for: %s", error, extra={"tenant": tenant_id})
        _settle(runtime, held, runtime.clock() + backoff.LONGEST, jitter())
    else:
        _settle(runtime, held, runtime.clock() if more else due, jitter())
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
    if row.due_at > now:
        lease.release(session, Coverage, tenant_id, owner)
        return None
    row.due_at = now + holding.AGAIN
    return Held(Coverage, tenant_id, owner, tenant_id, stands.connected_at)


def _ask(runtime: Runtime, held: Held) -> bool:
    """One round. True: there is more to ask for at once."""
    with runtime.database.reading() as session:
        known = session.get(Coverage, held.tenant_id)
        last = session.scalars(latest(held.tenant_id)).one_or_none()
    if known is None:
        raise Lost("What Zoom gave us was deleted.")
    _rooms(runtime, held, known.rooms_read_at)
    filling = last is not None and last.state == BackfillState.RUNNING
    if filling and known.asked_until is None:
        return False  # that begins with what is newest
    now = runtime.clock()
    if _needs_backfill(last, known.asked_until, now) or _history(runtime, held, known.asked_until, now):
        _start(runtime, held)
        return False
    return not filling and _single_meetings(runtime, held)


def _needs_backfill(last: Backfill | None, asked_until: datetime | None, now: datetime) -> bool:
    """Was the past never gone through to the end, or is the gap too long for one request?"""
    if asked_until is not None and now - asked_until > LONGEST_GAP:
        return True
    return last is None or (last.state == BackfillState.STOPPED and last.cause != NOT_ALLOWED)


def _rooms(runtime: Runtime, held: Held, read_at: datetime | None) -> None:
    """Once a day; where personal links are unresolved, each time; and when somebody asked for it (None)."""
    now = runtime.clock()
    with runtime.database.reading() as session:
        wanted = planning.unresolved_rooms(session, runtime.vault, held.tenant_id, now)
    if read_at is not None and now - read_at < (ROOMS_WANTED_EVERY if wanted else ROOMS_EVERY):
        return
    found = rooms.read(runtime, held, wanted)
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        rooms.store(session, runtime, held, found, now)
        session.get_one(Coverage, held.tenant_id).rooms_read_at = now


def _history(runtime: Runtime, held: Held, asked_until: datetime | None, now: datetime) -> bool:
    """What began since two days before Zoom was last asked. True: Zoom did not allow that before, and does now."""
    first = ((asked_until or now) - LOOK_BACK).astimezone(UTC).date()
    last = now.astimezone(UTC).date()

    def read(token: str) -> None:
        _store_all(runtime, held, asking.history(runtime, token, first, last))

    try:
        asking.with_token(runtime, held.tenant_id, read)
    except NotAllowed:
        return False
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        coverage.add(coverage.lock(session, held.tenant_id, now), first, last, now)
    return asked_until is None


def _single_meetings(runtime: Runtime, held: Held) -> bool:
    """Events that the history does not reach, or that Zoom allows no history of. True: there are more.

    Some of them, drawn by lot: those of which Zoom will not say anything must not stand before the others for ever.
    """
    with runtime.database.reading() as session:
        found = planning.open_meetings(session, runtime.vault, held.tenant_id, runtime.clock())
    some = random.sample(found, min(len(found), MEETINGS_AT_ONCE))  # no secret
    try:
        known = sum(_single_meeting(runtime, held, about) for about in some)
    except NotAllowed:
        return False
    return known > 0 and len(found) > len(some)


def _single_meeting(runtime: Runtime, held: Held, about: OneMeeting) -> int:
    """How many events are known by it."""
    asked_at = runtime.clock()

    def read(token: str) -> None:
        about.unclear.clear()
        _store_all(runtime, held, asking.one_meeting(runtime, token, held.tenant_id, about))

    try:
        asking.with_token(runtime, held.tenant_id, read)
    except ZoomError as error:
        if error.cause.code != "unknown":
            raise
        log.info("not known yet: %s", error, extra={"tenant": held.tenant_id})
        return 0
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        return planning.mark_asked(session, runtime.vault, held.tenant_id, about, asked_at)


def _store_all(runtime: Runtime, held: Held, batches: Iterator[list[Seen]]) -> None:
    for batch in batches:
        with runtime.database.writing() as session:
            stored = asking.store(session, runtime.vault, held, batch, runtime.clock())
        runtime.metrics.missed_sessions.inc(stored.fresh)
        if stored.fresh:
            log.info("Zoom told of what no webhook had", extra={"tenant": held.tenant_id, "sessions": stored.fresh})


def _start(runtime: Runtime, held: Held) -> None:
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        service.start(session, held.tenant_id, "missed", None, runtime.clock())


def _settle(runtime: Runtime, held: Held, due: datetime, jitter: float, *, failed: ZoomError | None = None) -> None:
    """When Zoom is asked again: sooner when it was in vain, and never before the time that it named."""
    with runtime.database.writing() as session:
        if not lease.held(session, Coverage, held.row_id, held.owner):
            return
        row = session.get_one(Coverage, held.row_id, populate_existing=True)
        row.failures = row.failures + 1 if failed is not None else 0
        row.due_at = due
        if failed is not None and not failed.cause.final:
            row.due_at = backoff.after_failure(runtime.clock(), row.failures, jitter, not_before=failed.retry_at)
