"""Going through a tenant's past at Zoom, window after window."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integration.backfill.coverage import DELAY
from integration.backfill.days import WESTERNMOST, midnight, oldest
from tests.integration.backfill.steps import MEETING_ID, Scene, refused
from tests.integration.connections.steps import connect


def test_the_past_half_year_comes_through_the_reports_newest_first(scene: Scene) -> None:
    for days in (1, 40, 100, 175):
        scene.held(scene.ago(days=days))
    scene.start()
    found = []
    while scene.turn():
        found.append(scene.progress().sessions_found)
    assert found == [1, 2, 2, 3, 3, 3, 4]
    progress = scene.progress()
    assert (progress.state, progress.share, progress.windows, progress.windows_done) == ("done", 1.0, 7, 7)
    assert (progress.sessions_found, progress.fresh) == (4, 4)
    assert [state for state, _, _ in scene.calls()] == ["ended"] * 4
    assert scene.covered() == (midnight(oldest(scene.clock.now.date())) + WESTERNMOST, scene.clock.now - DELAY)


def test_a_call_is_stored_to_the_second_and_counts_in_the_calendar(scene: Scene) -> None:
    start = scene.ago(days=3)
    scene.planned("standup", start)
    (call,) = scene.zoom.hold(meeting_id=MEETING_ID, began=start, segments=((61, 2718),), send=False)
    scene.fill()
    assert scene.calls() == [("ended", call.began, call.ended)]
    assert scene.reasons() == {start: ("adjusted", 2718)}


def test_pages_of_three_hundred_are_all_read_and_stored_once(scene: Scene) -> None:
    scene.many(650, scene.ago(days=10))
    assert scene.fill().sessions_found == 650
    assert scene.count() == 650
    scene.clock.move(1)
    again = scene.fill()
    assert (again.sessions_found, again.fresh) == (650, 0)
    assert scene.count() == 650


def test_an_event_that_zoom_knows_no_call_of_is_known_to_have_none(scene: Scene) -> None:
    recent, old, today = scene.ago(days=20), scene.ago(days=250), scene.ago(hours=1)
    for key, start in {"recent": recent, "old": old, "today": today}.items():
        scene.planned(key, start)
    assert set(scene.reasons().values()) == {("awaiting_zoom", None)}
    scene.fill()
    assert scene.reasons() == {
        recent: ("no_session", None),
        old: ("too_old_for_zoom", None),  # of an id that was never used, or is not any more, Zoom says the same
        today: ("awaiting_zoom", None),
    }


def test_of_a_meeting_whose_id_zoom_has_forgotten_nothing_is_claimed(scene: Scene) -> None:
    """Ids expire 30 days after their last use: then Zoom says the same of calls that were held, and of none."""
    scene.zoom.faults.habits(old_ids="forgotten")
    old, recent = scene.ago(days=240), scene.ago(days=20)
    scene.planned("held", old)
    scene.held(old, 45, MEETING_ID)
    scene.planned("weekly", old, "95555555555")
    scene.planned("weekly, later", recent, "95555555555")
    without_reports(scene)
    assert scene.fill().state == "done"
    assert scene.reasons() == {old: ("too_old_for_zoom", None), recent: ("no_session", None)}
    asked = scene.asked("instances")
    scene.due()
    scene.repair()
    assert scene.asked("instances") == asked


def without_reports(scene: Scene) -> None:
    scene.zoom.faults.switch_on("scopes_changed", where="history")


def test_what_zoom_calls_more_than_a_year_old_is_too_old_and_was_not_without_a_call(scene: Scene) -> None:
    start = scene.ago(days=364)
    scene.planned("old", start)
    scene.start()
    refusing = refused(scene.runtime, f"/past_meetings/{MEETING_ID}/instances", "12702")
    while scene.turn(refusing):
        pass
    assert scene.reasons() == {start: ("too_old_for_zoom", None)}


def test_an_event_that_moves_is_asked_about_again_whatever_zoom_had_forgotten(scene: Scene) -> None:
    scene.zoom.faults.habits(old_ids="forgotten")
    scene.planned("moved", scene.ago(days=240))
    scene.fill()
    assert set(scene.reasons().values()) == {("too_old_for_zoom", None)}
    scene.planned("moved", scene.ago(days=20))
    assert set(scene.reasons().values()) == {("no_session", None)}


def test_without_reports_meetings_that_webhooks_told_only_a_part_of_are_asked_about_too(scene: Scene) -> None:
    start = scene.ago(days=2)
    scene.planned("half told", start)
    _, second = scene.zoom.hold(meeting_id=MEETING_ID, began=start, segments=((0, 1200), (1500, 1800)), send=False)
    scene.told(second)
    assert scene.reasons() == {start: ("adjusted", 1800)}
    without_reports(scene)
    scene.fill()
    assert scene.reasons() == {start: ("adjusted", 3000)}
    asked = scene.asked("instances")
    scene.due()
    scene.repair()
    assert scene.asked("instances") == asked


def test_ids_in_groups_of_digits_are_read(scene: Scene) -> None:
    start = scene.ago(days=10)
    scene.planned("grouped", start)
    scene.held(start, 45, MEETING_ID)
    scene.zoom.faults.habits(history_ids="grouped")
    scene.fill()
    assert scene.reasons() == {start: ("adjusted", 2700)}
    assert scene.asked("instances") == 0


def test_a_month_with_entries_that_cannot_be_read_is_not_known_and_its_meetings_are_asked_about(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    start, other = scene.ago(days=10), scene.ago(days=12)
    scene.planned("held", start)
    scene.planned("not held", other, "95555555555")
    scene.held(start, 45, MEETING_ID)
    scene.zoom.faults.habits(history_ids="missing")
    scene.start()
    for _ in range(7):
        scene.turn()
    covered = scene.covered()[1]
    assert covered is None or covered < start
    assert set(scene.reasons().values()) == {("awaiting_zoom", None)}
    assert "calls that we cannot read" in caplog.text
    scene.work()
    assert scene.progress().state == "done"
    assert scene.reasons() == {start: ("adjusted", 2700), other: ("no_session", None)}


def test_a_call_that_runs_is_known_to_run_where_the_history_has_it(scene: Scene) -> None:
    call = scene.zoom.start_call(meeting_id=MEETING_ID, at=scene.ago(hours=5), send=False)
    scene.planned("long", call.began, minutes=30)
    scene.zoom.faults.habits(history_runs="yes")
    scene.fill()
    assert scene.reasons() == {call.began: ("still_running", None)}


def test_days_that_zoom_means_in_a_zone_far_from_utc_leave_nothing_out(scene: Scene) -> None:
    """In Auckland it is tomorrow already: what is held there this morning began on no day of UTC's so far."""
    scene.zoom.faults.habits(history_days="account")
    world, jonas = scene.zoom.world, scene.zoom.world.user("jonas")
    with world.lock:
        world._users["jonas"] = replace(jonas, timezone="Pacific/Auckland")
    connect(scene.runtime, scene.zoom)
    scene.clock.now = scene.clock.now.replace(hour=23)
    start = scene.ago(hours=6)
    scene.planned("this morning", start)
    scene.held(start, 45, MEETING_ID)
    scene.fill()
    assert scene.reasons() == {start: ("adjusted", 2700)}


def test_further_back_than_reports_go_meetings_are_asked_about_one_by_one(scene: Scene) -> None:
    first, second, third = scene.ago(days=300), scene.ago(days=293), scene.ago(days=286)
    for number, start in enumerate((first, second, third)):
        scene.planned(f"weekly{number}", start)
    scene.held(first, 50, MEETING_ID)
    scene.held(third, 30, MEETING_ID)
    scene.held(scene.ago(days=310), 30, "95555555555")  # nobody planned it: nobody asks for it
    progress = scene.fill()
    assert scene.reasons() == {first: ("adjusted", 3000), second: ("no_session", None), third: ("adjusted", 1800)}
    assert (progress.state, progress.windows, progress.sessions_found) == ("done", 8, 2)
    assert scene.asked("instances") == 1
    assert scene.asked("past_meeting") == 2


def test_meetings_of_more_than_a_year_ago_are_not_asked_about(scene: Scene) -> None:
    start = scene.ago(days=370)
    scene.planned("old", start)
    scene.held(start, 30, MEETING_ID)
    scene.fill()
    assert scene.reasons() == {start: ("too_old_for_zoom", None)}
    assert scene.asked("instances") == 0


def test_a_call_that_runs_is_found_by_the_next_asking(scene: Scene) -> None:
    call = scene.zoom.start_call(meeting_id=MEETING_ID, at=scene.ago(hours=3), send=False)
    scene.planned("long", call.began, minutes=30)
    scene.fill()
    assert scene.calls() == []
    scene.clock.move(3600)
    scene.zoom.end_call(call, at=scene.clock.now, send=False)
    scene.due(scene.coverage().due_at + timedelta(hours=6))
    assert scene.repair() == 1
    assert scene.reasons() == {call.began: ("adjusted", 4 * 3600)}


def test_what_webhooks_told_before_and_after_changes_nothing(scene: Scene) -> None:
    before, after = scene.held(scene.ago(days=2)), scene.held(scene.ago(days=3))
    scene.told(before)
    progress = scene.fill()
    assert (progress.sessions_found, progress.fresh) == (2, 1)
    stored = scene.calls()
    scene.told(after)
    scene.told(before)
    assert scene.calls() == stored
    assert len(stored) == 2


def test_tenants_get_on_side_by_side(scene: Scene) -> None:
    connect(scene.runtime, scene.zoom, "globex", scene.zoom.add_account("globex"))
    scene.start()
    scene.start(tenant="globex")
    scene.turn()
    scene.clock.move(1)
    assert (scene.progress().windows_done, scene.progress("globex").windows_done) == (1, 1)
    scene.work()
    assert {scene.progress().state, scene.progress("globex").state} == {"done"}


def test_where_zoom_will_not_say_how_long_a_call_was_nothing_is_claimed(scene: Scene) -> None:
    """It began a year and some minutes ago, the event a little less than a year: Zoom lists it, and says no more."""
    start = scene.ago(days=365) + timedelta(minutes=10)
    scene.planned("edge", start)
    scene.held(scene.ago(days=365) - timedelta(minutes=10), 30, MEETING_ID)
    scene.fill()
    assert scene.asked("past_meeting") == 1
    assert scene.reasons() == {start: ("awaiting_zoom", None)}


def test_one_meeting_that_zoom_refuses_for_unknown_reasons_holds_up_no_other(scene: Scene) -> None:
    odd, good = scene.ago(days=300), scene.ago(days=310)
    scene.planned("odd", odd, "90000000001")
    scene.planned("good", good)
    scene.held(good, 20, MEETING_ID)
    scene.start()
    refusing = refused(scene.runtime, "/past_meetings/90000000001/instances")
    while scene.turn(refusing):
        pass
    assert (scene.progress().state, scene.progress().windows_done) == ("done", 9)
    assert scene.reasons() == {odd: ("awaiting_zoom", None), good: ("adjusted", 1200)}
    assert scene.repair(refusing) == 1
    assert scene.reasons()[odd] == ("awaiting_zoom", None)
    scene.due()
    scene.repair()
    assert scene.reasons()[odd] == ("too_old_for_zoom", None)
