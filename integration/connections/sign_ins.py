"""Sign-ins that have not become a connection yet, as far as the tenant's present connection is concerned by them."""

import logging
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import Grant, GrantStep
from integration.connections import tokens
from integration.connections.models import Connection
from integration.errors import VaultError
from integration.vault import Vault
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)


def discard(session: Session, tenant_id: str, now: datetime) -> dict[str, int]:
    """Decide against all that wait, and return how many. Whoever holds one lets it go with its newest tokens."""
    waiting = (Grant.tenant_id == tenant_id, Grant.step != GrantStep.DISCARD)
    # Its lease stays: the holder may be storing a new pair just now, and without that nobody could revoke it.
    discarded = {"step": GrantStep.DISCARD, "due_at": now, "attempts": 0}
    found = session.scalars(update(Grant).where(*waiting).values(discarded).returning(Grant.id)).all()
    return {"grants": len(found)} if found else {}


def delete_of_account(
    session: Session, vault: Vault, tenant_id: str, account_id: str, until: datetime
) -> dict[str, int]:
    """Delete those with this Zoom account that are not newer than `until`: Zoom has ended them. Returns how many."""
    old = select(Grant).where(Grant.tenant_id == tenant_id, Grant.received_at <= until)
    signed_in = [(grant.id, _signer(vault, grant)) for grant in session.scalars(old)]
    dead = [grant_id for grant_id, user in signed_in if user is not None and user.account_id == account_id]
    session.execute(delete(Grant).where(Grant.id.in_(dead)))
    return {"grants": len(dead)} if dead else {}


def is_under_way(session: Session, vault: Vault, user_id: str, *, since: datetime, but: str) -> bool:
    """Did this Zoom user sign in `since` then, for whichever tenant, and may it be kept? But for one grant."""
    later = select(Grant).where(Grant.id != but, Grant.step != GrantStep.DISCARD, Grant.received_at >= since)
    signed_in = [_signer(vault, grant) for grant in session.scalars(later)]
    return any(user is not None and user.id == user_id for user in signed_in)


def may_have_replaced(session: Session, vault: Vault, connection: Connection, now: datetime) -> bool:
    """Did the connection's own Zoom user sign in again, as far as we know, and is that not decided yet?

    Zoom has ended the connection's pair then; the newer one takes its place, whatever is decided.
    """
    newer = select(Grant).where(Grant.tenant_id == connection.tenant_id, Grant.received_at >= connection.connected_at)
    return any(_may_be_theirs(vault, connection, grant, now) for grant in session.scalars(newer))


def _may_be_theirs(vault: Vault, connection: Connection, grant: Grant, now: datetime) -> bool:
    if grant.zoom_user is None:
        return now < grant.expires_at  # Zoom has not said yet who it is
    user = _signer(vault, grant)
    return user is not None and tokens.is_user(vault, connection, user.id)


def _signer(vault: Vault, grant: Grant) -> ZoomUser | None:
    """Who signed in; None when that is not known, or does not open: no other sign-in must wait for a lost key."""
    try:
        return sealed.user_of(vault, grant)
    except VaultError as error:
        log.error("whose a grant is does not open: %s", error, extra={"grant": grant.id})
        return None
