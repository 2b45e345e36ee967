"""The queue as a table: who is first, what is found, and the file of it."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.reading import browser_of, people_of, read
from tests.integration.desk.steps import AS_DANA, AS_EVE, AS_ROBIN, done, hand_over


@pytest.fixture
def browser(client: TestClient, runtime: Runtime, clock: TestClock) -> TestClient:
    """Dana waits since two hours and is overdue; Eve has half an hour left, and is Robin's; a third is resolved."""
    people_of(runtime)
    hand_over(client, AS_DANA, name="Dana Fox")
    clock.move(7200)
    eve = hand_over(client, AS_EVE, key="view:V2", name="Eve Moon", text="=1+1 is no formula")
    solved = hand_over(client, AS_EVE, key="view:V3", name="Eve Moon", text="Solved")
    done(client, solved, "resolve")
    done(client, eve, "claim", AS_ROBIN)
    clock.move(5400)
    return browser_of(client)


def test_those_who_wait_stand_in_order_with_the_time_left(browser: TestClient) -> None:
    page = read(browser, "/staff/queue")
    assert "One request is overdue. What must be answered first stands first." in page
    assert "Waiting Answered Resolved" in page
    assert (
        "Dana Fox (Acme Corp) Why must I connect again? Overdue 10:30 PT today 12:30 PT today overdue by 1 h 30 min"
        in page
    )
    assert (
        "Eve Moon (Acme Corp) =1+1 is no formula Due soon 12:30 PT today 14:30 PT today 30 min left A colleague" in page
    )
    assert page.index("Dana Fox") < page.index("Eve Moon")
    assert "1–2 of 2 requests." in page


def test_the_address_chooses_sorts_and_searches(browser: TestClient) -> None:
    newest = read(browser, "/staff/queue?sort=asked")
    assert newest.index("Eve Moon") < newest.index("Dana Fox")
    assert "Eve Moon" not in read(browser, "/staff/queue?whose=free")
    assert "None like that" in read(browser, "/staff/queue?whose=mine")
    assert "Dana Fox" not in read(browser, "/staff/queue?q=ACME+formula+soon")
    assert "None like that" in read(browser, "/staff/queue?q=moon")  # people's names are not looked for
    assert "Solved Resolved 12:30 PT today 12:30 PT today" in read(browser, "/staff/queue?state=resolved")
    assert "No answered request is left to close" in read(browser, "/staff/queue?state=answered")


def test_the_file_has_the_same_and_opens_no_formula(browser: TestClient) -> None:
    response = browser.get("/staff/queue.csv?q=formula")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Cache-Control"] == "no-store"
    heads, line = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")))
    assert heads[:3] == ["Who asks", "Question", "State"]
    assert line[:8] == [
        *("Eve Moon (Acme Corp)", "'=1+1 is no formula", "Due soon", "2025-01-14T20:30:00Z", "2025-01-14T22:30:00Z"),
        *("", "30.0", "A colleague"),
    ]


def test_only_staff_read_it(browser: TestClient, client: TestClient) -> None:
    jonas = browser_of(client, AS_DANA | {"X-Role": "admin"})
    for path in ("/staff", "/staff/queue", "/staff/queue.csv"):
        assert jonas.get(path).status_code == 403
        assert client.get(path).status_code == 401
