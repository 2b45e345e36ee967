"""What the service says somebody must be told: claimed by long poll, delivered, acknowledged."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.asking import Desk
from bot.blocks import Message
from bot.claims import Claim, State
from bot.errors import BotError, ServiceError, Undeliverable
from bot.inquiry import Actor, Inquiry, Place
from bot.integration_client import IntegrationClient, Notification, OwedQuestion
from bot.surfaces import post, post_directly

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 30.0
# Slack's answers that no retry changes: https://docs.slack.dev/reference/methods/chat.postMessage#errors
FINAL_SLACK_ERRORS = frozenset(
    (
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "thread_not_found",
        "token_revoked",
        "user_disabled",
        "user_not_found",
        "users_not_found",
    )
)


class NotYet(BotError):
    """The notification cannot be delivered now, but perhaps when its lease has run out."""


@dataclass(frozen=True)
class Deliverer:
    """Claims what is owed and delivers it, until `stop` is set."""

    desk: Desk
    integration: IntegrationClient
    client: WebClient
    team: str
    stop: threading.Event
    rng: random.Random

    def run(self) -> None:
        """Work until stopped; an outage of the service is logged once and waited out."""
        pause = 0.0
        while not self.stop.wait(pause):
            try:
                self.desk.claims.settle_owed()
                for notification in self.integration.claim_notifications(self.team):
                    self._deliver(notification)
            except ServiceError as error:
                if not pause:
                    log.warning("notifications are not delivered for now: %s", error)
                pause = min(LONGEST_PAUSE_SECONDS, max(1.0, pause * 2)) * self.rng.uniform(0.8, 1.2)
            else:
                if pause:
                    log.info("notifications are delivered again")
                pause = 0.0

    def _deliver(self, notification: Notification) -> None:
        handler = HANDLERS.get(notification.kind)
        try:
            if handler is None:
                raise Undeliverable(f"this version does not know notifications of the kind {notification.kind!r}")
            handler(self, notification)
        except Undeliverable as error:
            log.error("notification %s given up: %s", notification.id, error)
            self.integration.acknowledge(notification.id, "gave_up", error.message)
        except SlackApiError as error:
            reason = str(error.response.get("error"))
            if reason not in FINAL_SLACK_ERRORS:
                log.warning("notification %s is tried again later: %s", notification.id, reason)
                return  # its lease runs out
            log.error("notification %s given up: %s", notification.id, reason)
            self.integration.acknowledge(notification.id, "gave_up", reason)
        except (NotYet, OSError) as error:  # its lease runs out
            log.warning("notification %s is tried again later: %s", notification.id, type(error).__name__)
        else:
            self.integration.acknowledge(notification.id, "delivered")

    def answer_question(self, notification: Notification) -> None:
        """Answer a question that some bot claimed and did not answer, unless it was this one and it did."""
        question = notification.payload.question
        if question is None:
            raise Undeliverable("the notification carries no question")
        claim = Claim(_inquiry(question), question.id)
        state = self.desk.claims.state(question.key)
        if state is State.ANSWERING:
            raise NotYet("this process is still answering it")
        message, outcome = self.desk.answer(claim, self.client)
        if state is not State.ANSWERED:
            self._post(claim.inquiry, message)
        self.desk.claims.settle(claim, outcome)

    def _post(self, inquiry: Inquiry, message: Message) -> None:
        if inquiry.place.thread_ts:
            post(self.client, inquiry.place.channel, message, inquiry.place.thread_ts)
        else:  # a command or a click: its reply was for one person's eyes
            post_directly(self.client, inquiry.actor.user, message)


HANDLERS: Mapping[str, Callable[[Deliverer, Notification], None]] = {
    "question.unanswered": Deliverer.answer_question,
}


def _inquiry(question: OwedQuestion) -> Inquiry:
    try:
        return Inquiry(question.key, question.text, Actor.parse(question.actor), Place.parse(question.place))
    except ValueError as error:
        raise Undeliverable(str(error)) from None
