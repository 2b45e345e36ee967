"""Answered requests end by themselves when nobody touches them any more."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from integration.desk.acting import resolve
from integration.desk.models import RequestEvent, RequestState, SupportRequest
from integration.vault import Vault

QUIET = timedelta(days=7)
BATCH = 50


def resolve_quiet(session: Session, vault: Vault, now: datetime) -> int:
    """A worker's duty: resolve what was answered and left alone for `QUIET`. Returns how many."""
    touched = exists().where(RequestEvent.request_id == SupportRequest.id, RequestEvent.at > now - QUIET)
    quiet = select(SupportRequest).where(SupportRequest.state == RequestState.ANSWERED, ~touched)
    chosen = quiet.order_by(SupportRequest.id).limit(BATCH).with_for_update(skip_locked=True)
    requests = session.scalars(chosen).all()
    for request in requests:
        resolve(session, vault, request, None, now)
    return len(requests)
