"""What one of the staff reads on the desk's pages, in a browser in which they are signed in."""

import re
from collections.abc import Mapping
from html import unescape

from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.tenants.models import Tenant, Workspace
from tests.integration.desk.steps import AS_SAM
from tests.integration.submitting import submit

WITHIN_A_LINE = re.compile(r"</?(?:a|b|code|strong|time)\b[^>]*>")


def people_of(runtime: Runtime) -> None:
    """Acme, and Retain's own workspace."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        session.add(Tenant(id="acme", name="Acme Corp", created_at=now))
        session.flush()
        session.add(Workspace(team="T0RETAIN", staff=True, first_seen_at=now))
        session.add(Workspace(team="T0ACME", tenant_id="acme", first_seen_at=now))


def browser_of(client: TestClient, who: Mapping[str, str] = AS_SAM, name: str | None = None) -> TestClient:
    """A browser in which this person is signed in; `client` is the bot, which asked for the link."""
    made = client.post("/v1/page-links", json={"page": "/staff", "name": name}, headers=dict(who))
    assert made.status_code == 201, made.text
    browser = TestClient(client.app, base_url="http://localhost:8000")
    assert submit(browser, made.json()["url"]).status_code == 303
    return browser


def words(html: str) -> str:
    """What one reads there, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", WITHIN_A_LINE.sub("", html))).split())


def read(browser: TestClient, path: str, status: int = 200) -> str:
    """What one reads at a path."""
    response = browser.get(path)
    assert response.status_code == status, response.text
    return words(response.text)
