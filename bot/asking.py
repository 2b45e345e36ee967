"""Questions asked in direct messages, by mentions, with the message shortcut, and by choosing a suggestion."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.blocks import Message
from bot.claims import Claim, Claims
from bot.connections import status_question
from bot.connections.status_card import Reader as CardReader
from bot.courtesies import courtesy
from bot.errors import BotError, ServiceError, Undeliverable
from bot.facts import Setting, facts_for
from bot.identity import Zones
from bot.inquiry import Actor, Inquiry
from bot.integration_client import IntegrationClient, Outcome
from bot.notice import notice_above
from bot.once import Once
from bot.posting import post
from bot.reading_questions import choice, direct_question, mention, shortcut
from bot.replies import Asked, Replies
from bot.service.service_api import Role
from bot.slack_client import quick_client
from bot.staff import Staff
from bot.support import own_requests, passing_on
from bot.support.wishes import asks_for_answer, beside_wish, wants_person
from bot.surfaces import Body, answer_choice, open_modal
from bot.tenancy import Tenancy
from kb.article import Article
from kb.library import Library
from kb.search import Search, clean

log = logging.getLogger(__name__)

SHORTCUT = "ask_retain"
CONTACT = "contact-support"  # the article on how to reach a person
SAME_REPLY_SECONDS = 30.0
BRIEF = (0.5, 1.0)  # seconds: for what a reply would go without
MOST_OWN = 5  # of one's own support requests


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
        if inquiry.support_request and self.integration:
            own = passing_on.write(self.integration, inquiry, inquiry.support_request)
            return passing_on.told(own, asked, files=bool(inquiry.files)), Outcome("answered")
        unknown_there = self.integration is not None and claim.question_id is None
        if unknown_there and passing_on.is_for_people(inquiry, client):
            return passing_on.not_passed_on(self.replies.contact), Outcome("answered")
        setting = Setting(inquiry.actor, inquiry.place.team, client, inquiry.private)
        chosen = inquiry.article
        if chosen is not None:
            return self.article(self.library.article(chosen), asked, setting), Outcome("answered", chosen, 1.0)
        if not asked.text:
            return self.help(asked, setting), Outcome("answered")
        if wants_person(asked.text):
            wished = self.person(replace(asked, text=beside_wish(asked.text)))
            return blocks.joined(self._own(setting, asked), wished), Outcome("answered", CONTACT, 1.0)
        if asks_for_answer(asked.text) and (own_ones := self._own(setting, asked)).blocks:
            return own_ones, Outcome("answered")
        return self._looked_up(inquiry.text, asked, setting)

    def _looked_up(self, text: str, asked: Asked, setting: Setting) -> tuple[Message, Outcome]:
        """The reply to what was typed, by what is known and by the knowledge base."""
        status = self._status(asked, setting)
        if status is not None:
            return status, Outcome("answered")
        kind = courtesy(text)
        if kind == "greeting":
            return self.help(asked, setting), Outcome("answered")
        if kind is not None:
            return self.replies.courtesy(kind), Outcome("answered")
        found = self.search.ask(text)
        best = found.candidates[0].confidence if found.candidates else None
        outcome = Outcome(found.status, found.article, best)
        if found.status == "answered" and found.article is not None:
            return self.article(self.library.article(found.article), asked, setting), outcome
        return blocks.joined(
            notice_above(self.integration, asked.now, None), self.replies.unsure(found, asked)
        ), outcome

    def _status(self, asked: Asked, setting: Setting) -> Message | None:
        if self.tenancy is None:
            return None
        reader = CardReader(asked.now, asked.zone)
        return status_question.answer(asked.text, setting, reader, self.tenancy, self.replies.read_more)

    def _own(self, setting: Setting, asked: Asked) -> Message:
        """Their requests to people, where nobody else reads it."""
        return self.own_requests(setting.actor, asked) if setting.private else blocks.joined()

    def own_requests(self, actor: Actor, asked: Asked) -> Message:
        """What people have not finished with for this person; empty also where that is not told at once."""
        if self.integration is None:
            return blocks.joined()
        try:
            found = self.integration.desk.mine(passing_on.in_own_name(actor), timeout=BRIEF)
        except ServiceError as error:
            log.info("a reply goes without one's own requests: %s", error)
            return blocks.joined()
        return own_requests.listed(found[:MOST_OWN], asked.now, asked.zone)

    def person(self, asked: Asked) -> Message:
        """The way to a person: a button for the form, or an address where nothing can be handed over."""
        return self.replies.offer(asked) if self.integration else self.replies.person(asked)

    def article(self, article: Article, asked: Asked, setting: Setting) -> Message:
        """An article's answer, with the facts that go with it."""
        reader = CardReader(asked.now, asked.zone)
        facts = facts_for(article, setting, reader, self.tenancy, self.library)
        return blocks.joined(
            notice_above(self.integration, asked.now, article.slug), self.replies.article(article, asked, facts)
        )

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
        if not self._just_said(claim.inquiry, message):
            put(message)
        self.claims.settle(claim, outcome)

    def _just_said(self, inquiry: Inquiry, message: Message) -> bool:
        """To lines that somebody writes to people one after the other, the same reply once is enough."""
        if inquiry.support_request is None:
            return False
        return not self.once.first((inquiry.support_request, message.text), SAME_REPLY_SECONDS)


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
