"""A service whose Zoom is the stand-in, over real HTTP, and Acme, connected to it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.config import Settings
from integration.runtime import Runtime, make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.backfill.steps import Scene
from tests.integration.conftest import TestClock, make_settings, serving_for
from tests.integration.connections.steps import connect
from tests.support.zoom import impatient, reached_at, running_zoom


@pytest.fixture
def zoom(clock: TestClock) -> Iterator[ZoomStandIn]:
    with running_zoom(clock) as zoom:
        yield zoom


@pytest.fixture
def settings(database_url: URL, zoom: ZoomStandIn) -> Settings:
    return make_settings(database_url, **reached_at(zoom))


@pytest.fixture
def runtime(settings: Settings, clock: TestClock) -> Iterator[Runtime]:
    """Waits for Zoom for a moment only, and tries again at once."""
    made = impatient(make_runtime(settings, clock))
    yield made
    made.database.close()


@pytest.fixture
def anonymous(runtime: Runtime, built_app: FastAPI) -> Iterator[TestClient]:
    with TestClient(serving_for(runtime, built_app), base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def scene(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> Scene:
    """Acme is connected; no back-fill was asked for yet."""
    connect(runtime, zoom)
    return Scene(runtime, zoom, clock)
