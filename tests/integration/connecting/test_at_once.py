"""Several processes at once: whatever they do, each code is exchanged once and each account has one tenant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from integration.connecting.advancing import finish_grants
from integration.connections import tokens
from integration.connections.models import Connection
from integration.runtime import make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.users import ZoomUser
from tests.integration.connecting.steps import STAFF, Scene, add_tenant, outcome


def at_zoom(scene: Scene, browser: TestClient, url: str, person: str) -> str:
    return scene.zoom.authorize_as(person, scene.press(browser, url))


def count(zoom: ZoomStandIn, kind: str) -> int:
    return sum(call.kind == kind for call in zoom.calls)


def test_a_callback_loaded_several_times_at_once_exchanges_once(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    address = at_zoom(scene, browser, made["url"], "jonas")
    scene.zoom.faults.switch_on("slow", where="exchange", seconds=0.3)
    with ThreadPoolExecutor(4) as tabs:
        pages = list(tabs.map(lambda _: outcome(browser.get(address)), range(4)))
    assert sorted(pages) == ["checking", "checking", "checking", "connected"]
    assert count(scene.zoom, "exchange") == 1
    assert outcome(browser.get(address)) == "connected"


@pytest.mark.parametrize("again", range(3))
def test_of_two_tenants_that_claim_one_account_at_once_one_gets_it(scene: Scene, again: int) -> None:
    add_tenant(scene.runtime, "globex", "Globex Inc", domains=["acme.example"])
    mine, theirs = scene.make(), scene.make("globex", STAFF)
    ways = [
        (browser, at_zoom(scene, browser, url, person))
        for browser, url, person in (
            (scene.browser(), mine["url"], "jonas"),
            (scene.browser(), theirs["url"], "rosa"),
        )
    ]
    scene.zoom.faults.switch_on("slow", where="users", seconds=0.2)
    with ThreadPoolExecutor(2) as tabs:
        pages = sorted(outcome(page) for page in tabs.map(lambda way: way[0].get(way[1]), ways))
    scene.clock.move(61)
    scene.work()
    assert pages == ["connected", "failed"]
    (tenant,) = scene.connections()
    assert len(scene.zoom.live_pairs()) == 1
    assert scene.works("jonas" if tenant == "acme" else "rosa", tenant)
    causes = [scene.link(made["id"])["cause"] for made in (mine, theirs)]
    assert sorted(causes) == ["account_of_another_tenant", "connected"]


def test_two_links_of_one_tenant_make_one_connection(scene: Scene) -> None:
    mine, theirs = scene.make(), scene.make(headers=STAFF)
    ways = [
        (browser, at_zoom(scene, browser, url, person))
        for browser, url, person in (
            (scene.browser(), mine["url"], "jonas"),
            (scene.browser(), theirs["url"], "rosa"),
        )
    ]
    scene.zoom.faults.switch_on("slow", where="users", seconds=0.2)
    with ThreadPoolExecutor(2) as tabs:
        pages = [outcome(page) for page in tabs.map(lambda way: way[0].get(way[1]), ways)]
    assert pages == ["connected", "connected"]
    scene.clock.move(61)
    scene.work()
    assert set(scene.connections()) == {"acme"}
    assert scene.works("jonas") != scene.works("rosa")
    assert len(scene.zoom.live_pairs()) == 1


def test_many_workers_at_once_take_each_step_once(scene: Scene) -> None:
    number = scene.zoom.faults.switch_on("server_error", where="me")
    scene.sign_in(scene.browser(), scene.make()["url"])
    scene.zoom.faults.switch_off(number)
    scene.clock.move(60)
    before, start = count(scene.zoom, "me"), Barrier(4)

    def work(_: int) -> int:
        runtime = make_runtime(scene.runtime.settings, scene.clock)
        start.wait()
        try:
            return finish_grants(runtime)
        finally:
            runtime.database.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 1
    assert count(scene.zoom, "me") - before == 1
    assert scene.refresh_count("jonas") == 1
    assert scene.works("jonas")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite's writers take turns
def test_who_loses_the_race_to_the_row_finds_the_account_taken(scene: Scene) -> None:
    made = scene.make()
    scene.zoom.faults.switch_on("server_error", where="users", times=4)
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "checking"
    scene.clock.move(60)
    add_tenant(scene.runtime, "globex", "Globex Inc")
    with ThreadPoolExecutor(1) as worker:
        with scene.runtime.database.writing() as session:
            session.add(connection_of(scene, "globex", "jonas"))
            session.flush()
            finished = worker.submit(finish_grants, scene.runtime)
            wait_until_somebody_waits(scene)
        finished.result(timeout=30)
    assert set(scene.connections()) == {"globex"}
    assert scene.link(made["id"])["cause"] == "account_of_another_tenant"


def connection_of(scene: Scene, tenant: str, person: str) -> Connection:
    user, vault, now = scene.zoom.people[person], scene.runtime.vault, scene.clock.now
    row = Connection(id="c" * 32, tenant_id=tenant, state="connected", cause="connected", since=now, connected_at=now)
    tokens.store_user(vault, row, ZoomUser(id="another user of the account", account_id=user.account.id))
    return row


def wait_until_somebody_waits(scene: Scene) -> None:
    """For a lock, in PostgreSQL; the test's own timeout ends a wait in vain."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with scene.runtime.database.reading() as session:
        while not session.scalar(waiting):
            session.rollback()
            Event().wait(0.02)
