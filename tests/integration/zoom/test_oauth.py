"""OAuth against a server that speaks the documented protocol, and misbehaves in the documented ways."""

import base64
import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair, ZoomOAuth, challenge_of, new_verifier
from integration.zoom.wire import Timeouts, make_http
from tests.integration.zoom.scripted import MovingClock, Reply, Scripted, scripted

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
CALLBACK = "https://support.example/oauth/zoom/callback"
SECRETS = ("client-secret-7", "access-8", "refresh-9", "the-code-10", "verifier-11", "old-refresh-12")
PAIR = {
    "access_token": "access-8",
    "token_type": "bearer",
    "refresh_token": "refresh-9",
    "expires_in": 3599,
    "scope": "user:read:user:admin report:read:admin",
    "api_url": "https://api-eu.zoom.us",
}
DEAD = {"reason": "Invalid Token!", "error": "invalid_grant"}


@pytest.fixture
def zoom() -> Iterator[Scripted]:
    with scripted(Reply(PAIR)) as script:
        yield script


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock(NOW)


@pytest.fixture
def oauth(zoom: Scripted, clock: MovingClock) -> ZoomOAuth:
    return make_oauth(zoom.url, clock)


def make_oauth(url: str, clock: MovingClock, *, timeouts: Timeouts = Timeouts()) -> ZoomOAuth:  # noqa: B008
    return ZoomOAuth(
        client_id="client-6",
        client_secret=SecretStr("client-secret-7"),
        oauth_url=url,
        http=make_http(url),
        clock=clock,
        sleep=clock.sleep,
        rng=Random(1),
        timeouts=timeouts,
    )


def exchange(oauth: ZoomOAuth) -> TokenPair:
    return oauth.exchange(code="the-code-10", verifier="verifier-11", redirect_uri=CALLBACK)


def refused(call: object) -> ZoomError:
    assert callable(call)
    with pytest.raises(ZoomError) as caught:
        call()
    return caught.value


def test_the_consent_page_is_asked_with_pkce_s256_and_without_scopes(oauth: ZoomOAuth, zoom: Scripted) -> None:
    url = oauth.authorize_url(state="st&te", code_challenge="c", redirect_uri=CALLBACK)
    assert url.startswith(f"{zoom.url}/oauth/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["client-6"],
        "redirect_uri": [CALLBACK],
        "state": ["st&te"],
        "code_challenge": ["c"],
        "code_challenge_method": ["S256"],
    }


def test_a_verifier_is_new_each_time_and_its_challenge_is_the_hash_of_it() -> None:
    verifier = new_verifier()
    assert verifier != new_verifier()
    assert 43 <= len(verifier) <= 128
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64decode(challenge_of(verifier) + "=") == digest


def test_a_code_is_exchanged_with_basic_auth_and_a_form(oauth: ZoomOAuth, zoom: Scripted) -> None:
    pair = exchange(oauth)
    assert pair == TokenPair(
        access_token="access-8",
        refresh_token="refresh-9",
        expires_at=NOW + timedelta(seconds=3599),
        scopes=frozenset({"user:read:user:admin", "report:read:admin"}),
    )
    (asked,) = zoom.asked
    assert (asked.method, asked.target, asked.basic) == ("POST", "/oauth/token", "client-6:client-secret-7")
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": "the-code-10",
        "redirect_uri": CALLBACK,
        "code_verifier": "verifier-11",
    }


def test_a_refresh_gives_the_new_pair(oauth: ZoomOAuth, zoom: Scripted) -> None:
    assert oauth.refresh("old-refresh-12").refresh_token == "refresh-9"
    assert zoom.asked[0].form == {"grant_type": "refresh_token", "refresh_token": "old-refresh-12"}


@pytest.mark.parametrize(
    ("odd", "seconds"),
    [
        ({"expires_in": "3599"}, 3599),
        ({"expires_in": None}, 3600),
        ({"expires_in": -5}, 3600),
        ({"scope": None, "api_url": 7, "token_type": None}, 3599),
    ],
)
def test_a_pair_is_kept_however_odd_the_rest_is(
    oauth: ZoomOAuth, zoom: Scripted, odd: dict[str, object], seconds: int
) -> None:
    zoom.will(Reply(PAIR | odd))
    assert oauth.refresh("old-refresh-12").expires_at == NOW + timedelta(seconds=seconds)


def test_without_a_new_refresh_token_the_old_one_stays(oauth: ZoomOAuth, zoom: Scripted) -> None:
    zoom.will(Reply({name: value for name, value in PAIR.items() if name != "refresh_token"}))
    assert oauth.refresh("old-refresh-12").refresh_token == "old-refresh-12"
    assert refused(lambda: exchange(oauth)).cause.code == "zoom_unavailable"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(hang_up=True),
        Reply(b"<Response><code>124</code></Response>", status=500),
        Reply(b"<html>502 Bad Gateway</html>", status=502),
        Reply(b"<html>blocked</html>", status=403),
        Reply(b'{"access_token": "access-8", "refr', declared=300),
        Reply(b'{"access_token": "access-8", "refr'),
        Reply(b""),
        Reply(b"[]"),
        Reply(b"[" * 100_000),
        Reply(PAIR | {"access_token": "two\nlines"}),
        Reply(PAIR | {"access_token": 7}),
        Reply(PAIR, status=302, headers={"Location": "https://evil.example/"}),
        Reply(DEAD, status=500),
    ],
    ids=str,
)
@pytest.mark.parametrize("call", ["exchange", "refresh"])
def test_whatever_zoom_cannot_say_is_no_verdict_and_is_sent_once(
    oauth: ZoomOAuth, zoom: Scripted, reply: Reply, call: str
) -> None:
    zoom.will(reply)
    error = refused(lambda: exchange(oauth) if call == "exchange" else oauth.refresh("old-refresh-12"))
    assert error.cause.code == "zoom_unavailable"
    assert not error.cause.final
    assert len(zoom.asked) == 1


def test_a_network_error_is_no_verdict(clock: MovingClock) -> None:
    error = refused(lambda: make_oauth("http://127.0.0.1:1", clock).refresh("old-refresh-12"))
    assert (error.cause.code, error.status) == ("zoom_unavailable", None)


def test_an_answer_that_never_ends_is_given_up(zoom: Scripted, clock: MovingClock) -> None:
    zoom.will(Reply(declared=10_000_000, drips=True))
    patient = make_oauth(zoom.url, clock, timeouts=Timeouts(connect=3, read=3, whole=0.3))
    assert refused(lambda: patient.refresh("old-refresh-12")).cause.code == "zoom_unavailable"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, DEAD, "grant_revoked"),
        (401, {"reason": "Invalid Token!", "error": "invalid_request"}, "grant_revoked"),
        (400, DEAD | {"code": 4741}, "grant_revoked"),
        (400, {"code": 4735, "message": "Owner does not exist", "error": "invalid_grant"}, "user_removed"),
        (400, {"errorCode": "4738", "errorMessage": "Disabled by admin"}, "app_disabled"),
        (400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, "invalid_client"),
        (401, {"error": "invalid_client", "error_description": "Invalid client secret"}, "invalid_client"),
        (429, {"code": 429, "message": "You have reached the daily limit"}, "rate_limited_today"),
    ],
)
def test_a_refresh_that_is_refused_says_why(
    oauth: ZoomOAuth, zoom: Scripted, status: int, body: dict[str, object], expected: str
) -> None:
    zoom.will(Reply(body, status=status))
    error = refused(lambda: oauth.refresh("old-refresh-12"))
    assert (error.cause.code, error.status) == (expected, status)
    assert len(zoom.asked) == 1


def test_a_code_that_is_used_up_is_told_from_a_dead_grant(oauth: ZoomOAuth, zoom: Scripted) -> None:
    zoom.will(Reply({"reason": "Invalid authorization code", "error": "invalid_grant"}, status=400))
    assert refused(lambda: exchange(oauth)).cause.code == "code_expired"


def test_revoking_is_tried_again_and_what_is_dead_already_is_fine(
    oauth: ZoomOAuth, zoom: Scripted, clock: MovingClock
) -> None:
    zoom.will(Reply(hang_up=True), Reply(b"", status=503), Reply({"status": "success"}))
    oauth.revoke("access-8")
    assert [one.form for one in zoom.asked] == [{"token": "access-8"}] * 3
    assert zoom.asked[-1].target == "/oauth/revoke"
    zoom.will(Reply(DEAD, status=400))
    oauth.revoke("access-8")
    zoom.will(Reply(b"", status=503))
    assert refused(lambda: oauth.revoke("access-8")).cause.code == "zoom_unavailable"
    assert sum(clock.slept) < 30


def test_errors_and_logs_hold_no_secret(
    oauth: ZoomOAuth, zoom: Scripted, clock: MovingClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"reason": " ".join(SECRETS), "error": "access-8", "code": "refresh-9"}
    seen = [repr(exchange(oauth))]
    for reply in (Reply(echo, status=400), Reply(echo), Reply(PAIR | {"access_token": "\nold-refresh-12"})):
        zoom.will(reply)
        for call in (lambda: exchange(oauth), lambda: oauth.refresh("old-refresh-12")):
            error = refused(call)
            seen += [str(error), repr(error), str(error.__cause__), repr(error.__context__), str(error.code)]
    seen += [str(refused(lambda: make_oauth("http://127.0.0.1:1", clock).refresh("old-refresh-12")))]
    for text in (*seen, caplog.text):
        assert not [secret for secret in SECRETS if secret in text]


def test_calls_are_counted_by_their_outcome(zoom: Scripted, clock: MovingClock) -> None:
    counted: list[tuple[str, str]] = []
    oauth = ZoomOAuth(
        client_id="c",
        client_secret=SecretStr("s"),
        oauth_url=zoom.url,
        http=make_http(zoom.url),
        clock=clock,
        count=lambda call, outcome: counted.append((call, outcome)),
    )
    oauth.refresh("old-refresh-12")
    zoom.will(Reply(DEAD, status=400))
    refused(lambda: oauth.refresh("old-refresh-12"))
    assert counted == [("refresh", "ok"), ("refresh", "grant_revoked")]
