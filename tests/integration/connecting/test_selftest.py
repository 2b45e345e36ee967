"""Zoom makes trouble after the sign-in: what passes is waited for, what is final is said, and nothing is half-made."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from integration.connections.models import Connection
from integration.meetings.models import Evidence, MeetingSession
from integration.meetings.sessions import Seen, record
from integration.models import Coverage
from tests.integration.connecting.steps import STAFF, Scene, outcome

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24).total_seconds()


def kinds(scene: Scene) -> list[str]:
    return [call.kind for call in scene.zoom.calls if call.kind != "consent"]


def test_it_is_called_connected_after_a_refresh_and_a_read(scene: Scene) -> None:
    scene.connect()
    assert kinds(scene) == ["exchange", "me", "permissions", "refresh", "users"]
    connection = scene.connections()["acme"]
    assert connection.verified_at == connection.refreshed_at == connection.connected_at == scene.clock.now
    assert connection.check_due_at is not None
    assert connection.connected_by == "slack:T0ACME/UJONAS"
    assert (connection.lease_owner, connection.refresh_began_at, connection.failures) == (None, None, 0)
    assert "user:read:list_users:admin" in connection.scopes.split()


@pytest.mark.parametrize(
    ("kind", "where"),
    [("server_error", "me"), ("unreadable", "permissions"), ("cut_before", "refresh"), ("rate_limited_today", "users")],
)
def test_what_passes_is_waited_for_and_nobody_signs_in_again(scene: Scene, kind: str, where: str) -> None:
    number = scene.zoom.faults.switch_on(kind, where=where)
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    response = browser.get(address)
    assert (response.status_code, outcome(response)) == (202, "checking")
    assert response.headers["Refresh"] == "5"
    assert scene.connections() == {}
    assert scene.link(made["id"])["explanation"].startswith("Zoom has given its permission")
    scene.clock.move(601)
    scene.work()
    assert outcome(browser.get(made["url"])) == "checking"
    scene.zoom.faults.switch_off(number)
    scene.clock.move(DAY - 700)
    scene.work()
    assert outcome(browser.get(address)) == "connected"
    assert scene.works("jonas")
    assert scene.told(made["id"])[-1]["state"] == "connected"


def test_tries_come_later_and_later(scene: Scene) -> None:
    scene.zoom.faults.switch_on("server_error", where="refresh")
    scene.sign_in(scene.browser(), scene.make()["url"])
    waits = []
    for _ in range(9):
        (grant,) = scene.grants()
        waits.append((grant.due_at - scene.clock.now).total_seconds())
        scene.clock.now = grant.due_at
        scene.work()
    assert waits[:7] == sorted(waits[:7])
    assert 2.5 <= waits[0] <= 5
    assert 300 <= waits[-1] <= 600


def test_zoom_says_when_to_come_back_and_is_obeyed(scene: Scene) -> None:
    scene.zoom.faults.switch_on("rate_limited_today", where="users")
    scene.sign_in(scene.browser(), scene.make()["url"])
    (grant,) = scene.grants()
    asked = len(kinds(scene))
    scene.clock.now = grant.due_at - timedelta(seconds=1)
    scene.work()
    assert grant.due_at - grant.received_at > timedelta(minutes=10)
    assert len(kinds(scene)) == asked


def test_after_a_day_without_zoom_it_is_given_up_honestly(scene: Scene) -> None:
    scene.zoom.faults.switch_on("server_error", where="users")
    made, browser = scene.make(), scene.browser()
    scene.sign_in(browser, made["url"])
    scene.clock.move(DAY)
    scene.work()
    view = scene.link(made["id"])
    assert (view["state"], view["cause"]) == ("expired", "self_test_failed")
    assert (scene.connections(), scene.grants()) == ({}, [])
    assert scene.zoom.live_pairs() == []


@pytest.mark.parametrize(
    ("fault", "cause", "status"),
    [
        ({"kind": "scopes_changed", "where": "refresh"}, "scopes_changed", 403),
        ({"kind": "scopes_changed", "where": "users"}, "scopes_changed", 403),
        ({"kind": "app_disabled", "where": "users"}, "app_disabled", 403),
        ({"kind": "user_removed", "where": "me"}, "user_removed", 403),
        ({"kind": "invalid_grant", "where": "refresh"}, "self_test_failed", 502),
    ],
    ids=lambda value: "/".join(value.values()) if isinstance(value, dict) else str(value),
)
def test_what_is_final_ends_the_attempt_with_its_cause(
    scene: Scene, fault: dict[str, str], cause: str, status: int
) -> None:
    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    scene.zoom.faults.switch_on(fault["kind"], where=fault["where"], times=1)
    response = browser.get(address)
    assert response.status_code == status
    assert made["url"] in response.text
    assert scene.link(made["id"])["cause"] == cause
    assert (scene.connections(), scene.grants()) == ({}, [])
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"


def test_a_scope_that_is_missing_from_the_start_is_named_as_that(scene: Scene) -> None:
    scene.zoom.faults.switch_on("scopes_changed", where="oauth", times=2)
    made = scene.make()
    assert scene.sign_in(scene.browser(), made["url"]).status_code == 403
    assert scene.link(made["id"])["cause"] == "scopes_changed"


def test_a_failed_attempt_leaves_the_connection_that_was_there(scene: Scene) -> None:
    scene.connect("rosa")
    scene.zoom.faults.switch_on("invalid_grant", where="refresh", times=1)
    scene.sign_in(scene.browser(), scene.make()["url"], "jonas")
    scene.work()
    assert scene.works("rosa")
    assert scene.connections()["acme"].state == "connected"


def test_an_access_token_that_ran_out_while_zoom_was_away_is_renewed_first(scene: Scene) -> None:
    number = scene.zoom.faults.switch_on("server_error", where="me")
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"])
    scene.zoom.faults.switch_off(number)
    scene.clock.move(3700)
    scene.work()
    assert scene.link(made["id"])["state"] == "connected"
    assert scene.refresh_count("jonas") == 1


def test_a_refresh_whose_answer_was_lost_ends_the_attempt_honestly(scene: Scene) -> None:
    scene.zoom.faults.switch_on("cut_after", where="refresh", times=1)
    made, browser = scene.make(), scene.browser()
    assert outcome(scene.sign_in(browser, made["url"])) == "checking"
    (grant,) = scene.grants()
    assert grant.refresh_began_at == scene.clock.now
    scene.clock.move(60)
    scene.work()
    assert scene.link(made["id"])["cause"] == "sign_in_cut_off"
    assert outcome(scene.sign_in(browser, made["url"])) == "connected"


def test_a_refresh_that_zoom_refused_properly_was_not_cut_off(scene: Scene) -> None:
    number = scene.zoom.faults.switch_on("rate_limited", where="refresh")
    made = scene.make()
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "checking"
    assert scene.grants()[0].refresh_began_at is None
    scene.zoom.faults.switch_off(number)
    scene.zoom.faults.switch_on("invalid_grant", where="refresh", times=1)
    scene.clock.move(60)
    scene.work()
    assert scene.link(made["id"])["cause"] == "self_test_failed"


def test_a_pair_of_which_nobody_knows_whether_it_lives_is_never_blamed_on_the_customer(scene: Scene) -> None:
    """Jonas signs in again, and the answer to the refresh is lost: that was the newest pair of his connection, too."""
    scene.connect()
    scene.clock.move(60)
    scene.zoom.faults.switch_on("cut_after", where="refresh", times=1)
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"])
    scene.clock.move(60)
    scene.work()
    assert scene.link(made["id"])["cause"] == "sign_in_cut_off"
    scene.clock.move(3600)
    shown = scene.api.get("/v1/tenants/acme/zoom/status?live=true", headers=STAFF).json()
    assert (shown["state"], shown["cause"]) == ("degraded", "refresh_interrupted")


def test_connecting_again_keeps_the_row_and_its_past(scene: Scene) -> None:
    scene.connect()
    before = scene.connections()["acme"]
    scene.clock.move(1000)
    scene.connect()
    after = scene.connections()["acme"]
    assert after.id == before.id
    assert after.connected_at > before.connected_at
    assert scene.works("jonas")
    events = scene.api.get("/v1/tenants/acme/zoom/events", headers={"X-Actor": "a", "X-Role": "staff"})
    assert [one["cause"] for one in events.json()["events"]] == ["connected", "connected"]


def hold_a_call(scene: Scene) -> None:
    """One is known of the account that is connected, and that Zoom was asked about its time."""
    vault, now = scene.runtime.vault, scene.runtime.clock()
    call = Seen("uuid==", "93201235621", now - HOUR, now, Evidence.REPORTED)
    with scene.runtime.database.writing() as session:
        record(session, vault, "acme", [call], now)
        session.execute(update(Coverage).values(asked_from=now - HOUR, asked_until=now))


def known(scene: Scene) -> tuple[int, list[datetime | None]]:
    with scene.runtime.database.reading() as session:
        calls = session.scalars(select(MeetingSession)).all()
        return len(calls), list(session.scalars(select(Coverage.asked_until)))


def test_connecting_the_same_account_again_keeps_its_calls(scene: Scene) -> None:
    scene.connect()
    hold_a_call(scene)
    scene.sign_in(scene.browser(), scene.make()["url"], "rosa")
    assert scene.works("rosa")
    assert known(scene)[0] == 1


def test_connecting_another_account_forgets_the_former_ones_calls_and_what_is_known_of_them(scene: Scene) -> None:
    """Of the new one nothing was asked yet, and the former one's uninstall would find nobody any more."""
    scene.connect()
    hold_a_call(scene)
    made = scene.make(requester_email="carlos@globex.example")
    scene.sign_in(scene.browser(), made["url"], "carlos")
    assert known(scene)[0] == 1  # nothing is decided yet
    scene.decide(made["id"], "confirm")
    assert scene.works("carlos")
    assert known(scene) == (0, [None])


def test_one_whose_key_is_gone_can_be_connected_again(scene: Scene) -> None:
    scene.connect()
    gone = "v1.gone." + "A" * 64
    lost = dict.fromkeys(("access_token", "refresh_token", "zoom_user", "account_id", "user_id"), gone)
    with scene.runtime.database.writing() as session:
        session.execute(update(Connection).values(lost | {"account_hash": "gone.a", "user_hash": "gone.u"}))
    scene.clock.move(60)
    made = scene.make()
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "awaiting"
    assert scene.decide(made["id"], "confirm").json()["state"] == "connected"
    assert scene.works("jonas")
