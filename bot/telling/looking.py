"""Whether a message of ours stands in a conversation already: found by the key that it carries unseen."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import CannotLook, NotYet
from bot.inquiry import is_direct

log = logging.getLogger(__name__)

PAGE, MOST_PAGES = 200, 5
CLOCKS_DIFFER = timedelta(minutes=5)  # the service's and Slack's, at most
# Slack's answers that waiting does not change: https://docs.slack.dev/reference/methods/conversations.history#errors
CLOSED_TO_US = frozenset(
    (
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_in_channel",
        "thread_not_found",
        "token_revoked",
    )
)


def look(client: WebClient, channel: str, thread_ts: str | None, key: str, since: datetime | None = None) -> str | None:
    """The `ts` of our message with `key` in a conversation, or in one thread of it; None: it does not stand there.

    Only messages from `since` on are read, or else the newest. Raises CannotLook where we may not read (a channel,
    without the optional scopes channels:history and groups:history), NotYet where Slack does not let us just now.
    """
    try:
        for message in _messages(client, channel, thread_ts, since):
            mark = message.get("metadata") or {}
            if mark.get("event_payload", {}).get("key") == key:
                return str(message["ts"])
    except SlackApiError as error:
        reason = str(error.response.get("error"))
        if reason in CLOSED_TO_US:
            raise CannotLook(f"we may not read there ({reason})") from None
        raise NotYet(f"Slack does not let us read just now ({reason})") from None
    except (OSError, HTTPException) as error:
        raise NotYet(f"Slack does not let us read just now ({type(error).__name__})") from None
    return None


def standing(client: WebClient, channel: str, thread_ts: str | None, key: str) -> str | None:
    """The `ts` of our message with `key` in a direct conversation; None also where we may not or cannot look."""
    if not is_direct(channel):
        return None
    try:
        return look(client, channel, thread_ts, key)
    except (CannotLook, NotYet) as error:
        log.warning("could not look for our own answer: %s", error)
        return None


def _messages(
    client: WebClient, channel: str, thread_ts: str | None, since: datetime | None
) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
    if since is not None:
        asked["oldest"] = f"{(since - CLOCKS_DIFFER).timestamp():.6f}"
    for _ in range(MOST_PAGES):
        if thread_ts:
            found = client.conversations_replies(ts=thread_ts, **asked)
        else:
            found = client.conversations_history(**asked)
        yield from found["messages"]
        asked["cursor"] = (found.get("response_metadata") or {}).get("next_cursor")
        if not asked["cursor"] or (since is None and not thread_ts):
            return
    raise CannotLook("too much was said there since")
