"""`python -m bot`: connect to Slack and answer, until stopped."""

import logging
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import requests

from bot.app import create_app
from bot.asking import Desk
from bot.claims import Claims
from bot.config import Settings, load_settings
from bot.errors import BotError, ServiceUnavailable
from bot.identity import Zones
from bot.installation.announcing import Announcer
from bot.installation.workspaces import Workspaces
from bot.integration_client import IntegrationClient
from bot.notifications import Deliverer
from bot.replies import Replies
from bot.serving import answer, listening_where_needed, served
from bot.slack_client import is_loopback
from bot.staff import Staff
from kb.clock import Clock, clock_from, real_clock
from kb.errors import KbError
from kb.library import load_library
from kb.search import Search
from kb.settings import SiteSettings

log = logging.getLogger("bot")

WORKERS = 10
FINISH_SECONDS = 10.0
# Bolt would read these as well, and set up an OAuth flow of its own.
READ_BY_BOLT = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


def main() -> int:
    """Run until SIGTERM or Ctrl-C; what was claimed is answered before the process ends. The exit code."""
    try:
        settings, site = load_settings(os.environ), SiteSettings.from_env(os.environ)
        configure_logs(settings.log_level)
        for name in READ_BY_BOLT:
            os.environ.pop(name, None)
        stop = threading.Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: stop.set())
        run(settings, site, stop, clock=clock_from(os.environ))
    except (BotError, KbError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def configure_logs(level: str) -> None:
    """One line an event, on stderr. Libraries' own lines stay out: they hold people's words and usable addresses."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("slack_sdk", "slack_bolt", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)  # what goes wrong reaches us as an exception


def run(
    settings: Settings,
    site: SiteSettings,
    stop: threading.Event,
    search: Search | None = None,
    clock: Clock = real_clock,
) -> None:
    """Connect and serve until `stop` is set; `search` is made unless one is passed. `clock`: aware, UTC.

    Raises ConfigError for what Slack or the database refuses, KbError when the knowledge base cannot be read.
    """
    integration = make_integration_client(settings)  # before the proxies are forgotten for Slack's sake
    forget_proxies_for(settings.slack_api_url, os.environ)
    if site.support_email is None and site.representative_contact is None:
        log.warning("SUPPORT_EMAIL is not set: people are told no address to write to")
    with served(settings, stop) as workspaces:
        if workspaces is None:
            return
        desk = make_desk(settings, site, integration, workspaces, search or Search(load_library()), clock)
        announcer = Announcer(integration)
        # At the end listeners finish first: what they leave unrecorded is recorded after them.
        with (
            owed(desk, workspaces, announcer, settings, stop),
            ThreadPoolExecutor(WORKERS, thread_name_prefix="listener") as executor,
        ):
            app = create_app(settings, workspaces, desk, executor)
            with listening_where_needed(app, settings, workspaces, announcer, site.support_email, clock):
                answer(app, settings, stop)


def make_desk(
    settings: Settings,
    site: SiteSettings,
    integration: IntegrationClient | None,
    workspaces: Workspaces,
    search: Search,
    clock: Clock,
) -> Desk:
    """What listeners need."""
    return Desk(
        search.library,
        search,
        Replies(search.library, site),
        Claims(integration),
        Zones(),
        integration,
        clock,
        Staff.of(settings),
        workspaces.client_for,
    )


@contextmanager
def owed(
    desk: Desk, workspaces: Workspaces, announcer: Announcer, settings: Settings, stop: threading.Event
) -> Iterator[None]:
    """Deliver, tell and record in the background what is owed; at the end, what is at hand is finished."""
    if desk.integration is None:
        log.warning("INTEGRATION_URL is not set: answering from the knowledge base only")
        yield
        return
    jitter = random.Random()  # noqa: S311 - no secret
    places = workspaces.places(settings.staff_team_id)
    deliverer = Deliverer(desk, desk.integration, places, stop, jitter)
    settling = threading.Thread(target=desk.claims.keep_settling, args=(stop,), name="settling")
    settling.start()
    telling = threading.Thread(target=announcer.run, args=(workspaces.names(), stop), name="announcing", daemon=True)
    telling.start()
    threading.Thread(target=deliverer.run, name="notifications", daemon=True).start()  # it may wait 20 s for nothing
    try:
        yield
    finally:
        stop.set()
        deliverer.finish(FINISH_SECONDS)
        settling.join(FINISH_SECONDS)
        with suppress(ServiceUnavailable):
            desk.claims.settle_owed()


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
    if is_loopback(host) or proxy_bypass(host):
        for name in PROXY_VARIABLES:
            env.pop(name, None)


if __name__ == "__main__":
    sys.exit(main())
