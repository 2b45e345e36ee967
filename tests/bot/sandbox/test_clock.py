"""The clock of the page: what time it is, and how it is set forward."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from bot.sandbox import clock
from bot.sandbox.driver import running_sandbox
from bot.sandbox.errors import ActionError
from bot.sandbox.world import make_world
from kb.clock import ForwardClock, real_clock

FRIDAY_EVENING = datetime(2026, 11, 20, 17, 55, tzinfo=UTC) + timedelta(hours=8)  # 17:55 in Los Angeles
MONDAY_MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(hours=8)


def test_it_tells_whether_support_is_open_and_until_when(tmp_path: Path) -> None:
    world = make_world(clock=ForwardClock(tmp_path / "clock", lambda: FRIDAY_EVENING))
    shown = clock.shown(world, world.person("maya"))
    assert (shown["open"], shown["movable"]) == (True, True)
    assert shown["hours"] == "Open now, until 18:00 PT (Saturday 03:00 your time)"
    clock.forward(world, "ten_minutes")
    later = clock.shown(world, world.person("maya"))
    assert later["open"] is False
    assert later["now"] - shown["now"] == 600
    assert later["changes_at"] == MONDAY_MORNING.timestamp()


def test_it_goes_to_the_next_opening_from_within_and_without(tmp_path: Path) -> None:
    world = make_world(clock=ForwardClock(tmp_path / "clock", lambda: FRIDAY_EVENING))
    for days in range(2):
        clock.forward(world, "opening")
        assert world.clock() == MONDAY_MORNING + timedelta(days=days)


def test_the_page_sets_it_and_messages_bear_the_new_time(tmp_path: Path) -> None:
    with running_sandbox(clock=ForwardClock(tmp_path / "clock")) as slack:
        set_to = requests.post(f"{slack.base_url}/sandbox/clock", json={"step": "hour"}, timeout=10)
        assert set_to.ok
        said = slack.say("maya", "dm", "Hello")
        assert float(said.ts) - real_clock().timestamp() > 3_500
        assert slack.picture("maya")["clock"]["now"] - real_clock().timestamp() > 3_500


def test_the_real_time_is_not_to_be_set() -> None:
    world = make_world()
    assert clock.shown(world, world.person("sam"))["movable"] is False
    with pytest.raises(ActionError):
        clock.forward(world, "hour")
