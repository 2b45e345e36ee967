"""How a notification ends: a bot says how it went, or nobody ever did. The caller's session commits."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from integration.errors import Conflict, NotFound, VaultError
from integration.notifications.handing_on import hand_on
from integration.notifications.kinds import Kind, Kinds
from integration.notifications.models import Notification, State
from integration.notifications.service import LEASE, MAX_ATTEMPTS, close, due, payload_of
from integration.vault import Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ack:
    """What a bot says of one: the outcome; why; who hears of it instead of somebody who left; of which handing-out."""

    outcome: Literal["delivered", "possibly_delivered", "gave_up", "not_sent"]
    reason: str | None = None
    instead: Sequence[str] = ()
    attempt: int | None = None


def begin(session: Session, notification_id: str, attempt: int | None, now: datetime) -> tuple[bool, datetime]:
    """A bot is about to send it. Whether one was before, and when the first was; the lease begins anew.

    Raises NotFound, and Conflict where it is not this bot's (which has its `attempt` in hand) to send any more.
    """
    row = _locked(session, notification_id)
    if row.state != State.OPEN or attempt not in (None, row.attempts):
        raise Conflict(
            "This notification is not yours to send any more.",
            remedy="Leave it alone: it is over, or another bot has it in hand.",
            extra={"state": row.state},
        )
    again, row.begun_at = row.begun_at is not None, row.begun_at or now
    row.due_at = max(row.due_at, now + LEASE)
    return again, row.begun_at


def acknowledge(session: Session, vault: Vault, kinds: Kinds, notification_id: str, ack: Ack, now: datetime) -> None:
    """Record how it went; repeatable, the first outcome stays. A parked one may still turn out delivered.

    Raises NotFound.
    """
    row = _locked(session, notification_id)
    if ack.outcome == "not_sent":
        if row.state == State.OPEN and ack.attempt in (None, row.attempts):
            row.begun_at = None
    elif row.state in (State.OPEN, State.PARKED):
        if ack.instead:
            hand_on(session, vault, row, ack.instead, now, kinds.get(row.kind, Kind()).wanting)
        _end(session, vault, kinds, row, State(ack.outcome), ack.reason, now)


def park_spent(session: Session, vault: Vault, now: datetime, *, kinds: Kinds) -> int:
    """A worker's duty: park what was handed out `MAX_ATTEMPTS` times without an acknowledgement; one at a time, for
    what follows may lock what somebody holds who waits for another of them.
    """
    spent = due(now).where(Notification.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    rows = session.scalars(spent.limit(1)).all()
    for row in rows:
        state = State.PARKED if row.begun_at is None else State.POSSIBLY
        _end(session, vault, kinds, row, state, f"not acknowledged after {row.attempts} attempts", now)
        log.warning(
            "notification parked after %s attempts; is a bot running and able to post?",
            row.attempts,
            extra={"notification": row.id, "kind": row.kind},
        )
    return len(rows)


def _locked(session: Session, notification_id: str) -> Notification:
    row = session.get(Notification, notification_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no notification with this id.", field="id", remedy="Use the id that claiming it gave.")
    return row


def _end(
    session: Session, vault: Vault, kinds: Kinds, row: Notification, state: State, reason: str | None, now: datetime
) -> None:
    said = _payload(vault, row) if state != State.DELIVERED else {}
    close(vault, row, state, now, reason)
    if ended := kinds.get(row.kind, Kind()).ended:
        ended(session, vault, row, said, now)


def _payload(vault: Vault, row: Notification) -> Mapping[str, Any]:
    try:
        return payload_of(vault, row)
    except VaultError:
        return {}
