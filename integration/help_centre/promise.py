"""How often the promise was kept lately, in the sentence that customers read on every page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.desk import statistics
from integration.desk.statistics import Tally

REMEMBERED = timedelta(minutes=1)


@dataclass
class Promise:
    """The published sentence, reckoned anew every minute at most: it is on every page, and changes by the hour."""

    _text: str | None = field(default=None, init=False)
    _fresh_until: datetime | None = field(default=None, init=False)

    def read(self, session: Session, now: datetime) -> str | None:
        if self._fresh_until is None or not self._fresh_until - REMEMBERED <= now < self._fresh_until:
            self._text, self._fresh_until = sentence(statistics.lately(session, now)), now + REMEMBERED
        return self._text


def sentence(recent: Tally) -> str | None:
    """What customers read of `recent`; None while there is too little to say anything by."""
    if statistics.published_share(recent) is None:
        return None
    return (
        f"In the last {statistics.PUBLISHED.days} days, {recent.kept} of {recent.counted} support requests had a "
        f"response in time ({statistics.percent(recent.kept, recent.counted)}%)."
    )
