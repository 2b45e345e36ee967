"""What an asker writes in the conversation of their support request goes to people, not to the knowledge base."""

import html
import logging
import re
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import blocks
from bot.blocks import Message
from bot.courtesies import needs_no_answer
from bot.inquiry import Actor, Inquiry, is_direct
from bot.integration_client import NO_TEXT, IntegrationClient
from bot.replies import Asked
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import OwnRequest
from bot.service.service_api import Role
from bot.slack_client import quick_client
from bot.support import own_requests

log = logging.getLogger(__name__)

RECEIPT, ANSWER = "support:", "answer:"  # what the keys of our messages in such a conversation begin with
PASSED_ON = "I passed that on to the people at Retain."
NOTHING_OPEN = "You're welcome. I passed that on. Is anything still open? Write here."
NOT_PASSED_ON = (
    "I could not pass that on yet: our service does not answer just now. I keep trying. To be sure that it arrives,"
    " please write it again in a few minutes."
)
NO_FILES = "I cannot pass on files, so they did not get yours. Describe what it shows, or send it by e-mail."
WITH_FILES = "(There is a file in the conversation, which stays there.)"

_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|<>]*)(?:\|([^<>]*))?>")
_NAMED = re.compile(r"<([#@!])(?:[^|<>]*\|)?([^<>]*)>")


def in_own_name(actor: Actor) -> OnBehalf:
    """For what somebody does with their own request: it is theirs, whatever else they are."""
    return OnBehalf(actor, Role.NOBODY)


def write(integration: IntegrationClient, inquiry: Inquiry, request: str) -> OwnRequest:
    """Pass on what was written; told twice, it was written once. Raises ServiceError."""
    text = as_typed(inquiry.text).strip()
    return integration.desk.write(
        in_own_name(inquiry.actor),
        request,
        key=inquiry.key,
        text="\n".join(filter(None, (text, WITH_FILES if inquiry.files else ""))) or NO_TEXT,
        reopens=bool(inquiry.files) or not needs_no_answer(text),
    )


def is_for_people(inquiry: Inquiry, client: WebClient) -> bool:
    """Whether it was written in such a conversation, by what stands there: for when the service cannot tell."""
    place = inquiry.place
    opens_it = place.thread_ts is not None and inquiry.key.endswith(f"/{place.thread_ts}")
    if not place.thread_ts or opens_it or not is_direct(place.channel):
        return False
    try:
        found = quick_client(client).conversations_replies(
            channel=place.channel, ts=place.thread_ts, limit=200, include_all_metadata=True
        )["messages"]
    except (SlackApiError, SlackClientError, HTTPException, OSError, KeyError) as error:
        log.info("it was not looked up what a thread is about: %s", type(error).__name__)
        return False
    keys = [(message.get("metadata") or {}).get("event_payload", {}).get("key") for message in found]
    return any(str(key).startswith((RECEIPT, ANSWER)) for key in keys)


def not_passed_on(contact: str) -> Message:
    """What its writer reads while the service is away; `contact` is the sentence on where else to write."""
    return blocks.plain(f"{NOT_PASSED_ON} In a hurry? {contact}")


def told(own: OwnRequest, asked: Asked, *, files: bool = False) -> Message:
    """What its writer reads."""
    lost = blocks.plain(NO_FILES) if files else None
    if own.stopped_at is not None:
        return blocks.joined(blocks.plain(NOTHING_OPEN), lost)
    due = own_requests.due(own, asked.now, asked.zone)
    return blocks.joined(blocks.plain(f"{PASSED_ON} {due}"), lost, own_requests.closed(asked.now, asked.zone))


def as_typed(text: str) -> str:
    """A message's text as its writer sees it: https://docs.slack.dev/messaging/formatting-message-text#retrieving"""
    plain = _LINK.sub(lambda found: _address(found[1], found[2]), text)
    return html.unescape(_NAMED.sub(lambda found: f"{found[1].replace('!', '@')}{found[2]}", plain))


def _address(url: str, label: str | None) -> str:
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", url)
    return url if label is None or label == url else label if label == bare else f"{label} ({url})"
