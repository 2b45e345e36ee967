"""Notices that staff set."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import Base


class IncidentNotice(Base):
    """What everybody may read, from `set_at` to `until` or until it is lifted; the latest one stands.

    `articles` are the slugs that it touches; none: all.
    """

    __tablename__ = "incident_notices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    articles: Mapped[list[str]] = mapped_column(JSON)
    set_by: Mapped[str] = mapped_column(String(255))
    set_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(255))
    incident_id: Mapped[str | None] = mapped_column(String(32))  # the trouble that it was proposed for
