"""What an asker writes in the conversation of their support request goes to people, not to the knowledge base."""

import html
import re

from bot import blocks
from bot.blocks import Message
from bot.courtesies import needs_no_answer
from bot.inquiry import Actor, Inquiry
from bot.integration_client import NO_TEXT, IntegrationClient
from bot.replies import Asked
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import OwnRequest
from bot.service.service_api import Role
from bot.support import own_requests

PASSED_ON = "I passed that on to the people at Retain."
NOTHING_OPEN = "You're welcome. I passed that on. Is anything still open? Write here."
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
