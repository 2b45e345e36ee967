"""Where a click came from (modal, App Home, direct message, channel), and how to answer there."""

import logging
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import blocks
from bot.blocks import Block, Message
from bot.errors import Undeliverable
from bot.inquiry import Place, is_direct
from bot.posting import post, post_directly
from bot.slack_client import quick_client

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

# A trigger opens one modal, within 3 seconds of the click.
TRIGGER_IS_GONE = frozenset(("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"))
TOOK_TOO_LONG = "That took too long, so nothing was opened. Please press the button again."


def acknowledge(ack: Ack, next_: Callable[[], Any]) -> None:
    """Listener middleware: Slack waits 3 seconds, and listeners may wait in a queue for longer."""
    ack()
    next_()


def respond_privately(respond: Respond, message: Message, *, replace: bool = False) -> None:
    """Answer a command or an ephemeral message through its response_url (five times, within 30 minutes).

    Raises Undeliverable when Slack does not take it: the SDK only returns the status.
    """
    response = respond(
        text=message.fallback,
        blocks=message.blocks,
        replace_original=replace,
        response_type="ephemeral",
        unfurl_links=False,
        unfurl_media=False,
    )
    if response.status_code != 200:
        raise Undeliverable(f"response_url answered {response.status_code}")


def whisper(client: WebClient, channel: str, user: str, message: Message, thread_ts: str | None = None) -> None:
    """Show a message to one person in a channel; not surely, and until they load it anew."""
    client.chat_postEphemeral(
        channel=channel,
        user=user,
        text=message.fallback,
        blocks=message.blocks,
        thread_ts=thread_ts,
        unfurl_links=False,  # as for every post, though this method's page does not name them
        unfurl_media=False,
    )


def open_view(body: Body, client: WebClient, view: Block) -> bool:
    """Open a modal, on top of one that is open. False when it is too late for that."""
    below = body.get("view") or {}
    opening = client.views_push if below.get("type") == "modal" else client.views_open
    try:
        opening(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response["error"] not in TRIGGER_IS_GONE:
            raise
        return False
    return True


def open_modal(body: Body, client: WebClient, message: Message) -> None:
    """Show a message in a modal; as a direct message where it is too late for that."""
    if not open_view(body, client, blocks.modal(message)):
        post_directly(client, body["user"]["id"], message)


def open_form(body: Body, client: WebClient, view: Block) -> None:
    """Open a modal in which something is filled in or confirmed; where it is too late, say so."""
    if not open_view(body, client, view):
        post_directly(client, body["user"]["id"], blocks.plain(TOOK_TOO_LONG))


def update_view(body: Body, client: WebClient, message: Message) -> None:
    """Show a message in the modal that was submitted; as a direct message where it was closed meanwhile."""
    try:
        client.views_update(view_id=body["view"]["id"], view=blocks.modal(message))
    except SlackApiError as error:
        if error.response["error"] != "not_found":
            raise
        post_directly(client, body["user"]["id"], message)


def tell(body: Body, client: WebClient, respond: Respond, message: Message) -> None:
    """Say something to the person who clicked, so that nobody else in a channel sees it."""
    if body.get("view"):
        open_modal(body, client, message)
    elif is_ephemeral(body):
        respond_privately(respond, message)
    elif _is_direct(body):
        post(client, _channel(body), message, thread_of(body))
    else:
        # Without a thread that is under way, Slack shows no ephemeral message in it.
        whisper(client, _channel(body), body["user"]["id"], message, body.get("message", {}).get("thread_ts"))


def replace(body: Body, client: WebClient, respond: Respond, message: Message) -> None:
    """Put a message in the place of the one that was clicked; where others read that one, beside it."""
    view = body.get("view")
    if view and view["type"] == "modal":
        client.views_update(view_id=view["id"], view=blocks.modal(message))
    elif is_ephemeral(body):
        respond_privately(respond, message, replace=True)
    elif not view and _is_direct(body):
        ts = body["message"]["ts"]
        client.chat_update(channel=_channel(body), ts=ts, text=message.fallback, blocks=message.blocks)
    else:
        tell(body, client, respond, message)


def answer_choice(body: Body, client: WebClient, respond: Respond, message: Message, key: str) -> None:
    """Put an answer where its choice was made: the modal, the ephemeral message, or the thread."""
    view = body.get("view")
    if view and view["type"] == "modal":
        client.views_update(view_id=view["id"], view=blocks.modal(message))
    elif view:
        open_modal(body, client, message)
    elif is_ephemeral(body):
        respond_privately(respond, message, replace=True)
    else:
        post(client, _channel(body), message, thread_of(body), key)


def confirm_feedback(body: Body, client: WebClient, respond: Respond, words: str, given_to: Message | None) -> None:
    """Put `words` in place of the feedback buttons; in a channel others may still click them: tell that person.

    `given_to` is the answer as it was shown: Slack does not say what stands in an ephemeral message.
    """
    view = body.get("view")
    if view:
        changed = _confirmed(view["blocks"], words)
        client.views_update(view_id=view["id"], view=blocks.modal(Message(words, changed)))
    elif is_ephemeral(body) and given_to is not None:
        respond_privately(respond, Message(given_to.text, _confirmed(given_to.blocks, words)), replace=True)
    elif _is_direct(body) and not is_ephemeral(body):
        message = body["message"]
        changed = _confirmed(message["blocks"], words)
        client.chat_update(channel=_channel(body), ts=message["ts"], text=message["text"], blocks=changed)
    else:
        tell(body, client, respond, blocks.plain(words))


def _confirmed(shown: list[Block] | tuple[Block, ...], words: str) -> tuple[Block, ...]:
    """The same blocks with the question and its buttons gone, `words` instead, and the way to a person kept."""
    changed: list[Block] = []
    for block in shown:
        if block.get("block_id") == blocks.FEEDBACK_BLOCK:
            person = [button for button in block["elements"] if button["action_id"] == blocks.TALK_TO_PERSON]
            changed += [blocks.context(blocks.escape(words)), blocks.actions(person)]
        elif block.get("block_id") != blocks.FEEDBACK_QUESTION_BLOCK:
            changed.append(block)
    return tuple(changed)


def is_public(body: Body) -> bool:
    """Whether the click was on a message that others read too."""
    return not body.get("view") and not is_ephemeral(body) and not _is_direct(body)


def is_ephemeral(body: Body) -> bool:
    """Whether the click was on a message that only this person sees."""
    return bool(body.get("container", {}).get("is_ephemeral"))


def stays(body: Body) -> bool:
    """Whether what `tell` or `replace` says to a click stays there: in a direct conversation, and not in passing."""
    return not body.get("view") and not is_ephemeral(body) and _is_direct(body)


class Spot(NamedTuple):
    """Where a message stands: the thread that it belongs to, and its own `ts`."""

    thread: Place
    ts: str

    @property
    def direct_thread(self) -> Place | None:
        """The thread, where it is one of a direct conversation with us."""
        return self.thread if is_direct(self.thread.channel) else None


def spot(body: Body, team: str) -> Spot | None:
    """Where the message stands that was clicked; None for any other surface."""
    message = body.get("message")
    if not message or is_ephemeral(body):
        return None
    return Spot(Place(team, _channel(body), thread_of(body)), str(message["ts"]))


def link_to(where: Spot, client: WebClient) -> str | None:
    """The address of a message; None where Slack does not tell."""
    try:
        found = quick_client(client).chat_getPermalink(channel=where.thread.channel, message_ts=where.ts)
        return str(found["permalink"])
    except (SlackApiError, SlackClientError, HTTPException, OSError, KeyError) as error:
        log.info("a message's address was not looked up: %s", type(error).__name__)
        return None


def _channel(body: Body) -> str:
    return str(body.get("channel", {}).get("id") or body["container"]["channel_id"])


def _is_direct(body: Body) -> bool:
    return is_direct(_channel(body))


def thread_of(body: Body) -> str:
    """The thread of the message that was clicked; its own, where it is in none."""
    message = body.get("message", {})
    return str(message.get("thread_ts") or message.get("ts") or body["container"]["message_ts"])
