"""One row for one thing somebody must be told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class State(StrEnum):
    """Where a notification stands. Only an open one is handed to bots."""

    OPEN = "open"
    DELIVERED = "delivered"
    POSSIBLY = "possibly_delivered"  # a bot began, and nobody can tell whether it got there: it is not sent again
    GAVE_UP = "gave_up"  # the bot says that it can never be delivered
    PARKED = "parked"  # handed out as often as allowed, never acknowledged
    SETTLED = "settled"  # its reason is gone


UNREACHED = (State.GAVE_UP, State.PARKED)
NOT_SURELY = (*UNREACHED, State.POSSIBLY)


class Notification(Base):
    """`about` is the id of what it tells of; one notification of a kind is made about one thing."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("kind", "about"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(64), index=True)
    place: Mapped[str | None] = mapped_column(String(255))  # where it is to be delivered; None: anywhere
    payload: Mapped[str] = mapped_column(Text, info=SEALED)  # JSON
    state: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # while it is leased: when the lease runs out
    attempts: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]  # a bot said that it is about to send it: it may stand where it belongs
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(255))
