"""Support requests in words, for the staff's pages. Pure."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from integration.connections.causes import meaning
from integration.connections.models import ConnectionState
from integration.connections.status import AS_FAR_AS_WE_KNOW
from integration.desk.models import WAITING, Ending, EventKind, RequestState
from integration.desk.views import RequestView, Said, ZoomThen
from integration.meetings.duration import spoken
from kb import support_hours

SOMEBODY = "Somebody"
NO_SNOOZE = timedelta(minutes=1)  # a snooze is ended by one that is as short
SOON = 30  # open minutes before the target
HEADINGS: Mapping[RequestState, str] = {
    RequestState.OPEN: "asks for a person",
    RequestState.CLAIMED: "waits for an answer",
    RequestState.ANSWERED: "was answered",
    RequestState.RESOLVED: "needs nothing more",
}
WROTE_AGAIN, WAITS_AGAIN = "wrote again", "waits again"
CLOSED_UNANSWERED, ANSWER_LOST = "was closed without an answer", "has no answer yet: it could not be delivered"


class Mark(NamedTuple):
    """How a request stands, in a word or two. `kind` is what the style sheet knows it by."""

    kind: str
    words: str


OVERDUE, DUE_SOON, LOST = Mark("bad", "Overdue"), Mark("warn", "Due soon"), Mark("bad", "Answer not delivered")
SNOOZED = Mark("off", "Snoozed")
MARKS: Mapping[RequestState, Mark] = {
    RequestState.OPEN: Mark("new", "Waiting"),
    RequestState.CLAIMED: Mark("new", "Waiting"),
    RequestState.ANSWERED: Mark("good", "Answered"),
    RequestState.RESOLVED: Mark("off", "Resolved"),
}


def asker(request: RequestView) -> str:
    """Who asks, as they say: their name, else where they are written to."""
    said = request.contact
    return (said and (said.name or said.email)) or SOMEBODY


def organisation(request: RequestView) -> str | None:
    """Theirs: the one that we know them by, else the one that they say, which anybody may."""
    said = request.contact and request.contact.organisation
    return request.tenant_name or request.tenant or (f"says: {said}" if said else None)


def full_name(request: RequestView) -> str:
    """Such as "Maya Chen (Acme Corp)"."""
    of = organisation(request)
    return f"{asker(request)} ({of})" if of else asker(request)


def heading(request: RequestView) -> str:
    """What somebody does who asked: "asks for a person", "was answered", …"""
    if answer_is_lost(request):
        return ANSWER_LOST
    if _was_closed_unanswered(request):
        return CLOSED_UNANSWERED
    if request.openings > 1 and request.state in WAITING:
        return WROTE_AGAIN if request.said and request.said[-1].kind == EventKind.WROTE else WAITS_AGAIN
    return HEADINGS[request.state]


def mark(request: RequestView, now: datetime) -> Mark:
    """What matters most about it."""
    if is_overdue(request, now):
        return OVERDUE
    if answer_is_lost(request):
        return LOST
    if snoozed_until(request, now):
        return SNOOZED
    return DUE_SOON if is_due_soon(request, now) else MARKS[request.state]


def is_overdue(request: RequestView, now: datetime) -> bool:
    """Is its clock past the target? One at closing time is past as soon as we have closed."""
    return request.minutes_left is not None and now > request.respond_by


def is_due_soon(request: RequestView, now: datetime) -> bool:
    """Does its clock run, with little open time left?"""
    return request.minutes_left is not None and not is_overdue(request, now) and request.minutes_left <= SOON


def left(request: RequestView, now: datetime, of: str = "") -> str | None:
    """The open time that is left, never more than there is: "1 h 12 min left"; None where the clock stands still.

    `of` says in passing what time that is, such as " of support time".
    """
    if request.minutes_left is None:
        return None
    if not is_overdue(request, now):
        return f"{spoken(60 * math.floor(max(request.minutes_left, 0.0)))}{of} left"
    late = math.ceil(-request.minutes_left)
    return f"overdue by {spoken(60 * late)}{of}" if late > 0 else "overdue"


def snoozed_until(request: RequestView, now: datetime) -> datetime | None:
    """Until when its reminders wait; None where they do not, or nearly."""
    until = request.snoozed_until
    return until if request.state in WAITING and until is not None and until > now + NO_SNOOZE else None


def can_be_answered(request: RequestView) -> bool:
    """Does what staff write here reach the asker? Not by e-mail, and not once it is resolved."""
    return (request.place or request.actor) is not None and request.state != RequestState.RESOLVED


def answer_is_lost(request: RequestView) -> bool:
    """Does it count as answered, though the asker has no answer: it could not be delivered?"""
    answer = _last_answer(request)
    return request.state == RequestState.ANSWERED and answer is not None and answer.delivery == "not_delivered"


def zoom_then(zoom: ZoomThen) -> str:
    """How the organisation stood with Zoom when this was asked. Connected is what we believed, no proof."""
    if zoom.state == ConnectionState.CONNECTED or zoom.cause is None:
        return AS_FAR_AS_WE_KNOW
    return meaning(zoom.state, zoom.cause).explanation


def due(request: RequestView, now: datetime) -> str:
    """Such as "by Mon 10:40 PT"."""
    return support_hours.describe_due(request.respond_by, now, None)


def _last_answer(request: RequestView) -> Said | None:
    return next((one for one in reversed(request.said) if one.kind == EventKind.ANSWERED), None)


def _was_closed_unanswered(request: RequestView) -> bool:
    """By staff: its asker knows best when it is solved."""
    by = next((one.actor for one in reversed(request.said) if one.kind == EventKind.RESOLVED), None)
    return request.state == RequestState.RESOLVED and request.ended == Ending.CLOSED and by != request.actor
