"""Past meetings as Zoom's API tells of them."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from integration.zoom.client import ZoomClient
from integration.zoom.errors import ZoomError
from integration.zoom.meetings import (
    Instance,
    PastMeeting,
    Told,
    history,
    instances,
    is_not_allowed,
    knows_nothing,
    past_meeting,
)
from tests.integration.zoom.scripted import MovingClock, Reply, Scripted, scripted
from tests.integration.zoom.test_client import NOW, TOKEN, make_client

FIRST, LAST = date(2026, 10, 23), date(2026, 11, 22)
HISTORY = {
    "meeting_uuid": "/4444AAAiAAAAAiAiAiiAii==",
    "meeting_id": 93201235621,
    "type": "Meeting",
    "host_display_name": "Jonas Weber",
    "host_email": "jonas@acme.example",
    "start_time": "2026-11-20T15:00:03Z",
    "end_time": "2026-11-20T15:45:10Z",
    "topic": "Weekly",
    "duration": 46,
    "unique_viewers": None,
}
PAST = {
    "uuid": "4444AAAiAAAAAiAiAiiAii==",
    "id": 93201235621,
    "host_id": "x1yCz",
    "user_email": "jonas@acme.example",
    "topic": "Weekly",
    "start_time": "2026-11-20T15:00:03Z",
    "end_time": "2026-11-20T15:45:10Z",
    "duration": 46,
}


@pytest.fixture
def zoom() -> Iterator[Scripted]:
    with scripted(Reply({})) as script:
        yield script


@pytest.fixture
def client(zoom: Scripted) -> ZoomClient:
    return make_client(zoom.url, MovingClock(NOW))


def refusal(status: int, code: int, message: str) -> Reply:
    return Reply({"code": code, "message": message}, status=status)


def test_the_history_comes_page_by_page(client: ZoomClient, zoom: Scripted) -> None:
    entries = [HISTORY | {"meeting_uuid": f"u{number}=="} for number in range(301)]
    zoom.will(
        Reply({"history_meetings": entries[:300], "next_page_token": "more"}),
        Reply({"history_meetings": entries[300:], "next_page_token": ""}),
    )
    pages = history(client, TOKEN, FIRST, LAST)
    assert len(next(pages).items) == 300
    assert len(zoom.asked) == 1
    assert [past.uuid for page in pages for past in page.items] == ["u300=="]
    first, second = zoom.asked
    assert first.path == "/v2/report/history_meetings"
    assert first.query == {
        "page_size": "300",
        "date_type": "start_time",
        "meeting_type": "all",
        "from": "2026-10-23",
        "to": "2026-11-22",
    }
    assert second.query["next_page_token"] == "more"


def test_times_are_to_the_second_and_in_utc_with_or_without_a_z(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"history_meetings": [HISTORY, HISTORY | {"end_time": "2026-11-20T15:45:10"}]}))
    (page,) = history(client, TOKEN, FIRST, LAST)
    one, other = page.items
    assert one == other
    assert (one.meeting_id, one.topic) == ("93201235621", "Weekly")
    assert one.end is not None
    assert one.end - one.start == datetime(2026, 1, 1, 0, 45, 7) - datetime(2026, 1, 1)  # noqa: DTZ001
    assert one.start == datetime(2026, 11, 20, 15, 0, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [{"meeting_uuid": None}, {"meeting_id": "no number"}, {"end_time": "later"}, {"start_time": "yesterday"}],
)
def test_what_cannot_be_read_is_counted_and_said_without_its_words(
    client: ZoomClient, zoom: Scripted, broken: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    zoom.will(Reply({"history_meetings": [HISTORY | broken, HISTORY]}))
    with caplog.at_level(logging.WARNING):
        (page,) = history(client, TOKEN, FIRST, LAST)
    assert (len(page.items), page.unread) == (1, 1)
    assert "in a form that we cannot read" in caplog.text
    assert "jonas" not in caplog.text


@pytest.mark.parametrize("end", [None, ""])
def test_a_call_without_an_end_runs_and_ids_may_come_in_groups(
    client: ZoomClient, zoom: Scripted, end: str | None
) -> None:
    zoom.will(Reply({"history_meetings": [HISTORY | {"end_time": end, "meeting_id": "932 0123-5621"}]}))
    (page,) = history(client, TOKEN, FIRST, LAST)
    (past,) = page.items
    assert (past.meeting_id, past.end) == ("93201235621", None)


def test_one_past_meeting_by_its_uuid_encoded_twice_where_zoom_asks_for_it(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply(PAST))
    found = past_meeting(client, TOKEN, "/a//b+c==")
    assert found == PastMeeting.model_validate(PAST)
    assert zoom.asked[0].target == "/v2/past_meetings/%252Fa%252F%252Fb%252Bc%253D%253D"
    past_meeting(client, TOKEN, "a+b==")
    assert zoom.asked[1].target == "/v2/past_meetings/a%2Bb%3D%3D"


@pytest.mark.parametrize(
    "reply",
    [
        refusal(400, 300, "Cannot access meeting information."),
        refusal(404, 3001, "Meeting does not exist: x."),
        refusal(404, 1001, "User not exist or not belong to this account."),
        refusal(400, 12702, "Cannot access a meeting a year ago."),
        Reply(PAST | {"end_time": ""}),
        Reply({name: value for name, value in PAST.items() if name != "end_time"}),
    ],
)
def test_a_call_of_which_zoom_knows_no_end(client: ZoomClient, zoom: Scripted, reply: Reply) -> None:
    zoom.will(reply)
    assert past_meeting(client, TOKEN, "u==") is None


def test_the_instances_of_a_meeting(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"meetings": [{"uuid": "u1==", "start_time": "2026-11-20T15:00:03Z"}, {"uuid": ""}]}))
    start = datetime(2026, 11, 20, 15, 0, 3, tzinfo=UTC)
    told = instances(client, TOKEN, "93201235621", FIRST, LAST)
    assert told == Told([Instance(uuid="u1==", start_time=start)], unread=1)
    assert zoom.asked[0].path == "/v2/past_meetings/93201235621/instances"
    assert zoom.asked[0].query == {"from": "2026-10-23", "to": "2026-11-22"}
    zoom.will(refusal(404, 3001, "Meeting does not exist: 93201235621."))
    with pytest.raises(ZoomError) as refused:  # which is not the same as none
        instances(client, TOKEN, "93201235621", FIRST, LAST)
    assert knows_nothing(refused.value)


REFUSALS = {
    "no permission": (refusal(400, 200, "No permission."), True, False),
    "paid only": (refusal(400, 200, "This is only available for paid account: a1."), True, False),
    "a scope": (refusal(400, 4711, "Invalid access token, does not contain scopes:[report:read:admin]."), True, False),
    "the group": (refusal(403, 12703, "No permission for the group: g."), True, False),
    "never held": (refusal(404, 3001, "Meeting does not exist: x."), False, True),
    "page token": (refusal(400, 300, "The next page token is invalid or expired."), False, False),
    "daily": (refusal(429, 429, "You have reached the maximum daily rate limit for this API."), False, False),
    "token": (refusal(401, 124, "Invalid access token."), False, False),
    "app disabled": (refusal(403, 4717, "The app has been disabled."), False, False),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_a_refusal_says_about_the_kind_of_call_and_about_the_meeting(
    client: ZoomClient, zoom: Scripted, name: str
) -> None:
    reply, kind, nothing = REFUSALS[name]
    zoom.will(reply)
    with pytest.raises(ZoomError) as caught:
        client.get(TOKEN, "/report/history_meetings")
    assert (is_not_allowed(caught.value), knows_nothing(caught.value)) == (kind, nothing)


def test_one_user_with_what_lists_leave_out(client: ZoomClient, zoom: Scripted) -> None:
    zoom.will(Reply({"id": "u/1", "pmi": 3542471135, "vanity_url": "https://us02web.zoom.us/my/jonas"}))
    user = client.user(TOKEN, "u/1")
    assert (user.pmi, user.vanity_url) == ("3542471135", "https://us02web.zoom.us/my/jonas")
    assert zoom.asked[0].target == "/v2/users/u%2F1"
