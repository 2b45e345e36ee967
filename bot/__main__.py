"""`python -m bot`: connect to Slack and answer, until stopped."""

import logging
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import requests
import uvicorn
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import socket_mode
from bot.app import create_app
from bot.asking import Desk
from bot.claims import Claims
from bot.config import WHERE_TO_GET, Settings, load_settings
from bot.errors import BotError, ConfigError, ServiceUnavailable
from bot.http_mode import create_web
from bot.identity import Zones
from bot.integration_client import IntegrationClient
from bot.notifications import Deliverer
from bot.replies import Replies
from bot.slack_client import make_client, quick_client
from kb.errors import KbError
from kb.library import load_library
from kb.search import Search
from kb.settings import SiteSettings

log = logging.getLogger("bot")

T = TypeVar("T")

WORKERS = 10
FINISH_SECONDS = 10.0
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
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main() -> int:
    """Run until SIGTERM or Ctrl-C; what was claimed is answered before the process ends. The exit code."""
    try:
        settings, site = load_settings(os.environ), SiteSettings.from_env(os.environ)
        configure_logs(settings.log_level)
        os.environ.pop("SLACK_BOT_TOKEN", None)  # Bolt would read it too, and warn that it has two
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        run(settings, site, stop)
    except (BotError, KbError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def configure_logs(level: str) -> None:
    """One line an event, on stderr. Libraries' own lines stay out: they hold people's words and usable addresses."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("slack_sdk", "slack_bolt", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)  # what goes wrong reaches us as an exception


def run(settings: Settings, site: SiteSettings, stop: threading.Event) -> None:
    """Connect and serve until `stop` is set. Raises ConfigError for a token that Slack refuses."""
    integration = make_integration_client(settings)  # before the proxies are forgotten for Slack's sake
    forget_proxies_for(settings.slack_api_url, os.environ)
    if site.support_email is None and site.representative_contact is None:
        log.warning("SUPPORT_EMAIL is not set: people are told no address to write to")
    client, claims, library = make_client(settings), Claims(integration), load_library()
    desk = Desk(
        library, Search(library), Replies(library, site), claims, Zones(), integration, lambda: datetime.now(UTC)
    )
    team = team_of_token(client, stop)
    if team is None:
        return
    # At the end listeners finish first: what they leave unrecorded is recorded after them.
    with owed(desk, client, team, stop), ThreadPoolExecutor(WORKERS, thread_name_prefix="listener") as executor:
        app = create_app(settings, client, desk, executor)
        serve = serve_socket if settings.slack_mode == "socket" else serve_http
        serve(app, settings, stop)


@contextmanager
def owed(desk: Desk, client: WebClient, team: str, stop: threading.Event) -> Iterator[None]:
    """Deliver and record in the background what is owed; at the end, what is at hand is finished."""
    if desk.integration is None:
        log.warning("INTEGRATION_URL is not set: answering from the knowledge base only")
        yield
        return
    deliverer = Deliverer(desk, desk.integration, client, team, stop, random.Random())  # noqa: S311 - jitter
    settling = threading.Thread(target=desk.claims.keep_settling, args=(stop,), name="settling")
    settling.start()
    threading.Thread(target=deliverer.run, name="notifications", daemon=True).start()  # it may wait 20 s for nothing
    try:
        yield
    finally:
        stop.set()
        deliverer.finish(FINISH_SECONDS)
        settling.join(FINISH_SECONDS)
        with suppress(ServiceUnavailable):
            desk.claims.settle_owed()


def serve_socket(app: App, settings: Settings, stop: threading.Event) -> None:
    """Listen on a WebSocket until `stop` is set."""
    token = settings.slack_app_token
    # The settings have refused socket mode without a token.
    secret = token.get_secret_value() if token else ""
    handler = until_slack_answers("SLACK_APP_TOKEN", lambda: socket_mode.connect(app, secret), stop)
    if handler is None:
        return
    log.info("connected to Slack, answering")
    stop.wait()
    log.info("stopping: finishing what was begun")
    socket_mode.close(handler)


def serve_http(app: App, settings: Settings, stop: threading.Event) -> None:
    """Listen for Slack's signed requests on PORT, until `stop` is set."""
    server = uvicorn.Server(
        uvicorn.Config(create_web(app), host="0.0.0.0", port=settings.port, log_level="warning")  # noqa: S104 - a server
    )
    serving = threading.Thread(target=server.run, name="http")
    serving.start()
    log.info("listening on port %s for Slack's requests", settings.port)
    while serving.is_alive() and not stop.wait(0.2):
        pass
    if not stop.is_set():
        raise ConfigError(f"PORT {settings.port} cannot be used.", remedy="Is something else listening there?")
    server.should_exit = True
    serving.join()


def team_of_token(client: WebClient, stop: threading.Event) -> str | None:
    """The id of the bot token's workspace; None when stopped while Slack could not be reached."""
    return until_slack_answers("SLACK_BOT_TOKEN", lambda: str(quick_client(client).auth_test()["team_id"]), stop)


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


def make_integration_client(settings: Settings) -> IntegrationClient | None:
    """The client of the integration service, or None when no address is set."""
    if not settings.integration_url or settings.integration_api_key is None:
        return None
    session = requests.Session()
    session.proxies.update(requests.utils.get_environ_proxies(settings.integration_url))
    session.trust_env = False  # no .netrc: it would replace our Authorization header
    return IntegrationClient(settings.integration_url, settings.integration_api_key.get_secret_value(), session)


def forget_proxies_for(url: str, env: MutableMapping[str, str]) -> None:
    """Drop the proxies where none is to be used: slack_sdk ignores NO_PROXY."""
    host = urlsplit(url).hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        for name in PROXY_VARIABLES:
            env.pop(name, None)


if __name__ == "__main__":
    sys.exit(main())
