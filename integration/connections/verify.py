"""Asking Zoom now, because a person wants to know."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.connections import events, refresh, results, tokens, waves
from integration.connections.models import Connection, ConnectionState
from integration.connections.status_view import Checked
from integration.errors import VaultError
from integration.runtime import Runtime
from integration.zoom.causes import cause as by_code
from integration.zoom.errors import ZoomError
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

CONNECTED, BROKEN = ConnectionState.CONNECTED, ConnectionState.NEEDS_REAUTHORIZATION
# An access token that is refused says little: it may be an old one. Refused once more after a refresh, it is true.
ASK_AGAIN = frozenset({"token_refused", "app_removed"})
JUST_NOW = timedelta(seconds=10)
# Zoom named the time from which it answers again: asking before it is in vain.
USED_UP = "rate_limited_today"


def verify(
    runtime: Runtime, tenant_id: str, *, actor: str | None, jitter: Callable[[], float] = random.random
) -> Checked | None:
    """Ask Zoom whose token we hold and what the product reads, and record what came of it. Call it with no
    transaction open. None: Zoom was not asked, for the calls of the day are used up.

    Raises Unavailable when somebody else's refresh takes too long.
    """
    with runtime.database.reading() as session:
        connection = session.scalars(Connection.of_tenant(tenant_id)).one_or_none()
    if connection is not None and _in_vain(connection, runtime.clock()):
        return None
    try:
        token = _token(runtime, tenant_id, connection, jitter)
        found = _whose(runtime, token)
        if isinstance(found, ZoomError) and found.cause.code in ASK_AGAIN:
            token = refresh.renew(runtime, tenant_id, jitter=jitter)
            found = _whose(runtime, token)
    except ZoomError as error:  # of a refresh: it is recorded already
        return _note(runtime, tenant_id, _failed(error), actor)
    except VaultError as error:
        log.error("a connection cannot be checked: %s", error, extra={"tenant": tenant_id})
        return _note(runtime, tenant_id, _failed(ZoomError(by_code("sealed"), call="api")), actor)
    return _record(runtime, tenant_id, token, found, actor, jitter())


def verify_once(runtime: Runtime, tenant_id: str, *, actor: str) -> Checked | None:
    """As `verify`, for a button: what was seen to work a moment ago is not asked again, as Zoom counts the calls."""
    with runtime.database.reading() as session:
        connection = session.scalars(Connection.of_tenant(tenant_id)).one_or_none()
    works = connection is not None and connection.state == CONNECTED
    verified_at = connection.verified_at if connection is not None else None
    if works and verified_at is not None and runtime.clock() - verified_at < JUST_NOW:
        return Checked(ok=True, cause=None, explanation=None)
    return verify(runtime, tenant_id, actor=actor)


def _in_vain(connection: Connection, now: datetime) -> bool:
    due = connection.check_due_at
    return connection.cause == USED_UP and due is not None and due > now


def _token(runtime: Runtime, tenant_id: str, connection: Connection | None, jitter: Callable[[], float]) -> str:
    """One that works is used as it is; any other is renewed first."""
    if connection is None or connection.state == CONNECTED:
        return refresh.access_token(runtime, tenant_id, jitter=jitter)
    return refresh.renew(runtime, tenant_id, jitter=jitter)


def _whose(runtime: Runtime, token: str) -> ZoomUser | ZoomError:
    """The user, once a read that the product needs has worked as well."""
    try:
        user = runtime.zoom.me(token)
        runtime.zoom.first_users(token)
    except ZoomError as error:
        return error
    return user


def _record(
    runtime: Runtime, tenant_id: str, token: str, found: ZoomUser | ZoomError, actor: str | None, jitter: float
) -> Checked:
    with runtime.database.writing() as session:
        connection = session.scalars(Connection.of_tenant(tenant_id).with_for_update()).one_or_none()
        if connection is None or tokens.access_token_of(runtime.vault, connection) != token:
            # Meanwhile it ended, or another token took this one's place: what was said of this one counts no more.
            return Checked(ok=isinstance(found, ZoomUser), cause=None, explanation=None)
        found = results.too_narrow(connection) or found
        if isinstance(found, ZoomUser):
            _confirm(session, runtime, connection, found, actor, jitter)
            return Checked(ok=True, cause=None, explanation=None)
        now, before = runtime.clock(), connection.refresh_began_at
        results.failed(session, runtime.vault, connection, found, now, jitter=jitter, cut_off_at=before)
        broken = connection.state == BROKEN
    if broken:
        waves.look(runtime)
    return _note(runtime, tenant_id, _failed(found), actor)


def _confirm(
    session: Session, runtime: Runtime, connection: Connection, user: ZoomUser, actor: str | None, jitter: float
) -> None:
    now, vault = runtime.clock(), runtime.vault
    results.succeeded(session, vault, connection, now, jitter=jitter, read=True)
    if tokens.is_user(vault, connection, user.id):
        tokens.store_user(vault, connection, user)  # names and roles change
    events.append(
        session,
        vault,
        tenant_id=connection.tenant_id,
        kind="verified",
        state=connection.state,
        cause=connection.cause,
        now=now,
        actor=actor,
    )


def _note(runtime: Runtime, tenant_id: str, checked: Checked, actor: str | None) -> Checked:
    """That somebody asked, and in vain, is part of the history of what there is."""
    with runtime.database.writing() as session:
        connection = session.scalars(Connection.of_tenant(tenant_id)).one_or_none()
        if connection is not None and checked.cause is not None:
            events.append(
                session,
                runtime.vault,
                tenant_id=tenant_id,
                kind="note",
                state=connection.state,
                cause=checked.cause,
                now=runtime.clock(),
                actor=actor,
            )
    return checked


def _failed(error: ZoomError) -> Checked:
    return Checked(ok=False, cause=error.cause.code, explanation=error.cause.explanation)
