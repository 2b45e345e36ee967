"""Support requests, the clocks that measure the promise, and what happened to each request."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class RequestState(StrEnum):
    """Where a support request stands."""

    OPEN = "open"  # nobody has it
    CLAIMED = "claimed"
    ANSWERED = "answered"  # its asker may write again
    RESOLVED = "resolved"


WAITING = (RequestState.OPEN, RequestState.CLAIMED)  # a clock runs


class SupportRequest(Base):
    """One hand-over to people. `key` is the form it came from: sent twice it is one request."""

    __tablename__ = "support_requests"
    __table_args__ = (Index(None, "state", "asked_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    via: Mapped[str] = mapped_column(String(16))  # slack, web
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    actor: Mapped[str | None] = mapped_column(String(255), index=True)  # none: by the form on the web
    place: Mapped[str | None] = mapped_column(String(255), index=True)  # the asker's conversation: answers go there
    contact: Mapped[str | None] = mapped_column(Text, info=SEALED)  # JSON: name, email, organisation, as they say
    time_zone: Mapped[str | None] = mapped_column(String(64))  # the asker's
    text: Mapped[str] = mapped_column(Text, info=SEALED)
    more: Mapped[str | None] = mapped_column(Text, info=SEALED)
    question_id: Mapped[str | None] = mapped_column(String(32))  # what the bot was asked before, while it is kept
    article: Mapped[str | None] = mapped_column(String(255))  # what the bot answered
    link: Mapped[str | None] = mapped_column(Text, info=SEALED)  # of the conversation it came from
    zoom_state: Mapped[str | None] = mapped_column(String(32))  # the tenant's, when this was asked
    zoom_cause: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    claimed_by: Mapped[str | None] = mapped_column(String(255))
    claimed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    card: Mapped[str | None] = mapped_column(String(255))  # where the staff's message of it stands
    version: Mapped[int] = mapped_column(default=0)  # goes up with every change


class Ending(StrEnum):
    """What stopped a clock."""

    ANSWERED = "answered"  # through us
    ELSEWHERE = "elsewhere"  # staff say that they answered by another way
    CLOSED = "closed"  # resolved without a response: no promise was kept by it


class ResponseClock(Base):
    """The promise of one opening: it begins with the request, and anew when that is reopened.

    While it runs, `respond_by` follows the calendar of support hours; once it is stopped, it stays as it was.
    """

    __tablename__ = "response_clocks"
    __table_args__ = (UniqueConstraint("request_id", "number"), Index(None, "stopped_at", "respond_by"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("support_requests.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1 is the first
    started_at: Mapped[datetime] = mapped_column(index=True)
    respond_by: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(16))  # see Ending
    reminded: Mapped[int | None]  # minutes before the target that staff were reminded of last: 30, 10, 0


class RequestEvent(Base):
    """What happened to a request, in order; never changed, only appended.

    `key` is the form or the message it came from: told twice, it happened once.
    """

    __tablename__ = "support_request_events"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("support_requests.id", ondelete="CASCADE"))
    number: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(255), unique=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))  # see EventKind
    actor: Mapped[str | None] = mapped_column(String(255))
    text: Mapped[str | None] = mapped_column(Text, info=SEALED)


class EventKind(StrEnum):
    """What may happen to a request."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RELEASED = "released"
    ANSWERED = "answered"  # `text` is the answer
    ELSEWHERE = "elsewhere"  # answered by another way
    WROTE = "wrote"  # its asker: `text`
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
