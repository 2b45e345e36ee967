"""Acme and its Zoom, as for tests of connecting; and people signed in to its pages."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.tenants.models import Workspace
from tests.integration.connecting.conftest import anonymous, runtime, scene, settings, zoom
from tests.integration.connecting.steps import JONAS, Scene
from tests.integration.submitting import submit

__all__ = ["anonymous", "people", "runtime", "scene", "settings", "zoom"]

# Who looks: actor, role, tenant.
MAKER, OTHER, MEMBER, STAFF = (
    (JONAS, "admin", "acme"),
    ("slack:T0ACME/ULENA", "admin", "acme"),
    ("slack:T0ACME/UMAYA", "member", "acme"),
    ("slack:T0RETAIN/USAM", "staff", None),
)
Who = tuple[str, str, str | None]


@dataclass
class People:
    """Browsers in which somebody is signed in."""

    scene: Scene

    def browser(self, who: Who, **contact: str) -> TestClient:
        actor, role, tenant = who
        headers = {"X-Actor": actor, "X-Role": role} | ({"X-Tenant": tenant} if tenant else {})
        known = contact or {"email": f"{actor.rpartition('/U')[2].lower()}@acme.example", "name": "Lena Fischer"}
        made = self.scene.api.post("/v1/page-links", json={"page": "/integrations", **known}, headers=headers)
        assert made.status_code == 201, made.text
        browser = self.scene.browser()
        assert submit(browser, urlsplit(made.json()["url"]).path).headers["Location"] == "/integrations"
        return browser


@pytest.fixture
def people(scene: Scene, runtime: Runtime) -> People:
    with runtime.database.writing() as session:
        for team, tenant in (("T0ACME", "acme"), ("T0RETAIN", None)):
            linked = {"tenant_id": tenant, "staff": tenant is None, "linked_at": runtime.clock()}
            session.add(Workspace(team=team, first_seen_at=runtime.clock(), **linked))
    return People(scene)
