"""What an answer of Zoom makes of a connection. The caller has locked the row, and its session commits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.connections import backoff, events, sign_ins, waves
from integration.connections.models import Connection, ConnectionState
from integration.vault import Vault
from integration.zoom.causes import Cause
from integration.zoom.causes import cause as by_code
from integration.zoom.errors import ZoomError
from integration.zoom.users import missing_scopes

CONNECTED, DEGRADED = ConnectionState.CONNECTED, ConnectionState.DEGRADED
BROKEN = ConnectionState.NEEDS_REAUTHORIZATION

# A refresh that was cut off may have left us with a token that is no longer the latest. Zoom may take it still: we
# try for this long before we ask anybody to connect again.
RESCUE = timedelta(days=1)
# What a superseded refresh token is called when it is used.
REFUSED_TOKEN = "grant_revoked"  # noqa: S105 - the name of a cause
# Our pair ended because its own user signed in anew: theirs takes its place once it is decided what becomes of it.
SIGNED_IN_AGAIN = "signed_in_again"


def succeeded(
    session: Session, vault: Vault, connection: Connection, now: datetime, *, jitter: float, read: bool = False
) -> None:
    """Zoom accepted what we hold: the connection works, and is looked at again in a day.

    One that was refused for good needs more than a refresh to work again: `read`, something was read with it.
    """
    connection.failures = 0
    if connection.state == BROKEN and not read:
        return
    connection.verified_at = now
    connection.check_due_at = backoff.after_success(now, jitter)
    if connection.state != CONNECTED:
        events.change(session, vault, connection, state=CONNECTED, cause="restored", now=now)


def too_narrow(connection: Connection) -> ZoomError | None:
    """The refusal that it amounts to when Zoom no longer allows all that the product needs. Nothing known: None."""
    if not connection.scopes or not missing_scopes(connection.scopes.split()):
        return None
    return ZoomError(by_code("scopes_changed"), call="refresh")


def failed(
    session: Session,
    vault: Vault,
    connection: Connection,
    error: ZoomError,
    now: datetime,
    *,
    jitter: float,
    cut_off_at: datetime | None = None,
) -> None:
    """Zoom refused, or did not answer. When something last worked stays as it is known.

    `cut_off_at`: an earlier refresh began then, and nobody knows how it ended.
    """
    state, cause = _judged(session, vault, connection, error.cause, now, cut_off_at)
    connection.failures += 1
    connection.check_due_at = None
    if state == DEGRADED:
        due = backoff.after_failure(now, connection.failures, jitter, not_before=error.retry_at)
        connection.check_due_at = due
    if (connection.state, connection.cause) != (state, cause):
        details = {"status": error.status, "code": error.code, "sign": error.cause.code}
        events.change(session, vault, connection, state=state, cause=cause, now=now, details=details)


def _judged(
    session: Session, vault: Vault, connection: Connection, cause: Cause, now: datetime, cut_off_at: datetime | None
) -> tuple[ConnectionState, str]:
    if not cause.final:
        return (BROKEN, connection.cause) if connection.state == BROKEN else (DEGRADED, cause.code)
    refused = cause.code == REFUSED_TOKEN
    if refused and connection.state != BROKEN and sign_ins.may_have_replaced(session, vault, connection, now):
        return DEGRADED, SIGNED_IN_AGAIN
    if refused and cut_off_at is not None:
        return (DEGRADED if now - cut_off_at < RESCUE else BROKEN), "refresh_interrupted"
    if connection.state != BROKEN and waves.going_on(session, cause.code, now):
        return DEGRADED, waves.CAUSE
    return BROKEN, cause.code
