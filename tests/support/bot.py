"""The product's own bot, run in a thread against a Slack stand-in."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import requests

from bot.__main__ import run
from bot.config import load_settings
from bot.sandbox.driver import Driver
from bot.sandbox.model import Registration
from bot.sandbox.socket_hub import EVERYTHING
from kb.clock import real_clock
from kb.library import load_library
from kb.search import Search
from kb.settings import SiteSettings
from tests.support.service import API_KEY, Service

SITE = SiteSettings.from_env(
    {"PUBLIC_URL": "https://support.retain.example", "SUPPORT_EMAIL": "support@retain.example"}
)


BOT_KEYS = "b1:9jFJ8nFzEu0m1dO3u2zXk3o4Y5a6B7c8D9e0F1g2H3g="
Settings = dict[str, str]


@contextmanager
def running_bot(
    slack: Driver,
    *,
    team: str = "acme",
    service: Service | None = None,
    mode: str = "socket",
    more: Settings | None = None,
) -> Iterator[threading.Event]:
    """The bot of one workspace, connected when the block begins; setting the event stops it early.

    `more` are settings beside those that every bot needs.
    """
    env = {"SLACK_BOT_TOKEN": slack.bot_token(team)}
    if mode == "socket":
        env["SLACK_APP_TOKEN"] = slack.app_token(team)
    else:
        env |= {"SLACK_SIGNING_SECRET": slack.signing_secret, "PORT": str(_unused_port())}
        slack.app(team).request_url = f"http://127.0.0.1:{env['PORT']}/slack/events"
    with _running(slack, env | (more or {}), service, mode) as stop:
        slack.wait_until_connected(team, timeout=15)
        yield stop


@contextmanager
def running_shared_bot(
    slack: Driver, folder: Path, *, service: Service | None = None, mode: str = "socket", more: Settings | None = None
) -> Iterator[Registration]:
    """The bot of every workspace that installs the app at `install_url`; its database is in `folder`."""
    app, port = slack.registration, _unused_port()
    app.install_url = f"http://localhost:{port}/slack/install"
    app.redirect_url = f"http://localhost:{port}/slack/oauth_redirect"
    app.request_url = f"http://localhost:{port}/slack/events" if mode == "http" else None
    env = {
        "SLACK_CLIENT_ID": app.client_id,
        "SLACK_CLIENT_SECRET": app.client_secret,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_SIGNING_SECRET": app.signing_secret,
        "BOT_DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "BOT_ENCRYPTION_KEYS": BOT_KEYS,
        "PORT": str(port),
    }
    with _running(slack, env | (more or {}), service, mode):
        slack.wait_for(lambda: app.request_url or slack.world.sockets.count(EVERYTHING) or None, "the bot", timeout=15)
        yield app


@contextmanager
def _running(slack: Driver, env: Settings, service: Service | None, mode: str) -> Iterator[threading.Event]:
    env = env | {"SLACK_API_URL": slack.api_url, "SLACK_MODE": mode, "LOG_LEVEL": "DEBUG"}
    if service:
        env |= {"INTEGRATION_URL": service.url, "INTEGRATION_API_KEY": API_KEY}
    stop = threading.Event()
    clock = service.clock if service else real_clock  # set forward, it is so for both
    args = (load_settings(env), SITE, stop, shared_search(), clock)
    thread = threading.Thread(target=run, args=args, name="bot", daemon=True)
    thread.start()
    try:
        if "PORT" in env:
            wait_for_http(f"http://127.0.0.1:{env['PORT']}/healthz")
        yield stop
    finally:
        stop.set()
        thread.join(15)


@cache
def shared_search() -> Search:
    """Half a second of learning, once for all bots of a test process."""
    return Search(load_library())


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_http(url: str, tries: int = 600) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(tries):
            try:
                if session.get(url, timeout=1).ok:
                    return
            except requests.RequestException:
                threading.Event().wait(0.05)
    raise AssertionError(f"{url} does not answer")
