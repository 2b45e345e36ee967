"""Storing what Zoom tells us, and acting upon it later. The caller's session commits."""

import hashlib
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from integration.connections.disconnect import deauthorized_by_zoom
from integration.connections.models import Connection
from integration.db import insert
from integration.errors import IntegrationError
from integration.vault import Vault
from integration.webhooks.delivery import Delivery, read_delivery
from integration.webhooks.models import Webhook, WebhookState

log = logging.getLogger(__name__)

UNREADABLE = "unreadable"
BATCH = 20
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Happening:
    """An event that is acted upon: what Zoom said, when it reached us, and the time now."""

    delivery: Delivery
    received_at: datetime
    now: datetime

    @property
    def at(self) -> datetime:
        """When it happened: never after it reached us, whatever it says."""
        return min(self.delivery.happened_at or self.received_at, self.received_at)


Handler = Callable[[Session, Vault, Happening], None]


def store(session: Session, vault: Vault, body: bytes, *, event: str, now: datetime) -> bool:
    """Keep a verified delivery until it is acted upon. False when the very same one is there already."""
    new_id = uuid4().hex
    row = {
        "id": new_id,
        "digest": hashlib.sha256(body).hexdigest(),
        "event": event,
        "payload": vault.seal(body.decode("utf-8", "replace"), table="webhooks", column="payload", row=new_id),
        "received_at": now,
        "state": WebhookState.OPEN,
        "due_at": now,
        "attempts": 0,
    }
    statement = insert(session, Webhook).values(row).on_conflict_do_nothing(index_elements=["digest"])
    return session.scalar(statement.returning(Webhook.id)) is not None


def process_due(
    session: Session,
    vault: Vault,
    now: datetime,
    *,
    handlers: Mapping[str, Handler] | None = None,
    jitter: Callable[[], float] = random.random,
) -> int:
    """A worker's duty: act upon the oldest deliveries that are due, and return how many were taken.

    One that fails is tried again later, and parked after `MAX_ATTEMPTS`; the others are not held up by it. `jitter`
    gives a share between 0 and 1.
    """
    due = (
        select(Webhook)
        .where(Webhook.state == WebhookState.OPEN, Webhook.due_at <= now)
        .order_by(Webhook.due_at, Webhook.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due).all()
    for row in rows:
        row.attempts += 1
        reason = _failure(session, vault, row, HANDLERS if handlers is None else handlers, now)
        if reason is None:
            _settle(vault, row, now)
        else:
            _put_off(row, reason, now, jitter())
    return len(rows)


def _failure(
    session: Session, vault: Vault, row: Webhook, handlers: Mapping[str, Handler], now: datetime
) -> str | None:
    """Act upon one delivery, or leave nothing of it behind and say why not."""
    try:
        with session.begin_nested():
            delivery = _opened(vault, row)
            handlers.get(row.event, _noted)(session, vault, Happening(delivery, row.received_at, now))
    except IntegrationError as error:
        return error.message[:255]
    except (OperationalError, InterfaceError):
        raise  # the database is away: that says nothing about this delivery
    except Exception as error:  # the edge of one delivery: a bug that one meets must not hold up the others
        log.exception("a webhook met a bug", extra={"webhook": row.id, "event": row.event})
        return f"a bug: {type(error).__name__}"
    return None


def _opened(vault: Vault, row: Webhook) -> Delivery:
    delivery = read_delivery(vault.open(row.payload, table="webhooks", column="payload", row=row.id))
    if delivery is None:
        raise IntegrationError("It is not an event in the form that Zoom documents.")
    return delivery


def _settle(vault: Vault, row: Webhook, now: datetime) -> None:
    """What it said is forgotten; its digest stays, so that the same delivery is known when it comes again."""
    row.state, row.settled_at, row.reason = WebhookState.DONE, now, None
    row.payload = vault.seal("", table="webhooks", column="payload", row=row.id)


def _put_off(row: Webhook, reason: str, now: datetime, share: float) -> None:
    row.reason = reason
    known = {"webhook": row.id, "event": row.event, "attempts": row.attempts, "reason": reason}
    if row.attempts >= MAX_ATTEMPTS:
        row.state, row.settled_at = WebhookState.PARKED, now
        log.error("a webhook was parked", extra=known)
        return
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (row.attempts - 1))
    row.due_at = now + pause * (0.5 + share / 2)
    log.warning("a webhook is put off", extra=known)


def _deauthorized(session: Session, vault: Vault, happening: Happening) -> None:
    who = happening.delivery.payload
    if who.account_id is None or who.user_id is None:
        raise IntegrationError("app_deauthorized names no account or no user.")
    deauthorized_by_zoom(
        session, vault, account_id=who.account_id, user_id=who.user_id, at=happening.at, now=happening.now
    )


def _noted(session: Session, vault: Vault, happening: Happening) -> None:
    """Any other event proves that webhooks of its account arrive."""
    account_id = happening.delivery.payload.account_id
    if account_id is None:
        return
    session.execute(
        update(Connection)
        .where(
            Connection.account_hash.in_(vault.lookup_hashes("zoom_account", account_id)),
            or_(Connection.last_webhook_at.is_(None), Connection.last_webhook_at < happening.received_at),
        )
        .values(last_webhook_at=happening.received_at)
    )


HANDLERS: Mapping[str, Handler] = {"app_deauthorized": _deauthorized}
