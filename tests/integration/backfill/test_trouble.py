"""Limits, refusals, and Zoom away: what is waited for, what is gone round, and what ends a back-fill."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integration.backfill.coverage import DELAY
from integration.backfill.errors import NotConnected
from integration.runtime import Runtime
from tests.integration.backfill.steps import MEETING_ID, Scene, interrupted
from tests.integration.connections.steps import add_tenant, connect, stands

PAST_LINK = "95555555555"


@pytest.mark.parametrize(("retry_after", "code"), [("date", "429"), ("seconds", "4001"), ("absent", "429")])
def test_the_daily_limit_is_waited_for_and_seen(scene: Scene, retry_after: str, code: str) -> None:
    scene.zoom.faults.habits(retry_after=retry_after, limit_code=code)
    scene.held(scene.ago(days=2))
    scene.start()
    fault = scene.zoom.faults.switch_on("rate_limited_today", where="history")
    scene.work()
    waiting = scene.progress()
    assert (waiting.state, waiting.cause, waiting.windows_done) == ("waiting", "rate_limited_today", 0)
    assert waiting.waiting_until is not None
    assert timedelta(minutes=1) < waiting.waiting_until - scene.clock.now <= timedelta(days=1)
    assert "those for today are used up" in waiting.explanation.lower()
    scene.zoom.faults.switch_off(fault)
    asked = scene.asked("history")
    scene.clock.now = waiting.waiting_until - timedelta(seconds=1)
    assert scene.turn() == 0
    assert scene.asked("history") == asked
    scene.clock.now = waiting.waiting_until
    scene.work()
    assert (scene.progress().state, scene.progress().cause, scene.count()) == ("done", None, 1)


def test_a_limit_per_second_is_waited_for_within_the_turn(scene: Scene) -> None:
    scene.many(310, scene.ago(days=2))
    scene.start()
    scene.zoom.faults.switch_on("rate_limited", where="history", times=1)
    assert scene.turn() == 1
    assert (scene.progress().windows_done, scene.count()) == (1, 310)


def test_zoom_away_is_tried_again_later_each_time(scene: Scene) -> None:
    scene.start()
    fault = scene.zoom.faults.switch_on("server_error", where="history")
    pauses = []
    for _ in range(3):
        assert scene.turn() == 1
        waiting = scene.progress()
        assert (waiting.state, waiting.cause) == ("waiting", "zoom_unavailable")
        assert waiting.waiting_until is not None
        pauses.append(waiting.waiting_until - scene.clock.now)
        scene.clock.now = waiting.waiting_until
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[2]
    scene.zoom.faults.switch_off(fault)
    scene.work()
    assert scene.progress().state == "done"


def test_a_page_token_that_ran_out_means_the_window_once_more(scene: Scene, runtime: Runtime) -> None:
    scene.many(650, scene.ago(days=2))
    scene.start()
    slow = interrupted(runtime, lambda: scene.clock.move(16 * 60))
    assert scene.turn(slow) == 1
    waiting = scene.progress()
    assert (waiting.cause, waiting.windows_done, waiting.sessions_found) == ("page_expired", 0, 300)
    assert waiting.waiting_until is not None
    scene.clock.now = waiting.waiting_until
    scene.work()
    done = scene.progress()
    assert (done.state, done.sessions_found, done.fresh, scene.count()) == ("done", 650, 650, 650)


@pytest.mark.parametrize("why", ["scope", "permission"])
def test_where_reports_are_not_allowed_meetings_are_asked_about_one_by_one(scene: Scene, why: str) -> None:
    recent, old = scene.ago(days=5), scene.ago(days=250)
    for key, start in {"recent": recent, "old": old}.items():
        scene.planned(key, start)
        scene.held(start, 40, MEETING_ID)
    scene.planned("elsewhere", scene.ago(days=6), PAST_LINK)  # in an account that is not ours
    refuse_reports(scene, why)
    progress = scene.fill()
    assert (progress.state, progress.windows, progress.sessions_found, progress.share) == ("done", 2, 2, 1.0)
    assert scene.reasons() == {
        recent: ("adjusted", 2400),
        old: ("adjusted", 2400),
        scene.ago(days=6): ("no_session", None),
    }
    assert scene.covered() == (None, None)
    assert stands(scene.runtime)[0] == "connected"


def refuse_reports(scene: Scene, why: str) -> None:
    """Zoom refuses the history to this connection: its scope is missing, or the role may not see reports."""
    if why == "scope":
        scene.zoom.faults.switch_on("scopes_changed", where="history")
    else:
        world, jonas = scene.zoom.world, scene.zoom.world.user("jonas")
        with world.lock:
            world._users["jonas"] = replace(jonas, role=replace(jonas.role, permissions=("User:Read",)))
        connect(scene.runtime, scene.zoom)


def test_where_zoom_allows_nothing_it_stops_and_says_so(scene: Scene) -> None:
    scene.planned("old", scene.ago(days=250))
    scene.zoom.faults.switch_on("scopes_changed", where="history")
    scene.zoom.faults.switch_on("scopes_changed", where="instances")
    progress = scene.fill()
    assert (progress.state, progress.cause) == ("stopped", "scopes_changed")
    assert scene.reasons()[scene.ago(days=250)] == ("awaiting_zoom", None)


def test_a_grant_that_is_gone_stops_it_and_a_new_connection_begins_anew(scene: Scene) -> None:
    scene.held(scene.ago(days=2))
    scene.start()
    scene.turn()
    scene.clock.move(3600)
    scene.zoom.faults.switch_on("invalid_grant", where="refresh")
    scene.work()
    stopped = scene.progress()
    assert (stopped.state, stopped.cause, stopped.windows_done) == ("stopped", "grant_revoked", 1)
    assert "connect link" in stopped.explanation
    assert stands(scene.runtime) == ("needs_reauthorization", "grant_revoked")
    scene.zoom.faults.clear()
    connect(scene.runtime, scene.zoom)
    assert scene.fill("connected").state == "done"


def test_who_connected_was_removed_and_the_connection_says_so_too(scene: Scene) -> None:
    scene.start()
    scene.zoom.faults.switch_on("user_removed", where="all")
    scene.work()
    assert (scene.progress().state, scene.progress().cause) == ("stopped", "user_removed")
    assert stands(scene.runtime) == ("needs_reauthorization", "user_removed")


def test_an_access_token_that_died_early_is_renewed_once(scene: Scene) -> None:
    scene.held(scene.ago(days=2))
    refreshed = scene.zoom.refreshes["jonas"]
    scene.zoom.forward(3601)  # Zoom's clock goes before ours
    assert scene.fill().state == "done"
    assert scene.zoom.refreshes["jonas"] == refreshed + 1
    assert scene.count() == 1


def test_the_past_is_covered_only_as_far_as_it_was_read(scene: Scene) -> None:
    scene.start()
    scene.turn()
    asked_from, asked_until = scene.covered()
    assert asked_from is not None
    assert asked_until == scene.clock.now - DELAY
    scene.zoom.faults.switch_on("server_error", where="history")
    scene.turn()
    assert scene.covered() == (asked_from, asked_until)


def test_without_a_connection_nothing_is_asked(scene: Scene) -> None:
    add_tenant(scene.runtime, "globex")
    with pytest.raises(NotConnected) as refused:
        scene.start(tenant="globex")
    assert refused.value.extra == {
        "state": "not_connected",
        "cause": "never_connected",
        "article": "connect-zoom",
    }
