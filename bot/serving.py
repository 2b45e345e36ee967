"""Which workspaces are served, and how Slack reaches us: over a WebSocket or by signed requests."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urlsplit

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from bot import socket_mode
from bot.config import WHERE_TO_GET, Settings
from bot.errors import ConfigError
from bot.http_mode import create_web, events, listening
from bot.installation.announcing import Announcer
from bot.installation.installations import Installations
from bot.installation.installing import Installer, routes
from bot.installation.vault import Vault
from bot.installation.workspaces import OneWorkspace, SeveralWorkspaces, Workspaces
from bot.slack_client import is_loopback, make_client, quick_client
from kb.clock import Clock

log = logging.getLogger("bot")

T = TypeVar("T")

# Slack's words for a token that waiting does not mend: https://docs.slack.dev/reference/methods/auth.test#errors
REFUSALS = frozenset(
    (
        "account_inactive",
        "access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    )
)


@contextmanager
def served(settings: Settings, stop: threading.Event) -> Iterator[Workspaces | None]:
    """The workspaces of these settings; None when stopped while Slack could not be reached."""
    client = make_client(settings)
    if settings.slack_client_id is None or settings.bot_encryption_keys is None:
        yield one_workspace(client, stop)
        return
    engine = create_engine(settings.bot_database_url, hide_parameters=True, pool_pre_ping=True)
    installations = Installations(settings.slack_client_id, engine, Vault(settings.bot_encryption_keys))
    try:
        prepare(installations)
        log.info("serving every workspace that installs the app; %d did so far", len(installations.names()))
        yield SeveralWorkspaces(client, installations)
    finally:
        engine.dispose()


def prepare(installations: Installations) -> None:
    """Make the table where it is missing. Raises ConfigError when the database cannot be used."""
    try:
        installations.prepare()
    except SQLAlchemyError as error:
        raise ConfigError(
            f"BOT_DATABASE_URL: the database cannot be used ({type(error).__name__}).",
            field="BOT_DATABASE_URL",
            remedy="Is it running, and may this process read and write it?",
        ) from None


def one_workspace(client: WebClient, stop: threading.Event) -> OneWorkspace | None:
    """The workspace of the bot token; None when stopped while Slack could not be reached."""
    answer = until_slack_answers("SLACK_BOT_TOKEN", quick_client(client).auth_test, stop)
    if answer is None:
        return None
    workspace = OneWorkspace(client, str(answer["team_id"]), str(answer.get("team") or answer["team_id"]))
    log.info("serving the workspace %s only, that of SLACK_BOT_TOKEN", workspace.team)
    return workspace


@contextmanager
def listening_where_needed(
    app: App,
    settings: Settings,
    workspaces: Workspaces,
    announcer: Announcer,
    support_email: str | None,
    clock: Clock,
) -> Iterator[None]:
    """Listen on PORT for Slack's requests (http mode) and for people who install the app (several workspaces)."""
    routers = [events(app)] if settings.slack_mode == "http" else []
    if isinstance(workspaces, SeveralWorkspaces):
        installer = Installer.of(settings, workspaces.installations, announcer, clock)
        routers.append(routes(installer, support_email))
    if not routers:
        yield
        return
    # Beside a stand-in for Slack there is nobody outside this machine to listen to.
    host = "127.0.0.1" if is_loopback(urlsplit(settings.slack_api_url).hostname or "") else "0.0.0.0"  # noqa: S104
    with listening(create_web(routers), host, settings.port):
        log.info("listening on port %s", settings.port)
        yield


def answer(app: App, settings: Settings, stop: threading.Event) -> None:
    """Answer until `stop` is set: over a WebSocket, or what `listening_where_needed` takes."""
    token = settings.slack_app_token if settings.slack_mode == "socket" else None
    if token is None:
        stop.wait()
        return
    secret = token.get_secret_value()
    handler = until_slack_answers("SLACK_APP_TOKEN", lambda: socket_mode.connect(app, secret), stop)
    if handler is None:
        return
    log.info("connected to Slack, answering")
    stop.wait()
    log.info("stopping: finishing what was begun")
    socket_mode.close(handler)


def until_slack_answers(setting: str, call: Callable[[], T], stop: threading.Event) -> T | None:
    """What `call` gives, tried again while Slack cannot be reached or fails; None when stopped meanwhile.

    Raises ConfigError, naming `setting`, for a token that Slack refuses.
    """
    pause = 0.5
    while True:
        try:
            return call()
        except SlackApiError as error:
            reason = str(error.response.get("error") or f"status {error.response.status_code}")[:60]
            if reason in REFUSALS:
                raise ConfigError(
                    f"Slack refused {setting} ({reason}).", field=setting, remedy=WHERE_TO_GET[setting]
                ) from None
        except (SlackClientError, HTTPException, OSError) as error:
            reason = str(getattr(error, "reason", None) or type(error).__name__)
        log.warning("Slack does not answer (%s). Check network, proxy and SLACK_API_URL; trying again", reason)
        if stop.wait(pause):
            return None
        pause = min(pause * 2, 30.0)
