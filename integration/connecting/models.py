"""Connect links, and what Zoom gave us through them until it is a connection."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class LinkState(StrEnum):
    """How far a connect link has come."""

    SENT = "sent"
    STARTED = "started"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CONNECTED = "connected"
    FAILED = "failed"
    EXPIRED = "expired"
    REJECTED = "rejected"


class ConnectLink(Base):
    """A one-use link for one tenant, asked for by one person. Only a hash of its token is kept."""

    __tablename__ = "connect_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256: the token is random enough
    requested_by: Mapped[str] = mapped_column(String(255))  # who gets it and confirms
    made_by: Mapped[str] = mapped_column(String(255))  # staff may ask for another person
    requester_email: Mapped[str] = mapped_column(Text, info=SEALED)
    requester_name: Mapped[str | None] = mapped_column(Text, info=SEALED)
    place: Mapped[str | None] = mapped_column(String(255))
    card: Mapped[str | None] = mapped_column(String(255))  # where the message stands that follows along
    back: Mapped[str | None] = mapped_column(Text, info=SEALED)  # the address of that message, for the requester
    state: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0)  # how many the requester was told of

    # The latest start: who presses the button again begins anew.
    returned_at: Mapped[datetime | None]  # the browser came back from Zoom with it: its state is spent
    nonce_hash: Mapped[str | None] = mapped_column(String(64))  # of the OAuth state
    browser_hash: Mapped[str | None] = mapped_column(String(64))  # of the cookie
    verifier: Mapped[str | None] = mapped_column(Text, info=SEALED)  # PKCE


class GrantStep(StrEnum):
    """What is to be done next with a grant."""

    IDENTIFY = "identify"  # who is it, may they
    CONFIRM = "confirm"  # wait for the requester
    TEST = "test"  # refresh, scopes, one read; then it becomes the connection
    DISCARD = "discard"  # revoke at Zoom, then forget


class Grant(Base):
    """What Zoom gave us and what has not become a connection yet. Stored before anything else is done with it.

    A link has at most one that is not being discarded.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("connect_links.id", ondelete="CASCADE"), index=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(16))
    tokens: Mapped[str] = mapped_column(Text, info=SEALED)  # JSON
    zoom_user: Mapped[str | None] = mapped_column(Text, info=SEALED)  # JSON: id, account_id, email, names
    why_confirm: Mapped[str | None] = mapped_column(String(16))  # account, email
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # the confirmation lapses, or we stop trying
    due_at: Mapped[datetime] = mapped_column(index=True)  # the worker takes over then
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)
    refresh_began_at: Mapped[datetime | None]  # none: the last refresh ended; else it may have been cut off
    refreshed_at: Mapped[datetime | None]  # proof that the pair can be renewed
