"""What no webhook told of is asked for by itself, a few times a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from integration.backfill.coverage import DELAY, WITHIN
from integration.backfill.models import Coverage
from integration.backfill.repair import EVERY
from integration.connections.disconnect import disconnect
from integration.meetings.models import PersonalRoom
from integration.runtime import Runtime
from tests.integration.backfill.steps import MEETING_ID, Disturbed, Scene, refused
from tests.integration.connections.steps import add_tenant, connect

HALF_A_DAY = timedelta(hours=12)


def later(scene: Scene, passed: timedelta) -> int:
    """So much later a worker looks."""
    scene.clock.now += passed
    return scene.repair()


def missed(scene: Scene) -> float:
    return float(scene.runtime.metrics.missed_sessions._value.get())


def test_calls_that_no_webhook_told_of_are_found_and_counted(scene: Scene) -> None:
    scene.fill()
    asked_from, _ = scene.covered()
    told, lost = scene.held(scene.ago(hours=-1)), scene.held(scene.ago(hours=-2))
    scene.told(told)
    assert later(scene, HALF_A_DAY) == 1
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
    assert later(scene, HALF_A_DAY) == 0
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
    later(scene, HALF_A_DAY)
    assert (scene.progress().state, scene.progress().why) == ("running", "missed")


def test_after_weeks_without_a_worker_the_past_is_gone_through_again(scene: Scene) -> None:
    scene.fill()
    scene.held(scene.ago(days=-5))
    connection_lives_on(scene, timedelta(days=40))
    later(scene, timedelta())
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
    assert later(scene, WITHIN) == 1
    assert scene.reasons()[start] == ("adjusted", 1800)
    asked = scene.asked("instances")
    later(scene, HALF_A_DAY)
    assert scene.asked("instances") == asked


def test_many_meetings_are_asked_about_in_turns_and_those_without_an_answer_hold_up_nobody(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=300)
    for number in range(12):
        scene.planned(f"late{number}", start + timedelta(hours=number), str(90_000_000_000 + number))
    assert later(scene, WITHIN) == 1
    assert scene.coverage().due_at == scene.clock.now
    assert scene.repair() == 1
    assert set(scene.reasons().values()) == {("too_old_for_zoom", None)}
    assert scene.coverage().due_at > scene.clock.now


def test_trouble_is_tried_again_sooner_and_never_before_zoom_wants_it(scene: Scene) -> None:
    scene.fill()
    scene.zoom.faults.switch_on("rate_limited_today", where="history")
    later(scene, HALF_A_DAY)
    known = scene.coverage()
    assert known.failures == 1
    assert known.due_at > scene.clock.now + timedelta(minutes=1)
    assert known.asked_until == scene.clock.now - HALF_A_DAY - DELAY
    scene.zoom.faults.clear()
    later(scene, known.due_at - scene.clock.now)
    assert scene.coverage().failures == 0
    assert scene.coverage().asked_until == scene.clock.now - DELAY


def test_personal_links_are_resolved_once_somebody_needs_them(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=2)
    (call,) = scene.zoom.hold("jonas", "pmi", began=start, segments=((0, 1200),), send=False)
    scene.fill()
    later(scene, HALF_A_DAY)
    alone = scene.asked("user")
    scene.planned("room", start, f"my/{scene.zoom.people['jonas'].room}")
    assert scene.reasons()[start][1] is None
    assert later(scene, WITHIN) == 1
    assert scene.asked("user") > alone
    assert scene.reasons()[start] == ("adjusted", 1200)
    with scene.runtime.database.reading() as session:
        assert len(session.scalars(select(PersonalRoom)).all()) >= 1
        assert session.get_one(Coverage, "acme").people_read_at == scene.clock.now
    assert call.ended is not None


def test_many_events_within_minutes_are_asked_about_at_once(scene: Scene) -> None:
    scene.fill()
    scene.repair()
    asked = scene.asked("history")
    for number in range(6):
        scene.planned(f"late{number}", scene.ago(days=300 + number), str(90_000_000_000 + number))
        scene.planned(f"to come{number}", scene.ago(days=-30))
        later(scene, timedelta(minutes=2))
    assert scene.asked("history") == asked + 1


def test_events_that_come_while_zoom_is_asked_are_asked_about_soon_after(scene: Scene) -> None:
    scene.fill()
    scene.clock.now += HALF_A_DAY
    meanwhile = before_each(scene.runtime, lambda: scene.planned("late", scene.ago(days=300)))
    assert scene.repair(meanwhile) == 1
    assert scene.coverage().due_at > scene.clock.now + WITHIN
    assert later(scene, WITHIN) == 1
    assert set(scene.reasons().values()) == {("too_old_for_zoom", None)}


def before_each(runtime: Runtime, happens: Callable[[], object]) -> Runtime:
    """The same process, in which that happens before each of Zoom's pages."""
    return replace(runtime, zoom=Disturbed(runtime, lambda _path, _further: happens()))


def people(scene: Scene) -> int:
    with scene.zoom.world.lock:
        return len(scene.zoom.world.users_of(scene.zoom.world.accounts["acme"]))


def test_a_link_of_somebody_elsewhere_has_each_user_read_once_a_week(scene: Scene) -> None:
    scene.fill()
    scene.planned("elsewhere", scene.ago(days=3), "my/kim.of.globex")
    later(scene, WITHIN)
    everybody = scene.asked("user")
    assert 0 < everybody <= people(scene)
    for day in range(6):
        scene.planned(f"again{day}", scene.ago(days=2), "my/kim.of.globex")
        later(scene, timedelta(days=1))
    assert scene.asked("user") == everybody
    later(scene, timedelta(days=1))
    assert scene.asked("user") == 2 * everybody


def test_no_user_is_read_alone_where_the_list_tells_their_links(scene: Scene) -> None:
    scene.zoom.faults.habits(rooms="listed")
    scene.fill()
    scene.planned("elsewhere", scene.ago(days=3), "my/kim.of.globex")
    later(scene, HALF_A_DAY)
    assert scene.asked("user") == 0


def test_one_user_whom_zoom_will_not_show_holds_up_nothing(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=2)
    scene.zoom.hold("jonas", "pmi", began=start, segments=((0, 1200),), send=False)
    scene.planned("room", start, f"my/{scene.zoom.people['jonas'].room}")
    hidden = scene.zoom.people["rosa"].id
    refusing = refused(scene.runtime, f"/users/{hidden}")
    scene.clock.now += HALF_A_DAY
    assert scene.repair(refusing) == 1
    assert scene.reasons()[start] == ("adjusted", 1200)
    assert scene.coverage().failures == 0


def test_trouble_with_personal_links_is_tried_again_a_day_later_and_stops_nothing_else(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=2)
    scene.zoom.hold("jonas", "pmi", began=start, segments=((0, 1200),), send=False)
    scene.planned("room", start, f"my/{scene.zoom.people['jonas'].room}")
    fault = scene.zoom.faults.switch_on("rate_limited_today", where="user")
    later(scene, HALF_A_DAY)
    assert (scene.covered()[1], scene.coverage().failures) == (scene.clock.now - DELAY, 0)
    tried = scene.asked("user")
    later(scene, HALF_A_DAY)
    assert scene.asked("user") == tried
    scene.zoom.faults.switch_off(fault)
    later(scene, HALF_A_DAY)
    assert scene.reasons()[start] == ("adjusted", 1200)


def test_where_calls_stay_unreadable_for_weeks_the_past_is_gone_through_once_a_day_at_most(scene: Scene) -> None:
    scene.fill()
    scene.zoom.faults.habits(history_ids="missing")
    connection_lives_on(scene, timedelta(days=40))
    scene.held(scene.ago(hours=1))
    assert (later(scene, timedelta()), scene.progress().why) == (1, "missed")
    scene.work()
    began, known = scene.progress().since, scene.covered()
    assert known[1] is not None
    assert known[1] < scene.ago(days=20)
    for _ in range(3):
        later(scene, timedelta(hours=6.5))
        scene.work()
    assert (scene.progress().since, scene.coverage().failures) == (began, 0)
    assert scene.covered() == known
    later(scene, timedelta(hours=6.5))
    assert scene.progress().since != began
