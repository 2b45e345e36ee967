"""What is kept for how long, where nothing else ends it. A tenant's deletion ends all that is theirs at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from integration.connections.models import ConnectionEvent, Incident
from integration.desk.models import SupportRequest
from integration.incidents.models import IncidentNotice
from integration.notifications.models import Notification, State
from integration.signing_in.models import PageLink
from integration.vault import Vault
from integration.webhooks.models import Webhook, WebhookState

MOST_AT_ONCE = 200  # of each kind: others wait for a transaction that deletes


@dataclass(frozen=True)
class Kept:
    """Rows that are deleted when they are older than `time`, counted from `since` (none: they do not end yet)."""

    row_id: InstrumentedAttribute[str]
    which: ColumnElement[bool]
    since: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
    time: timedelta


KEPT: Sequence[Kept] = (
    Kept(Notification.id, Notification.state != State.OPEN, Notification.settled_at, timedelta(days=30)),
    # Acted upon: they are kept to know a repetition, and a signature is accepted for 2 hours.
    Kept(Webhook.id, Webhook.state == WebhookState.DONE, Webhook.settled_at, timedelta(days=7)),
    # Not understood: they still say what Zoom sent, for somebody to look into.
    Kept(Webhook.id, Webhook.state == WebhookState.PARKED, Webhook.settled_at, timedelta(days=30)),
    Kept(ConnectionEvent.id, ConnectionEvent.kind == "verified", ConnectionEvent.at, timedelta(days=90)),
    # Used or not; whoever it signed in is signed out long before.
    Kept(PageLink.id, true(), PageLink.expires_at, timedelta(days=1)),
    Kept(SupportRequest.id, true(), SupportRequest.resolved_at, timedelta(days=365)),
    Kept(Incident.id, Incident.ended_at.is_not(None), Incident.ended_at, timedelta(days=365)),
    Kept(IncidentNotice.id, true(), IncidentNotice.until, timedelta(days=365)),
)


def forget_old(session: Session, _vault: Vault, now: datetime) -> int:
    """A worker's duty: delete what was kept for its time, at most `MOST_AT_ONCE` of each kind. Returns how many."""
    return sum(forget(session, kept.row_id, kept.which & (kept.since < now - kept.time)) for kept in KEPT)


def forget(session: Session, row_id: InstrumentedAttribute[str], old: ColumnElement[bool]) -> int:
    """Delete at most `MOST_AT_ONCE` rows of one kind that are `old`. Returns how many."""
    # A CTE: PostgreSQL may run a mere subquery more than once, and delete more.
    chosen = select(row_id).where(old).limit(MOST_AT_ONCE).with_for_update(skip_locked=True).cte()
    gone = delete(row_id.class_).where(row_id.in_(select(chosen.c.id))).returning(row_id)
    return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())
