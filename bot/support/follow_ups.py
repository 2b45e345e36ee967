"""What an asker does with their support request later: add something, reply to an answer, say that it is solved.

What they simply write in its thread comes by `bot.support.passing_on`.
"""

import logging
import re
from datetime import datetime
from http.client import HTTPException
from zoneinfo import ZoneInfo

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import blocks, fields, home
from bot.acting import attempt, requests_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.identity import actor_of
from bot.inquiry import Actor
from bot.posting import post
from bot.service.desk_api import OwnRequest
from bot.support import own_requests
from bot.support.passing_on import PASSED_ON, in_own_name
from bot.support.recording import KNOWN_WITHIN, RECORDED_WITHIN, recording, within
from bot.surfaces import Body, acknowledge, open_form, spot, tell

log = logging.getLogger(__name__)

TEXT = "text"
TITLE = "Write to a person"
LABEL = "Your message"
EMPTY = "Write a few words first."
SOLVED = "You said that this is solved. Is anything still open? Write here, in this thread."
DOING = "record that"


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def ask_for_words(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["actions"][0].get("value"))
        where = spot(body, str(context.team_id))
        thread = where.direct_thread if where else None
        here = {"channel": thread.channel, "ts": thread.thread_ts} if thread else {}
        open_form(body, client, _form(subject.model_copy(update=here)))

    def record(body: Body, context: BoltContext, client: WebClient) -> tuple[OwnRequest, Message]:
        return _write(desk, body, context, client)

    def show_passed_on(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["view"]["private_metadata"])
        _show_in_thread(desk, subject, context["own_request"], body, context, client)

    def solve(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        request = Subject.unpacked(body["actions"][0].get("value")).needed("request")
        actor = actor_of(body, context)
        failed = attempt(lambda: _solve(desk, actor, request), DOING)
        if failed.blocks:
            tell(body, client, respond, failed)
        elif body.get("view"):
            home.publish(desk, body, context, client)
        else:
            _take_buttons(body, client)

    app.action(re.compile(rf"^{blocks.REPLY_TO_PERSON}\w+$"), middleware=[acknowledge])(ask_for_words)
    app.action(re.compile(rf"^{blocks.SOLVED}\w+$"), middleware=[acknowledge])(solve)
    app.view(blocks.REPLY_VIEW, middleware=[recording(desk, TITLE, TEXT, EMPTY, record)])(show_passed_on)


def _form(subject: Subject) -> Block:
    asked = Message("", (fields.long_text(TEXT, LABEL),))
    view = blocks.modal(asked, submit="Send", callback_id=blocks.REPLY_VIEW, private_metadata=subject.packed())
    return fields.titled(view, TITLE)


def _write(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> tuple[OwnRequest, Message]:
    """The request, and what the writer reads at once. Raises ServiceError, NoService or StaleButton."""
    request = Subject.unpacked(body["view"]["private_metadata"]).needed("request")
    actor, text = actor_of(body, context), fields.text_of(body, TEXT)
    key = fields.submission(body, actor, text)
    own = requests_of(desk).write(in_own_name(actor), request, key=key, text=text, timeout=RECORDED_WITHIN)
    zone = within(KNOWN_WITHIN, lambda: desk.zones.zone(actor, client))
    return own, _passed_on(own, desk.clock(), zone)


def _passed_on(own: OwnRequest, now: datetime, zone: ZoneInfo | None) -> Message:
    return blocks.joined(
        blocks.plain(f"{PASSED_ON} {own_requests.due(own, now, zone)}"), own_requests.closed(now, zone)
    )


def _show_in_thread(
    desk: Desk, subject: Subject, own: OwnRequest, body: Body, context: BoltContext, client: WebClient
) -> None:
    """What was written, where the conversation stands; it is passed on whether this arrives or not."""
    if subject.channel is None or subject.ts is None:
        return
    actor, text = actor_of(body, context), fields.text_of(body, TEXT)
    wrote = blocks.small(f"You wrote: {blocks.one_line(text, fields.LONGEST_INPUT)}")
    asked = desk.asked(actor, client)
    message = blocks.joined(wrote, _passed_on(own, asked.now, asked.zone))
    try:
        post(client, subject.channel, message, subject.ts, f"reply:{body['view']['id']}")
    except (SlackApiError, OSError, HTTPException) as error:
        log.warning("what somebody wrote is not shown in its thread: %s", type(error).__name__)


def _solve(desk: Desk, actor: Actor, request: str) -> Message:
    requests_of(desk).solved(in_own_name(actor), request)
    return blocks.joined()


def _take_buttons(body: Body, client: WebClient) -> None:
    """Words in the place of the buttons that were pressed."""
    message = body["message"]
    left = [one for one in message["blocks"] if not str(one.get("block_id")).startswith(own_requests.BUTTONS_BLOCK)]
    shown = [*left, blocks.context(SOLVED)]
    client.chat_update(channel=body["channel"]["id"], ts=message["ts"], text=message["text"], blocks=shown)
