"""`python -m …dying_process STEP`: refreshes the connection of acme, and kills itself (SIGKILL) at a step of it.

Run by a test. Steps: leased (before Zoom is asked), at_zoom (asked, and the answer is not read), answered (and not
stored), stored (and not used).
"""

import os
import signal
import sys
from dataclasses import replace

from integration.config import load_settings
from integration.connections import refresh
from integration.runtime import make_runtime
from integration.zoom.oauth import TokenPair, ZoomOAuth
from integration.zoom.wire import Wire


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """Zoom's OAuth, for a process that does not live to see the end of it."""

    def __init__(self, real: ZoomOAuth, step: str) -> None:
        self._real, self._step = real, step

    def refresh(self, refresh_token: str) -> TokenPair:
        if self._step == "leased":
            die()
        if self._step == "at_zoom":
            _die_before_reading(self._real)
        pair = self._real.refresh(refresh_token)
        if self._step == "answered":
            die()
        return pair


def _die_before_reading(real: ZoomOAuth) -> None:
    """The request is sent, Zoom acts on it, and nobody reads what it says."""
    wire: Wire = real._wire

    class Deaf(Wire):
        def _text(self, *_: object) -> bytes | None:
            die()
            return None

    real._wire = Deaf(wire.http, wire.clock, wire.timeouts)


def main(step: str) -> None:
    runtime = make_runtime(load_settings())
    dying = replace(runtime, zoom_oauth=Dying(runtime.zoom_oauth, step))  # type: ignore[arg-type]
    refresh.access_token(dying, "acme")
    die()


if __name__ == "__main__":
    main(sys.argv[1])
