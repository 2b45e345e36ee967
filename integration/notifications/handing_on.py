"""News for a person who is gone is handed on to whoever stands in for them now. The caller's session commits."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import VaultError
from integration.notifications import service
from integration.notifications.kinds import Payload
from integration.notifications.models import Notification
from integration.vault import Vault

log = logging.getLogger(__name__)

MOST_INSTEAD = 10  # people named at once
MOST_TOLD = 20  # people told of one thing, in all


def hand_on(
    session: Session,
    vault: Vault,
    row: Notification,
    instead: Sequence[str],
    now: datetime,
    wanting: Callable[[Session, Payload, Sequence[str]], Sequence[str]] | None = None,
) -> list[str]:
    """Owe the same news to these people, but for those to whom it is owed already, and those who do not want to hear
    it (`wanting` chooses). Returns to whom it is owed now.

    Of news for several people each has its own notification, `<thing>/<number from 0>`, whose payload names its
    `actor`; other kinds are for nobody else.
    """
    try:
        payload = service.payload_of(vault, row)
    except VaultError:
        return []
    thing, slash, _ = row.about.rpartition("/")
    if not slash or "actor" not in payload:
        return []
    owed = _owed(session, row.kind, thing)
    free = (f"{thing}/{number}" for number in range(MOST_TOLD) if f"{thing}/{number}" not in owed)
    new: Sequence[str] = [actor for actor in dict.fromkeys(instead) if actor not in owed.values()]
    if wanting is not None:
        new = wanting(session, payload, new)
    told = []
    for actor, about in zip(new, free, strict=False):
        said = {**payload, "actor": actor}
        if service.owe(session, vault, kind=row.kind, about=about, payload=said, now=now, place=actor):
            told.append(actor)
    log.info("a notification is handed on", extra={"notification": row.id, "kind": row.kind, "people": len(told)})
    return told


def _owed(session: Session, kind: str, thing: str) -> dict[str, str | None]:
    """To whom the same is owed, or was: the place by what each is about. Others that hand it on wait their turn."""
    of_thing = (Notification.kind == kind) & Notification.about.startswith(f"{thing}/", autoescape=True)
    first = select(Notification.id).where(Notification.kind == kind, Notification.about == f"{thing}/0")
    session.execute(first.with_for_update())
    return {
        row.about: row.place for row in session.execute(select(Notification.about, Notification.place).where(of_thing))
    }
