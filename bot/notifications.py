"""What the service says somebody must be told: claimed by long poll, delivered, acknowledged.

A handler delivers one kind: `def tell(desk: Desk, notification: Notification) -> None`, with a line in HANDLERS. It
parses `notification.payload` (`receiving.parsed`), looks up anew what it needs, and posts last, by `sending.send` or
`sending.send_directly`: these find what stands already, and never post twice. It ends in one of these ways:

    returns                              delivered; also where it stood already, or there is nothing to tell any more
    raise Undeliverable(reason)          given up for good; staff see the reason (a short code or sentence, no secrets)
    raise Undeliverable(reason, instead=actors)   the same, and these people hear of it in that person's place
    raise PossiblyDelivered(reason)      it may stand, nobody can tell: never sent again, staff see it (`send` does so)
    raise NotYet(reason)                 not now: handed out again after a growing pause, for about a day

What Slack says goes through: FINAL_SLACK_ERRORS give up, all other SlackApiErrors, ServiceErrors and network errors
are tried again like NotYet. A handler may run any number of times, also beside another process's: what it does besides
posting (`posting.update` of a card, telling the service where a card stands) has to bear that.
"""

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import NamedTuple

from pydantic import ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.asking import Desk
from bot.claims import State
from bot.errors import CannotLook, NotToldBySlack, NotYet, PossiblyDelivered, ServiceError, Undeliverable
from bot.inquiry import Place
from bot.integration_client import Ack, IntegrationClient, Notification, OwedQuestion
from bot.support import request_news, staff_answers
from bot.telling import backfill_news, connection_news
from bot.telling.looking import look
from bot.telling.sending import send, send_directly

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 30.0
# Slack's answers that no retry changes: https://docs.slack.dev/reference/methods/chat.postMessage#errors
FINAL_SLACK_ERRORS = frozenset(
    (
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "thread_not_found",
        "token_revoked",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
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
                self.deliver(self.integration.claim_notifications(self.places))
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

    def deliver(self, notifications: list[Notification]) -> None:
        """Deliver what was claimed, one after the other; stopped meanwhile, the rest is left to another process."""
        for notification in notifications:
            with self.delivering:
                if self.stop.is_set():
                    return
                self._deliver(notification)

    def _deliver(self, notification: Notification) -> None:
        try:
            end = self._attempt(notification)
            self.integration.acknowledge(notification.id, end.outcome, end.reason, end.instead, notification.attempts)
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

    def _attempt(self, notification: Notification) -> "End":
        """Deliver it, unless it never can be, or was perhaps."""
        try:
            handler = HANDLERS.get(notification.kind)
            if handler is None:
                raise NotYet("this version does not know its kind: a newer bot does")
            handler(self.desk, notification)
        except PossiblyDelivered as error:
            end = End("possibly_delivered", error.message)
        except Undeliverable as error:
            end = End("gave_up", error.message, error.instead)
        except SlackApiError as error:
            end = End("gave_up", str(error.response.get("error")))
            if end.reason not in FINAL_SLACK_ERRORS:
                raise
        else:
            return End("delivered")
        log.error("notification %s: %s (%s)", notification.id, end.outcome, end.reason)
        return end


class End(NamedTuple):
    """What became of a notification."""

    outcome: Ack
    reason: str | None = None
    instead: Sequence[str] = ()


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
    place, key = inquiry.place, inquiry.key
    if state is State.ANSWERED or (state is not State.FAILED and _stands(client, place, key)):
        pass  # only that it was answered is not recorded
    elif place.thread_ts:
        send(desk, notification, client, place.channel, message, place.thread_ts, key=key)
    else:  # a command or a click: its reply was for one person's eyes
        send_directly(desk, notification, client, inquiry.actor.user, message, key=key)
    desk.claims.settle(claim, outcome)


def _stands(client: WebClient, place: Place, key: str) -> bool:
    """Whether an answer stands already; where we may not look (in most channels), it is taken for one that does not:
    better twice than never. Raises NotYet.
    """
    try:
        return place.thread_ts is not None and look(client, place.channel, place.thread_ts, key) is not None
    except CannotLook:
        return False


HANDLERS: Mapping[str, Callable[[Desk, Notification], None]] = {
    "question.unanswered": answer_question,
    "support_request.opened": request_news.show_opened,
    "support_request.answered": staff_answers.deliver,
    "support_request.closed": staff_answers.tell_closed,
    "support_request.late": staff_answers.tell_late,
    "support_request.changed": request_news.show_changed,
    "support_request.wrote": request_news.tell_written,
    "support_request.reminder": request_news.remind,
    "backfill.finished": backfill_news.tell_of_backfill,
    "connect_link.changed": connection_news.follow_link,
    "connection.changed": connection_news.tell_of_connection,
    "staff.notice": connection_news.tell_staff,
}
