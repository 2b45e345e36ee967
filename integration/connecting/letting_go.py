"""A grant that is not kept is revoked at Zoom, and forgotten.

Unless a kept connection has the same Zoom user: Zoom keeps one live pair per user and app, so this sign-in has ended
the pair that the connection holds, and revoking would end both. The newest pair then takes the old one's place.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import grants, links
from integration.connecting.grants import Held
from integration.connecting.models import ConnectLink, LinkState
from integration.connections import revocations, sign_ins, tokens
from integration.connections.models import ALIVE, Connection
from integration.connections.revocations import Unwanted
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom.errors import ZoomError
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

ASK_FOR = timedelta(days=7)  # whose it is; after that it is revoked without knowing


def let_go(runtime: Runtime, held: Held) -> bool:
    """Delete the grant; what is to be revoked is owed, and tried at once. False: nothing is left to do now."""
    now = runtime.clock()
    try:
        held, user = _whose(runtime, held, now)
    except ZoomError as error:
        log.info("not known yet whose grant it is: %s", error, extra=held.facts)
        grants.postpone(runtime, held, error)
        return False
    with runtime.database.writing() as session:
        link, grant = grants.locked(session, held)
        revocation = _settle(session, runtime.vault, held, user, now)
        session.delete(grant)
        _tell_if_unfinished(session, runtime.vault, link, now)
    if revocation is not None:
        revocations.carry_out(runtime, revocation)
    return False


def _whose(runtime: Runtime, held: Held, now: datetime) -> tuple[Held, ZoomUser | None]:
    """Who signed in; None when Zoom will not tell. Raises ZoomError when it may tell later."""
    if held.user is not None:
        return held, held.user
    try:
        held = grants.fresh(runtime, held)
        return held, runtime.zoom.me(held.pair.access_token)
    except ZoomError as error:
        if error.cause.final or now - held.received_at >= ASK_FOR:
            return held, None
        raise


def _settle(session: Session, vault: Vault, held: Held, user: ZoomUser | None, now: datetime) -> str | None:
    """See to the tokens. Returns the id of the revocation that is owed, if one is."""
    if user is not None:
        theirs = select(Connection).where(Connection.user_hash.in_(tokens.user_hashes(vault, user.id)))
        kept = session.scalars(theirs.where(Connection.state.in_(ALIVE)).with_for_update()).first()
        if kept is not None:
            _renew(vault, kept, held, now)
            return None
        if sign_ins.is_under_way(session, vault, user.id, since=held.received_at, but=held.id):
            return None  # that one's pair is the live one
    unwanted = Unwanted(held.pair, user.id if user is not None else None)
    return revocations.owe(session, vault, held.tenant_id, unwanted, now)


def _renew(vault: Vault, connection: Connection, held: Held, now: datetime) -> None:
    """The connection lives on with the newest pair. One that is older than the connection's is dead, and dropped."""
    if held.received_at < connection.connected_at:
        return
    tokens.store_new_pair(vault, connection, held.pair)
    connection.connected_at = held.received_at  # what is older than this sign-in does not count any more
    connection.refresh_began_at = held.cut_off_at  # where that is set, a refusal of this pair was not their doing
    connection.check_due_at = now
    log.info("a connection has the newest pair of its user", extra={"tenant": connection.tenant_id})


def _tell_if_unfinished(session: Session, vault: Vault, link: ConnectLink, now: datetime) -> None:
    """When it was let go from elsewhere (Zoom was disconnected meanwhile), the link still says that it goes on."""
    if links.grant_of(session, link.id) is not None:
        return
    if link.state == LinkState.AWAITING_CONFIRMATION:
        links.change(session, vault, link, LinkState.REJECTED, now, "disconnected")
    elif link.state == LinkState.STARTED and link.returned_at is not None:
        links.change(session, vault, link, LinkState.FAILED, now, "disconnected")
