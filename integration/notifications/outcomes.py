"""How a notification ends: a bot says how it went, or nobody ever did. The caller's session commits."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import NotFound, VaultError
from integration.notifications.models import Notification, State
from integration.notifications.service import MAX_ATTEMPTS, close, due, payload_of
from integration.notifications.staff import tell_staff
from integration.vault import Vault

log = logging.getLogger(__name__)

UNREACHED = (State.GAVE_UP, State.PARKED)
# News of a connection is owed to several people, one notification each: `<event>/<number from 0>`.
NEWS = "connection.changed"
BAD_NEWS = frozenset({"lost", "needs_reauthorization", "deauthorized"})


def acknowledge(
    session: Session,
    vault: Vault,
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
        _end(session, vault, row, State(outcome), reason, now)


def park_spent(session: Session, vault: Vault, now: datetime) -> int:
    """A worker's duty: park what was handed out `MAX_ATTEMPTS` times without an acknowledgement."""
    spent = due(now).where(Notification.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    rows = session.scalars(spent).all()
    for row in rows:
        _end(session, vault, row, State.PARKED, f"not acknowledged after {row.attempts} attempts", now)
        log.warning(
            "notification parked after %s attempts; is a bot running and able to post?",
            row.attempts,
            extra={"notification": row.id, "kind": row.kind},
        )
    return len(rows)


def _end(session: Session, vault: Vault, row: Notification, state: State, reason: str | None, now: datetime) -> None:
    said = _bad_news(vault, row) if state in UNREACHED else None
    close(vault, row, state, now, reason)
    if said is not None and _nobody_heard(session, row):
        _tell_staff(session, vault, row, said, now)


def _bad_news(vault: Vault, row: Notification) -> Mapping[str, Any] | None:
    """What the tenant's people had to hear, if this is of that kind."""
    if row.kind != NEWS:
        return None
    try:
        payload = payload_of(vault, row)
    except VaultError:
        return None
    return payload if payload.get("change") in BAD_NEWS else None


def _nobody_heard(session: Session, row: Notification) -> bool:
    """Did it, with this one, fail to reach everybody to whom it was owed?"""
    event = row.about.partition("/")[0]
    # Two that fail at once do so one after the other from here on, so that the last of them sees the other.
    first = select(Notification.id).where(Notification.kind == NEWS, Notification.about == f"{event}/0")
    session.execute(first.with_for_update())
    others = select(Notification.id).where(
        Notification.kind == NEWS,
        Notification.about.startswith(f"{event}/", autoescape=True),
        Notification.state.not_in(UNREACHED),
    )
    return session.scalar(others.limit(1)) is None


def _tell_staff(session: Session, vault: Vault, row: Notification, said: Mapping[str, Any], now: datetime) -> None:
    status = said["status"]
    tell_staff(
        session,
        vault,
        topic="connection",
        title=f"Nobody at {status['name']} heard what happened to their connection to Zoom",
        text=f"{status['explanation']} Our message reached none of the people we know there: "
        "please write to one of their admins.",
        about=f"unheard/{row.about.partition('/')[0]}",
        now=now,
        tenant=status["tenant"],
        article=status["article"],
    )
