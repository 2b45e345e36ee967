"""How pages word the state of a connection, for its own people and for Retain's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from integration.connections.models import ConnectionState
from integration.connections.status import freshness_of
from integration.connections.status_view import Status
from integration.zoom.wording import Who

STATE = ConnectionState
Audience = Literal["own", "staff"]
# From the gravest on. What the style sheet knows a state by: only what was proven to work lately is green (kind_of).
KINDS: Mapping[ConnectionState, str] = {
    STATE.NEEDS_REAUTHORIZATION: "bad",
    STATE.DEGRADED: "warn",
    STATE.DEAUTHORIZED: "",
    STATE.NOT_CONNECTED: "",
    STATE.CONNECTED: "",
    STATE.NOT_ENABLED: "",
}
HAS_WORKED = (STATE.CONNECTED, STATE.DEGRADED, STATE.NEEDS_REAUTHORIZATION)
WHO: Mapping[Audience, Mapping[Who, str]] = {
    "own": {
        "tenant_admin": "An admin of your organisation",
        "zoom_admin": "A Zoom admin of your organisation",
        "retain": "Retain",
        "zoom": "Zoom",
        "nobody": "Nobody",
    },
    "staff": {
        "tenant_admin": "An admin of theirs",
        "zoom_admin": "A Zoom admin of theirs",
        "retain": "Retain",
        "zoom": "Zoom",
        "nobody": "Nobody",
    },
}


def is_proven(state: ConnectionState, verified_at: datetime | None, now: datetime) -> bool:
    """Is it known to work, and not only believed to?"""
    return state == STATE.CONNECTED and freshness_of(verified_at, now) == "verified"


def kind_of(state: ConnectionState, verified_at: datetime | None, now: datetime) -> str:
    """What the style sheet knows it by."""
    return "good" if is_proven(state, verified_at, now) else KINDS[state]


def is_fine(status: Status) -> bool:
    """Has nobody anything to do?"""
    return status.state == STATE.CONNECTED and status.who_must_act == "nobody"


def withdrawn(*, revoked: bool) -> str:
    """What became of our permission at Zoom after a disconnection."""
    if revoked:
        return "Zoom has confirmed that our permission is withdrawn."
    return "Zoom has not confirmed yet that our permission is withdrawn: we keep asking."
