"""A connection is called one only after it was tried: a refresh, the scopes, and one read that the product needs."""

import logging
import random
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integration.backfill import service as backfill
from integration.connecting import grants, identifying, links
from integration.connecting.grants import Held
from integration.connecting.models import ConnectLink, Grant, LinkState
from integration.connections import backoff, events, revocations, tokens
from integration.connections.models import Connection, ConnectionState
from integration.meetings.zoom_data import forget_zoom_data
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.errors import ZoomError
from integration.zoom.users import ZoomUser, missing_scopes

log = logging.getLogger(__name__)


def test_and_keep(runtime: Runtime, held: Held) -> bool:
    """Try what Zoom gave us, and make it the tenant's connection. True: the next step can be taken at once."""
    try:
        held = grants.fresh(runtime, held) if held.refreshed else grants.refresh(runtime, held)
        if held.pair.scopes and missing_scopes(held.pair.scopes):
            grants.fail(runtime, held, "scopes_changed")
            return True
        runtime.zoom.first_users(held.pair.access_token)
    except ZoomError as error:
        return grants.trouble(runtime, held, error)
    try:
        return _keep(runtime, held)
    except IntegrityError:
        # Another tenant was first with this account, or another link of this tenant: now it is there to be seen.
        return _keep(runtime, held)


def _keep(runtime: Runtime, held: Held) -> bool:
    """One transaction: the connection, its event, the link, and no grant any more. Raises IntegrityError."""
    user = held.user
    if user is None:
        raise AssertionError("a grant is identified before it is tested")
    vault, now = runtime.vault, runtime.clock()
    with runtime.database.writing() as session:
        link, grant = grants.locked(session, held)
        if not session.get_one(Tenant, held.tenant_id).zoom_enabled:
            grants.failed(session, vault, link, grant, "not_enabled", now)
        elif identifying.refused_for_another(session, vault, link, grant, user, now):
            log.info("the account was taken meanwhile", extra=held.facts)
        elif not identifying.ask_or_go_on(session, vault, link, grant, user, now):
            _connect(session, runtime, held, user, link, grant)
            return False
    return True


def _connect(session: Session, runtime: Runtime, held: Held, user: ZoomUser, link: ConnectLink, grant: Grant) -> None:
    vault, now = runtime.vault, runtime.clock()
    connection = _row(session, held)
    former = None if tokens.is_user(vault, connection, user.id) else revocations.of_connection(vault, connection, now)
    if former is not None:  # it gives way to the pair of another Zoom user
        revocations.owe(session, vault, held.tenant_id, former, now)
    # Of another account nothing is known yet, and what the former one gave would outlive its uninstall.
    another = connection.account_hash not in (None, *tokens.account_hashes(vault, user.account_id))
    tokens.store_new_pair(vault, connection, held.pair)
    tokens.store_user(vault, connection, user)
    connection.connected_by, connection.connected_at = link.requested_by, now
    connection.refreshed_at = connection.verified_at = now
    connection.check_due_at = backoff.after_success(now, random.random())  # noqa: S311 - jitter needs no secrecy
    details: dict[str, Any] = {"link": link.id, "made_by": link.made_by}
    if another:
        details["forgotten"] = forget_zoom_data(session, vault, held.tenant_id)
    session.delete(grant)
    links.change(session, vault, link, LinkState.CONNECTED, now, "connected")
    session.add(connection)
    events.change(
        session,
        vault,
        connection,
        state=ConnectionState.CONNECTED,
        cause="connected",
        now=now,
        actor=link.requested_by,
        details=details,
    )
    backfill.start(session, held.tenant_id, "connected", link.requested_by, now)
    log.info("connected", extra=held.facts)


def _row(session: Session, held: Held) -> Connection:
    """The tenant's row, locked; or a new one."""
    mine = select(Connection).where(Connection.tenant_id == held.tenant_id).with_for_update()
    found = session.scalars(mine).one_or_none()
    return found or Connection(id=uuid4().hex, tenant_id=held.tenant_id, scopes="")
