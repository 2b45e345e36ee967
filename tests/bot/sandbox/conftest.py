"""A small but real Bolt app, connected to a running sandbox over a real socket."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

from bot import socket_mode
from bot.sandbox.driver import Driver, running_sandbox
from tests.support.browser import require_chromium, running_browser

Body = dict[str, Any]
OpenPage = Callable[..., Page]
MANIFEST: Body = {
    "display_information": {"name": "Retain"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/retain", "description": "Ask", "should_escape": True},
            {"command": "/raw", "description": "Mentions stay as typed"},
        ],
        "shortcuts": [
            {"name": "Ask Retain", "type": "message", "callback_id": "ask_retain"},
            {"name": "Open form", "type": "global", "callback_id": "open_form"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read"],
        }
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]}},
}


@dataclass
class Probe:
    """A Bolt app and every body it was given."""

    app: App
    handler: SocketModeHandler
    bodies: list[Body] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def close(self) -> None:
        socket_mode.close(self.handler)

    def note(self, body: Body) -> None:
        with self.arrived:
            self.bodies.append(body)
            self.arrived.notify_all()

    def wait(self, look: Callable[[Body], bool] = lambda _: True, count: int = 1, timeout: float = 10) -> Body:
        """The newest body for which `look` is true, once there are `count` of them."""
        with self.arrived:
            found = self.arrived.wait_for(lambda: len(self.matching(look)) >= count, timeout)
            assert found, f"only {len(self.matching(look))} of {count} came: {self.bodies}"
            return self.matching(look)[-1]

    def matching(self, look: Callable[[Body], bool]) -> list[Body]:
        return [body for body in self.bodies if look(body)]


def connect(slack: Driver, team: str = "acme") -> Probe:
    """Starts a Bolt app in a workspace, given nothing but the API address and the two tokens."""
    retries = [RateLimitErrorRetryHandler(max_retry_count=2), ServerErrorRetryHandler(max_retry_count=2)]
    client = WebClient(slack.bot_token(team), base_url=slack.api_url)
    client.retry_handlers.extend(retries)
    app = App(client=client)
    probe = Probe(app, SocketModeHandler(app, slack.app_token(team), ping_interval=0.3))

    @app.middleware
    def keep(body: Body, next: Callable[[], None]) -> None:
        probe.note(body)
        next()

    probe.handler.connect()  # type: ignore[no-untyped-call]
    slack.wait_until_connected(team)
    return probe


@pytest.fixture
def slack() -> Iterator[Driver]:
    with running_sandbox(manifest=MANIFEST) as running:
        yield running


@pytest.fixture
def probe(slack: Driver) -> Iterator[Probe]:
    connected = connect(slack)
    yield connected
    connected.close()


@pytest.fixture
def client(slack: Driver) -> WebClient:
    return WebClient(slack.bot_token(), base_url=slack.api_url)


def refused(client: WebClient, method: str, **args: Any) -> Body:
    """The answer to a call that is expected to fail."""
    with pytest.raises(SlackApiError) as raised:
        client.api_call(method, json=args)
    found: Body = raised.value.response.data
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require_chromium()
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(slack: Driver, browser: Browser) -> Iterator[OpenPage]:
    """Opens the page as someone; no script may fail on it."""
    contexts, problems = [], []

    def opening(person: str = "maya", width: int = 1280, touch: bool = False) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=touch)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(f"{slack.base_url}/#{person}")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert problems == []


def send(page: Page, text: str, box: str = "Message Retain") -> None:
    page.get_by_role("textbox", name=box).fill(text)
    page.keyboard.press("Enter")


def channel(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("button", name=name).click()
