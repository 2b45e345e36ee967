"""Tenants, workspaces and listed people."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import Base


class Tenant(Base):
    """A client organisation of Retain. `domains` are those of its own e-mail addresses, lower case."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    zoom_enabled: Mapped[bool] = mapped_column(default=False)
    domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    time_zone: Mapped[str] = mapped_column(String(64), default="America/Los_Angeles")
    created_at: Mapped[datetime]
    # Goes up when who is a customer changes (own domains, names): events told apart by older rules are done again.
    customer_rules: Mapped[int] = mapped_column(default=1, server_default="1")


class Workspace(Base):
    """Where people talk to us. One without a tenant waits for staff to link it; `staff` marks Retain's own."""

    __tablename__ = "workspaces"

    team: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id", ondelete="SET NULL"), index=True)
    name: Mapped[str | None] = mapped_column(String(255))
    staff: Mapped[bool] = mapped_column(default=False)
    first_seen_at: Mapped[datetime]
    linked_at: Mapped[datetime | None]


class Person(Base):
    """A person whom Retain has listed with a role: admin of a tenant, or staff (no tenant)."""

    __tablename__ = "people"

    actor: Mapped[str] = mapped_column(String(255), primary_key=True)
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime]


class Preference(Base):
    """What a person wants to be told. What needs their action they are told in any case."""

    __tablename__ = "person_preferences"

    actor: Mapped[str] = mapped_column(String(255), primary_key=True)
    reminders: Mapped[bool] = mapped_column(default=True)  # staff: that a target they have taken on is near
    news: Mapped[bool] = mapped_column(default=True)  # that something works again, or is finished
    changed_at: Mapped[datetime]
