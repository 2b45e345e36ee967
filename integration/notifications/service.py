"""Owing, claiming and settling notifications. The caller's session commits."""

import json
import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from integration.db import insert
from integration.errors import VaultError
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
    begun: bool  # somebody was about to send it before
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


def due(now: datetime) -> Select[Notification]:
    return (
        select(Notification)
        .where(Notification.state == State.OPEN, Notification.due_at <= now)
        .order_by(Notification.due_at, Notification.id)
        .limit(BATCH)
    )


def _claimable(now: datetime, within: Sequence[str]) -> Select[Notification]:
    claimable = due(now).where(Notification.attempts < MAX_ATTEMPTS)
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
        try:
            claimed.append(Claimed(row.id, row.kind, row.attempts, row.begun_at is not None, payload_of(vault, row)))
        except VaultError as error:
            # One row that does not open must not keep all others from being claimed.
            row.state, row.reason, row.settled_at = State.PARKED, "does not open", now
            log.error("notification parked: %s", error, extra={"notification": row.id})
    return claimed


def _pause(attempts: int, share: float) -> timedelta:
    """How long one that was handed out so often waits for its acknowledgement before it is handed out again."""
    longer = min(LONGEST_PAUSE, LEASE * 2.0 ** (attempts - 1)) - LEASE
    return LEASE + longer * (0.5 + share / 2)


def payload_of(vault: Vault, row: Notification) -> Mapping[str, Any]:
    """What it says; nothing once it is closed. Raises VaultError."""
    payload: Mapping[str, Any] = json.loads(
        vault.open(row.payload, table="notifications", column="payload", row=row.id)
    )
    return payload


def settle(session: Session, vault: Vault, *, about: str | Collection[str], now: datetime) -> None:
    """Close what is still open about a thing (or several): its reason is gone, and nobody needs to be told."""
    things = [about] if isinstance(about, str) else about
    still_open = select(Notification).where(Notification.about.in_(things), Notification.state == State.OPEN)
    for row in session.scalars(still_open.order_by(Notification.id).with_for_update()):
        close(vault, row, State.SETTLED, now)


def take_back(session: Session, *, about: Collection[str]) -> int:
    """Forget what is owed about these things and no bot has begun to send, so that it can be owed anew; how many."""
    unsaid = (Notification.state == State.OPEN, Notification.begun_at.is_(None))
    gone = delete(Notification).where(Notification.about.in_(about), *unsaid).returning(Notification.id)
    return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())


def close(vault: Vault, row: Notification, state: State, now: datetime, reason: str | None = None) -> None:
    """Hand it out no more. What it said is forgotten; that somebody was to be told of this thing stays known."""
    row.state, row.reason, row.settled_at = state, reason, now
    row.payload = vault.seal("{}", table="notifications", column="payload", row=row.id)


def may_be_known(session: Session, kind: str, about: Collection[str]) -> bool:
    """Has anybody been told any of these, or was a bot about to tell them? What was parked was told to nobody."""
    told = select(Notification.id).where(Notification.kind == kind, Notification.about.in_(about))
    handed_out = told.where(Notification.state.not_in((State.GAVE_UP, State.PARKED)), Notification.attempts > 0)
    return session.scalar(handed_out.limit(1)) is not None
