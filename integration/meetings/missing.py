"""Why nothing was found of a meeting, and what to do: the true one of several causes, for this tenant."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from integration.connections.models import ALIVE, ConnectionState
from integration.errors import NotFound
from integration.meetings.days import end_of, start_of
from integration.meetings.knowledge import About, Knowledge
from integration.meetings.matching import AFTER, BEFORE
from integration.meetings.reasons import ZOOM_REMEMBERS
from integration.meetings.views import OtherView

Cause = Literal[
    "never_seen",
    "not_begun",
    "not_on_that_day",
    "not_connected",
    "zoom_data_deleted",
    "too_old_for_zoom",
    "awaiting_zoom",
    "gone",
]
# What is said, behind whether any event has its link, and what to do.
WORDS: Mapping[Cause | ConnectionState, tuple[str, str]] = MappingProxyType(
    {
        "never_seen": (
            "Zoom knows of no such call in your organisation's account.",
            "Check the id or the link: it must be a meeting that somebody of your organisation hosted.",
        ),
        "too_old_for_zoom": (
            "Zoom tells nothing about calls of more than a year ago.",
            "Nobody can find out how long it was any more.",
        ),
        "awaiting_zoom": (
            "we have not yet heard everything from Zoom about that time.",
            "We ask Zoom by ourselves; look again in a few hours.",
        ),
        "zoom_data_deleted": (
            "what Zoom had told us of calls was deleted when Zoom was disconnected.",
            "Connect Zoom again: then we ask it once more about the past, up to a year back.",
        ),
        "not_connected": (
            "Zoom is not connected, so we know of no calls.",
            "Connect Zoom: then we ask it about the past too, up to a year back.",
        ),
        ConnectionState.NOT_ENABLED: (
            "Zoom is not enabled for your organisation, so we know of no calls.",
            "Ask Retain to enable it; then a Zoom admin can connect it.",
        ),
        ConnectionState.NEEDS_REAUTHORIZATION: (
            "the connection to Zoom is broken, so we may not know of the call.",
            "Connect Zoom again: then we ask it about what was missed.",
        ),
    }
)


def nothing_found(about: About, on: date | None, others: Sequence[OtherView], now: datetime) -> NotFound:
    """Nobody told us of such a meeting, neither a calendar nor Zoom; or, where it has `others`, of none on that day."""
    cause, known = cause_of(about, on, now), about.knowledge
    said, remedy = WORDS[known.state] if cause == "not_connected" and known.state in WORDS else WORDS[cause]
    message = f"No calendar event {'of that day ' if others else ''}has this meeting's link, and {said}"
    if others and cause == "never_seen":
        cause, message = "not_on_that_day", "That meeting neither took place on that day nor was it planned for it."
        remedy = "Choose one of its other days."
    shown = [other.model_dump(mode="json") for other in others]
    return NotFound(
        message, field="on" if others else "meeting", remedy=remedy, extra={"cause": cause, "others": shown}
    )


def not_begun(about: About, start: datetime) -> NotFound:
    """It is planned, and was never held."""
    there = start.astimezone(about.zone)
    zone = about.zone.key.replace("_", " ")
    return NotFound(
        f"That meeting has not begun yet: it is planned for {there.day} {there:%B %Y, %H:%M} ({zone}).",
        field="meeting",
        remedy="Ask again when it has begun.",
        extra={"cause": "not_begun", "others": []},
    )


def no_such_occurrence() -> NotFound:
    """It was named by what an earlier answer gave, and is gone."""
    return NotFound(
        "There is no such occurrence any more.",
        field="occurrence",
        remedy="Ask for the meeting again, without an occurrence.",
        extra={"cause": "gone", "others": []},
    )


def cause_of(about: About, on: date | None, now: datetime) -> Cause:
    """Why we know of no call, on a day or at all."""
    known = about.knowledge
    day = None if on is None else (start_of(on, about.zone), end_of(on, about.zone))
    if day is not None and _is_complete(known, *day):
        return "never_seen"
    if day is not None and day[1] <= now - ZOOM_REMEMBERS:
        return "too_old_for_zoom"
    if known.state not in ALIVE:
        later = day is not None and known.since is not None and day[0] >= known.since
        return "zoom_data_deleted" if known.state == ConnectionState.DEAUTHORIZED and not later else "not_connected"
    return "never_seen" if day is None and known.asked_from is not None else "awaiting_zoom"


def _is_complete(known: Knowledge, start: datetime, end: datetime) -> bool:
    """Do we know of every call of that day?"""
    first, last = known.asked_from, known.asked_until
    return first is not None and last is not None and first <= start - BEFORE and last >= end + AFTER
