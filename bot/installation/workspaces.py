"""The workspaces that this process serves: the one of its token, or all that installed the app."""

import logging
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Undeliverable, VaultError
from bot.installation.installations import Installations
from bot.slack_client import quick_client, with_token

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OneWorkspace:
    """The workspace of a token. `client` calls Slack with it."""

    client: WebClient
    team: str
    name: str

    def client_for(self, team: str) -> WebClient:
        """The client of a workspace. Raises Undeliverable for another one."""
        if team != self.team:
            raise Undeliverable(f"SLACK_BOT_TOKEN serves the workspace {self.team} only, not {team}")
        return self.client

    def places(self, staff_team: str | None) -> str:
        """Whose notifications to claim, as the service wants it said."""
        return f"slack:{self.team}, staff" if self.team == staff_team else f"slack:{self.team}"

    def names(self) -> dict[str, str]:
        """What is served: names by id."""
        return {self.team: self.name}

    def removed(self, team: str, at: datetime) -> None:  # noqa: ARG002 - as `SeveralWorkspaces` has it
        """Slack removed the app from a workspace."""
        log.error("the app was removed from the workspace %s: install it again, and renew SLACK_BOT_TOKEN", team)


@dataclass(frozen=True)
class SeveralWorkspaces:
    """Every workspace that installed the app. `client` has no token of its own."""

    client: WebClient
    installations: Installations

    def client_for(self, team: str) -> WebClient:
        """The client of a workspace. Raises Undeliverable where the app is not installed (any more)."""
        bot = self.installations.find(team)
        if bot is None:
            raise Undeliverable(f"the app is not installed in the workspace {team}")
        return with_token(self.client, bot.bot_token)

    def authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """What Bolt needs to answer in a workspace; None, and a line in the log, where nothing is installed."""
        bot = self.installations.find(team_id) if team_id else None
        if bot is None:
            log.error("an event of the workspace %s is left alone: the app's installation there is not known", team_id)
            return None
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=team_id,
            team=bot.team_name,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )

    def places(self, staff_team: str | None) -> str | None:  # noqa: ARG002 - as `OneWorkspace` has it
        """Whose notifications to claim: everybody's."""
        return None

    def names(self) -> dict[str, str]:
        """What is served: names by id."""
        return self.installations.names()

    def removed(self, team: str, at: datetime) -> None:
        """Slack says that the app was removed from a workspace then: its token is worthless, and is forgotten.

        Unless the token works: then the news is late, and the app was installed again since.
        """
        if self._token_works(team):
            log.info("late news of the app's removal from the workspace %s: its token works", team)
        elif self.installations.remove(team, at):
            log.info("the app was removed from the workspace %s: its installation is deleted", team)
        else:
            log.info("news of the app's removal from the workspace %s changes nothing", team)

    def _token_works(self, team: str) -> bool:
        try:
            return bool(quick_client(self.client_for(team)).auth_test()["ok"])
        except (Undeliverable, VaultError, SlackApiError, SlackClientError, HTTPException, OSError):
            return False  # refused, or nobody can say: the times decide


Workspaces = OneWorkspace | SeveralWorkspaces
