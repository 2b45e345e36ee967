"""Access tokens, kept fresh: one refresh per connection at a time, across threads, processes and machines.

Zoom may replace the refresh token on each use, so a refresh whose answer is lost may cost the connection. Whoever
refreshes has the turn (turns.py); all others wait for that one, and read the row again.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connections import lease, tokens, turns
from integration.connections.causes import meaning
from integration.connections.models import Connection, ConnectionState
from integration.errors import Unavailable
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError

EARLY = timedelta(minutes=15)  # with less than this left, an access token is renewed
USABLE = timedelta(minutes=1)  # with less than this left, it is not handed out even when renewing fails
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 0.05, 1.0, 30.0

BROKEN = ConnectionState.NEEDS_REAUTHORIZATION

Sleep = Callable[[float], object]
Jitter = Callable[[], float]
# A token of this row that will do without a refresh, or None. The flag: somebody else's refresh was waited for.
AtHand = Callable[[Connection, bool], str | None]


def access_token(runtime: Runtime, tenant_id: str, *, sleep: Sleep = time.sleep, jitter: Jitter = random.random) -> str:
    """A token that Zoom will accept for a while, renewed when less than 15 minutes are left.

    Raises ZoomError with the connection's cause when there is none to be had, and Unavailable when somebody else's
    refresh took too long. Call it with no transaction open.
    """

    def usable(connection: Connection, _waited: bool) -> str | None:
        now = runtime.clock()
        if connection.state == BROKEN:
            raise _refusal(connection)
        if tokens.is_fresh(connection, now + EARLY):
            return tokens.access_token_of(runtime.vault, connection)
        due = connection.check_due_at
        if not connection.failures or connection.lease_owner is not None or due is None or due <= now:
            return None
        if tokens.is_fresh(connection, now + USABLE):
            return tokens.access_token_of(runtime.vault, connection)
        raise _refusal(connection)  # it failed a moment ago: Zoom is not asked again before the time

    return _obtain(runtime, tenant_id, usable, sleep, jitter)


def renew(runtime: Runtime, tenant_id: str, *, sleep: Sleep = time.sleep, jitter: Jitter = random.random) -> str:
    """The token of a refresh that ended after this was called, whatever is left of the present one.

    It tries even a connection that was refused for good: whoever asks wants to know. Raises as `access_token`.
    """
    asked_at = runtime.clock()

    def renewed(connection: Connection, waited: bool) -> str | None:
        if connection.refreshed_at is not None and connection.refreshed_at > asked_at:
            return tokens.access_token_of(runtime.vault, connection)
        if waited and connection.lease_owner is None and _renewed_or_failed(connection, asked_at):
            return tokens.access_token_of(runtime.vault, connection)
        return None

    return _obtain(runtime, tenant_id, renewed, sleep, jitter)


def keep_alive(runtime: Runtime, tenant_id: str, *, jitter: Jitter = random.random) -> bool:
    """Refresh a connection that is due. False: somebody else does, or did. Raises ZoomError."""
    with runtime.database.reading() as session:
        connection, free = _look(session, tenant_id)
    due = connection.check_due_at
    if not free or due is None or due > runtime.clock():
        return False
    turn = turns.take(runtime, connection)
    return turn is not None and turns.refresh(runtime, turn, jitter()) is not None


def _renewed_or_failed(connection: Connection, asked_at: datetime) -> bool:
    """Did the refresh that was waited for succeed? Raises ZoomError when it failed."""
    if connection.failures:
        raise _refusal(connection)
    return connection.refreshed_at is not None and connection.refreshed_at >= asked_at


def _obtain(runtime: Runtime, tenant_id: str, at_hand: AtHand, sleep: Sleep, jitter: Jitter) -> str:
    waited = False
    for pause in _pauses(jitter):
        with runtime.database.reading() as session:
            connection, free = _look(session, tenant_id)
            token = at_hand(connection, waited)
        turn = turns.take(runtime, connection) if token is None and free else None
        if turn is not None:
            token = turns.refresh(runtime, turn, jitter())
        if token is not None:
            return token
        waited = waited or turn is None
        sleep(pause)
    raise Unavailable("The connection to Zoom is being renewed, and that takes long.", remedy="Try again in a minute.")


def _pauses(jitter: Jitter) -> Iterator[float]:
    """Short at first, growing, never in step with others'; about `LONGEST_WAIT` seconds together."""
    waited, pause = 0.0, FIRST_PAUSE
    while waited < LONGEST_WAIT:
        actual = pause * (0.5 + jitter() / 2)
        waited += actual
        yield actual
        pause = min(LONGEST_PAUSE, pause * 1.5)


def _look(session: Session, tenant_id: str) -> tuple[Connection, bool]:
    """The connection, and whether nobody is refreshing it. Raises ZoomError when there is nothing to refresh."""
    found = session.execute(
        select(Connection, lease.is_free(Connection), Tenant.zoom_enabled)
        .join(Tenant, Tenant.id == Connection.tenant_id)
        .where(Connection.tenant_id == tenant_id)
    ).one_or_none()
    if found is None:
        raise ZoomError(meaning(ConnectionState.NOT_CONNECTED, "never_connected"), call="refresh")
    connection, free, enabled = found
    if not enabled:
        raise ZoomError(meaning(ConnectionState.NOT_ENABLED, "disabled_by_staff"), call="refresh")
    if not tokens.has_tokens(connection):
        raise _refusal(connection)
    return connection, free


def _refusal(connection: Connection) -> ZoomError:
    """The error for what is known already. Zoom was not asked."""
    return ZoomError(meaning(connection.state, connection.cause), call="refresh", retry_at=connection.check_due_at)
