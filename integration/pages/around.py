"""What stands around the help centre's own texts: the staff's notice, and how often the promise was kept lately."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from integration.db import DATABASE_AWAY
from integration.incidents import service as notices
from integration.runtime import Runtime

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """What staff say to everybody just now."""

    text: str
    until: datetime


@dataclass(frozen=True)
class Around:
    """`promise`: a sentence; None while there are too few answers to say anything by."""

    notice: Notice | None = None
    promise: str | None = None


def around(runtime: Runtime, article: str | None) -> Around:
    """For the page of an article, or for one that is about all of them.

    Nothing while the database is away: what the help pages say is as true without it.
    """
    now = runtime.clock()
    try:
        with runtime.database.reading() as session:
            return Around(_notice(session, article, now), runtime.promise.read(session, now))
    except DATABASE_AWAY as error:
        log.warning("a page goes without notice and promise: %s", type(error).__name__)
        return Around()


def _notice(session: Session, article: str | None, now: datetime) -> Notice | None:
    notice = notices.standing(session, now)
    if notice is None or (article is not None and not notices.touches(notice, {article})):
        return None
    return Notice(notice.text, notice.until)
