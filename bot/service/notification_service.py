"""What the bot asks the service about notifications on behalf of a person: what they want, and what reached nobody."""

from datetime import datetime

from bot.service.connection_service import OnBehalf
from bot.service.service_api import Answer
from bot.service.service_http import ServiceHttp, parsed


class Preferences(Answer):
    """What a person wants to be told: `reminders` of requests they have claimed (staff), and good `news`."""

    reminders: bool = True
    news: bool = True


class Undelivered(Answer):
    """A notification that reached nobody, or may not have. `place` is where it was to go, `reason` a code or words."""

    id: str
    kind: str
    place: str | None = None
    state: str
    reason: str | None = None
    at: datetime


class _AllUndelivered(Answer):
    notifications: tuple[Undelivered, ...]


class NotificationService:
    """Every method raises ServiceUnavailable when the service cannot be reached, Refused when it says no."""

    def __init__(self, http: ServiceHttp) -> None:
        self._http = http

    def preferences(self, who: OnBehalf) -> Preferences:
        """What this person wants to be told."""
        return parsed(Preferences, self._http.call("GET", "/v1/people/preferences", headers=who.headers))

    def prefer(self, who: OnBehalf, name: str, *, on: bool) -> Preferences:
        """Turn one of them on or off. What they want from now on."""
        answer = self._http.call("PUT", "/v1/people/preferences", {name: on}, headers=who.headers)
        return parsed(Preferences, answer)

    def undelivered(self, who: OnBehalf) -> tuple[Undelivered, ...]:
        """What was not surely delivered in the last seven days, newest first (staff)."""
        answer = self._http.call("GET", "/v1/notifications/undelivered", headers=who.headers)
        return parsed(_AllUndelivered, answer).notifications
