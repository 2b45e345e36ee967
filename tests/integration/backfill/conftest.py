"""A service whose Zoom is the stand-in, over real HTTP, and Acme, connected to it."""

import pytest

from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.at_zoom import anonymous, runtime, settings, zoom
from tests.integration.backfill.steps import Scene
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import connect

__all__ = ["anonymous", "runtime", "scene", "settings", "zoom"]


@pytest.fixture
def scene(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> Scene:
    """Acme is connected; no back-fill was asked for yet."""
    connect(runtime, zoom)
    return Scene(runtime, zoom, clock)
