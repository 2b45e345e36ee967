"""A worker that dies, at every step of the way, and a connection that ends while Zoom is asked."""

from itertools import count

import pytest

from integration.backfill import days
from integration.connections.disconnect import disconnect
from integration.meetings.zoom_data import forget_zoom_data
from integration.runtime import Runtime
from integration.zoom import meetings
from tests.integration.backfill.steps import MEETING_ID, Scene, interrupted
from tests.integration.connecting.mortal import dies
from tests.integration.connections.steps import connect


def test_killed_at_any_step_it_is_resumed_and_nothing_is_doubled(
    scene: Scene, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "MONTHS", 1)
    monkeypatch.setattr(meetings, "PAGE_SIZE", 2)
    old = scene.ago(days=250)
    scene.planned("old", old)
    scene.held(old, 30, MEETING_ID)
    scene.many(3, scene.ago(days=2))
    scene.start()
    reached: list[str] = []
    for steps in count(1, 2):  # between one step's end and the next one's beginning nothing happens
        moments = dies(runtime, steps, lambda mortal: [scene.turn(mortal) for _ in range(4)])
        if moments is None:
            break
        reached = moments
        scene.due()
        scene.work()
        progress = scene.progress()
        assert (progress.state, progress.share) == ("done", 1.0), moments
        assert scene.count() == 4, moments
        assert scene.reasons() == {old: ("adjusted", 1800)}, moments
        assert progress.fresh == 4, moments
        with runtime.database.writing() as session:
            forget_zoom_data(session, runtime.vault, "acme")
        scene.start()
    assert {"before a commit", "before get", "before pages"} <= set(reached)
    assert len(reached) > 15


def test_what_a_disconnection_deleted_does_not_come_back(scene: Scene, runtime: Runtime) -> None:
    scene.many(310, scene.ago(days=2))
    scene.start()
    meanwhile = interrupted(runtime, lambda: disconnect(runtime, "acme", cause="disconnected", actor=None))
    assert scene.turn(meanwhile) == 1
    assert scene.count() == 0
    assert scene.turn() == 0


def test_another_connection_meanwhile_gets_nothing_of_the_former_one(scene: Scene, runtime: Runtime) -> None:
    scene.many(310, scene.ago(days=2))
    scene.start()

    def reconnect() -> None:
        disconnect(runtime, "acme", cause="disconnected", actor=None)
        scene.clock.move(1)
        connect(runtime, scene.zoom, "acme", scene.zoom.add_account("globex"))
        scene.start("connected")

    scene.turn(interrupted(runtime, reconnect))
    assert scene.count() == 0
    scene.work()
    assert (scene.progress().state, scene.count()) == ("done", 0)
