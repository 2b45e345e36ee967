"""What was not answered well, as a page and a file; and what readers think of help pages."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from integration.gaps import service
from integration.questions.votes import Vote, record
from integration.runtime import Runtime
from integration.searching import search_of
from tests.integration.conftest import TestClock
from tests.integration.desk.reading import browser_of, people_of, read
from tests.integration.desk.steps import AS_DANA
from tests.integration.gaps.rows import Asking

U1, U2 = "slack:T0ACME/U1", "slack:T0ACME/U2"


@pytest.fixture
def asking(runtime: Runtime) -> Asking:
    return Asking(runtime)


@pytest.fixture
def browser(client: TestClient, runtime: Runtime) -> TestClient:
    """Of one of the staff."""
    people_of(runtime)
    return browser_of(client)


def test_the_page_tells_staff_what_to_do(browser: TestClient, asking: Asking, runtime: Runtime) -> None:
    asking("Can I get an <b>invoice</b>?", disliked_by=(U1,), comment="The PDF")
    page = browser.get("/staff/gaps").text
    assert "Can I get an &lt;b&gt;invoice&lt;/b&gt;?</h2>" in page
    assert "The PDF" in page
    # As many as the page shows: the ids of all of them are known to the command.
    gap = service.read_gaps(runtime, search_of(), days=30, limit=1).groups[0]
    assert f"--days 30 --limit 100 --patch gaps.patch --choose {gap.id}=ARTICLE" in page
    assert 'aria-current="true">30 days' in page
    assert "Nothing is left" not in page


def test_gaps_are_sorted_filtered_and_searched(browser: TestClient, asking: Asking, clock: TestClock) -> None:
    for _ in range(2):
        asking("Is there a colour blind mode?", by=U1)
    clock.move(600)
    asking("Can I get an invoice?", "suggested", by=U2)
    most, last = read(browser, "/staff/gaps"), read(browser, "/staff/gaps?sort=last")
    assert most.index("colour blind") < most.index("invoice?")
    assert last.index("invoice?") < last.index("colour blind")
    assert "All 2 Nothing was found 1 Not sure 1" in most
    assert "invoice?" not in read(browser, "/staff/gaps?kind=unknown")
    assert "None like that" in read(browser, "/staff/gaps?kind=disliked")
    assert "colour blind" not in read(browser, "/staff/gaps?q=invoice")
    links = browser.get("/staff/gaps?days=7&sort=last").text
    assert 'href="/staff/gaps?days=7&amp;sort=last&amp;kind=unknown"' in links
    heads, line, _ = csv.reader(io.StringIO(browser.get("/staff/gaps.csv").text.removeprefix("\ufeff")))
    assert (heads[0], line[0], line[1]) == ("Question", "Is there a colour blind mode?", "2")


def test_what_readers_think_of_help_pages_stands_beside(browser: TestClient, runtime: Runtime) -> None:
    assert "Nobody has said anything yet" in read(browser, "/staff/gaps/help-pages")
    votes = (
        Vote("k1", "connect-zoom", helpful=True),
        Vote("k2", "connect-zoom", helpful=False, comment="A <picture>", asked="grey button"),
        Vote("k3", "security-privacy", helpful=True),
    )
    with runtime.database.writing() as session:
        for vote in votes:
            record(session, runtime.vault, vote, runtime.clock())
    page = read(browser, "/staff/gaps/help-pages")
    assert "Connect Zoom to Retain 1 1 50% A <picture> After they had looked for “grey button”." in page
    assert page.index("Connect Zoom to Retain 1") < page.index("100%")
    assert "None like that" in read(browser, "/staff/gaps/help-pages?q=nowhere")
    file = csv.reader(io.StringIO(browser.get("/staff/gaps/help-pages.csv").text.removeprefix("\ufeff")))
    assert list(file)[1] == ["Connect Zoom to Retain", "1", "1", "50", "A <picture> / grey button"]


def test_the_pages_are_for_staff_and_say_when_nothing_is_left(browser: TestClient, client: TestClient) -> None:
    assert "Nothing is left" in read(browser, "/staff/gaps?days=7")
    dana = browser_of(client, AS_DANA)
    for path in ("/staff/gaps", "/staff/gaps.csv", "/staff/gaps/help-pages", "/staff/gaps/help-pages.csv"):
        assert dana.get(path).status_code == 403
        assert client.get(path).status_code == 401
