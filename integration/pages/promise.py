"""How often the promise was kept lately, in the sentence that customers read on every page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.desk import statistics

REMEMBERED = timedelta(minutes=1)


@dataclass
class Promise:
    """The published sentence, reckoned anew every minute at most: it is on every page, and changes by the hour."""

    _text: str | None = field(default=None, init=False)
    _fresh_until: datetime | None = field(default=None, init=False)

    def read(self, session: Session, now: datetime) -> str | None:
        if self._fresh_until is None or not self._fresh_until - REMEMBERED <= now < self._fresh_until:
            self._text, self._fresh_until = _sentence(session, now), now + REMEMBERED
        return self._text


def _sentence(session: Session, now: datetime) -> str | None:
    recent = statistics.lately(session, now)
    if statistics.published_share(recent) is None:
        return None
    share = statistics.percent(recent.kept, recent.counted)
    return (
        f"In the last {statistics.PUBLISHED.days} days, {recent.kept} of {recent.counted} support requests had a "
        f"response in time ({share}%)."
    )
