"""Slack, the service and Zoom, all real and on this machine, and people who click through them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.blocks import Message as Shown
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Message, View
from bot.sandbox.reading import readable
from bot.sandbox.records import Timing
from bot.support import follow_ups, support_form
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.submitting import token_in
from tests.support.bot import running_bot
from tests.support.service import API_KEY, Service, running_service
from tests.support.zoom import running_zoom

PUBLIC_URL = "http://localhost:8000"
STAFF_SETTINGS = {
    "STAFF_TEAM_ID": "T0RETAIN",
    "STAFF_USERGROUP_ID": "S0SUPPORT",
    "STAFF_CHANNEL_ID": "C0RETAINSUPPORT",
}
JONAS, MAYA, SAM = "slack:T0ACME/U0JONAS", "slack:T0ACME/U0MAYA", "slack:T0RETAIN/U0SAM"
PATIENCE = 15.0
# A slow machine is no failing test: how long Slack waits matters elsewhere (test_asking, test_once).
PATIENT = Timing(ack=10.0, trigger=10.0)


@dataclass
class Scene:
    """What happens, step by step. Acme and Globex are enabled and linked; nothing is connected."""

    slack: Driver
    service: Service
    zoom: ZoomStandIn

    def api(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """A call as staff make one."""
        told = {"Authorization": f"Bearer {API_KEY}", "X-Actor": SAM, "X-Role": "staff"} | headers
        with requests.Session() as session:
            session.trust_env = False
            response = session.request(method, self.service.url + path, json=body, headers=told, timeout=30)
        assert response.ok, response.text
        return response.json() if response.content else None

    def link_in(self, message: Message) -> str:
        """The connect link that stands in a message."""
        shown = [line for line in readable(message.blocks).splitlines() if "/connect/" in line]
        assert shown, readable(message.blocks)
        return shown[0].strip("<>")

    @contextmanager
    def browser(self, link: str) -> Iterator[Callable[[str], requests.Response]]:
        """Opens a link and presses its button. What is given signs in at Zoom as somebody, and comes back."""
        with requests.Session() as session:
            session.trust_env = False
            page = session.get(self._here(link), timeout=10)
            assert page.ok, page.text
            form = {"form_token": token_in(page.text)}
            pressed = session.post(self._here(link), form, allow_redirects=False, timeout=10)
            assert pressed.status_code == 303, pressed.text

            def sign_in(person: str) -> requests.Response:
                back = self.zoom.authorize_as(person, pressed.headers["Location"])
                return session.get(self._here(back), timeout=30)

            yield sign_in

    def sign_in(self, link: str, person: str) -> requests.Response:
        """The whole way of a person with a link."""
        with self.browser(link) as sign_in:
            return sign_in(person)

    def connect(self, person: str = "jonas", slack_person: str = "jonas") -> None:
        """Acme is connected, by clicks; the news of it have come."""
        self.slack.command(slack_person, "dm", "/retain", "connect")
        card = self.wait_dm(slack_person, "Connect Zoom for")
        self.sign_in(self.link_in(card), person)
        self.wait_dm(slack_person, "✅ Zoom is connected")

    def wait_dm(self, person: str, text: str, timeout: float = PATIENCE) -> Message:
        return self.slack.wait_for_message(self.slack.dm(person), text, timeout)

    def wait_ephemeral(self, person: str, channel: str, text: str, timeout: float = PATIENCE) -> Message:
        return self.slack.wait_for_message(channel, text, timeout, viewer=person)

    def wait_modal(self, person: str, text: str, timeout: float = PATIENCE) -> View:
        """The modal on top, once it says that."""

        def look() -> View | None:
            stack = self.slack.world.modals.get(self.slack.world.person(person).id, [])
            return next((view for view in reversed(stack) if text in readable(view.blocks)), None)

        return self.slack.wait_for(look, f"a modal with {text!r}", timeout)

    def _here(self, address: str) -> str:
        return address.replace(PUBLIC_URL, self.service.url)


@contextmanager
def a_scene(folder: Path) -> Iterator[Scene]:
    """Slack, the service and Zoom, without any bot yet."""
    with pytest.MonkeyPatch.context() as patch, running_zoom() as zoom, running_sandbox(timing=PATIENT) as slack:
        for form in (support_form, follow_ups):
            patch.setattr(form, "RECORDED_WITHIN", (3.0, 6.0))
        changes = {
            "public_url": PUBLIC_URL,
            "zoom_client_id": zoom.client_id,
            "zoom_client_secret": zoom.client_secret,
            "zoom_webhook_secret": zoom.webhook_secret,
            "zoom_oauth_url": zoom.oauth_url,
            "zoom_api_url": zoom.api_url,
        }
        with running_service(folder, **changes) as service:
            scene = Scene(slack, service, zoom)
            for slug, name, team in (("acme", "Acme Corp", "T0ACME"), ("globex", "Globex", "T0GLOBEX")):
                new = {"id": slug, "name": name, "zoom_enabled": True, "domains": [f"{slug}.example"]}
                scene.api("POST", "/v1/tenants", new | {"time_zone": "America/Los_Angeles"})
                scene.api("PUT", f"/v1/workspaces/{team}", {"tenant": slug})
            scene.api("PUT", "/v1/workspaces/T0RETAIN", {"tenant": None, "staff": True})
            yield scene


@contextmanager
def bots(scene: Scene, *teams: str) -> Iterator[Scene]:
    """The same scene with the bots of these workspaces."""
    with ExitStack() as running:
        for team in teams:
            running.enter_context(running_bot(scene.slack, team=team, service=scene.service, more=STAFF_SETTINGS))
        yield scene


def texts(message: Message | View | Shown) -> str:
    """What a person reads there."""
    return readable(list(message.blocks))


def labels(message: Message | View | Shown) -> list[str]:
    """The buttons there."""
    elements = [e for block in message.blocks if block["type"] == "actions" for e in block["elements"]]
    return [element["text"]["text"] for element in elements]
