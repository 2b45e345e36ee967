"""A browser in which one of Retain's people is signed in, and a Zoom that is the stand-in."""

import pytest
from fastapi.testclient import TestClient

from integration.policy import Role
from integration.runtime import Runtime
from tests.integration.at_zoom import anonymous, runtime, settings, zoom
from tests.integration.staff.steps import sign_in

__all__ = ["anonymous", "runtime", "settings", "zoom"]


@pytest.fixture
def browser(anonymous: TestClient, runtime: Runtime) -> TestClient:
    sign_in(anonymous, runtime, Role.STAFF)
    return anonymous
