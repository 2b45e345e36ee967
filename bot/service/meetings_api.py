"""What the integration service answers about meetings and hours, as types. It may say more than this."""

from datetime import date

from pydantic import AwareDatetime, Field

from bot.service.service_api import Answer


class Stretch(Answer):
    """From `start` to `end`. Without an end it has not ended, or nobody knows when it did (`state` is "lost")."""

    start: AwareDatetime
    end: AwareDatetime | None = None
    state: str | None = None

    @property
    def seconds(self) -> int | None:
        """Its length, once it has ended."""
        return int((self.end - self.start).total_seconds()) if self.end else None


class CalendarEvent(Answer):
    """A meeting as the calendar has it. `title` is "" where it has none."""

    title: str = ""
    start: AwareDatetime
    end: AwareDatetime
    organizer: str | None = None
    customers: tuple[str, ...] = ()


class Occurrence(Answer):
    """One time that a meeting was held. `occurrence` is its opaque id; without a `reason` no calendar has it."""

    occurrence: str
    start: AwareDatetime
    title: str | None = None
    actual_seconds: int | None = None
    counted_seconds: int = 0
    reason: str | None = None


class Meeting(Occurrence):
    """A meeting of the report. Without a `meeting_id` it was not on Zoom."""

    meeting_id: str | None = None


class Meetings(Answer):
    """Some meetings with customers, the latest first."""

    meetings: tuple[Meeting, ...] = ()


class Duration(Answer):
    """How long one meeting was, and what of it counts, with the proof. Lengths are in seconds.

    Without an `event` the calls are in no calendar, and count nowhere. `actual_seconds`: of those that have ended.
    """

    tenant: str
    meeting_id: str | None = None
    event: CalendarEvent | None = None
    scheduled_seconds: int | None = None
    actual_seconds: int | None = None
    counted_seconds: int = 0
    reason: str | None = None
    explanation: str | None = None
    next_step: str | None = None
    article: str | None = None
    rule: str | None = None
    sessions: tuple[Stretch, ...] = ()
    gaps: tuple[Stretch, ...] = ()
    overlaps: tuple[Stretch, ...] = ()
    occurrence: str | None = None
    others: tuple[Occurrence, ...] = ()
    more: bool = False


class NothingFound(Answer):
    """Why there is nothing to tell about a meeting, what to do, and when it was held instead, if it was."""

    cause: str
    detail: str
    remedy: str | None = None
    others: tuple[Occurrence, ...] = ()


class Sums(Answer):
    """Of some meetings, in seconds."""

    meetings: int = 0
    scheduled_seconds: int = 0
    counted_seconds: int = 0


class Group(Sums):
    """A customer, a month or an organizer. `uncounted`: how many of its meetings count as scheduled."""

    key: str
    name: str
    uncounted: int = 0


class Hours(Answer):
    """The meeting hours of some days, which are the tenant's own (`time_zone`), both included.

    `counted_more_than_once` is what customers' groups add up to beyond `total`; `uncounted` how many meetings count as
    scheduled, by reason; `pending` those whose customers are told apart anew just now.
    """

    tenant: str
    time_zone: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    groups: tuple[Group, ...] = ()
    total: Sums
    counted_more_than_once: Sums | None = None
    uncounted: dict[str, int] = Field(default_factory=dict)
    pending: int = 0


class Customer(Answer):
    id: str
    name: str
    domains: tuple[str, ...] = ()


class Customers(Answer):
    customers: tuple[Customer, ...]


class PageLink(Answer):
    """A private address that signs one person in to a page. It never reaches a log."""

    url: str = Field(repr=False)
