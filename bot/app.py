"""The Bolt app: the same listeners for Socket Mode and signed HTTP."""

import logging
import secrets
from concurrent.futures import Executor
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot import asking, commands, desk, home
from bot.asking import Desk
from bot.blocks import plain
from bot.claims import Claim
from bot.config import Settings
from bot.errors import BotError
from bot.surfaces import post
from kb.errors import KbError

log = logging.getLogger(__name__)

WEB_API_SECONDS = 10
WILL_RETRY = "Something went wrong on our side. I will try again within a minute."
WILL_NOT_RETRY = "Something went wrong on our side. Please ask again in a minute."


def make_client(settings: Settings) -> WebClient:
    """The Web API client. It waits out rate limits, and tries connection errors and 500/503 three times more."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=WEB_API_SECONDS,
        retry_handlers=[
            ConnectionErrorRetryHandler(max_retry_count=3),
            RateLimitErrorRetryHandler(max_retry_count=3),
            ServerErrorRetryHandler(max_retry_count=3),
        ],
    )


def create_app(settings: Settings, client: WebClient, services: Desk, executor: Executor) -> App:
    """The app with all listeners. Listeners run in `executor`, so that a stop can wait for them.

    Makes no call to Slack: the token is verified with the first event, or by the caller.
    """
    secret = settings.slack_signing_secret
    # Bolt's INFO lines hold the bodies of badly signed requests, its DEBUG lines people's messages.
    quiet = logging.getLogger("bot.slack")
    quiet.setLevel(logging.WARNING)
    app = App(
        logger=quiet,
        name="retain",
        client=client,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=settings.slack_mode == "http",
        token_verification_enabled=False,
        listener_executor=executor,
    )
    for part in (asking, commands, desk, home):
        part.register(app, services)

    @app.error
    def on_error(
        error: Exception, body: dict[str, Any], context: BoltContext, client: WebClient
    ) -> BoltResponse | None:
        claim: Claim | None = context.get("claim")
        if claim is not None:
            services.claims.failed(claim)
        return handle_error(error, body, context, client)

    return app


def handle_error(
    error: Exception, body: dict[str, Any], context: BoltContext, client: WebClient
) -> BoltResponse | None:
    """Tell the person who waits, in words; keep the inside in the log, under a reference that both can name.

    A known error is acknowledged to Slack, for sending the event again would change nothing. An unknown one before
    the acknowledgement is not: Slack delivers the event again.
    """
    known = isinstance(error, BotError | KbError)
    reference = secrets.token_hex(4)
    if known:
        log.error("listener error %s: %s", reference, error)
    else:
        log.error("listener error %s: %s", reference, type(error).__name__, exc_info=error)
    claim: Claim | None = context.get("claim")
    if isinstance(error, BotError) and claim is None:
        words = error.said
    else:
        words = WILL_RETRY if claim is not None and claim.question_id else WILL_NOT_RETRY
    _tell(body, context, client, f"{words} (Reference {reference}.)")
    return BoltResponse(status=200) if known else None


def _tell(body: dict[str, Any], context: BoltContext, client: WebClient, words: str) -> None:
    user = context.user_id
    if user is None:
        return
    channel = context.channel_id
    message = plain(words)
    event = body.get("event", {})
    try:
        if channel is None or channel.startswith("D"):
            post(client, channel or user, message, event.get("thread_ts") or event.get("ts"))
        else:
            client.chat_postEphemeral(channel=channel, user=user, text=message.fallback, blocks=message.blocks)
    except (SlackApiError, OSError) as error:
        log.warning("could not tell the person about it: %s", type(error).__name__)
