"""Posting messages: silent links, and no second post where the first one's reply was lost."""

import logging
import time
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import Message
from bot.inquiry import Place, is_direct

log = logging.getLogger(__name__)

PAUSES_SECONDS = (0.5, 2.0)
# Slack's words for "something went wrong here", after which the message may stand or not.
UNCERTAIN = frozenset(("internal_error", "fatal_error", "request_timeout", "service_unavailable"))
MARK = "retain_answer"  # metadata by which we recognise our own answer


def post(
    client: WebClient, channel: str, message: Message, thread_ts: str | None = None, key: str | None = None
) -> None:
    """Post a message for everybody in a conversation, in the thread of what it answers.

    With `key` it is tried again after an error of Slack's; before that, in direct messages, we look whether the
    message stands already. In channels we may not read, so there a lost reply can make a second post.
    """
    for pause in (*PAUSES_SECONDS, None):
        try:
            _post(client, channel, message, thread_ts, key)
        except (SlackApiError, OSError, HTTPException) as error:
            if key is None or pause is None or not _uncertain(error):
                raise
            log.warning("posting again after %s", type(error).__name__)
            time.sleep(pause)
            if stands(client, channel, thread_ts, key):
                return
        else:
            return


def post_directly(client: WebClient, user: str, message: Message, key: str | None = None) -> None:
    """Post a message into the direct conversation with a person, opening it if need be."""
    channel = client.conversations_open(users=user)["channel"]["id"]
    if key is None or not stands(client, channel, None, key):
        post(client, channel, message, key=key)


def post_at(client: WebClient, place: Place, message: Message, key: str) -> None:
    """Post the answer to something that was perhaps answered by a process that is gone."""
    if not stands(client, place.channel, place.thread_ts, key):
        post(client, place.channel, message, place.thread_ts, key)


def stands(client: WebClient, channel: str, thread_ts: str | None, key: str) -> bool:
    """Whether our answer to `key` is in a direct conversation; False where we may not or cannot look."""
    if not is_direct(channel):
        return False
    try:
        if thread_ts:
            found = client.conversations_replies(channel=channel, ts=thread_ts, include_all_metadata=True)
        else:
            found = client.conversations_history(channel=channel, limit=50, include_all_metadata=True)
        metadata = [message.get("metadata") or {} for message in found["messages"]]
    except (SlackApiError, OSError, HTTPException) as error:
        log.warning("could not look for our own answer: %s", type(error).__name__)
        return False
    return any(one.get("event_payload", {}).get("key") == key for one in metadata)


def _post(client: WebClient, channel: str, message: Message, thread_ts: str | None, key: str | None) -> None:
    client.chat_postMessage(
        channel=channel,
        text=message.fallback,
        blocks=message.blocks,
        thread_ts=thread_ts,
        metadata={"event_type": MARK, "event_payload": {"key": key}} if key else None,
        unfurl_links=False,  # Slack fetches every link that it unfurls
        unfurl_media=False,
    )


def _uncertain(error: Exception) -> bool:
    if isinstance(error, SlackApiError):
        return error.response.status_code >= 500 or error.response.get("error") in UNCERTAIN
    return True
