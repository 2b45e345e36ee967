"""What the service says somebody must be told: claimed by long poll, delivered, acknowledged."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException

from pydantic import ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import notices
from bot.asking import Desk
from bot.blocks import Message
from bot.claims import State
from bot.errors import NotToldBySlack, NotYet, ServiceError, Undeliverable
from bot.inquiry import Inquiry
from bot.integration_client import IntegrationClient, Notification, OwedQuestion
from bot.posting import post_at, post_directly

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


@dataclass(frozen=True)
class Deliverer:
    """Claims what is owed and delivers it, until `stop` is set.

    `places` are those whose notifications this process takes (None: all).
    """

    desk: Desk
    integration: IntegrationClient
    places: str | None
    stop: threading.Event
    rng: random.Random
    delivering: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Work until stopped; an outage of the service is logged once and waited out."""
        pause = 0.0
        while not self.stop.wait(pause):
            try:
                self._deliver_all(self.integration.claim_notifications(self.places))
            except ServiceError as error:
                if not pause:
                    log.warning("notifications are not delivered for now: %s", error)
                pause = min(LONGEST_PAUSE_SECONDS, max(1.0, pause * 2)) * self.rng.uniform(0.8, 1.2)
            else:
                if pause:
                    log.info("notifications are delivered again")
                pause = 0.0

    def finish(self, seconds: float) -> None:
        """After `stop`: wait until the one at hand is delivered; no other is begun."""
        self.delivering.acquire(timeout=seconds)

    def _deliver_all(self, notifications: list[Notification]) -> None:
        for notification in notifications:
            with self.delivering:
                if self.stop.is_set():
                    return  # their leases run out, and another process takes over
                self._deliver(notification)

    def _deliver(self, notification: Notification) -> None:
        try:
            reason = self._attempt(notification)
            self.integration.acknowledge(notification.id, "gave_up" if reason else "delivered", reason)
        except (
            NotYet,
            NotToldBySlack,
            ServiceError,
            SlackApiError,
            OSError,
            HTTPException,
        ) as error:  # its lease runs out
            log.warning("notification %s is tried again later: %s", notification.id, type(error).__name__)
        except Exception:  # the thread's outermost edge: one that we cannot handle must not end all others
            log.exception("notification %s failed", notification.id)

    def _attempt(self, notification: Notification) -> str | None:
        """Deliver it; the reason when it never can be."""
        try:
            handler = HANDLERS.get(notification.kind)
            if handler is None:
                raise Undeliverable(f"this version does not know notifications of the kind {notification.kind!r}")
            handler(self.desk, notification)
        except Undeliverable as error:
            reason = error.message
        except SlackApiError as error:
            reason = str(error.response.get("error"))
            if reason not in FINAL_SLACK_ERRORS:
                raise
        else:
            return None
        log.error("notification %s given up: %s", notification.id, reason)
        return reason


def answer_question(desk: Desk, notification: Notification) -> None:
    """Answer a question that some bot claimed and did not answer, unless it was this one and it did."""
    try:
        question = OwedQuestion.model_validate(notification.payload.get("question"))
        inquiry = question.inquiry()
    except ValidationError as error:
        raise Undeliverable(f"the question has another form than expected: {error.error_count()} errors") from None
    except ValueError as error:
        raise Undeliverable(str(error)) from None
    client = desk.client_for(inquiry.place.team)
    state = desk.claims.state(question.key)
    if state is State.ANSWERING:
        raise NotYet("this process is still answering it")
    claim = desk.claims.held(inquiry, question.id)
    message, outcome = desk.answer(claim, client)
    if state is not State.ANSWERED:
        _post(client, inquiry, message)
    desk.claims.settle(claim, outcome)


def _post(client: WebClient, inquiry: Inquiry, message: Message) -> None:
    if inquiry.place.thread_ts:
        post_at(client, inquiry.place, message, inquiry.key)
    else:  # a command or a click: its reply was for one person's eyes
        post_directly(client, inquiry.actor.user, message, inquiry.key)


HANDLERS: Mapping[str, Callable[[Desk, Notification], None]] = {
    "question.unanswered": answer_question,
    "connect_link.changed": notices.follow_link,
    "connection.changed": notices.tell_of_connection,
    "staff.notice": notices.tell_staff,
}
