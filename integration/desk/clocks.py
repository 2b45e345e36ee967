"""The clock of one opening: it starts with a request and with each reopening, and a response stops it.

The caller holds the request's row (FOR UPDATE), so that nobody starts or stops a clock of it meanwhile, and commits.
"""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk import reminders
from integration.desk.models import Ending, ResponseClock
from integration.vault import Vault
from kb import support_hours
from kb.calendar import Calendar


def start(session: Session, request_id: str, now: datetime, calendar: Calendar | None = None) -> ResponseClock:
    """A new clock from `now` on; the one that runs, if one does. The request's row must be there."""
    last = latest(session, request_id, lock=True)
    if last is not None and last.stopped_at is None:
        return last
    clock = ResponseClock(
        id=uuid4().hex,
        request_id=request_id,
        number=last.number + 1 if last else 1,
        started_at=now,
        respond_by=support_hours.respond_by(now, calendar),
    )
    session.add(clock)
    session.flush()
    return clock


def stop(session: Session, vault: Vault, request_id: str, ending: Ending, now: datetime) -> ResponseClock | None:
    """Stop the clock that runs, and the reminders that were owed for it; None where none runs.

    Raises nothing when the same is told twice: the first ending stays.
    """
    clock = latest(session, request_id, lock=True)
    if clock is None or clock.stopped_at is not None:
        return None
    # Clocks of machines differ a little: nothing ends before it began.
    clock.stopped_at, clock.ended = max(now, clock.started_at), ending
    session.flush()
    reminders.settle(session, vault, clock, now)
    return clock


def latest(session: Session, request_id: str, *, lock: bool = False) -> ResponseClock | None:
    """The clock of a request's present opening, running or stopped."""
    mine = select(ResponseClock).where(ResponseClock.request_id == request_id)
    newest = mine.order_by(ResponseClock.number.desc()).limit(1)
    if lock:  # a worker may have moved its target meanwhile
        newest = newest.with_for_update().execution_options(populate_existing=True)
    return session.scalars(newest).one_or_none()
