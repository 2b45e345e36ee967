"""What the bot asks the service about the gaps of the knowledge base, on behalf of staff."""

from pydantic import AwareDatetime, Field

from bot.service.connection_service import OnBehalf
from bot.service.service_api import Answer
from bot.service.service_http import VERY_PATIENT, ServiceHttp, parsed


class Gap(Answer):
    """Questions alike that were not answered well; `why`: one sentence about the article that comes closest."""

    id: str
    text: str = Field(repr=False)
    count: int
    people: int
    last_at: AwareDatetime
    not_helpful: int = 0
    comments: tuple[str, ...] = Field(default=(), repr=False)
    why: str = Field(repr=False)


class Gaps(Answer):
    """Of the `questions` of these days, those that were not answered well: the most frequent first."""

    days: int
    questions: int
    groups: tuple[Gap, ...]


class GapsService:
    """Raises ServiceUnavailable when the service cannot be reached, Refused when it says no."""

    def __init__(self, http: ServiceHttp) -> None:
        self._http = http

    def gaps(self, who: OnBehalf, days: int, limit: int) -> Gaps:
        """At most `limit` gaps of the last `days`. The first call after a start waits until the service has learnt."""
        query = {"days": str(days), "limit": str(limit)}
        return parsed(Gaps, self._http.call("GET", "/v1/gaps", query=query, headers=who.headers, timeout=VERY_PATIENT))
