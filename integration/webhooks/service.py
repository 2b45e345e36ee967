"""Storing what Zoom tells us, and acting upon it later. The caller's session commits."""

import hashlib
import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from integration.db import DATABASE_AWAY
from integration.errors import IntegrationError
from integration.pauses import pause
from integration.runtime import Runtime
from integration.vault import Vault
from integration.webhooks.acting import Happening, act, happening
from integration.webhooks.delivery import read_delivery
from integration.webhooks.models import Webhook, WebhookState

log = logging.getLogger(__name__)

UNREADABLE = "unreadable"
BATCH = 100
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def store(connection: Connection, vault: Vault, body: bytes, *, event: str, now: datetime) -> bool:
    """Keep a verified delivery until it is acted upon. False when the very same one is there already.

    A bare connection, for this is done most of all, and a session costs more than the one statement it would run.
    """
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
    return connection.scalar(_insert_once(connection.dialect.name), row) is not None


@cache
def _insert_once(dialect: str) -> Any:
    """Built once for each engine, of the table alone: building it anew takes longer than running it."""
    table = Webhook.metadata.tables[Webhook.__tablename__]
    into = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return into.on_conflict_do_nothing(index_elements=["digest"]).returning(table.c.id)


class Failed(IntegrationError):
    """Nothing of the attempt is left; `message` says why."""


@dataclass(frozen=True)
class Processed:
    """How many deliveries were taken; of them, how many were of an account that nobody has, and how many failed."""

    taken: int
    of_nobody: int
    failed: int


def act_upon_due(runtime: Runtime) -> int:
    """A worker's duty: act upon the oldest deliveries that are due, and return how many were taken."""
    with runtime.database.writing() as session:
        done = process_due(session, runtime.vault, runtime.clock())
    acted_upon = done.taken - done.of_nobody - done.failed
    for result, number in {"acted_upon": acted_upon, "of_nobody": done.of_nobody, "failed": done.failed}.items():
        runtime.metrics.webhooks.labels(result).inc(number)
    return done.taken


def process_due(
    session: Session, vault: Vault, now: datetime, *, jitter: Callable[[], float] = random.random
) -> Processed:
    """Act upon a batch of what is due, in one go; where that fails, one by one.

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
    happenings, reasons = _read(vault, rows)
    of_nobody = _act_upon(session, vault, happenings, reasons, now)
    for row in rows:
        row.attempts += 1
        if row.id in reasons:
            _put_off(row, reasons[row.id], now, jitter())
        else:
            _done(vault, row, now)
    return Processed(len(rows), of_nobody, len(reasons))


def _read(vault: Vault, rows: Sequence[Webhook]) -> tuple[dict[str, Happening], dict[str, str]]:
    """What they say; and of those that say nothing that can be understood, why not. By row."""
    happenings, reasons = {}, {}
    for row in rows:
        try:
            with _edge():
                happenings[row.id] = _happening(vault, row)
        except Failed as failed:
            reasons[row.id] = failed.message
    return happenings, reasons


def _happening(vault: Vault, row: Webhook) -> Happening:
    delivery = read_delivery(vault.open(row.payload, table="webhooks", column="payload", row=row.id))
    if delivery is None:
        raise IntegrationError("It is not an event in the form that Zoom documents.")
    return happening(delivery, row.received_at)


def _act_upon(
    session: Session, vault: Vault, happenings: Mapping[str, Happening], reasons: dict[str, str], now: datetime
) -> int:
    """How many were nobody's. `reasons` gets, by row, why one failed."""
    try:
        return _attempt(session, vault, list(happenings.values()), now)
    except Failed:
        log.info("webhooks are acted upon one by one", extra={"webhooks": len(happenings)})
    of_nobody = 0
    for row_id, one in happenings.items():
        try:
            of_nobody += _attempt(session, vault, [one], now)
        except Failed as failed:
            reasons[row_id] = failed.message
    return of_nobody


def _attempt(session: Session, vault: Vault, happenings: Sequence[Happening], now: datetime) -> int:
    with _edge(), session.begin_nested():
        return act(session, vault, happenings, now)


@contextmanager
def _edge() -> Iterator[None]:
    """Whatever goes wrong is Failed; but for the database being away, which says nothing about the deliveries."""
    try:
        yield
    except DATABASE_AWAY:
        raise
    except IntegrationError as error:
        raise Failed(error.message[:255]) from error
    except Exception as error:  # the edge of a delivery: a bug that one meets must not hold up the others
        log.exception("webhooks met a bug")
        raise Failed(f"a bug: {type(error).__name__}") from error


def _done(vault: Vault, row: Webhook, now: datetime) -> None:
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
    row.due_at = now + pause(row.attempts, FIRST_PAUSE, LONGEST_PAUSE, share)
    log.warning("a webhook is put off", extra=known)
