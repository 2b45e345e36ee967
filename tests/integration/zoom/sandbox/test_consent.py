"""The consent page: what it lets in, whom it asks, where it leads."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from tests.integration.zoom.sandbox.conftest import CALLBACK, Program
from tests.support.zoom import running_zoom


def test_allowing_leads_back_with_a_code_and_the_state_as_it_was(zoom: ZoomStandIn, program: Program) -> None:
    back = zoom.authorize_as("ines", program.consent_url())
    assert back.startswith(f"{CALLBACK}?")
    query = parse_qs(urlsplit(back).query)
    assert query["state"] == ["a state/with?signs&="]
    assert query.keys() == {"code", "state"}


def test_denying_leads_back_with_an_error_and_the_state(zoom: ZoomStandIn, program: Program) -> None:
    query = parse_qs(urlsplit(zoom.deny(program.consent_url())).query)
    assert query == {"error": ["access_denied"], "state": ["a state/with?signs&="]}


def test_where_no_state_came_none_goes_back(zoom: ZoomStandIn, program: Program) -> None:
    query = parse_qs(urlsplit(zoom.authorize_as("jonas", program.consent_url({"state": None}))).query)
    assert query.keys() == {"code"}


def test_a_query_of_the_redirect_address_is_kept(zoom: ZoomStandIn, program: Program) -> None:
    back = zoom.authorize_as("jonas", program.consent_url({"redirect_uri": f"{CALLBACK}?from=zoom"}))
    assert parse_qs(urlsplit(back).query)["from"] == ["zoom"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"client_id": "another"}, "4,702"),
        ({"client_id": None}, "4,702"),
        ({"redirect_uri": "http://elsewhere.example/callback"}, "4,709"),
        ({"redirect_uri": None}, "4,709"),
        ({"redirect_uri": "javascript:alert(1)"}, "4,709"),
        ({"redirect_uri": f"{CALLBACK}#part"}, "4,709"),
        ({"redirect_uri": "http://[broken"}, "4,709"),
        ({"response_type": "token"}, "response_type must be code"),
        ({"code_challenge": None}, "PKCE"),
        ({"code_challenge": "too-short"}, "PKCE"),
        ({"code_challenge_method": "plain"}, "PKCE"),
        ({"code_challenge_method": None}, "PKCE"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_wrong_is_said_on_a_page_and_nobody_is_sent_anywhere(
    program: Program, change: dict[str, str | None], says: str, method: str
) -> None:
    form = {"person": "jonas", "decision": "allow"}
    answer = program.http.request(method, program.consent_url(change), data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 400
    assert says in answer.text


def test_with_a_registered_address_no_other_is_led_to() -> None:
    with running_zoom(redirect_uri="http://localhost:8000/oauth/zoom/callback") as zoom, requests.Session() as http:
        program = Program(zoom, http)
        assert zoom.authorize_as(
            "jonas", program.consent_url({"redirect_uri": "http://localhost:8000/oauth/zoom/callback"})
        )
        with pytest.raises(NotPossible, match="Redirect URI mismatch"):
            zoom.authorize_as("jonas", program.consent_url())


def test_allowing_without_choosing_asks_again(program: Program) -> None:
    answer = program.http.post(program.consent_url(), data={"decision": "allow"}, timeout=10)
    assert answer.status_code == 400
    assert "Choose who you are first." in answer.text


def test_where_an_admin_disabled_the_app_its_people_are_refused(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.switch_on("app_disabled", account="acme")
    with pytest.raises(NotPossible, match="disabled"):
        zoom.authorize_as("jonas", program.consent_url())
    assert zoom.authorize_as("carlos", program.consent_url())


def test_its_form_may_lead_to_the_app_and_nowhere_else(program: Program) -> None:
    policy = program.http.get(program.consent_url(), timeout=10).headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert "frame-ancestors 'none'" in policy
