"""What the asker of a support request does with it. It must be locked."""

from datetime import datetime

from sqlalchemy.orm import Session

from integration.desk import telling
from integration.desk.acting import open_again
from integration.desk.models import WAITING, EventKind, SupportRequest
from integration.desk.recording import is_recorded, record
from integration.vault import Vault


def write(
    session: Session,
    vault: Vault,
    request: SupportRequest,
    actor: str,
    now: datetime,
    *,
    key: str,
    text: str,
    reopens: bool = True,
) -> None:
    """They add something. While it waits for an answer that is all; afterwards it opens again, with a new clock.

    `reopens` is false for what needs no answer ("thanks"). `key` is the message's: told twice, they wrote once.
    """
    if is_recorded(session, request, key):
        return
    if reopens and request.state not in WAITING:
        open_again(session, vault, request, actor, now)
    event_id = record(session, vault, request, EventKind.WROTE, now, actor=actor, text=text, key=key)
    telling.wrote(session, vault, request, event_id, text, now)
    telling.changed(session, vault, request, now)
