"""Owing, claiming, acknowledging and settling notifications. The caller's session commits."""

import json
import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from integration.db import insert
from integration.errors import NotFound, VaultError
from integration.notifications.models import Notification, State
from integration.vault import Vault

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
# Handed out soon again at first, for a bot that was killed; then for about a day, for Slack or a bot that is down.
LONGEST_PAUSE = timedelta(hours=1)
MAX_ATTEMPTS = 36
BATCH = 3  # a bot delivers them one after another, within the lease


@dataclass(frozen=True)
class Claimed:
    """A notification in a bot's hands until its lease runs out."""

    id: str
    kind: str
    attempts: int
    payload: Mapping[str, Any]


def owe(
    session: Session,
    vault: Vault,
    *,
    kind: str,
    about: str,
    payload: Mapping[str, Any],
    now: datetime,
    place: str | None = None,
    due: datetime | None = None,
) -> bool:
    """Record that somebody must be told, from `due` on (now). False when this kind was recorded about it before.

    Only a bot that serves `place` is handed it; None leaves it to any. One that is due later can be settled until
    then, and nobody hears of it.
    """
    new_id = uuid4().hex
    sealed = vault.seal(json.dumps(payload), table="notifications", column="payload", row=new_id)
    row = {
        "id": new_id,
        "kind": kind,
        "about": about,
        "place": place,
        "payload": sealed,
        "state": State.OPEN,
        "created_at": now,
        "due_at": due or now,
        "attempts": 0,
    }
    statement = insert(session, Notification).values(row).on_conflict_do_nothing()
    return session.scalar(statement.returning(Notification.id)) is not None


def _due(now: datetime) -> Select[Notification]:
    return (
        select(Notification)
        .where(Notification.state == State.OPEN, Notification.due_at <= now)
        .order_by(Notification.due_at, Notification.id)
        .limit(BATCH)
    )


def _claimable(now: datetime, within: Sequence[str]) -> Select[Notification]:
    claimable = _due(now).where(Notification.attempts < MAX_ATTEMPTS)
    if not within:
        return claimable
    place = Notification.place
    below = (place.startswith(f"{one}/", autoescape=True) for one in within)
    return claimable.where(or_(place.is_(None), place.in_(within), *below))


def any_due(session: Session, now: datetime, within: Sequence[str] = ()) -> bool:
    """Is there anything to claim? Only looks, so it may be asked often."""
    return session.scalar(_claimable(now, within).with_only_columns(Notification.id)) is not None


def claim(
    session: Session,
    vault: Vault,
    now: datetime,
    within: Sequence[str] = (),
    *,
    jitter: Callable[[], float] = random.random,
) -> list[Claimed]:
    """Lease what is due (at most `BATCH`) to the caller, for `LEASE` or longer. Two callers never get the same.

    `within` are the places that the caller serves, with all below them (`slack:T1` has `slack:T1/C1`); none means all.
    `jitter` gives a share between 0 and 1.
    """
    claimed = []
    for row in session.scalars(_claimable(now, within).with_for_update(skip_locked=True)):
        row.attempts += 1
        row.due_at = now + _pause(row.attempts, jitter())
        payload = _opened(row, vault, now)
        if payload is not None:
            claimed.append(Claimed(row.id, row.kind, row.attempts, payload))
    return claimed


def _pause(attempts: int, share: float) -> timedelta:
    """How long one that was handed out so often waits for its acknowledgement before it is handed out again."""
    longer = min(LONGEST_PAUSE, LEASE * 2 ** (attempts - 1)) - LEASE
    return LEASE + longer * (0.5 + share / 2)


def _opened(row: Notification, vault: Vault, now: datetime) -> Mapping[str, Any] | None:
    try:
        payload: Mapping[str, Any] = json.loads(
            vault.open(row.payload, table="notifications", column="payload", row=row.id)
        )
    except VaultError as error:
        # One row that does not open must not keep all others from being claimed.
        _park(row, "does not open", now)
        log.error("notification parked: %s", error, extra={"notification": row.id})
        return None
    return payload


def park_spent(session: Session, _vault: Vault, now: datetime) -> int:
    """A worker's duty: park what was handed out `MAX_ATTEMPTS` times without an acknowledgement."""
    spent = _due(now).where(Notification.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    rows = session.scalars(spent).all()
    for row in rows:
        _park(row, f"not acknowledged after {row.attempts} attempts", now)
        log.warning(
            "notification parked after %s attempts; is a bot running and able to post?",
            row.attempts,
            extra={"notification": row.id, "kind": row.kind},
        )
    return len(rows)


def _park(row: Notification, reason: str, now: datetime) -> None:
    row.state, row.reason, row.settled_at = State.PARKED, reason, now


def acknowledge(
    session: Session,
    notification_id: str,
    *,
    outcome: Literal["delivered", "gave_up"],
    reason: str | None,
    now: datetime,
) -> None:
    """Record how it went; repeatable, the first outcome stays. A parked one may still turn out delivered.

    Raises NotFound.
    """
    row = session.get(Notification, notification_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no notification with this id.", field="id", remedy="Use the id that claiming it gave.")
    if row.state in (State.OPEN, State.PARKED):
        row.state, row.reason, row.settled_at = State(outcome), reason, now


def settle(session: Session, *, about: str | Collection[str], now: datetime) -> None:
    """Close what is still open about a thing (or several): its reason is gone, and nobody needs to be told."""
    things = [about] if isinstance(about, str) else about
    session.execute(
        update(Notification)
        .where(Notification.about.in_(things), Notification.state == State.OPEN)
        .values(state=State.SETTLED, settled_at=now)
    )


def may_be_known(session: Session, kind: str, about: Collection[str]) -> bool:
    """Has anybody been told any of these, or was a bot about to tell them? What was parked was told to nobody."""
    told = select(Notification.id).where(Notification.kind == kind, Notification.about.in_(about))
    handed_out = told.where(Notification.state.not_in((State.GAVE_UP, State.PARKED)), Notification.attempts > 0)
    return session.scalar(handed_out.limit(1)) is not None
