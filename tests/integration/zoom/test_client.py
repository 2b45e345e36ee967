"""The API against a server that answers as documented, and as it really does."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from integration.zoom.client import ZoomClient, ZoomUser, is_admin_level, missing_scopes, path_uuid
from integration.zoom.errors import ZoomError
from integration.zoom.wire import Timeouts, make_http
from tests.integration.zoom.scripted import MovingClock, Reply, Scripted, scripted

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TOKEN = "access-token-5"
OWNER = {
    "id": "u1",
    "account_id": "a1",
    "email": "jonas@acme.example",
    "first_name": "Jonas",
    "last_name": "Weber",
    "role_id": "0",
    "role_name": "Owner",
    "type": 2,
    "pmi": 6589310093,
    "status": "active",
    "something_new": {"x": 1},
}
PER_SECOND = {"code": 4001, "message": "You have reached the maximum per-second rate limit for this API."}
PER_DAY = {"code": 429, "message": "You have reached the maximum daily rate limit for this API."}


@pytest.fixture
def zoom() -> Iterator[Scripted]:
    with scripted(Reply(OWNER)) as script:
        yield script


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock(NOW)


@pytest.fixture
def client(zoom: Scripted, clock: MovingClock) -> ZoomClient:
    return make_client(zoom.url, clock)


def make_client(url: str, clock: MovingClock, *, timeouts: Timeouts = Timeouts()) -> ZoomClient:  # noqa: B008
    return ZoomClient(
        api_url=f"{url}/v2", http=make_http(url), clock=clock, sleep=clock.sleep, rng=Random(1), timeouts=timeouts
    )


def refused(call: object) -> ZoomError:
    assert callable(call)
    with pytest.raises(ZoomError) as caught:
        call()
    return caught.value


def test_who_a_token_belongs_to(client: ZoomClient, zoom: Scripted) -> None:
    user = client.me(TOKEN)
    assert (user.id, user.account_id, user.email, user.display_name) == (
        "u1",
        "a1",
        "jonas@acme.example",
        "Jonas Weber",
    )
    assert (user.role_id, user.role_name, user.type, user.pmi) == ("0", "Owner", 2, "6589310093")
    (asked,) = zoom.asked
    assert (asked.method, asked.target) == ("GET", "/v2/users/me")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("status", [400, 401])
def test_a_token_that_is_refused_never_reads_well(client: ZoomClient, zoom: Scripted, status: int) -> None:
    zoom.will(Reply({"code": 124, "message": "Invalid access token."}, status=status))
    assert refused(lambda: client.me(TOKEN)).cause.code == "app_removed"
    zoom.will(Reply({"code": 124, "message": "Access token is expired."}, status=status))
    assert refused(lambda: client.me(TOKEN)).cause.code == "token_refused"
    zoom.will(Reply(b"", status=401))
    assert refused(lambda: client.me(TOKEN)).cause.code == "token_refused"
    assert len(zoom.asked) == 3


@pytest.mark.parametrize(
    "body",
    [{}, {"id": "u1", "email": "x@acme.example"}, OWNER | {"account_id": None}, OWNER | {"id": None}, {"users": []}],
)
def test_a_user_without_an_account_is_no_answer(client: ZoomClient, zoom: Scripted, body: object) -> None:
    zoom.will(Reply(body))
    assert refused(lambda: client.me(TOKEN)).cause.code == "zoom_unavailable"


def test_a_user_that_is_gone_was_removed_from_the_account(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"code": 1001, "message": "User does not exist: u1."}, status=404))
    assert refused(lambda: client.me(TOKEN)).cause.code == "user_removed"
    assert refused(lambda: client.permissions(TOKEN)).cause.code == "user_removed"
    assert refused(lambda: client.get(TOKEN, "/report/users/u2/meetings")).cause.code == "unknown"


def test_permissions_tell_an_admin_and_not_the_role(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"permissions": ["User:Read", "UsageReport:Read", "Role:Read", 7]}))
    permissions = client.permissions(TOKEN)
    assert permissions == {"User:Read", "UsageReport:Read", "Role:Read"}
    assert is_admin_level(permissions)
    assert is_admin_level({"User:Edit", "UsageReport:Read"})
    for too_few in ((), {"User:Read"}, {"UsageReport:Read"}, {"Billing:Edit", "Role:Edit"}):
        assert not is_admin_level(too_few)
    zoom.will(Reply({}))
    assert refused(lambda: client.permissions(TOKEN)).cause.code == "zoom_unavailable"


def test_granular_and_classic_scopes_suffice_for_each_call_by_itself() -> None:
    granular = {
        "user:read:user:admin",
        "user:read:list_users:admin",
        "user:read:list_permissions:admin",
        "meeting:read:past_meeting:admin",
        "meeting:read:list_past_instances:admin",
        "report:read:list_history_meetings:admin",
    }
    assert missing_scopes(granular) == ()
    assert missing_scopes({"user:read:admin", "meeting:read:admin", "report:read:admin"}) == ()
    assert missing_scopes({"user:read:admin", "meeting:read:admin", *granular}) == ()
    assert missing_scopes(granular - {"user:read:list_users:admin"}) == ("user:read:list_users:admin",)
    assert missing_scopes({"user:read:admin", "meeting:read:admin"}) == ("report:read:list_history_meetings:admin",)
    assert len(missing_scopes({"user:read", "user:read:user"})) == 6


def test_what_passes_is_tried_again_and_then_answered(client: ZoomClient, zoom: Scripted, clock: MovingClock) -> None:
    zoom.will(Reply(b'{"id": "u1"', declared=99), Reply(hang_up=True), Reply(b"<Response/>", status=500), Reply(OWNER))
    assert client.me(TOKEN).id == "u1"
    assert len(zoom.asked) == 4
    assert all(0 <= pause <= limit for pause, limit in zip(clock.slept, (0.25, 0.5, 1.0), strict=True))


def test_patience_has_an_end(client: ZoomClient, zoom: Scripted, clock: MovingClock) -> None:
    zoom.will(Reply(b"", status=503))
    assert refused(lambda: client.me(TOKEN)).cause.code == "zoom_unavailable"
    assert len(zoom.asked) == 4
    assert (clock.now - NOW) < timedelta(seconds=6)


def test_what_is_final_is_not_asked_twice(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"code": 4711, "message": "Invalid access token, does not contain scopes:[x]."}, status=400))
    assert refused(lambda: client.me(TOKEN)).cause.code == "scopes_changed"
    assert len(zoom.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 2)}, 2),
        ({"X-RateLimit-Reset": "2"}, 2),
        ({"Retry-After": "2"}, 2),
        ({"Retry-After": "2026-11-24T18:00:02Z"}, 2),
        ({"Retry-After": "Tue, 24 Nov 2026 18:00:02 GMT"}, 2),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "later"}, 1),
        ({"Retry-After": "nan"}, 1),
        ({"Retry-After": "-5"}, 0),
    ],
)
def test_a_limit_per_second_is_waited_for(
    client: ZoomClient, zoom: Scripted, clock: MovingClock, headers: dict[str, str], seconds: int
) -> None:
    zoom.will(Reply(PER_SECOND, status=429, headers=headers), Reply(OWNER))
    assert client.me(TOKEN).id == "u1"
    (pause,) = clock.slept
    assert seconds <= pause <= seconds + 0.25


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"Retry-After": "2026-11-25T00:00:00Z"}, datetime(2026, 11, 25, tzinfo=UTC)),
        ({"Retry-After": "2026-11-24T20:00:00"}, datetime(2026, 11, 24, 20, tzinfo=UTC)),
        ({"Retry-After": "3600"}, NOW + timedelta(hours=1)),
        ({"Retry-After": "2036-01-01T00:00:00Z"}, NOW + timedelta(days=1)),
        ({}, datetime(2026, 11, 25, tzinfo=UTC)),
    ],
)
def test_a_limit_per_day_says_until_when_and_is_not_waited_for(
    client: ZoomClient, zoom: Scripted, clock: MovingClock, headers: dict[str, str], until: datetime
) -> None:
    zoom.will(Reply(PER_DAY, status=429, headers=headers))
    error = refused(lambda: client.me(TOKEN))
    assert (error.cause.code, error.retry_at) == ("rate_limited_today", until)
    assert (len(zoom.asked), clock.slept) == (1, [])


def test_a_limit_longer_than_our_patience_is_not_waited_for(
    client: ZoomClient, zoom: Scripted, clock: MovingClock
) -> None:
    zoom.will(Reply(PER_SECOND, status=429, headers={"Retry-After": "30"}))
    error = refused(lambda: client.me(TOKEN))
    assert (error.cause.code, error.retry_at) == ("rate_limited", NOW + timedelta(seconds=30))
    assert clock.slept == []


def test_lists_are_read_page_after_page(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(
        Reply({"users": [OWNER, "nonsense"], "next_page_token": "p&2"}),
        Reply({"users": [{"id": "u2"}], "next_page_token": ""}),
    )
    users = list(client.users(TOKEN, role_id="0"))
    assert [user.id for user in users] == ["u1", "u2"]
    assert users[1] == ZoomUser(id="u2")
    first, second = (asked.query for asked in zoom.asked)
    assert first == {"page_size": "300", "status": "active", "role_id": "0"}
    assert second == {**first, "next_page_token": "p&2"}


def test_a_page_token_that_ran_out_says_so(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(
        Reply({"users": [OWNER], "next_page_token": "p2"}),
        Reply({"code": 300, "message": "The next page token is invalid or expired."}, status=400),
    )
    assert refused(lambda: list(client.users(TOKEN))).cause.code == "page_expired"


def test_paging_ends_though_zoom_does_not(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"users": [OWNER], "next_page_token": "again"}))
    assert refused(lambda: list(client.users(TOKEN))).cause.code == "zoom_unavailable"
    assert len(zoom.asked) == 2


def test_the_owner_is_found_by_role_and_nobody_is_made_one(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"users": [{"id": "u2", "role_id": "2"}, OWNER]}))
    owner = client.owner(TOKEN)
    assert owner is not None
    assert owner.id == "u1"
    zoom.will(Reply({"users": [{"id": "u2", "role_id": "2"}, {"id": "u3"}]}))
    assert client.owner(TOKEN) is None


def test_the_self_tests_read_is_one_request(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"users": [OWNER], "next_page_token": "p2"}))
    assert [user.id for user in client.first_users(TOKEN)] == ["u1"]
    assert len(zoom.asked) == 1
    zoom.will(Reply({"page_count": 1}))
    assert refused(lambda: client.first_users(TOKEN)).cause.code == "zoom_unavailable"


@pytest.mark.parametrize(
    ("uuid", "path"),
    [
        ("4444AAAiAAAAAiAiAiiAii==", "4444AAAiAAAAAiAiAiiAii%3D%3D"),
        ("ab/cd+ef==", "ab%2Fcd%2Bef%3D%3D"),
        ("/ajXp112QmuoKj4854875==", "%252FajXp112QmuoKj4854875%253D%253D"),
        ("aj//Xp==", "aj%252F%252FXp%253D%253D"),
    ],
)
def test_a_uuid_arrives_as_zoom_wants_it(client: ZoomClient, zoom: Scripted, uuid: str, path: str) -> None:
    assert path_uuid(uuid) == path
    client.get(TOKEN, f"/past_meetings/{path_uuid(uuid)}")
    assert zoom.asked[0].target == f"/v2/past_meetings/{path}"


def test_a_redirect_is_not_followed(client: ZoomClient, zoom: Scripted) -> None:
    with scripted(Reply(OWNER)) as elsewhere:
        zoom.will(Reply(b"", status=302, headers={"Location": f"{elsewhere.url}/v2/users/me"}))
        assert refused(lambda: client.me(TOKEN)).cause.code == "zoom_unavailable"
        assert elsewhere.asked == []


def test_cookies_of_one_call_are_not_sent_with_another(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply(OWNER, headers={"Set-Cookie": "cluster=us05; Path=/"}))
    client.me(TOKEN)
    client.me(TOKEN)
    assert "Cookie" not in zoom.asked[1].headers


def test_netrc_does_not_replace_our_authorization(
    zoom: Scripted, clock: MovingClock, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", netrc)
    make_client(zoom.url, clock).me(TOKEN)
    assert zoom.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_server_that_keeps_silent_is_given_up(zoom: Scripted, clock: MovingClock) -> None:
    zoom.will(Reply(OWNER, waits_for=zoom.stopping))
    hasty = make_client(zoom.url, clock, timeouts=Timeouts(connect=1, read=0.05, whole=1))
    assert refused(lambda: hasty.me(TOKEN)).cause.code == "zoom_unavailable"
    zoom.stopping.set()


def test_several_threads_share_a_client(client: ZoomClient, zoom: Scripted) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(client.me(TOKEN).id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["u1"] * 8


def test_errors_and_logs_hold_neither_the_token_nor_the_body(
    client: ZoomClient, zoom: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "jonas@acme.example"
    zoom.will(Reply({"code": secret, "message": f"{secret} {TOKEN}"}, status=400))
    seen = []
    for call in (
        lambda: client.me(TOKEN),
        lambda: client.me(f"{TOKEN}\nX-Evil: 1"),
        lambda: client.me(f"{TOKEN}\u2603"),
    ):
        error = refused(call)
        seen += [str(error), repr(error), repr(error.__context__), str(error.code)]
    for text in (*seen, caplog.text):
        assert TOKEN not in text
        assert secret not in text
