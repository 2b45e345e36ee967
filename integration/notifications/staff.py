"""What Retain's own people are told, in the one place where they look."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from integration.notifications import service
from integration.vault import Vault

NOTICE = "staff.notice"
PLACE = "staff"


def tell_staff(
    session: Session,
    vault: Vault,
    *,
    topic: str,
    title: str,
    text: str,
    about: str,
    now: datetime,
    tenant: str | None = None,
    article: str | None = None,
    data: Mapping[str, Any] | None = None,
    due: datetime | None = None,
) -> bool:
    """Owe staff a notice; False when they were told `about` this before (at most 64 characters; an event's id, say).

    `topic` says what kind it is (connection, incident, account_of_another_tenant, unknown_workspace, notice_set,
    notice_lifted, undelivered_answer, undelivered_request); `title` and `text` are plain sentences without markup. Not
    before `due`, where given.
    """
    payload = {
        "topic": topic,
        "title": title,
        "text": text,
        "tenant": tenant,
        "article": article,
        "data": dict(data or {}),
    }
    return service.owe(session, vault, kind=NOTICE, about=about, payload=payload, now=now, place=PLACE, due=due)
