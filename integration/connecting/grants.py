"""What Zoom gave us until it is a connection or is let go: the row, its lease, and its tokens.

Whoever holds the lease acts (integration/connecting/advancing.py). Tokens are stored before they are used, and every
change is conditional on the lease: one that was lost changes nothing.
"""

import logging
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.connecting import links, sealed
from integration.connecting.errors import LostLease
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.connections import lease
from integration.connections.models import Connection
from integration.connections.turns import ANSWER_LOST
from integration.pauses import pause
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

LEASE_SECONDS = 90.0  # longer than all calls of one taking; who dies is replaced after it
LEFT_TO_WORKER_AFTER = timedelta(seconds=30)  # whoever stored it goes on at once; then it is a worker's
PATIENCE = timedelta(hours=24)  # while Zoom does not answer; a daily limit is over by then
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=10)
TOO_OLD = timedelta(minutes=5)  # an access token that has less left than this is renewed before it is used

# What ends an attempt to connect is told as that: these speak of a connection that worked before.
IN_AN_ATTEMPT = {"grant_revoked": "self_test_failed", "code_expired": "self_test_failed"}
# An earlier refresh was cut off: Zoom may have replaced the token in it, so the refusal is nobody's doing over there.
AFTER_A_CUT = IN_AN_ATTEMPT | {"grant_revoked": "sign_in_cut_off"}


@dataclass(frozen=True)
class Held:
    """A grant as it stood when `owner` last looked, holding its lease."""

    id: str
    owner: str = field(repr=False)
    link_id: str
    tenant_id: str
    step: GrantStep
    pair: TokenPair
    user: ZoomUser | None
    why_confirm: str | None
    received_at: datetime
    expires_at: datetime
    attempts: int
    refreshed: bool
    cut_off_at: datetime | None  # a refresh began then, and nobody knows how it ended

    @property
    def facts(self) -> dict[str, str]:
        """What the log may say about it."""
        return {"grant": self.id, "link": self.link_id, "tenant": self.tenant_id, "step": self.step}


def new_row(session: Session, vault: Vault, link: ConnectLink, pair: TokenPair, now: datetime) -> Grant:
    """Put what the exchange gave into a row, before anything else. The link must be locked.

    The newest sign-in counts: an older one of the link is let go. So is this one when the link is over meanwhile.
    """
    older = links.grant_of(session, link.id, lock=True)
    if older is not None:
        discard(older, now)
    new_id = uuid4().hex
    grant = Grant(
        id=new_id,
        link_id=link.id,
        tenant_id=link.tenant_id,
        step=GrantStep.IDENTIFY if link.state in links.USABLE else GrantStep.DISCARD,
        tokens=sealed.pair(vault, new_id, pair),
        received_at=now,
        expires_at=now + PATIENCE,
        due_at=now + LEFT_TO_WORKER_AFTER,
        attempts=0,
    )
    session.add(grant)
    return grant


def discard(grant: Grant, now: datetime) -> None:
    """Decide against it. Whoever holds it lets it go with its newest tokens; else a worker does."""
    grant.step, grant.due_at, grant.attempts = GrantStep.DISCARD, now, 0


def take(runtime: Runtime, grant_id: str) -> str | None:
    """The name under which the lease is ours now, or None while another holds it (or the grant is gone)."""
    owner = uuid4().hex
    with runtime.database.writing() as session:
        return owner if lease.take(session, Grant, grant_id, owner, seconds=LEASE_SECONDS) else None


def release(runtime: Runtime, grant_id: str, owner: str) -> None:
    with runtime.database.writing() as session:
        lease.release(session, Grant, grant_id, owner)


def look(runtime: Runtime, grant_id: str, owner: str) -> Held | None:
    """The grant as it stands; None when it is gone or no longer ours. Raises VaultError."""
    with runtime.database.reading() as session:
        row = session.get(Grant, grant_id)
        if row is None or row.lease_owner != owner:
            return None
        return Held(
            id=row.id,
            owner=owner,
            link_id=row.link_id,
            tenant_id=row.tenant_id,
            step=GrantStep(row.step),
            pair=sealed.pair_of(runtime.vault, row),
            user=sealed.user_of(runtime.vault, row),
            why_confirm=row.why_confirm,
            received_at=row.received_at,
            expires_at=row.expires_at,
            attempts=row.attempts,
            refreshed=row.refreshed_at is not None,
            cut_off_at=row.refresh_began_at,
        )


def locked(session: Session, held: Held) -> tuple[ConnectLink, Grant]:
    """Link and grant, both locked until the transaction ends, and the tenant's connection before them: in this order
    everywhere.

    Raises LostLease when the grant is no longer ours, or somebody decided about it meanwhile.
    """
    session.scalars(select(Connection.id).where(Connection.tenant_id == held.tenant_id).with_for_update()).all()
    link = session.get(ConnectLink, held.link_id, with_for_update=True)
    if link is None or not lease.held(session, Grant, held.id, held.owner):
        raise LostLease("The grant is in other hands.")
    grant = session.get_one(Grant, held.id, populate_existing=True)
    if grant.step != held.step:
        raise LostLease("Somebody decided about the grant meanwhile.")
    return link, grant


def fresh(runtime: Runtime, held: Held) -> Held:
    """With an access token that is good for a few minutes. Raises ZoomError, LostLease."""
    left = held.pair.expires_at - runtime.clock()
    return held if left > TOO_OLD else refresh(runtime, held)


def refresh(runtime: Runtime, held: Held) -> Held:
    """With the next pair, stored. Raises ZoomError, LostLease.

    That it begins is stored first: Zoom accepts a refresh token once, so a pair that is lost here is lost for good.
    """
    _set(runtime, held, refresh_began_at=held.cut_off_at or runtime.clock())
    try:
        pair = runtime.zoom_oauth.refresh(held.pair.refresh_token)
    except ZoomError as error:
        if error.cause.code not in ANSWER_LOST:
            _set(runtime, held, refresh_began_at=held.cut_off_at)
        raise
    if not pair.scopes:  # some answers leave them out
        pair = replace(pair, scopes=held.pair.scopes)
    now = runtime.clock()
    _set(runtime, held, tokens=sealed.pair(runtime.vault, held.id, pair), refresh_began_at=None, refreshed_at=now)
    return replace(held, pair=pair, refreshed=True, cut_off_at=None)


def _set(runtime: Runtime, held: Held, **values: object) -> None:
    mine = update(Grant).where(Grant.id == held.id, Grant.lease_owner == held.owner).values(values)
    with runtime.database.writing() as session:
        if session.execute(mine.returning(Grant.id)).first() is None:
            raise LostLease("The grant is in other hands.")


def trouble(runtime: Runtime, held: Held, error: ZoomError) -> bool:
    """A call failed: let the grant go when that is final, or has lasted for a day; else try again later.

    True: there is a next step to be taken at once.
    """
    log.warning("%s", error, extra=held.facts)
    now = runtime.clock()
    if error.cause.final:
        told = IN_AN_ATTEMPT if held.cut_off_at is None else AFTER_A_CUT
        fail(runtime, held, told.get(error.cause.code, error.cause.code))
        return True
    if now >= held.expires_at:
        fail(runtime, held, "self_test_failed")
        return True
    postpone(runtime, held, error)
    return False


def fail(runtime: Runtime, held: Held, cause: str) -> None:
    """Let the grant go, and tell the requester why. The link stays usable. Raises LostLease."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        link, grant = locked(session, held)
        failed(session, runtime.vault, link, grant, cause, now)


def failed(session: Session, vault: Vault, link: ConnectLink, grant: Grant, cause: str, now: datetime) -> None:
    """The same within a transaction; link and grant must be locked. A link whose time is over ends with this cause."""
    discard(grant, now)
    state = LinkState.FAILED if now < link.expires_at else LinkState.EXPIRED
    links.change(session, vault, link, state, now, cause)
    log.info("not connected", extra={"link": link.id, "tenant": link.tenant_id, "cause": cause})


def postpone(runtime: Runtime, held: Held, error: ZoomError) -> None:
    """Leave the next try to the worker: later each time, and not before Zoom wants it. Raises LostLease."""
    wait = pause(held.attempts + 1, SHORTEST, LONGEST, random.random())  # noqa: S311 - jitter needs no secrecy
    due = max(runtime.clock() + wait, error.retry_at or held.received_at)
    again = {"refreshed_at": None} if error.cause.code == "token_refused" else {}  # the next try renews it first
    _set(runtime, held, due_at=due, attempts=held.attempts + 1, **again)
