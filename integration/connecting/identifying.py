"""Who signed in at Zoom, and may their Zoom account become the tenant's connection?"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.connecting import grants, links, sealed
from integration.connecting.grants import Held
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.connections import tokens
from integration.connections.models import Connection
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.tenants.fields import mail_domain
from integration.tenants.models import Tenant
from integration.vault import Vault
from integration.zoom.errors import ZoomError
from integration.zoom.users import ZoomUser, is_admin_level

log = logging.getLogger(__name__)

CONFIRM_WITHIN = timedelta(minutes=15)


def identify(runtime: Runtime, held: Held) -> bool:
    """Ask Zoom who it is and what they may do, and decide. True: the next step can be taken at once."""
    try:
        held = grants.fresh(runtime, held)
        user = runtime.zoom.me(held.pair.access_token)
        permissions = runtime.zoom.permissions(held.pair.access_token)
    except ZoomError as error:
        return grants.trouble(runtime, held, error)
    now = runtime.clock()
    with runtime.database.writing() as session:
        link, grant = grants.locked(session, held)
        grant.zoom_user = sealed.user(runtime.vault, grant.id, user)
        grant.attempts, grant.due_at = 0, now + grants.LEFT_TO_WORKER_AFTER
        if not is_admin_level(permissions):
            grants.failed(session, runtime.vault, link, grant, "not_admin", now)
        elif not refused_for_another(session, runtime.vault, link, grant, user, now):
            ask_or_go_on(session, runtime.vault, link, grant, user, now)
    return True


def refused_for_another(
    session: Session, vault: Vault, link: ConnectLink, grant: Grant, user: ZoomUser, now: datetime
) -> bool:
    """Does the account belong to another tenant? Then the grant is let go, staff are told whose it is, and nobody else.

    Link and grant must be locked.
    """
    others = tokens.of_account(vault, user.account_id).where(Connection.tenant_id != link.tenant_id)
    other = session.scalars(others.limit(1)).one_or_none()
    if other is None:
        return False
    mine, theirs = session.get_one(Tenant, link.tenant_id), session.get_one(Tenant, other.tenant_id)
    tell_staff(
        session,
        vault,
        topic="account_of_another_tenant",
        title=f"{mine.name} tried to connect the Zoom account of {theirs.name}",
        text=f"It stays with {theirs.name}, and {mine.name} was not told whose it is.",
        about=grant.id,
        now=now,
        tenant=mine.id,
        data={"other_tenant": theirs.id, "link": link.id, "requested_by": link.requested_by},
    )
    grants.failed(session, vault, link, grant, "account_of_another_tenant", now)
    return True


def ask_or_go_on(
    session: Session, vault: Vault, link: ConnectLink, grant: Grant, user: ZoomUser, now: datetime
) -> bool:
    """Is the requester to confirm first? Then the grant waits for that; else it is tested next. Both must be locked."""
    why = _why_ask(session, vault, link, user)
    if why is None or grant.why_confirm in (why, "account"):  # another account was the question, and they said yes
        grant.step = GrantStep.TEST
        return False
    grant.step, grant.why_confirm = GrantStep.CONFIRM, why
    grant.expires_at = now + CONFIRM_WITHIN
    links.change(session, vault, link, LinkState.AWAITING_CONFIRMATION, now)
    log.info("confirmation awaited", extra={"link": link.id, "tenant": link.tenant_id, "why": why})
    return True


def _why_ask(session: Session, vault: Vault, link: ConnectLink, user: ZoomUser) -> str | None:
    mine = Connection.of_tenant(link.tenant_id)
    connection = session.scalars(mine.with_for_update()).one_or_none()
    before = connection.account_hash if connection is not None else None  # none: deleted with the connection
    if before is not None and before not in vault.lookup_hashes(tokens.ACCOUNT, user.account_id):
        return "account"
    domains = session.get_one(Tenant, link.tenant_id).domains
    _, requester = sealed.requester_of(vault, link)
    return None if _is_theirs(user.email, requester, domains) else "email"


def _is_theirs(email: str, requester: str, domains: Sequence[str]) -> bool:
    """Is it the requester's own address, or one of the tenant's domains?"""
    if email and email.strip().casefold() == requester.strip().casefold():
        return True
    try:
        return mail_domain(email) in domains
    except ValueError:
        return False
