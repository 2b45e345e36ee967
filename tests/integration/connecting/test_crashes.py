"""Killed at every step of connecting, the next process goes on; whoever signed in is asked again only where a code or
a refresh token was spent at Zoom and the answer died with the process."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import URL

from integration.connecting import callback, confirming, links, oauth_state, starting
from integration.connecting.advancing import advance
from integration.connecting.callback import Outcome, Returned
from integration.runtime import Runtime
from tests.integration.connecting.mortal import dies
from tests.integration.connecting.steps import STAFF, Scene, add_tenant, outcome
from tests.integration.serving import environment, process, wait_for_line
from tests.integration.test_serving import eventually

TWO_MINUTES = 120


@dataclass
class Attempt:
    """One of many tenants, each with a link and a Zoom account of its own."""

    scene: Scene
    number: int

    def __post_init__(self) -> None:
        self.tenant = f"t{self.number}"
        self.person = self.scene.zoom.add_account(self.tenant)
        add_tenant(self.scene.runtime, self.tenant, self.tenant)
        self.browser: TestClient = self.scene.browser()

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Actor": f"slack:T/{self.tenant}", "X-Role": "admin", "X-Tenant": self.tenant}

    def make(self, email: str = "") -> dict[str, str]:
        self.link = self.scene.make(self.tenant, self.headers, requester_email=email or f"owner@{self.tenant}.example")
        return self.link

    def come_back(self, person: str = "") -> Callable[[Runtime], Outcome]:
        """Through Zoom; what the process is to do that the browser comes back to."""
        address = self.scene.zoom.authorize_as(person or self.person, self.scene.press(self.browser, self.link["url"]))
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        browser = oauth_state.browser_of(self.browser.cookies["retain-connect"])
        return lambda runtime: callback.come_back(runtime, Returned(query["state"], query["code"], None), browser)

    def recover(self) -> None:
        """Others take over when the dead one's leases have run out."""
        self.scene.leases_run_out()
        self.scene.clock.move(TWO_MINUTES)
        self.scene.work()

    @property
    def connected(self) -> bool:
        return self.tenant in self.scene.connections()

    def is_whole(self) -> bool:
        """Connected with a pair that lives, told so, and nothing left behind."""
        state = self.scene.link(self.link["id"])["state"]
        return self.scene.works(self.person, self.tenant) and state == "connected"


def test_killed_anywhere_between_zoom_and_connected(scene: Scene) -> None:
    asked_again = []
    for number in count(1):
        attempt = Attempt(scene, number)
        attempt.make()
        moments = dies(scene.runtime, number, attempt.come_back())
        if moments is None:
            break
        attempt.recover()
        assert scene.grants() == []
        if not attempt.connected:
            asked_again.append((len(moments), moments[-1]))
            assert outcome(scene.sign_in(attempt.browser, attempt.link["url"], attempt.person)) == "connected"
        assert attempt.is_whole(), moments
    # The code is spent between the first two commits, the refresh token between its call and its commit.
    assert asked_again == [
        (1, "before a commit"),
        (2, "after a commit"),
        (3, "before exchange"),
        (4, "after exchange"),
        (5, "before a commit"),
        (18, "after refresh"),
        (19, "before a commit"),
    ]
    assert number > 20


def test_killed_anywhere_between_the_answer_and_connected(scene: Scene) -> None:
    def answer(attempt: Attempt) -> Callable[[Runtime], object]:
        def act(runtime: Runtime) -> None:
            with runtime.database.writing() as session:
                link = links.by_id(session, attempt.link["id"], lock=True)
                grant = confirming.confirm(session, runtime.vault, link, None, runtime.clock())
            advance(runtime, grant or "")

        return act

    for number in count(1):
        attempt = Attempt(scene, number)
        attempt.make(email="somebody@else.example")
        assert attempt.come_back()(scene.runtime).page == "awaiting"
        moments = dies(scene.runtime, number, answer(attempt))
        if moments is None:
            break
        attempt.recover()
        if scene.link(attempt.link["id"])["state"] == "awaiting_confirmation":
            assert moments == ["before a commit"]
            scene.decide(attempt.link["id"], "reject", STAFF)
        elif not attempt.connected:
            assert moments[-2:] in (["before refresh", "after refresh"], ["after refresh", "before a commit"])
        else:
            assert attempt.is_whole()
        assert scene.grants() == []
    assert number > 12


def test_killed_anywhere_while_a_grant_is_let_go(scene: Scene) -> None:
    for number in count(1):
        attempt = Attempt(scene, number)
        attempt.make()
        moments = dies(scene.runtime, number, attempt.come_back("maya"))
        if moments is None:
            break
        attempt.recover()
        stored = moments.count("after a commit") >= 2
        state = scene.link(attempt.link["id"])["cause"]
        assert (state == "not_admin") == stored
        assert scene.grants() == []
        if stored:
            scene.leases_run_out()
            scene.work()
            assert scene.zoom.live_pairs("maya") == []
        assert not attempt.connected
    assert number > 15


def test_killed_before_the_button_leads_anywhere_it_can_be_pressed_again(scene: Scene) -> None:
    made = scene.make()
    token = made["url"].rsplit("/", 1)[1]
    for number in (1, 2):
        assert dies(scene.runtime, number, lambda runtime: starting.start(runtime, token, None))
        assert outcome_or_form(scene, made["url"]) == "form"
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "connected"


def outcome_or_form(scene: Scene, url: str) -> str:
    response = scene.browser().get(url)
    return "form" if "<form" in response.text else outcome(response)


def zooms(scene: Scene) -> dict[str, str]:
    return {
        "ZOOM_CLIENT_ID": scene.zoom.client_id,
        "ZOOM_CLIENT_SECRET": scene.zoom.client_secret,
        "ZOOM_OAUTH_URL": scene.zoom.oauth_url,
        "ZOOM_API_URL": scene.zoom.api_url,
    }


@pytest.mark.parametrize("where", ["me", "refresh", "users"])
def test_a_worker_that_is_killed_in_a_call_is_replaced_by_another(scene: Scene, database_url: URL, where: str) -> None:
    attempt = Attempt(scene, 1)
    attempt.make()
    assert dies(scene.runtime, 6, attempt.come_back()) is not None  # the web process: what Zoom gave is stored
    scene.leases_run_out()
    scene.zoom.faults.switch_on("timeout", where=where)
    env = environment(database_url, **zooms(scene))
    with process("integration", "worker", env=env) as worker:
        wait_for_line(worker, "worker started")
        scene.zoom.wait_for_hanging(timeout=60)
        worker.kill()
        worker.wait(timeout=15)
    assert len(scene.grants()) == 1
    scene.zoom.faults.clear()
    scene.leases_run_out()
    scene.grants_are_due()
    with process("integration", "worker", env=env) as worker:
        wait_for_line(worker, "worker started")
        eventually(lambda: attempt.connected)
    assert attempt.is_whole()
