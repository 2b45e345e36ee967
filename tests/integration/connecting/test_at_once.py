"""Several processes at once: whatever they do, each code is exchanged once and each account has one tenant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from integration.connecting.advancing import finish_grants
from integration.runtime import make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
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
