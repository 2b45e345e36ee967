"""What is not kept is revoked at Zoom, unless that would end a connection that is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, select, update

from integration.connecting import grants, oauth_state
from integration.connecting.callback import Returned, come_back
from integration.connecting.models import Grant
from integration.connections.models import Connection, Revocation
from integration.tenants.models import Tenant
from integration.zoom.oauth import TokenPair, ZoomOAuth
from tests.integration.connecting.steps import STAFF, Scene, add_tenant, outcome

LIVE = "/v1/tenants/acme/zoom/status?live=true"
GONE = "v1.gone." + "A" * 64  # sealed with a key that nobody has


def revocations(scene: Scene) -> int:
    with scene.runtime.database.reading() as session:
        return len(session.scalars(select(Revocation.id)).all())


def test_it_is_revoked_later_when_zoom_is_away(scene: Scene) -> None:
    number = scene.zoom.faults.switch_on("server_error", where="revoke")
    scene.sign_in(scene.browser(), scene.make()["url"], "maya")
    assert scene.grants() == []
    assert revocations(scene) == 1
    assert len(scene.zoom.live_pairs("maya")) == 1
    scene.zoom.faults.switch_off(number)
    scene.clock.move(timedelta(hours=2).total_seconds())
    scene.work()
    assert revocations(scene) == 0
    assert scene.zoom.live_pairs("maya") == []


@pytest.mark.parametrize("why", ["no admin any more", "turned down"])
def test_the_newest_pair_of_a_kept_user_takes_the_place_of_the_old_one(scene: Scene, why: str) -> None:
    """Jonas signs in again, which ends the pair that the connection holds; then his new one is not to be kept."""
    scene.connect()
    scene.clock.move(60)
    made = scene.make(headers=STAFF, requester_email="sam@retain.example")
    if why == "turned down":
        scene.api.patch("/v1/tenants/acme", json={"domains": []}, headers=STAFF)
        assert outcome(scene.sign_in(scene.browser(), made["url"])) == "awaiting"
        assert not scene.works("jonas")
        scene.decide(made["id"], "reject", STAFF)
    else:
        scene.zoom.faults.switch_on("scopes_changed", where="users", times=1)
        scene.sign_in(scene.browser(), made["url"])
    assert scene.works("jonas")
    assert revocations(scene) == 0
    assert scene.connections()["acme"].check_due_at == scene.clock.now


def test_an_older_pair_of_a_kept_user_is_dropped(scene: Scene) -> None:
    """Let go late, after its user signed in again and was connected: its pair is dead, and must not come back."""
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    scene.clock.move(60)
    other = scene.make(headers=STAFF, requester_email="it@acme-it.example")
    assert outcome(scene.sign_in(scene.browser(), other["url"], "ines")) == "connected"
    scene.decide(made["id"], "reject")
    scene.work()
    assert scene.works("ines")
    assert (scene.grants(), revocations(scene)) == ([], 0)


def test_an_older_pair_of_a_user_who_is_signing_in_again_is_dropped(scene: Scene) -> None:
    first, second = scene.make(), scene.make(headers=STAFF, requester_email="sam@retain.example")
    for made in (first, second):
        scene.clock.move(10)
        assert outcome(scene.sign_in(scene.browser(), made["url"], "ines")) == "awaiting"
    scene.decide(first["id"], "reject")
    assert revocations(scene) == 0
    assert scene.decide(second["id"], "confirm", STAFF).json()["state"] == "connected"
    assert scene.works("ines")


def test_of_two_sign_ins_that_race_the_newer_one_counts(scene: Scene) -> None:
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    answer = scene.zoom.connect("rosa")
    expires_at = scene.clock.now + timedelta(seconds=answer["expires_in"])
    pair = TokenPair(answer["access_token"], answer["refresh_token"], expires_at, frozenset(answer["scope"].split()))
    with scene.runtime.database.writing() as session:
        link = scene.attached(session, made["id"])
        link.state = "started"
        grants.new_row(session, scene.runtime.vault, link, pair, scene.clock.now)
    scene.clock.move(60)
    scene.work()
    assert scene.works("rosa")
    assert scene.grants() == []
    scene.clock.move(61)  # a revocation waits while somebody of the tenant is signing in
    scene.leases_run_out()
    scene.work()
    assert scene.zoom.live_pairs("ines") == []


def test_disconnecting_while_an_answer_is_awaited_ends_the_link_too(scene: Scene) -> None:
    scene.connect()
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    assert scene.api.delete("/v1/tenants/acme/zoom/connection", headers=STAFF).status_code == 200
    scene.work()
    assert scene.link(made["id"])["state"] == "rejected"
    assert scene.link(made["id"])["cause"] == "disconnected"
    assert (scene.grants(), scene.zoom.live_pairs()) == ([], [])


def test_whose_grant_it_is_is_asked_before_it_is_revoked(scene: Scene) -> None:
    """Zoom was away when it should have said who signed in; then the grant was decided against."""
    scene.connect()
    number = scene.zoom.faults.switch_on("server_error", where="me")
    scene.sign_in(scene.browser(), scene.make()["url"])
    with scene.runtime.database.writing() as session:
        session.execute(update(Grant).values(step="discard"))
    scene.clock.move(60)
    scene.work()
    assert len(scene.grants()) == 1
    scene.zoom.faults.switch_off(number)
    scene.clock.move(600)
    scene.work()
    assert scene.works("jonas")


def test_a_dead_connection_is_not_brought_back_by_a_sign_in_that_is_not_kept(scene: Scene) -> None:
    scene.connect()
    before = scene.refresh_token()
    with scene.runtime.database.writing() as session:
        session.execute(update(Connection).values(state="needs_reauthorization", cause="grant_revoked"))
    scene.zoom.faults.switch_on("scopes_changed", where="users", times=1)
    scene.sign_in(scene.browser(), scene.make()["url"])
    assert scene.refresh_token() == before
    assert scene.connections()["acme"].state == "needs_reauthorization"
    assert (scene.zoom.live_pairs(), scene.grants(), revocations(scene)) == ([], [], 0)


def test_when_zoom_ended_what_was_to_be_confirmed_the_link_ends_too(scene: Scene) -> None:
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    with scene.runtime.database.writing() as session:
        session.execute(delete(Grant))  # as the app's removal in that account does
    scene.work()
    view = scene.link(made["id"])
    assert (view["state"], view["cause"]) == ("rejected", "uninstalled")
    assert scene.decide(made["id"], "confirm").json()["state"] == "rejected"


def test_what_zoom_gave_for_a_tenant_that_was_deleted_meanwhile_is_revoked(scene: Scene) -> None:
    class DeletedMeanwhile:
        def exchange(self, **form: str) -> TokenPair:
            with scene.runtime.database.writing() as session:
                session.execute(delete(Tenant))
            return scene.runtime.zoom_oauth.exchange(**form)

    made, browser = scene.make(), scene.browser()
    address = scene.zoom.authorize_as("jonas", scene.press(browser, made["url"]))
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    runtime = replace(scene.runtime, zoom_oauth=cast("ZoomOAuth", DeletedMeanwhile()))
    cookie = oauth_state.browser_of(browser.cookies["retain-connect"])
    assert come_back(runtime, Returned(query["state"], query["code"], None), cookie).page == "older_attempt"
    scene.clock.move(61)
    scene.work()
    assert (revocations(scene), scene.zoom.live_pairs()) == (0, [])


def test_disconnecting_while_a_pair_is_renewed_loses_neither_the_old_nor_the_new_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.connect()
    scene.zoom.faults.habits(old_access="dies", old_refresh="dies")
    made, oauth = scene.make(), scene.app.state.runtime.zoom_oauth
    scene.sign_in(scene.browser(), made["url"], "ines")

    def refresh_while_an_admin_disconnects(
        token: str, refresh: Callable[[str], TokenPair] = oauth.refresh
    ) -> TokenPair:
        pair = refresh(token)
        assert scene.api.delete("/v1/tenants/acme/zoom/connection", headers=STAFF).status_code == 200
        return pair

    monkeypatch.setattr(oauth, "refresh", refresh_while_an_admin_disconnects)
    scene.decide(made["id"], "confirm")
    monkeypatch.undo()
    scene.work()
    assert scene.connections()["acme"].state == "deauthorized"
    assert (scene.zoom.live_pairs(), scene.grants(), revocations(scene)) == ([], [], 0)


def test_a_sign_in_of_another_tenant_that_does_not_open_holds_up_nothing(scene: Scene) -> None:
    add_tenant(scene.runtime, "globex", "Globex", domains=["acme.example"])
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "ines")
    scene.clock.move(5)
    theirs = {"X-Actor": "slack:T/globex", "X-Role": "admin", "X-Tenant": "globex"}
    other = scene.make("globex", theirs, requester_email="it@globex.example")
    assert outcome(scene.sign_in(scene.browser(), other["url"], "carlos")) == "awaiting"
    with scene.runtime.database.writing() as session:
        session.execute(update(Grant).where(Grant.tenant_id == "globex").values(tokens=GONE, zoom_user=GONE))
    assert scene.decide(made["id"], "reject").json()["state"] == "rejected"
    assert scene.zoom.live_pairs("ines") == []
    assert [grant.tenant_id for grant in scene.grants()] == ["globex"]


@pytest.mark.parametrize("end", ["turned down", "no answer"])
def test_a_connection_waits_for_what_becomes_of_its_own_users_new_sign_in(scene: Scene, end: str) -> None:
    """Zoom has ended its pair, and somebody asks for it before it is decided whether the new sign-in is kept."""
    scene.connect()
    scene.api.patch("/v1/tenants/acme", json={"domains": []}, headers=STAFF)
    scene.clock.move(3600)
    made = scene.make(headers=STAFF, requester_email="sam@retain.example")
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "awaiting"
    shown = scene.api.get(LIVE, headers=STAFF).json()
    assert (shown["state"], shown["cause"], shown["who_must_act"]) == ("degraded", "signed_in_again", "nobody")
    if end == "turned down":
        scene.decide(made["id"], "reject", STAFF)
    else:
        scene.clock.move(901)
        scene.work()
    assert scene.works("jonas")
    assert scene.api.get(LIVE, headers=STAFF).json()["state"] == "connected"


def test_a_connection_that_was_dead_before_its_user_signed_in_again_stays_dead(scene: Scene) -> None:
    scene.connect()
    scene.api.patch("/v1/tenants/acme", json={"domains": []}, headers=STAFF)
    scene.zoom.faults.switch_on("invalid_grant", where="refresh", times=1)
    scene.clock.move(3600)
    assert scene.api.get(LIVE, headers=STAFF).json()["state"] == "needs_reauthorization"
    made = scene.make(headers=STAFF, requester_email="sam@retain.example")
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "awaiting"
    assert scene.api.get(LIVE, headers=STAFF).json()["cause"] == "grant_revoked"


def test_of_two_sign_ins_that_are_turned_down_the_later_ones_pair_is_kept(scene: Scene) -> None:
    scene.connect()
    scene.api.patch("/v1/tenants/acme", json={"domains": []}, headers=STAFF)
    first = scene.make(requester_email="it@acme-it.example")
    second = scene.make(headers=STAFF, requester_email="sam@retain.example")
    for made in (first, second):
        scene.clock.move(10)
        assert outcome(scene.sign_in(scene.browser(), made["url"])) == "awaiting"
    scene.decide(second["id"], "reject", STAFF)
    scene.decide(first["id"], "reject")
    assert scene.grants() == []
    assert scene.works("jonas")
