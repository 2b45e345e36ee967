"""The end of a connection: what Zoom gave us is deleted, and a receipt of it stays in the events."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from integration.connecting.models import Grant, GrantStep
from integration.connections import events, history, revocations, tokens
from integration.connections.models import Connection, ConnectionEvent, ConnectionState
from integration.connections.revocations import Unwanted
from integration.errors import NotFound, VaultError
from integration.runtime import Runtime
from integration.vault import Vault

log = logging.getLogger(__name__)

DEAUTHORIZED = ConnectionState.DEAUTHORIZED


@dataclass(frozen=True)
class Receipt:
    """What was deleted (counts), when, and whether Zoom has confirmed that our permission there is withdrawn."""

    deleted: dict[str, int]
    at: datetime
    revoked: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}


def disconnect(runtime: Runtime, tenant_id: str, *, cause: str, actor: str | None) -> Receipt:
    """Delete what Zoom gave us for this tenant, and withdraw our permission at Zoom.

    Deleted at once, whatever Zoom says; where Zoom does not answer, the withdrawal stays owed. Again: the same
    receipt. Call it with no transaction open. Raises NotFound when there is no connection.
    """
    with runtime.database.writing() as session:
        event = _end(session, runtime.vault, tenant_id, cause=cause, actor=actor, now=runtime.clock())
        event_id = event.id
        owed = revocations.is_owed(session, event_id)
    if owed:
        revocations.carry_out(runtime, event_id)
    with runtime.database.reading() as session:
        return receipt_of(session, runtime.vault, session.get_one(ConnectionEvent, event_id))


def _end(
    session: Session, vault: Vault, tenant_id: str, *, cause: str, actor: str | None, now: datetime
) -> ConnectionEvent:
    """The event with the receipt: that of now, or the earlier one."""
    mine = select(Connection).where(Connection.tenant_id == tenant_id).with_for_update()
    connection = session.scalars(mine).one_or_none()
    if connection is None:
        raise NotFound(
            "Zoom is not connected for this organisation.",
            field="tenant",
            remedy="There is nothing to disconnect; GET …/zoom/status says where it stands.",
        )
    if connection.state == DEAUTHORIZED and (event := _last_receipt(session, tenant_id)):
        return event
    unwanted = _unwanted(vault, connection, now)
    deleted = tokens.forget(connection) | _discard_grants(session, tenant_id, now)
    details = {"receipt": {"deleted": deleted, "revocable": unwanted is not None}}
    event = events.change(
        session, vault, connection, state=DEAUTHORIZED, cause=cause, now=now, actor=actor, details=details
    )
    if unwanted is not None:
        revocations.owe(session, vault, tenant_id, unwanted, now, row_id=event.id)
    log.info("disconnected", extra={"tenant": tenant_id, "cause": cause, "actor": actor})
    return event


def deauthorized_by_zoom(
    session: Session, vault: Vault, *, account_id: str, user_id: str, at: datetime, now: datetime
) -> None:
    """Zoom says that the app was removed from this account, by this user, at a moment: delete what it gave us.

    Repeatable. What is older than the connection, or of an account that we do not have, changes nothing.
    """
    found = session.scalars(tokens.of_account(vault, account_id).with_for_update()).one_or_none()
    if found is None or at < found.connected_at:
        log.info("a deauthorization that concerns no connection")
        return
    if not tokens.is_user(vault, found, user_id):
        found.check_due_at = now  # somebody else of that account: asking Zoom will tell whether ours still holds
        log.info("a deauthorization of another user", extra={"tenant": found.tenant_id})
        return
    grants = _delete_grants_of(session, vault, found.tenant_id, account_id)
    deleted = tokens.forget(found) | grants
    details = {"receipt": {"deleted": deleted}, "told_by": "zoom", "happened_at": at.isoformat()}
    events.change(session, vault, found, state=DEAUTHORIZED, cause="uninstalled", now=now, details=details)
    log.info("deauthorized by Zoom", extra={"tenant": found.tenant_id})


def receipt_of(session: Session, vault: Vault, event: ConnectionEvent) -> Receipt:
    """The receipt that an event of a deletion carries. Raises VaultError when it does not open."""
    details = events.details_of(vault, event) or {}
    receipt = details.get("receipt", {})
    revoked = receipt.get("revocable", True) and not revocations.is_owed(session, event.id)
    return Receipt(deleted=receipt.get("deleted", {}), at=event.at, revoked=revoked)


def _last_receipt(session: Session, tenant_id: str) -> ConnectionEvent | None:
    return history.last_state(session, tenant_id, state=DEAUTHORIZED)


def _unwanted(vault: Vault, connection: Connection, now: datetime) -> Unwanted | None:
    try:
        access, refresh = tokens.access_token_of(vault, connection), tokens.refresh_token_of(vault, connection)
        user_id = tokens.user_id_of(vault, connection)
    except VaultError as error:  # whoever wants it deleted must not wait for a lost key
        log.error("a permission cannot be revoked: %s", error, extra={"tenant": connection.tenant_id})
        return None
    if access is None or refresh is None:
        return None
    return Unwanted(access, refresh, connection.access_expires_at or now, user_id)


def _discard_grants(session: Session, tenant_id: str, now: datetime) -> dict[str, int]:
    """Grants that wait to become a connection: whoever looks after them revokes each, and forgets it."""
    waiting = (Grant.tenant_id == tenant_id, Grant.step != GrantStep.DISCARD)
    discarded = {"step": GrantStep.DISCARD, "due_at": now, "lease_owner": None, "lease_until_ms": None}
    found = session.scalars(update(Grant).where(*waiting).values(discarded).returning(Grant.id)).all()
    return {"grants": len(found)} if found else {}


def _delete_grants_of(session: Session, vault: Vault, tenant_id: str, account_id: str) -> dict[str, int]:
    """Zoom has ended them with the rest: there is nothing left to revoke."""
    grants = session.scalars(select(Grant).where(Grant.tenant_id == tenant_id)).all()
    dead = [grant.id for grant in grants if _account_of(vault, grant) == account_id]
    session.execute(delete(Grant).where(Grant.id.in_(dead)))
    return {"grants": len(dead)} if dead else {}


def _account_of(vault: Vault, grant: Grant) -> str | None:
    if grant.zoom_user is None:
        return None
    opened = json.loads(vault.open(grant.zoom_user, table="grants", column="zoom_user", row=grant.id))
    account: str | None = opened.get("account_id")
    return account
