"""Finding support requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from integration.desk.models import WAITING, RequestEvent, RequestState, ResponseClock, SupportRequest
from integration.errors import NotFound
from integration.notifications.models import NOT_SURELY, Notification
from integration.notifications.undelivered import SHOWN

MOST_LISTED = 100
MOST_OWN = 20

Listed = Literal["open", "answered", "resolved"]


def request_of_place(session: Session, place: str, at: datetime) -> str | None:
    """The id of the request whose conversation this was at that moment: what its asker wrote there then was for
    people, not for the bot. What they wrote before they handed over was for the bot.

    Of several in one conversation the newest that is not resolved is meant, or else the newest of all.
    """
    resolved = SupportRequest.state == RequestState.RESOLVED
    here = select(SupportRequest.id).where(SupportRequest.place == place, SupportRequest.asked_at <= at)
    return session.scalar(here.order_by(resolved, SupportRequest.asked_at.desc()).limit(1))


def request_of(session: Session, request_id: str, *, lock: bool = False) -> SupportRequest:
    """The request; with `lock`, whoever else would change it waits until the session ends. Raises NotFound."""
    request = session.get(SupportRequest, request_id, with_for_update=lock or None)
    if request is None:
        raise _unknown()
    return request


def own_request(session: Session, request_id: str, actor: str) -> SupportRequest:
    """The request, locked, for its asker. Raises NotFound for everybody else: who asked what is nobody's business."""
    request = request_of(session, request_id, lock=True)
    if request.actor != actor:
        raise _unknown()
    return request


def held_for_deletion(session: Session, which: ColumnElement[bool]) -> Sequence[SupportRequest]:
    """These requests, locked in the order that everybody keeps: first what is told of them by event, as whoever
    acknowledges an answer holds that one and then its request; then the requests; their clocks and all else later.
    """
    said = select(RequestEvent.id).join(SupportRequest, SupportRequest.id == RequestEvent.request_id).where(which)
    told = select(Notification.id).where(Notification.about.in_(said)).order_by(Notification.id)
    session.scalars(told.with_for_update()).all()
    return session.scalars(select(SupportRequest).where(which).order_by(SupportRequest.id).with_for_update()).all()


def unresolved_of(session: Session, actor: str) -> Sequence[SupportRequest]:
    """What this person asked and is not resolved; the newest first."""
    theirs = select(SupportRequest).where(SupportRequest.actor == actor, SupportRequest.state != RequestState.RESOLVED)
    newest_first = theirs.order_by(SupportRequest.asked_at.desc(), SupportRequest.id)
    return session.scalars(newest_first.limit(MOST_OWN)).all()


def listed(session: Session, which: Listed, now: datetime, most: int = MOST_LISTED) -> Sequence[SupportRequest]:
    """The queue. Open ones: who must be answered first comes first, snoozed ones last; of the others the newest."""
    chosen = _waiting(now) if which == "open" else _newest(RequestState(which))
    return session.scalars(chosen.limit(most)).all()


def undelivered(session: Session, now: datetime) -> int:
    """How many messages of late, about anything, are not known to have reached anybody."""
    of_late = Notification.state.in_(NOT_SURELY) & (Notification.settled_at > now - SHOWN)
    return session.scalar(select(func.count()).where(of_late)) or 0


def _waiting(now: datetime) -> Select[SupportRequest]:
    """By target: the earlier one has less open time left, or as little."""
    waiting = select(SupportRequest).where(SupportRequest.state.in_(WAITING))
    clock = (ResponseClock.request_id == SupportRequest.id) & ResponseClock.stopped_at.is_(None)
    snoozed = case((SupportRequest.snoozed_until > now, 1), else_=0)
    return waiting.join(ResponseClock, clock).order_by(snoozed, ResponseClock.respond_by, SupportRequest.asked_at)


def _newest(state: RequestState) -> Select[SupportRequest]:
    since = SupportRequest.resolved_at if state is RequestState.RESOLVED else SupportRequest.asked_at
    return select(SupportRequest).where(SupportRequest.state == state).order_by(since.desc(), SupportRequest.id)


def _unknown() -> NotFound:
    return NotFound("There is no support request with this id.", field="id", remedy="Use the id that opening it gave.")
