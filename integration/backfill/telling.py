"""Who hears that a tenant's past has been gone through. The caller's session commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill
from integration.backfill.progress import progress_of
from integration.connections.models import Connection
from integration.connections.tell import people_of
from integration.notifications import service as notifications
from integration.notifications.kinds import Payload
from integration.tenants import preferences
from integration.tenants.models import Tenant
from integration.vault import Vault

FINISHED = "backfill.finished"
BY_PEOPLE = ("connected", "asked")  # what the worker missed it makes up for in silence


def wanting(session: Session, _said: Payload, actors: Sequence[str]) -> Sequence[str]:
    """Of those to whom it is handed on, who wants good news."""
    return preferences.wanting_news(session, actors)


def of_end(session: Session, vault: Vault, backfill: Backfill, now: datetime) -> None:
    """Owe the news to who connected and the listed admins, those who want good news, if a person began it."""
    if backfill.why not in BY_PEOPLE:
        return
    tenant = session.get_one(Tenant, backfill.tenant_id)
    connection = session.scalars(select(Connection).where(Connection.tenant_id == tenant.id)).one_or_none()
    session.flush()
    progress = progress_of(session, tenant.id)
    if connection is None or progress is None:
        return
    found = {
        "tenant": tenant.id,
        "name": tenant.name,
        "sessions_found": progress.sessions_found,
        "fresh": progress.fresh,
        "asked_from": progress.asked_from.isoformat() if progress.asked_from else None,
    }
    for number, actor in enumerate(preferences.wanting_news(session, people_of(session, connection))):
        notifications.owe(
            session,
            vault,
            kind=FINISHED,
            about=f"{backfill.id}/{number}",
            payload={"actor": actor, **found},
            now=now,
            place=actor,
        )
