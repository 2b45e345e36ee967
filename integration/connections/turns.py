"""One refresh, in the hands of one caller, from the lease to what is stored.

The lease is committed before Zoom is called, with `refresh_began_at`: a holder that dies leaves both, the lease runs
out, and the next one knows that a refresh may have been cut off. What Zoom gives is stored before anybody uses it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from integration.connections import lease, results, revocations, tokens, waves
from integration.connections.causes import meaning
from integration.connections.models import Connection, ConnectionState
from integration.connections.revocations import Unwanted
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair

LEASE_SECONDS = 45.0  # longer than a call to Zoom can take (zoom/wire.py, Timeouts)
# After these nobody knows whether Zoom has replaced the refresh token.
ANSWER_LOST = frozenset({"zoom_unavailable"})


@dataclass(frozen=True)
class Turn:
    """The right to refresh one connection, until the lease runs out."""

    connection_id: str
    tenant_id: str
    owner: str
    began_at: datetime
    cut_off_at: datetime | None  # an earlier refresh began then, and nobody knows how it ended
    refresh_token: str = field(repr=False)
    user_id: str | None = field(repr=False)


def take(runtime: Runtime, seen: Connection) -> Turn | None:
    """Become the one who refreshes the connection, as it was `seen` a moment ago.

    None: somebody else is refreshing, or has tried since, with whatever result; read the row again.
    """
    owner, now = uuid4().hex, runtime.clock()
    with runtime.database.writing() as session:
        if not lease.take(session, Connection, seen.id, owner, seconds=LEASE_SECONDS):
            return None
        connection = session.get_one(Connection, seen.id, populate_existing=True)
        tried_since = (connection.refresh_token, connection.failures) != (seen.refresh_token, seen.failures)
        if connection.refresh_token is None or tried_since:
            lease.release(session, Connection, seen.id, owner)
            return None
        turn = Turn(
            connection_id=connection.id,
            tenant_id=connection.tenant_id,
            owner=owner,
            began_at=now,
            cut_off_at=connection.refresh_began_at,
            refresh_token=tokens.refresh_token_of(runtime.vault, connection) or "",
            user_id=tokens.user_id_of(runtime.vault, connection),
        )
        connection.refresh_began_at = connection.refresh_began_at or now
        connection.check_due_at = now + timedelta(seconds=LEASE_SECONDS)  # a worker's, if we die now
    return turn


def refresh(runtime: Runtime, turn: Turn, jitter: float) -> str | None:
    """Ask Zoom for a new pair, store it, and return its access token. None: another pair was stored meanwhile.

    Raises ZoomError with what became of the connection.
    """
    try:
        pair = runtime.zoom_oauth.refresh(turn.refresh_token)
    except ZoomError as error:
        refused = _record_failure(runtime, turn, error, jitter)
        if refused is None:
            return None
        raise refused from None
    return pair.access_token if _store(runtime, turn, pair, jitter) else None


def _store(runtime: Runtime, turn: Turn, pair: TokenPair, jitter: float) -> bool:
    """False: nobody needs it. Raises ZoomError when it is stored, and does not allow what the product needs."""
    with runtime.database.writing() as session:
        connection, now = session.get(Connection, turn.connection_id, with_for_update=True), runtime.clock()
        mine = connection is not None and connection.lease_owner == turn.owner
        # Too slow, so that the turn has passed on: still better than what the row holds, if that is what we replaced.
        if connection is None or not (mine or _is_unchanged(runtime, connection, turn)):
            _give_back(session, runtime, turn, pair, connection, now)
            return False
        tokens.store_pair(runtime.vault, connection, pair)
        connection.refreshed_at = now
        narrow = results.too_narrow(connection)
        if narrow is None:
            results.succeeded(session, runtime.vault, connection, now, jitter=jitter)
        else:
            results.failed(session, runtime.vault, connection, narrow, now, jitter=jitter)
        if mine:
            _end(connection, cut_off_at=None)
        refusal = narrow and _as_it_is_told(connection, narrow)
    if refusal is not None:
        waves.look(runtime)
        raise refusal
    return True


def _give_back(
    session: Session, runtime: Runtime, turn: Turn, pair: TokenPair, connection: Connection | None, now: datetime
) -> None:
    """The connection ended or was made anew meanwhile: nobody will use this pair."""
    if connection is not None and turn.user_id and tokens.is_user(runtime.vault, connection, turn.user_id):
        return  # revoking it would end theirs: Zoom keeps one pair for a user
    revocations.owe(session, runtime.vault, turn.tenant_id, Unwanted(pair, turn.user_id), now)


def _record_failure(runtime: Runtime, turn: Turn, error: ZoomError, jitter: float) -> ZoomError | None:
    """What became of it; None when the refusal does not count, as the row is not what it was."""
    with runtime.database.writing() as session:
        connection = session.get(Connection, turn.connection_id, with_for_update=True)
        if connection is None or connection.lease_owner != turn.owner:
            return None
        if not _is_unchanged(runtime, connection, turn):
            _end(connection, cut_off_at=None)
            return None
        results.failed(
            session, runtime.vault, connection, error, runtime.clock(), jitter=jitter, cut_off_at=turn.cut_off_at
        )
        lost_now = turn.began_at if error.cause.code in ANSWER_LOST else None
        _end(connection, cut_off_at=turn.cut_off_at or lost_now)
        refusal = _as_it_is_told(connection, error)
        broken = connection.state == ConnectionState.NEEDS_REAUTHORIZATION
    if broken:
        waves.look(runtime)
    return refusal


def _as_it_is_told(connection: Connection, error: ZoomError) -> ZoomError:
    """The refusal with the cause that the connection has by it."""
    cause, due = meaning(connection.state, connection.cause), connection.check_due_at
    return ZoomError(cause, call="refresh", status=error.status, code=error.code, retry_at=due)


def _is_unchanged(runtime: Runtime, connection: Connection, turn: Turn) -> bool:
    """Does the row hold the refresh token still that Zoom was asked with? (It may have been sealed anew.)"""
    return tokens.refresh_token_of(runtime.vault, connection) == turn.refresh_token


def _end(connection: Connection, *, cut_off_at: datetime | None) -> None:
    connection.lease_owner = connection.lease_until_ms = None
    connection.refresh_began_at = cut_off_at
