"""Web, worker and bot as processes of their own, as a host runs them, against a Slack stand-in in this process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import make_url

from bot.sandbox import cast, installs
from bot.sandbox.driver import Driver
from integration import migrations
from kb.clock import FILE_SETTING, ForwardClock
from tests.support.bot import BOT_KEYS
from tests.support.service import API_KEY, NOWHERE
from tests.support.settings import SETTINGS, as_environment

INSTALLERS = {"acme": "jonas", "globex": "carlos", "retain": "ellie", "initech": "ines"}
STAFF = {"X-Actor": "slack:T0RETAIN/U0SAM", "X-Role": "staff"}
WEB = ("-m", "uvicorn", "--factory", "integration.app:create_app", "--host", "127.0.0.1", "--no-access-log")
# Ours, and none of the shell that runs the tests: neither its proxies nor its settings.
KEPT = ("PATH", "HOME", "PYTHONPATH")


@dataclass
class Processes:
    """The product with `clock`, which all of its processes follow; what they print is in `folder`.

    `door`: the address where the bot finds the service, unless it is the service's own.
    """

    slack: Driver
    folder: Path
    clock: ForwardClock
    web_port: int
    bot_port: int
    door: str | None = None
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    @property
    def env(self) -> Mapping[str, str]:
        """What all processes are told."""
        app, bot = self.slack.registration, f"http://localhost:{self.bot_port}"
        ours = as_environment(SETTINGS) | {
            "API_KEYS": f"bot:{API_KEY}",
            "DATABASE_URL": f"sqlite:///{self.folder / 'service.db'}",
            "ZOOM_OAUTH_URL": NOWHERE,
            "ZOOM_API_URL": NOWHERE,
            "SUPPORT_EMAIL": "support@retain.example",
            "INTEGRATION_URL": self.door or self.service,
            "INTEGRATION_API_KEY": API_KEY,
            "BOT_DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "BOT_ENCRYPTION_KEYS": BOT_KEYS,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_CLIENT_ID": app.client_id,
            "SLACK_CLIENT_SECRET": app.client_secret,
            "SLACK_APP_TOKEN": app.app_token,
            "STAFF_TEAM_ID": cast.RETAIN,
            "STAFF_USERGROUP_ID": cast.USERGROUPS[0].id,
            "STAFF_CHANNEL_ID": cast.STAFF_CHANNEL,
            FILE_SETTING: str(self.clock.file),
        }
        app.install_url, app.redirect_url = f"{bot}/slack/install", f"{bot}/slack/oauth_redirect"
        return {name: os.environ[name] for name in KEPT if name in os.environ} | ours

    @property
    def service(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def start(self, *names: str) -> None:
        """Start web, worker or bot; web and bot answer when this returns."""
        commands = {
            "web": (*WEB, "--port", str(self.web_port)),
            "worker": ("-m", "integration", "worker"),
            "bot": ("-m", "bot"),
        }
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                command = [sys.executable, *commands[name]]
                self.running[name] = subprocess.Popen(command, env=self.bot_env, stdout=log, stderr=subprocess.STDOUT)
        for name, address in (("web", self.service), ("bot", f"http://127.0.0.1:{self.bot_port}")):
            if name in names:
                self._wait_for(name, f"{address}/healthz")

    def _wait_for(self, name: str, url: str) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while self.running[name].poll() is None:
                try:
                    if session.get(url, timeout=5).ok:
                        return
                except requests.RequestException:
                    time.sleep(0.05)
        raise AssertionError((self.folder / f"{name}.log").read_text("utf-8"))

    def kill(self, *names: str) -> None:
        """End them as a power cut does."""
        for name in names:
            self.running[name].send_signal(signal.SIGKILL)
        for name in names:
            self.running.pop(name).wait(10)

    def stop(self) -> None:
        """End all, as a deployment does."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for name, process in self.running.items():
            assert process.wait(30) in (0, -signal.SIGTERM), (self.folder / f"{name}.log").read_text("utf-8")
        self.running.clear()

    @property
    def bot_env(self) -> Mapping[str, str]:
        """What the bot is told."""
        return {**self.env, "PORT": str(self.bot_port)}

    def later(self, **by: float) -> None:
        """Set the clock of all of them forward, as `timedelta` takes it."""
        self.clock.forward(timedelta(**by))

    def api(self, method: str, path: str, body: object = None, **told: str) -> Any:
        """A call as staff make one; `told`: actor, role or tenant of somebody else."""
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Authorization": f"Bearer {API_KEY}", **STAFF} | {f"X-{name}": told[name] for name in told}
            answer = session.request(method, self.service + path, json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def settle_in(self, *teams: str) -> None:
        """Install the app in these workspaces; link Acme's and Globex's to tenants, and Retain's own."""
        for slug, name, team in (("acme", "Acme Corp", cast.ACME), ("globex", "Globex", cast.GLOBEX)):
            self.api("POST", "/v1/tenants", {"id": slug, "name": name, "domains": [f"{slug}.example"]})
            self.api("PUT", f"/v1/workspaces/{team}", {"tenant": slug})
        self.api("PUT", f"/v1/workspaces/{cast.RETAIN}", {"tenant": None, "staff": True})
        for team in teams:
            installs.install(str(self.slack.registration.install_url), INSTALLERS[team])
        for team in teams:
            self.slack.wait_until_connected(team, timeout=15)


@contextmanager
def running_processes(slack: Driver, folder: Path) -> Iterator[Processes]:
    """The product with a fresh database in `folder`, where its clock's file is, too ("clock"). Nothing runs yet."""
    migrations.upgrade(make_url(f"sqlite:///{folder / 'service.db'}"))
    product = Processes(slack, folder, ForwardClock(folder / "clock"), unused_port(), unused_port())
    try:
        yield product
    finally:
        product.stop()


def unused_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
