import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from integration.app import create_app
from integration.db import Database
from integration.desk.models import ResponseClock, SupportRequest
from integration.help_centre import promise
from integration.help_centre.around import KEPT, KEPT_WHILE_AWAY, Around, Surroundings
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
        assert "11:30 PT today" in page
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
    clock.move(KEPT.total_seconds())  # pages look once in so many seconds
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
    clock.move(KEPT.total_seconds())
    assert "In the last 90 days" not in client.get("/").text  # it is reckoned once a minute
    clock.move(promise.REMEMBERED.total_seconds())
    assert "In the last 90 days, 4 of 6 support requests had a response in time (66%)." in client.get("/").text


def test_pages_do_not_wait_for_the_database(
    staff: TestClient, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reader in ten seconds looks whether it is back; everybody reads what was known before."""
    set_notice(staff, clock)
    assert SAID in staff.get("/").text
    looks = []

    def away(_: Database) -> NoReturn:
        looks.append(clock.now)
        raise OperationalError("SELECT", {}, TimeoutError())

    monkeypatch.setattr(Database, "reading", away)
    for _ in range(2):
        clock.move(KEPT_WHILE_AWAY.total_seconds())
        for _ in range(3):
            assert SAID in staff.get("/").text
    assert len(looks) == 2
    clock.move(3600)
    assert SAID not in staff.get("/").text  # its time is over, whoever says so


class Hanging(Database):
    """One that answers when a test says so."""

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        self.asked, self.answers = threading.Event(), threading.Event()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self.asked.set()
        assert self.answers.wait(30)
        with super().reading() as session:
            yield session


def test_one_reader_looks_and_the_others_do_not_wait_for_them(database_url: URL, clock: TestClock) -> None:
    surroundings, database = Surroundings(), Hanging(database_url)
    with ThreadPoolExecutor(1) as others:
        first = others.submit(surroundings.known, database, clock.now)
        assert database.asked.wait(30)
        assert surroundings.known(database, clock.now) == Around()
        database.answers.set()
        assert first.result(30) == Around()
    database.close()


def test_help_pages_do_without_both_while_the_database_is_away(clock: TestClock, tmp_path: Path) -> None:
    app = create_app(make_settings(make_url(f"sqlite:///{tmp_path / 'gone' / 'retain.db'}")), clock=clock)
    assert TestClient(app).get("/help/connect-zoom").status_code == 200
