"""`/staff/tenants/{tenant}`: its facts, its past, its people and requests, and a live check."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from integration.desk.models import SupportRequest
from integration.policy import Role
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import connect, history, list_admin
from tests.integration.staff.steps import HOUR, add_request, sign_in, text_of
from tests.integration.submitting import submit

ACME = "/staff/tenants/acme"


@pytest.fixture
def acme(runtime: Runtime, zoom: ZoomStandIn, clock: TestClock, browser: TestClient) -> TestClient:
    """Connected an hour ago."""
    connect(runtime, zoom)
    clock.move(3600)
    sign_in(browser, runtime, Role.STAFF)  # the first one is over
    return browser


def get(browser: TestClient, path: str = ACME, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status, response.text
    return text_of(response.text)


def test_it_says_what_the_status_says(acme: TestClient, runtime: Runtime) -> None:
    list_admin(runtime, "slack:T1/UOTTO")
    page = get(acme)
    assert "Connected since 10:30 PT today" in page
    assert "As far as we know, Zoom is connected." in page  # it was verified an hour ago
    assert "Last verified 1 hour ago" in page
    assert "Zoom user Jonas" in page
    assert "UOTTO" in page
    assert "Who must act" not in page
    assert "/retain connect acme" in page
    assert "Nobody of theirs has asked for a person." in page


def test_the_button_asks_zoom_and_shows_what_came_of_it(
    acme: TestClient, runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    shown = submit(acme, ACME)
    assert shown.status_code == 200
    assert "Checked just now: it works" in shown.text
    assert 'class="state good"' in shown.text
    assert history(runtime, kind="verified") == [("connected", "connected")]
    assert "Checked: Zoom confirmed the connection. 11:30 PT today , by you" in text_of(shown.text)
    assert "Checked just now: it works" in submit(acme, ACME).text
    assert len(history(runtime, kind="verified")) == 1  # Zoom is not asked twice within seconds
    clock.move(10)
    zoom.uninstall("acme")
    again = text_of(submit(acme, ACME).text)
    assert "Checked just now: it does not work" in again
    assert "Needs attention: An admin of theirs must act." in again
    assert "Who must act An admin of theirs" in again


def test_another_sites_form_checks_nothing(acme: TestClient, runtime: Runtime) -> None:
    assert acme.post(ACME, data={"form_token": "guessed"}).status_code == 403
    assert history(runtime, kind="verified") == []


def test_it_shows_how_the_connection_stood_then(acme: TestClient) -> None:
    before = get(acme, f"{ACME}?at=2025-01-14T10:29")
    assert "Zoom as it stood 10:29 PT today" in before
    assert "Not enabled" in before
    assert "Check with Zoom now" not in before
    [link] = re.findall(r'href="(/staff/tenants/acme\?at=[^"]*)"', acme.get(ACME).text)
    assert "Connected since 10:30 PT today" in get(acme, link)


@pytest.mark.parametrize(
    "at", ["yesterday", "1999-01-01", "2030-01-01T10:00", "9999-12-31T23:30", "0001-01-01T00:00%2B14:00"]
)
def test_a_moment_that_cannot_be_is_said_in_words(acme: TestClient, at: str) -> None:
    assert "a moment" in get(acme, f"{ACME}?at={at}", 422)


def test_requests_lead_to_their_pages(acme: TestClient, runtime: Runtime) -> None:
    now = runtime.clock()
    with runtime.database.writing() as session:
        late = add_request(session, runtime, "acme", now - 4 * HOUR, now - HOUR, "Why must I connect <again>?")
        add_request(session, runtime, "acme", now, now + HOUR, "And now?")
    page = acme.get(ACME).text
    assert f'<a href="/staff/queue/{late}">Why must I connect &lt;again&gt;?</a>' in page
    assert "Needs attention: A request is overdue." in text_of(page)
    assert page.index("connect &lt;again") < page.index("And now?")


def test_of_requests_that_do_not_wait_the_latest_are_shown_and_the_queue_has_the_others(
    acme: TestClient, runtime: Runtime
) -> None:
    now = runtime.clock()
    with runtime.database.writing() as session:
        for age in range(5):
            add_request(session, runtime, "acme", now - age * HOUR, now, f"Question {age}")
        session.execute(update(SupportRequest).values(state="resolved"))
    page = acme.get(ACME).text
    assert [f"Question {age}" in page for age in range(5)] == [True, True, True, False, False]
    assert "5 in all" in page
    assert 'href="/staff/queue?state=resolved&amp;q=Acme"' in page


def test_an_unknown_tenant_is_told_with_whom_one_may_mean(acme: TestClient) -> None:
    assert "Did you mean acme?" in get(acme, "/staff/tenants/akme", 404)
