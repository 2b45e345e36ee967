"""Support requests as their askers and as the staff see them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from integration.desk.models import Ending, EventKind, RequestState
from integration.desk.opening import Contact

MOST_SAID = 20

SaidKind = Literal[EventKind.ANSWERED, EventKind.ELSEWHERE, EventKind.WROTE, EventKind.REOPENED, EventKind.RESOLVED]
Delivery = Literal["on_its_way", "delivered", "possibly_delivered", "not_delivered"]


class Own(BaseModel):
    """A request as its asker sees it."""

    id: str
    state: RequestState
    text: str
    asked_at: datetime
    respond_by: datetime
    stopped_at: datetime | None
    ended: Ending | None = Field(description="What stopped the clock; null while it runs.")
    claimed: bool


class OwnRequests(BaseModel):
    requests: list[Own]


class ZoomThen(BaseModel):
    state: str
    cause: str | None


class Said(BaseModel):
    id: str
    at: datetime
    kind: SaidKind
    actor: str | None = Field(description="Null: it happened by itself.")
    text: str | None
    delivery: Delivery | None = Field(description="What became of an answer; null when that is not known any more.")
    reason: str | None


class RequestView(BaseModel):
    """A request as the staff see it."""

    id: str
    version: int
    state: RequestState
    via: str
    tenant: str | None
    tenant_name: str | None
    actor: str | None
    place: str | None = Field(description="The asker's conversation. Null: answers go to them directly.")
    contact: Contact | None
    time_zone: str | None
    text: str
    more: str | None
    question_id: str | None
    article: str | None
    link: str | None
    zoom: ZoomThen | None = Field(description="The tenant's state when this was asked.")
    asked_at: datetime
    started_at: datetime = Field(description="When the present opening began.")
    respond_by: datetime
    stopped_at: datetime | None
    ended: Ending | None
    minutes_left: float | None = Field(description="Open minutes, negative when overdue; null when stopped.")
    claimed_by: str | None
    claimed_at: datetime | None
    snoozed_until: datetime | None
    card: str | None
    openings: int
    said: list[Said] = Field(description=f"The latest {MOST_SAID}, oldest first.")


class Queue(BaseModel):
    requests: list[RequestView]
    undelivered: int = Field(description="Messages of the last seven days that reached nobody, or may not have.")
