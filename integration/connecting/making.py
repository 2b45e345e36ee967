"""Making a connect link. Only a hash of its token is stored; whoever makes it is told the address once."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import links
from integration.connecting.errors import NotEnabled
from integration.connecting.models import ConnectLink, LinkState
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant
from integration.tokens import new_token, token_hash
from integration.vault import Vault

log = logging.getLogger(__name__)

LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """Who asks (`made_by`), for whom (`requested_by`: gets and confirms it), with that person's e-mail and name.

    `on_page`: for this browser, on the integrations page. It does not end a link that may have been passed on.
    """

    tenant: str
    requested_by: str
    made_by: str
    email: str
    name: str | None
    place: str | None = None
    on_page: bool = False


@dataclass(frozen=True)
class Made:
    """The new link. Its token is part of its address and stands nowhere else."""

    link: ConnectLink
    token: str = field(repr=False)


def make(session: Session, vault: Vault, asked: Asked, now: datetime) -> Made:
    """Make a link, good for 24 hours. Earlier ones of the same person for this tenant end, so that the newest counts;
    made on the page, it ends only those that were made there, too.

    Raises NotFound for the tenant, NotEnabled. The caller's session commits.
    """
    tenant_of(session, asked.tenant)
    # Locked: of two links that one person asks for at once, one is the newest.
    tenant = session.get_one(Tenant, asked.tenant, with_for_update=True, populate_existing=True)
    if not tenant.zoom_enabled:
        raise NotEnabled
    _replace_earlier(session, vault, asked, now)
    token = new_token()
    link = _row(vault, asked, token, now)
    session.add(link)
    log.info("connect link made", extra={"link": link.id, "tenant": link.tenant_id, "actor": link.made_by})
    return Made(link, token)


def _row(vault: Vault, asked: Asked, token: str, now: datetime) -> ConnectLink:
    new_id = uuid4().hex
    seal = {
        column: vault.seal(text, table=links.TABLE, column=column, row=new_id)
        for column, text in (("requester_email", asked.email), ("requester_name", asked.name))
        if text is not None
    }
    return ConnectLink(
        id=new_id,
        tenant_id=asked.tenant,
        token_hash=token_hash(token),
        requested_by=asked.requested_by,
        made_by=asked.made_by,
        place=asked.place,
        state=LinkState.SENT,
        created_at=now,
        expires_at=now + LIFE,
        changes=0,
        **seal,
    )


def _replace_earlier(session: Session, vault: Vault, asked: Asked, now: datetime) -> None:
    """A link that somebody has signed in with already goes on: nobody has to sign in again for it."""
    earlier = select(ConnectLink).where(
        ConnectLink.tenant_id == asked.tenant,
        ConnectLink.requested_by == asked.requested_by,
        ConnectLink.state.in_(links.USABLE),
    )
    if asked.on_page:
        earlier = earlier.where(ConnectLink.card.is_(None), ConnectLink.place.is_(None))
    for link in session.scalars(earlier.order_by(ConnectLink.id).with_for_update()).all():
        if links.grant_of(session, link.id) is None:
            links.change(session, vault, link, LinkState.EXPIRED, now, "link_replaced")
