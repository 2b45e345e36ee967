"""Which time Zoom was asked about completely. It only ever says what is true: one interval without a gap."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.backfill.models import Coverage
from integration.db import insert

# Zoom's reports may lag behind: what ended a moment ago need not be there yet.
DELAY = timedelta(minutes=30)
# Calls that ran when Zoom was asked are found by the next asking, which reaches back beyond Zoom's longest call (30 h).
LOOK_BACK = timedelta(days=2)
ROOMS_AT_MOST_EVERY = timedelta(minutes=10)
DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def lock(session: Session, tenant_id: str, now: datetime) -> Coverage:
    """The tenant's row, made when there is none, locked until the session ends. New, it is due at once."""
    row = {"id": tenant_id, "due_at": now, "failures": 0}
    session.execute(insert(session, Coverage).values(row).on_conflict_do_nothing(index_elements=["id"]))
    mine = select(Coverage).where(Coverage.id == tenant_id).with_for_update()
    return session.scalars(mine, execution_options={"populate_existing": True}).one()


def add(coverage: Coverage, first_day: date, last_day: date, asked_at: datetime) -> None:
    """Zoom was asked at `asked_at` (and later) for every call that began on these days, and has told all of it."""
    start, end = midnight(first_day), min(midnight(last_day) + DAY, asked_at - DELAY)
    if end <= start:
        return
    if coverage.asked_from is None or coverage.asked_until is None or _leaves_a_gap(coverage, start, end):
        coverage.asked_from, coverage.asked_until = start, end
        return
    if end < coverage.asked_from:
        return  # older, and not next to it
    coverage.asked_from, coverage.asked_until = min(coverage.asked_from, start), max(coverage.asked_until, end)


def ask_soon(session: Session, tenant_id: str, now: datetime, *, rooms: bool = False) -> None:
    """Events came of which Zoom was not asked yet, or (`rooms`) personal links that nobody knows: let the worker ask
    now, and not hours later. Cheap, and no harm where nothing is connected. Call it with the tenant's turn taken.
    """
    mine, unseen = update(Coverage).where(Coverage.id == tenant_id), {"synchronize_session": False}
    calm = mine.where(Coverage.due_at > now, Coverage.failures == 0)
    session.execute(calm.values(due_at=now), execution_options=unseen)
    if rooms:
        stale = mine.where(Coverage.rooms_read_at < now - ROOMS_AT_MOST_EVERY)
        session.execute(stale.values(rooms_read_at=None), execution_options=unseen)


def _leaves_a_gap(coverage: Coverage, start: datetime, end: datetime) -> bool:
    """Is it newer, and are there calls between that nobody asked about, or that ran on when Zoom was last asked?"""
    until = coverage.asked_until
    return until is not None and end > until and start > until - LOOK_BACK
