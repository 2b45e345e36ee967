"""The client and the OAuth code against the Zoom stand-in, in each way Zoom is known to behave."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from integration.zoom import meetings
from integration.zoom.client import ZoomClient, is_admin_level, missing_scopes
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair, ZoomOAuth, challenge_of, new_verifier
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.wire import Timeouts, make_http
from tests.support.zoom import running_zoom

CALLBACK = "http://localhost:8000/oauth/zoom/callback"


@pytest.fixture
def zoom() -> Iterator[ZoomStandIn]:
    with running_zoom() as stand_in:
        yield stand_in


@pytest.fixture
def oauth(zoom: ZoomStandIn) -> ZoomOAuth:
    return make_oauth(zoom, zoom.client_secret)


@pytest.fixture
def client(zoom: ZoomStandIn) -> ZoomClient:
    return ZoomClient(
        api_url=zoom.api_url,
        http=make_http(zoom.api_url),
        clock=lambda: datetime.now(UTC),
        sleep=lambda _seconds: None,
        rng=Random(1),
        timeouts=Timeouts(connect=3, read=1, whole=2),
    )


def make_oauth(zoom: ZoomStandIn, secret: str) -> ZoomOAuth:
    return ZoomOAuth(
        client_id=zoom.client_id,
        client_secret=SecretStr(secret),
        oauth_url=zoom.oauth_url,
        http=make_http(zoom.oauth_url),
        clock=lambda: datetime.now(UTC),
        sleep=lambda _seconds: None,
        timeouts=Timeouts(connect=3, read=1, whole=2),
    )


def connect(zoom: ZoomStandIn, oauth: ZoomOAuth, person: str = "jonas") -> TokenPair:
    verifier = new_verifier()
    page = oauth.authorize_url(state="s", code_challenge=challenge_of(verifier), redirect_uri=CALLBACK)
    back = parse_qs(urlsplit(zoom.authorize_as(person, page)).query)
    assert back["state"] == ["s"]
    return oauth.exchange(code=back["code"][0], verifier=verifier, redirect_uri=CALLBACK)


def cause_of(call: object) -> str:
    assert callable(call)
    with pytest.raises(ZoomError) as caught:
        call()
    return caught.value.cause.code


def test_an_admin_connects_and_is_who_they_are(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    pair = connect(zoom, oauth)
    me = client.me(pair.access_token)
    assert (me.email, me.role_name, me.display_name) == ("jonas@acme.example", "Owner", "Jonas Weber")
    assert is_admin_level(client.permissions(pair.access_token))
    assert missing_scopes(pair.scopes) == ()
    assert client.first_users(pair.access_token)
    owner = client.owner(pair.access_token)
    assert owner is not None
    assert owner.id == me.id


def test_all_pages_of_users_are_read(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    token = connect(zoom, oauth).access_token
    entries = list(client.pages(token, "/users", items="users", page_size=7, status="active"))
    assert len(entries) == len({entry["id"] for entry in entries}) == len(list(client.users(token)))


@pytest.mark.parametrize(
    ("person", "admin"), [("jonas", True), ("ines", True), ("rosa", True), ("bruno", False), ("maya", False)]
)
def test_permissions_tell_who_may_connect(
    zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient, person: str, admin: bool
) -> None:
    assert is_admin_level(client.permissions(connect(zoom, oauth, person).access_token)) is admin


def test_a_code_works_once_and_with_its_own_verifier(zoom: ZoomStandIn, oauth: ZoomOAuth) -> None:
    page = oauth.authorize_url(state="s", code_challenge=challenge_of(new_verifier()), redirect_uri=CALLBACK)
    (code,) = parse_qs(urlsplit(zoom.authorize_as("jonas", page)).query)["code"]
    for _ in range(2):
        call = lambda: oauth.exchange(code=code, verifier=new_verifier(), redirect_uri=CALLBACK)  # noqa: E731
        assert cause_of(call) == "code_expired"


def test_our_wrong_secret_is_ours(zoom: ZoomStandIn, oauth: ZoomOAuth) -> None:
    pair = connect(zoom, oauth)
    assert cause_of(lambda: make_oauth(zoom, "wrong").refresh(pair.refresh_token)) == "invalid_client"
    assert oauth.refresh(pair.refresh_token).access_token != pair.access_token


@pytest.mark.parametrize("status", ["400", "401"])
def test_a_rotated_refresh_token_is_dead_in_either_form(zoom: ZoomStandIn, oauth: ZoomOAuth, status: str) -> None:
    zoom.faults.habits(dead_refresh=status)
    pair = connect(zoom, oauth)
    newer = oauth.refresh(pair.refresh_token)
    assert cause_of(lambda: oauth.refresh(pair.refresh_token)) == "grant_revoked"
    assert oauth.refresh(newer.refresh_token).refresh_token != newer.refresh_token


@pytest.mark.parametrize("status", ["400", "401"])
def test_after_a_removal_the_api_refuses_in_either_form(
    zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient, status: str
) -> None:
    zoom.faults.habits(dead_access=status)
    pair = connect(zoom, oauth)
    zoom.uninstall("acme")
    assert cause_of(lambda: client.me(pair.access_token)) in ("app_removed", "token_refused")
    assert cause_of(lambda: oauth.refresh(pair.refresh_token)) == "grant_revoked"


def test_revoking_ends_the_pair_and_may_be_repeated(zoom: ZoomStandIn, oauth: ZoomOAuth) -> None:
    pair = connect(zoom, oauth)
    oauth.revoke(pair.access_token)
    oauth.revoke(pair.access_token)
    assert zoom.live_pairs() == []
    assert cause_of(lambda: oauth.refresh(pair.refresh_token)) == "grant_revoked"


FAULTS = (
    # fault, cause of a refresh, cause of a read
    ("server_error", "zoom_unavailable", "zoom_unavailable"),
    ("timeout", "zoom_unavailable", "zoom_unavailable"),
    ("half_written", "zoom_unavailable", "zoom_unavailable"),
    ("unreadable", "zoom_unavailable", "zoom_unavailable"),
    ("cut_before", "zoom_unavailable", "zoom_unavailable"),
    ("cut_after", "zoom_unavailable", "zoom_unavailable"),
    ("error_after", "zoom_unavailable", "zoom_unavailable"),
    ("rate_limited", "rate_limited", "rate_limited"),
    ("rate_limited_today", "rate_limited_today", "rate_limited_today"),
    ("invalid_grant", "grant_revoked", None),
    ("invalid_client", "invalid_client", None),
    ("scopes_changed", None, "scopes_changed"),
    ("app_disabled", "app_disabled", "app_disabled"),
    ("user_removed", "user_removed", "user_removed"),
)


@pytest.mark.parametrize(("fault", "of_refresh", "of_read"), FAULTS)
def test_each_fault_has_its_cause_and_passes_when_it_is_over(
    zoom: ZoomStandIn,
    oauth: ZoomOAuth,
    client: ZoomClient,
    fault: str,
    of_refresh: str | None,
    of_read: str | None,
) -> None:
    pair = connect(zoom, oauth)
    zoom.faults.switch_on(fault)
    if of_read:
        assert cause_of(lambda: client.first_users(pair.access_token)) == of_read
    if of_refresh:
        assert cause_of(lambda: oauth.refresh(pair.refresh_token)) == of_refresh
        assert [call.kind for call in zoom.calls].count("refresh") <= 1
    zoom.faults.clear()
    fresh = connect(zoom, oauth)
    assert client.first_users(oauth.refresh(fresh.refresh_token).access_token)


def test_a_fault_that_passes_is_outlasted(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    pair = connect(zoom, oauth)
    for fault in ("server_error", "half_written", "cut_before"):
        zoom.faults.switch_on(fault, times=1)
    assert client.me(pair.access_token).email == "jonas@acme.example"


def test_calls_are_read_as_they_were_held(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    token, began = connect(zoom, oauth).access_token, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    days = (began.date(), datetime.now(UTC).date())
    held = zoom.hold(began=began, segments=[(n * 1000, 700 + n) for n in range(5)], send=False)
    running = zoom.start_call(meeting_id=held[0].meeting_id, send=False)
    read = [meetings.past_meeting(client, token, session.uuid) for session in held]  # slashes in two of them
    assert [(one.start, one.end, one.meeting_id) for one in read if one] == [
        (session.began, session.ended, session.meeting_id) for session in held
    ]
    (page,) = meetings.history(client, token, *days)
    assert {(one.uuid, one.start, one.end) for one in page.items} == {
        (one.uuid, one.start, one.end) for one in read if one
    }
    listed = meetings.instances(client, token, held[0].meeting_id, *days)
    assert {one.uuid for one in listed.items} == {session.uuid for session in held}
    assert meetings.past_meeting(client, token, running.uuid) is None
    with pytest.raises(ZoomError) as caught:
        meetings.instances(client, token, "93201235621", *days)
    assert meetings.knows_nothing(caught.value)


def test_a_full_history_comes_in_pages(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    zoom.add_sessions(
        "acme", [(f"uuid-{n}", "93201235621", began, began + timedelta(minutes=n), "jonas") for n in range(650)]
    )
    pages = list(meetings.history(client, connect(zoom, oauth).access_token, began.date(), began.date()))
    assert [len(page.items) for page in pages] == [300, 300, 50]
    assert len({one.uuid for page in pages for one in page.items}) == 650


def test_reports_are_not_for_everybody(zoom: ZoomStandIn, oauth: ZoomOAuth, client: ZoomClient) -> None:
    token, day = connect(zoom, oauth, "maya").access_token, datetime.now(UTC).date()
    with pytest.raises(ZoomError) as caught:
        list(meetings.history(client, token, day, day))
    assert meetings.is_not_allowed(caught.value)
