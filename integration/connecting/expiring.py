"""What ends by time alone: links, and confirmations that did not come."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from integration.connecting import links
from integration.connecting.callback import EXCHANGE_TAKES
from integration.connecting.confirming import turn_down
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.vault import Vault

BATCH = 50
KEPT = timedelta(days=30)  # after its end; what became of it stands in the connection's history for longer


def expire_links(session: Session, vault: Vault, now: datetime) -> int:
    """A worker's duty: end links whose time is over, and confirmations that did not come. Returns how many.

    A link that somebody signed in with in time is not ended while we still look at what came of it.
    """
    return _expire(session, vault, now) + _lapse(session, vault, now) + _orphaned(session, vault, now)


def _expire(session: Session, vault: Vault, now: datetime) -> int:
    under_way = exists().where(Grant.link_id == ConnectLink.id, Grant.step != GrantStep.DISCARD)
    over = select(ConnectLink).where(ConnectLink.expires_at <= now, ConnectLink.state.in_(links.USABLE), ~under_way)
    found = session.scalars(over.limit(BATCH).with_for_update(skip_locked=True)).all()
    for link in found:
        links.change(session, vault, link, LinkState.EXPIRED, now, "link_expired")
    return len(found)


def _lapse(session: Session, vault: Vault, now: datetime) -> int:
    lapsed = (
        select(ConnectLink)
        .join(Grant, Grant.link_id == ConnectLink.id)
        .where(Grant.step == GrantStep.CONFIRM, Grant.expires_at <= now)
    )
    found = session.scalars(lapsed.limit(BATCH).with_for_update(skip_locked=True, of=ConnectLink)).all()
    for link in found:
        grant = links.grant_of(session, link.id, lock=True)
        if grant is not None and grant.step == GrantStep.CONFIRM and grant.expires_at <= now:
            turn_down(session, vault, link, grant, "not_confirmed", now)
    return len(found)


def _orphaned(session: Session, vault: Vault, now: datetime) -> int:
    """Links that say somebody has signed in, while nothing of it is left: who asked must hear that it goes no further.

    Zoom told us that the app was removed in that account; or we were cut off before what Zoom gave us was stored.
    """
    awaiting = ConnectLink.state == LinkState.AWAITING_CONFIRMATION
    came_back = and_(ConnectLink.state == LinkState.STARTED, ConnectLink.returned_at <= now - EXCHANGE_TAKES)
    gone = select(ConnectLink).where(or_(awaiting, came_back), ~exists().where(Grant.link_id == ConnectLink.id))
    found = session.scalars(gone.limit(BATCH).with_for_update(skip_locked=True)).all()
    for link in found:
        if link.state == LinkState.AWAITING_CONFIRMATION:
            links.change(session, vault, link, LinkState.REJECTED, now, "uninstalled")
        else:
            links.change(session, vault, link, LinkState.FAILED, now, "sign_in_cut_off")
    return len(found)


def forget_links(session: Session, _vault: Vault, now: datetime) -> int:
    """A worker's duty: delete links that ended some time ago: they hold who asked for them. Returns how many."""
    old = (
        select(ConnectLink)
        .where(ConnectLink.finished_at < now - KEPT, ~exists().where(Grant.link_id == ConnectLink.id))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(old).all()
    for link in found:
        session.delete(link)
    return len(found)
