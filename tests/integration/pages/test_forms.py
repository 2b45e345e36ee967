"""The tokens of forms: whose they are, for how long, and what is made of what was typed."""

from datetime import UTC, datetime

import pytest
from fastapi import Request, Response

from integration.pages import forms
from integration.pages.forms import dated_token, is_of_these_days, is_of_this_browser, text_of, token
from integration.runtime import Runtime
from tests.integration.conftest import TestClock

DAY = 24 * 60 * 60
ONE, OTHER = "A" * 43, "B" * 43


class App:
    """As much of an app as a form needs."""

    def __init__(self, runtime: Runtime) -> None:
        self.state = self
        self.runtime = runtime


@pytest.fixture
def app(runtime: Runtime) -> App:
    return App(runtime)


def request(app: App, origin: str | None = None, **cookies: str) -> Request:
    headers = [(b"cookie", "; ".join(f"retain-{name}={value}" for name, value in cookies.items()).encode())]
    if origin:
        headers.append((b"sec-fetch-site", origin.encode()))
    return Request({"type": "http", "method": "POST", "headers": headers, "app": app})


def test_a_token_is_one_browsers(app: App) -> None:
    sent = {"form_token": token(request(app, form=ONE))}
    assert is_of_this_browser(request(app, form=ONE), sent)
    for stranger in (request(app, form=OTHER), request(app, form="x"), request(app)):
        assert not is_of_this_browser(stranger, sent)
    assert not is_of_this_browser(request(app, form=ONE), {})
    assert not is_of_this_browser(request(app, form=ONE), {"form_token": "ä"})


def test_signing_in_leaves_the_forms_of_before_good_and_signing_in_as_another_does_not(app: App) -> None:
    before = {"form_token": token(request(app, form=ONE))}
    assert is_of_this_browser(request(app, form=ONE, pages=OTHER), before)
    signed_in = {"form_token": token(request(app, form=ONE, pages=OTHER))}
    assert not is_of_this_browser(request(app, form=ONE, pages="C" * 43), signed_in)


def test_a_browser_that_has_no_cookie_is_given_one_with_its_first_form(app: App) -> None:
    first, response = request(app), Response()
    assert token(first) == token(first)
    forms.keep_browser(first, response)
    kept = response.headers["Set-Cookie"].partition(";")[0].removeprefix("retain-form=")
    assert is_of_this_browser(request(app, form=kept), {"form_token": token(first)})


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_another_site_sends_nothing_even_with_a_token(app: App, origin: str) -> None:
    browsers, of_all = token(request(app, form=ONE)), dated_token(request(app))
    assert not is_of_this_browser(request(app, origin, form=ONE), {"form_token": browsers})
    assert not is_of_these_days(request(app, origin), {"form_token": of_all})


def test_a_form_for_everybody_is_good_until_the_end_of_the_next_day(app: App, clock: TestClock) -> None:
    clock.now = datetime(2025, 1, 14, 23, 59, tzinfo=UTC)
    sent = {"form_token": dated_token(request(app))}
    clock.move(60)
    assert dated_token(request(app)) != sent["form_token"]
    assert is_of_these_days(request(app), sent)
    clock.move(DAY - 60)
    assert is_of_these_days(request(app), sent)
    clock.move(60)
    assert not is_of_these_days(request(app), sent)


def test_a_secret_of_a_browser_is_the_same_for_the_same_thing_alone(app: App) -> None:
    mine = forms.of_this_browser(request(app, form=ONE), "a")
    assert mine == forms.of_this_browser(request(app, form=ONE), "a")
    assert mine != forms.of_this_browser(request(app, form=OTHER), "a")
    assert mine != forms.of_this_browser(request(app, form=ONE), "b")


def test_what_was_typed_has_lines_and_no_more_than_fits() -> None:
    assert text_of({"text": " one\r\ntwo\0 "}, "text") == "one\ntwo"
    assert text_of({"text": "three"}, "text", 2) == "th"
    assert text_of({}, "text") == ""
