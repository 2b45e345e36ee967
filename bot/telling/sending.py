"""Sending what a notification says so that it stands once, or is known to stand perhaps.

Between "we are about to send it" and "it was sent" a process can be killed, or Slack's reply be lost. So the service
is told both. What was begun before is looked for by its key, and where we may not look it is not sent again: it counts
as possibly delivered, and staff see that.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.acting import tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.errors import CannotLook, NotYet, PossiblyDelivered, ServiceError
from bot.integration_client import IntegrationClient, Notification
from bot.posting import PAUSES_SECONDS, may_stand, passing, post_once
from bot.telling.looking import look

log = logging.getLogger(__name__)

# The lease is a minute from where it was begun, and one try may take half of that (slack_client.py).
SEND_WITHIN_SECONDS = 20.0


def send(
    desk: Desk,
    notification: Notification,
    client: WebClient,
    channel: str,
    message: Message,
    thread_ts: str | None = None,
    *,
    key: str | None = None,
    kept: Mapping[str, str] | None = None,
    broadcast: bool = False,
) -> str:
    """Post what a notification says, once; the `ts` of the message, also where it stood there already.

    Call it last, when all else that can fail is done. `key` names the message (the notification's own, by default);
    what is `kept` beside it nobody sees, and `posting.kept_with` reads back. `broadcast`: what stands in a thread is
    shown in the channel, too. Raises PossiblyDelivered, NotYet, ServiceError, or what Slack said: let them through,
    `bot.notifications` knows what each means.
    """
    integration, key = tenancy_of(desk).integration, key or f"notification:{notification.id}"
    give_up_at = time.monotonic() + SEND_WITHIN_SECONDS
    begun = integration.begin(notification)
    found = partial(_found, client, channel, thread_ts, key, begun.since)
    if begun.again and (ts := found()):
        return ts
    for pause in (*PAUSES_SECONDS, None):
        try:
            return post_once(client, channel, message, thread_ts, key, kept, broadcast=broadcast)
        except (SlackApiError, OSError, HTTPException) as error:
            if pause is None or not passing(error):
                _take_back(integration, notification, error)
                raise
            log.warning("sending notification %s again after %s", notification.id, type(error).__name__)
            time.sleep(pause)
            if may_stand(error) and (ts := found()):
                return ts
            if time.monotonic() > give_up_at:
                raise NotYet("Slack takes too long") from None
    raise AssertionError("unreachable: the last attempt returns or raises")


def send_directly(
    desk: Desk,
    notification: Notification,
    client: WebClient,
    user: str,
    message: Message,
    *,
    key: str | None = None,
    kept: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """`send` it as a direct message to a person, opening the conversation if need be. Its channel and `ts`."""
    channel = str(client.conversations_open(users=user)["channel"]["id"])
    return channel, send(desk, notification, client, channel, message, key=key, kept=kept)


def _found(client: WebClient, channel: str, thread_ts: str | None, key: str, since: datetime | None) -> str | None:
    """The `ts` of the message that may stand; None: it does not. Raises PossiblyDelivered, NotYet."""
    try:
        return look(client, channel, thread_ts, key, since)
    except CannotLook as error:
        raise PossiblyDelivered(f"it was begun before, and {error.message}") from None


def _take_back(integration: IntegrationClient, notification: Notification, error: Exception) -> None:
    """Say that it was not sent, where that is certain, so that the next who tries need not look."""
    if may_stand(error):
        return
    try:
        integration.acknowledge(notification.id, "not_sent", attempt=notification.attempts)
    except ServiceError as unsaid:
        log.warning("that notification %s was not sent could not be recorded: %s", notification.id, unsaid)
