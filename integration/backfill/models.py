"""Which time of a tenant Zoom was asked about, and what is still to be asked."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class Coverage(Base):
    """What we know to be complete: every session that began in [asked_from, asked_until) and has ended is here.

    It goes when what Zoom gave us goes. The id is the tenant's.
    """

    __tablename__ = "meeting_coverage"

    id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    asked_from: Mapped[datetime | None]
    asked_until: Mapped[datetime | None]
    rooms_read_at: Mapped[datetime | None]  # when personal links were last read from the list of users
    people_read_at: Mapped[datetime | None]  # and when from each user alone
    due_at: Mapped[datetime] = mapped_column(index=True)  # the worker's: what is new is asked for again
    wanted_at: Mapped[datetime | None]  # sooner: when somebody wants Zoom to be asked
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)


class BackfillState(StrEnum):
    """How far a back-fill is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # it cannot go on: the connection is gone, or Zoom does not allow it


class Backfill(Base):
    """One tenant's way through the past. Its progress is that of its windows."""

    __tablename__ = "backfills"
    __table_args__ = (Index(None, "tenant_id", "created_at"), Index(None, "state", "due_at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    why: Mapped[str] = mapped_column(String(16))  # connected | asked | missed
    state: Mapped[str] = mapped_column(String(16))  # see BackfillState
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    cause: Mapped[str | None] = mapped_column(String(64))  # of the catalogue: why it waits, or was stopped
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)


class BackfillWindow(Base):
    """One thing to ask Zoom for: a month of its history, or the past instances of one meeting.

    Interrupted, a window is asked for again from its first page: what was stored changes nothing the second time.
    """

    __tablename__ = "backfill_windows"
    __table_args__ = (Index(None, "backfill_id", "position"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    backfill_id: Mapped[str] = mapped_column(ForeignKey("backfills.id", ondelete="CASCADE"))
    position: Mapped[int]
    first_day: Mapped[date]  # UTC, both included
    last_day: Mapped[date]
    meeting_id: Mapped[str | None] = mapped_column(Text, info=SEALED)  # None: everything that began on these days
    done_at: Mapped[datetime | None]
    found: Mapped[int] = mapped_column(default=0)  # sessions
    fresh: Mapped[int] = mapped_column(default=0)  # of them, those nobody had told us of
