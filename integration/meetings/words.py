"""The reasons why a calendar event counts as it does, in words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from integration.connections.models import ConnectionState


class Reason(StrEnum):
    """Why an event counts as it does. `ADJUSTED`: as long as its calls lasted; all others: as scheduled."""

    ADJUSTED = "adjusted"
    NOT_ON_ZOOM = "not_on_zoom"
    NO_SESSION = "no_session"
    STILL_RUNNING = "still_running"
    AWAITING_ZOOM = "awaiting_zoom"
    NOT_CONNECTED = "not_connected"
    ZOOM_DATA_DELETED = "zoom_data_deleted"
    TOO_OLD_FOR_ZOOM = "too_old_for_zoom"


@dataclass(frozen=True)
class Words:
    """A reason for people. `article`: a slug of kb/articles."""

    title: str
    explanation: str
    next_step: str
    article: str


NOTHING_TO_DO = "You need not do anything."

WORDS: Mapping[Reason, Words] = MappingProxyType(
    {
        Reason.ADJUSTED: Words(
            "Adjusted to Zoom",
            "What counts is how long the Zoom call really lasted.",
            NOTHING_TO_DO,
            "meeting-durations",
        ),
        Reason.NOT_ON_ZOOM: Words(
            "Not on Zoom",
            "The calendar event has no Zoom link, so its scheduled time counts.",
            "If it was on Zoom, put the join link into the calendar event.",
            "meeting-durations",
        ),
        Reason.NO_SESSION: Words(
            "No Zoom call",
            "Zoom knows of no call in your organisation's account around that time, so the scheduled time counts. "
            "Somebody else may have hosted it.",
            "If it was under another link, put that link into the calendar; if it did not take place, cancel it there.",
            "meeting-durations",
        ),
        Reason.STILL_RUNNING: Words(
            "Still running",
            "The Zoom call has not ended as far as we know, so the scheduled time counts until it has.",
            "Look again when the call is over. If it is, we ask Zoom, and mend it by ourselves.",
            "meeting-durations",
        ),
        Reason.AWAITING_ZOOM: Words(
            "Waiting for Zoom",
            "We have not yet heard everything from Zoom about that time, so the scheduled time counts until then.",
            "We ask Zoom by ourselves; look again in a few hours.",
            "meeting-durations",
        ),
        Reason.NOT_CONNECTED: Words(
            "Zoom not connected",
            "Zoom is not connected, so the scheduled time counts.",
            "Connect Zoom: then we ask it about the past too, up to a year back.",
            "connect-zoom",
        ),
        Reason.ZOOM_DATA_DELETED: Words(
            "Zoom data deleted",
            "What Zoom had told us was deleted when Zoom was disconnected, so the scheduled time counts.",
            "Connect Zoom again: then we ask it once more about the past, up to a year back.",
            "deauthorize-zoom",
        ),
        Reason.TOO_OLD_FOR_ZOOM: Words(
            "Too old for Zoom",
            "Zoom no longer tells how long a meeting was that long ago, so the scheduled time counts.",
            NOTHING_TO_DO,
            "meeting-durations",
        ),
    }
)
# Where the connection's state says more precisely what is missing.
NOT_CONNECTED_IN: Mapping[ConnectionState, Words] = MappingProxyType(
    {
        ConnectionState.NOT_ENABLED: Words(
            "Zoom not enabled",
            "Zoom is not enabled for your organisation, so the scheduled time counts.",
            "Ask Retain to enable it; then a Zoom admin can connect it.",
            "zoom-icon-missing",
        ),
        ConnectionState.NEEDS_REAUTHORIZATION: Words(
            "Zoom has to be authorized again",
            "The connection to Zoom is broken, so the scheduled time counts.",
            "Connect Zoom again: then we ask it about what was missed.",
            "reauthorize-zoom",
        ),
    }
)
