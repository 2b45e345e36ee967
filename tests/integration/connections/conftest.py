"""A service whose Zoom is the stand-in, over real HTTP. Both follow the test's clock."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.config import Settings
from integration.runtime import Runtime, make_runtime
from integration.zoom.client import ZoomClient
from integration.zoom.oauth import ZoomOAuth
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.wire import Timeouts, make_http
from tests.integration.conftest import TestClock, make_settings
from tests.support.zoom import running_zoom

IMPATIENT = Timeouts(connect=2.0, read=0.3, whole=0.5)


@pytest.fixture
def zoom(clock: TestClock) -> Iterator[ZoomStandIn]:
    with running_zoom(clock) as zoom:
        yield zoom


@pytest.fixture
def settings(database_url: URL, zoom: ZoomStandIn) -> Settings:
    return settings_for(database_url, zoom)


def settings_for(database_url: URL, zoom: ZoomStandIn) -> Settings:
    return make_settings(
        database_url,
        zoom_client_id=zoom.client_id,
        zoom_client_secret=zoom.client_secret,
        zoom_webhook_secret=zoom.webhook_secret,
        zoom_oauth_url=zoom.oauth_url,
        zoom_api_url=zoom.api_url,
    )


@pytest.fixture
def runtime(settings: Settings, clock: TestClock) -> Iterator[Runtime]:
    """Waits for Zoom for a moment only, and tries again at once."""
    made = impatient(make_runtime(settings, clock))
    yield made
    made.database.close()


def impatient(runtime: Runtime) -> Runtime:
    settings = runtime.settings
    oauth = ZoomOAuth(
        client_id=settings.zoom_client_id,
        client_secret=settings.zoom_client_secret,
        oauth_url=settings.zoom_oauth_url,
        http=make_http(settings.zoom_oauth_url),
        clock=runtime.clock,
        sleep=lambda _: None,
        rng=random.Random(1),
        timeouts=IMPATIENT,
    )
    client = ZoomClient(
        api_url=settings.zoom_api_url,
        http=make_http(settings.zoom_api_url),
        clock=runtime.clock,
        sleep=lambda _: None,
        rng=random.Random(1),
        timeouts=IMPATIENT,
    )
    return replace(runtime, zoom_oauth=oauth, zoom=client)


@pytest.fixture
def anonymous(settings: Settings, runtime: Runtime, clock: TestClock) -> Iterator[TestClient]:
    app = create_app(settings, clock=clock)
    app.state.runtime = runtime
    with TestClient(app, base_url="http://localhost:8000") as client:
        yield client
