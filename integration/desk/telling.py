"""Who must be told of a support request: its asker of answers and of what is bad news; the staff of everything else.

To the staff a request is named, and read anew when its card is drawn: so the card shows what is true then. Payloads
name the request, and that is the tenant's: they go when it goes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk.models import RequestEvent, SupportRequest
from integration.notifications import service
from integration.notifications.staff import PLACE
from integration.vault import Vault

OPENED = "support_request.opened"
CHANGED = "support_request.changed"
ANSWERED = "support_request.answered"
WROTE = "support_request.wrote"
CLOSED = "support_request.closed"
LATE = "support_request.late"


def opened(session: Session, vault: Vault, request: SupportRequest, now: datetime) -> None:
    """The staff get its card."""
    _tell_staff(session, vault, OPENED, request, about=request.id, now=now)


def changed(session: Session, vault: Vault, request: SupportRequest, now: datetime) -> None:
    """It is a version further, and its card must show that. The request must be locked.

    What the staff were not told of earlier versions is settled. While nobody knows where the card stands, nothing is
    owed: see `card_stands`.
    """
    service.settle(session, vault, about=_version(request), now=now)
    request.version += 1
    if request.card is not None:
        _tell_staff(session, vault, CHANGED, request, about=_version(request), now=now, version=request.version)


def card_stands(session: Session, vault: Vault, request: SupportRequest, place: str, now: datetime) -> None:
    """Remember where its card stands. What changed while that was not known could not be shown: it is owed now."""
    if request.card == place:
        return
    request.card = place
    if request.version:
        changed(session, vault, request, now)


def answered(
    session: Session, vault: Vault, request: SupportRequest, event_id: str, text: str, by: str, now: datetime
) -> None:
    """Its asker gets the answer."""
    payload = {
        "request": request.id,
        "event": event_id,
        "text": text,
        "by": by,
        "place": request.place,
        "actor": request.actor,
    }
    service.owe(session, vault, kind=ANSWERED, about=event_id, payload=payload, now=now, place=_asker(request))


def closed(session: Session, vault: Vault, request: SupportRequest, *, about: str, now: datetime) -> None:
    """Its asker hears that nobody will answer: it was closed while they waited."""
    _tell_asker(session, vault, CLOSED, request, about=about, now=now)


def late(session: Session, vault: Vault, request: SupportRequest, *, about: str, now: datetime) -> None:
    """Its asker hears that the promise was not kept, and that they are not forgotten."""
    _tell_asker(session, vault, LATE, request, about=about, now=now)


def wrote(session: Session, vault: Vault, request: SupportRequest, event_id: str, text: str, now: datetime) -> None:
    """The staff read what its asker wrote, below the card."""
    more = {"event": event_id, "text": text, "actor": request.actor}
    _tell_staff(session, vault, WROTE, request, about=event_id, now=now, **more)


def delivery_known(session: Session, vault: Vault, event_id: str, now: datetime) -> None:
    """What became of an answer is known now: the card shows it. Does nothing when its request is gone."""
    of_event = select(RequestEvent.request_id).where(RequestEvent.id == event_id)
    theirs = select(SupportRequest).where(SupportRequest.id == of_event.scalar_subquery()).with_for_update()
    request = session.scalars(theirs).one_or_none()
    if request is not None:
        changed(session, vault, request, now)


def _tell_asker(
    session: Session, vault: Vault, kind: str, request: SupportRequest, *, about: str, now: datetime
) -> None:
    """Who came by the form of the help centre is told nothing: there is no way to."""
    if where := _asker(request):
        payload = {"request": request.id, "actor": request.actor, "place": request.place}
        service.owe(session, vault, kind=kind, about=about, payload=payload, now=now, place=where)


def _asker(request: SupportRequest) -> str | None:
    """Where they asked, or else directly."""
    return request.place or request.actor


def _tell_staff(
    session: Session, vault: Vault, kind: str, request: SupportRequest, *, about: str, now: datetime, **more: Any
) -> None:
    payload = {"request": request.id, "tenant": request.tenant_id, **more}
    service.owe(session, vault, kind=kind, about=about, payload=payload, now=now, place=PLACE)


def _version(request: SupportRequest) -> str:
    return f"{request.id}/{request.version}"
