"""Staff answer a support request: a modal, whose words go into the asker's conversation with us."""

import re

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks, fields
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.service.desk_api import RequestState, SupportRequest, Taken
from bot.service.service_http import QUICK
from bot.support.request_actions import RESOLVED_ALREADY, as_staff, follow, pressed, subject_of
from bot.support.request_card import NO_PLACE, quoted_lines
from bot.support.request_words import asker_of, can_be_answered, colleague, full_name
from bot.surfaces import Body, acknowledge, open_form
from bot.tenancy import Asker

ANSWER_BLOCK = "answer"
GOES_TO = "{who} reads this in a direct message from me, and can write back."
EMPTY = "Write an answer first."
KEPT = "{why} What you wrote is still here."
LONGEST_SHOWN = 700  # characters of what was asked


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def ask(body: Body, context: BoltContext, client: WebClient) -> None:
        def look(asker: Asker) -> Block:
            return form(desk, requests_of(desk).request(subject_of(body).needed("request"), asker.behalf), asker)

        shown = as_staff(desk, body, context, client, look, "look that up")
        open_form(body, client, blocks.modal(shown) if isinstance(shown, Message) else shown)

    def send(ack: Ack, body: Body, context: BoltContext, client: WebClient) -> None:
        text = fields.text_of(body, ANSWER_BLOCK)
        if not text:
            fields.refuse(ack, ANSWER_BLOCK, EMPTY)
            return
        sent = as_staff(desk, body, context, client, lambda asker: _send(desk, asker, text, body), "send it")
        if isinstance(sent, Message):
            fields.refuse(ack, ANSWER_BLOCK, KEPT.format(why=sent.text))
        elif isinstance(sent, SupportRequest):
            ack()
            follow(desk, sent)
        else:
            ack(response_action="update", view=sent)

    app.action(pressed(blocks.ANSWER_REQUEST), middleware=[acknowledge])(ask)
    app.view(re.compile(rf"^({blocks.ANSWER_VIEW}|{blocks.ANSWER_ANYWAY_VIEW})$"))(send)


def form(desk: Desk, request: SupportRequest, asker: Asker, written: str = "") -> Block:
    """Room for an answer, with `written` in it already; where a colleague has the request, it says so first."""
    if request.state == RequestState.RESOLVED:
        return blocks.modal(blocks.plain(RESOLVED_ALREADY))
    if not can_be_answered(request):
        return blocks.modal(blocks.plain(NO_PLACE))
    others = request.claimed_by not in (None, str(asker.actor))
    asked = Message(
        "",
        (
            *(_warning(desk, request) if others else ()),
            blocks.section(f"*{full_name(request, desk.staff).shown} asked:*"),
            *quoted_lines(request.text, LONGEST_SHOWN).blocks,
            fields.long_text(ANSWER_BLOCK, "Your answer", initial=written, hint=_goes_to(desk, request)),
        ),
    )
    view = blocks.modal(
        asked,
        submit="Answer anyway" if others else "Send",
        callback_id=blocks.ANSWER_ANYWAY_VIEW if others else blocks.ANSWER_VIEW,
        private_metadata=Subject(request=request.id).packed(),
    )
    return fields.titled(view, "Answer")


def _warning(desk: Desk, request: SupportRequest) -> tuple[Block, ...]:
    who = colleague(request.claimed_by, desk.staff)
    return (blocks.section(f"⚠️ {who.shown} has this request already."),)


def _goes_to(desk: Desk, request: SupportRequest) -> str:
    return GOES_TO.format(who=asker_of(request, desk.staff).plain)


def _send(desk: Desk, asker: Asker, text: str, body: Body) -> SupportRequest | Block:
    """How the request stands then; or the form again, where a colleague was quicker.

    Sent again after a reply that was lost, it is one answer; sent again in other words, it is a second one.
    """
    view, service = body["view"], requests_of(desk)
    request_id = Subject.unpacked(view["private_metadata"]).needed("request")
    result = service.answer(
        asker.behalf,
        request_id,
        key=fields.submission(body, asker.actor, text),
        text=text,
        anyway=view["callback_id"] == blocks.ANSWER_ANYWAY_VIEW,
        timeout=QUICK,
    )
    if isinstance(result, Taken):
        return form(desk, service.request(request_id, asker.behalf), asker, text)
    return result
