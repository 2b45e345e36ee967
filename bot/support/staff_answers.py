"""What the staff answer to a support request, delivered to its asker."""

from collections.abc import Iterator
from http.client import HTTPException

from pydantic import BaseModel, Field
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import blocks
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.errors import NotToldBySlack, Refused, Undeliverable
from bot.inquiry import Actor, Place, is_direct
from bot.integration_client import Notification
from bot.service.desk_api import SupportRequest
from bot.support import own_requests
from bot.support.passing_on import ANSWER
from bot.telling.receiving import parsed
from bot.telling.sending import send, send_directly

OPENING = "here is the answer from Retain's support:"
WRITE_HERE = "Is anything still open? Reply here, in this thread: people read it."
LEFT = "the person left the workspace"
GONE = "the request was deleted"


class Answered(BaseModel):
    request: str
    event: str
    text: str = Field(repr=False)
    actor: str


def deliver(desk: Desk, notification: Notification) -> None:
    """`support_request.answered`: into the thread of the asker's direct conversation, never into a channel."""
    answered = parsed(Answered, notification)
    request = _request(desk, answered.request)
    actor, thread = _actor(answered.actor), _thread(request)
    client = desk.client_for(thread.team if thread else actor.team)
    _check_still_there(actor, client)
    key = f"{ANSWER}{answered.event}"
    if thread is None or not _sent_into(thread, desk, notification, client, _message(answered, actor), key):
        alone = _message(answered, actor, request.text)
        where = send_directly(desk, notification, client, actor.user, alone, key=key)
        requests_of(desk).keep_place(answered.request, str(Place(thread.team if thread else actor.team, *where)))


def _sent_into(
    thread: Place, desk: Desk, notification: Notification, client: WebClient, message: Message, key: str
) -> bool:
    """False where the thread is gone: its first message was deleted."""
    try:
        send(desk, notification, client, thread.channel, message, thread.thread_ts, key=key)
    except SlackApiError as error:
        if error.response.get("error") != "thread_not_found":
            raise
        return False
    return True


def _request(desk: Desk, request: str) -> SupportRequest:
    """As it is now: its place may have become known since."""
    try:
        return requests_of(desk).request(request)
    except Refused as refused:
        if refused.status != 404:
            raise
        raise Undeliverable(GONE) from None


def _actor(text: str) -> Actor:
    try:
        return Actor.parse(text)
    except ValueError as error:
        raise Undeliverable(str(error)) from None


def _thread(request: SupportRequest) -> Place | None:
    try:
        place = Place.parse(request.place or "")
    except ValueError:
        return None
    return place if is_direct(place.channel) and place.thread_ts else None


def _check_still_there(actor: Actor, client: WebClient) -> None:
    """Slack takes messages to people who left. Raises Undeliverable, NotToldBySlack."""
    try:
        user = client.users_info(user=actor.user)["user"]
    except SlackApiError as error:
        if error.response.get("error") == "user_not_found":
            raise Undeliverable(LEFT) from None
        raise
    except (SlackClientError, HTTPException, OSError, KeyError) as error:
        raise NotToldBySlack(f"the asker was not looked up: {type(error).__name__}") from None
    if user.get("deleted"):
        raise Undeliverable(LEFT)


def _message(answered: Answered, actor: Actor, asked: str | None = None) -> Message:
    """The mention lets Slack tell them of it in a thread in which they have not written."""
    opening = Message(
        OPENING.capitalize(), (blocks.section(f"<@{blocks.escape(actor.user)}>, *{blocks.escape(OPENING)}*"),)
    )
    return blocks.joined(
        opening,
        blocks.small(f"You asked: {blocks.one_line(asked)}") if asked else None,
        Message(answered.text, tuple(map(blocks.section, sections(answered.text)))),
        Message("", (own_requests.buttons(answered.request, answered=True),)),
        blocks.small(WRITE_HERE),
    )


def sections(text: str) -> Iterator[str]:
    """The whole text, escaped, in parts that one section holds; cut between lines or words."""
    while text:
        part = text[: blocks.SECTION_LIMIT]
        while len(blocks.escape(part)) > blocks.SECTION_LIMIT:
            part = part[: len(part) * 3 // 4]
        if len(part) < len(text):
            part = part[: max(part.rfind("\n"), part.rfind(" ")) + 1] or part
        yield blocks.escape(part)
        text = text[len(part) :]
