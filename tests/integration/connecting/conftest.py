"""A service that reaches a Zoom stand-in of the test's own, and people who click through both."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.config import Settings
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connecting.steps import Scene, add_tenant
from tests.support.zoom import running_zoom


@pytest.fixture
def zoom(clock: TestClock) -> Iterator[ZoomStandIn]:
    with running_zoom(clock) as standing_in:
        yield standing_in


@pytest.fixture
def settings(database_url: URL, zoom: ZoomStandIn) -> Settings:
    return make_settings(
        database_url,
        zoom_client_id=zoom.client_id,
        zoom_client_secret=zoom.client_secret,
        zoom_oauth_url=zoom.oauth_url,
        zoom_api_url=zoom.api_url,
    )


@pytest.fixture
def scene(client: TestClient, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> Scene:
    """Acme, with Zoom enabled and nothing connected; Jonas is its admin in Slack and its owner at Zoom."""
    add_tenant(runtime, "acme", "Acme Ltd", domains=["acme.example"])
    return Scene(client, runtime, zoom, clock)
