"""`python -m integration backfill`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import URL

from integration.commands import backfill
from integration.runtime import make_runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.backfill.steps import Scene
from tests.integration.commands.conftest import Command
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connections.steps import add_tenant, connect
from tests.support.zoom import reached_at, running_zoom


class RealClock(TestClock):
    """Commands have no other."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def zoom() -> Iterator[ZoomStandIn]:
    with running_zoom() as zoom:
        yield zoom


@pytest.fixture
def scene(database_url: URL, zoom: ZoomStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Acme is connected; the command reaches the same Zoom, and waits for no worker."""
    monkeypatch.setenv("ZOOM_API_URL", zoom.api_url)
    monkeypatch.setattr(backfill, "WORKER_SHOWS_WITHIN", 0.0)
    clock = RealClock()
    clock.now = clock()
    runtime = make_runtime(make_settings(database_url, **reached_at(zoom)), clock)
    connect(runtime, zoom)
    yield Scene(runtime, zoom, clock)
    runtime.database.close()


def test_where_no_worker_runs_the_command_does_it_to_the_end(command: Command, scene: Scene) -> None:
    for days in (2, 40):
        scene.held(scene.ago(days=days))
    said = command("backfill", "acme")
    assert said.code == 0
    assert "acme: Zoom was asked about the past: it told of 2 calls, 2 of them new to us." in said.text
    assert scene.count() == 2


def test_it_watches_a_worker_that_does_it(command: Command, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "WORKER_SHOWS_WITHIN", 1000.0)
    monkeypatch.setattr("integration.commands.backfill.time.sleep", lambda _: scene.turn())
    said = command("backfill", "acme")
    assert (said.code, scene.progress().state) == (0, "done")


def test_asked_for_without_following_it_is_left_to_the_worker(command: Command, scene: Scene) -> None:
    said = command("backfill", "acme", "--no-follow")
    assert said.code == 0
    assert "the worker asks Zoom about the past" in said.text
    assert (scene.progress().state, scene.progress().windows_done) == ("running", 0)


def test_ctrl_c_ends_the_watching_alone(command: Command, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backfill, "WORKER_SHOWS_WITHIN", 1000.0)
    monkeypatch.setattr("integration.commands.backfill.time.sleep", pressed)
    said = command("backfill", "acme")
    assert said.code == 0
    assert "The worker goes on with it" in said.text
    assert scene.progress().state == "running"


def test_a_long_wait_is_told_with_its_end_and_its_reason(
    command: Command, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "SHORT", timedelta(seconds=-1))  # just before midnight the wait is not long
    scene.zoom.faults.switch_on("rate_limited_today", where="history")
    said = command("backfill", "acme")
    assert said.code == 0
    until = scene.progress().waiting_until
    assert until is not None
    assert until - scene.clock() > timedelta(0)
    assert "acme: waiting until 20" in said.text
    assert "Those for today are used up." in said.text


def test_what_is_in_the_way_is_said_in_words(command: Command, scene: Scene) -> None:
    add_tenant(scene.runtime, "globex")
    said = command("backfill", "globex")
    assert said.code == 1
    assert "Zoom has not been connected yet. Get a connect link" in said.text
    unknown = command("backfill", "acmee")
    assert unknown.code == 1
    assert "There is no tenant acmee. Did you mean acme?" in unknown.text
    scene.zoom.faults.switch_on("user_removed", where="history")
    stopped = command("backfill", "acme")
    assert stopped.code == 1
    assert "acme: The Zoom user who connected Retain is no longer in the Zoom account." in stopped.text
