"""Support requests as the staff see them, made by hand."""

from datetime import datetime, timedelta
from typing import Any

from integration.desk.models import EventKind
from integration.desk.views import RequestView, Said
from kb.support_hours import business_minutes
from tests.integration.desk.requests import NOON

ASKER = "slack:T0ACME/UDANA"


def view(now: datetime = NOON, **changes: Any) -> RequestView:
    """One that Dana Fox of Acme opened at noon, and that waits."""
    row: dict[str, Any] = {
        **dict.fromkeys(RequestView.model_fields),
        "id": "0" * 32,
        "version": 1,
        "state": "open",
        "via": "slack",
        "tenant": "acme",
        "tenant_name": "Acme Corp",
        "actor": ASKER,
        "contact": {"name": "Dana Fox"},
        "text": "Why?",
        "asked_at": NOON,
        "started_at": NOON,
        "respond_by": NOON + timedelta(hours=2),
        "minutes_left": business_minutes(now, NOON + timedelta(hours=2)),
        "openings": 1,
        "said": [],
    }
    return RequestView(**row | changes)


def said(kind: EventKind, actor: str | None = None, **changes: Any) -> Said:
    """Something that was said an hour after noon."""
    row: dict[str, Any] = {"text": None, "delivery": None, "reason": None, "at": NOON + timedelta(hours=1)}
    return Said(**row | {"id": "e1", "kind": kind, "actor": actor} | changes)
