"""What an asker hears of their support request: the answer of the staff, or that there is none yet, or will be none."""

from collections.abc import Callable, Iterator
from http.client import HTTPException

from pydantic import BaseModel, Field
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import blocks
from bot.acting import request_of, requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.errors import NotToldBySlack, Undeliverable
from bot.inquiry import Actor, Place, is_direct
from bot.integration_client import Notification
from bot.service.desk_api import SupportRequest
from bot.support import own_requests
from bot.support.passing_on import ANSWER, RECEIPT
from bot.telling.receiving import parsed
from bot.telling.sending import send, send_directly
from kb import support_hours

OPENING = "here is the answer from Retain's support:"
WRITE_HERE = "Is anything still open? Reply here, in this thread: people read it."
LEFT = "the person left the workspace"
GONE = "the request was deleted"
CLOSED = (
    "the people at Retain closed your question without an answer here. Is it still open? Write in this thread:"
    " people read it, and it is opened again."
)
LATE = "we are late, and sorry. A person was to answer {due}. Your question is still with us: an answer will come."


class Told(BaseModel):
    request: str
    actor: str


class Answered(Told):
    event: str
    text: str = Field(repr=False)


def deliver(desk: Desk, notification: Notification) -> None:
    """`support_request.answered`: into the thread of the asker's direct conversation, never into a channel."""
    answered = parsed(Answered, notification)
    request = request_of(desk, answered.request)
    if request is None:
        raise Undeliverable(GONE)
    actor = _actor(answered.actor)
    _tell(desk, notification, request, actor, _message(answered, actor), f"{ANSWER}{answered.event}")


def tell_closed(desk: Desk, notification: Notification) -> None:
    """`support_request.closed`: the staff ended a request that they had not answered."""
    _tell_bad_news(desk, notification, CLOSED, lambda request: request.stopped_at is not None)


def tell_late(desk: Desk, notification: Notification) -> None:
    """`support_request.late`: the promised time has passed."""
    _tell_bad_news(desk, notification, LATE, lambda request: request.stopped_at is None)


def _tell_bad_news(
    desk: Desk, notification: Notification, words: str, still_so: Callable[[SupportRequest], bool]
) -> None:
    """Nothing where it is not so any more: the request was answered, reopened or deleted meanwhile."""
    told = parsed(Told, notification)
    request = request_of(desk, told.request)
    if request is None or not still_so(request):
        return
    actor = _actor(told.actor)
    asked = desk.asked(actor, desk.client_for(actor.team))
    said = words.format(due=support_hours.describe_due(request.respond_by, asked.now, asked.zone))
    message = blocks.joined(said_to(actor, said), Message("", (own_requests.buttons(told.request),)))
    _tell(desk, notification, request, actor, message, f"{RECEIPT}{told.request}/{notification.id}")


def _tell(
    desk: Desk, notification: Notification, request: SupportRequest, actor: Actor, message: Message, key: str
) -> None:
    """Into the thread of the conversation; as a direct message, which says what was asked, where there is none."""
    thread = _thread(request)
    client = desk.client_for(thread.team if thread else actor.team)
    _check_still_there(actor, client)
    if thread is None or not _sent_into(thread, desk, notification, client, message, key):
        asked = blocks.small(f"You asked: {blocks.one_line(request.text)}")
        alone = Message(message.text, (message.blocks[0], *asked.blocks, *message.blocks[1:]))
        where = send_directly(desk, notification, client, actor.user, alone, key=key)
        requests_of(desk).keep_place(request.id, str(Place(thread.team if thread else actor.team, *where)))


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


def said_to(actor: Actor, words: str, around: str = "") -> Message:
    """A sentence that begins with a mention: so Slack tells them of it in a thread in which they have not written."""
    shown = f"<@{blocks.escape(actor.user)}>, {around}{blocks.escape(words)}{around}"
    return Message(words[0].upper() + words[1:], (blocks.section(shown),))


def _message(answered: Answered, actor: Actor) -> Message:
    return blocks.joined(
        said_to(actor, OPENING, around="*"),
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
