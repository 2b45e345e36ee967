"""What a status says, as JSON."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from integration.backfill.progress import Progress
from integration.connections.details import ConnectedBy, ZoomAccount
from integration.connections.models import ConnectionState
from integration.zoom.wording import Who

Freshness = Literal["verified", "believed", "unknown"]


class Checked(BaseModel):
    """What asking Zoom just now brought."""

    ok: bool
    cause: str | None
    explanation: str | None


class Trouble(BaseModel):
    """What many organisations have at once, on top of what is said about this one."""

    since: datetime
    text: str


class Notice(BaseModel):
    """What staff say to everybody about connections, until a moment."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    text: str
    articles: list[str]
    set_at: datetime
    until: datetime
    incident_id: str | None


class Status(BaseModel):
    """Times are aware. `since` is null where nothing was ever recorded. Members get no details: they are null."""

    tenant: str
    name: str
    state: ConnectionState
    since: datetime | None
    cause: str
    who_must_act: Who
    explanation: str
    article: str
    next_step: str
    freshness: Freshness
    connected_by: ConnectedBy | None
    account: ZoomAccount | None
    verified_at: datetime | None
    refreshed_at: datetime | None
    last_webhook_at: datetime | None
    hours_affected: float | None = Field(
        description="Of customer meetings that count as scheduled while it is broken; else null."
    )
    meetings_affected: int | None
    backfill: Progress | None = Field(description="While past meetings are fetched, or when that was stopped.")
    as_of: datetime
    checked: Checked | None
    incident: Trouble | None = Field(description="Null while the notice speaks of it.")
    notice: Notice | None
    may: list[str]
