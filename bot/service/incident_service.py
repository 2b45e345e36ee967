"""What goes on for many at once: read often and kept for seconds; set and lifted by staff."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from bot.errors import ServiceError
from bot.service.connection_service import OnBehalf
from bot.service.service_api import Board, Notice
from bot.service.service_http import QUICK, ServiceHttp, parsed

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0
TRUSTED_SECONDS = 60.0  # one answer that came too late takes no notice away
BRIEF = (0.2, 0.3)  # no answer waits longer than half a second for what stands on top of it
NOTHING = Board()


class IncidentService:
    """`set` and `lift` raise ServiceUnavailable when the service cannot be reached, Refused when it says no."""

    def __init__(self, http: ServiceHttp, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._monotonic = monotonic
        self._asking = threading.Lock()
        self._known, self._known_at, self._asked_at = NOTHING, -TRUSTED_SECONDS, -KEPT_SECONDS

    def kept(self) -> Board:
        """What everybody may read, as of the last few seconds; nothing where the service has not answered for long.

        Never raises. One thread asks; the others go on with what was known before.
        """
        if self._monotonic() - self._asked_at >= KEPT_SECONDS and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._known if self._monotonic() - self._known_at < TRUSTED_SECONDS else NOTHING

    def _ask(self) -> None:
        try:
            self._known = parsed(Board, self._http.call("GET", "/v1/incident", timeout=BRIEF))
            self._known_at = self._monotonic()
        except ServiceError as error:
            log.info("not asked what goes on: %s", error)
        self._asked_at = self._monotonic()

    def board(self, who: OnBehalf) -> Board:
        """The same as it is now, for one person: staff see what the service proposes, too. Raises ServiceError."""
        return parsed(Board, self._http.call("GET", "/v1/incident", headers=who.headers))

    def set(
        self, who: OnBehalf, text: str, until: datetime, articles: tuple[str, ...], incident_id: str | None = None
    ) -> Notice:
        """Say it to everybody (staff), in the place of what was said before. `until` is aware.

        Refused with the `field` that is not acceptable.
        """
        body = {"text": text, "until": until.isoformat(), "articles": articles, "incident_id": incident_id}
        answer = self._http.call("PUT", "/v1/incident", body, headers=who.headers, timeout=QUICK)
        self._forget()
        return parsed(Notice, answer)

    def lift(self, who: OnBehalf) -> None:
        """Take the notice away (staff); harmless where there is none."""
        self._http.call("DELETE", "/v1/incident", headers=who.headers)
        self._forget()

    def _forget(self) -> None:
        """What was known is asked for anew by the next who looks."""
        self._asked_at = -KEPT_SECONDS
