"""The end of a connection: what Zoom gave us is deleted, and a receipt of it stays in the events."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from integration.connections import events, history, revocations, sign_ins, tokens
from integration.connections.models import ALIVE, Connection, ConnectionEvent, ConnectionState
from integration.errors import NotFound
from integration.meetings.zoom_data import forget_zoom_data
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
    mine = Connection.of_tenant(tenant_id).with_for_update()
    connection = session.scalars(mine).one_or_none()
    if connection is None:
        raise NotFound(
            "Zoom is not connected for this organisation.",
            field="tenant",
            remedy="There is nothing to disconnect; GET …/zoom/status says where it stands.",
        )
    if connection.state == DEAUTHORIZED and (event := history.last_state(session, tenant_id, DEAUTHORIZED)):
        return event
    unwanted = revocations.of_connection(vault, connection, now)
    deleted = tokens.forget(connection) | sign_ins.discard(session, tenant_id, now)
    deleted |= forget_zoom_data(session, vault, tenant_id)
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
        if found.state in ALIVE:
            found.check_due_at = now  # somebody else of that account: asking Zoom will tell whether ours still holds
        log.info("a deauthorization of another user", extra={"tenant": found.tenant_id})
        return
    deleted = tokens.forget(found) | sign_ins.delete_of_account(session, vault, found.tenant_id, account_id, at)
    deleted |= forget_zoom_data(session, vault, found.tenant_id)
    details = {"receipt": {"deleted": deleted, "revocable": True}, "told_by": "zoom", "happened_at": at.isoformat()}
    events.change(session, vault, found, state=DEAUTHORIZED, cause="uninstalled", now=now, details=details)
    log.info("deauthorized by Zoom", extra={"tenant": found.tenant_id})


def receipt_of(session: Session, vault: Vault, event: ConnectionEvent) -> Receipt:
    """The receipt that an event of a deletion carries. Raises VaultError when it does not open."""
    details = events.details_of(vault, event) or {}
    receipt = details.get("receipt", {})
    revoked = receipt.get("revocable", False) and not revocations.is_owed(session, event.id)
    return Receipt(deleted=receipt.get("deleted", {}), at=event.at, revoked=revoked)
