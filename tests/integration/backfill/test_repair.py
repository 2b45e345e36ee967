"""What no webhook told of is asked for by itself, a few times a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from integration.backfill.coverage import DELAY, WITHIN
from integration.backfill.repair import EVERY
from integration.connections.disconnect import disconnect
from integration.runtime import Runtime
from tests.integration.backfill.steps import HALF_A_DAY, MEETING_ID, Disturbed, Scene
from tests.integration.connections.steps import add_tenant, connect


def missed(scene: Scene) -> float:
    return float(scene.runtime.metrics.missed_sessions._value.get())


def test_calls_that_no_webhook_told_of_are_found_and_counted(scene: Scene) -> None:
    scene.fill()
    asked_from, _ = scene.covered()
    told, lost = scene.held(scene.ago(hours=-1)), scene.held(scene.ago(hours=-2))
    scene.told(told)
    assert scene.later(HALF_A_DAY) == 1
    assert scene.count() == 2
    assert missed(scene) == 1
    assert lost.began in [began for _, began, _ in scene.calls()]
    assert scene.covered() == (asked_from, scene.clock.now - DELAY)
    assert scene.repair() == 0
    due = scene.coverage().due_at
    assert EVERY * 0.9 <= due - scene.clock.now <= EVERY


def test_nothing_is_asked_where_nothing_is_connected(scene: Scene) -> None:
    add_tenant(scene.runtime, "globex")
    scene.fill()
    disconnect(scene.runtime, "acme", cause="disconnected", actor=None)
    calls = len(scene.zoom.calls)
    assert scene.later(HALF_A_DAY) == 0
    assert len(scene.zoom.calls) == calls


def test_a_connection_that_was_never_filled_gets_its_back_fill(scene: Scene) -> None:
    scene.held(scene.ago(days=3))
    assert scene.repair() == 1
    assert scene.progress().why == "missed"
    scene.work()
    assert (scene.progress().state, scene.count()) == ("done", 1)


def test_one_that_was_stopped_begins_anew_once_the_connection_works_again(scene: Scene) -> None:
    scene.start()
    scene.clock.move(3600)
    scene.zoom.faults.switch_on("invalid_grant", where="refresh")
    scene.work()
    assert scene.progress().state == "stopped"
    scene.zoom.faults.clear()
    connect(scene.runtime, scene.zoom)
    scene.later(HALF_A_DAY)
    assert (scene.progress().state, scene.progress().why) == ("running", "missed")


def test_after_weeks_without_a_worker_the_past_is_gone_through_again(scene: Scene) -> None:
    scene.fill()
    scene.held(scene.ago(days=-5))
    connection_lives_on(scene, timedelta(days=40))
    scene.later(timedelta())
    assert scene.progress().why == "missed"
    scene.work()
    assert scene.count() == 1
    assert scene.covered()[1] == scene.clock.now - DELAY


def connection_lives_on(scene: Scene, passed: timedelta) -> None:
    scene.clock.now += passed
    connect(scene.runtime, scene.zoom)


def test_events_that_come_later_are_asked_about_one_by_one(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=300)
    scene.held(start, 30, MEETING_ID)
    scene.planned("late", start)
    assert scene.later(WITHIN) == 1
    assert scene.reasons()[start] == ("adjusted", 1800)
    asked = scene.asked("instances")
    scene.later(HALF_A_DAY)
    assert scene.asked("instances") == asked


def test_many_meetings_are_asked_about_in_turns_and_those_without_an_answer_hold_up_nobody(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=300)
    for number in range(12):
        scene.planned(f"late{number}", start + timedelta(hours=number), str(90_000_000_000 + number))
    assert scene.later(WITHIN) == 1
    assert scene.coverage().due_at == scene.clock.now
    assert scene.repair() == 1
    assert set(scene.reasons().values()) == {("too_old_for_zoom", None)}
    assert scene.coverage().due_at > scene.clock.now


def test_trouble_is_tried_again_sooner_and_never_before_zoom_wants_it(scene: Scene) -> None:
    scene.fill()
    scene.zoom.faults.switch_on("rate_limited_today", where="history")
    scene.later(HALF_A_DAY)
    known = scene.coverage()
    assert known.failures == 1
    assert known.due_at > scene.clock.now + timedelta(minutes=1)
    assert known.asked_until == scene.clock.now - HALF_A_DAY - DELAY
    scene.zoom.faults.clear()
    scene.later(known.due_at - scene.clock.now)
    assert scene.coverage().failures == 0
    assert scene.coverage().asked_until == scene.clock.now - DELAY


def test_many_events_within_minutes_are_asked_about_at_once(scene: Scene) -> None:
    scene.fill()
    scene.repair()
    asked = scene.asked("history")
    for number in range(6):
        scene.planned(f"late{number}", scene.ago(days=300 + number), str(90_000_000_000 + number))
        scene.planned(f"to come{number}", scene.ago(days=-30))
        scene.later(timedelta(minutes=2))
    assert scene.asked("history") == asked + 1


def test_events_that_come_while_zoom_is_asked_are_asked_about_soon_after(scene: Scene) -> None:
    scene.fill()
    scene.clock.now += HALF_A_DAY
    meanwhile = before_each(scene.runtime, lambda: scene.planned("late", scene.ago(days=300)))
    assert scene.repair(meanwhile) == 1
    assert scene.coverage().due_at > scene.clock.now + WITHIN
    assert scene.later(WITHIN) == 1
    assert set(scene.reasons().values()) == {("too_old_for_zoom", None)}


def before_each(runtime: Runtime, happens: Callable[[], object]) -> Runtime:
    """The same process, in which that happens before each of Zoom's pages."""
    return replace(runtime, zoom=Disturbed(runtime, lambda _path, _further: happens()))


def test_where_calls_stay_unreadable_for_weeks_the_past_is_gone_through_once_a_day_at_most(scene: Scene) -> None:
    scene.fill()
    scene.zoom.faults.habits(history_ids="missing")
    connection_lives_on(scene, timedelta(days=40))
    scene.held(scene.ago(hours=1))
    assert (scene.later(timedelta()), scene.progress().why) == (1, "missed")
    scene.work()
    began, known = scene.progress().since, scene.covered()
    assert known[1] is not None
    assert known[1] < scene.ago(days=20)
    for _ in range(3):
        scene.later(timedelta(hours=6.5))
        scene.work()
    assert (scene.progress().since, scene.coverage().failures) == (began, 0)
    assert scene.covered() == known
    scene.later(timedelta(hours=6.5))
    assert scene.progress().since != began
