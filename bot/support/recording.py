"""Forms to people: recorded before they are acknowledged to Slack, and acknowledged in time.

So nothing is lost where this process ends meanwhile: Slack leaves the form open, and sent again it is the same.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from slack_bolt import Ack, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot import blocks, fields
from bot.asking import Desk
from bot.blocks import Message
from bot.errors import BotError
from bot.service.desk_api import OwnRequest
from bot.surfaces import Body

log = logging.getLogger(__name__)

T = TypeVar("T")

# Slack waits 3 seconds for the acknowledgement: who it is may take the first of them, the record the rest.
KNOWN_WITHIN = 0.8  # seconds
RECORDED_WITHIN = (0.4, 1.2)  # seconds: to connect, then to read
NOT_SENT = (
    "Nothing was sent yet: our service does not answer. Please press Send again in a minute. In a hurry? {contact}"
)
Record = Callable[[Body, BoltContext, WebClient], tuple[OwnRequest, Message]]


def recording(desk: Desk, title: str, words: str, empty: str, record: Record) -> Callable[..., BoltResponse | None]:
    """Listener middleware for a form whose input `words` must not be empty (`empty` says so).

    `record` gives the request as it is then, which the listener finds in `context["own_request"]`, and what the form
    is replaced with, under `title`. Where it raises a BotError, the form stays open with all that was typed.
    """

    def keep(
        ack: Ack, body: Body, context: BoltContext, client: WebClient, next_: Callable[[], Any]
    ) -> BoltResponse | None:
        if not fields.text_of(body, words):
            return fields.refuse(ack, words, empty)
        try:
            own, said = record(body, context, client)
        except BotError as error:
            log.warning("a form was not passed on to people: %s", error)
            return fields.refuse(ack, words, NOT_SENT.format(contact=desk.replies.contact))
        context["own_request"] = own
        # Closed with all below it: the question is in other hands now.
        ack(response_action="update", view=fields.titled(blocks.modal(said), title) | {"clear_on_close": True})
        next_()
        return None

    return keep


def within(seconds: float, work: Callable[[], T]) -> T | None:
    """What `work` gives, or None where that takes longer; it then comes to its end unheeded. Raises what it raises."""
    worker = ThreadPoolExecutor(1)
    try:
        return worker.submit(work).result(seconds)
    except TimeoutError:
        return None
    finally:
        worker.shutdown(wait=False)
