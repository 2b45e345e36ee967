"""What is kept of one person, and its end: what they asked, what they thought of answers, what they want to be told,
and what was written in their support requests.

A support request stays without its words and without them: how the promise was kept is nobody's personal data. Whether
Retain has listed somebody as an admin or as staff is another matter (`people.set_role`), and so is who connected Zoom:
that is the tenant's record. Who claimed and answered requests of others, or set a notice, stays with these: that is
Retain's record of what its own people did.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from integration.db import Base
from integration.desk import acting, finding, opening, telling
from integration.desk.delivery import UNDELIVERED
from integration.desk.models import RequestEvent, RequestState, SupportRequest
from integration.meetings.opening import UNREADABLE, text_of
from integration.notifications import service as notifications
from integration.notifications.models import Notification
from integration.questions.models import Feedback, Question
from integration.signing_in.models import PageLink
from integration.tenants.models import Preference
from integration.vault import Vault

log = logging.getLogger(__name__)

DELETED = "(deleted)"  # what stands in place of a request's words


def forget_person(session: Session, vault: Vault, actor: str, now: datetime, *, by: str | None) -> dict[str, int]:
    """Delete what is kept of a person. Returns how many rows that concerned, by table; done again it finds none.

    `actor` may be an e-mail address: whoever used the form of the help centre is known by nothing else. Support
    requests that still wait are resolved: without words there is nothing to answer. `by` is who asked for it.
    """
    handed_over = _requests(session, vault, actor)
    places = [one.place for one in handed_over if one.place is not None]
    for request in handed_over:
        _without_words(session, vault, request, actor, now, by)
    rows = _rows(session, actor, [one.id for one in handed_over], places)
    counts = {model.__tablename__: _count(session, model, where) for model, where in rows.items()}
    for model, where in rows.items():
        session.execute(delete(model).where(where), execution_options={"synchronize_session": False})
    counts[SupportRequest.__tablename__] = len(handed_over)
    deleted = {table: count for table, count in counts.items() if count}
    log.info("person forgotten", extra={"actor": by, "deleted": deleted})
    return deleted


def _rows(
    session: Session, actor: str, requests: Sequence[str], places: Sequence[str]
) -> dict[type[Base], ColumnElement[bool]]:
    """What goes as a whole; what points at others first. `places` are their conversations with people."""
    asked = select(Question.id).where(Question.actor == actor)
    said = select(RequestEvent.id).where(RequestEvent.request_id.in_(requests))
    told = or_(
        Notification.about.in_(asked.union(said).scalar_subquery()),  # where that was names their conversations
        Notification.place.in_((actor, *places)),
    )
    # What staff were told of an answer that did not arrive quotes the question.
    quoted = [f"{UNDELIVERED}{one}" for one in session.scalars(select(Notification.id).where(told))]
    return {
        Notification: or_(told, Notification.about.in_(quoted)),
        Feedback: or_(Feedback.actor == actor, Feedback.question_id.in_(asked)),
        Question: Question.actor == actor,
        Preference: Preference.actor == actor,
        PageLink: PageLink.actor == actor,
    }


def _count(session: Session, model: type[Base], where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(where)) or 0


def _requests(session: Session, vault: Vault, actor: str) -> Sequence[SupportRequest]:
    by_form = _asked_by_form(session, vault, actor) if "@" in actor else []
    theirs = or_(SupportRequest.actor == actor, SupportRequest.id.in_(by_form))
    return finding.held_for_deletion(session, theirs)


def _asked_by_form(session: Session, vault: Vault, address: str) -> list[str]:
    """The ids of the requests whose asker gave this address. What does not open tells of nobody."""
    found = []
    contacts = select(SupportRequest.id, SupportRequest.contact).where(SupportRequest.contact.is_not(None))
    for request_id, sealed in session.execute(contacts):
        text = text_of(vault, opening.TABLE, "contact", request_id, sealed or "")
        if text != UNREADABLE and (json.loads(text)["email"] or "").casefold() == address.casefold():
            found.append(request_id)
    return found


def _without_words(
    session: Session, vault: Vault, request: SupportRequest, actor: str, now: datetime, by: str | None
) -> None:
    events = session.scalars(select(RequestEvent).where(RequestEvent.request_id == request.id)).all()
    notifications.settle(session, vault, about=request.id, now=now)
    for event in events:
        event.key = event.text = None
        event.actor = None if event.actor == actor else event.actor
    request.text = vault.seal(DELETED, table=opening.TABLE, column="text", row=request.id)
    request.key = f"{DELETED} {request.id}"
    request.actor = request.place = request.contact = request.time_zone = None
    request.more = request.link = request.question_id = None
    if request.state == RequestState.RESOLVED:
        telling.changed(session, vault, request, now)
    else:
        acting.resolve(session, vault, request, by, now)
