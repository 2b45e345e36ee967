"""What a broken connection costs: the customer meetings on Zoom that count as planned because of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.connections.models import ConnectionState
from integration.meetings.knowledge import Knowledge
from integration.meetings.models import MEETINGS, CalendarEvent
from integration.meetings.reasons import reason_column
from integration.meetings.words import Reason

BROKEN = (ConnectionState.NEEDS_REAUTHORIZATION, ConnectionState.DEAUTHORIZED)
BECAUSE_OF_IT = (Reason.NOT_CONNECTED, Reason.ZOOM_DATA_DELETED)


@dataclass(frozen=True)
class Affected:
    """Customer meetings that began, and are not measured for want of a connection; their planned seconds."""

    meetings: int
    seconds: int

    @property
    def hours(self) -> float:
        """To one decimal, half up."""
        return int(self.seconds / 360 + 0.5) / 10


def affected_by(session: Session, tenant_id: str, knowledge: Knowledge, until: datetime) -> Affected:
    """The meetings up to `until` that reports count as planned because of a broken connection, by the same rule."""
    event = CalendarEvent
    theirs = select(func.count(), func.coalesce(func.sum(event.scheduled_seconds), 0)).where(
        event.tenant_id == tenant_id,
        event.start_at <= until,
        event.customers > 0,
        *MEETINGS,
        reason_column(knowledge, until).in_(BECAUSE_OF_IT),
    )
    meetings, seconds = session.execute(theirs).one()
    return Affected(meetings, int(seconds))
