"""What of a connection's life leaves the service, as JSON."""

import logging
from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from integration.connections.causes import meaning
from integration.connections.disconnect import Receipt, receipt_of
from integration.connections.models import ConnectionEvent, ConnectionState, Kind
from integration.errors import VaultError
from integration.vault import Vault

log = logging.getLogger(__name__)

WORDS: Mapping[str, str] = {
    ConnectionState.NOT_ENABLED: "Not enabled",
    ConnectionState.NOT_CONNECTED: "Not connected",
    ConnectionState.CONNECTED: "Connected",
    ConnectionState.DEGRADED: "In trouble",
    ConnectionState.NEEDS_REAUTHORIZATION: "Has to be authorized again",
    ConnectionState.DEAUTHORIZED: "Disconnected",
}
VERIFIED = "Checked: Zoom confirmed the connection."
# Of these the state says it all.
SAID = frozenset({"connected", "disconnected"})


class ReceiptView(BaseModel):
    """What was deleted, as counts; when; and whether Zoom has confirmed that our permission there is withdrawn."""

    deleted: dict[str, int]
    at: datetime
    revoked: bool

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptView":
        return cls(deleted=receipt.deleted, at=receipt.at, revoked=receipt.revoked)


class EventView(BaseModel):
    id: str
    at: datetime
    kind: Kind
    state: ConnectionState
    cause: str
    actor: str | None = Field(description="Who did it; null: it happened by itself.")
    summary: str
    receipt: ReceiptView | None


class EventList(BaseModel):
    events: list[EventView]


def view_of(session: Session, vault: Vault, event: ConnectionEvent) -> EventView:
    """One entry of the history, in words."""
    return EventView.model_validate(
        {
            "id": event.id,
            "at": event.at,
            "kind": event.kind,
            "state": event.state,
            "cause": event.cause,
            "actor": event.actor,
            "summary": _summary(event),
            "receipt": _receipt(session, vault, event),
        }
    )


def _summary(event: ConnectionEvent) -> str:
    if event.kind == "verified":
        return VERIFIED
    if event.kind == "switch":
        return f"Zoom was {'disabled' if event.state == ConnectionState.NOT_ENABLED else 'enabled'}."
    if event.kind == "state" and event.cause in SAID:
        return f"{WORDS[event.state]}."
    explanation = meaning(event.state, event.cause).explanation
    return f"{WORDS[event.state] if event.kind == 'state' else 'Checked, in vain'}: {explanation}"


def _receipt(session: Session, vault: Vault, event: ConnectionEvent) -> ReceiptView | None:
    if event.kind != "state" or event.state != ConnectionState.DEAUTHORIZED:
        return None
    try:
        return ReceiptView.of(receipt_of(session, vault, event))
    except VaultError as error:  # the rest of the history is still worth showing
        log.error("a receipt does not open: %s", error, extra={"event": event.id})
        return None
