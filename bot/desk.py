"""Under every answer: "Was this helpful?" and "Talk to a person"."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.asking import Desk
from bot.errors import ServiceError
from bot.identity import actor_of
from bot.replies import Asked, ButtonValue
from bot.surfaces import confirm_feedback, tell

log = logging.getLogger(__name__)

NOT_RECORDED = "Thanks. I could not record that, because our service cannot be reached just now."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def take_feedback(
        ack: Callable[[], None],
        body: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        respond: Respond,
    ) -> None:
        ack()
        action = body["actions"][0]
        value = ButtonValue.unpacked(str(action.get("value")))
        recorded = _record(desk, value.question_id, action["action_id"] == blocks.HELPFUL, body, context)
        words = blocks.CONFIRMED[action["action_id"]] if recorded else NOT_RECORDED
        confirm_feedback(body, client, respond, words)

    def offer_person(
        ack: Callable[[], None],
        body: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        respond: Respond,
    ) -> None:
        ack()
        value = ButtonValue.unpacked(str(body["actions"][0].get("value")))
        zone = desk.zones.zone(actor_of(body, context), client)
        tell(body, client, respond, desk.replies.person(Asked(value.text, desk.clock(), zone)))

    app.action(blocks.HELPFUL)(take_feedback)
    app.action(blocks.NOT_HELPFUL)(take_feedback)
    app.action(blocks.TALK_TO_PERSON)(offer_person)


def _record(desk: Desk, question_id: str | None, helpful: bool, body: dict[str, Any], context: BoltContext) -> bool:
    if desk.integration is None or question_id is None:
        return False
    try:
        desk.integration.send_feedback(question_id, actor_of(body, context), helpful=helpful)
    except ServiceError as error:
        log.warning("feedback was not recorded: %s", error)
        return False
    return True
