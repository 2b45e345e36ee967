"""`python -m bot`: connect to Slack and answer, until stopped."""

import logging
import os
import random
import signal
import sys
import threading
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import requests
import uvicorn
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import socket_mode
from bot.app import create_app, make_client
from bot.asking import Desk
from bot.claims import Claims
from bot.config import WHERE_TO_GET, Settings, load_settings
from bot.errors import BotError, ConfigError
from bot.http_mode import create_web
from bot.identity import Zones
from bot.integration_client import IntegrationClient
from bot.notifications import Deliverer
from bot.replies import Replies
from kb.errors import KbError
from kb.library import load_library
from kb.search import Search
from kb.settings import SiteSettings

log = logging.getLogger("bot")

WORKERS = 10
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main() -> int:
    """Run until SIGTERM or Ctrl-C; what was claimed is answered before the process ends. The exit code."""
    try:
        settings, site = load_settings(os.environ), SiteSettings.from_env(os.environ)
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        os.environ.pop("SLACK_BOT_TOKEN", None)  # Bolt would read it too, and warn that it has two
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        run(settings, site, stop)
    except (BotError, KbError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def run(settings: Settings, site: SiteSettings, stop: threading.Event) -> None:
    """Connect and serve until `stop` is set. Raises ConfigError for a token that Slack refuses."""
    integration = make_integration_client(settings)  # before the proxies are forgotten for Slack's sake
    forget_proxies_for(settings.slack_api_url, os.environ)
    library = load_library()
    client = make_client(settings)
    desk = Desk(
        library,
        Search(library),
        Replies(library, site),
        Claims(integration),
        Zones(),
        integration,
        lambda: datetime.now(UTC),
    )
    team = wait_for_slack(client, stop)
    if team is None:
        return
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="listener") as executor:
        app = create_app(settings, client, desk, executor)
        if integration is None:
            log.warning("INTEGRATION_URL is not set: answering from the knowledge base only")
        else:
            deliverer = Deliverer(desk, integration, client, team, stop, random.Random())  # noqa: S311 - jitter
            threading.Thread(target=deliverer.run, name="notifications", daemon=True).start()
        serve = serve_socket if settings.slack_mode == "socket" else serve_http
        serve(app, settings, stop)


def serve_socket(app: App, settings: Settings, stop: threading.Event) -> None:
    """Listen on a WebSocket until `stop` is set."""
    token = settings.slack_app_token
    try:
        # The settings have refused socket mode without a token.
        handler = socket_mode.connect(app, token.get_secret_value() if token else "")
    except SlackApiError as error:
        raise _refused("SLACK_APP_TOKEN", error) from None
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


def wait_for_slack(client: WebClient, stop: threading.Event) -> str | None:
    """The id of the token's workspace, waiting while Slack cannot be reached; None when stopped meanwhile.

    Raises ConfigError for a token that Slack refuses.
    """
    pause = 0.5
    while True:
        try:
            return str(client.auth_test()["team_id"])
        except SlackApiError as error:
            if error.response.status_code < 500 and error.response.status_code != 429:
                raise _refused("SLACK_BOT_TOKEN", error) from None
            reason = f"status {error.response.status_code}"
        except (URLError, OSError) as error:
            reason = type(error).__name__
        log.warning("Slack cannot be reached yet (%s); trying again", reason)
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


def _refused(setting: str, error: SlackApiError) -> ConfigError:
    reason = error.response.get("error") or f"status {error.response.status_code}"
    return ConfigError(f"Slack refused {setting} ({reason}).", field=setting, remedy=WHERE_TO_GET[setting])


if __name__ == "__main__":
    sys.exit(main())
