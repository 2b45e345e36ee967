"""Going through a tenant's past at Zoom, window after window."""

from datetime import timedelta

from integration.backfill.coverage import DELAY, midnight
from integration.backfill.planning import months
from tests.integration.backfill.steps import MEETING_ID, Scene, refused
from tests.integration.connections.steps import connect


def test_the_past_half_year_comes_through_the_reports_newest_first(scene: Scene) -> None:
    for days in (1, 40, 100, 175):
        scene.held(scene.ago(days=days))
    scene.start()
    found = []
    while scene.turn():
        found.append(scene.progress().sessions_found)
    assert found == [1, 2, 2, 3, 3, 4]
    progress = scene.progress()
    assert (progress.state, progress.share, progress.windows, progress.windows_done) == ("done", 1.0, 6, 6)
    assert (progress.sessions_found, progress.fresh) == (4, 4)
    assert [state for state, _, _ in scene.calls()] == ["ended"] * 4
    assert scene.covered() == (midnight(months(scene.clock.now.date())[-1].first), scene.clock.now - DELAY)


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
        old: ("no_session", None),
        today: ("awaiting_zoom", None),
    }


def test_further_back_than_reports_go_meetings_are_asked_about_one_by_one(scene: Scene) -> None:
    first, second, third = scene.ago(days=300), scene.ago(days=293), scene.ago(days=286)
    for number, start in enumerate((first, second, third)):
        scene.planned(f"weekly{number}", start)
    scene.held(first, 50, MEETING_ID)
    scene.held(third, 30, MEETING_ID)
    scene.held(scene.ago(days=310), 30, "95555555555")  # nobody planned it: nobody asks for it
    progress = scene.fill()
    assert scene.reasons() == {first: ("adjusted", 3000), second: ("no_session", None), third: ("adjusted", 1800)}
    assert (progress.state, progress.windows, progress.sessions_found) == ("done", 7, 2)
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
    assert (scene.progress().state, scene.progress().windows_done) == ("done", 8)
    assert scene.reasons() == {odd: ("awaiting_zoom", None), good: ("adjusted", 1200)}
    assert scene.repair(refusing) == 1
    assert scene.reasons()[odd] == ("awaiting_zoom", None)
    scene.due()
    scene.repair()
    assert scene.reasons()[odd] == ("no_session", None)
