"""Links end with the right to use them: whoever asked for one may not connect Zoom any more."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from integration.connecting import grants, links
from integration.connecting.models import ConnectLink, LinkState
from integration.vault import Vault

log = logging.getLogger(__name__)

OPEN = (*links.USABLE, LinkState.AWAITING_CONFIRMATION)


def end_links(
    session: Session,
    vault: Vault,
    is_theirs: Callable[[Any], ColumnElement[bool]],
    now: datetime,
    *,
    lost: str | None,
    kept: str | None,
) -> None:
    """End what certain people asked for or made for others, and let go of what Zoom gave for it. The caller commits.

    `is_theirs` says of a column of actors which are meant. They may not connect the tenant `lost` any more (None: any
    tenant), or still the tenant `kept`.
    """
    whose = or_(is_theirs(ConnectLink.requested_by), is_theirs(ConnectLink.made_by))
    meant = select(ConnectLink).where(whose, ConnectLink.state.in_(OPEN)).order_by(ConnectLink.id)
    if lost is not None:
        meant = meant.where(ConnectLink.tenant_id == lost)
    if kept is not None:
        meant = meant.where(ConnectLink.tenant_id != kept)
    for link in session.scalars(meant.with_for_update()).all():
        grant = links.grant_of(session, link.id, lock=True)
        if grant is not None:
            grants.discard(grant, now)
        links.change(session, vault, link, LinkState.EXPIRED, now, "link_withdrawn")
        log.info("connect link withdrawn", extra={"link": link.id, "tenant": link.tenant_id})
