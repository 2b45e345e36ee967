"""Who stands in for a person who has left a workspace: its admins and owners, as of now."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.inquiry import Actor

PAGE, MOST_PAGES = 200, 50
MOST_ADMINS = 10
LEADS = ("is_primary_owner", "is_owner", "is_admin")
NOT_ONE_OF_THEM = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


def admins_of(team: str, client: WebClient) -> tuple[str, ...]:
    """The actors who lead this workspace, owners first, `MOST_ADMINS` at most. Raises what Slack says.

    Fields: https://docs.slack.dev/reference/objects/user-object
    """
    found = [user for user in _members(client) if _leads(user, team)]
    found.sort(key=lambda user: [not user.get(right) for right in LEADS])
    return tuple(str(Actor(team, str(user["id"]))) for user in found[:MOST_ADMINS])


def _leads(user: Mapping[str, Any], team: str) -> bool:
    own = user.get("team_id", team) == team and not any(user.get(mark) for mark in NOT_ONE_OF_THEM)
    return own and any(user.get(right) for right in LEADS)


def _members(client: WebClient) -> Iterator[Mapping[str, Any]]:
    cursor = None
    for _ in range(MOST_PAGES):
        page = client.users_list(limit=PAGE, cursor=cursor)
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
