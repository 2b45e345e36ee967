"""A service that reaches a Zoom stand-in of the test's own, and people who click through both."""

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.at_zoom import anonymous, runtime, settings, zoom
from tests.integration.conftest import TestClock
from tests.integration.connecting.steps import Scene, add_tenant, what_is_owed

__all__ = ["anonymous", "runtime", "scene", "settings", "zoom"]


@pytest.fixture
def scene(client: TestClient, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> Scene:
    """Acme, with Zoom enabled and nothing connected; Jonas is its admin in Slack and its owner at Zoom."""
    add_tenant(runtime, "acme", "Acme Ltd", domains=["acme.example"])
    return Scene(client, runtime, zoom, clock, what_is_owed(runtime))
