"""Posting messages: silent links, and no second post where the first one's reply was lost."""

import logging
import time
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import Message
from bot.telling.looking import standing

log = logging.getLogger(__name__)

PAUSES_SECONDS = (0.5, 2.0)
# Slack's words for "something went wrong here", after which the message may stand or not.
UNCERTAIN = frozenset(("internal_error", "fatal_error", "request_timeout", "service_unavailable"))
# Slack's words for a message that cannot be changed any more: https://docs.slack.dev/reference/methods/chat.update
GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive"))
MARK = "retain_answer"  # metadata by which we recognise our own answer


def post(
    client: WebClient,
    channel: str,
    message: Message,
    thread_ts: str | None = None,
    key: str | None = None,
    kept: Mapping[str, str] | None = None,
) -> str:
    """Post a message for everybody in a conversation, in the thread of what it answers; its `ts`.

    With `key` it is tried again after an error of Slack's; before that, in direct messages, we look whether the
    message stands already. In channels a lost reply can make a second post; what must never stand twice is sent by
    `sending.send`. What is `kept` beside a key nobody sees, and `kept_with` reads back.
    """
    for pause in (*PAUSES_SECONDS, None):
        try:
            return post_once(client, channel, message, thread_ts, key, kept)
        except (SlackApiError, OSError, HTTPException) as error:
            if key is None or pause is None or not passing(error):
                raise
            log.warning("posting again after %s", type(error).__name__)
            time.sleep(pause)
            if ts := standing(client, channel, thread_ts, key):
                return ts
    raise AssertionError("unreachable: the last attempt returns or raises")


def post_directly(
    client: WebClient, user: str, message: Message, key: str | None = None, kept: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Post a message into the direct conversation with a person, opening it if need be. Its channel and `ts`.

    With `key` the message that stands there already is left as it is.
    """
    channel = str(client.conversations_open(users=user)["channel"]["id"])
    ts = standing(client, channel, None, key) if key else None
    return channel, ts or post(client, channel, message, key=key, kept=kept)


def kept_with(client: WebClient, channel: str, ts: str) -> Mapping[str, str]:
    """What was kept beside a message of ours in a direct conversation; empty where that cannot be read."""
    try:
        found = client.conversations_history(
            channel=channel, latest=ts, inclusive=True, limit=1, include_all_metadata=True
        )
        marked = {str(message["ts"]): message.get("metadata") or {} for message in found["messages"]}
    except (SlackApiError, OSError, HTTPException) as error:
        log.warning("could not read what was kept with a message: %s", type(error).__name__)
        return {}
    return dict(marked.get(ts, {}).get("event_payload", {}))


def update(client: WebClient, channel: str, ts: str, message: Message) -> bool:
    """Put another message in the place of one of ours. False when that one is gone."""
    try:
        client.chat_update(channel=channel, ts=ts, text=message.fallback, blocks=message.blocks)
    except SlackApiError as error:
        if error.response.get("error") not in GONE:
            raise
        return False
    return True


def post_once(
    client: WebClient,
    channel: str,
    message: Message,
    thread_ts: str | None,
    key: str | None,
    kept: Mapping[str, str] | None = None,
    *,
    broadcast: bool = False,
) -> str:
    """Post a message, with one try; its `ts`. `broadcast`: what stands in a thread is shown in the channel, too."""
    mark = {"event_type": MARK, "event_payload": {"key": key, **(kept or {})}} if key else None
    posted = client.chat_postMessage(
        channel=channel,
        text=message.fallback,
        blocks=message.blocks,
        thread_ts=thread_ts,
        reply_broadcast=True if broadcast and thread_ts else None,
        metadata=mark,
        unfurl_links=False,  # Slack fetches every link that it unfurls
        unfurl_media=False,
    )
    return str(posted["ts"])


def passing(error: Exception) -> bool:
    """Whether what went wrong with a post may go well in a moment."""
    return isinstance(error, URLError) or may_stand(error)


def may_stand(error: Exception) -> bool:
    """Whether a message may stand although posting it failed: Slack's reply was lost, or does not say."""
    if isinstance(error, SlackApiError):
        return error.response.status_code >= 500 or error.response.get("error") in UNCERTAIN
    return not isinstance(error, URLError)  # that one comes before Slack has the whole request
