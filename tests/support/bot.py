"""The product's own bot, run in a thread against a Slack stand-in."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from bot.__main__ import run
from bot.config import load_settings
from bot.sandbox.driver import Driver
from kb.settings import SiteSettings
from tests.support.service import API_KEY, Service

SITE = SiteSettings.from_env(
    {"PUBLIC_URL": "https://support.retain.example", "SUPPORT_EMAIL": "support@retain.example"}
)


@contextmanager
def running_bot(
    slack: Driver, *, team: str = "acme", service: Service | None = None, mode: str = "socket"
) -> Iterator[threading.Event]:
    """The bot of one workspace, connected when the block begins; setting the event stops it early."""
    env = {
        "SLACK_BOT_TOKEN": slack.bot_token(team),
        "SLACK_API_URL": slack.api_url,
        "SLACK_MODE": mode,
        "LOG_LEVEL": "DEBUG",
    }
    if mode == "socket":
        env["SLACK_APP_TOKEN"] = slack.app_token(team)
    else:
        env |= {"SLACK_SIGNING_SECRET": slack.signing_secret, "PORT": str(_unused_port())}
        slack.app(team).request_url = f"http://127.0.0.1:{env['PORT']}/slack/events"
    if service:
        env |= {"INTEGRATION_URL": service.url, "INTEGRATION_API_KEY": API_KEY}
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(load_settings(env), SITE, stop), name=f"bot-{team}", daemon=True)
    thread.start()
    try:
        slack.wait_until_connected(team, timeout=15)
        if mode == "http":
            wait_for_http(f"http://127.0.0.1:{env['PORT']}/healthz")
        yield stop
    finally:
        stop.set()
        thread.join(15)


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_http(url: str, tries: int = 100) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(tries):
            try:
                if session.get(url, timeout=1).ok:
                    return
            except requests.ConnectionError:
                threading.Event().wait(0.05)
    raise AssertionError(f"{url} does not answer")
