from fastapi.testclient import TestClient

from integration.connections import events
from integration.connections.models import ConnectionState
from integration.connections.tell import MAX_TOLD
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
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
    for number in range(MAX_TOLD + 5):
        list_admin(runtime, f"slack:T1/U{number:02}")
    connect(runtime, zoom)
    assert len(told_people(deliver(client))) == MAX_TOLD
