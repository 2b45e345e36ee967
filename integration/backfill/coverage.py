"""Which time Zoom was asked about completely. It only ever says what is true: one interval without a gap."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from integration.backfill.days import Days, surely
from integration.backfill.models import Coverage
from integration.db import insert
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.rooms import is_personal
from integration.meetings.settling import Span

# Zoom's reports may lag behind: what ended a moment ago need not be there yet.
DELAY = timedelta(minutes=30)
# Calls that ran when Zoom was asked are found by the next asking, which reaches back beyond Zoom's longest call (30 h).
LOOK_BACK = timedelta(days=2)
WITHIN = timedelta(minutes=10)  # so soon Zoom is asked about new events, and thus not more often for their sake


def lock(session: Session, tenant_id: str, now: datetime) -> Coverage:
    """The tenant's row, made when there is none, locked until the session ends. New, it is due at once."""
    row = {"id": tenant_id, "due_at": now, "failures": 0}
    session.execute(insert(session, Coverage).values(row).on_conflict_do_nothing(index_elements=["id"]))
    mine = select(Coverage).where(Coverage.id == tenant_id).with_for_update()
    return session.scalars(mine, execution_options={"populate_existing": True}).one()


def add(coverage: Coverage, days: Days, asked_at: datetime) -> None:
    """Zoom was asked at `asked_at` (and later) for every call that began on these days, and has told all of it."""
    start, end = surely(days)
    end = min(end, asked_at - DELAY)
    if end <= start:
        return
    if coverage.asked_from is None or coverage.asked_until is None or _leaves_a_gap(coverage, start, end):
        coverage.asked_from, coverage.asked_until = start, end
        return
    if end < coverage.asked_from:
        return  # older, and not next to it
    coverage.asked_from, coverage.asked_until = min(coverage.asked_from, start), max(coverage.asked_until, end)


def ask_soon(session: Session, tenant_id: str, spans: Iterable[Span], now: datetime) -> None:
    """Events came to these places: let the worker ask Zoom in some minutes, and not hours later, if that can tell
    something of them. Cheap, and no harm where nothing is connected. Call it with the tenant's turn taken.
    """
    known = session.get(Coverage, tenant_id)
    past = [span for span in spans if span.end <= now - AFTER - DELAY]
    if known is None or not any(_may_tell(known, span) for span in past):
        return
    mine = update(Coverage).where(Coverage.id == tenant_id, Coverage.failures == 0)
    sooner = mine.values(wanted_at=func.coalesce(Coverage.wanted_at, now + WITHIN))
    session.execute(sooner, execution_options={"synchronize_session": False})


def _may_tell(known: Coverage, span: Span) -> bool:
    if is_personal(span.meeting_id):
        return known.people_read_at is None  # else it is nobody's here
    first, last = known.asked_from, known.asked_until
    return first is None or last is None or span.start - BEFORE < first or last < span.end + AFTER


def _leaves_a_gap(coverage: Coverage, start: datetime, end: datetime) -> bool:
    """Is it newer, and are there calls between that nobody asked about, or that ran on when Zoom was last asked?"""
    until = coverage.asked_until
    return until is not None and end > until and start > until - LOOK_BACK
