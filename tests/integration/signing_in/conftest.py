"""A service with a page for signed-in people, and links to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from integration.app import create_app
from integration.config import Settings
from integration.policy import Role
from integration.runtime import Runtime, make_runtime
from integration.signing_in.service import Reader, require_signed_in
from integration.tenants.models import Person, Tenant, Workspace
from tests.integration.conftest import API_KEY, TestClock, make_settings, serving_for
from tests.integration.submitting import submit

PAGE = "/reports/meeting-hours?from=2025-01-01&to=2025-01-14"
ADMIN = {"X-Actor": "slack:T0ACME/UJONAS", "X-Role": "admin", "X-Tenant": "acme"}
MEMBER = ADMIN | {"X-Role": "member"}
STAFF = {"X-Actor": "slack:T0RETAIN/USAM", "X-Role": "staff"}

shown = APIRouter()


@shown.get("/seen/{tenant}")
def seen(tenant: str, reader: Annotated[Reader, Depends(require_signed_in)]) -> dict[str, str]:
    """A signed-in page, as any other."""
    reader.require("hours", tenant)
    return {"actor": reader.actor, "role": reader.role}


@dataclass
class Site:
    api: TestClient
    runtime: Runtime
    clock: TestClock

    def ask(self, headers: Mapping[str, str] = ADMIN, page: object = PAGE) -> httpx.Response:
        return self.api.post("/v1/page-links", json={"page": page}, headers=dict(headers))

    def link(self, headers: Mapping[str, str] = ADMIN, page: str = PAGE) -> str:
        """The path of a new link."""
        made = self.ask(headers, page)
        assert made.status_code == 201, made.text
        return urlsplit(str(made.json()["url"])).path

    def browser(self, base_url: str = "http://localhost:8000") -> TestClient:
        app: FastAPI = self.api.app  # type: ignore[assignment]
        return TestClient(app, base_url=base_url, follow_redirects=False)

    def signed_in(self, headers: Mapping[str, str] = ADMIN) -> TestClient:
        browser = self.browser()
        assert submit(browser, self.link(headers)).status_code == 303
        return browser

    def change(self, statement: Any) -> None:
        with self.runtime.database.writing() as session:
            session.execute(statement)

    def list_as(self, actor: str, role: Role, tenant: str | None) -> None:
        with self.runtime.database.writing() as session:
            session.add(Person(actor=actor, tenant_id=tenant, role=role, changed_at=self.clock()))


@pytest.fixture(scope="module")
def app_with_a_page() -> FastAPI:
    app = create_app(make_settings(make_url("sqlite:////nowhere/app.db")))
    app.include_router(shown)
    return app


@pytest.fixture
def site(settings: Settings, runtime: Runtime, clock: TestClock, app_with_a_page: FastAPI) -> Iterator[Site]:
    with runtime.database.writing() as session:
        session.add_all(Tenant(id=slug, name=slug.title(), created_at=clock()) for slug in ("acme", "globex"))
        session.flush()
        session.add(Workspace(team="T0ACME", tenant_id="acme", first_seen_at=clock(), linked_at=clock()))
        session.add(Workspace(team="T0RETAIN", staff=True, first_seen_at=clock(), linked_at=clock()))
    app = serving_for(make_runtime(settings, clock), app_with_a_page)
    with TestClient(app, headers={"Authorization": f"Bearer {API_KEY}"}) as api:
        yield Site(api, runtime, clock)
