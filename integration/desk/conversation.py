"""What was said and done about a support request, line by line, for the staff's pages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from integration.desk.colleagues import Colleagues
from integration.desk.models import EventKind
from integration.desk.page_words import asker
from integration.desk.views import MOST_SAID, Delivery, RequestView, Said

HAPPENED: Mapping[str, str] = {
    EventKind.ANSWERED: "answered",
    EventKind.ELSEWHERE: "answered in another way",
    EventKind.WROTE: "wrote",
    EventKind.REOPENED: "reopened it",
    EventKind.RESOLVED: "resolved it",
}
DELIVERIES: Mapping[Delivery, str] = {
    "on_its_way": "On its way",
    "delivered": "Delivered",
    "possibly_delivered": "Perhaps delivered: Slack did not say",
    "not_delivered": "Not delivered",
}
BY_ITSELF = "Resolved by itself, after a week without news"


@dataclass(frozen=True)
class Line:
    """`what` is a sentence of its own, or ends before the `text` that was written. `theirs`: the asker's words.

    `delivery`: what became of an answer; `lost`: it reached nobody.
    """

    what: str
    at: datetime
    text: str | None = field(default=None, repr=False)
    theirs: bool = False
    delivery: str | None = None
    lost: bool = False


def conversation(request: RequestView, staff: Colleagues) -> list[Line]:
    """From the question on, as one of the staff reads it."""
    name = asker(request)
    asked = [Line(f"{name} asked", request.asked_at, request.text, theirs=True)]
    if request.more:
        asked.append(Line(f"{name} added", request.asked_at, request.more, theirs=True))
    return asked + [_line(one, request, staff) for one in request.said]


def is_cut(request: RequestView) -> bool:
    """May more have been said than is shown?"""
    return len(request.said) >= MOST_SAID


def _line(said: Said, request: RequestView, staff: Colleagues) -> Line:
    theirs = said.actor is not None and said.actor == request.actor
    return Line(
        what=_what(said, asker(request) if theirs else staff.called(said.actor)),
        at=said.at,
        text=said.text,
        theirs=theirs,
        delivery=_delivery(said),
        lost=said.delivery == "not_delivered",
    )


def _what(said: Said, who: str) -> str:
    if said.kind == EventKind.RESOLVED and said.actor is None:
        return BY_ITSELF
    return f"{who} {HAPPENED[said.kind]}"


def _delivery(said: Said) -> str | None:
    if said.delivery is None:
        return None
    why = f" ({said.reason.replace('_', ' ')})" if said.reason else ""
    return f"{DELIVERIES[said.delivery]}{why}"
