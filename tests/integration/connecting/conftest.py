"""A service that reaches a Zoom stand-in of the test's own, and people who click through both."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.config import Settings
from integration.runtime import Runtime, make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock, make_settings, serving_for
from tests.integration.connecting.steps import Scene, add_tenant, what_is_owed
from tests.support.zoom import impatient, reached_at, running_zoom


@pytest.fixture
def zoom(clock: TestClock) -> Iterator[ZoomStandIn]:
    with running_zoom(clock) as standing_in:
        yield standing_in


@pytest.fixture
def settings(database_url: URL, zoom: ZoomStandIn) -> Settings:
    return make_settings(database_url, **reached_at(zoom))


@pytest.fixture
def runtime(settings: Settings, clock: TestClock) -> Iterator[Runtime]:
    """Does not wait before it asks Zoom again."""
    made = impatient(make_runtime(settings, clock))
    yield made
    made.database.close()


@pytest.fixture
def anonymous(runtime: Runtime, built_app: FastAPI) -> Iterator[TestClient]:
    with TestClient(serving_for(runtime, built_app), base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def scene(client: TestClient, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock) -> Scene:
    """Acme, with Zoom enabled and nothing connected; Jonas is its admin in Slack and its owner at Zoom."""
    add_tenant(runtime, "acme", "Acme Ltd", domains=["acme.example"])
    return Scene(client, runtime, zoom, clock, what_is_owed(runtime))
