"""What a notification says stands once, or is known to stand perhaps, whatever breaks between us and Slack."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from slack_sdk import WebClient
from sqlalchemy import delete, select

from bot.__main__ import make_desk, make_integration_client
from bot.asking import Desk
from bot.blocks import plain
from bot.config import load_settings
from bot.inquiry import Actor, Inquiry, Place
from bot.installation.workspaces import OneWorkspace
from bot.integration_client import IntegrationClient, Notification
from bot.notifications import Deliverer
from bot.posting import post_once
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Message
from bot.slack_client import make_client, with_token
from integration.notifications import service as notifications
from integration.notifications.models import Notification as Row
from integration.notifications.staff import tell_staff
from integration.questions.service import PATIENCE, hand_out_unanswered
from integration.tenants.models import Tenant, Workspace
from tests.bot.scene import JONAS, MAYA, STAFF_SETTINGS, texts
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
        deliverer = Deliverer(self.desk, self.integration, None, threading.Event(), random.Random(1))
        deliverer.deliver(self.claim())
        self.service.clock.forward(3600)

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


def test_what_is_owed_stands_once(post: Post) -> None:
    post.owe()
    post.owe_news(JONAS)
    post.deliver()
    post.deliver()
    assert (len(post.in_channel()), len(post.told("jonas")), post.ends()) == (1, 1, ["delivered", "delivered"])


def test_a_lost_reply_makes_no_second_post_where_we_may_look(post: Post) -> None:
    post.owe()
    post.owe_news(JONAS)
    post.slack.faults.fail(POST, times=2, after=True)
    post.deliver()
    assert (len(post.in_channel()), len(post.told("jonas")), post.ends()) == (1, 1, ["delivered", "delivered"])


@pytest.mark.parametrize("stands", [True, False])
def test_where_we_may_not_look_what_may_stand_is_not_sent_again(post: Post, stands: bool) -> None:
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    post.slack.faults.fail(POST, after=stands)
    post.deliver()
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (int(stands), ["possibly_delivered"])
    assert post.rows()[0].reason == "it was begun before, and we may not read there (missing_scope)"


def test_what_failed_for_certain_is_tried_again_though_we_may_not_look(post: Post) -> None:
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    post.slack.faults.rate_limit(POST, retry_after=60)
    post.deliver()
    assert (post.in_channel(), post.ends()) == ([], ["open"])
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


def test_while_slack_cannot_be_reached_nothing_counts_as_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telling.sending.PAUSES_SECONDS", (0.0, 0.0))
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    nowhere = WebClient("xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    connected, post.desk = post.desk, replace(post.desk, client_for=lambda _: nowhere)
    post.deliver()
    assert (post.ends(), post.rows()[0].begun_at) == (["open"], None)
    post.desk = connected
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


@pytest.mark.parametrize("posted", [True, False])
def test_after_a_kill_we_look_and_send_what_does_not_stand(post: Post, posted: bool) -> None:
    post.owe()
    post.begin_and_die(posted=posted, channel=post.slack.channel("retain", "support-desk"))
    post.deliver()
    assert (len(post.slack.messages(post.slack.channel("retain", "support-desk"))), post.ends()) == (1, ["delivered"])
    post.owe_news(JONAS)
    post.begin_and_die(posted=posted, channel=post.slack.dm("jonas"))
    post.deliver()
    assert (len(post.slack.messages(post.slack.dm("jonas"))), post.ends()[1:]) == (1, ["delivered"])


def test_while_slack_does_not_let_us_look_it_waits(post: Post) -> None:
    post.owe()
    post.begin_and_die(posted=True, channel=post.slack.channel("retain", "support-desk"))
    post.slack.faults.fail("conversations.history", status=200, error="ratelimited")
    post.deliver()
    assert post.ends() == ["open"]
    post.deliver()
    assert (len(post.slack.messages(post.slack.channel("retain", "support-desk"))), post.ends()) == (1, ["delivered"])


def test_what_another_process_took_over_is_left_alone(post: Post) -> None:
    post.owe()
    slow = post.claim()
    post.service.clock.forward(61)
    post.deliver()
    Deliverer(post.desk, post.integration, None, threading.Event(), random.Random(1)).deliver(slow)
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


def test_what_can_never_arrive_is_given_up_with_its_reason(post: Post) -> None:
    post.slack.archive(post.slack.channel("retain", "support-desk"))
    post.slack.uninstall("acme")
    post.owe()
    post.owe_news(MAYA)
    post.deliver()
    assert post.ends() == ["gave_up", "gave_up"]
    assert {row.reason for row in post.rows()} == {"is_archived", "account_inactive"}


def test_whoever_is_admin_now_hears_what_who_left_cannot(post: Post) -> None:
    post.slack.leave("maya")
    post.slack.add_person("jonas", "ada")
    post.owe_news(MAYA)
    post.deliver()
    post.deliver()
    assert (len(post.told("jonas")), len(post.told("ada")), post.told("maya")) == (1, 1, [])
    assert sorted(post.ends()) == ["delivered", "delivered", "gave_up"]


@pytest.mark.parametrize("posted", [True, False])
def test_a_question_that_a_killed_bot_left_behind_is_answered_once(post: Post, posted: bool) -> None:
    general = post.slack.channel("acme", "general")
    asked = post.slack.say("maya", general, "How do I connect Zoom?")
    key, place = f"message:T0ACME/{general}/{asked.ts}", Place("T0ACME", general, asked.ts)
    post.integration.claim_question(Inquiry(key, asked.text, Actor.parse(MAYA), place))
    if posted:
        post_once(post.desk.client_for("T0ACME"), general, plain("An answer"), asked.ts, key)
    post.service.clock.forward(PATIENCE.total_seconds())
    with post.service.runtime.database.writing() as session:
        hand_out_unanswered(session, post.service.runtime.vault, post.service.clock())
    post.deliver()
    assert len(post.slack.messages(general)) == 2
    assert [row.kind for row in post.rows()] == ["question.unanswered"]
    assert post.ends() == ["settled"]  # by the question's being answered
    assert post.service.questions()[-1].answered_at is not None
