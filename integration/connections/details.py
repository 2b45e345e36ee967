"""What of a connection only its tenant's admins and staff are shown: people, the account, times of tokens.

What does not open is left out: the rest of a status is still worth telling.
"""

import logging
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import ConnectLink
from integration.connections import tokens
from integration.errors import VaultError
from integration.vault import Vault

log = logging.getLogger(__name__)


class ConnectedBy(BaseModel):
    """Who asked for the link by which the connection was made."""

    actor: str
    name: str | None
    email: str | None


class ZoomAccount(BaseModel):
    """The Zoom user behind the connection."""

    email: str
    name: str
    role: str | None


NO_DETAILS: dict[str, Any] = dict.fromkeys(("connected_by", "account", "refreshed_at", "last_webhook_at"))


def details_of(session: Session, vault: Vault, row: Row[Any], connected_by: str | None, at: datetime) -> dict[str, Any]:
    """Fields of a status. `row` holds the columns of tenant and connection; `connected_by` is an actor."""
    same = row.connected_at is not None and row.connected_at <= at
    return {
        "connected_by": _person(session, vault, row.tenant_id, connected_by),
        "account": _account(vault, row) if same else None,
        "refreshed_at": _until(row.refreshed_at, at),
        "last_webhook_at": _until(row.last_webhook_at, at),
    }


def _account(vault: Vault, row: Row[Any]) -> ZoomAccount | None:
    account = tokens.account_of(vault, row.connection_id, row.zoom_user)
    return ZoomAccount(email=account.email, name=account.name, role=account.role) if account else None


LINKS = ConnectLink.__table__.c
# Past the ORM, in a third of its time: three columns of a wide row, each time somebody looks.
ASKED = (
    select(LINKS.id, LINKS.requester_name, LINKS.requester_email)
    .where(LINKS.tenant_id == bindparam("tenant"), LINKS.requested_by == bindparam("actor"))
    .order_by(LINKS.created_at.desc())
    .limit(1)
)


def _person(session: Session, vault: Vault, tenant_id: str, actor: str | None) -> ConnectedBy | None:
    """Who connected, with what they said of themselves when they asked for the link."""
    if actor is None:
        return None
    link = session.connection().execute(ASKED, {"tenant": tenant_id, "actor": actor}).one_or_none()
    if link is None:
        return ConnectedBy(actor=actor, name=None, email=None)
    try:
        name, email = sealed.requester_of(vault, link)
    except VaultError as error:
        log.error("who asked for a link does not open: %s", error, extra={"link": link.id})
        return ConnectedBy(actor=actor, name=None, email=None)
    return ConnectedBy(actor=actor, name=name, email=email)


def _until(time: datetime | None, at: datetime) -> datetime | None:
    return time if time is not None and time <= at else None
