"""Sessions, calendar events, and the customers in them.

Titles, people and links are sealed; what is looked up or grouped has a hash beside it. Times and lengths stay plain:
reports are made of them.
"""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base, hash_of

# The purposes of look-up hashes.
MEETING = "zoom_meeting"  # in sessions and events alike
UUID = "zoom_uuid"
GOOGLE_ID, ICAL_UID, ORGANIZER = "calendar_event", "calendar_uid", "organizer"
CUSTOMER, DOMAIN = "customer", "customer_domain"


class SessionState(StrEnum):
    """Where a session stands, as far as we know."""

    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost"  # it began, and nobody knows of an end: it counts for nothing


class Evidence(IntEnum):
    """Who says when a session began or ended: the higher one is believed, whatever comes first."""

    PARTICIPANT = 1  # an event about somebody in the call, which also says when the call began
    STARTED = 2  # meeting.started
    ENDED = 3  # meeting.ended
    REPORTED = 4  # Zoom's API, afterwards


class MeetingSession(Base):
    """One continuous Zoom call: a meeting's uuid, from start to end (half-open, to the second)."""

    __tablename__ = "meeting_sessions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "uuid_hash"),
        Index(None, "tenant_id", "meeting_hash", "started_at"),
        Index(None, "state", "check_due_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    uuid: Mapped[str] = mapped_column(Text, info=SEALED)
    uuid_hash: Mapped[str] = mapped_column(String(128), info=hash_of("uuid", UUID))
    meeting_id: Mapped[str] = mapped_column(Text, info=SEALED)  # digits
    meeting_hash: Mapped[str] = mapped_column(String(128), info=hash_of("meeting_id", MEETING))
    topic: Mapped[str] = mapped_column(Text, info=SEALED)  # may be empty
    state: Mapped[str] = mapped_column(String(16))  # see SessionState
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    started_by: Mapped[int]  # Evidence
    ended_by: Mapped[int | None]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("calendar_events.id", ondelete="SET NULL"), index=True)
    check_due_at: Mapped[datetime | None]  # running: when Zoom is asked whether it still is
    checks: Mapped[int] = mapped_column(default=0)


class CalendarEvent(Base):
    """A scheduled meeting, as Google Calendar has it, and what Zoom's sessions make of it.

    `actual_seconds` is the length of the union of its ended sessions, None without any; `running`: one of them has not
    ended as far as we know (when its end is lost for good, that matters only where no other has ended). Why it counts
    as it does is decided on reading (`reasons.py`), for that changes with time.
    """

    __tablename__ = "calendar_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "google_hash"),
        Index(None, "tenant_id", "uid_hash"),
        Index(None, "tenant_id", "start_at"),
        Index(None, "tenant_id", "meeting_hash", "start_at"),
        Index(None, "tenant_id", "customer_rules"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    google_id: Mapped[str] = mapped_column(Text, info=SEALED)
    google_hash: Mapped[str] = mapped_column(String(128), info=hash_of("google_id", GOOGLE_ID))
    # iCalUID and original start: the same in every calendar that has a copy.
    uid: Mapped[str | None] = mapped_column(Text, info=SEALED)
    uid_hash: Mapped[str | None] = mapped_column(String(128), info=hash_of("uid", ICAL_UID))
    # Digits, or `my/name` until Zoom has told whose personal link that is. None: it has no Zoom link.
    meeting_id: Mapped[str | None] = mapped_column(Text, info=SEALED)
    meeting_hash: Mapped[str | None] = mapped_column(String(128), info=hash_of("meeting_id", MEETING))
    organizer: Mapped[str | None] = mapped_column(Text, info=SEALED)  # an e-mail address
    organizer_hash: Mapped[str | None] = mapped_column(String(128), info=hash_of("organizer", ORGANIZER))
    details: Mapped[str] = mapped_column(Text, info=SEALED)  # JSON: title, join_url, attendees, …
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    scheduled_seconds: Mapped[int]
    all_day: Mapped[bool] = mapped_column(default=False)  # kept, and never counted or tied to sessions
    cancelled: Mapped[bool] = mapped_column(default=False)  # kept, so that an older copy does not bring it back
    updated_at: Mapped[datetime | None]  # Google's `updated`: an older one changes nothing
    customers: Mapped[int] = mapped_column(default=0)  # how many; the report is about events with one or more
    customer_rules: Mapped[int] = mapped_column(default=0)  # the tenant's number of them when they were told apart
    actual_seconds: Mapped[int | None]
    running: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None]  # when Zoom was last asked about this meeting alone
    forgotten_at: Mapped[datetime | None]  # when Zoom was asked so, and no longer knew its id


# The events that are meetings: all that is tied to calls, found and counted.
MEETINGS: tuple[ColumnElement[bool], ...] = (~CalendarEvent.all_day, ~CalendarEvent.cancelled)


class Customer(Base):
    """Somebody the tenant meets. The name is a domain or an address until the tenant gives another one."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("tenant_id", "name_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text, info=SEALED)
    name_hash: Mapped[str] = mapped_column(String(128), info=hash_of("name", CUSTOMER))


class CustomerDomain(Base):
    """Whose people have addresses at a domain; for free mail it is one whole address."""

    __tablename__ = "customer_domains"
    __table_args__ = (UniqueConstraint("tenant_id", "domain_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    domain: Mapped[str] = mapped_column(Text, info=SEALED)
    domain_hash: Mapped[str] = mapped_column(String(128), info=hash_of("domain", DOMAIN))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    named: Mapped[bool] = mapped_column(default=False)  # by the tenant; else found in an event


class EventCustomer(Base):
    """A customer in an event. `position` 0 stands once in each event: totals are made of those rows."""

    __tablename__ = "event_customers"

    event_id: Mapped[str] = mapped_column(ForeignKey("calendar_events.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class PersonalRoom(Base):
    """Which meeting id a personal link (`my/name`) leads to, as Zoom's list of users says."""

    __tablename__ = "personal_rooms"
    __table_args__ = (UniqueConstraint("tenant_id", "name_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text, info=SEALED)  # `my/jonas.weber`
    name_hash: Mapped[str] = mapped_column(String(128), info=hash_of("name", MEETING))
    meeting_id: Mapped[str] = mapped_column(Text, info=SEALED)
