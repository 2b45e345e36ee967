"""Telling Zoom that a permission is no longer wanted: owed in a row, so that it happens even if Zoom is away now."""

import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting.models import Grant, GrantStep
from integration.connections import backoff, lease, tokens
from integration.connections.models import Connection, Revocation
from integration.errors import VaultError
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
BATCH = 5
# Zoom's refresh tokens would live longer; we do not want to hold what we promised to give up.
PATIENCE = timedelta(days=7)
GRANT_IS_GONE = frozenset({"grant_revoked", "user_removed", "app_disabled", "scopes_changed"})


@dataclass(frozen=True)
class Unwanted:
    """The pair to be revoked, and Zoom's id of the user whose it is, where that is known."""

    pair: TokenPair
    user_id: str | None


def of_connection(vault: Vault, connection: Connection, now: datetime) -> Unwanted | None:
    """What a connection holds, to be revoked once it is given up; None when there is nothing, or it does not open."""
    try:
        access, refresh = tokens.access_token_of(vault, connection), tokens.refresh_token_of(vault, connection)
        user_id = tokens.user_id_of(vault, connection)
    except VaultError as error:  # whoever gives it up must not wait for a lost key
        log.error("a permission cannot be revoked: %s", error, extra={"tenant": connection.tenant_id})
        return None
    if access is None or refresh is None:
        return None
    scopes = frozenset(connection.scopes.split())
    return Unwanted(TokenPair(access, refresh, connection.access_expires_at or now, scopes), user_id)


def owe(session: Session, vault: Vault, tenant_id: str, unwanted: Unwanted, now: datetime, row_id: str = "") -> str:
    """Record it, and return the row's id. A worker carries it out unless `carry_out` did before."""
    row_id = row_id or uuid4().hex
    row = Revocation(id=row_id, tenant_id=tenant_id, created_at=now, due_at=now + timedelta(seconds=LEASE_SECONDS))
    row.tokens = _seal(vault, row_id, unwanted)
    session.add(row)
    session.flush()
    return row_id


def is_owed(session: Session, row_id: str) -> bool:
    """Has Zoom not confirmed it yet?"""
    return session.scalar(select(Revocation.id).where(Revocation.id == row_id)) is not None


def revoke_due(runtime: Runtime) -> int:
    """A worker's duty: carry out what is due, a few at a time. Returns how many Zoom confirmed."""
    due = select(Revocation.id).where(Revocation.due_at <= runtime.clock(), lease.is_free(Revocation))
    with runtime.database.reading() as session:
        row_ids = session.scalars(due.order_by(Revocation.due_at).limit(BATCH)).all()
    return sum(_try(runtime, row_id) for row_id in row_ids)


def _try(runtime: Runtime, row_id: str) -> bool:
    try:
        return carry_out(runtime, row_id)
    except VaultError as error:
        log.error("a permission cannot be revoked: %s", error, extra={"revocation": row_id})
    with runtime.database.writing() as session:  # only whoever restores its key can help; the others must not wait
        if row := session.get(Revocation, row_id, with_for_update=True):
            row.due_at = runtime.clock() + backoff.LONGEST
    return False


def carry_out(runtime: Runtime, row_id: str, *, jitter: Callable[[], float] = random.random) -> bool:
    """Revoke it at Zoom now. False: it did not work, or somebody else is at it; it stays owed."""
    owner = uuid4().hex
    with runtime.database.writing() as session:
        unwanted = _begin(session, runtime.vault, row_id, owner)
    if unwanted is None:
        return False
    try:
        _at_zoom(runtime, row_id, unwanted)
    except ZoomError as error:
        log.warning("a permission is not revoked yet: %s", error, extra={"revocation": row_id})
        with runtime.database.writing() as session:
            _postpone(session, runtime, row_id, owner, error, jitter())
        return False
    with runtime.database.writing() as session:
        if row := session.get(Revocation, row_id, with_for_update=True):
            session.delete(row)
    return True


def _begin(session: Session, vault: Vault, row_id: str, owner: str) -> Unwanted | None:
    """Take it in hand. None: it is done, given up, in other hands, must wait, or turned out to be needless."""
    if not lease.take(session, Revocation, row_id, owner, seconds=LEASE_SECONDS):
        return None
    row = session.get_one(Revocation, row_id, populate_existing=True)
    if row.tokens is None:
        return None
    unwanted = _open(vault, row)
    if unwanted.user_id is not None and tokens.held_by_user(session, vault, unwanted.user_id):
        # Zoom keeps one pair for a user and app: theirs replaced this one, and revoking it would end theirs.
        session.delete(row)
        return None
    coming = select(Grant.id).where(Grant.tenant_id == row.tenant_id, Grant.step != GrantStep.DISCARD)
    return None if session.scalar(coming.limit(1)) else unwanted  # they may be connecting with the same user just now


def _at_zoom(runtime: Runtime, row_id: str, unwanted: Unwanted) -> None:
    """Zoom takes a live access token only; one that ran out is renewed first. Raises ZoomError."""
    pair = unwanted.pair
    if pair.expires_at <= runtime.clock():
        try:
            pair = runtime.zoom_oauth.refresh(pair.refresh_token)
        except ZoomError as error:
            if error.cause.code in GRANT_IS_GONE:
                return
            raise
        with runtime.database.writing() as session:
            if row := session.get(Revocation, row_id, with_for_update=True):
                row.tokens = _seal(runtime.vault, row_id, replace(unwanted, pair=pair))
    runtime.zoom_oauth.revoke(pair.access_token)


def _postpone(session: Session, runtime: Runtime, row_id: str, owner: str, error: ZoomError, jitter: float) -> None:
    row, now = session.get(Revocation, row_id, with_for_update=True), runtime.clock()
    if row is None or row.lease_owner != owner:
        return
    row.attempts += 1
    row.lease_owner = row.lease_until_ms = None
    row.due_at = backoff.after_failure(now, row.attempts, jitter, not_before=error.retry_at)
    if now - row.created_at >= PATIENCE:
        _give_up(session, runtime.vault, row, now)


def _give_up(session: Session, vault: Vault, row: Revocation, now: datetime) -> None:
    row.tokens = row.due_at = None
    tell_staff(
        session,
        vault,
        topic="connection",
        title="A permission could not be withdrawn at Zoom",
        text="We tried for a week, and deleted our copy of it. To end it, remove the app in that Zoom account.",
        about=f"{row.id}/given-up",
        now=now,
        tenant=row.tenant_id,
        article="deauthorize-zoom",
    )


def _seal(vault: Vault, row_id: str, unwanted: Unwanted) -> str:
    kept = tokens.pair_to_json(unwanted.pair) | {"user_id": unwanted.user_id}
    return vault.seal(json.dumps(kept), table="revocations", column="tokens", row=row_id)


def _open(vault: Vault, row: Revocation) -> Unwanted:
    kept = json.loads(vault.open(row.tokens or "", table="revocations", column="tokens", row=row.id))
    return Unwanted(tokens.pair_of_json(kept), kept["user_id"])
