"""For whom the bot acts, and whose organisation's things they may see: established anew for every command and click."""

import logging
from dataclasses import dataclass
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Refused
from bot.identity import Identity, identify
from bot.inquiry import Actor
from bot.integration_client import IntegrationClient
from bot.service.connection_service import ConnectionService, OnBehalf
from bot.service.service_api import Role, Workspace
from bot.slack_client import quick_client
from bot.staff import Staff

log = logging.getLogger(__name__)

NOT_LINKED = (
    "I do not know yet which organisation this workspace belongs to. Retain's support was asked to link it; after that"
    " I can show you your connection and your meetings. Until then I answer general questions."
)
NO_TENANT_HERE = "Only Retain's support sees customers' connections and meetings. Ask in the support channel."


@dataclass(frozen=True)
class Asker:
    """A person, their workspace, and `role`: what they are there by Slack's word and the service's own lists.

    `why_nobody` says why they see no live facts at all; it is empty for everybody else.
    """

    identity: Identity
    workspace: Workspace | None
    place: str | None = None

    @property
    def actor(self) -> Actor:
        return self.identity.actor

    @property
    def role(self) -> Role:
        if self.workspace is None:  # Retain's staff need no workspace that is linked
            return self.identity.role if self.identity.role is Role.STAFF else Role.NOBODY
        return self.workspace.role

    @property
    def tenant(self) -> str | None:
        return self.workspace.tenant if self.workspace else None

    @property
    def tenant_name(self) -> str:
        return (self.workspace and (self.workspace.name or self.workspace.tenant)) or "your organisation"

    @property
    def is_staff(self) -> bool:
        return self.role is Role.STAFF

    @property
    def why_nobody(self) -> str:
        if self.identity.why_nobody or self.is_staff or self.tenant is not None:
            return self.identity.why_nobody
        return NO_TENANT_HERE if self.workspace and self.workspace.staff else NOT_LINKED

    @property
    def behalf(self) -> OnBehalf:
        """As the service is told. It adds its own lists to what Slack says, so this is Slack's word."""
        return OnBehalf(self.actor, self.identity.role, self.tenant, self.place)


@dataclass(frozen=True)
class Tenancy:
    """Establishes askers. `service` is where they ask."""

    integration: IntegrationClient
    staff: Staff

    @property
    def service(self) -> ConnectionService:
        return self.integration.connections

    def asker(self, actor: Actor, team: str, client: WebClient, place: str | None = None) -> Asker:
        """Who this is, as of now; `client` is the one of the workspace `team`, where they were met.

        Raises NotToldBySlack or ServiceError when it cannot be established.
        """
        identity = identify(actor, team, client, self.staff)
        if identity.role is Role.NOBODY:
            return Asker(identity, None, place)
        return Asker(identity, self._workspace(identity, client), place)

    def _workspace(self, identity: Identity, client: WebClient) -> Workspace | None:
        behalf = OnBehalf(identity.actor, identity.role)
        try:
            return self.service.workspace(behalf)
        except Refused as refused:
            if refused.status != 404:
                raise
        linked = self.integration.workspace_seen(identity.actor.team, _team_name(client) or identity.actor.team)
        return self.service.workspace(behalf) if linked else None


def _team_name(client: WebClient) -> str | None:
    try:
        return str(quick_client(client).auth_test()["team"])
    except (SlackApiError, SlackClientError, HTTPException, OSError, KeyError) as error:
        log.info("a workspace's name was not looked up: %s", type(error).__name__)
        return None
