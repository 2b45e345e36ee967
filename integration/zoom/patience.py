"""Trying again, where a second try does no harm: with full jitter, and only for so long."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from integration.pauses import pause
from integration.zoom.errors import ZoomError

T = TypeVar("T")

log = logging.getLogger(__name__)

WORTH_ANOTHER_TRY = ("zoom_unavailable", "rate_limited")


@dataclass(frozen=True)
class Patience:
    """`seconds`: no try begins later than this after the first one. `first_pause` doubles up to `longest_pause`."""

    clock: Callable[[], datetime]
    sleep: Callable[[float], object]
    rng: random.Random
    seconds: float = 6.0
    tries: int = 4
    first_pause: float = 0.25
    longest_pause: float = 2.0

    def with_(self, call: Callable[[], T]) -> T:
        """What `call` gives. It must be safe to repeat. Raises its last ZoomError when patience ends."""
        began = self.clock()
        for number in range(1, self.tries + 1):
            try:
                return call()
            except ZoomError as error:
                wait = self._pause(error, number)
                waited = (self.clock() - began).total_seconds()
                if error.cause.code not in WORTH_ANOTHER_TRY or number == self.tries or waited + wait > self.seconds:
                    raise
                log.info("Zoom: %s; trying again", error.cause.code)
            self.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _pause(self, error: ZoomError, number: int) -> float:
        jitter = pause(number, self.first_pause, self.longest_pause, self.rng.random(), least=0)
        if error.retry_at is None:
            return jitter
        return max(0.0, (error.retry_at - self.clock()).total_seconds()) + jitter
