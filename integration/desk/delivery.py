"""What follows when a message about a support request did not surely arrive: staff hear of it, for somebody waits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk import showing, telling
from integration.desk.models import RequestEvent, SupportRequest
from integration.desk.views import RequestView
from integration.notifications.kinds import Payload
from integration.notifications.models import NOT_SURELY, Notification, State
from integration.notifications.staff import tell_staff
from integration.vault import Vault

UNDELIVERED = "undelivered/"  # what such a notice is about: this, and the id of the notification
QUOTED = 150  # characters of a question that remind of it


def card_ended(session: Session, vault: Vault, row: Notification, _said: Payload, now: datetime) -> None:
    """Its card may not stand: then staff are told of the request another way, for its clock runs."""
    request = session.get(SupportRequest, row.about)
    if row.state not in NOT_SURELY or request is None or request.card is not None:
        return
    tell_staff(
        session,
        vault,
        topic="undelivered_request",
        title=f"A support request {_perhaps(row)} been shown to you",
        text=f"{_reason(row)} Somebody waits for a person: please open the request here.",
        about=f"{UNDELIVERED}{row.id}",
        now=now,
        tenant=request.tenant_id,
        data={"request": request.id},
    )


def answer_ended(session: Session, vault: Vault, row: Notification, _said: Payload, now: datetime) -> None:
    """What became of an answer: the card shows it, and of one that did not surely arrive staff are told."""
    telling.delivery_known(session, vault, row.about, now)
    of_event = select(RequestEvent.request_id).where(RequestEvent.id == row.about).scalar_subquery()
    request = session.scalars(select(SupportRequest).where(SupportRequest.id == of_event)).one_or_none()
    if row.state not in NOT_SURELY or request is None:
        return
    known = showing.shown(session, vault, [request], now)[0]
    tell_staff(
        session,
        vault,
        topic="undelivered_answer",
        title=f"Your answer {_perhaps(row)} reached {_who(known)}",
        text=f"They asked: “{_first_line(known.text)}” {_reason(row)} {_what_to_do(known)}",
        about=f"{UNDELIVERED}{row.id}",
        now=now,
        tenant=request.tenant_id,
        data={"request": request.id},
    )


def _perhaps(row: Notification) -> str:
    return "may not have" if row.state == State.POSSIBLY else "has not"


def _reason(row: Notification) -> str:
    return f"Slack's reason: {row.reason or 'unknown'}."


def _who(request: RequestView) -> str:
    name = request.contact.name if request.contact else None
    who = name or "the person who asked"
    return f"{who} ({request.tenant_name})" if request.tenant_name else who


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rstrip()}…"


def _what_to_do(request: RequestView) -> str:
    admins = f", or to an admin of {request.tenant_name}" if request.tenant_name else ""
    return f"Please write to them by e-mail{admins}, and open the request to see your answer."
