"""What stands around the help centre's own texts: the staff's notice, and how often the promise was kept lately."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from fastapi import Request
from sqlalchemy.orm import Session

from integration.db import DATABASE_AWAY, Database
from integration.help_centre.promise import Promise
from integration.incidents import service as notices
from integration.runtime import runtime_of

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=5)
KEPT_WHILE_AWAY = timedelta(seconds=10)  # whoever looks then may wait for seconds


@dataclass(frozen=True)
class Notice:
    """What staff say to everybody just now. Without `articles` it concerns all of them."""

    text: str
    until: datetime
    articles: Sequence[str]

    def stands(self, article: str | None, now: datetime) -> bool:
        """Is it to be read on the page of an article, or (None) on one that is about all of them?"""
        return now < self.until and (article is None or not self.articles or article in self.articles)


@dataclass(frozen=True)
class Around:
    """`promise`: a sentence; None while there are too few answers to say anything by."""

    notice: Notice | None = None
    promise: str | None = None


@dataclass
class Surroundings:
    """Both, as of the last few seconds: help pages need nothing of the database, and do not wait for it.

    Safe to use from several threads: one looks, the others go on with what was known before.
    """

    _looking: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _promise: Promise = field(default_factory=Promise, init=False)
    _known: Around = field(default=Around(), init=False)
    _looked_at: datetime | None = field(default=None, init=False)
    _kept: timedelta = field(default=KEPT, init=False)

    def known(self, database: Database, now: datetime) -> Around:
        """Never raises for want of a database."""
        if not self._is_fresh(now) and self._looking.acquire(blocking=False):
            try:
                self._look(database, now)
            finally:
                self._looking.release()
        return self._known

    def _is_fresh(self, now: datetime) -> bool:
        return self._looked_at is not None and self._looked_at <= now < self._looked_at + self._kept

    def _look(self, database: Database, now: datetime) -> None:
        try:
            with database.reading() as session:
                self._known = Around(_notice(session, now), self._promise.read(session, now))
            self._kept = KEPT
        except DATABASE_AWAY as error:
            log.warning("pages go on with the notice and the promise of before: %s", type(error).__name__)
            self._kept = KEPT_WHILE_AWAY
        self._looked_at = now


def around(request: Request, article: str | None) -> Around:
    """For the page of an article, or for one that is about all of them."""
    runtime, surroundings = runtime_of(request), cast("Surroundings", request.app.state.surroundings)
    now = runtime.clock()
    known = surroundings.known(runtime.database, now)
    if known.notice is None or known.notice.stands(article, now):
        return known
    return Around(None, known.promise)


def _notice(session: Session, now: datetime) -> Notice | None:
    notice = notices.standing(session, now)
    return Notice(notice.text, notice.until, notice.articles) if notice else None
