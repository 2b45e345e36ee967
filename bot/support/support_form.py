"""Handing over to people: the form "Talk to a person", and what its sender is promised."""

import logging
from collections.abc import Mapping
from http.client import HTTPException
from typing import NamedTuple
from zoneinfo import ZoneInfo

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import blocks, fields
from bot.acting import requests_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Handed, Unsure
from bot.errors import NotToldBySlack, Refused, ServiceError
from bot.feedback import said_missing
from bot.identity import actor_of
from bot.inquiry import Place
from bot.once import REDELIVERY_SECONDS
from bot.posting import post, post_directly
from bot.replies import Asked
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import OwnRequest
from bot.service.desk_service import NewRequest
from bot.service.service_api import Role
from bot.slack_client import quick_client
from bot.support import own_requests
from bot.support.passing_on import RECEIPT
from bot.support.recording import KNOWN_WITHIN, RECORDED_WITHIN, recording, within
from bot.surfaces import Body, Spot, acknowledge, link_to, open_form, open_view, spot, tell
from bot.telling.looking import standing
from kb.search import clean

log = logging.getLogger(__name__)

QUESTION, MORE = "question", "more"
TITLE = "Talk to a person"
LABEL_MORE = "Anything else that helps"
HINT = "What you were doing, and what you saw. Please leave passwords out."
AS_MESSAGE = "The answer comes to you here in Slack, as a direct message from me. Nobody else sees it."
INTO_THREAD = "The answer comes here in Slack, into the thread in which you asked me. Nobody else sees it."
# What begins like that asks about support: the knowledge base answers.
OF_SUPPORT = frozenset(
    (
        "address", "at", "availability", "chat", "contact", "contacts", "e-mail", "email", "hotline", "hour", "hours",
        "during", "in", "number", "on", "opening", "page", "phone", "response", "team", "telephone", "time", "times",
        "website",
    )
)  # fmt: skip
UNSURE: Mapping[Unsure, str] = {
    "suggested": "I was not sure what you meant, and offered articles to choose from.",
    "unknown": "I said that I do not know the answer.",
    "language": "I said that I can only answer in English.",
}
EMPTY = "Say in a few words what you would like to know."
SENT = "Your question is with the people at Retain."
IN_THREAD = "The answer comes into this thread. Something to add? Write it here."


class Sender(NamedTuple):
    """Who sends the form, as far as it was told in time."""

    behalf: OnBehalf
    name: str | None = None
    zone: ZoneInfo | None = None


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def open_for_click(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        value = ButtonValue.unpacked(body["actions"][0].get("value"))
        asked = desk.asked(actor_of(body, context), client, value.text)
        if desk.integration is None:
            tell(body, client, respond, desk.replies.person(asked))
            return
        handed = _handed(value, spot(body, str(context.team_id)) or _spot_of(value), client)
        open_form(body, client, form(asked, handed, _answered(desk, value), said_missing(body)))

    def record(body: Body, context: BoltContext, client: WebClient) -> tuple[OwnRequest, Message]:
        return _hand_over(desk, body, context, client)

    def confirm(body: Body, context: BoltContext, client: WebClient) -> None:
        place = Handed.unpacked(body["view"]["private_metadata"]).place
        _send_receipt(desk, context["own_request"], Place.parse(place) if place else None, body, context, client)

    app.action(blocks.TALK_TO_PERSON, middleware=[acknowledge])(open_for_click)
    app.view(blocks.SUPPORT_VIEW, middleware=[recording(desk, TITLE, QUESTION, EMPTY, record)])(confirm)


def takes(rest: str) -> bool:
    """Whether it is what somebody wants to tell people: "support my invoice is wrong", not "support hours"."""
    first = rest.casefold().split(maxsplit=1)[:1]
    return not rest.endswith("?") and (not first or first[0] not in OF_SUPPORT)


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain support`: the form at once, with what was typed behind it; the way to it where it is too late."""
    asked = desk.asked(actor_of(body, context), client, clean(rest))
    if not desk.once.first((body["trigger_id"], blocks.SUPPORT_VIEW), REDELIVERY_SECONDS):
        return Message("", ())
    if desk.integration is None or not open_view(body, client, form(asked, Handed())):
        return desk.person(asked)
    return Message("", ())


def form(asked: Asked, handed: Handed, answered: str | None = None, more: str = "") -> Block:
    """The modal: when a person answers, what is asked, what we `answered`, and room for `more`."""
    shown = blocks.joined(
        blocks.plain(own_requests.promise(asked.now, asked.zone)),
        own_requests.closed(asked.now, asked.zone),
        Message("", (fields.long_text(QUESTION, "Your question", initial=asked.text),)),
        blocks.small(answered) if answered else None,
        Message("", (fields.long_text(MORE, LABEL_MORE, initial=more, hint=HINT, optional=True),)),
        _where(handed),
    )
    view = blocks.modal(shown, submit="Send", callback_id=blocks.SUPPORT_VIEW, private_metadata=handed.packed())
    return fields.titled(view, TITLE)


def _answered(desk: Desk, value: ButtonValue) -> str | None:
    article = desk.library.articles.get(value.article or "")
    if article is not None:
        return f"My answer was: {article.title}"
    return UNSURE[value.unsure] if value.unsure else None


def _where(handed: Handed) -> Message:
    return blocks.small(INTO_THREAD if handed.place else AS_MESSAGE)


def _handed(value: ButtonValue, where: Spot | None, client: WebClient) -> Handed:
    thread = where.direct_thread if where else None
    return Handed(
        question_id=value.question_id,
        article=value.article,
        place=str(thread) if thread else None,
        link=link_to(where, client) if where else None,
    )


def _spot_of(value: ButtonValue) -> Spot | None:
    """Where the answer stands that opened the modal in which this was pressed."""
    return Spot(Place.parse(value.place), value.ts) if value.place and value.ts else None


def _hand_over(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> tuple[OwnRequest, Message]:
    """The request, and what its sender reads at once. Raises ServiceError, NoService or StaleButton.

    Nobody is kept from people because it takes too long to learn who they are.
    """
    handed = Handed.unpacked(body["view"]["private_metadata"])
    nobody = Sender(OnBehalf(actor_of(body, context), Role.NOBODY))
    sender = within(KNOWN_WITHIN, lambda: _sender(desk, body, context, client)) or nobody
    new = _new(body, handed, sender)
    own = requests_of(desk).open_request(sender.behalf, new, timeout=RECORDED_WITHIN)
    now = desk.clock()
    due = blocks.titled(f"✅ {own_requests.due(own, now, sender.zone)}", SENT)
    return own, blocks.joined(due, own_requests.closed(now, sender.zone), _where(handed))


def _new(body: Body, handed: Handed, sender: Sender) -> NewRequest:
    text, more = fields.text_of(body, QUESTION), fields.text_of(body, MORE)
    return NewRequest(
        key=fields.submission(body, sender.behalf.actor, text, more),
        text=text,
        more=more or None,
        place=handed.place,
        article=handed.article,
        question_id=handed.question_id,
        link=handed.link,
        name=sender.name,
        time_zone=sender.zone.key if sender.zone else None,
    )


def _sender(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Sender:
    """As of now; without an organisation where Slack does not say who it is. Raises ServiceError, NoService."""
    actor, team = actor_of(body, context), str(context.team_id)
    zone = desk.zones.zone(actor, client)
    try:
        asker = tenancy_of(desk).asker(actor, team, quick_client(client))
    except (NotToldBySlack, Refused) as error:
        log.info("a question is handed over without its organisation: %s", error)
        return Sender(OnBehalf(actor, Role.NOBODY), zone=zone)
    return Sender(asker.behalf, asker.identity.name, zone)


def _send_receipt(
    desk: Desk, own: OwnRequest, thread: Place | None, body: Body, context: BoltContext, client: WebClient
) -> None:
    """A message that stays: what was promised, and the thread into which the answer comes.

    The request stands whether this arrives or not; then its answer comes as a message of its own.
    """
    actor = actor_of(body, context)
    asked = desk.asked(actor, client)
    receipt = blocks.joined(
        blocks.plain(f"{SENT} {own_requests.due(own, asked.now, asked.zone)}"),
        own_requests.closed(asked.now, asked.zone),
        None if thread else blocks.small(f"You asked: {blocks.one_line(own.text)}"),
        blocks.small(IN_THREAD),
        Message("", (own_requests.buttons(own.id),)),
    )
    key = f"{RECEIPT}{own.id}"
    try:
        if thread is None:
            where = Place(str(context.team_id), *post_directly(client, actor.user, receipt, key))
            requests_of(desk).keep_place(own.id, str(where))
        elif standing(client, thread.channel, thread.thread_ts, key) is None:
            post(client, thread.channel, receipt, thread.thread_ts, key)
    except (ServiceError, SlackApiError, OSError, HTTPException) as error:
        log.warning("a hand-over goes without its message: %s", type(error).__name__)
