"""Which meeting a personal link leads to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from integration.backfill import rooms
from integration.backfill.coverage import DELAY, WITHIN
from integration.backfill.models import Coverage
from integration.connections.disconnect import disconnect
from integration.meetings.models import PersonalRoom
from integration.zoom import client
from tests.integration.backfill.steps import HALF_A_DAY, Scene, interrupted, refused


def test_personal_links_are_resolved_once_somebody_needs_them(scene: Scene) -> None:
    scene.fill()
    start = scene.ago(days=2)
    (call,) = scene.zoom.hold("jonas", "pmi", began=start, segments=((0, 1200),), send=False)
    scene.fill()
    scene.later(HALF_A_DAY)
    alone = scene.asked("user")
    scene.planned("room", start, f"my/{scene.zoom.people['jonas'].room}")
    assert scene.reasons()[start][1] is None
    assert scene.later(WITHIN) == 1
    assert scene.asked("user") > alone
    assert scene.reasons()[start] == ("adjusted", 1200)
    with scene.runtime.database.reading() as session:
        assert len(session.scalars(select(PersonalRoom)).all()) >= 1
        assert session.get_one(Coverage, "acme").people_read_at == scene.clock.now
    assert call.ended is not None


def people(scene: Scene) -> int:
    with scene.zoom.world.lock:
        return len(scene.zoom.world.users_of(scene.zoom.world.accounts["acme"]))


def test_a_link_of_somebody_elsewhere_has_each_user_read_once_a_week(scene: Scene) -> None:
    scene.fill()
    scene.planned("elsewhere", scene.ago(days=3), "my/kim.of.globex")
    scene.later(WITHIN)
    everybody = scene.asked("user")
    assert 0 < everybody <= people(scene)
    for day in range(6):
        scene.planned(f"again{day}", scene.ago(days=2), "my/kim.of.globex")
        scene.later(timedelta(days=1))
    assert scene.asked("user") == everybody
    scene.later(timedelta(days=1))
    assert scene.asked("user") == 2 * everybody


def test_no_user_is_read_alone_where_the_list_tells_their_links(scene: Scene) -> None:
    scene.zoom.faults.habits(rooms="listed")
    scene.fill()
    scene.planned("elsewhere", scene.ago(days=3), "my/kim.of.globex")
    scene.later(HALF_A_DAY)
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
    scene.later(HALF_A_DAY)
    assert (scene.covered()[1], scene.coverage().failures) == (scene.clock.now - DELAY, 0)
    tried = scene.asked("user")
    scene.later(HALF_A_DAY)
    assert scene.asked("user") == tried
    scene.zoom.faults.switch_off(fault)
    scene.later(HALF_A_DAY)
    assert scene.reasons()[start] == ("adjusted", 1200)


def test_whoever_reads_a_long_list_of_users_says_so_on_the_way_and_stops_when_the_turn_is_gone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.fill()
    for module in (client, rooms):
        monkeypatch.setattr(module, "PAGE_SIZE", 10)
    assert people(scene) > 30
    scene.clock.now += HALF_A_DAY
    scene.repair(
        interrupted(scene.runtime, lambda: disconnect(scene.runtime, "acme", cause="disconnected", actor=None))
    )
    assert scene.asked("users") == 2
