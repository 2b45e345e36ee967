"""Under every answer: "Was this helpful?", and what was missing where it was not."""

import logging

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import blocks, fields
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import ButtonValue
from bot.errors import ServiceError
from bot.facts import Setting
from bot.identity import actor_of
from bot.inquiry import Actor
from bot.service.service_http import PATIENT, QUICK
from bot.surfaces import Body, Spot, acknowledge, confirm_feedback, is_ephemeral, open_view, spot

log = logging.getLogger(__name__)

NOT_RECORDED = "Thanks for telling me. I am sorry that I could not keep it just now."
MISSING = "missing"
THANKED = "thanked"  # the callback_id of the modal that says so
TITLE = "What was missing?"
SORRY = "Sorry that this did not help. Tell us in a few words what you were looking for: people read it."
THANKS = "Thanks. People at Retain read this, and it makes the next answers better."
NOT_KEPT = "That could not be recorded just now. Please press Send again in a minute."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def take_feedback(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        action = body["actions"][0]
        value = ButtonValue.unpacked(str(action.get("value")))
        actor = actor_of(body, context)
        helpful = action["action_id"] == blocks.HELPFUL
        if not helpful and value.question_id and desk.integration:
            asked = _what_was_missing(_placed(value, spot(body, str(context.team_id))))
            open_view(body, client, asked)  # first: Slack allows it for three seconds
        recorded = _record(desk, value.question_id, actor, helpful=helpful)
        words = blocks.CONFIRMED[action["action_id"]] if recorded else NOT_RECORDED
        setting = Setting(actor, str(context.team_id), client, private=True)
        shown = _as_shown(desk, value, setting) if is_ephemeral(body) else None
        confirm_feedback(body, client, respond, words, shown)

    def take_comment(ack: Ack, body: Body, context: BoltContext) -> BoltResponse:
        value = ButtonValue.unpacked(body["view"]["private_metadata"])
        comment, actor = fields.text_of(body, MISSING), actor_of(body, context)
        if not comment:
            return ack()
        if not _record(desk, value.question_id, actor, helpful=False, comment=comment, timeout=QUICK):
            return fields.refuse(ack, MISSING, NOT_KEPT)
        return ack(response_action="update", view=_thanks(value, comment))

    app.action(blocks.HELPFUL, middleware=[acknowledge])(take_feedback)
    app.action(blocks.NOT_HELPFUL, middleware=[acknowledge])(take_feedback)
    app.view(blocks.MISSING_VIEW)(take_comment)


def _placed(value: ButtonValue, where: Spot | None) -> ButtonValue:
    """With where the answer stands: whoever hands the question over from the modal does so from there."""
    return value.model_copy(update={"place": str(where.thread), "ts": where.ts}) if where else value


def _what_was_missing(value: ButtonValue) -> Block:
    """One question, and the way to a person."""
    asked = blocks.joined(
        blocks.plain(SORRY),
        Message("", (fields.long_text(MISSING, TITLE, optional=True),)),
        blocks.small("Or let a person answer you:"),
        _person(value),
    )
    view = blocks.modal(asked, submit="Send", callback_id=blocks.MISSING_VIEW, private_metadata=value.packed())
    return fields.titled(view, TITLE)


def _thanks(value: ButtonValue, comment: str) -> Block:
    said = blocks.joined(blocks.plain(THANKS), _person(value))
    return fields.titled(blocks.modal(said, callback_id=THANKED, private_metadata=comment), TITLE)


def said_missing(body: Body) -> str:
    """What somebody wrote, or typed and did not send, in the modal in which they ask for a person; "" elsewhere."""
    view = body.get("view") or {}
    if view.get("callback_id") == THANKED:
        return str(view["private_metadata"])
    return fields.text_of(body, MISSING) if view.get("callback_id") == blocks.MISSING_VIEW else ""


def _person(value: ButtonValue) -> Message:
    return blocks.pressing(blocks.button("Talk to a person", blocks.TALK_TO_PERSON, value.packed()))


def _as_shown(desk: Desk, value: ButtonValue, setting: Setting) -> Message | None:
    if value.article is None:
        return None
    asked = desk.asked(setting.actor, setting.client, value.text, value.question_id)
    return blocks.with_question(value.text, desk.article(desk.library.article(value.article), asked, setting))


def _record(
    desk: Desk,
    question_id: str | None,
    actor: Actor,
    *,
    helpful: bool,
    comment: str | None = None,
    timeout: tuple[float, float] = PATIENT,
) -> bool:
    if desk.integration is None or question_id is None:
        return False
    try:
        desk.integration.send_feedback(question_id, actor, helpful=helpful, comment=comment, timeout=timeout)
    except ServiceError as error:
        log.warning("feedback was not recorded: %s", error)
        return False
    return True
