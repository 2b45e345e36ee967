"""Tokens: one use, expiry, rotation, revocation, one live pair per person, and what is said when they are dead."""

import pytest

from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.zoom.sandbox.conftest import Json, Program

INVALID_TOKEN = {"reason": "Invalid Token!", "error": "invalid_grant"}


def test_a_code_becomes_a_pair(program: Program) -> None:
    pair = program.connected("jonas")
    assert pair["token_type"] == "bearer"
    assert pair["expires_in"] == 3599
    assert "user:read:user:admin" in pair["scope"].split(" ")
    assert "api_url" not in pair
    assert program.get(pair, "/users/me").json()["email"] == "jonas@acme.example"


def test_the_api_s_address_may_be_named(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.habits(api_url="yes")
    assert program.connected()["api_url"] + "/v2" == zoom.api_url


def test_a_code_works_once(program: Program) -> None:
    code = program.code()
    assert program.exchange(code).ok
    refused = program.exchange(code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_code_works_for_five_minutes(zoom: ZoomStandIn, program: Program) -> None:
    in_time, late = program.code(), program.code()
    zoom.forward(300)
    assert program.exchange(in_time).ok
    zoom.forward(1)
    assert program.exchange(late).json()["code"] == 4733


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"redirect_uri": "http://127.0.0.1:9/other"}, 4709, "invalid_request"),
        ({"code_verifier": "w" * 43}, None, "invalid_grant"),
        ({"code_verifier": ""}, None, "invalid_grant"),
        ({"code": "forged"}, 4734, "invalid_grant"),
        ({"grant_type": "password"}, 4705, "unsupported_grant_type"),
        ({"grant_type": ""}, 4705, "unsupported_grant_type"),
    ],
)
def test_an_exchange_that_is_wrong_is_refused(
    zoom: ZoomStandIn, program: Program, changes: Json, code: int | None, error: str
) -> None:
    answer = program.exchange(**{"code": program.code(), **changes})
    assert answer.status_code == 400
    assert (answer.json().get("code"), answer.json()["error"]) == (code, error)
    assert zoom.live_pairs() == []


@pytest.mark.parametrize("which", ["id", "secret", "neither basic nor anything"])
def test_without_the_app_s_credentials_nothing_is_handed_out(zoom: ZoomStandIn, program: Program, which: str) -> None:
    pair = program.connected()
    form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    auth = {"id": ("x", zoom.client_secret), "secret": (zoom.client_id, "x")}.get(which)
    url = f"{zoom.oauth_url}/oauth/token"
    headers = {} if auth else {"Authorization": "Bearer ü".encode().decode("latin-1")}
    answer = program.http.post(url, data=form, auth=auth, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    assert program.refresh(pair).ok  # and the token was not used up


def test_a_refresh_rotates_and_the_old_refresh_token_is_dead(zoom: ZoomStandIn, program: Program) -> None:
    first = program.connected()
    second = program.refresh(first).json()
    assert second["refresh_token"] != first["refresh_token"]
    refused = program.refresh(first)
    assert (refused.status_code, refused.json()) == (400, INVALID_TOKEN)
    assert program.refresh(second).ok
    assert zoom.refreshes["jonas"] == 2
    assert len([call for call in zoom.calls if call.kind == "refresh"]) == 3


def test_the_old_refresh_token_may_linger_for_a_minute(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.habits(old_refresh="lingers")
    first = program.connected()
    assert program.refresh(first).ok
    zoom.forward(60)
    assert program.refresh(first).ok
    zoom.forward(1)
    assert program.refresh(first).json() == INVALID_TOKEN


def test_the_old_access_token_may_live_on_or_die(zoom: ZoomStandIn, program: Program) -> None:
    first = program.connected()
    second = program.refresh(first).json()
    assert program.get(first, "/users/me").ok
    zoom.faults.habits(old_access="dies")
    assert program.get(first, "/users/me").status_code == 401
    assert program.get(second, "/users/me").ok


def test_an_access_token_lives_for_an_hour(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.forward(3600)
    assert program.get(pair, "/users/me").ok
    zoom.forward(1)
    expired = program.get(pair, "/users/me")
    assert (expired.status_code, expired.json()) == (401, {"code": 124, "message": "Access token is expired."})


def test_a_refresh_token_lives_for_ninety_days(zoom: ZoomStandIn, program: Program) -> None:
    jonas, carlos = program.connected("jonas"), program.connected("carlos")
    zoom.forward(90 * 86_400)
    assert program.refresh(jonas).ok
    zoom.forward(1)
    assert program.refresh(carlos).json() == INVALID_TOKEN
    assert [pair.grant.user.key for pair in zoom.live_pairs()] == ["jonas"]


def test_a_dead_refresh_token_may_be_answered_as_in_older_reports(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.habits(dead_refresh="401")
    answer = program.token({"grant_type": "refresh_token", "refresh_token": "forged"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_request")


def test_authorizing_again_kills_the_earlier_pair(zoom: ZoomStandIn, program: Program) -> None:
    first = program.connected("jonas")
    second, other = program.connected("jonas"), program.connected("ines")
    assert program.get(first, "/users/me").json()["code"] == 4741
    assert program.refresh(first).json() == INVALID_TOKEN
    assert program.get(second, "/users/me").ok
    assert program.get(other, "/users/me").ok
    assert len(zoom.live_pairs("jonas")) == 1


def test_revoking_kills_both_tokens(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    answer = program.revoke(pair["access_token"])
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    assert program.get(pair, "/users/me").json()["code"] == 4741
    assert program.refresh(pair).json() == INVALID_TOKEN
    assert zoom.live_pairs() == []


def test_revoking_an_older_access_token_kills_the_newest_pair_too(program: Program) -> None:
    first = program.connected()
    second = program.refresh(first).json()
    assert program.revoke(first["access_token"]).ok
    assert program.refresh(second).json() == INVALID_TOKEN


def test_an_unknown_token_cannot_be_revoked(program: Program) -> None:
    answer = program.revoke("forged")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_pair_of_long_ago_is_forgotten(program: Program) -> None:
    first = pair = program.connected()
    for _ in range(25):
        pair = program.refresh(pair).json()
    assert program.get(first, "/users/me").json()["message"] == "Invalid access token."
    assert program.get(pair, "/users/me").ok
