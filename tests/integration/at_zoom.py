"""Fixtures of a service whose Zoom is a stand-in of the test's own, over real HTTP. Both follow the test's clock.

A folder's conftest.py imports them all, in place of those of tests/integration/conftest.py.
"""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.config import Settings
from integration.runtime import Runtime, make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock, make_settings, serving_for
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
