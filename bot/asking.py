"""Questions asked in direct messages, by mentions, with the message shortcut, and by choosing a suggestion."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import blocks, status_question
from bot.blocks import Message
from bot.carried import ButtonValue
from bot.claims import Claim, Claims
from bot.courtesies import courtesy
from bot.errors import BotError, Undeliverable
from bot.facts import Setting, facts_for
from bot.identity import Zones, actor_of
from bot.inquiry import Actor, Inquiry, Place, is_direct
from bot.integration_client import IntegrationClient, Outcome
from bot.once import Once
from bot.posting import post
from bot.replies import Asked, Replies
from bot.service_api import Role
from bot.slack_client import quick_client
from bot.staff import Staff
from bot.status_card import Reader as CardReader
from bot.surfaces import Body, answer_choice, is_public, open_modal, thread_of
from bot.tenancy import Tenancy
from kb.article import Article
from kb.library import Library
from kb.search import Search, clean

log = logging.getLogger(__name__)

SHORTCUT = "ask_retain"
ANSWERED_SUBTYPES = (None, "file_share", "thread_broadcast")  # all others are edits, joins, bots and the like
LONGEST_TEXT = 40_000  # Slack's own limit of a message


def serves_none(team: str) -> WebClient:
    """The clients of a desk that serves no workspace."""
    raise Undeliverable(f"the workspace {team} is not served here")


@dataclass(frozen=True)
class Desk:
    """What listeners need: the knowledge base, the claims, and what replies depend on.

    `client_for` gives the client of a workspace by its id, or raises Undeliverable.
    """

    library: Library
    search: Search
    replies: Replies
    claims: Claims
    zones: Zones
    integration: IntegrationClient | None
    clock: Callable[[], datetime]
    staff: Staff = field(default_factory=Staff)
    client_for: Callable[[str], WebClient] = serves_none
    once: Once = field(default_factory=Once)

    @property
    def tenancy(self) -> Tenancy | None:
        """Who people are, and what the service lets them see; None without a service."""
        return Tenancy(self.integration, self.staff) if self.integration else None

    def reader(self, actor: Actor, client: WebClient, *, at_home: bool = True, stays: bool = True) -> CardReader:
        """For whom a card is drawn, now; `stays`: in a message that does."""
        return CardReader(self.clock(), self.zones.zone(actor, client), at_home, stays)

    def asked(self, actor: Actor, client: WebClient, text: str = "", question_id: str | None = None) -> Asked:
        """What a reply to this person depends on, now."""
        return Asked(text, self.clock(), self.zones.zone(actor, client), question_id)

    def answer(self, claim: Claim, client: WebClient) -> tuple[Message, Outcome]:
        """The reply to a claimed inquiry, and how it is to be recorded once it is delivered."""
        inquiry = claim.inquiry
        asked = self.asked(inquiry.actor, client, clean(inquiry.text), claim.question_id)
        setting = Setting(inquiry.actor, inquiry.place.team, client, inquiry.private)
        chosen = inquiry.article
        if chosen is not None:
            return self.article(self.library.article(chosen), asked, setting), Outcome("answered", chosen, 1.0)
        if not asked.text:
            return self.help(asked, setting), Outcome("answered")
        status = self._status(asked, setting)
        if status is not None:
            return status, Outcome("answered")
        found = self.search.ask(inquiry.text)
        best = found.candidates[0].confidence if found.candidates else None
        kind = courtesy(asked.text, best or 0.0)
        if kind == "greeting":
            return self.help(asked, setting), Outcome("answered")
        if kind is not None:
            return self.replies.courtesy(kind), Outcome("answered")
        outcome = Outcome(found.status, found.article, best)
        if found.status == "answered" and found.article is not None:
            return self.article(self.library.article(found.article), asked, setting), outcome
        return self.replies.unsure(found, asked), outcome

    def _status(self, asked: Asked, setting: Setting) -> Message | None:
        if self.tenancy is None:
            return None
        reader = CardReader(asked.now, asked.zone)
        return status_question.answer(asked.text, setting, reader, self.tenancy, self.replies.read_more)

    def article(self, article: Article, asked: Asked, setting: Setting) -> Message:
        """An article's answer, with the facts that go with it."""
        reader = CardReader(asked.now, asked.zone)
        facts = facts_for(article, setting, reader, self.tenancy, self.library)
        return self.replies.article(article, asked, facts)

    def help(self, asked: Asked, setting: Setting) -> Message:
        """What this person can do here; what everybody can, where others read it too."""
        if self.tenancy is None or not setting.private:
            return self.replies.help(asked, Role.NOBODY)
        try:
            asker = self.tenancy.asker(setting.actor, setting.team, quick_client(setting.client))
        except BotError as error:
            log.info("help goes without a role: %s", error)
            return self.replies.help(asked, Role.NOBODY)
        return self.replies.help(asked, asker.role if asker.tenant or asker.is_staff else Role.NOBODY)

    def deliver(self, claim: Claim, client: WebClient, put: Callable[[Message], object]) -> None:
        """Answer a claimed inquiry by `put`, and record that. Raises TooLate instead of answering twice."""
        message, outcome = self.answer(claim, client)
        self.claims.check_in_time(claim)
        put(message)
        self.claims.settle(claim, outcome)


Reader = Callable[[Body, BoltContext], Inquiry | None]


def claiming(desk: Desk, read: Reader) -> Callable[..., BoltResponse | None]:
    """Listener middleware that claims what `read` finds and then acknowledges it to Slack.

    Acknowledged here, not in the listener: listeners may wait in a queue for longer than Slack's 3 seconds. What is
    not a question, or is somebody else's already, is acknowledged and ends here.
    """

    def claim(ack: Ack, body: Body, context: BoltContext, next_: Callable[[], Any]) -> BoltResponse | None:
        inquiry = read(body, context)
        claimed = desk.claims.claim(inquiry) if inquiry else None
        if claimed is None:
            return ack()
        context["claim"] = claimed
        ack()
        next_()
        return None

    return claim


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def answer_in_thread(context: BoltContext, client: WebClient) -> None:
        claim: Claim = context["claim"]
        place, key = claim.inquiry.place, claim.inquiry.key
        desk.deliver(claim, client, lambda message: post(client, place.channel, message, place.thread_ts, key))

    def answer_in_modal(body: Body, context: BoltContext, client: WebClient) -> None:
        claim: Claim = context["claim"]
        asked = clean(claim.inquiry.text)
        desk.deliver(claim, client, lambda message: open_modal(body, client, blocks.with_question(asked, message)))

    def answer_chosen(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        claim: Claim = context["claim"]
        key = claim.inquiry.key
        desk.deliver(claim, client, lambda message: answer_choice(body, client, respond, message, key))

    app.event("message", middleware=[claiming(desk, direct_question)])(answer_in_thread)
    app.event("app_mention", middleware=[claiming(desk, mention)])(answer_in_thread)
    app.shortcut(SHORTCUT, middleware=[claiming(desk, shortcut)])(answer_in_modal)
    chosen = re.compile(rf"^{blocks.CHOOSE_ARTICLE}_\w+$")
    app.action(chosen, middleware=[claiming(desk, choice)])(answer_chosen)


def direct_question(body: Body, context: BoltContext) -> Inquiry | None:
    """A direct message by a person; None for bots, edits, joins, and messages of channels."""
    event = body["event"]
    kind = event.get("channel_type") or ("im" if is_direct(str(event.get("channel"))) else None)
    return _message(body, context) if kind == "im" else None


def mention(body: Body, context: BoltContext) -> Inquiry | None:
    """A mention by a person. Its key is the message's, since Slack may deliver the message as well."""
    return _message(body, context)


def shortcut(body: Body, context: BoltContext) -> Inquiry | None:
    """The message on which somebody used "Ask Retain"."""
    team = str(context.team_id)
    text = str(body["message"].get("text") or "")[:LONGEST_TEXT]
    key = f"shortcut:{team}/{body['trigger_id']}"
    return Inquiry(key, text, actor_of(body, context), Place(team, str(body["channel"]["id"])))


def choice(body: Body, context: BoltContext) -> Inquiry | None:
    """The click on an article: a suggestion, or a common question of App Home."""
    team, action = str(context.team_id), body["actions"][0]
    value = ButtonValue.unpacked(str(action.get("value")))
    actor = actor_of(body, context)
    channel = body.get("channel", {}).get("id") or actor.user  # App Home has no channel
    key = f"action:{team}/{actor.user}/{action['action_ts']}"
    place = Place(team, str(channel), thread_of(body) if is_public(body) else None)
    return Inquiry(key, value.text or str(value.article), actor, place, value.article)


def _message(body: Body, context: BoltContext) -> Inquiry | None:
    event = body["event"]
    if not _by_a_person(event):
        return None
    team, channel, ts = str(context.team_id), str(event["channel"]), str(event["ts"])
    place = Place(team, channel, str(event.get("thread_ts") or ts))
    actor = actor_of(body, context)
    text = str(event.get("text") or "")[:LONGEST_TEXT]
    return Inquiry(f"message:{team}/{channel}/{ts}", text, actor, place)


def _by_a_person(event: Body) -> bool:
    if event.get("subtype") not in ANSWERED_SUBTYPES or event.get("hidden"):
        return False
    return bool(event.get("user")) and not event.get("bot_id") and event.get("user") != "USLACKBOT"
