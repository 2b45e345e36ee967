"""Targets follow the calendar of support hours: when that changes, so do those of all clocks that run."""

import logging
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk import clocks, reminders, telling
from integration.desk.models import ResponseClock, SupportRequest
from integration.vault import Vault
from kb import support_hours
from kb.calendar import Calendar

log = logging.getLogger(__name__)


def recompute(session: Session, vault: Vault, now: datetime, calendar: Calendar | None = None) -> int:
    """A worker's duty: reckon the targets of all clocks that run, and return how many have moved.

    What staff were reminded of was another target: of the new one they are reminded anew.
    """
    moved = 0
    for clock_id, request_id, target in list(_moved(session, calendar)):
        # First the request and then its clock, as everybody locks them.
        request = session.get(SupportRequest, request_id, with_for_update={"skip_locked": True})
        clock = clocks.latest(session, request_id, lock=True) if request else None
        if request is None or clock is None or clock.id != clock_id or clock.stopped_at is not None:
            continue
        reminders.settle(session, vault, clock, now)
        clock.respond_by, clock.reminded = target, None
        telling.changed(session, vault, request, now)
        log.info("target moved", extra={"request": request_id, "respond_by": target.isoformat()})
        moved += 1
    return moved


def _moved(session: Session, calendar: Calendar | None) -> Iterator[tuple[str, str, datetime]]:
    """The running clocks whose target is another one by now: clock, request, target."""
    running = select(
        ResponseClock.id, ResponseClock.request_id, ResponseClock.started_at, ResponseClock.respond_by
    ).where(ResponseClock.stopped_at.is_(None))
    for clock_id, request_id, started_at, respond_by in session.execute(running):
        target = support_hours.respond_by(started_at, calendar)
        if target != respond_by:
            yield clock_id, request_id, target
