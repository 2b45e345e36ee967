"""Telling the service which workspaces use the bot, so that its staff link each to a tenant."""

import logging
import threading

from bot.errors import ServiceError, ServiceUnavailable
from bot.integration_client import IntegrationClient

log = logging.getLogger(__name__)

AGAIN_SECONDS = 30.0


class Announcer:
    """Tells of workspaces; while the service is down they are kept, and told when it is back.

    Telling twice is harmless: the service asks its staff once.
    """

    def __init__(self, integration: IntegrationClient | None) -> None:
        self._integration = integration
        self._lock = threading.Lock()
        self._owed: dict[str, str] = {}

    def tell(self, team: str, name: str) -> bool:
        """Tell of one workspace now; whether it is linked already (False where nobody could say)."""
        if self._integration is None:
            return False
        try:
            return self._integration.workspace_seen(team, name)
        except ServiceUnavailable as error:
            log.warning("the service is told of the workspace %s later: %s", team, error)
            with self._lock:
                self._owed[team] = name
        except ServiceError as error:
            log.error("the service does not want to know of the workspace %s: %s", team, error)
        return False

    def run(self, names: dict[str, str], stop: threading.Event) -> None:
        """Tell of these workspaces (names by id), and of what is owed, until `stop` is set."""
        while True:
            for team, name in names.items():
                if stop.is_set():
                    return
                self.tell(team, name)
            if stop.wait(AGAIN_SECONDS):
                return
            with self._lock:
                names, self._owed = self._owed, {}
