"""What happened to a support request, appended in order. Whoever records must have locked the request."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.desk.models import EventKind, RequestEvent, SupportRequest
from integration.errors import Conflict
from integration.vault import Vault

TABLE = "support_request_events"


def record(
    session: Session,
    vault: Vault,
    request: SupportRequest,
    kind: EventKind,
    now: datetime,
    *,
    actor: str | None = None,
    text: str | None = None,
    key: str | None = None,
) -> str:
    """Append what happened, and return its id. `actor` is none where nobody did it: it happened by itself."""
    event_id = uuid4().hex
    last = session.scalar(select(func.max(RequestEvent.number)).where(RequestEvent.request_id == request.id))
    event = RequestEvent(
        id=event_id,
        request_id=request.id,
        number=(last or 0) + 1,
        key=key,
        at=now,
        kind=kind,
        actor=actor,
        text=vault.seal(text, table=TABLE, column="text", row=event_id) if text is not None else None,
    )
    session.add(event)
    return event_id


def is_recorded(session: Session, request: SupportRequest, key: str) -> bool:
    """Did this form or message arrive before? Raises Conflict when it was about another request."""
    request_id = session.scalar(select(RequestEvent.request_id).where(RequestEvent.key == key))
    if request_id not in (None, request.id):
        raise Conflict(
            "This key was used for another support request.", field="key", remedy="Make a new key for each form."
        )
    return request_id is not None
