"""Who is asking: the person's own team, and their time zone."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.inquiry import Actor
from bot.slack_client import quick_client

log = logging.getLogger(__name__)

ZONE_SECONDS = 3600  # people travel, but not by the minute
NO_ZONE_SECONDS = 60
UNKNOWN_TEAM = "unknown"


def actor_of(body: Mapping[str, Any], context: Mapping[str, Any]) -> Actor:
    """The person behind an event, a command or a click.

    For clicks the installation's team stands in `context.actor_team_id`: the person's own is in `user.team_id`
    (facts: Bolt's `extract_actor_team_id`). A team that cannot be told is nobody's.
    """
    user = body.get("user")
    if isinstance(user, Mapping):
        return Actor(str(user.get("team_id") or UNKNOWN_TEAM), str(user["id"]))
    return Actor(str(context.get("actor_team_id") or UNKNOWN_TEAM), str(context["user_id"]))


class Zones:
    """People's time zones from `users.info`, remembered for an hour; None where Slack does not tell."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: dict[Actor, tuple[float, ZoneInfo | None]] = {}

    def zone(self, actor: Actor, client: WebClient) -> ZoneInfo | None:
        """The person's zone, within a second. Never raises: an answer without it is better than none."""
        now = self._monotonic()
        with self._lock:
            if actor in self._known and self._known[actor][0] > now:
                return self._known[actor][1]
        zone = _look_up(actor.user, client)
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[actor] = (now + (ZONE_SECONDS if zone else NO_ZONE_SECONDS), zone)
        return zone


def _look_up(user: str, client: WebClient) -> ZoneInfo | None:
    try:
        name = quick_client(client).users_info(user=user)["user"]["tz"]
        return ZoneInfo(name)
    except (SlackApiError, SlackClientError, OSError) as error:
        log.info("no time zone for a person: %s", type(error).__name__)
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError):
        log.info("no time zone for a person: Slack gave none that is known")
    return None
