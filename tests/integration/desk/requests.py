"""Rows of support requests and their clocks, as tests of the promise need them."""

from datetime import UTC, datetime
from uuid import uuid4

from integration.desk.models import ResponseClock, SupportRequest
from kb import support_hours
from kb.support_hours import PACIFIC

SAM = "slack:T0RETAIN/USAM"


def at(pacific: str) -> datetime:
    """A moment by Pacific time, such as `2026-11-23T12:00`."""
    return datetime.fromisoformat(pacific).replace(tzinfo=PACIFIC).astimezone(UTC)


NOON = at("2026-11-23T12:00")  # an ordinary Monday


def request_row(request_id: str, **changes: object) -> SupportRequest:
    """A request that nobody has."""
    row = {"id": request_id, "key": request_id, "via": "slack", "text": "sealed", "asked_at": NOON, "state": "open"}
    return SupportRequest(**row | changes)


def clock_row(request_id: str, started: str, stopped: str | None = None, ended: str = "answered") -> ResponseClock:
    """A clock by Pacific times; it runs unless it is stopped."""
    return ResponseClock(
        id=uuid4().hex,
        request_id=request_id,
        number=1,
        started_at=at(started),
        respond_by=support_hours.respond_by(at(started)),
        stopped_at=at(stopped) if stopped else None,
        ended=ended if stopped else None,
    )
