"""`/staff/tenants`: what needs attention first, and what an address asks for."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from integration.connections.models import Incident
from integration.policy import Role
from integration.runtime import Runtime
from tests.integration.staff.steps import (
    DAY,
    HOUR,
    MINUTE,
    add_connection,
    add_request,
    add_tenant,
    lines_of,
    sign_in,
    text_of,
)

TENANTS = "/staff/tenants"


@pytest.fixture
def some(runtime: Runtime) -> None:
    """Four tenants: one is fine, one is broken, one waits for us, one is not connected."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        add_tenant(session, "acme", now - 30 * DAY, name="Acme & Sons")
        add_connection(session, "acme", "connected", "connected", now - 20 * DAY, now - MINUTE)
        add_tenant(session, "brick", now - 30 * DAY)
        add_connection(session, "brick", "needs_reauthorization", "grant_revoked", now - 2 * DAY, now - 3 * DAY)
        add_tenant(session, "corner", now - 30 * DAY, name="=Corner()")
        add_connection(session, "corner", "connected", "connected", now - 20 * DAY, now - 5 * HOUR)
        add_request(session, runtime, "corner", now - HOUR, now + HOUR)
        add_tenant(session, "delta", now - 2 * DAY)


def get(browser: TestClient, path: str = TENANTS, status: int = 200) -> str:
    response = browser.get(path, follow_redirects=False)
    assert response.status_code == status, response.text
    return str(response.text)


@pytest.mark.usefixtures("some")
def test_what_needs_attention_comes_first(browser: TestClient) -> None:
    page = get(browser)
    assert "2 of 4 need attention" in text_of(page)
    assert lines_of(page) == [
        ["Brick", "An admin of theirs must act", "Has to be authorized again", "2 days ago", "3 days ago", ""],
        ["=Corner()", "A request waits", "Connected", "20 days ago", "5 hours ago", "1"],
        ["Acme & Sons", "", "Connected", "20 days ago", "1 minute ago", ""],
        ["Delta", "", "Not connected", "2 days ago", "", ""],
    ]
    assert page.count('class="state good"') == 1  # only what was proven lately is green
    assert 'href="/staff/tenants/acme"' in page
    options = text_of(page.split('aria-label="Which organisations">')[1].split("</nav>")[0])
    assert options == "All 4 Need attention 2 Has to be authorized again 1 Not connected 1 Connected 2"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=attention", ["Brick", "=Corner()"]),
        ("state=connected", ["=Corner()", "Acme & Sons"]),
        ("state=connected&sort=name", ["=Corner()", "Acme & Sons"]),
        ("state=connected&sort=name&order=desc", ["Acme & Sons", "=Corner()"]),
        ("q=corner.example", ["=Corner()"]),
        ("sort=verified", ["Brick", "=Corner()", "Acme & Sons", "Delta"]),
        ("sort=since&q=r", ["Brick", "=Corner()"]),
        ("sort=requests", ["=Corner()", "Acme & Sons", "Brick", "Delta"]),
        ("sort=state", ["Brick", "Delta", "=Corner()", "Acme & Sons"]),
    ],
)
@pytest.mark.usefixtures("some")
def test_an_address_says_which_and_in_which_order(browser: TestClient, query: str, found: list[str]) -> None:
    names = [line[0] for line in lines_of(get(browser, f"{TENANTS}?{query}"))]
    assert names == found


@pytest.mark.usefixtures("some")
def test_whom_nobody_finds_may_have_been_mistyped(browser: TestClient) -> None:
    page = get(browser, f"{TENANTS}?q=akme")
    assert lines_of(page) == []
    assert '<a href="/staff/tenants/acme">Acme &amp; Sons</a>' in page
    assert f'<a href="{TENANTS}">Show all organisations</a>' in page


@pytest.mark.usefixtures("some")
def test_the_file_has_what_is_asked_for(browser: TestClient) -> None:
    response = browser.get(f"{TENANTS}.csv?sort=name&order=desc&state=connected")
    assert response.headers["content-disposition"] == 'attachment; filename="tenants-2025-01-14.csv"'
    head, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert head[:5] == ["Organisation", "Id", "Needs attention", "Zoom", "Why"]
    assert [line[0] for line in lines] == ["Acme & Sons", "'=Corner()"]
    assert lines[0][1:] == ["acme", "", "Connected", "Zoom is connected.", "Nobody", *lines[0][6:]]
    assert lines[0][6:] == ["2024-12-25T18:30:00Z", "2025-01-14T18:29:00Z", "0"]


def test_without_tenants_it_says_who_adds_them(browser: TestClient) -> None:
    page = get(browser)
    assert "There is no organisation yet." in text_of(page)
    assert "<table" not in page


@pytest.mark.usefixtures("some")
def test_trouble_of_many_is_told_once_above(browser: TestClient, runtime: Runtime) -> None:
    now = runtime.clock()
    with runtime.database.writing() as session:
        session.add(Incident(id="i1", cause="many_at_once", began_at=now - HOUR, last_seen_at=now, tenants=7))
    page = text_of(get(browser))
    assert "Many connections have trouble at once" in page
    assert "It began 1 hour ago, and 7 organisations have it." in page


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("path", [TENANTS, f"{TENANTS}.csv", f"{TENANTS}/acme"])
def test_it_is_for_staff_alone(anonymous: TestClient, runtime: Runtime, path: str) -> None:
    get(anonymous, path, 401)
    sign_in(anonymous, runtime, Role.ADMIN, "acme")
    get(anonymous, path, 403)
