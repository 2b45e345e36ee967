"""What leaves the service about meeting hours, as JSON: lengths in seconds, times aware, days in the tenant's zone."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from integration.meetings.words import Reason

GroupBy = Literal["customer", "month", "organizer"]


class Sums(BaseModel):
    """How many meetings, how long they were to be, and what counts of them."""

    meetings: int
    scheduled_seconds: int
    counted_seconds: int


class Group(Sums):
    """The meetings of one customer, month or organizer."""

    key: str = Field(description="What `customer`, `month` or `organizer` of …/meetings takes.")
    name: str
    uncounted: int = Field(description="Of the meetings, those whose scheduled time counts for want of Zoom's.")


class Hours(BaseModel):
    """The report about meetings with customers that have begun."""

    model_config = ConfigDict(populate_by_name=True)

    tenant: str
    time_zone: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    group_by: GroupBy
    groups: list[Group]
    total: Sums = Field(description="Each meeting once.")
    counted_more_than_once: Sums | None = Field(
        description="By customer: a meeting with several counts for each, so the groups add up to total and this."
    )
    uncounted: dict[Reason, int] = Field(description="How many meetings count as scheduled, by reason.")
    pending: int = Field(description="Events whose customers are told apart anew just now.")
    rule: str


class MeetingRow(BaseModel):
    """A meeting behind a number."""

    occurrence: str = Field(description="Opaque: what `occurrence` of …/duration takes.")
    meeting_id: str | None
    title: str
    start: datetime
    end: datetime
    organizer: str | None
    customers: list[str]
    scheduled_seconds: int
    counted_seconds: int
    reason: Reason


class Meetings(BaseModel):
    """A page of meetings, the latest first."""

    meetings: list[MeetingRow]
    total: Sums = Field(description="Of all pages.")
    next: str | None = Field(description="Opaque: pass as `after` for the next page.")
