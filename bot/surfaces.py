"""Where a click came from, and how to say something back there: modal, App Home, direct message, channel, ephemeral."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Respond
from slack_sdk import WebClient

from bot import blocks
from bot.blocks import Block, Message
from bot.errors import Undeliverable


def post(client: WebClient, channel: str, message: Message, thread_ts: str | None = None) -> None:
    """Post a message for everybody in a conversation, in the thread of what it answers."""
    client.chat_postMessage(
        channel=channel,
        text=message.fallback,
        blocks=message.blocks,
        thread_ts=thread_ts,
        unfurl_links=False,  # Slack fetches every link that it unfurls
        unfurl_media=False,
    )


def post_directly(client: WebClient, user: str, message: Message) -> None:
    """Post a message into the direct conversation with a person, opening it if need be."""
    channel = client.conversations_open(users=user)["channel"]["id"]
    post(client, channel, message)


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


def tell(body: Mapping[str, Any], client: WebClient, respond: Respond, message: Message) -> None:
    """Say something to the person who clicked, so that nobody else in a channel sees it."""
    view = body.get("view")
    if view:
        modal = blocks.modal("Retain", message)
        opening = client.views_push if view["type"] == "modal" else client.views_open
        opening(trigger_id=body["trigger_id"], view=modal)
    elif _is_ephemeral(body):
        respond_privately(respond, message)
    elif _is_direct(body):
        post(client, _channel(body), message, _thread(body))
    else:
        client.chat_postEphemeral(
            channel=_channel(body),
            user=body["user"]["id"],
            text=message.fallback,
            blocks=message.blocks,
            thread_ts=_thread(body),
        )


def answer_choice(body: Mapping[str, Any], client: WebClient, respond: Respond, message: Message) -> None:
    """Put an answer where its choice was made: into the modal, in place of an ephemeral message, or the thread."""
    view = body.get("view")
    if view and view["type"] == "modal":
        client.views_update(view_id=view["id"], view=blocks.modal("Retain", message))
    elif view:
        client.views_open(trigger_id=body["trigger_id"], view=blocks.modal("Retain", message))
    elif _is_ephemeral(body):
        respond_privately(respond, message, replace=True)
    else:
        post(client, _channel(body), message, _thread(body))


def confirm_feedback(body: Mapping[str, Any], client: WebClient, respond: Respond, words: str) -> None:
    """Put `words` in place of the feedback buttons; in a channel others may still click them: tell that person."""
    view = body.get("view")
    if view:
        changed = _confirmed(view["blocks"], words)
        client.views_update(view_id=view["id"], view=blocks.modal("Retain", Message(words, changed)))
    elif _is_direct(body) and not _is_ephemeral(body):
        message = body["message"]
        changed = _confirmed(message["blocks"], words)
        client.chat_update(channel=_channel(body), ts=message["ts"], text=message["text"], blocks=changed)
    else:
        tell(body, client, respond, blocks.plain(words))


def _confirmed(shown: list[Block], words: str) -> tuple[Block, ...]:
    """The same blocks with the question and its buttons gone, `words` instead, and the way to a person kept."""
    changed: list[Block] = []
    for block in shown:
        if block.get("block_id") == blocks.FEEDBACK_BLOCK:
            person = [button for button in block["elements"] if button["action_id"] == blocks.TALK_TO_PERSON]
            changed += [blocks.context(blocks.escape(words)), blocks.actions(person)]
        elif block.get("block_id") != blocks.FEEDBACK_QUESTION_BLOCK:
            changed.append(block)
    return tuple(changed)


def _is_ephemeral(body: Mapping[str, Any]) -> bool:
    return bool(body.get("container", {}).get("is_ephemeral"))


def _channel(body: Mapping[str, Any]) -> str:
    return str(body.get("channel", {}).get("id") or body["container"]["channel_id"])


def _is_direct(body: Mapping[str, Any]) -> bool:
    return _channel(body).startswith("D")


def _thread(body: Mapping[str, Any]) -> str:
    message = body.get("message", {})
    return str(message.get("thread_ts") or message.get("ts") or body["container"]["message_ts"])
