"""The requester says whether the Zoom account is the right one. Saying it twice changes nothing."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from integration.connecting import grants, links
from integration.connecting.models import ConnectLink, Grant, GrantStep, LinkState
from integration.vault import Vault

log = logging.getLogger(__name__)

Decision = Callable[[Session, Vault, ConnectLink, str | None, datetime], str | None]


def confirm(session: Session, vault: Vault, link: ConnectLink, actor: str | None, now: datetime) -> str | None:
    """It is the right one: the grant is tested next. Returns its id; None when nothing waits to be confirmed.

    Too late, it counts as turned down. The link must be locked; the caller's session commits, and then advances.
    """
    grant = _awaited(session, link)
    if grant is None:
        return None
    if now >= grant.expires_at:
        turn_down(session, vault, link, grant, "not_confirmed", now)
        return grant.id
    grant.step, grant.attempts = GrantStep.TEST, 0
    grant.expires_at, grant.due_at = now + grants.PATIENCE, now + grants.LEFT_TO_WORKER_AFTER
    links.change(session, vault, link, LinkState.STARTED, now)
    log.info("confirmed", extra={"link": link.id, "tenant": link.tenant_id, "actor": actor})
    return grant.id


def reject(session: Session, vault: Vault, link: ConnectLink, actor: str | None, now: datetime) -> str | None:
    """It is not: the grant is let go, and the link is over. Returns and expects the same as `confirm`."""
    grant = _awaited(session, link)
    if grant is None:
        return None
    late = now >= grant.expires_at
    turn_down(session, vault, link, grant, "not_confirmed" if late else "rejected", now)
    log.info("rejected", extra={"link": link.id, "tenant": link.tenant_id, "actor": actor})
    return grant.id


def turn_down(session: Session, vault: Vault, link: ConnectLink, grant: Grant, cause: str, now: datetime) -> None:
    """End a link whose confirmation was refused or did not come in time. Link and grant must be locked."""
    grants.discard(grant, now)
    links.change(session, vault, link, LinkState.REJECTED, now, cause)


def _awaited(session: Session, link: ConnectLink) -> Grant | None:
    grant = links.grant_of(session, link.id, lock=True)
    return grant if grant is not None and grant.step == GrantStep.CONFIRM else None
