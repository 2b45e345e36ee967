"""What the integration service answers about support requests and the promise, as types. It may say more than this."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from bot.service.service_api import Answer


class RequestState(StrEnum):
    """Where a support request stands."""

    OPEN = "open"  # nobody has it
    CLAIMED = "claimed"
    ANSWERED = "answered"
    RESOLVED = "resolved"


class OwnRequest(Answer):
    """A request as its asker sees it. `ended` says what stopped the clock: answered, elsewhere or closed."""

    id: str
    state: str
    text: str = Field(repr=False)
    asked_at: AwareDatetime
    respond_by: AwareDatetime
    stopped_at: AwareDatetime | None = None
    ended: str | None = None
    claimed: bool = False


class OwnRequests(Answer):
    requests: tuple[OwnRequest, ...] = ()


class Contact(Answer):
    """How somebody says they are called and reached."""

    name: str | None = Field(None, repr=False)
    email: str | None = Field(None, repr=False)
    organisation: str | None = Field(None, repr=False)


class ZoomThen(Answer):
    """How the organisation stood with Zoom when the request was opened."""

    state: str
    cause: str | None = None


class Said(Answer):
    """What was said or done in a request. `kind`: answered, elsewhere, wrote, reopened, resolved.

    `delivery`, of an answer: on_its_way, delivered, possibly_delivered, not_delivered (with its `reason`).
    """

    id: str
    at: AwareDatetime
    kind: str
    actor: str | None = None
    text: str | None = Field(None, repr=False)
    delivery: str | None = None
    reason: str | None = None


class SupportRequest(Answer):
    """A request as the staff see it.

    `minutes_left` are open minutes until `respond_by`, negative when it is overdue, None when the clock is stopped.
    `place` is the asker's conversation, none for the form on the web; `card` where the staff's message of it stands.
    `said` holds the latest twenty, oldest first.
    """

    id: str
    version: int
    state: str
    via: str
    tenant: str | None = None
    tenant_name: str | None = None
    actor: str | None = None
    place: str | None = None
    contact: Contact | None = None
    time_zone: str | None = None
    text: str = Field(repr=False)
    more: str | None = Field(None, repr=False)
    question_id: str | None = None
    article: str | None = None
    link: str | None = Field(None, repr=False)
    zoom: ZoomThen | None = None
    asked_at: AwareDatetime
    started_at: AwareDatetime
    respond_by: AwareDatetime
    stopped_at: AwareDatetime | None = None
    ended: str | None = None
    minutes_left: float | None = None
    claimed_by: str | None = None
    claimed_at: AwareDatetime | None = None
    snoozed_until: AwareDatetime | None = None
    card: str | None = None
    openings: int = 1
    said: tuple[Said, ...] = ()


class Taken(Answer):
    """Somebody else has the request."""

    claimed_by: str


class Queue(Answer):
    """Requests by time left, overdue first, snoozed last; and how many messages of late reached nobody."""

    requests: tuple[SupportRequest, ...] = ()
    undelivered: int = 0


class Week(Answer):
    """How the promise was kept in the days from `first` to `last`, both included."""

    first: date
    last: date
    counted: int
    kept: int


class Sla(Answer):
    """How the promise was kept in a month of Pacific time. Times are business minutes; `share` is of `counted`.

    `missed_open`: past their target and still without a response; `missed_closed`: closed like that. Not counted:
    `closed_without_response` before their target, and `still_open` before it.
    """

    month: str
    first: date
    last: date
    time_zone: str
    target_minutes: int
    counted: int
    kept: int
    late: int
    missed_open: int
    missed_closed: int = 0
    share: float | None = None
    median_minutes: float | None = None
    p90_minutes: float | None = None
    closed_without_response: int = 0
    still_open: int = 0
    weeks: tuple[Week, ...] = ()


class Promise(Answer):
    """How the promise was kept in the last `days`, as everybody may know; `share` is None where too few asked."""

    days: int
    counted: int
    kept: int
    share: float | None = None
    median_minutes: float | None = None
