"""What people do to connect Zoom, and what a test looks at afterwards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Insert, event, select, update
from sqlalchemy.orm import Session

from integration.connecting.advancing import finish_grants
from integration.connecting.expiring import expire_links
from integration.connecting.models import ConnectLink, Grant
from integration.connections.models import Connection, Revocation
from integration.connections.revocations import revoke_due
from integration.notifications.models import Notification
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.submitting import submit

JONAS = "slack:T0ACME/UJONAS"
JONAS_EMAIL = "jonas@acme.example"
STAFF = {"X-Actor": "slack:T0RETAIN/USAM", "X-Role": "staff"}
ADMIN = {"X-Actor": JONAS, "X-Role": "admin", "X-Tenant": "acme"}

PUBLIC_URL = "http://localhost:8000"


def add_tenant(runtime: Runtime, slug: str, name: str, **more: Any) -> None:
    values = {"zoom_enabled": True, "domains": [], "created_at": runtime.clock()} | more
    with runtime.database.writing() as session:
        session.add(Tenant(id=slug, name=name, **values))


def browser_of(app: FastAPI, base_url: str = PUBLIC_URL) -> TestClient:
    """A browser of its own, with its own cookies, that follows nothing by itself."""
    return TestClient(app, base_url=base_url, follow_redirects=False)


@dataclass
class Scene:
    """The service, Zoom, the clock, and steps through them."""

    api: TestClient
    runtime: Runtime
    zoom: ZoomStandIn
    clock: TestClock
    owed: Mapping[str, str]  # what every notification said, sealed, by its id: the service forgets it once it is closed

    @property
    def app(self) -> FastAPI:
        app: FastAPI = self.api.app  # type: ignore[assignment]
        return app

    def browser(self) -> TestClient:
        return browser_of(self.app)

    def ask(self, tenant: str = "acme", headers: Mapping[str, str] = ADMIN, **body: Any) -> httpx.Response:
        """Ask for a link as Jonas does."""
        given = {"requester_email": JONAS_EMAIL, "requester_name": "Jonas Weber"} | body
        return self.api.post(f"/v1/tenants/{tenant}/connect-links", json=given, headers=dict(headers))

    def make(self, tenant: str = "acme", headers: Mapping[str, str] = ADMIN, **body: Any) -> dict[str, str]:
        made = self.ask(tenant, headers, **body)
        assert made.status_code == 201, made.text
        answer: dict[str, str] = made.json()
        return answer

    def keep_card(self, link_id: str, **more: str) -> None:
        """The bot has posted the link's message."""
        body = {"place": "slack:T0ACME/D1/1.2"} | more
        assert self.api.put(f"/v1/connect-links/{link_id}/card", json=body, headers=ADMIN).status_code == 204

    def press(self, browser: TestClient, url: str) -> str:
        """Press the button; the address at Zoom."""
        response = submit(browser, urlsplit(url).path)
        assert response.status_code == 303, response.text
        return str(response.headers["Location"])

    def sign_in(self, browser: TestClient, url: str, person: str = "jonas") -> httpx.Response:
        """From the link's page through Zoom and back."""
        return browser.get(self.zoom.authorize_as(person, self.press(browser, url)))

    def connect(self, person: str = "jonas", tenant: str = "acme", **body: Any) -> dict[str, str]:
        """The whole way, to the end; the link."""
        headers = {"X-Actor": f"slack:T/{tenant}", "X-Role": "admin", "X-Tenant": tenant}
        made = self.make(tenant, headers if tenant != "acme" else ADMIN, **body)
        response = self.sign_in(self.browser(), made["url"], person)
        assert outcome(response) == "connected", response.text
        return made

    def link(self, link_id: str, headers: Mapping[str, str] = STAFF) -> dict[str, Any]:
        answer = self.api.get(f"/v1/connect-links/{link_id}", headers=dict(headers))
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    def decide(self, link_id: str, what: str, headers: Mapping[str, str] = ADMIN) -> httpx.Response:
        return self.api.post(f"/v1/connect-links/{link_id}/{what}", headers=dict(headers))

    def work(self) -> None:
        """What a worker does, as long as there is something due."""
        work(self.runtime)

    def leases_run_out(self) -> None:
        """As when their holders have been dead for long enough."""
        with self.runtime.database.writing() as session:
            for model in (Grant, Connection, Revocation):
                session.execute(update(model).values(lease_until_ms=0))

    def grants_are_due(self) -> None:
        """As when some time has passed by the real clock, which other processes go by."""
        with self.runtime.database.writing() as session:
            session.execute(update(Grant).values(due_at=self.clock.now))

    def told(self, link_id: str) -> list[dict[str, Any]]:
        """What the requester was told about the link, oldest first, whether or not it was settled since."""
        with self.runtime.database.reading() as session:
            rows = session.scalars(select(Notification).where(Notification.about.startswith(link_id))).all()
            rows = sorted(rows, key=lambda row: int(row.about.split("/")[1]))
            return [self._opened(row)["link"] for row in rows]

    def notices(self) -> list[dict[str, Any]]:
        """What staff were told."""
        with self.runtime.database.reading() as session:
            rows = session.scalars(select(Notification).where(Notification.kind == "staff.notice")).all()
            return [self._opened(row) for row in rows]

    def _opened(self, row: Notification) -> dict[str, Any]:
        text = self.runtime.vault.open(self.owed[row.id], table="notifications", column="payload", row=row.id)
        payload: dict[str, Any] = json.loads(text)
        return payload

    def connections(self) -> dict[str, Connection]:
        """By tenant, detached."""
        with Session(self.runtime.database.engine, expire_on_commit=False) as session:
            return {row.tenant_id: row for row in session.scalars(select(Connection))}

    def grants(self) -> Sequence[Grant]:
        with Session(self.runtime.database.engine, expire_on_commit=False) as session:
            return session.scalars(select(Grant).order_by(Grant.received_at)).all()

    def row(self, link_id: str) -> ConnectLink:
        with Session(self.runtime.database.engine, expire_on_commit=False) as session:
            return session.get_one(ConnectLink, link_id)

    def attached(self, session: Session, link_id: str) -> ConnectLink:
        return session.get_one(ConnectLink, link_id, with_for_update=True)

    def refresh_token(self, tenant: str = "acme") -> str:
        connection = self.connections()[tenant]
        return self.runtime.vault.open(
            connection.refresh_token or "", table="connections", column="refresh_token", row=connection.id
        )

    def refresh_count(self, person: str) -> int:
        """How often the tokens of a person were rotated at Zoom."""
        return self.zoom.refreshes[person]

    def works(self, person: str, tenant: str = "acme") -> bool:
        """Is what the tenant's connection holds the pair that this person's consent gave, alive?"""
        return self.refresh_token(tenant) in [pair.refresh for pair in self.zoom.live_pairs(person)]


def work(runtime: Runtime) -> None:
    for _ in range(20):
        with runtime.database.writing() as session:
            done = expire_links(session, runtime.vault, runtime.clock())
        if not (done + finish_grants(runtime) + revoke_due(runtime)):
            return
    raise AssertionError("the worker finds no end")


def what_is_owed(runtime: Runtime) -> Mapping[str, str]:
    """Collects what notifications say while they are stored: sealed, by id."""
    owed: dict[str, str] = {}

    @event.listens_for(runtime.database.engine, "before_execute")
    def collect(_connection: object, statement: object, *_: object) -> None:
        if isinstance(statement, Insert) and statement.table.name == Notification.__tablename__:
            row = statement.compile().params
            owed[row["id"]] = row["payload"]

    return owed


def outcome(response: httpx.Response) -> str:
    """Which page it is."""
    mark = 'data-outcome="'
    assert mark in response.text, f"{response.status_code}: {response.text}"
    return response.text.split(mark)[1].split('"')[0]
