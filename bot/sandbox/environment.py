"""What `make run` needs to know: random secrets, made once and kept in `.env.sandbox`, and free ports."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot.sandbox.model import Tokens

ENV_FILE = Path(".env.sandbox")
FOLDER = Path(".sandbox")
WORKSPACES = ("acme", "globex", "retain")
WEB_PORT, SLACK_PORT = 8000, 8010
HEADER = "# Made by `make run`: random secrets of this sandbox. Delete it together with .sandbox to start anew.\n"


def sandbox_environment(web: int, slack: int) -> dict[str, str]:
    """The environment of all processes, on these two ports; makes `.env.sandbox` and `.sandbox/` where missing."""
    FOLDER.mkdir(exist_ok=True)
    kept = _kept_secrets()
    ours = {
        "PUBLIC_URL": f"http://localhost:{web}",
        "DATABASE_URL": f"sqlite:///{(FOLDER / 'retain.db').resolve()}",
        "INTEGRATION_URL": f"http://127.0.0.1:{web}",
        "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
        "SUPPORT_EMAIL": "support@retain.example",
        "WEB_PORT": str(web),
        "SLACK_PORT": str(slack),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return {**_without_real_settings(os.environ), **kept, **ours}


def tokens_from(env: Mapping[str, str]) -> dict[str, Tokens]:
    """The workspaces' tokens as `make run` made them; a workspace without them gets random ones of its own."""
    return {
        name: Tokens(bot=bot, app=app, signing_secret=Tokens.random().signing_secret)
        for name in WORKSPACES
        if (bot := env.get(f"{name.upper()}_BOT_TOKEN")) and (app := env.get(f"{name.upper()}_APP_TOKEN"))
    }


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
    if not {"API_KEYS", "INTEGRATION_API_KEY"} <= kept.keys():  # one pair
        entry = _printed("keys", "api", "bot")
        missing |= {"API_KEYS": entry, "INTEGRATION_API_KEY": entry.partition(":")[2]}
    if missing:
        kept |= missing
        lines = "".join(f"{name}={value}\n" for name, value in kept.items())
        ENV_FILE.touch(mode=0o600)
        ENV_FILE.write_text(HEADER + lines, encoding="utf-8")
    return kept


def _secret_makers() -> dict[str, Callable[[], str]]:
    makers: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: _printed("keys", "secret"),
        "ENCRYPTION_KEYS": lambda: _printed("keys", "generate"),
    }
    for name in WORKSPACES:
        makers[f"{name.upper()}_BOT_TOKEN"] = lambda: Tokens.random().bot
        makers[f"{name.upper()}_APP_TOKEN"] = lambda: Tokens.random().app
    return makers


def _printed(*command: str) -> str:
    # The service's own command, over a process: the bot does not import the service.
    made = subprocess.run(  # noqa: S603 - our own module, no input from outside
        [sys.executable, "-m", "integration", *command], capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


def _without_real_settings(env: Mapping[str, str]) -> dict[str, str]:
    """The sandbox never picks up real tokens that happen to stand in the shell."""
    ours = ("SLACK_", "ZOOM_", "INTEGRATION_", "SUPPORT_", "STAFF_", "PUBLIC_URL", "HELP_URL", "DATABASE_URL", "PORT")
    return {name: value for name, value in env.items() if not name.startswith(ours)}
