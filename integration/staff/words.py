"""How a tenant stands, in a word or two, for Retain's own people."""

from collections.abc import Mapping
from datetime import datetime

from integration.connections.history import Standing
from integration.connections.models import ConnectionState
from integration.connections.status import freshness_of
from integration.connections.views import WORDS
from integration.desk.page_words import Mark
from integration.zoom.wording import Who
from kb.spans import ago

STATE = ConnectionState
# From the gravest on, as people sort by it; `kind` is what the style sheet knows it by.
KINDS: Mapping[ConnectionState, str] = {
    STATE.NEEDS_REAUTHORIZATION: "bad",
    STATE.DEGRADED: "warn",
    STATE.DEAUTHORIZED: "",
    STATE.NOT_CONNECTED: "",
    STATE.CONNECTED: "",
    STATE.NOT_ENABLED: "",
}
GRAVITY: Mapping[ConnectionState, int] = {state: rank for rank, state in enumerate(KINDS)}
HAS_WORKED = (STATE.CONNECTED, STATE.DEGRADED, STATE.NEEDS_REAUTHORIZATION)
WHO: Mapping[Who, str] = {
    "tenant_admin": "An admin of theirs",
    "zoom_admin": "A Zoom admin of theirs",
    "retain": "Retain",
    "zoom": "Zoom",
    "nobody": "Nobody",
}


def mark(state: ConnectionState, verified_at: datetime | None, now: datetime) -> Mark:
    """Only what was proven to work lately is green."""
    proven = state == STATE.CONNECTED and freshness_of(verified_at, now) == "verified"
    return Mark("good" if proven else KINDS[state], WORDS[state])


def last_worked(state: ConnectionState, verified_at: datetime | None, now: datetime) -> str:
    """How old that knowledge is; empty where nothing is to work."""
    if state not in HAS_WORKED:
        return ""
    return ago(verified_at, now) if verified_at else "never"


def verified_at(standing: Standing) -> datetime | None:
    """When it last worked, where it is to work."""
    return standing.verified_at if standing.state in HAS_WORKED else None
