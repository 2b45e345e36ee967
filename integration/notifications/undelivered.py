"""What reached nobody, or may not have: for staff to see."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.notifications.models import NOT_SURELY, Notification

SHOWN = timedelta(days=7)
MOST = 100


def latest(session: Session, now: datetime, within: timedelta = SHOWN) -> Sequence[Notification]:
    """What was not surely delivered in that time, newest first, `MOST` at most."""
    of_late = select(Notification).where(Notification.state.in_(NOT_SURELY), Notification.settled_at > now - within)
    newest_first = of_late.order_by(Notification.settled_at.desc(), Notification.id)
    return session.scalars(newest_first.limit(MOST)).all()
