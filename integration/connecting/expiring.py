"""What ends by time alone: links, and confirmations that did not come."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from integration.connecting import links
from integration.connecting.confirming import turn_down
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.vault import Vault

BATCH = 50


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
    """Zoom told us that the app was removed while somebody was to confirm: there is nothing left to confirm."""
    gone = select(ConnectLink).where(
        ConnectLink.state == LinkState.AWAITING_CONFIRMATION, ~exists().where(Grant.link_id == ConnectLink.id)
    )
    found = session.scalars(gone.limit(BATCH).with_for_update(skip_locked=True)).all()
    for link in found:
        links.change(session, vault, link, LinkState.REJECTED, now, "uninstalled")
    return len(found)
