"""Who of Retain's own workspace is support staff: a user group of Slack's, or a list of people."""

from dataclasses import dataclass, field
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.config import Settings
from bot.errors import NotToldBySlack
from bot.inquiry import Actor


@dataclass(frozen=True)
class Staff:
    """`team` is Retain's own workspace; without it nobody is staff. `channel` is where the staff are told things."""

    team: str | None = None
    usergroup: str | None = None
    users: frozenset[str] = field(default=frozenset())
    channel: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Staff":
        return cls(
            settings.staff_team_id, settings.staff_usergroup_id, settings.staff_user_ids, settings.staff_channel_id
        )

    def includes(self, actor: Actor, client: WebClient) -> bool:
        """Is this person staff, as of now? Raises NotToldBySlack when that cannot be looked up."""
        if self.team is None or actor.team != self.team:
            return False
        if actor.user in self.users:
            return True
        return self.usergroup is not None and actor.user in _members(self.usergroup, client)


def _members(usergroup: str, client: WebClient) -> list[str]:
    """https://docs.slack.dev/reference/methods/usergroups.users.list"""
    try:
        return list(client.usergroups_users_list(usergroup=usergroup)["users"])
    except (SlackApiError, SlackClientError, HTTPException, OSError, KeyError, TypeError) as error:
        raise NotToldBySlack(f"the staff's user group: {type(error).__name__}") from None
