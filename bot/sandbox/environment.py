"""What `make run` needs to know: random secrets, made once and kept in `.env.sandbox`, and free ports."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot.sandbox import cast
from bot.sandbox.model import Registration
from kb.clock import FILE_SETTING

ENV_FILE = Path(".env.sandbox")
FOLDER = Path(".sandbox")
WEB_PORT, SLACK_PORT, ZOOM_PORT, BOT_PORT = 8000, 8010, 8020, 8200
# Who calls the service's API, by the setting that holds their key.
CALLERS = {"INTEGRATION_API_KEY": "bot", "CALENDAR_SYNC_API_KEY": "calendar-sync"}
HEADER = "# Made by `make run`: random secrets of this sandbox. Delete it together with .sandbox to start anew.\n"


@dataclass(frozen=True)
class Ports:
    """Where the four processes listen that do."""

    web: int
    slack: int
    zoom: int
    bot: int


def sandbox_environment(ports: Ports) -> dict[str, str]:
    """The environment of all processes, on these ports; makes `.env.sandbox` and `.sandbox/` where missing."""
    FOLDER.mkdir(exist_ok=True)
    kept = _kept_secrets()
    ours = _addresses(ports) | {
        "DATABASE_URL": _database("retain.db"),
        "BOT_DATABASE_URL": _database("bot.db"),
        "SUPPORT_EMAIL": "support@retain.example",
        "STAFF_TEAM_ID": cast.RETAIN,
        "STAFF_USERGROUP_ID": cast.USERGROUPS[0].id,
        "STAFF_CHANNEL_ID": cast.STAFF_CHANNEL,
        FILE_SETTING: str((FOLDER / "clock").resolve()),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return {**_without_real_settings(os.environ), **kept, **ours}


def _addresses(ports: Ports) -> dict[str, str]:
    # People's addresses say localhost, so that one browser's cookies serve the way there and back.
    web, slack, zoom = (f"http://127.0.0.1:{number}" for number in (ports.web, ports.slack, ports.zoom))
    bot = f"http://localhost:{ports.bot}"
    return {
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "INTEGRATION_URL": web,
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_INSTALL_URL": f"{bot}/slack/install",
        "SLACK_REDIRECT_URL": f"{bot}/slack/oauth_redirect",
        "ZOOM_OAUTH_URL": zoom,
        "ZOOM_API_URL": f"{zoom}/v2",
        "ZOOM_WEBHOOK_URL": f"{web}/webhooks/zoom",
        "CALENDAR_SYNC_URL": web,
        "ZOOM_MARKETPLACE_URL": f"{zoom}/marketplace",
        "WEB_PORT": str(ports.web),
        "SLACK_PORT": str(ports.slack),
        "ZOOM_PORT": str(ports.zoom),
        "BOT_PORT": str(ports.bot),
    }


def _database(name: str) -> str:
    return f"sqlite:///{(FOLDER / name).resolve()}"


def registration_from(env: Mapping[str, str]) -> Registration:
    """The Slack app's credentials and addresses as `make run` made them; what is missing is random."""
    random = Registration.random()
    return Registration(
        client_id=env.get("SLACK_CLIENT_ID") or random.client_id,
        client_secret=env.get("SLACK_CLIENT_SECRET") or random.client_secret,
        app_token=env.get("SLACK_APP_TOKEN") or random.app_token,
        signing_secret=env.get("SLACK_SIGNING_SECRET") or random.signing_secret,
        install_url=env.get("SLACK_INSTALL_URL"),
        redirect_url=env.get("SLACK_REDIRECT_URL"),
    )


def links_from(env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the chat page leads to beside itself: words and addresses."""
    zoom, web = env.get("ZOOM_OAUTH_URL"), env.get("PUBLIC_URL")
    to_zoom = (
        ("Calendar: plan a meeting", f"{zoom}/calendar"),
        ("Zoom stand-in: hold a meeting", f"{zoom}/meetings"),
        ("Zoom stand-in: Marketplace", f"{zoom}/marketplace"),
        ("Zoom stand-in: trouble", f"{zoom}/faults"),
    )
    return (*(to_zoom if zoom else ()), *((("Help centre", f"{web}/"),) if web else ()))


class Port:
    """A port of the loopback address that is ours until the process ends: the preferred one, or the next free one.

    The number is kept from other sandboxes by holding the UDP port of the same number: two that start at once would
    otherwise both find the TCP port free, before their processes listen on it.
    """

    def __init__(self, preferred: int) -> None:
        for number in range(preferred, preferred + 200):
            held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                held.bind(("127.0.0.1", number))
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", number))
            except OSError:
                held.close()
                continue
            self.number, self._held = number, held
            return
        raise OSError(f"no free port between {preferred} and {preferred + 199}")

    def close(self) -> None:
        """Let others have it."""
        self._held.close()


def _kept_secrets() -> dict[str, str]:
    kept = {name: value for name, value in dotenv_values(ENV_FILE).items() if value} if ENV_FILE.exists() else {}
    missing = {name: make() for name, make in _secret_makers().items() if name not in kept}
    missing |= _missing_api_keys(kept)
    if missing:
        kept |= missing
        lines = "".join(f"{name}={value}\n" for name, value in kept.items())
        ENV_FILE.touch(mode=0o600)
        ENV_FILE.write_text(HEADER + lines, encoding="utf-8")
    return kept


def _missing_api_keys(kept: Mapping[str, str]) -> dict[str, str]:
    """The callers' keys that are not there yet, and API_KEYS with all of them; nothing when none is missing."""
    entries = kept.get("API_KEYS", "").split(",") if "API_KEYS" in kept else []
    made: dict[str, str] = {}
    for name, caller in CALLERS.items():
        if name not in kept or f"{caller}:{kept[name]}" not in entries:
            made[name] = secrets.token_urlsafe(32)
            entries = [one for one in entries if not one.startswith(f"{caller}:")] + [f"{caller}:{made[name]}"]
    return {**made, "API_KEYS": ",".join(entries)} if made else {}


def _secret_makers() -> dict[str, Callable[[], str]]:
    slack = Registration.random()
    return {
        "SECRET_KEY": lambda: secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": lambda: _printed("keys", "generate"),
        "BOT_ENCRYPTION_KEYS": lambda: _printed("keys", "generate"),
        "SLACK_CLIENT_ID": lambda: slack.client_id,
        "SLACK_CLIENT_SECRET": lambda: slack.client_secret,
        "SLACK_APP_TOKEN": lambda: slack.app_token,
        "SLACK_SIGNING_SECRET": lambda: slack.signing_secret,
        "ZOOM_CLIENT_ID": lambda: secrets.token_urlsafe(16),
        "ZOOM_CLIENT_SECRET": lambda: secrets.token_urlsafe(24),
        "ZOOM_WEBHOOK_SECRET": lambda: secrets.token_urlsafe(24),
    }


def _printed(*command: str) -> str:
    # The service's own command, over a process: the bot does not import the service.
    made = subprocess.run(  # noqa: S603 - our own module, no input from outside
        [sys.executable, "-m", "integration", *command], capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


def _without_real_settings(env: Mapping[str, str]) -> dict[str, str]:
    """The sandbox never picks up real tokens that happen to stand in the shell."""
    ours = ("SLACK_", "ZOOM_", "INTEGRATION_", "SUPPORT_", "STAFF_", "BOT_", "CALENDAR_SYNC_", "PUBLIC_URL", "HELP_URL",
            "DATABASE_URL", "PORT")  # fmt: skip
    return {name: value for name, value in env.items() if not name.startswith(ours)}
