"""What is done once although it was asked for twice: double clicks, and commands that Slack delivers again."""

import threading
import time
from collections.abc import Callable, Hashable

DOUBLE_CLICK_SECONDS = 10.0
REDELIVERY_SECONDS = 600.0  # Slack's last retry comes after five minutes


class Once:
    """Remembers keys for a while, in this process. Safe to use from several threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until: dict[Hashable, float] = {}

    def first(self, key: Hashable, seconds: float) -> bool:
        """Whether this key was not there yet; it is kept for `seconds`."""
        now = self._monotonic()
        with self._lock:
            if self._until.get(key, 0.0) > now:
                return False
            self._until = {known: until for known, until in self._until.items() if until > now}
            self._until[key] = now + seconds
            return True
