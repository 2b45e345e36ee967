"""What a broken connection costs: the customer meetings on Zoom since then, which count as planned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.connections.models import ConnectionState
from integration.meetings.models import MEETINGS, CalendarEvent

BROKEN = (ConnectionState.NEEDS_REAUTHORIZATION, ConnectionState.DEAUTHORIZED)


@dataclass(frozen=True)
class Affected:
    """Customer meetings that began while the connection was broken and were not measured; their planned seconds."""

    meetings: int
    seconds: int

    @property
    def hours(self) -> float:
        """To one decimal, half up."""
        return int(self.seconds / 360 + 0.5) / 10


def affected_since(session: Session, tenant_id: str, since: datetime, until: datetime) -> Affected:
    """What was affected of a connection that broke at `since`, up to `until`."""
    theirs = select(func.count(), func.coalesce(func.sum(CalendarEvent.scheduled_seconds), 0)).where(
        CalendarEvent.tenant_id == tenant_id,
        CalendarEvent.start_at >= since,
        CalendarEvent.start_at <= until,
        CalendarEvent.meeting_hash.is_not(None),
        CalendarEvent.customers > 0,
        CalendarEvent.actual_seconds.is_(None),
        ~CalendarEvent.running,  # it is being measured just now
        *MEETINGS,
    )
    meetings, seconds = session.execute(theirs).one()
    return Affected(meetings, int(seconds))
