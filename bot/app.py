"""The Bolt app: the same listeners for Socket Mode and signed HTTP."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import asking, commands, feedback, home, incident, pages
from bot.asking import Desk
from bot.blocks import Message, plain
from bot.claims import Claim
from bot.config import Settings
from bot.connections import connecting, disconnecting, linking, status
from bot.errors import BotError, TooLate, VaultError
from bot.inquiry import is_direct
from bot.installation import installing
from bot.installation.workspaces import OneWorkspace, Workspaces
from bot.meetings import asking_zoom, duration, hours
from bot.posting import may_stand, post, post_directly
from bot.support import follow_ups, request_actions, request_answer, request_snooze, support_form
from bot.surfaces import Body, respond_privately, whisper
from bot.telling import preferences, undelivered
from kb.errors import KbError

log = logging.getLogger(__name__)

KNOWN = (BotError, KbError)
PARTS = (
    asking,
    asking_zoom,
    commands,
    connecting,
    feedback,
    disconnecting,
    duration,
    follow_ups,
    home,
    hours,
    incident,
    linking,
    pages,
    preferences,
    request_actions,
    request_answer,
    request_snooze,
    status,
    support_form,
    undelivered,
)
WILL_RETRY = "Something went wrong on our side. I will try again within a minute."
NOT_INSTALLED = "Retain is not installed in this workspace any more. Someone who may add apps can install it again."
WILL_NOT_RETRY = "Something went wrong on our side. Please ask again in a minute."


def create_app(settings: Settings, workspaces: Workspaces, services: Desk, executor: Executor) -> App:
    """The app with all listeners, for one workspace or several. Listeners run in `executor`: a stop waits for them.

    Makes no call to Slack: the token is verified with the first event, or by the caller.
    """
    secret = settings.slack_signing_secret
    # Bolt's INFO lines hold the bodies of badly signed requests, its DEBUG lines people's messages.
    quiet = logging.getLogger("bot.slack")
    quiet.setLevel(logging.WARNING)
    app = App(
        logger=quiet,
        name="retain",
        client=workspaces.client,
        authorize=_authorizing(workspaces),
        user_facing_authorize_error_message=NOT_INSTALLED,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=settings.slack_mode == "http",
        token_verification_enabled=False,
        listener_executor=executor,
    )
    for part in PARTS:
        part.register(app, services)
    installing.register(app, workspaces)

    @app.error
    def on_error(
        error: Exception, body: Body, context: BoltContext, client: WebClient, respond: Respond
    ) -> BoltResponse | None:
        claim: Claim | None = context.get("claim")
        if claim is not None:
            services.claims.failed(claim, may_stand=not isinstance(error, KNOWN) and may_stand(error))
        _report(error, body, context, client, respond)
        # A known error is acknowledged, for sending the event again would change nothing. An unknown one before
        # the acknowledgement is not: Slack delivers the event again, perhaps when a lost key is back in its place.
        acknowledged = context.ack.response is not None
        again = isinstance(error, VaultError) or not isinstance(error, KNOWN)
        return None if acknowledged or again else BoltResponse(status=200)

    return app


def _authorizing(workspaces: Workspaces) -> Callable[..., Any] | None:
    """What tells Bolt a workspace's token; None where it has the only one."""
    if isinstance(workspaces, OneWorkspace):
        return None

    def authorize(team_id: str | None) -> AuthorizeResult | None:  # Bolt goes by the names of the arguments
        return workspaces.authorize(team_id)

    return authorize


def _report(error: Exception, body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
    """Tell the person who waits, in words; the inside stays in the log, under a reference that both can name."""
    claim: Claim | None = context.get("claim")
    if isinstance(error, TooLate) or (claim is not None and claim.question_id and _too_many(error)):
        log.warning("the answer was not posted (%s); the service hands the question out again", type(error).__name__)
        return
    reference = secrets.token_hex(4)
    if isinstance(error, KNOWN):
        log.error("listener error %s: %s", reference, error)
    else:
        log.error("listener error %s: %s", reference, type(error).__name__, exc_info=error)
    if isinstance(error, BotError) and claim is None:
        words = error.said
    else:
        words = WILL_RETRY if claim is not None and claim.question_id else WILL_NOT_RETRY
    _tell(body, context, client, respond, plain(f"{words} (Reference {reference}.)"))


def _too_many(error: Exception) -> bool:
    """Slack takes no more messages for a while: to apologize would be one more."""
    return isinstance(error, SlackApiError) and error.response.get("error") == "ratelimited"


def _tell(body: Body, context: BoltContext, client: WebClient, respond: Respond, message: Message) -> None:
    user, channel, event = context.user_id, context.channel_id, body.get("event", {})
    if user is None:
        return
    try:
        if body.get("response_url"):
            respond_privately(respond, message)
        elif event and channel and is_direct(channel):
            post(client, channel, message, event.get("thread_ts") or event.get("ts"))
        elif event and channel:
            whisper(client, channel, user, message)
        else:
            post_directly(client, user, message)
    except (BotError, SlackApiError, OSError) as error:
        log.warning("could not tell the person about it: %s", type(error).__name__)
