from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.connections import events
from integration.connections.models import ConnectionState
from integration.connections.tell import CHANGED
from integration.notifications.handing_on import MOST_TOLD
from integration.notifications.service import LONGEST_PAUSE, MAX_ATTEMPTS
from integration.runtime import Runtime
from integration.tenants.models import Workspace
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.asking import acknowledge, work
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import (
    ADMIN,
    connect,
    deliver,
    found,
    list_admin,
    told_people,
    told_staff,
)

BROKEN, DEGRADED = ConnectionState.NEEDS_REAUTHORIZATION, ConnectionState.DEGRADED
CONNECTED = ConnectionState.CONNECTED


def change(runtime: Runtime, state: ConnectionState, cause: str) -> None:
    with runtime.database.writing() as session:
        connection = found(session)
        assert connection is not None
        events.change(session, runtime.vault, connection, state=state, cause=cause, now=runtime.clock())


def list_admin_of_acme(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    list_admin(runtime, "slack:T1/UOTHER")
    deliver(client)


def test_who_connected_is_told_by_the_links_card_alone(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    assert deliver(client) == []


def test_the_listed_admins_hear_of_it_each_in_their_own_place(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    list_admin_of_acme(runtime, zoom, client)
    connect(runtime, zoom)
    claimed = client.post("/v1/notifications/claim", headers={"X-Place": "slack:T1/UOTHER"}).json()["notifications"]
    (one,) = claimed
    assert (one["kind"], one["payload"]["actor"], one["payload"]["change"]) == (
        "connection.changed",
        "slack:T1/UOTHER",
        "connected",
    )


def test_a_message_says_what_a_member_may_read_and_offers_what_an_admin_may_do(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    connect(runtime, zoom)
    list_admin(runtime, "slack:T1/UOTHER")
    connect(runtime, zoom)
    (one,) = deliver(client)
    shown = one["payload"]["status"]
    assert (shown["tenant"], shown["name"], shown["state"]) == ("acme", "Acme", "connected")
    assert shown["account"] is None
    assert shown["may"] == ["verify", "history", "connect_link", "disconnect"]
    assert "jonas" not in str(one)


def test_bad_news_is_told_once_however_often_its_cause_changes(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    deliver(client)
    for cause in ("grant_revoked", "scopes_changed", "app_removed"):
        change(runtime, BROKEN, cause)
        clock.move(120)
    delivered = deliver(client)
    assert told_people(delivered) == [(ADMIN, "needs_reauthorization")]
    (causes,) = [one["payload"]["status"]["cause"] for one in delivered if one["kind"] == "connection.changed"]
    assert causes == "app_removed"
    change(runtime, BROKEN, "user_removed")
    clock.move(120)
    assert told_people(deliver(client)) == []


def test_good_news_comes_only_after_bad_news_and_once(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    deliver(client)
    change(runtime, BROKEN, "grant_revoked")
    clock.move(60)
    deliver(client)
    change(runtime, DEGRADED, "many_at_once")
    change(runtime, CONNECTED, "restored")
    assert told_people(deliver(client)) == [(ADMIN, "restored")]
    change(runtime, DEGRADED, "zoom_unavailable")
    change(runtime, CONNECTED, "restored")
    assert told_people(deliver(client)) == []


def test_who_wants_no_good_news_still_hears_when_they_must_act(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    client.put("/v1/people/preferences", json={"news": False}, headers={"X-Actor": ADMIN, "X-Role": "member"})
    change(runtime, BROKEN, "grant_revoked")
    clock.move(60)
    assert told_people(deliver(client)) == [(ADMIN, "needs_reauthorization")]
    change(runtime, CONNECTED, "restored")
    assert told_people(deliver(client)) == []


def test_when_who_connected_has_left_whoever_is_admin_now_hears_the_bad_news_and_the_good(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    for step, news in (("grant_revoked", "needs_reauthorization"), ("restored", "restored")):
        change(runtime, BROKEN if step == "grant_revoked" else CONNECTED, step)
        clock.move(60)
        for one in client.post("/v1/notifications/claim").json()["notifications"]:
            instead = ["slack:T1/UNEW"] if one["kind"] == CHANGED else []
            said = {"outcome": "gave_up", "reason": "the person has left", "instead": instead}
            client.post(f"/v1/notifications/{one['id']}/ack", json=said)
        delivered = deliver(client)
        assert told_people(delivered) == [("slack:T1/UNEW", news)]
        assert told_staff(delivered) == []


def test_staff_hear_once_of_what_is_ours_while_causes_take_turns(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    deliver(client)
    for cause in ("unknown", "zoom_unavailable", "unknown", "rate_limited", "unknown"):
        change(runtime, DEGRADED, cause)
        clock.move(10)
    assert told_staff(deliver(client)) == ["Something on our side troubles Acme's connection to Zoom"]


def test_a_crowd_of_admins_is_told_in_part(runtime: Runtime, zoom: ZoomStandIn, client: TestClient) -> None:
    connect(runtime, zoom)
    deliver(client)
    for number in range(MOST_TOLD + 5):
        list_admin(runtime, f"slack:T1/U{number:02}")
    connect(runtime, zoom)
    assert len(told_people(deliver(client))) == MOST_TOLD


def all_but(client: TestClient, kind: str) -> list[dict[str, Any]]:
    """What a bot is handed now, of this kind; it delivers all else."""
    left = []
    while claimed := client.post("/v1/notifications/claim").json()["notifications"]:
        left += [one for one in claimed if one["kind"] == kind]
        for one in claimed:
            if one["kind"] != kind:
                acknowledge(client, one["id"])
    return left


def give_up(client: TestClient, one: dict[str, Any]) -> None:
    assert acknowledge(client, one["id"], "gave_up", reason="channel_not_found") == 204


def test_staff_hear_of_bad_news_that_reached_nobody(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    list_admin_of_acme(runtime, zoom, client)
    change(runtime, BROKEN, "grant_revoked")
    clock.move(120)
    first, second = all_but(client, CHANGED)
    give_up(client, first)
    assert told_staff(deliver(client)) == []
    give_up(client, second)
    give_up(client, second)
    assert told_staff(deliver(client)) == ["Nobody at Acme heard what happened to their connection to Zoom"]


def test_staff_need_not_act_when_somebody_heard_it_or_it_was_good_news(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    list_admin_of_acme(runtime, zoom, client)
    change(runtime, BROKEN, "grant_revoked")
    clock.move(120)
    first, second = all_but(client, CHANGED)
    acknowledge(client, second["id"])
    give_up(client, first)
    change(runtime, CONNECTED, "restored")
    for one in all_but(client, CHANGED):
        give_up(client, one)
    assert told_staff(deliver(client)) == []


def test_news_that_was_parked_is_owed_anew_when_the_cause_changes_and_staff_hear_that_nobody_heard_it(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    change(runtime, BROKEN, "grant_revoked")
    clock.move(60)
    for _ in range(MAX_ATTEMPTS):
        all_but(client, CHANGED)
        clock.move(LONGEST_PAUSE.total_seconds())
    work(runtime)
    assert "Nobody at Acme heard what happened to their connection to Zoom" in told_staff(deliver(client))
    change(runtime, BROKEN, "app_removed")
    clock.move(60)
    assert told_people(deliver(client)) == [(ADMIN, "needs_reauthorization")]


def staff_text(client: TestClient) -> str:
    (text,) = [one["payload"]["text"] for one in deliver(client) if one["kind"] == "staff.notice"]
    return str(text)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ((), "Told how to connect again: who connected it."),
        (("slack:T1/U1",), "Told how to connect again: who connected it and 1 listed admin."),
        (("slack:T1/U1", "slack:T1/U2"), "Told how to connect again: who connected it and 2 listed admins."),
        ((ADMIN,), "Told how to connect again: who connected it."),
    ],
)
def test_staff_read_who_is_told(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock, listed: tuple[str, ...], said: str
) -> None:
    connect(runtime, zoom)
    for actor in listed:
        list_admin(runtime, actor)
    change(runtime, BROKEN, "grant_revoked")
    clock.move(60)
    assert staff_text(client).endswith(said)


def test_staff_read_that_nobody_of_the_tenant_is_told_where_it_is_one_of_them_who_connected_it(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient, clock: TestClock
) -> None:
    connect(runtime, zoom)
    with runtime.database.writing() as session:
        session.add(Workspace(team="T1", staff=True, first_seen_at=clock.now))
    change(runtime, BROKEN, "app_disabled")
    clock.move(60)
    assert staff_text(client).endswith(
        "Nobody there is told what a Zoom admin has to do, for we know no admin of theirs: please write to them."
    )


def test_staff_read_that_nobody_else_hears_of_what_is_ours(
    runtime: Runtime, zoom: ZoomStandIn, client: TestClient
) -> None:
    connect(runtime, zoom)
    change(runtime, DEGRADED, "unknown")
    assert staff_text(client).endswith("Told of it: nobody else. Please look at the log and the connection's history.")
