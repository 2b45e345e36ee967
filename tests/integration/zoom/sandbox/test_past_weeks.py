"""What is behind Acme at the first start, and what lasts over a restart."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from integration.zoom.sandbox import memory, past_weeks
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.world import App, World
from tests.integration.zoom.sandbox.conftest import START


def fresh() -> World:
    return World(App.from_env({}), lambda: START)


def test_some_weeks_of_every_kind_of_meeting_are_there_and_over(zoom: ZoomStandIn) -> None:
    past_weeks.remember(zoom.world, 4)
    events, sessions = zoom.world.calendar.all(), zoom.history("acme")
    assert 30 <= len(events) <= 60
    assert all(event.end < START for event in events)
    assert all(session.ended and session.ended < START for session in sessions)
    assert all(not session.told for session in sessions)
    held = Counter(session.meeting_id for session in sessions)
    assert any(not event.meeting_id for event in events)  # not on Zoom
    assert any(event.meeting_id and event.meeting_id not in held for event in events)  # never held
    assert any(event.start < START - timedelta(days=366) for event in events)  # too old
    assert any("/my/" in event.link for event in events)
    domains = {email.rpartition("@")[2] for event in events for email in event.attendees}
    assert domains >= {"globex.example", "initech.example", "umbrella.example", "gmail.com"}


def test_two_starts_on_one_day_remember_the_same() -> None:
    one, other = fresh(), fresh()
    for world in (one, other):
        past_weeks.remember(world, 3)
    assert one.calendar.all() == other.calendar.all()
    assert list(one.meetings) == list(other.meetings)


def test_calls_and_the_calendar_last_over_a_restart(zoom: ZoomStandIn, tmp_path: Path) -> None:
    past_weeks.remember(zoom.world, 1)
    running, kept = zoom.start_call(send=False), tmp_path / "zoom.json"
    memory.save(zoom.world, kept)
    after = fresh()
    assert memory.load(after, kept)
    assert after.calendar.all() == zoom.world.calendar.all()
    assert list(after.meetings) == list(zoom.world.meetings)
    assert after.meetings.find(running.uuid) == running


def test_a_file_of_before_there_were_calls_is_gone_on_with(tmp_path: Path) -> None:
    kept = tmp_path / "zoom.json"
    assert not memory.load(fresh(), kept)
    kept.write_text('{"grants": []}')
    assert not memory.load(fresh(), kept)
