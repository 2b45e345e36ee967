"""The page's clock: what time it is for support and for oneself, and how it is set forward."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.sandbox.errors import ActionError
from bot.sandbox.model import Json, Person
from bot.sandbox.world import World
from kb import support_hours
from kb.clock import ForwardClock

Step = Literal["ten_minutes", "hour", "opening"]
STEPS: Mapping[Step, timedelta] = {"ten_minutes": timedelta(minutes=10), "hour": timedelta(hours=1)}


def shown(world: World, person: Person) -> Json:
    """What a person's page needs: `now` and `changes_at` (when support opens or closes next) in seconds, and words."""
    now = world.clock()
    is_open = support_hours.is_open(now)
    changes_at = support_hours.closing(now) if is_open else support_hours.next_opening(now)
    return {
        "now": now.timestamp(),
        "changes_at": changes_at.timestamp(),
        "support_zone": support_hours.PACIFIC.key,
        "open": is_open,
        "hours": support_hours.describe(now, ZoneInfo(person.zone)),
        "movable": isinstance(world.clock, ForwardClock),
    }


def forward(world: World, step: Step) -> None:
    """Set the clock of all processes forward. Raises ActionError where theirs is not to be set."""
    if not isinstance(world.clock, ForwardClock):
        remedy = "Start everything with `make run`."
        raise ActionError("This clock shows the real time and cannot be set.", field="step", remedy=remedy)
    now = world.clock()
    world.clock.forward(STEPS[step] if step in STEPS else support_hours.next_opening(now) - now)
    world.changed()
