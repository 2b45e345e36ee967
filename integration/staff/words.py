"""How a tenant stands, in a word or two, for Retain's own people."""

from collections.abc import Mapping
from datetime import datetime

from integration.connections import wording
from integration.connections.history import Standing
from integration.connections.models import ConnectionState
from integration.connections.views import WORDS
from integration.connections.wording import HAS_WORKED, KINDS
from integration.desk.page_words import Mark
from kb.spans import ago

GRAVITY: Mapping[ConnectionState, int] = {state: rank for rank, state in enumerate(KINDS)}  # as people sort by it
WHO = wording.WHO["staff"]


def mark(state: ConnectionState, verified_at: datetime | None, now: datetime) -> Mark:
    """Only what was proven to work lately is green."""
    return Mark(wording.kind_of(state, verified_at, now), WORDS[state])


def last_worked(state: ConnectionState, verified_at: datetime | None, now: datetime) -> str:
    """How old that knowledge is; empty where nothing is to work."""
    if state not in HAS_WORKED:
        return ""
    return ago(verified_at, now) if verified_at else "never"


def verified_at(standing: Standing) -> datetime | None:
    """When it last worked, where it is to work."""
    return standing.verified_at if standing.state in HAS_WORKED else None
