"""What leaves the service about one meeting's length, as JSON: lengths in seconds, times aware."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from integration.meetings.models import SessionState
from integration.meetings.words import Reason


# Plain dataclasses: making one takes a tenth of a model's time.
@dataclass(frozen=True, slots=True)
class EventView:
    """The calendar event."""

    id: str
    title: str
    start: datetime
    end: datetime
    organizer: str | None
    customers: list[str]
    html_link: str | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A call, from its start to just before its end."""

    uuid: str
    start: datetime
    end: Annotated[
        datetime | None, Field(description="Null while it runs, and when it is `lost`: it counts for nothing.")
    ]
    state: SessionState


@dataclass(frozen=True, slots=True)
class IntervalView:
    """From the start to just before the end."""

    start: datetime
    end: datetime


class OtherView(BaseModel):
    """Another time that the meeting took place, or was to."""

    occurrence: str
    start: datetime
    end: datetime | None
    title: str | None = Field(description="The event's; Zoom's topic of calls in no event; null without one.")
    actual_seconds: int | None
    counted_seconds: int
    reason: Reason | None


class DurationAnswer(BaseModel):
    """How long a meeting was, what counts of it and why, and the proof."""

    tenant: str
    time_zone: str
    meeting_id: str | None
    title: str | None = Field(description="The event's; Zoom's topic of calls in no event; null without one.")
    event: EventView | None = Field(description="Null: the calls are in no calendar event, and count nowhere.")
    scheduled_seconds: int | None
    actual_seconds: int | None = Field(description="How long the calls lasted that have ended; null without any.")
    counted_seconds: int = Field(description="What reports count; 0 without a calendar event.")
    adjustment_seconds: int | None = Field(description="Counted minus scheduled; null unless the reason is `adjusted`.")
    reason: Reason | None = Field(description="Null without a calendar event.")
    explanation: str
    next_step: str
    article: str
    rule: str
    sessions: list[SessionView]
    gaps: list[IntervalView] = Field(description="Breaks between calls: they do not count.")
    overlaps: list[IntervalView] = Field(description="Time that calls share: it counts once.")
    occurrence: str = Field(description="Opaque: pass as `occurrence` to come back to this one.")
    others: list[OtherView] = Field(description="Other times of the same meeting id, the latest 20.")
    more: bool = Field(description="Are there still others?")
