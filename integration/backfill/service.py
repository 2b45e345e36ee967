"""Back-fills: owed, ended, and how far they are. The caller's session commits."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from integration.backfill import coverage
from integration.backfill.days import Days, months
from integration.backfill.errors import NotConnected
from integration.backfill.holding import standing
from integration.backfill.models import Backfill, BackfillState, BackfillWindow
from integration.backfill.planning import OneMeeting
from integration.backfill.progress import REPLACED, latest
from integration.vault import Vault

log = logging.getLogger(__name__)

Why = Literal["connected", "asked", "missed"]
WINDOWS = BackfillWindow.__tablename__
FIRST_MEETING = 100  # positions: single meetings come after all of the history


def start(session: Session, tenant_id: str, why: Why, actor: str | None, now: datetime) -> Backfill:
    """Owe a back-fill: the worker carries it out. One that goes on already is returned instead, unless a new
    connection begins anew. Raises NotConnected.
    """
    # One at a time; and all lock the connection first, lest two wait for each other.
    stands = standing(session, tenant_id, lock=True)
    if stands.connected_at is None:
        raise NotConnected(stands.state, stands.cause)
    running = session.scalars(latest(tenant_id).where(Backfill.state == BackfillState.RUNNING)).one_or_none()
    if running is not None and why != "connected":
        return running
    if running is not None:
        finish(running, BackfillState.STOPPED, now, cause=REPLACED)
    coverage.lock(session, tenant_id, now)
    made = Backfill(
        id=uuid4().hex,
        tenant_id=tenant_id,
        why=why,
        state=BackfillState.RUNNING,
        created_at=now,
        due_at=now,
        failures=0,
    )
    session.add(made)
    session.flush()
    for position, days in enumerate(months(now.astimezone(UTC).date())):
        session.add(_window(made, position, days))
    session.flush()
    log.info("a back-fill is owed", extra={"tenant": tenant_id, "why": why, "actor": actor})
    return made


def add_meetings(session: Session, vault: Vault, backfill: Backfill, found: Sequence[OneMeeting]) -> None:
    """Single meetings are to be asked about once the history is done."""
    for position, about in enumerate(found, start=FIRST_MEETING):
        window = _window(backfill, position, about.days)
        window.meeting_id = vault.seal(about.meeting_id, table=WINDOWS, column="meeting_id", row=window.id)
        session.add(window)
    session.flush()


def next_window(session: Session, backfill_id: str) -> BackfillWindow | None:
    """What is to be asked for next; None: nothing is left."""
    undone = select(BackfillWindow).where(BackfillWindow.backfill_id == backfill_id, BackfillWindow.done_at.is_(None))
    return session.scalars(undone.order_by(BackfillWindow.position).limit(1)).one_or_none()


def has_meetings(session: Session, backfill_id: str) -> bool:
    """Was it worked out which single meetings are to be asked about?"""
    mine = select(BackfillWindow.id).where(BackfillWindow.backfill_id == backfill_id)
    return session.scalar(mine.where(BackfillWindow.meeting_id.is_not(None)).limit(1)) is not None


def drop_undone(session: Session, backfill_id: str) -> None:
    """What is left is not asked for: Zoom does not allow it."""
    undone = delete(BackfillWindow).where(BackfillWindow.backfill_id == backfill_id, BackfillWindow.done_at.is_(None))
    session.execute(undone, execution_options={"synchronize_session": False})


def finish(backfill: Backfill, state: BackfillState, now: datetime, *, cause: str | None = None) -> None:
    """It is over, one way or the other."""
    backfill.state, backfill.cause = state, cause
    backfill.finished_at, backfill.due_at = now, None


def _window(backfill: Backfill, position: int, days: Days) -> BackfillWindow:
    return BackfillWindow(
        id=uuid4().hex,
        backfill_id=backfill.id,
        position=position,
        first_day=days.first,
        last_day=days.last,
        found=0,
        fresh=0,
    )
