"""A sign-in that waits for whoever asked for the link to say whether it is the right Zoom account."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.connecting import sealed
from integration.connecting.models import ConnectLink, Grant, GrantStep
from integration.vault import Vault


@dataclass(frozen=True)
class Pending:
    """Who is to confirm, until when, and the address of their message in Slack, as far as it is known."""

    actor: str
    until: datetime
    back: str | None = field(repr=False)


def pending(session: Session, vault: Vault, tenant_id: str, now: datetime) -> Pending | None:
    """The latest of a tenant's; None: nothing waits."""
    waiting = (
        select(ConnectLink, Grant.expires_at)
        .join(Grant, Grant.link_id == ConnectLink.id)
        .where(ConnectLink.tenant_id == tenant_id, Grant.step == GrantStep.CONFIRM, Grant.expires_at > now)
        .order_by(Grant.expires_at.desc())
        .limit(1)
    )
    found = session.execute(waiting).one_or_none()
    return Pending(found[0].requested_by, found[1], sealed.back_of(vault, found[0])) if found is not None else None
