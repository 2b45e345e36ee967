"""Every page and state as it is sent: valid HTML, forms that only we can have given, heads and headers in order."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from fastapi.routing import iter_route_contexts

from integration.app import ROUTERS
from tests.browser.reading import PATIENCE, Document, Form, read
from tests.browser.tools import invalid
from tests.support.pages.site import Site
from tests.support.pages.table import EVERYTHING, NOBODY

Sent = Mapping[str, tuple[requests.Response, Document]]
PRIVATE = ("/integrations", "/reports", "/staff", "/sign-in", "/connect", "/support/")
# Buttons of links that nobody has pressed yet lead back to their page, which asks for the button again.
ASKED_AGAIN = ("/sign-in/", "/connect/")
# Not ours to give a token: programs call them.
NO_FORMS = ("/v1/", "/webhooks/")


@pytest.fixture(scope="module")
def sent(site: Site) -> Sent:
    """Every place of the table, by its name."""
    return {place.name: read(site, place) for place in EVERYTHING}


def test_every_place_answers_as_the_table_says(sent: Sent) -> None:
    assert {place.name: place.status for place in EVERYTHING} == {
        name: one.status_code for name, (one, _) in sent.items()
    }


def test_html_is_valid(sent: Sent, tmp_path: Path) -> None:
    assert invalid({name: response.content for name, (response, _) in sent.items()}, tmp_path) == []


def test_each_page_says_what_it_is(sent: Sent) -> None:
    wrong = []
    for name, (response, document) in sent.items():
        head = {
            "begins with the doctype": response.text.lower().startswith("<!doctype html>"),
            "has its charset in the first kilobyte": b'charset="utf-8"' in response.content[:1024].lower(),
            "names its language": document.language == "en",
            "has a title of its own": len(document.title.partition("·")[0].strip()) > 2,
            "lets phones zoom": document.meta.get("viewport") == "width=device-width, initial-scale=1",
            "has no code or style among its tags": not {"style", "onclick", "onload"} & document.attributes,
            "says how large its pictures are": all({"width", "height", "alt"} <= set(one) for one in document.images),
        }
        wrong += [f"{name} not: {what}" for what, holds in head.items() if not holds]
    assert wrong == []


def test_headers_let_nothing_in_and_nothing_out(sent: Sent) -> None:
    for name, (response, _) in sent.items():
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), name
        assert "unsafe" not in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), name


def test_nobody_keeps_private_pages(site: Site, sent: Sent) -> None:
    for place in EVERYTHING:
        if place.path.startswith(PRIVATE) and (place.who != NOBODY or place.path.startswith(ASKED_AGAIN)):
            assert "no-store" in sent[place.name][0].headers["Cache-Control"], place.name


def test_private_pages_say_no_personal_data_in_their_addresses(sent: Sent) -> None:
    for name, (response, document) in sent.items():
        addresses = re.findall(r'(?:href|action|src)="([^"]*)"', document.html)
        assert not [one for one in (*addresses, response.url) if "@" in one and not one.startswith("mailto:")], name


def test_every_form_carries_its_token(sent: Sent) -> None:
    without = {
        f"{name}: {form.action}"
        for name, (_, document) in sent.items()
        for form in document.posts()
        if len(form.values.get("form_token", "")) < 20
    }
    assert without == set()


def test_there_is_a_page_in_the_table_for_every_form_of_ours(sent: Sent) -> None:
    forms = [form for _, document in sent.values() for form in document.posts()]
    missing = {
        path
        for path in _posted_to()
        if not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), form.action.partition("?")[0]) for form in forms)
    }
    assert missing == set()


def test_no_form_does_anything_without_its_token(site: Site, sent: Sent) -> None:
    tried: set[str] = set()
    for place in EVERYTHING:
        for form in sent[place.name][1].posts():
            if (kind := re.sub(r"[0-9a-f]{32}|[\w-]{43}", "…", form.action)) not in tried:
                tried.add(kind)
                answer = _without_token(site, place.who, form)
                if form.action.startswith(ASKED_AGAIN):
                    assert answer.headers["Location"].partition("?")[0] == form.action
                else:
                    assert answer.status_code == 403, form.action


def _without_token(site: Site, who: str, form: Form) -> requests.Response:
    with site.as_browser(who) as browser:
        values = {name: value for name, value in form.values.items() if name != "form_token"}
        pressed = dict(button for button in form.buttons.values() if button[0])
        address = f"{site.url}{form.action}"
        return browser.post(address, data=values | pressed, allow_redirects=False, timeout=PATIENCE)


def _posted_to() -> set[str]:
    """The paths of all forms that the service takes."""
    routes = iter_route_contexts([route for router in ROUTERS for route in router.routes])
    posted = {context.path or "" for context in routes if "POST" in (context.methods or ())}
    return {path for path in posted if not path.startswith(NO_FORMS)}
