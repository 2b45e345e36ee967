"""What Zoom told us, stored once before it is acted upon."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class WebhookState(StrEnum):
    """Whether it has been acted upon."""

    OPEN = "open"
    DONE = "done"
    PARKED = "parked"


class Webhook(Base):
    """One delivery of an event; Zoom's retries have the same body, and so the same digest."""

    __tablename__ = "webhooks"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the raw body
    event: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str] = mapped_column(Text, info=SEALED)  # the raw body
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(255))
