"""What reached nobody, or may not have: for staff to see."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from integration.notifications.models import Notification, State

SHOWN = timedelta(days=7)
MOST = 100
NOT_SURELY = (State.GAVE_UP, State.PARKED, State.POSSIBLY)


def latest(session: Session, now: datetime, within: timedelta = SHOWN) -> Sequence[Notification]:
    """What was not surely delivered in that time, newest first, `MOST` at most."""
    newest = select(Notification).where(_in(now - within)).order_by(Notification.settled_at.desc(), Notification.id)
    return session.scalars(newest.limit(MOST)).all()


def count(session: Session, now: datetime, within: timedelta = SHOWN) -> int:
    """How many were not surely delivered in that time."""
    return session.scalar(select(func.count()).select_from(Notification).where(_in(now - within))) or 0


def _in(since: datetime) -> ColumnElement[bool]:
    return Notification.state.in_(NOT_SURELY) & (Notification.settled_at > since)
