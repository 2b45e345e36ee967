"""Calls of which nobody told us the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from integration.backfill.still_running import FIRST_PAUSE, LONGEST_CALL, check_running
from integration.connections.disconnect import disconnect
from integration.meetings.models import MeetingSession
from integration.zoom.client import path_uuid
from integration.zoom.sandbox.meetings import Session
from tests.integration.backfill.steps import MEETING_ID, Scene, refused


@pytest.fixture
def call(scene: Scene) -> Session:
    """One that began 13 hours ago, in an event; its end is told by no webhook."""
    running = scene.zoom.start_call(meeting_id=MEETING_ID, at=scene.ago(hours=13), send=False)
    scene.planned("long", running.began)
    scene.told(running)
    return running


def checks(scene: Scene) -> tuple[int, timedelta]:
    """How often it was looked at, and in which time it will be again."""
    with scene.runtime.database.reading() as session:
        row = session.scalars(select(MeetingSession)).one()
        assert row.check_due_at is not None
        return row.checks, row.check_due_at - scene.clock.now


def test_one_that_ended_meanwhile_is_put_right(scene: Scene, call: Session) -> None:
    assert scene.reasons()[call.began] == ("still_running", None)
    scene.zoom.end_call(call, at=call.began + timedelta(minutes=50), send=False)
    assert check_running(scene.runtime) == 1
    assert scene.reasons()[call.began] == ("adjusted", 3000)
    assert check_running(scene.runtime) == 0


def test_one_that_runs_is_looked_at_later_each_time(scene: Scene, call: Session) -> None:
    pauses = []
    for number in range(1, 4):
        assert check_running(scene.runtime) == 1
        assert check_running(scene.runtime) == 0
        found, pause = checks(scene)
        assert found == number
        pauses.append(pause)
        scene.clock.now += pause
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]


@pytest.mark.parametrize("connected", [True, False])
def test_one_that_zoom_cannot_say_the_end_of_is_lost_in_the_end(scene: Scene, call: Session, connected: bool) -> None:
    if not connected:
        from integration.connections.models import Connection

        with scene.runtime.database.writing() as session:
            session.execute(update(Connection).values(state="needs_reauthorization", cause="grant_revoked"))
    scene.clock.now = call.began + LONGEST_CALL
    check_running(scene.runtime)
    assert scene.calls()[0][0] == "running"
    scene.clock.now += timedelta(hours=4)
    check_running(scene.runtime)
    assert scene.calls()[0][0] == "lost"
    assert scene.reasons()[call.began][1] is None
    assert check_running(scene.runtime) == 0


def test_trouble_says_nothing_about_it(scene: Scene, call: Session) -> None:
    scene.clock.now = call.began + LONGEST_CALL + timedelta(hours=1)
    scene.zoom.faults.switch_on("server_error", where="past_meeting")
    assert check_running(scene.runtime) == 1
    assert scene.calls()[0][0] == "running"


def test_one_that_zoom_refuses_to_speak_of_is_lost_in_the_end_too(scene: Scene, call: Session) -> None:
    refusing = refused(scene.runtime, f"/past_meetings/{path_uuid(call.uuid)}")
    scene.clock.now = call.began + LONGEST_CALL
    check_running(refusing)
    assert scene.calls()[0][0] == "running"
    scene.clock.now += timedelta(hours=4)
    check_running(refusing)
    assert scene.calls()[0][0] == "lost"


def test_what_is_deleted_while_zoom_is_asked_stays_deleted(
    scene: Scene, call: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.zoom.end_call(call, at=call.began + timedelta(minutes=50), send=False)
    real = scene.runtime.zoom.get

    def meanwhile(*args: object, **named: object) -> object:
        found = real(*args, **named)  # type: ignore[arg-type]
        disconnect(scene.runtime, "acme", cause="disconnected", actor=None)
        return found

    monkeypatch.setattr(scene.runtime.zoom, "get", meanwhile)
    check_running(scene.runtime)
    assert scene.calls() == []
