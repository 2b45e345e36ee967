"""Every page that a sign-in at Zoom can end on, and every error: those that no seeded state leads to are shown here."""

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import make_url

from integration import errors, problems
from integration.app import create_app
from integration.connecting.outcomes import FAILED, KINDS, PAGES, words_of
from integration.pages.views import rendered
from tests.browser.looking import Eyes, faults
from tests.browser.tools import invalid
from tests.integration.conftest import make_settings
from tests.integration.serving import serving
from tests.support.service import empty_database

ENDS = {**{page: (page, None) for page in PAGES}, **{f"failed-{cause}": ("failed", cause) for cause in FAILED}}
ERRORS = {
    "bad-request": errors.BadRequest("This form cannot be read.", remedy="Open it again from our own page."),
    "conflict": errors.Conflict("Somebody else has this support request.", remedy="Leave it to them."),
    "too-large": errors.TooLarge("This is larger than we can take.", remedy="Send less of it."),
    "too-many": errors.TooMany("Too many links were tried.", remedy="Try again in ten minutes."),
    "unavailable": errors.Unavailable("The database cannot be reached.", remedy="Try again in a minute."),
}
BROKEN = "broken"
# Each looks its own way: with what was checked, with a text to pass on, with a way to Slack; errors of ours, of others.
LOOKED_AT = ("end/connected", "end/awaiting", "end/used", "end/failed-not_admin", "error/too-many", "error/broken")
PASSED_ON = {
    "tenant": "Acme Ltd",
    "requester": "Jonas Weber",
    "again": "/connect/x",
    "forward": "Could you connect Zoom?",
}


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("ends") / "retain.db"
    file.write_bytes(empty_database())
    app = create_app(make_settings(make_url(f"sqlite:///{file}")))

    @app.get("/end/{name}")
    def end(request: Request, name: str) -> Response:
        page, cause = ENDS[name]
        told = words_of(page, cause)
        beside = {"until": request.app.state.runtime.clock(), "back": "https://acme.slack.example/archives/D1/p1"}
        more = PASSED_ON | beside
        html = rendered(request, "connect_outcome.html", told=told, kind=KINDS[told.kind], page=page, **more)
        return HTMLResponse(html)

    @app.get("/error/{name}")
    def error(request: Request, name: str) -> Response:
        return problems.broken(request) if name == BROKEN else problems.answer(request, ERRORS[name])

    with serving(app) as served:
        yield served.url
    app.state.runtime.database.close()


def test_html_of_each_is_valid(ends: str, tmp_path: Path) -> None:
    places = [f"end/{name}" for name in ENDS] + [f"error/{name}" for name in (*ERRORS, BROKEN)]
    sent = {place.replace("/", "-"): httpx.get(f"{ends}/{place}").content for place in places}
    assert invalid(sent, tmp_path) == []


def test_nothing_stands_in_anybodys_way_on_them(ends: str, eyes: Eyes) -> None:
    page = eyes.browser.new_page(reduced_motion="reduce")  # colours that are changing have no contrast yet
    found = {}
    for place in LOOKED_AT:
        page.goto(f"{ends}/{place}")
        found[place] = faults(page)
    page.context.close()
    assert found == {place: ([], []) for place in LOOKED_AT}


@pytest.mark.parametrize("name", [*ERRORS, BROKEN])
def test_an_error_says_what_to_do_and_has_a_reference(ends: str, name: str) -> None:
    answer = httpx.get(f"{ends}/error/{name}")
    assert answer.headers["X-Request-ID"] in answer.text
    assert answer.status_code >= 400
    if error := ERRORS.get(name):
        assert error.status == answer.status_code
