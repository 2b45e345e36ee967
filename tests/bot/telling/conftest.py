"""Slack, the service, and a bot that delivers when it is told to."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete, select

from bot.__main__ import make_desk, make_integration_client
from bot.asking import Desk
from bot.config import load_settings
from bot.installation.workspaces import OneWorkspace
from bot.integration_client import IntegrationClient, Notification
from bot.notifications import Deliverer
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Message
from bot.slack_client import make_client, with_token
from integration.notifications import service as notifications
from integration.notifications.models import Notification as Row
from integration.notifications.staff import tell_staff
from integration.tenants.models import Tenant, Workspace
from tests.bot.scene import STAFF_SETTINGS, texts
from tests.support.bot import SITE, shared_search
from tests.support.service import API_KEY, Service, running_service

SETTINGS = {"SLACK_BOT_TOKEN": "xoxb-unused", "SLACK_APP_TOKEN": "xapp-unused", "LOG_LEVEL": "DEBUG"}
READS_CHANNELS = "channels:history"  # an optional scope
POST = "chat.postMessage"


@dataclass
class Post:
    """Slack, the service, and a bot that delivers when it is told to."""

    slack: Driver
    service: Service
    desk: Desk
    integration: IntegrationClient

    def owe(self, about: str = "1") -> None:
        """A notice to the staff: into their channel."""
        with self.service.runtime.database.writing() as session:
            vault, now = self.service.runtime.vault, self.service.clock()
            tell_staff(session, vault, topic="t", title="A title", text="A text.", about=about, now=now)

    def owe_news(self, actor: str, about: str = "1/0") -> None:
        """That past meetings are read: by direct message."""
        payload = {"actor": actor, "tenant": "acme", "name": "Acme Corp", "sessions_found": 3, "fresh": 1}
        runtime = self.service.runtime
        with runtime.database.writing() as session:
            kind, now = "backfill.finished", self.service.clock()
            notifications.owe(session, runtime.vault, kind=kind, about=about, payload=payload, now=now, place=actor)

    def claim(self) -> list[Notification]:
        return self.integration.claim_notifications(None, wait=0)

    def deliver(self) -> None:
        """One round of a bot, and what is left becomes due."""
        self.deliver_these(self.claim())
        self.service.clock.forward(3600)

    def deliver_these(self, claimed: list[Notification]) -> None:
        """What a bot does with what it has in its hands."""
        Deliverer(self.desk, self.integration, None, threading.Event(), random.Random(1)).deliver(claimed)

    def rows(self) -> list[Row]:
        with self.service.runtime.database.reading() as session:
            return list(session.scalars(select(Row).order_by(Row.created_at, Row.about)))

    def begin_and_die(self, *, posted: bool = False, channel: str | None = None) -> None:
        """A process is killed when it has said that it is about to send, and perhaps has sent."""
        (one,) = self.claim()
        assert not self.integration.begin(one).again
        if posted and channel is not None:
            mark = {"event_type": "retain_answer", "event_payload": {"key": f"notification:{one.id}"}}
            client = self.desk.client_for("T0RETAIN" if channel.startswith("C") else "T0ACME")
            client.chat_postMessage(channel=channel, text="A title, past meetings", metadata=mark)
        self.service.clock.forward(61)

    def ends(self) -> list[str]:
        return [row.state for row in self.rows()]

    def in_channel(self) -> list[Message]:
        return [m for m in self.slack.messages(self.slack.channel("retain", "support-desk")) if "A title" in texts(m)]

    def told(self, person: str) -> list[Message]:
        return [m for m in self.slack.messages(self.slack.dm(person)) if "past meetings" in texts(m)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service")) as running:
        with running.runtime.database.writing() as session:
            session.add(Tenant(id="acme", name="Acme Corp", created_at=running.clock()))
            seen = {"first_seen_at": running.clock(), "linked_at": running.clock()}
            session.flush()
            session.add(Workspace(team="T0ACME", tenant_id="acme", staff=False, **seen))
            session.add(Workspace(team="T0RETAIN", staff=True, **seen))
        yield running


@pytest.fixture
def post(service: Service) -> Iterator[Post]:
    with service.runtime.database.writing() as session:
        session.execute(delete(Row))
    with running_sandbox(clock=service.clock) as slack:
        env = SETTINGS | STAFF_SETTINGS | {"SLACK_API_URL": slack.api_url}
        settings = load_settings(env | {"INTEGRATION_URL": service.url, "INTEGRATION_API_KEY": API_KEY})
        integration = make_integration_client(settings)
        assert integration is not None
        client = make_client(settings)
        teams = {team: with_token(client, slack.bot_token(team)) for team in ("acme", "retain")}
        served = {"T0ACME": teams["acme"], "T0RETAIN": teams["retain"]}
        workspace = OneWorkspace(client, "T0RETAIN", "Retain")
        desk = make_desk(settings, SITE, integration, workspace, shared_search(), service.clock)
        yield Post(slack, service, replace(desk, client_for=served.__getitem__), integration)
