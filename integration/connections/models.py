"""Connections, what happened to them, and trouble that many of them have at once."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base, hash_of


class ConnectionState(StrEnum):
    """Where a tenant stands with Zoom. The first two have no row in `connections`."""

    NOT_ENABLED = "not_enabled"
    NOT_CONNECTED = "not_connected"
    CONNECTED = "connected"
    DEGRADED = "degraded"
    NEEDS_REAUTHORIZATION = "needs_reauthorization"
    DEAUTHORIZED = "deauthorized"


# What Zoom gave us is believed to work, or to work again by itself: a worker keeps it alive.
ALIVE = (ConnectionState.CONNECTED, ConnectionState.DEGRADED)

Kind = Literal["state", "switch", "verified", "note"]


class Connection(Base):
    """A tenant's link to Zoom as it stands now. Deauthorized: what Zoom gave us is gone, the row remains."""

    __tablename__ = "connections"
    __table_args__ = (Index(None, "state", "cause"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    connected_by: Mapped[str | None] = mapped_column(String(255))  # the actor who asked for the link
    connected_at: Mapped[datetime]

    account_id: Mapped[str | None] = mapped_column(Text, info=SEALED)
    account_hash: Mapped[str | None] = mapped_column(
        String(128), unique=True, info=hash_of("account_id", "zoom_account")
    )
    user_id: Mapped[str | None] = mapped_column(Text, info=SEALED)
    user_hash: Mapped[str | None] = mapped_column(String(128), index=True, info=hash_of("user_id", "zoom_user"))
    zoom_user: Mapped[str | None] = mapped_column(Text, info=SEALED)  # JSON: email, display_name, role_name

    access_token: Mapped[str | None] = mapped_column(Text, info=SEALED)
    refresh_token: Mapped[str | None] = mapped_column(Text, info=SEALED)
    access_expires_at: Mapped[datetime | None]
    scopes: Mapped[str] = mapped_column(Text, default="")  # separated by spaces

    refreshed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    last_webhook_at: Mapped[datetime | None]
    check_due_at: Mapped[datetime | None] = mapped_column(index=True)  # the worker's: refresh, or try again
    failures: Mapped[int] = mapped_column(default=0)  # in a row

    # One refresh at a time, across processes and machines. By the database's clock, in milliseconds.
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)
    refresh_began_at: Mapped[datetime | None]  # none: the last refresh ended; else it may have been cut off

    @classmethod
    def of_tenant(cls, tenant_id: str) -> "Select[Connection]":
        """The tenant's row; there is one at most."""
        return select(cls).where(cls.tenant_id == tenant_id)


class ConnectionEvent(Base):
    """One entry of a tenant's flight recorder; never changed, only appended."""

    __tablename__ = "connection_events"
    __table_args__ = (Index(None, "tenant_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    number: Mapped[int]  # orders the events of a tenant; times may be equal
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))  # see Kind
    state: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str | None] = mapped_column(String(255))
    details: Mapped[str | None] = mapped_column(Text, info=SEALED)  # JSON: evidence, or the receipt of a deletion


class Incident(Base):
    """Trouble of many tenants at once that is ours or Zoom's: told to staff once, never to each customer."""

    __tablename__ = "incidents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    cause: Mapped[str] = mapped_column(String(64))
    sign: Mapped[str | None] = mapped_column(String(64))  # many at once: the cause that each of them failed with
    open_as: Mapped[str | None] = mapped_column(String(130), unique=True)  # while it goes on: one of each kind
    began_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    tenants: Mapped[int] = mapped_column(default=0)


class Revocation(Base):
    """A permission that Zoom must be told is no longer wanted. Its tokens are kept for that alone, until it is done.

    Where a deletion's receipt speaks of it, the id is that of the receipt's event. It outlives its tenant.
    """

    __tablename__ = "revocations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(63), index=True)
    tokens: Mapped[str | None] = mapped_column(Text, info=SEALED)  # JSON: access_token, refresh_token, user_id
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # none: given up, and the tokens are gone
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)
