from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from integration.app import create_app
from integration.desk.models import ResponseClock, SupportRequest
from integration.pages import promise
from integration.runtime import Runtime
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connections.steps import STAFF

DOWN = "Zoom is down; <hours> will be repaired"
SAID = "Zoom is down; &lt;hours&gt; will be repaired"


@pytest.fixture
def staff(client: TestClient) -> TestClient:
    client.headers.update(STAFF)
    return client


def set_notice(client: TestClient, clock: TestClock, *articles: str) -> None:
    until = (clock.now + timedelta(hours=1)).isoformat()
    client.put("/v1/incident", json={"text": DOWN, "until": until, "articles": articles}).raise_for_status()


def answered(runtime: Runtime, number: int, at: datetime, minutes: int) -> None:
    with runtime.database.writing() as session:
        row = f"{number:032x}"
        session.add(SupportRequest(id=row, key=row, via="web", text="v1", asked_at=at, state="answered"))
        session.flush()
        times = {"started_at": at, "respond_by": at + timedelta(hours=2), "stopped_at": at + timedelta(minutes=minutes)}
        session.add(ResponseClock(id=row, request_id=row, number=1, ended="answered", **times))


def test_a_notice_stands_on_the_pages_it_touches_and_goes_by_itself(staff: TestClient, clock: TestClock) -> None:
    set_notice(staff, clock, "connect-zoom")
    for path in ("/", "/help/connect-zoom", "/integrations", "/support"):
        page = staff.get(path).text
        assert SAID in page
        assert "until <time" in page
        assert "11:30 on 14 January 2025 (PST)" in page
    assert SAID not in staff.get("/help/security-privacy").text
    etag = staff.get("/").headers["ETag"]
    clock.move(3600)
    gone = staff.get("/", headers={"If-None-Match": etag})
    assert gone.status_code == 200
    assert SAID not in gone.text


def test_one_without_articles_stands_on_all_pages(staff: TestClient, clock: TestClock) -> None:
    set_notice(staff, clock)
    assert SAID in staff.get("/help/security-privacy").text
    staff.delete("/v1/incident").raise_for_status()
    assert SAID not in staff.get("/help/security-privacy").text


def test_the_kept_promise_is_published_once_there_are_enough_answers_to_tell(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    start = clock.now
    for number in range(4):
        answered(runtime, number, start, 30)
    clock.move(7 * 3600)
    assert "In the last 90 days" not in client.get("/").text
    for number in (4, 5):
        answered(runtime, number, start, 300)
    assert "In the last 90 days" not in client.get("/").text  # it is reckoned once a minute
    clock.move(promise.REMEMBERED.total_seconds())
    assert "In the last 90 days, 4 of 6 support requests had a response in time (66%)." in client.get("/").text


def test_help_pages_do_without_both_while_the_database_is_away(clock: TestClock, tmp_path: Path) -> None:
    app = create_app(make_settings(make_url(f"sqlite:///{tmp_path / 'gone' / 'retain.db'}")), clock=clock)
    assert TestClient(app).get("/help/connect-zoom").status_code == 200
