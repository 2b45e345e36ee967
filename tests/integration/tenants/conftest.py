"""Two tenants, and requests as different people."""

from collections.abc import Callable
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

Ask = Callable[..., httpx.Response]
STAFF = {"X-Actor": "slack:TR/US", "X-Role": "staff"}


@pytest.fixture
def staff(client: TestClient) -> Ask:
    """Send a request as one of Retain's own people."""

    def ask(method: str, path: str, body: Any = None, **params: str) -> httpx.Response:
        return client.request(method, f"/v1{path}", json=body, params=params, headers=STAFF)

    return ask


@pytest.fixture
def acme(staff: Ask) -> str:
    """A tenant with Zoom enabled, and a workspace."""
    body = {"id": "acme", "name": "Acme Corp", "domains": ["acme.example"], "zoom_enabled": True}
    assert staff("POST", "/tenants", body).status_code == 201
    assert staff("PUT", "/workspaces/TACME", {"tenant": "acme", "name": "acme"}).status_code == 200
    return "acme"


@pytest.fixture
def globex(staff: Ask) -> str:
    """A tenant without Zoom and without a workspace."""
    body = {"id": "globex", "name": "Globex", "time_zone": "Europe/Berlin"}
    assert staff("POST", "/tenants", body).status_code == 201
    return "globex"


@pytest.fixture
def retain(staff: Ask) -> str:
    """Retain's own workspace."""
    assert staff("PUT", "/workspaces/TR", {"staff": True}).status_code == 200
    return "TR"
