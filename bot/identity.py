"""Who is asking: the person's own team, what they are there, and their time zone."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NotToldBySlack
from bot.inquiry import Actor
from bot.service.service_api import Role
from bot.slack_client import quick_client
from bot.staff import Staff

log = logging.getLogger(__name__)

ZONE_SECONDS = 3600  # people travel, but not by the minute
NO_ZONE_SECONDS = 60
UNKNOWN_TEAM = "unknown"
OUTSIDE = "You are here from another organisation. Ask me in your own workspace: there I can show you yours."
A_GUEST = (
    "Guests of a workspace do not see an organisation's connection or meetings. Ask a colleague who is a full member."
)
NOT_A_PERSON = "I show connections and meetings to people of an organisation only."


def actor_of(body: Mapping[str, Any], context: Mapping[str, Any]) -> Actor:
    """The person behind an event, a command or a click.

    For clicks the installation's team stands in `context.actor_team_id`: the person's own is in `user.team_id`
    (facts: Bolt's `extract_actor_team_id`). A team that cannot be told is nobody's.
    """
    user = body.get("user")
    if isinstance(user, Mapping):
        return Actor(str(user.get("team_id") or UNKNOWN_TEAM), str(user["id"]))
    return Actor(str(context.get("actor_team_id") or UNKNOWN_TEAM), str(context["user_id"]))


# https://docs.slack.dev/reference/methods/users.info#errors
UNKNOWN_PERSON = frozenset(("user_not_found", "user_not_visible"))


# Slack's answers to a token that is worthless: https://docs.slack.dev/reference/methods/auth.test#errors
SHUT_OUT = frozenset(("account_inactive", "invalid_auth", "not_authed", "token_revoked"))


class UnknownPerson(NotToldBySlack):
    """Slack knows of no such person here."""


class ShutOut(NotToldBySlack):
    """Slack does not let us in any more: the app was removed, or its token revoked. The message is Slack's word."""


@dataclass(frozen=True)
class Identity:
    """What Slack says of a person at this moment. `why_nobody` is said to somebody who gets no live facts."""

    actor: Actor
    role: Role
    why_nobody: str = ""
    name: str | None = None
    email: str | None = None


def identify(actor: Actor, team: str, client: WebClient, staff: Staff) -> Identity:
    """Look a person up anew; `client` is the one of the workspace `team`, and knows its own people.

    Nobody: guests, bots, who was removed, and who belongs to another team than the one we ask. Raises NotToldBySlack
    when Slack does not answer. Fields: https://docs.slack.dev/reference/objects/user-object
    """
    if actor.team != team:
        return Identity(actor, Role.NOBODY, OUTSIDE)
    user = _user(actor.user, client)
    profile = user.get("profile") or {}
    why = _why_nobody(user, team)
    role = Role.NOBODY if why else _role(actor, user, client, staff)
    return Identity(actor, role, why, user.get("real_name") or profile.get("real_name"), profile.get("email"))


def team_of(user: str, client: WebClient) -> str | None:
    """The own team of a person whom this workspace can see. None where it cannot; raises NotToldBySlack."""
    try:
        return str(_user(user, client).get("team_id") or "") or None
    except UnknownPerson:
        return None


def _user(user: str, client: WebClient) -> Mapping[str, Any]:
    try:
        found = client.users_info(user=user)["user"]
    except SlackApiError as error:
        reason = str(error.response.get("error"))
        if reason in SHUT_OUT:
            raise ShutOut(reason) from None
        unknown = reason in UNKNOWN_PERSON
        raise (UnknownPerson if unknown else NotToldBySlack)("a person was not looked up: SlackApiError") from None
    except (SlackClientError, HTTPException, OSError, KeyError) as error:
        raise NotToldBySlack(f"a person was not looked up: {type(error).__name__}") from None
    if not isinstance(found, Mapping):
        raise NotToldBySlack("a person was not looked up: Slack's answer has another form than expected")
    return found


def _why_nobody(user: Mapping[str, Any], team: str) -> str:
    if user.get("team_id") != team or user.get("is_stranger"):
        return OUTSIDE
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return A_GUEST
    return NOT_A_PERSON if user.get("is_bot") or user.get("deleted") else ""


def _role(actor: Actor, user: Mapping[str, Any], client: WebClient, staff: Staff) -> Role:
    if staff.includes(actor, client):
        return Role.STAFF
    leads = any(user.get(right) for right in ("is_admin", "is_owner", "is_primary_owner"))
    return Role.ADMIN if leads else Role.MEMBER


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
