"""Under every answer: "Was this helpful?" and "Talk to a person"."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import ButtonValue
from bot.errors import ServiceError
from bot.facts import Setting
from bot.identity import actor_of
from bot.inquiry import Actor
from bot.surfaces import Body, confirm_feedback, is_ephemeral, tell

log = logging.getLogger(__name__)

NOT_RECORDED = "Thanks. I could not record that."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def take_feedback(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        action = body["actions"][0]
        value = ButtonValue.unpacked(str(action.get("value")))
        actor = actor_of(body, context)
        recorded = _record(desk, value.question_id, actor, helpful=action["action_id"] == blocks.HELPFUL)
        words = blocks.CONFIRMED[action["action_id"]] if recorded else NOT_RECORDED
        setting = Setting(actor, str(context.team_id), client, private=True)
        shown = _as_shown(desk, value, setting) if is_ephemeral(body) else None
        confirm_feedback(body, client, respond, words, shown)

    def offer_person(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        value = ButtonValue.unpacked(str(body["actions"][0].get("value")))
        asked = desk.asked(actor_of(body, context), client, value.text)
        tell(body, client, respond, desk.replies.person(asked))

    app.action(blocks.HELPFUL, middleware=[acknowledge])(take_feedback)
    app.action(blocks.NOT_HELPFUL, middleware=[acknowledge])(take_feedback)
    app.action(blocks.TALK_TO_PERSON, middleware=[acknowledge])(offer_person)


def acknowledge(ack: Ack, next_: Callable[[], Any]) -> None:
    """Listener middleware: Slack waits 3 seconds, and listeners may wait in a queue for longer."""
    ack()
    next_()


def _as_shown(desk: Desk, value: ButtonValue, setting: Setting) -> Message | None:
    if value.article is None:
        return None
    asked = desk.asked(setting.actor, setting.client, value.text, value.question_id)
    return blocks.with_question(value.text, desk.article(desk.library.article(value.article), asked, setting))


def _record(desk: Desk, question_id: str | None, actor: Actor, *, helpful: bool) -> bool:
    if desk.integration is None or question_id is None:
        return False
    try:
        desk.integration.send_feedback(question_id, actor, helpful=helpful)
    except ServiceError as error:
        log.warning("feedback was not recorded: %s", error)
        return False
    return True
